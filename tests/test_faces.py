"""The faces that ship: the files of the design, each licensed, each with the characters it is there for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from fontTools.ttLib import TTFont

SIZES = {
    "CourierPrime-Regular.ttf": 68_304,
    "CourierPrime-Bold.ttf": 69_944,
    "BarlowCondensed-Medium.ttf": 97_960,
    "BarlowCondensed-Bold.ttf": 104_316,
    "SpecialElite-Regular.ttf": 151_068,
    "StardosStencil-Bold.woff": 17_236,
    "NothingYouCouldDo-Regular.ttf": 26_768,
    "DejaVuSansMono.ttf": 340_712,
}
"""Bytes as published, so that a file subset or saved anew is noticed."""

LICENCES = {
    "OFL-1.1": ("OFL-", "SIL Open Font License, Version 1.1"),
    "Apache-2.0": ("APACHE-", "Apache License"),
    "Bitstream-Vera": ("BITSTREAM-VERA-", "Bitstream Vera Fonts Copyright"),
}

LATIN_1 = {*range(0x20, 0x7F), *range(0xA0, 0x100)}
GREEK = {*range(0x391, 0x3A2), *range(0x3A3, 0x3CF)}
CYRILLIC = {*range(0x401, 0x460), 0x490, 0x491}
FURNITURE = {0x2116, 0x2190, 0x2191, 0x2192, 0x2193, 0x2610, 0x2611, 0x2713, 0x2717}
SPACES_AND_DASHES = {0xA0, 0x2002, 0x2003, 0x2007, 0x2009, 0x200A, 0x202F, *range(0x2010, 0x2016)}


@pytest.fixture(scope="module")
def faces(root: Path) -> list[dict[str, Any]]:
    return yaml.safe_load((root / "fonts" / "faces.yaml").read_text("utf-8"))


def cmap(root: Path, name: str) -> set[int]:
    with TTFont(root / "fonts" / name, lazy=True) as font:
        return set(font.getBestCmap())


def test_every_font_file_is_listed_and_as_published(root: Path, faces: list[dict[str, Any]]) -> None:
    lying = {path.name: path.stat().st_size for path in (root / "fonts").iterdir() if path.suffix in {".ttf", ".woff"}}
    assert lying == SIZES
    assert sorted(face["file"] for face in faces) == sorted(SIZES)


def test_every_role_of_the_design_has_one_face(faces: list[dict[str, Any]]) -> None:
    roles = [face["role"] for face in faces]
    assert roles == ["type", "type-bold", "form-medium", "form", "elite", "stencil", "hand", "fallback"]


def test_no_two_files_share_a_family_and_weight(faces: list[dict[str, Any]]) -> None:
    """WeasyPrint embeds such files as one font, and the second one's glyphs come out as wrong letters."""
    names = [(face["family"], face["weight"]) for face in faces]
    assert len(set(names)) == len(names) == 8


@pytest.mark.parametrize("name", SIZES)
def test_a_face_is_what_its_entry_says(root: Path, faces: list[dict[str, Any]], name: str) -> None:
    entry = next(face for face in faces if face["file"] == name)
    with TTFont(root / "fonts" / name, lazy=True) as font:
        family = font["name"].getDebugName(16) or font["name"].getDebugName(1)
        assert (family, font["OS/2"].usWeightClass) == (entry["family"], entry["weight"])
        assert font["OS/2"].fsType == 0, "may not be embedded"


@pytest.mark.parametrize("name", SIZES)
def test_the_licence_lies_beside(root: Path, faces: list[dict[str, Any]], name: str) -> None:
    entry = next(face for face in faces if face["file"] == name)
    prefix, words = LICENCES[entry["licence"]]
    family = entry["family"].replace(" ", "")
    assert words in (root / "fonts" / f"{prefix}{family}.txt").read_text("utf-8")


def test_the_face_under_a_reserved_name_is_as_received(root: Path) -> None:
    """Under the OFL a change of format makes a modified version, which must not be called Stardos."""
    assert "Reserved Font Names 'Stardos'" in (root / "fonts" / "OFL-StardosStencil.txt").read_text("utf-8")
    assert (root / "fonts" / "StardosStencil-Bold.woff").read_bytes()[:4] == b"wOFF"


@pytest.mark.parametrize("name", SIZES)
def test_every_face_covers_latin_1(root: Path, name: str) -> None:
    lacking = {0xAD, 0xAF} if name.startswith("NothingYouCouldDo") else set()
    assert LATIN_1 - cmap(root, name) == lacking


def test_the_fallback_covers_what_the_others_lack(root: Path) -> None:
    has = cmap(root, "DejaVuSansMono.ttf")
    for wanted in (LATIN_1, GREEK, CYRILLIC, FURNITURE, SPACES_AND_DASHES):
        assert wanted - has == set()
    assert FURNITURE & cmap(root, "CourierPrime-Regular.ttf") == set()


def test_the_fallback_keeps_the_typewriter_s_pitch(root: Path) -> None:
    pitches = []
    for name in ("CourierPrime-Regular.ttf", "DejaVuSansMono.ttf"):
        with TTFont(root / "fonts" / name, lazy=True) as font:
            pitches.append(font["hmtx"]["a"][0] / font["head"].unitsPerEm)
    assert pitches == pytest.approx([0.6, 0.602], abs=0.001)
