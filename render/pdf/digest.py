"""PDF -> Leaf: what can be done once per part is done here, so that binding only copies."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pikepdf

from ..problems import InputError, error
from . import marks
from .leaf import Bookmark, Box, Leaf, Link, Mark, Page, Template
from .things import Things, plain

MARK = "mark:"
_INSIDE = ("specimen:", "matter:")
_BARE = {"/Type", "/S", "/P", "/Pg", "/K"}
_PASSED_BY = {"/Span", "/NonStruct"}
"""Elements that say nothing on their own (ISO 32000-1, 14.8.4.2 and 14.8.4.4): what they hold is their parent's."""

_MAPPING = re.compile(rb"<([0-9a-fA-F]+)> <([0-9a-fA-F]*)>")
_WEIGHTS = {
    "thin": 100, "ultra-light": 200, "extra-light": 200, "light": 300, "semi-light": 350, "book": 380,
    "medium": 500, "semi-bold": 600, "demi-bold": 600, "bold": 700, "ultra-bold": 800, "extra-bold": 800,
    "heavy": 900, "black": 900,
}  # fmt: skip
"""How Pango names weights (PangoWeight); a name without one is regular."""


def digest(pdf: bytes, slug: str, slips: Collection[int] = ()) -> Leaf:
    """A tagged PDF of one part as a leaf. ``slug`` keeps its identifiers apart from those of other parts.

    ``slips`` are the indexes of pages that are placed on a page of the book with others. Raises InputError for a page
    whose marks cannot be found.
    """
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return _Digest(document, slug, slips).leaf()


@dataclass
class _Element:
    """A structure element that is kept. ``kids`` are elements, (page, mark) pairs and links."""

    source: Any
    parent: int
    page: int
    number: int
    kids: list[_Element | tuple[int, int] | _Reference] = field(default_factory=list)

    def marks(self) -> Iterator[tuple[int, int]]:
        for kid in self.kids:
            if isinstance(kid, tuple):
                yield kid
            elif isinstance(kid, _Element):
                yield from kid.marks()


@dataclass(frozen=True)
class _Reference:
    """An element's reference to an annotation: local numbers of the reference and of the annotation."""

    number: int
    link: int
    page: int


class _Digest:
    def __init__(self, document: pikepdf.Pdf, slug: str, slips: Collection[int]) -> None:
        self._pdf, self._slug, self._slips = document, slug, slips
        self._count = 0
        self._pages = [page.obj for page in document.pages]
        self._index = {page.objgen: number for number, page in enumerate(self._pages)}
        self._things = Things()
        self._shared: dict[str, int] = {}
        self._links: dict[tuple[int, int], int] = {}
        self._elements: list[_Element] = []
        self._owner: dict[int, _Element] = {}
        """The element that each link belongs to."""

    def leaf(self) -> Leaf:
        self._page_numbers = [self._take() for _ in self._pages]
        self._content_numbers = [self._take() for _ in self._pages]
        self._owner_numbers = [self._take() for _ in self._pages]
        self._top = self._take()
        for page in self._pages:
            for annotation in page.get("/Annots", ()):
                self._links[annotation.objgen] = self._take()
        top = self._structure()
        fonts, glyphs = self._fonts()
        pages, contents, skipped = self._read_pages()
        lines = list(self._lines(skipped))
        resources = self._template(self._things.resources(self._pages[0].Resources))
        return Leaf(
            count=self._count,
            shared=tuple(self._shared),
            objects=self._join([line for _, line in lines]),
            numbers=tuple(number for number, _ in lines),
            resources=self._settle(resources),
            pages=tuple(pages),
            contents=tuple(contents),
            top=self._top,
            root=tuple(element.number for element in top),
            slips=tuple(sorted(self._slips)),
            bookmarks=tuple(self._bookmarks()),
            targets=dict(self._targets()),
            glyphs=glyphs,
            fonts=fonts,
            profile=self._things.of(self._pdf.Root.OutputIntents[0].DestOutputProfile),
            lang=str(self._pdf.Root.get("/Lang", "")),
            things=self._things.kept,
        )

    def _take(self) -> int:
        self._count += 1
        return self._count - 1

    # Structure

    def _structure(self) -> list[_Element]:
        root = self._pdf.Root.StructTreeRoot
        top = root.K[0] if isinstance(root.K, pikepdf.Array) else root.K
        document = _Element(top, -1, 0, self._top)
        self._gather(document, top, 0)
        return [kid for kid in document.kids if isinstance(kid, _Element)]

    def _gather(self, into: _Element, source: Any, page: int) -> None:
        """Put the kids of a source element into one of ours; those that say nothing are passed by."""
        kids = source.get("/K", ())
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, int):
                into.kids.append((page, int(kid)))
            elif kid.get("/Type") == "/OBJR":
                place = self._index[kid.Pg.objgen] if "/Pg" in kid else page
                link = self._links.get(kid.Obj.objgen)
                if link is not None:
                    into.kids.append(_Reference(self._take(), link, place))
                    self._owner[link] = into
            elif kid.get("/Type") == "/MCR":
                into.kids.append((self._index[kid.Pg.objgen] if "/Pg" in kid else page, int(kid.MCID)))
            else:
                place = self._index[kid.Pg.objgen] if "/Pg" in kid else page
                if str(kid.S) in _PASSED_BY and not set(kid.keys()) - _BARE:
                    self._gather(into, kid, place)
                    continue
                element = _Element(kid, into.number, place, self._take())
                self._elements.append(element)
                into.kids.append(element)
                self._gather(element, kid, place)

    def _lines(self, skipped: frozenset[int]) -> Iterator[tuple[int, list[Any]]]:
        """Every plain object as pieces of syntax and numbers, save those that binding writes."""
        owners: list[dict[int, int]] = [{} for _ in self._pages]
        for element in self._elements:
            for kid in element.kids:
                if isinstance(kid, tuple):
                    owners[kid[0]][kid[1]] = element.number
                elif isinstance(kid, _Reference) and kid.number not in skipped:
                    line = [b"<</Type/OBJR/Obj ", kid.link, b"/Pg ", self._page_numbers[kid.page], b">>"]
                    yield kid.number, line
            if element.number not in skipped:
                yield element.number, self._element(element)
        for number, marked in zip(self._owner_numbers, owners, strict=True):
            pieces: list[Any] = [b"["]
            for mark in range(max(marked, default=-1) + 1):
                pieces += [b" ", marked[mark]] if mark in marked else [b" null"]
            yield number, [*pieces, b"]"]

    def _element(self, element: _Element) -> list[Any]:
        source = element.source
        pieces: list[Any] = [b"<</Type/StructElem/S" + str(source.S).encode(), b"/P ", element.parent]
        pieces += [b"/Pg ", self._page_numbers[element.page]]
        for key in sorted(set(source.keys()) - _BARE):
            pieces += [key.encode(), b" ", *self._attribute(key, source[key])]
        pieces.append(b"/K[")
        for kid in element.kids:
            if isinstance(kid, _Element | _Reference):
                pieces += [b" ", kid.number]
            else:
                pieces += self._marked(*kid, element.page)
        return [*pieces, b"]>>"]

    def _marked(self, page: int, mark: int, usual: int) -> list[Any]:
        """A reference to marked content (ISO 32000-1, 14.7.4.2): in a form, on another page, or a plain number."""
        if page in self._slips:
            stream = [b"/Stm ", self._content_numbers[page]]
            return [b"<</Type/MCR/Pg ", self._page_numbers[page], *stream, b"/MCID %d>>" % mark]
        if page != usual:
            return [b"<</Type/MCR/Pg ", self._page_numbers[page], b"/MCID %d>>" % mark]
        return [b" %d" % mark]

    def _attribute(self, key: str, value: Any) -> list[Any]:
        """A value of an element. Identifiers of table heads are kept apart from those of other parts."""
        if key == "/ID":
            return [_string(f"{self._slug} {value}")]
        if key == "/A" and isinstance(value, pikepdf.Dictionary) and "/Headers" in value:
            heads = b" ".join(_string(f"{self._slug} {one}") for one in value.Headers)
            rest = [name.encode() + b" " + plain(value[name]) for name in sorted(set(value.keys()) - {"/Headers"})]
            return [b"<<" + b"".join(rest) + b"/Headers[" + heads + b"]>>"]
        return [plain(value)]

    # Pages

    def _read_pages(self) -> tuple[list[Page], list[bytes], frozenset[int]]:
        pages, contents, skipped = [], [], set()
        for number, page in enumerate(self._pages):
            links, wanted = [], []
            for annotation in page.get("/Annots", ()):
                local = self._links[annotation.objgen]
                rect = _box(annotation.Rect)
                target = self._target(annotation)
                if target.startswith(MARK):
                    wanted.append((local, rect, target))
                elif local in self._owner:
                    links.append(Link(local, self._owner[local].number, rect, target))
            content, found = self._content(page, number, wanted)
            skipped |= {mark.element for mark in found} | {mark.objr for mark in found}
            contents.append(content)
            media = _box(page.MediaBox)
            trim = _box(page.get("/TrimBox", page.MediaBox))
            pages.append(
                Page(
                    self._page_numbers[number],
                    self._content_numbers[number],
                    self._owner_numbers[number],
                    media,
                    trim,
                    tuple(links),
                    tuple(found),
                )
            )
        return pages, contents, frozenset(skipped)

    def _content(self, page: Any, number: int, wanted: list[tuple[int, Box, str]]) -> tuple[bytes, list[Mark]]:
        if not wanted:
            return zlib.compress(page.Contents.read_bytes(), 9), []
        owned = {local: next(iter(self._owner[local].marks()), None) for local, _, _ in wanted if local in self._owner}
        mcids = {place[1] for place in owned.values() if place and place[0] == number}
        every = {mark for local in owned for at, mark in self._owner[local].marks() if at == number}
        content, seen = marks.without(page, every)
        found = []
        for local, rect, target in wanted:
            place = owned.get(local)
            how = seen.get(place[1]) if place and place[1] in mcids else None
            if place is None or how is None:
                message = f"a mark has no words of its own on page {number + 1} ({target})"
                raise InputError([error("mark", self._slug, message, "its link holds plain text, on one line")])
            element = self._owner[local]
            objr = next(kid.number for kid in element.kids if isinstance(kid, _Reference) and kid.link == local)
            split = urlsplit(target)
            kind, _, name = unquote(split.path).partition("/")
            asked = parse_qs(split.query)
            left, _, right, _ = rect
            found.append(
                Mark(
                    kind=kind,
                    name=name,
                    text=asked.get("text", ["{}"])[0],
                    align=asked.get("align", ["right"])[0],
                    x=min(left, right),
                    right=max(left, right),
                    y=how.y,
                    font=how.font,
                    size=how.size,
                    colour=how.colour,
                    spacing=how.spacing,
                    mcid=place[1],
                    link=local,
                    element=element.number,
                    parent=element.parent,
                    objr=objr,
                    rect=rect,
                )
            )
        return zlib.compress(content, 9), found

    def _target(self, annotation: Any) -> str:
        if "/A" in annotation:
            uri = str(annotation.A.get("/URI", ""))
            return uri if uri.startswith((*_INSIDE, MARK)) else f"uri:{uri}"
        return f"dest:{self._named(str(annotation.Dest))}"

    def _named(self, name: str) -> str:
        """A destination's name in the book: ``SLUG`` for a part, ``SLUG/SECTION`` for a place in it."""
        if name == self._slug:
            return name
        rest = name.removeprefix(f"{self._slug}-")
        return f"{self._slug}/{rest}"

    def _targets(self) -> Iterator[tuple[str, tuple[int, float]]]:
        names = self._pdf.Root.get("/Names")
        flat = list(names.Dests.Names) if names is not None and "/Dests" in names else []
        for name, place in zip(flat[::2], flat[1::2], strict=True):
            yield self._named(str(name)), (self._index[place[0].objgen], float(place[3]))

    def _bookmarks(self) -> Iterator[Bookmark]:
        outlines = self._pdf.Root.get("/Outlines")
        if outlines is not None and "/First" in outlines:
            yield from self._bookmarks_of(outlines.First, 0)

    def _bookmarks_of(self, item: Any, depth: int) -> Iterator[Bookmark]:
        while item is not None:
            yield Bookmark(str(item.Title), depth, self._index[item.Dest[0].objgen], float(item.Dest[3]))
            if "/First" in item:
                yield from self._bookmarks_of(item.First, depth + 1)
            item = item.get("/Next")

    # Fonts

    def _fonts(self) -> tuple[dict[str, tuple[str, int, str]], dict[str, dict[int, str]]]:
        faces, glyphs = {}, {}
        for name, font in self._pages[0].Resources.get("/Font", {}).items():
            inner = font.DescendantFonts[0].FontDescriptor
            family = str(inner.get("/FontFamily", ""))
            style = "italic" if float(inner.get("/ItalicAngle", 0)) else "normal"
            faces[name[1:]] = (family, _weight(str(inner.FontName), family), style)
            glyphs[name[1:]] = dict(_readings(font.ToUnicode.read_bytes()))
        return faces, glyphs

    # Templates

    def _template(self, pieces: Iterable[Any]) -> tuple[bytes, list[int | str]]:
        text, numbers = [], []
        for one in pieces:
            if isinstance(one, bytes):
                text.append(one.replace(b"%", b"%%").replace(b"\n", b" "))
            else:
                if isinstance(one, str):
                    self._shared.setdefault(one, len(self._shared))
                text.append(b"%d 0 R")
                numbers.append(one)
        return b"".join(text), numbers

    def _settle(self, template: tuple[bytes, list[int | str]]) -> Template:
        """Now that all local objects are counted, shared ones come behind them."""
        text, numbers = template
        return Template(
            text, tuple(one if isinstance(one, int) else self._count + self._shared[one] for one in numbers)
        )

    def _join(self, lines: list[list[Any]]) -> Template:
        made = [self._template(line) for line in lines]
        text = b"\n".join(text for text, _ in made)
        return self._settle((text, [number for _, numbers in made for number in numbers]))


def _readings(cmap: bytes) -> Iterator[tuple[int, str]]:
    """Glyphs and what they read, of a ToUnicode map as WeasyPrint writes it: single characters."""
    _, _, body = cmap.partition(b"beginbfchar")
    for glyph, text in _MAPPING.findall(body):
        yield int(glyph, 16), bytes.fromhex(text.decode()).decode("utf-16-be", "replace")


def _weight(name: str, family: str) -> int:
    """The weight in an embedded font's name, such as ``/ABCDEF+Barlow-Condensed,-Bold-Condensed``."""
    style = name.partition("+")[2].removeprefix(family.replace(" ", "-")).lower()
    found = [weight for word, weight in _WEIGHTS.items() if f"-{word}" in style]
    longest = max((word for word in _WEIGHTS if f"-{word}" in style), key=len, default="")
    return _WEIGHTS[longest] if found else 400


def _string(text: str) -> bytes:
    return pikepdf.String(text).unparse()


def _box(found: Any) -> Box:
    left, bottom, right, top = (float(one) for one in found)
    return left, bottom, right, top
