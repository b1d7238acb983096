"""Layouts and what belongs to them: sections, themes, papers, densities, words. Alone knows those folders.

A name is looked up in each shelf's LAYOUT, then its ``base``, then in our LAYOUT and our ``base``: the
first file found is the one used, so a shelf overrides by putting a file at the same path.
"""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from . import layout_rules, load
from .home import HOME
from .problems import InputError, UsageError, error

Data = Mapping[str, Any]

_MM = {"mm": 1.0, "cm": 10.0, "in": 25.4, "pt": 25.4 / 72}
_PAPER = re.compile(r"([0-9.]+)(mm|cm|in|pt)?\s*[x×\s]\s*([0-9.]+)(mm|cm|in|pt)")
SMALLEST_PAPER = (120.0, 180.0)
"""Width and height in mm below which no layout of ours holds together."""
LARGEST_PAPER = 5080.0
"""The longest side in mm that a page of a PDF may have: 14400 pt (ISO 32000-1, table C.1)."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet's geometry in mm. ``left`` is the binding side of a recto; ``wide`` sheets set two columns."""

    name: str
    width: float
    height: float
    top: float
    bottom: float
    left: float
    right: float
    holes: tuple[float, ...]
    wide: bool

    @property
    def text(self) -> float:
        """Width of the type area."""
        return self.width - self.left - self.right

    @property
    def area(self) -> float:
        """Height of the type area."""
        return self.height - self.top - self.bottom


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where a section has terms for an index: a JSON Pointer (RFC 6901) whose step ``*`` is every item."""

    steps: tuple[str, ...]
    kind: str = "term"
    """``term``, or ``alias``: another name of the role itself."""
    emphasized: bool = False
    """Whether only words in ``*…*`` are terms."""


@dataclass(frozen=True, slots=True)
class Section:
    """A section's folder, read. Its name is the YAML key; ``number`` is two digits, or empty."""

    key: str
    title: str
    number: str
    schema: Data
    index: tuple[Pointer, ...]
    after: str
    pair: str
    """The key of the section that shares a row with this one on wide paper."""
    folder: Path
    room: Data = field(default_factory=dict, hash=False)
    """Room it takes, in mm, by ``wide`` and ``narrow``: [for itself, for an item, for 100 characters]."""

    @property
    def has_example(self) -> bool:
        return (self.folder / "example.yaml").is_file()


@dataclass(frozen=True)
class Layout:
    """A layout with its chain of parents. ``roots`` are the folders a name is looked up in, in order."""

    name: str
    roots: tuple[Path, ...]
    chain: tuple[str, ...]
    """The layout, what it extends, and so on down to base."""
    bases: tuple[Path, ...]
    """Those roots that are a ``base``: their styles are the lowest cascade layer."""
    sections: Mapping[str, Section] = field(hash=False)
    furniture: Data = field(hash=False)
    title: str = ""
    book: Data = field(default_factory=dict, hash=False)
    """How a book is put together, for a layout whose sheets are bound; empty for one of single dossiers."""
    voices: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Of a rendition: which voice stands in for another, and ``without`` faces of which roles."""
    without: frozenset[str] = frozenset()
    coarse: bool = False
    """Whether a rendition draws with no more decimals than an eye can see."""

    def find(self, relative: str) -> Path:
        """The file a name stands for. Raises UsageError when no root has it."""
        for path in self._all(relative):
            return path
        raise UsageError(f"layout {self.name} has no file {relative}")

    def has(self, relative: str) -> bool:
        return next(self._all(relative), None) is not None

    @functools.cached_property
    def files(self) -> frozenset[Path]:
        """Every file in reach of this layout: what a sheet set in it was made from."""
        return frozenset(path for root in self.roots for path in root.rglob("*") if path.is_file())

    @functools.cached_property
    def base_styles(self) -> tuple[Path, ...]:
        return self._styles("base")

    @functools.cached_property
    def own_styles(self) -> tuple[Path, ...]:
        """Those of the layouts above base, the nearest to base first."""
        return tuple(path for name in reversed(self.chain) if name != "base" for path in self._styles(name))

    @functools.cached_property
    def section_styles(self) -> tuple[Path, ...]:
        names = (f"sections/{key}/section.css" for key in self.sections)
        return tuple(self.find(name) for name in names if self.has(name))

    @functools.cached_property
    def stylesheets(self) -> frozenset[Path]:
        return frozenset((*self.base_styles, *self.section_styles, *self.own_styles))

    def words(self, lang: str) -> dict[str, Any]:
        """The layout's fixed words: English below, then the language, then its region."""
        return self._words("words", lang)

    def section_words(self, key: str, lang: str) -> dict[str, Any]:
        """A section's words laid over the layout's."""
        return _overlay(self.words(lang), self._words(f"sections/{key}/words", lang))

    def theme(self, name: str) -> dict[str, str]:
        """Palette tokens by name. Raises UsageError for a theme that no root has."""
        if not self.has(f"themes/{name}.yaml"):
            raise UsageError(f"no theme {name!r}; there are: {', '.join(self.themes())}")
        found = self._merged(f"themes/{name}.yaml")
        if lacking := sorted(self._merged("themes/colour.yaml").keys() - found.keys()):
            path, hint = self.find(f"themes/{name}.yaml"), "begin with a copy of colour.yaml"
            raise InputError([error("layout-data", path, f"the theme lacks {', '.join(lacking)}", hint)])
        return found | {"name": name}

    def themes(self) -> list[str]:
        return sorted({path.stem for root in self.roots for path in root.glob("themes/*.yaml")})

    def densities(self, paper: Paper) -> dict[str, dict[str, Any]]:
        """Type sizes and gaps in pt by density: tight, normal, roomy."""
        found: dict[str, dict[str, Any]] = self._merged("densities.yaml")["wide" if paper.wide else "narrow"]
        return {name: values | {"name": name} for name, values in found.items()}

    def papers(self) -> dict[str, Paper]:
        """The named papers. Raises InputError for one whose measures are not all there."""
        try:
            return {name: _paper(name, data) for name, data in self._merged("papers.yaml").items()}
        except (AttributeError, KeyError, TypeError, ValueError) as failure:
            hint = "width, height, margins {top, bottom, left, right}, wide; holes if any"
            path = self.find("papers.yaml")
            raise InputError([error("layout-data", path, f"a paper lacks a measure ({failure})", hint)]) from failure

    def paper(self, spec: str) -> Paper:
        """A named paper, or one of a given size with the nearest named one's margins. Raises UsageError."""
        named = self.papers()
        if spec.lower() in named:
            return named[spec.lower()]
        width, height = _size(spec, named)
        near = min(named.values(), key=lambda paper: abs(paper.width - width) + abs(paper.height - height))
        holes = near.holes if near.height == height else ()
        return Paper(spec, width, height, near.top, near.bottom, near.left, near.right, holes, near.wide)

    def _styles(self, name: str) -> tuple[Path, ...]:
        """The stylesheets that one layout of the chain names, in the first of its layout.yaml files that names any."""
        for root in self.roots:
            path = root / "layout.yaml"
            if root.name == name and path.is_file():
                names = _merge((path,)).get("styles")
                if names is not None:
                    return tuple(self._named(path, str(each)) for each in names)
        return ()

    def _named(self, path: Path, name: str) -> Path:
        """A stylesheet that a layout.yaml names. Raises InputError when no root has it."""
        try:
            return self.find(name)
        except UsageError as missing:
            hint = "a stylesheet is a file of the layout or of one it extends"
            raise InputError([error("layout-data", path, str(missing), hint)]) from missing

    def _words(self, folder: str, lang: str) -> dict[str, Any]:
        tags = dict.fromkeys(("en", lang.split("-", maxsplit=1)[0], lang))
        merged: dict[str, Any] = {}
        for tag in tags:
            merged = _overlay(merged, self._merged(f"{folder}/{tag}.yaml"))
        return merged

    def _merged(self, relative: str) -> dict[str, Any]:
        return _merge(tuple(self._all(relative)))

    def _all(self, relative: str) -> Iterator[Path]:
        if relative.startswith("/") or ".." in relative.split("/"):
            return iter(())
        return (path for root in self.roots if (path := root / relative).is_file())


def find(name: str, shelves: Sequence[Path] = ()) -> Layout:
    """The layout of that name, as ``folder:mail`` in a rendition. Raises UsageError, or InputError for a broken one."""
    whole, _, rendition = name.partition(":")
    found = _find(whole, tuple(shelf.resolve() for shelf in shelves))
    return _thinned(found, rendition) if rendition else found


def names(shelves: Sequence[Path] = ()) -> dict[str, str]:
    """Layouts that pages can be set in, with their titles."""
    found = {
        path.parent.name
        for shelf in (*shelves, HOME / "layouts")
        for path in shelf.glob("*/layout.yaml")
        if path.parent.name != "base"
    }
    return {name: find(name, shelves).title for name in sorted(found)}


def forget() -> None:
    """Read layouts anew from now on: their files have changed."""
    _find.cache_clear()
    _thinned.cache_clear()
    _merge.cache_clear()


@functools.lru_cache(16)
def _find(name: str, shelves: tuple[Path, ...]) -> Layout:
    places = (*shelves, HOME / "layouts")
    chain: list[str] = []
    data: dict[str, Any] = {}
    step = name
    while step or not chain:
        found = [path for place in places if (path := place / step / "layout.yaml").is_file()]
        if not found or step in chain or not re.fullmatch(r"[a-z0-9][a-z0-9-]*", step):
            known = sorted({path.parent.name for place in places for path in place.glob("*/layout.yaml")} - {"base"})
            raise UsageError(f"no layout {step!r}; there are: {', '.join(known)}")
        chain.append(step)
        _expect_no_strays(step, shelves)
        own = _merge(tuple(found))
        data = _overlay(own, data)
        step = str(own.get("extends") or "")
    roots = tuple(folder for place in places for step in chain if (folder := place / step).is_dir())
    bases = tuple(root for root in roots if root.name == "base")
    book = data.get("book") or {}
    if book:
        layout_rules.expect_whole(book, [path for root in roots if (path := root / "layout.yaml").is_file()])
    furniture, title = data.get("furniture") or {}, str(data.get("title") or name)
    return Layout(name, roots, tuple(chain), bases, _sections(roots), furniture, title, book)


@functools.lru_cache(16)
def _thinned(layout: Layout, purpose: str) -> Layout:
    """A layout with some of its furniture put away, and fewer faces."""
    there = sorted({path.stem for root in layout.roots for path in root.glob("renditions/*.yaml")})
    if purpose not in there:
        known = f"; there are: {', '.join(there)}" if there else ""
        raise UsageError(f"layout {layout.name} has no rendition {purpose!r}{known}")
    data = layout._merged(f"renditions/{purpose}.yaml")
    return replace(
        layout,
        name=f"{layout.name}:{purpose}",
        furniture=_overlay(layout.furniture, data.get("furniture") or {}),
        voices=data.get("voices") or {},
        without=frozenset(data.get("without") or ()),
        coarse=bool(data.get("coarse")),
    )


def _expect_no_strays(name: str, shelves: Sequence[Path]) -> None:
    """Raises InputError for the symbolic links of a layout, its own folder among them, that lead out of its shelf."""
    found = [
        error("outside-layout", path, "this link leads out of the layout", "copy what is meant to here")
        for shelf in shelves
        for path in (shelf / name, *sorted((shelf / name).rglob("*")))
        if path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(shelf)
    ]
    if found:
        raise InputError(found)


def _sections(roots: tuple[Path, ...]) -> dict[str, Section]:
    folders: dict[str, Path] = {}
    for root in reversed(roots):
        found_here = (path for path in sorted(root.glob("sections/*/section.yaml")) if path.is_file())
        folders |= {path.parent.name: path.parent for path in found_here}
    found = {key: _section(key, folder) for key, folder in folders.items()}
    order = sorted((s for s in found.values() if not s.after), key=lambda s: (s.number or "99", s.key))
    for section in sorted((s for s in found.values() if s.after), key=lambda s: s.key):
        spot = next((i for i, other in enumerate(order, 1) if other.key == section.after), len(order))
        order.insert(spot, section)
    return {section.key: section for section in order}


def _section(key: str, folder: Path) -> Section:
    path = folder / "section.yaml"
    source = load.load(path)
    data = source.data
    problems = []
    if not re.fullmatch(r"[a-z][a-z0-9_]*", key):
        problems.append(error("section-name", path, f"{key!r} cannot be a YAML key of a section", "use a-z, 0-9 and _"))
    if not isinstance(data, dict) or not isinstance(data.get("schema"), dict | bool) or not data.get("title"):
        problems.append(error("section-data", path, "a section needs `title` and `schema`"))
    if not (folder / "section.html").is_file():
        problems.append(error("section-template", folder, "a section needs section.html"))
    if problems or (problems := layout_rules.problems(source)):
        raise InputError(problems)
    number = f"{data['number']:0>2}" if data.get("number") is not None else ""
    index = _pointers(data.get("index") or [], path)
    after, pair = str(data.get("after") or ""), str(data.get("pair") or "")
    return Section(key, str(data["title"]), number, data["schema"], index, after, pair, folder, data.get("room") or {})


def _pointers(data: Any, path: Path) -> tuple[Pointer, ...]:
    """Each is a pointer, or ``{at: POINTER, as: alias, only: emphasis}``."""
    found = []
    for one in data if isinstance(data, list) else [None]:
        said = {"at": one} if isinstance(one, str) else one if isinstance(one, dict) else {}
        at, kind, only = str(said.get("at", "")), said.get("as", "term"), said.get("only", "")
        known = at.startswith("/") and kind in ("term", "alias") and only in ("", "emphasis")
        if not known or said.keys() - {"at", "as", "only"}:
            hint = "an item is a pointer such as /*/name, or {at: /*, as: alias, only: emphasis}"
            raise InputError([error("section-index", path, "`index` says something that nobody knows", hint)])
        steps = tuple(step.replace("~1", "/").replace("~0", "~") for step in at[1:].split("/"))
        found.append(Pointer(steps, kind, only == "emphasis"))
    return tuple(found)


def _paper(name: str, data: Data) -> Paper:
    margins = data["margins"]
    top, bottom, left, right = (float(margins[side]) for side in ("top", "bottom", "left", "right"))
    holes = tuple(float(y) for y in data.get("holes", ()))
    return Paper(name, float(data["width"]), float(data["height"]), top, bottom, left, right, holes, bool(data["wide"]))


def _size(spec: str, named: Mapping[str, Paper]) -> tuple[float, float]:
    match = _PAPER.fullmatch(spec.strip().lower())
    try:
        if not match:
            raise ValueError
        unit = match[4]
        width, height = float(match[1]) * _MM[match[2] or unit], float(match[3]) * _MM[unit]
    except ValueError:
        raise UsageError(f'no paper {spec!r}; there are: {", ".join(named)}, or a size such as "148mm 210mm"') from None
    if width < SMALLEST_PAPER[0] or height < SMALLEST_PAPER[1]:
        raise UsageError(f"paper {spec!r} is too small; it must be at least 120 x 180 mm")
    if max(width, height) > LARGEST_PAPER:
        raise UsageError(f"paper {spec!r} is too large; it must be at most {LARGEST_PAPER:g} mm either way")
    return round(width, 2), round(height, 2)


@functools.lru_cache(256)
def _merge(paths: tuple[Path, ...]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for path in reversed(paths):
        merged = _overlay(merged, layout_rules.read(path))
    return merged


def _overlay(lower: Data, upper: Data) -> dict[str, Any]:
    merged = dict(lower)
    for key, value in upper.items():
        below = merged.get(key)
        merged[key] = _overlay(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged
