"""Fonts of a file: whether they are in it, and how wide their glyphs are."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import pikepdf

_SUBSET = re.compile(r"[A-Z]{6}\+")
_FILES = ("/FontFile", "/FontFile2", "/FontFile3")


@dataclass(slots=True)
class Font:
    """A font: its name without the subset's tag, and widths in thousandths of its size."""

    name: str = ""
    kind: str = ""
    is_embedded: bool = False
    is_subset: bool = False
    widths: dict[int, float] = field(default_factory=dict, repr=False)
    default: float = 500.0
    bytes_a_glyph: int = 1
    _known: dict[bytes, tuple[float, int, int]] = field(default_factory=dict, repr=False)

    def measure(self, text: bytes) -> tuple[float, int, int]:
        """Width of a string, how many glyphs it has, and how many of them are the one-byte blank."""
        found = self._known.get(text)
        if found is None:
            if self.bytes_a_glyph == 2:
                codes = [text[at] << 8 | text[at + 1] for at in range(0, len(text) - 1, 2)]
                blanks = 0
            else:
                codes, blanks = list(text), text.count(b" ")
            found = sum(self.widths.get(code, self.default) for code in codes), len(codes), blanks
            self._known[text] = found
        return found


class Fonts:
    """The fonts of a document, each read once."""

    def __init__(self) -> None:
        self._by_place: dict[tuple[Any, str], Font] = {}
        self.found: dict[Any, Font] = {}

    def find(self, name: str, resources: Any) -> Font:
        held = resources.get("/Font") if resources is not None else None
        font = held.get(name) if isinstance(held, pikepdf.Dictionary) else None
        if font is None:
            return Font(name[1:])
        key = font.objgen if font.objgen[0] else (resources.objgen, name)
        if key not in self.found:
            self.found[key] = _font(font)
        return self.found[key]


def _font(font: Any) -> Font:
    kind = str(font.get("/Subtype", ""))[1:]
    name = str(font.get("/BaseFont", font.get("/Name", "/unnamed")))[1:]
    if kind == "Type3":
        return Font(name, kind, is_embedded=True, is_subset=True, widths=_simple(font), default=0.0)
    if kind == "Type0":
        inner = font.DescendantFonts[0]
        made = Font(name, kind, widths=_wide(inner), default=float(inner.get("/DW", 1000)), bytes_a_glyph=2)
    else:
        inner, made = font, Font(name, kind, widths=_simple(font))
    descriptor = inner.get("/FontDescriptor")
    made.is_embedded = descriptor is not None and any(key in descriptor for key in _FILES)
    made.is_subset = bool(_SUBSET.match(name))
    made.name = _SUBSET.sub("", name)
    return made


def _simple(font: Any) -> dict[int, float]:
    first = int(font.get("/FirstChar", 0))
    return {first + index: float(width) for index, width in enumerate(font.get("/Widths", []))}


def _wide(font: Any) -> dict[int, float]:
    """A CID font's widths (ISO 32000-1, 9.7.4.3)."""
    widths: dict[int, float] = {}
    items = list(font.get("/W", []))
    at = 0
    while at < len(items) - 1:
        first = int(items[at])
        if isinstance(items[at + 1], pikepdf.Array):
            widths.update((first + index, float(width)) for index, width in enumerate(items[at + 1]))
            at += 2
        elif at + 2 < len(items):
            widths.update(dict.fromkeys(range(first, min(int(items[at + 1]), first + 65535) + 1), float(items[at + 2])))
            at += 3
        else:
            break
    return widths
