"""Presets: what they say, against the houses' own published numbers, and what a broken one is told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from render import presets
from render.presets import Interior, Spine
from render.problems import InputError, UsageError

INCH = 25.4


def spine(name: str) -> Spine:
    cover = presets.find(name).cover
    assert cover is not None
    return cover.spine


def interior(name: str) -> Interior:
    found = presets.find(name).interior
    assert found is not None
    return found


def test_the_presets_that_ship() -> None:
    assert list(presets.names()) == ["booklet", "generic", "ingramspark", "kdp", "lulu", "office"]


@pytest.mark.parametrize(
    ("house", "stock", "pages", "inches"),
    [
        # KDP, G201953020: page count x 0.002252, 0.0025, 0.002347; and the same in mm: 0.0572, 0.0635, 0.0596
        ("kdp", "white", 100, 0.2252),
        ("kdp", "white", 300, 0.6756),
        ("kdp", "cream", 200, 0.5),
        ("kdp", "premium-colour", 200, 0.4694),
        ("kdp", "groundwood", 200, 0.47),
        # Lulu, Book Creation Guide: pages / 444 + 0.06
        ("lulu", "standard", 80, 0.2402),
        ("lulu", "standard", 444, 1.06),
        ("lulu", "magazine", 460, 1.06),
        ("ingramspark", "white-50", 472, 1.002),
    ],
)
def test_spines_are_as_wide_as_the_house_says(house: str, stock: str, pages: int, inches: float) -> None:
    assert spine(house).width(pages, stock) / INCH == pytest.approx(inches, abs=0.0001)


def test_spines_agree_with_the_millimetres_that_houses_publish() -> None:
    # KDP gives 0.0572 mm a page of white paper; Lulu gives pages / 17.48 + 1.524 mm.
    assert spine("kdp").width(250) == pytest.approx(250 * 0.0572, abs=0.01)
    assert spine("lulu").width(250) == pytest.approx(250 / 17.48 + 1.524, abs=0.01)


@pytest.mark.parametrize(
    ("house", "pages", "has_text"),
    [
        ("kdp", 78, False), ("kdp", 79, False), ("kdp", 80, True), ("lulu", 80, False), ("lulu", 81, True),
        ("ingramspark", 100, False), ("ingramspark", 200, True),
    ],
)  # fmt: skip
def test_spine_text_only_where_there_is_room(house: str, pages: int, has_text: bool) -> None:
    found = spine(house)
    assert found.has_text(pages, found.width(pages)) is has_text


@pytest.mark.parametrize(
    ("pages", "inches"), [(24, 0.375), (150, 0.375), (151, 0.5), (300, 0.5), (301, 0.625), (501, 0.75), (701, 0.875)]
)
def test_kdps_gutter_grows_with_the_pages(pages: int, inches: float) -> None:
    assert interior("kdp").gutter(pages) / INCH == pytest.approx(inches, abs=0.0001)


@pytest.mark.parametrize(
    ("house", "pages", "shift"),
    [
        ("kdp", 400, 0.0),  # 15.9 mm are asked for, 19 are there
        ("kdp", 600, 0.05),
        ("kdp", 800, 3.225),
        ("lulu", 100, 0.0),
        ("lulu", 200, 1.3),  # 25.4 mm are asked for, but 14 mm outside may lose no more than 1.3
        ("ingramspark", 800, 0.0),
    ],
)
def test_the_type_area_moves_no_further_than_it_may(house: str, pages: int, shift: float) -> None:
    assert interior(house).shift(pages, 19.0, 14.0) == pytest.approx(shift)


def test_it_never_moves_by_more_than_four_millimetres() -> None:
    assert interior("kdp").shift(800, 10.0, 30.0) == 4.0


def test_bleeds_are_as_the_houses_ask() -> None:
    kdp, lulu = interior("kdp").bleed, interior("lulu").bleed
    assert (kdp.outer, kdp.inner, kdp.top, kdp.bottom) == (3.175, 0.0, 3.175, 3.175)
    assert (lulu.outer, lulu.inner) == (3.175, 3.175)


@pytest.mark.parametrize("name", ["kdp", "lulu", "ingramspark", "generic", "office", "booklet"])
def test_each_number_has_its_source_beside_it(name: str) -> None:
    lines = (presets.FOLDER / f"{name}.yaml").read_text("utf-8").splitlines()
    bare, above, seen = [], "", 0
    for line in lines:
        stated, _, comment = line.partition("#")
        is_row = stated.startswith(("    - ", "      "))
        above = comment or (above if is_row else "")
        if re.search(r"\d(mm|in|pt|MB)?\b", re.sub(r"(paper|stock|standard): \S+|\b0in", "", stated)):
            seen += 1
            bare += [] if above else [line]
    assert seen > 5
    assert bare == []


def test_an_unknown_preset_names_those_there_are() -> None:
    with pytest.raises(UsageError, match="no preset 'blurb'; there are: booklet, generic, ingramspark"):
        presets.find("blurb")
    with pytest.raises(UsageError, match="no paper stock 'vellum'; there are: white, cream"):
        spine("kdp").width(100, "vellum")


def test_a_broken_preset_is_told_everything_at_once(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "title: Mine\nkind: office\noffice:\n  papers: {a4: [210mm, 297mm]}\n  paper: a3\n  printable: 5\n"
        "checks: {ppi: many, sise: 3MB}\n"
    )
    with pytest.raises(InputError) as caught:
        presets.read(path)
    said = str(caught.value)
    assert "mine.yaml:6:14" in said
    assert "it must be a length such as 3mm, 0.125in, 1/444in or 6pt" in said
    assert "sise" in said
    assert "ppi" in said


def test_a_paper_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "title: Mine\nkind: office\noffice:\n  papers: {a4: [210mm, 297mm]}\n  paper: a3\n"
        "  printable: 5mm\nchecks: {}\n"
    )
    with pytest.raises(InputError, match=r"mine\.yaml:5:10: there is no paper 'a3'"):
        presets.read(path)


def test_a_house_needs_both_parts(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("title: Mine\nkind: house\nchecks: {}\n")
    with pytest.raises(InputError, match="the file has no interior or cover"):
        presets.read(path)


@pytest.mark.parametrize(("text", "mm"), [("1in", 25.4), ("72pt", 25.4), ("1/4in", 6.35), ("3mm", 3)])
def test_lengths(text: str, mm: float) -> None:
    assert float(presets.length(text)) == pytest.approx(mm)


@pytest.mark.parametrize("text", ["1/0mm", "...mm", "1.2.3mm", "-1mm", "3", "nanmm"])
def test_what_is_no_length(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(text)} is not a length such as 3mm, 0.125in or 6pt$"):
        presets.length(text)


def test_the_profile_is_there_with_its_licence() -> None:
    data = presets.PROFILE.read_bytes()
    assert data[36:40] == b"acsp"
    assert data[12:20] == b"prtrCMYK"
    assert "TR 006" in (presets.PROFILE.parent / "LICENSE.txt").read_text("utf-8")
