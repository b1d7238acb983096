"""Print presets: what one way of printing asks for, read from ``presets/*.yaml`` or a file of the reader's own.

All lengths are mm from here on, type and lines pt. Each number's source stands beside it in the file.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from . import load, schema
from .problems import InputError, UsageError, error

FOLDER = Path(__file__).with_name("presets")
PROFILE = FOLDER / "profiles" / "gracol-tr006-coated-240.icc"
"""Characterizes four-colour printing; its licence lies beside it."""

MM = {"mm": Fraction(1), "in": Fraction(254, 10), "pt": Fraction(254, 720)}
SHIFT = 4.0
"""The most, in mm, that binding moves the type area outward for the gutter's sake."""

_LENGTH = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+|[0-9]+/0*[1-9][0-9]*)(mm|in|pt)")
_SIZES = {"kB": 10**3, "MB": 10**6, "GB": 10**9}


@dataclass(frozen=True, slots=True)
class Edges:
    """Lengths in mm at a page's edges; ``inner`` is the one at the binding."""

    top: float = 0.0
    bottom: float = 0.0
    outer: float = 0.0
    inner: float = 0.0


@dataclass(frozen=True, slots=True)
class Checks:
    """What preflight holds a file against; 0 stands for what is not asked for."""

    ppi: float = 0.0
    line: float = 0.0
    type: float = 0.0
    ink: float = 0.0
    qr_module: float = 0.0
    flattened: bool = False
    embedded: bool = False
    bare: bool = False
    """Whether there may be no annotations."""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Ink:
    """Colour of a file: ``space`` is as-is, rgb, grey or cmyk; ``text`` is as-is or black."""

    space: str = "as-is"
    standard: str = ""
    text: str = "as-is"


@dataclass(frozen=True, slots=True)
class Interior:
    bleed: Edges
    marks: str
    multiple: int
    blank_at_end: int
    least: int
    most: int
    ink: Ink
    gutters: tuple[tuple[int, float], ...]
    """Up to so many pages, so wide an inside margin."""
    outer: float
    inner: float | None
    """What stays free at the binding; ``None`` is what the gutter asks."""

    def gutter(self, pages: int) -> float:
        """The inside margin asked for, in mm."""
        rows = [inner for to, inner in self.gutters if pages <= to] or [inner for _, inner in self.gutters[-1:]]
        return rows[0] if rows else 0.0

    def shift(self, pages: int, inner: float, outer: float) -> float:
        """How far binding moves the type area outward, in mm: as asked, at most 4 mm, and not out of the safe area."""
        return round(max(0.0, min(self.gutter(pages) - inner, SHIFT, outer - self.outer)), 3)


@dataclass(frozen=True, slots=True)
class Stock:
    """A paper: thickness of a page and what the cover adds, in mm. Kept exact, so that sums agree with a house's."""

    page: Fraction
    extra: Fraction


@dataclass(frozen=True, slots=True)
class Spine:
    stock: str
    stocks: Mapping[str, Stock] = field(hash=False)
    text_from: int
    text_inset: float
    text_width: float

    def width(self, pages: int, stock: str = "") -> float:
        """In mm. Raises UsageError for an unknown paper."""
        name = stock or self.stock
        if name not in self.stocks:
            raise UsageError(f"no paper stock {name!r}; there are: {', '.join(self.stocks)}")
        paper = self.stocks[name]
        return round(float(pages * paper.page + paper.extra), 4)

    def has_text(self, pages: int, width: float) -> bool:
        """Whether the spine is wide enough, and the book thick enough, for text."""
        return pages >= self.text_from and width >= self.text_width


@dataclass(frozen=True, slots=True)
class Area:
    """A place kept free on the back cover, in mm: its size and its distances from the spine and the lower edge."""

    width: float
    height: float
    from_spine: float
    from_bottom: float


@dataclass(frozen=True, slots=True)
class Cover:
    bleed: float
    marks: str
    ink: Ink
    safety: float
    spine: Spine
    barcode: Area


@dataclass(frozen=True, slots=True)
class Office:
    papers: Mapping[str, tuple[float, float]] = field(hash=False)
    paper: str
    printable: float
    multiple: int
    ink: Ink


@dataclass(frozen=True, slots=True)
class Booklet:
    papers: Mapping[str, tuple[float, float]] = field(hash=False)
    pages: Mapping[str, str] = field(hash=False)
    """The paper that pages are typeset in, by the sheet's."""
    paper: str
    thickness: float
    marks: str
    ink: Ink


@dataclass(frozen=True, slots=True)
class Preset:
    name: str
    title: str
    kind: str
    path: Path
    checks: Checks
    interior: Interior | None = None
    cover: Cover | None = None
    office: Office | None = None
    booklet: Booklet | None = None


def names() -> dict[str, str]:
    """The presets that ship, with their titles."""
    return {path.stem: read(path).title for path in sorted(FOLDER.glob("*.yaml"))}


def find(name: str) -> Preset:
    """A preset that ships. Raises UsageError for an unknown one."""
    path = FOLDER / f"{name}.yaml"
    if not re.fullmatch(r"[a-z0-9-]+", name) or not path.is_file():
        raise UsageError(f"no preset {name!r}; there are: {', '.join(sorted(p.stem for p in FOLDER.glob('*.yaml')))}")
    return read(path)


def read(path: Path) -> Preset:
    """A preset's file. Raises InputError with all that is wrong in it."""
    source = load.load(path)
    data, problems = schema.check(source, _schema())
    if not problems:
        problems = [
            error("preset", source.where(place), message, f"there are: {', '.join(known)}")
            for place, message, known in _unknown(data)
        ]
    if problems:
        raise InputError(problems)
    return _preset(path, data)


def length(text: str) -> Fraction:
    """A length in mm: ``0.125in``, ``3mm``, ``1/444in``. Raises ValueError."""
    match = _LENGTH.fullmatch(text)
    if not match:
        raise ValueError(f"{text} is not a length such as 3mm, 0.125in or 6pt")
    return Fraction(match[1]) * MM[match[2]]


@functools.cache
def _schema() -> Any:
    return load.load(Path(__file__).with_name("schemas") / "preset.yaml").data


def _unknown(data: Mapping[str, Any]) -> list[tuple[tuple[str | int, ...], str, list[str]]]:
    """Names that lead nowhere within the file: a place, what is wrong, and the names there are."""
    found: list[tuple[tuple[str | int, ...], str, list[str]]] = []
    if "cover" in data and (name := data["cover"]["spine"]["stock"]) not in (there := data["cover"]["spine"]["stocks"]):
        found.append((("cover", "spine", "stock"), f"there is no paper stock {name!r}", list(there)))
    found += [
        ((kind, "paper"), f"there is no paper {data[kind]['paper']!r}", list(data[kind]["papers"]))
        for kind in ("office", "booklet")
        if kind in data and data[kind]["paper"] not in data[kind]["papers"]
    ]
    return found


def _preset(path: Path, data: Mapping[str, Any]) -> Preset:
    return Preset(
        path.stem,
        data["title"],
        data["kind"],
        path,
        _checks(data["checks"]),
        _interior(data["interior"]) if "interior" in data else None,
        _cover(data["cover"]) if "cover" in data else None,
        _office(data["office"]) if "office" in data else None,
        _booklet(data["booklet"]) if "booklet" in data else None,
    )


def _mm(data: Mapping[str, Any], key: str, default: str = "0mm") -> float:
    return round(float(length(data.get(key, default))), 4)


def _pt(data: Mapping[str, Any], key: str) -> float:
    return round(float(length(data.get(key, "0pt")) / MM["pt"]), 4)


def _checks(data: Mapping[str, Any]) -> Checks:
    size = data.get("size", "0kB")
    return Checks(
        ppi=data.get("ppi", 0),
        line=_pt(data, "line"),
        type=_pt(data, "type"),
        ink=data.get("ink", 0),
        qr_module=_mm(data, "qr_module"),
        flattened=data.get("transparency", "allowed") != "allowed",
        embedded=data.get("fonts") == "embedded",
        bare=data.get("annotations") == "none",
        size=int(size[:-2]) * _SIZES[size[-2:]],
    )


def _ink(data: Mapping[str, Any]) -> Ink:
    return Ink(data.get("colour", "as-is"), data.get("standard", ""), data.get("text", "as-is"))


def _interior(data: Mapping[str, Any]) -> Interior:
    pages, safety = data.get("pages", {}), data.get("safety", {"outer": "0mm", "inner": "0mm"})
    return Interior(
        bleed=Edges(**{side: _mm(data["bleed"], side) for side in ("top", "bottom", "outer", "inner")}),
        marks=data.get("marks", "none"),
        multiple=data.get("multiple", 1),
        blank_at_end=data.get("blank_at_end", 0),
        least=pages.get("least", 1),
        most=pages.get("most", 0),
        ink=_ink(data),
        gutters=tuple((row["to"], _mm(row, "inner")) for row in data.get("gutter", ())),
        outer=_mm(safety, "outer"),
        inner=None if safety["inner"] == "gutter" else _mm(safety, "inner"),
    )


def _cover(data: Mapping[str, Any]) -> Cover:
    spine, code = data["spine"], data["barcode"]
    stocks = {
        name: Stock(length(one["page"]), length(one.get("extra", "0mm"))) for name, one in spine["stocks"].items()
    }
    return Cover(
        bleed=_mm(data, "bleed"),
        marks=data.get("marks", "none"),
        ink=_ink(data),
        safety=_mm(data, "safety"),
        spine=Spine(
            spine["stock"], stocks, spine.get("text_from", 1), _mm(spine, "text_inset"), _mm(spine, "text_width")
        ),
        barcode=Area(_mm(code, "width"), _mm(code, "height"), _mm(code, "from_spine"), _mm(code, "from_bottom")),
    )


def _papers(data: Mapping[str, Any]) -> dict[str, tuple[float, float]]:
    return {name: (float(length(width)), float(length(height))) for name, (width, height) in data["papers"].items()}


def _office(data: Mapping[str, Any]) -> Office:
    return Office(_papers(data), data["paper"], _mm(data, "printable"), data.get("multiple", 2), _ink(data))


def _booklet(data: Mapping[str, Any]) -> Booklet:
    marks = data.get("marks", "none")
    return Booklet(_papers(data), dict(data["pages"]), data["paper"], _mm(data, "thickness"), marks, _ink(data))
