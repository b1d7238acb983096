"""The faces a page may use: those that ship, then those of ``--font-dir``. No system font is among them."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from . import load
from .home import HOME
from .problems import UsageError

STACKS = {
    "type": ("type",),
    "form": ("form",),
    "elite": ("elite",),
    "title": ("elite",),
    "name": ("type",),
    "stencil": ("stencil", "form"),
    "hand": ("hand", "elite"),
}
"""What a voice is set in, by role; every stack ends in the reader's own fonts and the fallback face."""

_SUFFIXES = {".ttf", ".otf"}
_NAMELESS = re.compile(r"[^\w .&+-]+")
"""What the name of a family is rid of: it stands in CSS and in drawings."""


@dataclass(frozen=True, slots=True)
class Face:
    """One font file. ``role`` is its part in the design; a face of ``--font-dir`` has the role ``extra``."""

    family: str
    weight: int
    path: Path
    role: str
    style: str = "normal"


@functools.lru_cache(8)
def faces(folders: tuple[Path, ...] = ()) -> tuple[Face, ...]:
    """All faces in their order of preference. Raises UsageError for a folder without fonts."""
    found = list(shipped())
    for face in (face for folder in folders for face in _scan(folder)):
        found.append(_apart(face, found))
    return tuple(found)


@functools.cache
def shipped() -> tuple[Face, ...]:
    folder = HOME / "fonts"
    listed = load.load(folder / "faces.yaml").data
    return tuple(Face(item["family"], item["weight"], folder / item["file"], item["role"]) for item in listed)


def families(voice: str, available: Sequence[Face]) -> tuple[str, ...]:
    """Family names for a voice of ``STACKS``, first choice first."""
    order = [*STACKS[voice], "extra", "fallback"]
    chosen = (face.family for role in order for face in available if face.role == role)
    return tuple(dict.fromkeys(chosen))


def coverage(available: Iterable[Face]) -> Callable[[int], bool]:
    """A test whether any face has a code point. Latin-1 is known without opening a font: every face covers it."""
    paths = tuple(face.path for face in available)

    def covered(point: int) -> bool:
        return 0x20 <= point <= 0x7E or 0xA0 <= point <= 0xFF or any(point in points(path) for path in paths)

    return covered


@functools.cache
def points(path: Path) -> frozenset[int]:
    """The code points that a font file maps to a glyph."""
    from fontTools.ttLib import TTFont

    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())


def _apart(face: Face, others: Sequence[Face]) -> Face:
    """The face, under another family name if one of the others bears its own.

    Two files of one family, weight and style are embedded as one font, and the second one's glyphs come out as wrong
    letters.
    """
    taken = {(other.family, other.weight, other.style) for other in others}
    names = itertools.chain([face.family], (f"{face.family} {number}" for number in itertools.count(2)))
    return replace(face, family=next(name for name in names if (name, face.weight, face.style) not in taken))


def _scan(folder: Path) -> list[Face]:
    from fontTools.ttLib import TTFont, TTLibError

    found = []
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.suffix.lower() not in _SUFFIXES or not path.is_file():
            continue
        if not path.resolve().is_relative_to(folder.resolve()):
            raise UsageError(f"{path} leads out of the folder of fonts; copy what is meant to there")
        try:
            with path.open("rb") as file, TTFont(file, lazy=True) as font:
                names, os2 = font["name"], font["OS/2"]
                family = _NAMELESS.sub(" ", names.getDebugName(16) or names.getDebugName(1) or path.stem).strip()
                style = "italic" if os2.fsSelection & 1 else "normal"
                found.append(Face(family, os2.usWeightClass, path.resolve(), "extra", style))
        except (TTLibError, OSError) as failure:
            raise UsageError(f"{path} is not a font that can be used: {failure}") from failure
    if not found:
        raise UsageError(f"no fonts (.ttf, .otf) in {folder}")
    return found
