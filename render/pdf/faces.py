"""The faces of a book: one program each, for all parts, and what binding sets with them.

WeasyPrint's subsets keep the glyph numbers of the whole font, so parts need not be touched when their subsets are
united: the program is cut anew from the font file, with the glyphs of all of them and their numbers kept.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..fonts import Face
from ..problems import InputError, error
from .writer import Writer

Key = tuple[str, int, str]
"""Family, weight and style of a face."""


@dataclass(frozen=True)
class Metrics:
    """A font file's measures: ``advances`` in thousandths of the size, ``glyphs`` by character."""

    advances: tuple[int, ...]
    glyphs: Mapping[int, int]
    box: tuple[int, int, int, int]
    ascent: int
    descent: int
    compact: bool
    """Whether its outlines are CFF."""


@functools.lru_cache(32)
def metrics(path: Path) -> Metrics:
    """Read once per process and file."""
    from fontTools.ttLib import TTFont

    with TTFont(path, lazy=True) as font:
        head, table = font["head"], font["hmtx"].metrics
        scale = 1000 / head.unitsPerEm
        order = font.getGlyphOrder()
        numbers = {name: number for number, name in enumerate(order)}
        box = tuple(round(value * scale) for value in (head.xMin, head.yMin, head.xMax, head.yMax))
        return Metrics(
            tuple(round(table[name][0] * scale) for name in order),
            {point: numbers[name] for point, name in font.getBestCmap().items()},
            box,
            round(font["hhea"].ascent * scale),
            round(font["hhea"].descent * scale),
            "CFF " in font,
        )


@dataclass
class Used:
    """A face and the glyphs of it that a book uses, with what each one reads."""

    face: Face
    name: str
    """Of the font's resource, the same in every part."""
    readings: dict[int, str] = field(default_factory=dict)

    @property
    def metrics(self) -> Metrics:
        return metrics(self.face.path)


class Faces:
    """The faces of one book by the names of their resources."""

    def __init__(self, faces: Iterable[Face]) -> None:
        self._known: dict[Key, Face] = {(face.family, face.weight, face.style): face for face in faces}
        self._used: dict[str, Used] = {}

    def use(self, name: str, key: Key, readings: Mapping[int, str]) -> None:
        """Take note of what a part shows. Raises InputError for a font that is none of ours."""
        used = self._used.get(name)
        if used is None:
            if key not in self._known:
                message = f"the font {key[0]} ({key[1]}) comes from a stylesheet and cannot be bound"
                raise InputError([error("unknown-font", key[0], message, "put its file into a folder for --font-dir")])
            used = self._used[name] = Used(self._known[key], name)
        for glyph, text in readings.items():
            used.readings.setdefault(glyph, text)

    def __getitem__(self, name: str) -> Used:
        return self._used[name]

    def set(self, name: str, text: str) -> tuple[str, list[int]]:
        """The face to set a text in, the one named if it has all of it, and the text's glyphs.

        A face that lacks a character gives way to the first one in use that lacks none, else the character is left out.
        """
        for other in (name, *self._used):
            glyphs = self._used[other].metrics.glyphs
            if all(ord(one) in glyphs for one in text):
                break
        else:
            other, glyphs = name, self._used[name].metrics.glyphs
            text = "".join(one for one in text if ord(one) in glyphs)
        used = self._used[other]
        found = [glyphs[ord(one)] for one in text]
        for glyph, one in zip(found, text, strict=True):
            used.readings.setdefault(glyph, one)
        return other, found

    def width(self, name: str, glyphs: Sequence[int]) -> int:
        """In thousandths of the size."""
        advances = self._used[name].metrics.advances
        return sum(advances[glyph] for glyph in glyphs)

    def write(self, writer: Writer, dictionary: int) -> None:
        """Write every face and the dictionary of them all."""
        entries = []
        for name in sorted(self._used):
            number = _write(writer, self._used[name])
            entries.append(b"/%b %d 0 R" % (name.encode(), number))
        writer.objects([dictionary], [b"<<" + b"".join(entries) + b">>"])


def _write(writer: Writer, used: Used) -> int:
    font, inner, descriptor, program, reading = (writer.reserve() for _ in range(5))
    measures, glyphs = used.metrics, sorted(used.readings)
    data = _program(used.face.path, tuple(glyphs))
    name = f"{used.name}+{used.face.family.replace(' ', '-')}-{used.face.weight}".encode()
    file = b"FontFile3" if measures.compact else b"FontFile2"
    kind = b"CIDFontType0" if measures.compact else b"CIDFontType2"
    extra = b"/Subtype/OpenType" if measures.compact else b"/Length1 %d" % len(data)
    writer.deflated(program, extra, data)
    writer.deflated(reading, b"", _cmap(used.readings))
    slant = b"12" if used.face.style == "italic" else b"0"
    bodies = [
        b"<</Type/Font/Subtype/Type0/BaseFont/%b/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>"
        % (name, inner, reading),
        b"<</Type/Font/Subtype/%b/BaseFont/%b/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        b"%b/FontDescriptor %d 0 R/DW 0/W[%b]>>"
        % (kind, name, b"" if measures.compact else b"/CIDToGIDMap/Identity", descriptor, _widths(measures, glyphs)),
        b"<</Type/FontDescriptor/FontName/%b/FontFamily(%b)/Flags 4/FontBBox[%d %d %d %d]/ItalicAngle %b/Ascent %d"
        b"/Descent %d/CapHeight %d/StemV 80/%b %d 0 R>>"
        % (
            *(name, used.face.family.encode(), *measures.box, slant),
            *(measures.ascent, measures.descent, measures.ascent, file, program),
        ),
    ]
    writer.objects([font, inner, descriptor], bodies)
    return font


def _widths(measures: Metrics, glyphs: Sequence[int]) -> bytes:
    """Runs of widths (ISO 32000-1, 9.7.4.3)."""
    pieces: list[str] = []
    before = -2
    for glyph in glyphs:
        if glyph != before + 1:
            pieces.append(f"{']' if pieces else ''}{glyph}[")
        pieces.append(f"{measures.advances[glyph]} ")
        before = glyph
    return "".join([*pieces, "]" if pieces else ""]).encode()


def _cmap(readings: Mapping[int, str]) -> bytes:
    """A ToUnicode map (ISO 32000-1, 9.10.3)."""
    lines = [f"<{glyph:04x}> <{text.encode('utf-16-be').hex()}>" for glyph, text in sorted(readings.items())]
    blocks = "\n".join(
        f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar"
        for block in (lines[start : start + 100] for start in range(0, len(lines), 100))
    )
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo <</Registry (Adobe)/Ordering (UCS)/Supplement 0>> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
        f"{blocks}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    ).encode()


@functools.lru_cache(64)
def _program(path: Path, glyphs: tuple[int, ...]) -> bytes:
    """The font file with so many glyphs, their numbers kept.

    Components of composites come along under their own numbers, which HarfBuzz's subsets do not grant.
    """
    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options()
    options.retain_gids = True
    options.hinting = False
    options.layout_features = []
    options.name_IDs = []
    options.notdef_outline = True
    options.legacy_kern = False
    options.recalc_timestamp = False
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "kern", "name", "OS/2", "gasp", "STAT", "meta", "FFTM"]
    with TTFont(path, lazy=True, recalcTimestamp=False) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(gids=glyphs)
        cutter.subset(font)
        font.flavor = None
        made = io.BytesIO()
        font.save(made)
    return made.getvalue()
