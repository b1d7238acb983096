"""Text measured by the fonts' own tables, wrapped, fitted, and taken from the next face where one lacks a letter."""

from __future__ import annotations

import math
import re

import pytest
from fontTools.ttLib import TTFont

from render import fonts
from render.art import lettering
from render.art.lettering import PT

TITLE = "Junior AI Lifecycle Management & Best Practices Specialist"
SIZES = (96, 84, 72, 60, 52, 46, 42, 38, 35, 32, 30, 28, 26, 24, 22, 20, 18)


@pytest.mark.parametrize("role", ["type", "type-bold", "form", "form-medium", "elite", "stencil", "hand"])
@pytest.mark.parametrize("text", ["OR-529-B818", "Quality Apparatus", "(b)(4) & so on", "Grüße"])
def test_widths_are_those_of_the_font(role: str, text: str) -> None:
    face = next(face for face in fonts.faces() if face.role == role)
    font = TTFont(face.path)
    cmap, advances = font.getBestCmap(), font["hmtx"]
    units = sum(advances[cmap[ord(char)]][0] for char in text)
    expected = units / font["head"].unitsPerEm * 10
    assert lettering.measure(text, role, 10) == pytest.approx(expected)
    assert lettering.measure(text, role, 10, 0.5) == pytest.approx(expected + 0.5 * (len(text) - 1))
    font.close()


def test_courier_is_six_tenths_wide() -> None:
    assert lettering.measure("0123456789", "type", 1) == pytest.approx(6.0, abs=0.01)


def test_an_unknown_role_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        lettering.measure("x", "blackletter", 1)


def families(markup: str) -> list[tuple[str, str]]:
    return re.findall(r'font-family="([^"]+)"[^>]*>([^<]+)<', markup)


def test_missing_letters_come_from_the_next_face_of_the_tone() -> None:
    assert families(lettering.line(0, 0, "STAŁE", "stencil", 5, "#000000")) == [
        ("Stardos Stencil", "STA"),
        ("Barlow Condensed", "Ł"),
        ("Stardos Stencil", "E"),
    ]
    assert families(lettering.line(0, 0, "dŵr", "hand", 5, "#000000"))[1][0] == "Special Elite"
    assert families(lettering.line(0, 0, "Отдел", "stencil", 5, "#000000")) == [("DejaVu Sans Mono", "Отдел")]
    assert families(lettering.line(0, 0, "Τμήμα", "form", 5, "#000000")) == [("DejaVu Sans Mono", "Τμήμα")]


def test_runs_of_several_faces_stand_end_to_end() -> None:
    markup = lettering.line(10, 0, "STAŁE", "stencil", 5, "#000000", spacing=0.5)
    starts = [float(x) for x in re.findall(r'<text x="([\d.]+)"', markup)]
    whole = 10 + lettering.measure("STAŁ", "stencil", 5, 0.5) + 0.5
    assert starts == pytest.approx([10, 10 + lettering.measure("STA", "stencil", 5, 0.5) + 0.5, whole], abs=0.006)


def test_text_is_escaped_and_anchored() -> None:
    markup = lettering.line(50, 0, "R&D <x>", "form", 4, "#000000", anchor="end")
    assert ">R&amp;D &lt;x&gt;<" in markup
    x = float(re.findall(r'x="([\d.]+)"', markup)[0])
    assert x == pytest.approx(50 - lettering.measure("R&D <x>", "form", 4), abs=0.006)


def test_labels_are_one_element_with_a_place_for_each_letter() -> None:
    markup = lettering.labels([(0, 1, "AB", "start"), (9, 2, "C D", "start")], "type", 1, "#000000")
    assert markup.count("<text") == 1
    assert re.findall(r'x="([^"]+)" y="([^"]+)"', markup) == [("0 0.6 9 10.2", "1 1 2 2")]


def test_lines_break_at_spaces_and_after_hyphens() -> None:
    assert lettering.wrap("one two three", "type", 1, 4.5) == ["one two", "three"]
    assert lettering.wrap("cross-functional", "type", 1, 6.5) == ["cross-", "functional"]
    assert lettering.wrap("CI/CD - they say", "type", 1, 3.01) == ["CI/CD", "-", "they", "say"]
    assert lettering.wrap("", "type", 1, 5) == []
    assert lettering.wrap("unbreakable", "type", 1, 3) == ["unbreakable"]


def test_long_words_are_cut_where_asked() -> None:
    lines = lettering.chopped("Softwareentwicklung etc", "type", 1, 4.8)
    assert lines == ["Softwar-", "eentwic-", "klung", "etc"]


def test_the_largest_size_that_fits() -> None:
    size = lettering.fit(TITLE, "elite", SIZES, 106, 45)
    assert size == 26
    assert len(lettering.wrap(TITLE, "elite", 26 * PT, 106)) == 3
    assert len(lettering.wrap(TITLE, "elite", 28 * PT, 106)) == 4, "at 28 pt four lines are 47.4 mm high"
    assert lettering.fit("SDET", "elite", SIZES, 106, 45) == 96
    assert lettering.fit("x" * 400, "elite", SIZES, 106, 45) == 18, "nothing fits: the smallest"


@pytest.mark.parametrize("title", ["SDET", "Enterprise Architect", TITLE, "Verwaltungsdigitalisierung"])
def test_a_fitted_title_stays_in_its_box_and_the_next_size_does_not(title: str) -> None:
    size = lettering.fit(title, "elite", SIZES, 106, 45)
    lines = lettering.wrap(title, "elite", size * PT, 106)
    assert len(lines) * size * PT * 1.2 <= 45
    assert all(lettering.measure(line, "elite", size * PT) <= 106 for line in lines)
    if size < 96:
        larger = SIZES[SIZES.index(size) - 1]
        assert not lettering.fits(title, "elite", larger * PT, 106, 45, 1.2)


def test_text_is_trimmed_with_an_ellipsis() -> None:
    assert lettering.trimmed("REAL ENGINEER", "type", 1, 20) == "REAL ENGINEER"
    assert lettering.trimmed("REAL ENGINEER", "type", 1, 4.0) == "REAL…"


@pytest.mark.parametrize("text", ["THE OTIOSE REGISTRY", "I"])
def test_words_round_a_circle_have_their_middle_at_the_top(text: str) -> None:
    markup = lettering.around(50, 50, 20, text, "form", 4, "#000000", 0.4)
    xs, ys, turns = (
        list(map(float, re.findall(f' {name}="([^"]+)"', markup)[0].split())) for name in ("x", "y", "rotate")
    )
    assert len(xs) == len(ys) == len(turns) == len(text.replace(" ", ""))
    assert turns == sorted(turns)
    for x, y in zip(xs, ys, strict=True):
        assert math.hypot(x - 50, y - 50) == pytest.approx(20, abs=0.15)
    arc = lettering.measure(text, "form", 4, 0.4)
    first = math.degrees(-(arc - lettering.measure(text[0], "form", 4)) / 2 / 20)
    assert turns[0] == pytest.approx(first, abs=0.01)
