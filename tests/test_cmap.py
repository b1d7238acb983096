"""Code points of fonts, held against what fontTools reads."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from command import ROOT
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from render import cmap, fonts

SHIPPED = sorted(path for path in (ROOT / "fonts").iterdir() if path.suffix in (".ttf", ".otf"))


def best(path: Path) -> set[int]:
    with TTFont(path) as font:
        return {point for point, glyph in font.getBestCmap().items() if glyph != ".notdef"}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_shipped_faces(path: Path) -> None:
    found = cmap.points(path.read_bytes())
    assert found == best(path)
    assert found is not None
    assert {ord("A"), ord("z")} <= found


def test_there_are_faces() -> None:
    assert len(SHIPPED) >= 5


def built(mapping: dict[int, str]) -> bytes:
    builder = FontBuilder(1000, isTTF=True)
    names = [".notdef", *dict.fromkeys(mapping.values())]
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap(mapping)
    builder.setupGlyf({name: TTGlyphPen(None).glyph() for name in names})
    builder.setupHorizontalMetrics(dict.fromkeys(names, (500, 0)))
    file = io.BytesIO()
    builder.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    "mapping",
    [
        {65: "A"},
        {65: "A", 66: "A", 67: "B", 0x2014: "C", 0xFFFD: "D"},
        {65: "A", 0x1F600: "B", 0x1F601: "C", 0x10FFFD: "A"},
    ],
)
def test_built_faces(mapping: dict[int, str]) -> None:
    assert cmap.points(built(mapping)) == set(mapping)


@pytest.mark.parametrize("data", [b"", b"wOFF" + bytes(60), b"\0\1\0\0\0\x09", b"%PDF-1.7", bytes(9)])
def test_what_is_no_font_is_left_to_the_library(data: bytes) -> None:
    assert cmap.points(data) is None


def test_a_packed_font_is_read_by_the_library(tmp_path: Path) -> None:
    packed = tmp_path / "packed.ttf"
    with TTFont(io.BytesIO(built({65: "A", 0x2014: "B"}))) as font:
        font.flavor = "woff"
        font.save(packed)
    assert fonts.points(packed) == {65, 0x2014}
