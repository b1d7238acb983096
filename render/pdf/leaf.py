"""A part as binding takes it: its objects as templates whose references are still open.

Every object of a part is one line of text with ``%d`` where a reference goes. The numbers behind them count the part's
own objects first, then what it shares with others: an image, a profile, a form. Binding fills them all in at once.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

FONTS = "fonts"
"""The name among ``shared`` of the dictionary of all fonts of a book."""

_HEAD = "LEAF 1"

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in pt."""


@dataclass(frozen=True, slots=True)
class Template:
    """PDF syntax with ``%d`` for every reference. ``numbers`` are local below ``Leaf.count``, shared from there on."""

    text: bytes
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Thing:
    """An object that parts may share. ``refs`` are the digests of what it refers to; ``data`` makes it a stream."""

    text: bytes
    refs: tuple[str, ...] = ()
    data: bytes | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A link annotation. ``target`` is ``uri:ADDRESS``, ``dest:NAME``, ``specimen:SLUG`` or ``matter:KEY``."""

    number: int
    owner: int
    """The structure element it belongs to, by local number."""
    rect: Box
    target: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A place for words that binding knows: a page number, a running head.

    ``x`` and ``right`` are the field's edges and ``y`` its baseline in pt. ``element``, ``parent`` and ``objr`` are
    local numbers of the structure element that owns it, of its parent, and of the element's reference to the link.
    """

    kind: str
    name: str
    text: str
    align: str
    x: float
    right: float
    y: float
    font: str
    """The name of the font's resource."""
    size: float
    colour: str
    """The operators that set its colour."""
    spacing: float
    """Added after every letter, in pt."""
    mcid: int
    link: int
    element: int
    parent: int
    objr: int
    rect: Box


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a leaf. Local numbers: of the page, its content stream, and the array of its marks' owners."""

    number: int
    content: int
    owners: int
    media: Box
    trim: Box
    links: tuple[Link, ...] = ()
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A line of the outline: its depth from 0, the page's index, and the height in pt it leads to."""

    title: str
    depth: int
    page: int
    y: float


@dataclass(frozen=True)
class Leaf:
    """A part ready for binding."""

    count: int
    """How many local objects there are; they are numbered from 0."""
    shared: tuple[str, ...]
    objects: Template
    """The plain local objects, one a line, without those that binding writes itself."""
    numbers: tuple[int, ...]
    """The local number of every line of ``objects``."""
    resources: Template
    pages: tuple[Page, ...]
    contents: tuple[bytes, ...]
    """The pages' content, deflated."""
    top: int
    """The local number of the element that holds the part; binding writes it."""
    root: tuple[int, ...]
    """The elements in it."""
    slips: tuple[int, ...]
    """Indexes of the pages that are placed on a page of the book with others, as forms."""
    bookmarks: tuple[Bookmark, ...]
    targets: Mapping[str, tuple[int, float]]
    """Named destinations: the page's index and the height in pt."""
    glyphs: Mapping[str, Mapping[int, str]]
    """By the name of a font's resource: the glyphs that are used and what each one reads."""
    fonts: Mapping[str, tuple[str, int, str]]
    """By the name of a font's resource: family, weight and style of the face."""
    profile: str
    """The output intent's colour profile, among the things."""
    lang: str = ""
    """The language it is in."""
    things: Mapping[str, Thing] = field(default_factory=dict)

    def pack(self) -> bytes:
        """As bytes: a line of JSON, then the blobs it counts."""
        blobs: list[bytes] = []

        def blob(data: bytes) -> int:
            blobs.append(data)
            return len(data)

        def template(one: Template) -> list[int]:
            return [blob(one.text), blob(array("I", one.numbers).tobytes())]

        head = {
            "leaf": _HEAD,
            "count": self.count,
            "shared": self.shared,
            "objects": template(self.objects),
            "numbers": blob(array("I", self.numbers).tobytes()),
            "resources": template(self.resources),
            "pages": [asdict(page) for page in self.pages],
            "contents": [blob(content) for content in self.contents],
            "top": self.top,
            "root": self.root,
            "slips": self.slips,
            "bookmarks": [asdict(one) for one in self.bookmarks],
            "targets": self.targets,
            "glyphs": {name: list(glyphs.items()) for name, glyphs in self.glyphs.items()},
            "fonts": self.fonts,
            "profile": self.profile,
            "lang": self.lang,
            "things": [
                [name, blob(one.text), one.refs, None if one.data is None else blob(one.data)]
                for name, one in self.things.items()
            ],
        }
        return json.dumps(head, separators=(",", ":")).encode() + b"\n" + b"".join(blobs)

    @classmethod
    def unpack(cls, data: bytes) -> Leaf:
        """The leaf that ``pack`` made bytes of. Raises ValueError, KeyError or TypeError for all else."""
        line, _, _ = data.partition(b"\n")
        head: dict[str, Any] = json.loads(line)
        if head["leaf"] != _HEAD:
            raise ValueError("not a leaf")
        place = len(line) + 1

        def blob(size: int) -> bytes:
            nonlocal place
            place += size
            return data[place - size : place]

        def numbers(size: int) -> tuple[int, ...]:
            found = array("I")
            found.frombytes(blob(size))
            return tuple(found)

        objects = Template(blob(head["objects"][0]), numbers(head["objects"][1]))
        lines = numbers(head["numbers"])
        resources = Template(blob(head["resources"][0]), numbers(head["resources"][1]))
        contents = tuple(blob(size) for size in head["contents"])
        things = {
            name: Thing(blob(text), tuple(refs), None if size is None else blob(size))
            for name, text, refs, size in head["things"]
        }
        return cls(
            count=head["count"],
            shared=tuple(head["shared"]),
            objects=objects,
            numbers=lines,
            resources=resources,
            pages=tuple(_page(one) for one in head["pages"]),
            contents=contents,
            top=head["top"],
            root=tuple(head["root"]),
            slips=tuple(head["slips"]),
            bookmarks=tuple(Bookmark(**one) for one in head["bookmarks"]),
            targets={name: (page, y) for name, (page, y) in head["targets"].items()},
            glyphs={name: dict(glyphs) for name, glyphs in head["glyphs"].items()},
            fonts={name: (family, weight, style) for name, (family, weight, style) in head["fonts"].items()},
            profile=head["profile"],
            lang=head["lang"],
            things=things,
        )


def _page(data: dict[str, Any]) -> Page:
    links = tuple(Link(**one | {"rect": _box(one["rect"])}) for one in data.pop("links"))
    marks = tuple(Mark(**one | {"rect": _box(one["rect"])}) for one in data.pop("marks"))
    return Page(**data | {"media": _box(data["media"]), "trim": _box(data["trim"])}, links=links, marks=marks)


def _box(found: list[float]) -> Box:
    left, bottom, right, top = found
    return left, bottom, right, top
