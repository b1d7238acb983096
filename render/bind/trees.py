"""What leads into a book's pages: the page tree, numbers, names, labels and the outline. Written when all is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..paginate import Spot
from ..pdf import syntax
from ..pdf.leaf import Bookmark
from ..pdf.writer import Writer
from .types import Heading

KIDS = 64
"""Kids of one node of a tree."""

Line = tuple[int, bytes]
"""An object's number and body."""


class Parents:
    """The parent tree: each object that marked content or an annotation belongs to gets the next key in it."""

    def __init__(self) -> None:
        self.owners: list[int] = []

    def key(self, owner: int) -> int:
        self.owners.append(owner)
        return len(self.owners) - 1


@dataclass(frozen=True, slots=True)
class Place:
    """A height in pt on the page of that object number."""

    page: int
    y: float

    def __bytes__(self) -> bytes:
        return b"[%d 0 R/XYZ null %b null]" % (self.page, syntax.number(self.y))


def pages(writer: Writer, first: int, count: int, nodes: Sequence[int], root: int) -> None:
    """The page tree (ISO 32000-1, 7.7.3), two levels deep: ``nodes`` hold the pages, ``root`` the nodes."""
    bodies = []
    for number in range(len(nodes)):
        kids = range(number * KIDS, min(count, (number + 1) * KIDS))
        bodies.append(b"<</Type/Pages/Parent %d 0 R/Count %d/Kids[%b]>>" % (root, len(kids), _listed(first, kids)))
    bodies.append(b"<</Type/Pages/Count %d/Kids[%b]>>" % (count, b" ".join(b"%d 0 R" % node for node in nodes)))
    writer.objects([*nodes, root], bodies)


def numbers(writer: Writer, values: Sequence[int], root: int) -> None:
    """A number tree (ISO 32000-1, 7.9.7) from every key to the object that its place in ``values`` names."""

    def node(start: int, some: Sequence[int]) -> bytes:
        listed = b" ".join(b"%d %d 0 R" % (start + key, value) for key, value in enumerate(some))
        return b"<</Limits[%d %d]/Nums[%b]>>" % (start, start + len(some) - 1, listed)

    _tree(writer, values, root, node)


def names(writer: Writer, places: Mapping[str, Place], root: int) -> None:
    """A name tree (ISO 32000-1, 7.9.6) of destinations, in the order of their names' bytes."""

    def node(_: int, some: Sequence[tuple[bytes, Place]]) -> bytes:
        listed = b" ".join(syntax.literal(name) + bytes(place) for name, place in some)
        return b"<</Limits[%b%b]/Names[%b]>>" % (syntax.literal(some[0][0]), syntax.literal(some[-1][0]), listed)

    _tree(writer, sorted((name.encode(), place) for name, place in places.items()), root, node)


def labels(spots: Sequence[Spot]) -> bytes:
    """Ranges of page labels (ISO 32000-1, 12.4.2): each begins where the style of folios changes."""
    entries, before = [], None
    for index, spot in enumerate(spots):
        style = b"/S/D" if spot.label.isdigit() else b"/S/r" if spot.label else b""
        if style != before:
            entries.append(b"%d<<%b>>" % (index, style))
            before = style
    return b"<</Nums[%b]>>" % b" ".join(entries)


@dataclass(frozen=True)
class Outline:
    """Turns headings into items (ISO 32000-1, 12.3.3). ``place`` and ``marks`` are of a piece, by its key."""

    writer: Writer
    place: Callable[[str], Place]
    marks: Callable[[str], Sequence[tuple[Bookmark, Place]]]

    def write(self, headings: Sequence[Heading], root: int) -> Iterator[Line]:
        """The outline's objects; divisions and families are open, a specimen's sections are not."""
        made, ends = self._items([_Item(h.title, self._first(h), h) for h in headings], root)
        yield from made
        yield root, b"<</Type/Outlines%b/Count %d>>" % (ends, len(headings))

    def _items(self, items: Sequence[_Item], parent: int) -> tuple[list[Line], bytes]:
        """The lines of some items and all below them, and what their parent says of them."""
        own = [self.writer.reserve() for _ in items]
        lines: list[Line] = []
        for at, (number, item) in enumerate(zip(own, items, strict=True)):
            kids = self._kids(item)
            below, ends = self._items(kids, number)
            count = b"/Count %d" % -len(kids) if kids else b""
            chained = b"/Prev %d 0 R" % own[at - 1] if at else b""
            chained += b"/Next %d 0 R" % own[at + 1] if at + 1 < len(own) else b""
            entries = syntax.string(item.title), parent, bytes(item.place), chained, ends, count
            lines.append((number, b"<</Title%b/Parent %d 0 R/Dest%b%b%b%b>>" % entries))
            lines += below
        return lines, b"/First %d 0 R/Last %d 0 R" % (own[0], own[-1]) if own else b""

    def _kids(self, item: _Item) -> list[_Item]:
        heading = item.heading
        if heading is None:
            return []
        if heading.inner:
            return [_Item(mark.title, place) for mark, place in self.marks(heading.key) if mark.depth]
        return [_Item(kid.title, self._first(kid), kid) for kid in heading.kids]

    def _first(self, heading: Heading) -> Place:
        """A heading without a piece of its own leads to the first one below it."""
        while not heading.key and heading.kids:
            heading = heading.kids[0]
        return self.place(heading.key)


@dataclass(frozen=True)
class _Item:
    title: str
    place: Place
    heading: Heading | None = None


def _tree(writer: Writer, values: Sequence[object], root: int, node: Callable[..., bytes]) -> None:
    starts = range(0, len(values), KIDS)
    first = writer.reserve(len(starts))
    bodies = [node(start, values[start : start + KIDS]) for start in starts]
    kids = b"<</Kids[%b]>>" % _listed(first, range(len(starts)))
    writer.objects([*range(first, first + len(starts)), root], [*bodies, kids])


def _listed(first: int, kids: Iterable[int]) -> bytes:
    return b" ".join(b"%d 0 R" % (first + kid) for kid in kids)
