"""Leaves in the book: their objects get numbers and are copied as they are; what parts share is written once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..pdf import syntax
from ..pdf.faces import Faces
from ..pdf.leaf import FONTS, Leaf
from ..pdf.writer import Writer
from .trees import Line
from .types import Binding


@dataclass(frozen=True, slots=True)
class Copy:
    """A leaf in the book: the object numbers of everything it refers to."""

    leaf: Leaf
    numbers: list[int]
    key: str


class Copier:
    """Copies leaves. ``pages`` is the number of the book's first page, ``document`` of the structure's top element."""

    def __init__(
        self, writer: Writer, faces: Faces, binding: Binding, *, fonts: int, document: int, pages: int
    ) -> None:
        self._writer, self._faces, self._binding = writer, faces, binding
        self._document, self._pages = document, pages
        self._things: dict[str, int] = {FONTS: fonts}
        self.tops: list[int] = []
        """The structure elements of the parts that were written."""
        self.profile = 0
        """The number of the colour profile, once a leaf has one."""

    def number(self, key: str, leaf: Leaf, places: Iterable[int]) -> Copy:
        """Number a leaf's objects; pages have their numbers already."""
        first = self._writer.reserve(leaf.count)
        numbers = list(range(first, first + leaf.count))
        for page, place in zip(leaf.pages, places, strict=True):
            numbers[page.number] = self._pages + place
        numbers += [self._thing(leaf, name) for name in leaf.shared]
        if self._binding.about.standard.archival:
            self.profile = self.profile or self._thing(leaf, leaf.profile)
        for name, readings in leaf.glyphs.items():
            self._faces.use(name, leaf.fonts[name], readings)
        return Copy(leaf, numbers, key)

    def write(self, copy: Copy, bodies: list[Line]) -> None:
        """The plain objects of a leaf, with those that were made for its place."""
        leaf, numbers = copy.leaf, copy.numbers
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
        self.tops.append(numbers[leaf.top])

    def resources(self, copy: Copy, forms: Mapping[bytes, int]) -> bytes:
        """The body of the resources of a leaf's pages, with forms that are drawn on them besides."""
        template = copy.leaf.resources
        text = template.text % tuple(map(copy.numbers.__getitem__, template.numbers))
        more = b"".join(b"/%b %d 0 R" % pair for pair in sorted(forms.items()))
        return text.replace(b"/XObject<<", b"/XObject<<" + more, 1)

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
