"""Parts become one file: each is copied in as it is; what depends on its place is put on here.

A page's content is wrapped, not touched: furniture and marks are written after it. To move it sideways its boxes are
moved the other way, since a tiling pattern keeps its place on the page whatever the content is moved by.
Everything is written as it comes, so a book of any length needs the memory of one part and a few numbers a page.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from .. import imprint
from ..paginate import Plan, Spot
from ..pdf import syntax
from ..pdf.faces import Faces
from ..pdf.leaf import FONTS, Bookmark, Box, Leaf, Link, Mark, Page
from ..pdf.writer import Writer
from . import trees, words
from .types import PT, Binding

_TAGGED = re.compile(rb"/\w+\s*<<\s*/MCID \d+\s*>>\s*BDC")


@dataclass
class _Instance:
    """A leaf in the book: the object numbers of everything it refers to."""

    leaf: Leaf
    numbers: list[int]
    key: str


@dataclass
class _Slips:
    """What a page gathers: forms with where they are moved to in pt, and annotations."""

    drawn: list[tuple[int, float, float]] = field(default_factory=list)
    links: list[int] = field(default_factory=list)


class Binder:
    def __init__(self, file: BinaryIO, plan: Plan, leaf_of: Callable[[str], Leaf], binding: Binding) -> None:
        self._plan, self._leaf_of, self._binding = plan, leaf_of, binding
        self._first = plan.first()
        self._faces = Faces(binding.faces)
        self._writer = Writer(file)
        reserve = self._writer.reserve
        self._root, self._info, self._fonts, self._document, self._tree = (reserve() for _ in range(5))
        self._structure, self._outlines = reserve(), reserve()
        self._pages = reserve(len(plan.spots))
        self._nodes = [reserve() for _ in range(-(-len(plan.spots) // trees.KIDS))]
        self._prefix = 0
        self._things: dict[str, int] = {FONTS: self._fonts}
        self._furniture: dict[tuple[str, bool], tuple[int, Leaf]] = {}
        self._owners: list[int] = []
        """The objects that the parent tree leads to, by their key in it."""
        self._tops: list[int] = []
        self._names: dict[str, trees.Place] = {}
        self._bookmarks: dict[str, tuple[int, tuple[Bookmark, ...]]] = {}
        self._profile = 0
        self._where = {
            (item.key, item.number): (index, item) for index, spot in enumerate(plan.spots) for item in spot.page.items
        }
        self._slips: dict[int, _Slips] = {}
        self._media: Box = (0.0, 0.0, 0.0, 0.0)
        self._trim: Box = self._media
        self._nothing = reserve()

    def bind(self) -> None:
        for index, spot in enumerate(self._plan.spots):
            for item in spot.page.items:
                leaf = self._leaf_of(item.key)
                if item.number in leaf.slips:
                    self._begin(item.key, leaf)
                elif item.number == 0:
                    self._part(index, leaf)
            if index in self._slips:
                self._gathered(index)
        self._finish()

    # Parts

    def _part(self, index: int, leaf: Leaf) -> None:
        """A part whose pages are pages of the book, from the one at ``index`` on."""
        spots = self._plan.spots
        key = spots[index].page.items[0].key
        instance = self._instance(key, leaf, range(index, index + len(leaf.pages)))
        numbers = instance.numbers
        resources = self._writer.reserve()
        bodies: list[tuple[int, bytes]] = []
        forms: dict[bytes, int] = {}
        for place, page in enumerate(leaf.pages):
            spot = spots[index + place]
            dx = self._shift(spot)
            after = [b"Q\n", self._furnish(spot, forms, -dx)]
            links = [self._link(instance, link, (0.0, 0.0), bodies) for link in page.links]
            for mark in page.marks:
                if written := self._mark(instance, mark, (0.0, 0.0), bodies, page):
                    links.append(numbers[mark.link])
                    after.append(written)
            self._writer.stream(numbers[page.content], b"/Filter/FlateDecode", leaf.contents[place])
            suffix = self._writer.reserve()
            self._writer.deflated(suffix, b"", b"".join(after))
            self._owners.append(numbers[page.owners])
            self._media, self._trim = page.media, page.trim
            contents = (self._saving(), numbers[page.content], suffix)
            boxes = _moved(page.media, -dx), _moved(page.trim, -dx)
            body = self._page(index + place, *boxes, contents, resources, links, len(self._owners) - 1)
            bodies.append((numbers[page.number], body))
        bodies.append((resources, self._resources(instance, forms)))
        self._write(instance, bodies)
        self._remember(instance, index)

    def _begin(self, key: str, leaf: Leaf) -> None:
        """A part of slips, when its first one is met: each is a form with its own marks (ISO 32000-1, 14.7.4.3)."""
        if key in self._bookmarks:
            return
        at = {number: (index, item) for (one, number), (index, item) in self._where.items() if one == key}
        instance = self._instance(key, leaf, [at[number][0] for number in range(len(leaf.pages))])
        numbers = instance.numbers
        resources = self._writer.reserve()
        bodies = [(resources, self._resources(instance, {}))]
        for place, page in enumerate(leaf.pages):
            index, item = at[place]
            spot = self._plan.spots[index]
            high = self._trim[3] - (page.trim[3] - page.trim[1])
            move = self._shift(spot) + PT * item.x, high - PT * item.y
            slips = self._slips.setdefault(index, _Slips())
            slips.links += [self._link(instance, link, move, bodies) for link in page.links]
            marked = b""
            for mark in page.marks:
                if written := self._mark(instance, mark, move, bodies, page, form=numbers[page.content]):
                    slips.links.append(numbers[mark.link])
                    marked += written
            self._owners.append(numbers[page.owners])
            entries = b"/Type/XObject/Subtype/Form/BBox[%b]/Resources %d 0 R/StructParents %d" % (
                *(syntax.numbers(page.media), resources, len(self._owners) - 1),
            )
            content = b"q\n%b\nQ\n%b" % (zlib.decompress(leaf.contents[place]), marked)
            self._writer.deflated(numbers[page.content], entries, content)
            slips.drawn.append((numbers[page.content], *move))
        self._write(instance, bodies)
        self._remember(instance, at[0][0])

    def _gathered(self, index: int) -> None:
        """A page that is nothing but slips and furniture."""
        slips = self._slips.pop(index)
        forms = {b"S%d" % place: form for place, (form, _, _) in enumerate(slips.drawn)}
        drawn = [
            b"q 1 0 0 1 %b %b cm /S%d Do Q" % (syntax.number(x), syntax.number(y), place)
            for place, (_, x, y) in enumerate(slips.drawn)
        ]
        drawn.append(self._furnish(self._plan.spots[index], forms, 0.0))
        content, resources = self._writer.reserve(), self._writer.reserve()
        self._writer.deflated(content, b"", b"\n".join(drawn))
        named = b"".join(b"/%b %d 0 R" % pair for pair in sorted(forms.items()))
        self._owners.append(self._nothing)
        body = self._page(index, self._media, self._trim, (content,), resources, slips.links, len(self._owners) - 1)
        self._writer.objects(
            [resources, self._pages + index], [b"<</XObject<<%b>>/Font %d 0 R>>" % (named, self._fonts), body]
        )

    def _instance(self, key: str, leaf: Leaf, places: Iterable[int]) -> _Instance:
        """Number a leaf's objects; pages have their numbers already."""
        first = self._writer.reserve(leaf.count)
        numbers = list(range(first, first + leaf.count))
        for page, place in zip(leaf.pages, places, strict=True):
            numbers[page.number] = self._pages + place
        numbers += [self._thing(leaf, name) for name in leaf.shared]
        if self._binding.about.standard.archival:
            self._profile = self._profile or self._thing(leaf, leaf.profile)
        for name, readings in leaf.glyphs.items():
            self._faces.use(name, leaf.fonts[name], readings)
        return _Instance(leaf, numbers, key)

    def _write(self, instance: _Instance, bodies: list[tuple[int, bytes]]) -> None:
        """The plain objects of a leaf, with those that were made for its place."""
        leaf, numbers = instance.leaf, instance.numbers
        filled = (leaf.objects.text % tuple(map(numbers.__getitem__, leaf.objects.numbers))).split(b"\n")
        top = b"".join(b" %d 0 R" % numbers[one] for one in leaf.root)
        said = b"/Pg %d 0 R" % numbers[leaf.pages[0].number]
        said += b"/Lang%b" % syntax.string(leaf.lang) if leaf.lang not in ("", self._binding.about.lang) else b""
        holder = b"<</Type/StructElem/S/Art/P %d 0 R%b/K[%b]>>" % (self._document, said, top)
        known = [numbers[line] for line in leaf.numbers]
        self._writer.objects(
            [*known, numbers[leaf.top], *(number for number, _ in bodies)],
            [*filled, holder, *(body for _, body in bodies)],
        )
        self._tops.append(numbers[leaf.top])

    def _remember(self, instance: _Instance, index: int) -> None:
        """What leads into a part: destinations and bookmarks, by the pages they are on now."""
        leaf, key = instance.leaf, instance.key
        if key not in self._bookmarks:
            self._bookmarks[key] = (index, leaf.bookmarks)
            first = self._pages + index
            self._names[key] = trees.Place(first, leaf.pages[0].trim[3])
            self._names |= {name: trees.Place(first + page, y) for name, (page, y) in leaf.targets.items()}

    def _thing(self, leaf: Leaf, name: str) -> int:
        """The number of something shared; written when it is met for the first time."""
        if name not in self._things:
            thing = leaf.things[name]
            body = thing.text % tuple(self._thing(leaf, ref) for ref in thing.refs)
            number = self._things[name] = self._writer.reserve()
            if thing.data is None:
                self._writer.objects([number], [body])
            else:
                self._writer.stream(number, body.strip().removeprefix(b"<<").removesuffix(b">>"), thing.data)
        return self._things[name]

    # Pages

    def _page(
        self, index: int, media: Box, trim: Box, contents: Sequence[int], resources: int, links: Sequence[int], key: int
    ) -> bytes:
        boxes = b"/MediaBox[%b]" % syntax.numbers(trim)
        if self._binding.bleed:
            boxes = b"/MediaBox[%b]/BleedBox[%b]/TrimBox[%b]" % (
                syntax.numbers(media),
                syntax.numbers(media),
                syntax.numbers(trim),
            )
        annotations = b"/Annots[%b]" % b" ".join(b"%d 0 R" % link for link in links) if links else b""
        return b"<</Type/Page/Parent %d 0 R%b/Resources %d 0 R/Contents[%b]/StructParents %d/Tabs/S%b>>" % (
            *(self._nodes[index // trees.KIDS], boxes, resources),
            *(b" ".join(b"%d 0 R" % content for content in contents), key, annotations),
        )

    def _resources(self, instance: _Instance, forms: Mapping[bytes, int]) -> bytes:
        template = instance.leaf.resources
        text = template.text % tuple(map(instance.numbers.__getitem__, template.numbers))
        more = b"".join(b"/%b %d 0 R" % pair for pair in sorted(forms.items()))
        return text.replace(b"/XObject<<", b"/XObject<<" + more, 1)

    def _shift(self, spot: Spot) -> float:
        """How far, in pt, a page's content is moved to the right."""
        binding = self._binding
        if not binding.pages.get(spot.page.name, {}).get("mirror", True):
            return 0.0
        return PT * (binding.mirror - binding.gutter if spot.verso else binding.gutter)

    def _saving(self) -> int:
        """The stream before every page's content."""
        if not self._prefix:
            self._prefix = self._writer.reserve()
            self._writer.stream(self._prefix, b"", b"q")
        return self._prefix

    def _furnish(self, spot: Spot, forms: dict[bytes, int], edge: float) -> bytes:
        """The operators that draw what stands on every page, as an artifact; its form is put among ``forms``.

        ``edge`` is where the page's left edge is, in pt.
        """
        rules = self._binding.pages.get(spot.page.name, {})
        if "furniture" not in rules:
            return b""
        key = f"{rules['furniture']}/{spot.piece.family if rules.get('by_family') else ''}"
        if (key, spot.verso) not in self._furniture:
            self._stencil(key)
        number, leaf = self._furniture[key, spot.verso]
        page = leaf.pages[0 if spot.verso else 1]
        dx = edge + PT * self._binding.gutter * (-1 if spot.verso else 1)
        name = b"Fv" if spot.verso else b"Fr"
        said = {**spot.piece.fields, "folio": spot.label}
        shown = [(mark, mark.text.replace("{}", said.get(mark.name, ""))) for mark in page.marks]
        written = b"".join(words.operators(self._faces, mark, text, dx) for mark, text in shown)
        moved = b"1 0 0 1 %b 0 cm " % syntax.number(dx) if dx else b""
        forms[name] = number
        return b"/Artifact<</Type/Pagination>>BDC q %b/%b Do Q\n%bEMC\n" % (moved, name, written)

    def _stencil(self, key: str) -> None:
        """Both pages of a piece of furniture as forms."""
        leaf = self._leaf_of(key)
        instance = self._instance(key, leaf, [0] * len(leaf.pages))
        resources = self._writer.reserve()
        self._writer.objects([resources], [self._resources(instance, {})])
        for verso, page, content in zip((True, False), leaf.pages, leaf.contents, strict=True):
            number = self._writer.reserve()
            entries = b"/Type/XObject/Subtype/Form/BBox[%b]/Resources %d 0 R" % (syntax.numbers(page.media), resources)
            plain = _TAGGED.sub(b"/Artifact BMC", zlib.decompress(content))
            self._writer.deflated(number, entries, plain)
            self._furniture[key, verso] = number, leaf

    # Links and marks

    def _link(self, instance: _Instance, link: Link, move: tuple[float, float], bodies: list[tuple[int, bytes]]) -> int:
        """An annotation, moved with its page; where it leads is settled here."""
        kind, _, name = link.target.partition(":")
        action = self._action(kind, name)
        number = instance.numbers[link.number]
        self._owners.append(instance.numbers[link.owner])
        bodies.append((number, _annotation(link.rect, move, len(self._owners) - 1, action)))
        return number

    def _action(self, kind: str, name: str) -> bytes:
        """Where a link leads: a place in the book, else an address."""
        if kind == "uri":
            return _to_web(name, name)
        target = f"matter:{name}" if kind == "matter" else name
        if kind == "dest" or target in self._first:
            title = self._binding.titles.get(target, name)
            return b"/Dest%b/Contents%b" % (syntax.literal(target.encode()), syntax.string(title))
        url = self._binding.urls.get(name, "")
        return _to_web(url, self._binding.titles.get(name, url)) if url else b""

    def _mark(
        self,
        instance: _Instance,
        mark: Mark,
        move: tuple[float, float],
        bodies: list[tuple[int, bytes]],
        on: Page,
        form: int = 0,
    ) -> bytes:
        """The operators that write a mark's words. Without a page to lead to it is an element without content.

        In a ``form`` they are written where the form has them, and moved with it.
        """
        numbers = instance.numbers
        page = numbers[on.number]
        target = f"matter:{mark.name}" if mark.kind == "matter" else mark.name
        place = self._first.get(target)
        element = b"<</Type/StructElem/S%b/P %d 0 R/Pg %d 0 R%b>>"
        if place is None:
            bodies.append((numbers[mark.element], element % (b"/Span", numbers[mark.parent], page, b"/K[]")))
            return b""
        label = self._plan.spots[place].label
        content = b"<</Type/MCR/Pg %d 0 R/Stm %d 0 R/MCID %d>>" % (page, form, mark.mcid) if form else b"%d" % mark.mcid
        kids = b"/K[%b %d 0 R]" % (content, numbers[mark.objr])
        bodies.append((numbers[mark.element], element % (b"/Link", numbers[mark.parent], page, kids)))
        objr = b"<</Type/OBJR/Obj %d 0 R/Pg %d 0 R>>" % (numbers[mark.link], page)
        bodies.append((numbers[mark.objr], objr))
        self._owners.append(numbers[mark.element])
        said = mark.text.replace("{}", label)
        action = b"/Dest%b/Contents%b" % (syntax.literal(target.encode()), syntax.string(said))
        bodies.append((numbers[mark.link], _annotation(mark.rect, move, len(self._owners) - 1, action)))
        written = words.operators(self._faces, mark, said, 0.0 if form else move[0])
        return b"/Link<</MCID %d>>BDC\n%bEMC\n" % (mark.mcid, written)

    # What is written last

    def _finish(self) -> None:
        writer, about = self._writer, self._binding.about
        self._faces.write(writer, self._fonts)
        spots = self._plan.spots
        trees.pages(writer, self._pages, len(spots), self._nodes, self._tree)
        parents, names, metadata = writer.reserve(), writer.reserve(), writer.reserve()
        trees.numbers(writer, self._owners, parents)
        trees.names(writer, self._names, names)
        writer.stream(metadata, b"/Type/Metadata/Subtype/XML", imprint.xmp(about))
        outline = trees.Outline(writer, lambda key: self._names[key], self._bookmarks_of)
        lines = list(outline.write(self._binding.outline, self._outlines))
        tops = b" ".join(b"%d 0 R" % top for top in self._tops)
        structure = b"/K[%d 0 R]/ParentTree %d 0 R/ParentTreeNextKey %d" % (
            *(self._document, parents, len(self._owners)),
        )
        lines += [
            (self._nothing, b"[]"),
            (self._structure, b"<</Type/StructTreeRoot%b>>" % structure),
            (self._document, b"<</Type/StructElem/S/Document/P %d 0 R/K[%b]>>" % (self._structure, tops)),
            (self._info, imprint.info(about)),
        ]
        parts = imprint.Parts(self._tree, names, self._outlines, self._structure, metadata, self._profile)
        lines.append((self._root, imprint.catalog(about, parts, trees.labels(spots))))
        writer.objects([number for number, _ in lines], [body for _, body in lines])
        writer.finish(self._root, self._info)

    def _bookmarks_of(self, key: str) -> list[tuple[Bookmark, trees.Place]]:
        index, marks = self._bookmarks[key]
        return [(mark, trees.Place(self._pages + index + mark.page, mark.y)) for mark in marks]


def _moved(box: Box, dx: float) -> Box:
    left, bottom, right, top = box
    return left + dx, bottom, right + dx, top


def _annotation(rect: Box, move: tuple[float, float], key: int, action: bytes) -> bytes:
    left, bottom, right, top = rect
    dx, dy = move
    moved = syntax.numbers((left + dx, min(bottom, top) + dy, right + dx, max(bottom, top) + dy))
    return b"<</Type/Annot/Subtype/Link/Rect[%b]/BS<</W 0>>/F 4/StructParent %d%b>>" % (moved, key, action)


def _to_web(url: str, title: str) -> bytes:
    return b"/A<</S/URI/URI%b>>/Contents%b" % (syntax.string(url), syntax.string(title))
