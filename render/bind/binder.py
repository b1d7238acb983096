"""Parts become one file: each is copied in as it is; what depends on its place is put on here.

A page's content is wrapped, not touched: furniture and marks are written after it. To move it sideways its boxes are
moved the other way, since a tiling pattern keeps its place on the page whatever the content is moved by.
Everything is written as it comes, so a book of any length needs the memory of one part and a few numbers a page.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from .. import imprint
from ..paginate import Plan, Spot
from ..pdf import syntax
from ..pdf.faces import Faces
from ..pdf.leaf import Bookmark, Box, Leaf
from ..pdf.writer import Writer
from . import trees
from .copies import Copier, Copy
from .furnish import Furniture
from .leads import Leads
from .types import PT, Binding


@dataclass
class _Slips:
    """What a page gathers: forms with where they are moved to in pt, and annotations."""

    drawn: list[tuple[int, float, float]] = field(default_factory=list)
    links: list[int] = field(default_factory=list)


class Binder:
    def __init__(self, file: BinaryIO, plan: Plan, leaf_of: Callable[[str], Leaf], binding: Binding) -> None:
        self._plan, self._leaf_of, self._binding = plan, leaf_of, binding
        self._faces = Faces(binding.faces)
        self._writer = Writer(file)
        reserve = self._writer.reserve
        self._root, self._info, self._fonts, self._document, self._tree = (reserve() for _ in range(5))
        self._structure, self._outlines = reserve(), reserve()
        self._pages = reserve(len(plan.spots))
        self._nodes = [reserve() for _ in range(-(-len(plan.spots) // trees.KIDS))]
        self._prefix = 0
        self._parents = trees.Parents()
        self._copier = Copier(
            self._writer, self._faces, binding, fonts=self._fonts, document=self._document, pages=self._pages
        )
        self._furniture = Furniture(self._writer, self._faces, self._copier, leaf_of, binding)
        self._leads = Leads(plan, binding, self._faces, self._parents)
        self._names: dict[str, trees.Place] = {}
        self._bookmarks: dict[str, tuple[int, tuple[Bookmark, ...]]] = {}
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
        copy = self._copier.number(key, leaf, range(index, index + len(leaf.pages)))
        numbers = copy.numbers
        resources = self._writer.reserve()
        bodies: list[tuple[int, bytes]] = []
        forms: dict[bytes, int] = {}
        for place, page in enumerate(leaf.pages):
            spot = spots[index + place]
            dx = self._shift(spot)
            after = [b"Q\n", self._furniture.under(spot, forms, -dx)]
            links = [self._leads.link(copy, link, (0.0, 0.0), bodies) for link in page.links]
            for mark in page.marks:
                if written := self._leads.mark(copy, mark, (0.0, 0.0), bodies, page):
                    links.append(numbers[mark.link])
                    after.append(written)
            self._writer.stream(numbers[page.content], b"/Filter/FlateDecode", leaf.contents[place])
            suffix = self._writer.reserve()
            self._writer.deflated(suffix, b"", b"".join(after))
            self._media, self._trim = page.media, page.trim
            contents = (self._saving(), numbers[page.content], suffix)
            boxes = _moved(page.media, -dx), _moved(page.trim, -dx)
            body = self._page(index + place, *boxes, contents, resources, links, numbers[page.owners])
            bodies.append((numbers[page.number], body))
        bodies.append((resources, self._copier.resources(copy, forms)))
        self._copier.write(copy, bodies)
        self._remember(copy, index)

    def _begin(self, key: str, leaf: Leaf) -> None:
        """A part of slips, when its first one is met: each is a form with its own marks (ISO 32000-1, 14.7.4.3)."""
        if key in self._bookmarks:
            return
        at = {number: (index, item) for (one, number), (index, item) in self._where.items() if one == key}
        copy = self._copier.number(key, leaf, [at[number][0] for number in range(len(leaf.pages))])
        numbers = copy.numbers
        resources = self._writer.reserve()
        bodies = [(resources, self._copier.resources(copy, {}))]
        for place, page in enumerate(leaf.pages):
            index, item = at[place]
            spot = self._plan.spots[index]
            high = self._trim[3] - (page.trim[3] - page.trim[1])
            move = self._shift(spot) + PT * item.x, high - PT * item.y
            slips = self._slips.setdefault(index, _Slips())
            slips.links += [self._leads.link(copy, link, move, bodies) for link in page.links]
            marked = b""
            for mark in page.marks:
                if written := self._leads.mark(copy, mark, move, bodies, page, form=numbers[page.content]):
                    slips.links.append(numbers[mark.link])
                    marked += written
            entries = b"/Type/XObject/Subtype/Form/BBox[%b]/Resources %d 0 R/StructParents %d" % (
                *(syntax.numbers(page.media), resources, self._parents.key(numbers[page.owners])),
            )
            content = b"q\n%b\nQ\n%b" % (zlib.decompress(leaf.contents[place]), marked)
            self._writer.deflated(numbers[page.content], entries, content)
            slips.drawn.append((numbers[page.content], *move))
        self._copier.write(copy, bodies)
        self._remember(copy, at[0][0])

    def _gathered(self, index: int) -> None:
        """A page that is nothing but slips and furniture."""
        slips = self._slips.pop(index)
        forms = {b"S%d" % place: form for place, (form, _, _) in enumerate(slips.drawn)}
        drawn = [
            b"q 1 0 0 1 %b %b cm /S%d Do Q" % (syntax.number(x), syntax.number(y), place)
            for place, (_, x, y) in enumerate(slips.drawn)
        ]
        drawn.append(self._furniture.under(self._plan.spots[index], forms, 0.0))
        content, resources = self._writer.reserve(), self._writer.reserve()
        self._writer.deflated(content, b"", b"\n".join(drawn))
        named = b"".join(b"/%b %d 0 R" % pair for pair in sorted(forms.items()))
        body = self._page(index, self._media, self._trim, (content,), resources, slips.links, self._nothing)
        self._writer.objects(
            [resources, self._pages + index], [b"<</XObject<<%b>>/Font %d 0 R>>" % (named, self._fonts), body]
        )

    def _remember(self, copy: Copy, index: int) -> None:
        """What leads into a part: destinations and bookmarks, by the pages they are on now."""
        leaf, key = copy.leaf, copy.key
        if key not in self._bookmarks:
            self._bookmarks[key] = (index, leaf.bookmarks)
            first = self._pages + index
            self._names[key] = trees.Place(first, leaf.pages[0].trim[3])
            self._names |= {name: trees.Place(first + page, y) for name, (page, y) in leaf.targets.items()}

    # Pages

    def _page(
        self,
        index: int,
        media: Box,
        trim: Box,
        contents: Sequence[int],
        resources: int,
        links: Sequence[int],
        owners: int,
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
            *(b" ".join(b"%d 0 R" % content for content in contents), self._parents.key(owners), annotations),
        )

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

    # What is written last

    def _finish(self) -> None:
        writer, about = self._writer, self._binding.about
        self._faces.write(writer, self._fonts)
        spots = self._plan.spots
        trees.pages(writer, self._pages, len(spots), self._nodes, self._tree)
        parents, names, metadata = writer.reserve(), writer.reserve(), writer.reserve()
        trees.numbers(writer, self._parents.owners, parents)
        trees.names(writer, self._names, names)
        writer.stream(metadata, b"/Type/Metadata/Subtype/XML", imprint.xmp(about))
        outline = trees.Outline(writer, lambda key: self._names[key], self._bookmarks_of)
        lines = list(outline.write(self._binding.outline, self._outlines))
        tops = b" ".join(b"%d 0 R" % top for top in self._copier.tops)
        structure = b"/K[%d 0 R]/ParentTree %d 0 R/ParentTreeNextKey %d" % (
            *(self._document, parents, len(self._parents.owners)),
        )
        lines += [
            (self._nothing, b"[]"),
            (self._structure, b"<</Type/StructTreeRoot%b>>" % structure),
            (self._document, b"<</Type/StructElem/S/Document/P %d 0 R/K[%b]>>" % (self._structure, tops)),
            (self._info, imprint.info(about)),
        ]
        parts = imprint.Parts(self._tree, names, self._outlines, self._structure, metadata, self._copier.profile)
        lines.append((self._root, imprint.catalog(about, parts, trees.labels(spots))))
        writer.objects([number for number, _ in lines], [body for _, body in lines])
        writer.finish(self._root, self._info)

    def _bookmarks_of(self, key: str) -> list[tuple[Bookmark, trees.Place]]:
        index, marks = self._bookmarks[key]
        return [(mark, trees.Place(self._pages + index + mark.page, mark.y)) for mark in marks]


def _moved(box: Box, dx: float) -> Box:
    left, bottom, right, top = box
    return left + dx, bottom, right + dx, top
