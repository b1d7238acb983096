"""Copyfitting and fitting: what is predicted from characters, what is tried after a look, how often that takes two."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import mean

import pytest
from pressroom import EXTREMES, SEED, SPECIMENS, Press, opened_archive, setting, slugs

from render import copyfit
from render.record import Dossier
from render.text import Text
from render.typeset.fit import Fill, next_try

EVERY = [(folder, slug) for folder in (SPECIMENS, EXTREMES) for slug in slugs(folder)]
LAYOUTS = 1.5
"""How often a dossier is laid out, at most, on average."""


def fill(pages: int, last: float, blank: float = 0.0) -> Fill:
    """What a layout came to whose sheets behind the cover are full but for ``blank`` pages in all."""
    return Fill(pages, last, pages - 2 + last - blank)


def dossier(slug: str) -> Dossier:
    folder = SPECIMENS if slug in slugs(SPECIMENS) else EXTREMES
    return opened_archive(folder, setting().layout)[1][slug]


# Counting


@pytest.mark.parametrize(
    ("value", "beside", "items", "lines"),
    [
        (Text(""), False, 0, 0),
        (Text("a" * 40), False, 0, 1),
        (Text("a" * 41), False, 0, 2),
        ([Text("a"), Text("b"), Text("a" * 81)], False, 3, 5),
        ([{"name": Text("a" * 50), "description": Text("b" * 100)}], False, 1, 5),
        ([{"name": Text("a" * 50), "description": Text("b" * 100)}], True, 1, 3),
        ({"percent": 85, "level": Text("HIGH")}, False, 0, 1),
        (85, False, 0, 0),
        (None, False, 0, 0),
    ],
)
def test_items_and_lines_are_counted(value: object, beside: bool, items: int, lines: int) -> None:
    assert copyfit.extent(value, 40, beside) == (items, lines)  # type: ignore[arg-type]


@pytest.mark.parametrize(("content", "pages"), [(0.1, 1), (0.9, 1), (1.5, 2), (1.9, 2), (2.5, 3), (7.3, 8)])
def test_a_content_comes_to_so_many_pages(content: float, pages: int) -> None:
    found, last = copyfit.ending(content)
    assert found == pages
    assert last == pytest.approx(content - pages + 1, abs=0.16)
    assert 0 < last <= 1


@pytest.mark.parametrize(
    ("content", "density"),
    [
        (2.85, "normal"),  # well filled
        (2.70, "normal"),
        (2.56, "normal"),
        (3.04, "tight"),  # a few lines over: tight saves a page
        (2.40, "roomy"),  # short, and nothing to save: roomy fills it
        (0.30, "roomy"),
        (1.30, "roomy"),
    ],
)
def test_fewest_pages_then_the_fullest_last_one(content: float, density: str) -> None:
    assert copyfit.best(content) == density


# Predicting


def test_more_text_takes_more_room() -> None:
    layout = setting().layout
    for name in ("a4", "a5"):
        paper = layout.paper(name)
        heights = [copyfit.height(dossier(slug), layout, paper) for slug in ("bare", "one-word", SEED, "forty")]
        assert heights == sorted(heights)
        assert heights[-1] > 5 * heights[2]
    one, other = layout.paper("a4"), layout.paper("a5")
    assert copyfit.height(dossier(SEED), layout, other) > copyfit.height(dossier(SEED), layout, one)


@pytest.mark.parametrize(("slug", "pages"), [("bare", 1), ("one-word", 2), (SEED, 3), ("forty", 24)])
def test_the_height_of_known_records(slug: str, pages: int) -> None:
    """Sheets behind the cover on A4, to a fifth."""
    layout = setting().layout
    paper = layout.paper("a4")
    assert copyfit.height(dossier(slug), layout, paper) / paper.area <= pages * 1.2
    assert copyfit.height(dossier(slug), layout, paper) / paper.area > (pages - 1) * 0.8


def test_two_sections_in_a_row_count_once_on_wide_paper() -> None:
    layout = setting().layout
    both, wide, narrow = dossier("euro"), layout.paper("a4"), layout.paper("a5")
    values = copyfit.shown(both)
    assert {"salary", "flight_risk"} <= set(values)

    def height(paper: object) -> float:
        return copyfit.height(both, layout, paper)  # type: ignore[arg-type]

    rooms = {key: copyfit.room(layout, key, wide) for key in values}
    alone = sum(
        room.own + room.item * items + room.line * lines
        for key, room in rooms.items()
        for items, lines in [copyfit.extent(values[key], room.measure, room.beside)]
    )
    furniture = float(layout.furniture["room"])
    assert height(wide) < alone + furniture
    assert height(narrow) > furniture


def test_a_prediction_is_a_density() -> None:
    layout = setting().layout
    seen = {copyfit.predict(dossier(slug), layout, layout.paper("a4")) for _, slug in EVERY}
    assert seen <= {"tight", "normal", "roomy"}
    assert len(seen) > 1, "one density for all is no prediction"


# Trying again


@pytest.mark.parametrize(
    ("tried", "expected"),
    [
        # good enough
        ({"normal": fill(4, 0.92)}, None),
        ({"normal": fill(4, 0.56)}, None),
        ({"tight": fill(4, 0.97)}, None),
        ({"roomy": fill(4, 0.80)}, None),
        ({"normal": fill(2, 0.30)}, None),  # a cover and one sheet: nothing to gain
        # a few lines on a page of their own
        ({"normal": fill(5, 0.05)}, "tight"),
        ({"normal": fill(5, 0.15)}, "tight"),
        # short, but too much to save: roomier
        ({"normal": fill(4, 0.35)}, "roomy"),
        ({"tight": fill(4, 0.40)}, "roomy"),
        # predicted roomy, and ran over
        ({"roomy": fill(5, 0.10)}, "tight"),
        # the second try settled it
        ({"normal": fill(5, 0.05), "tight": fill(4, 0.93)}, None),
        ({"normal": fill(4, 0.45), "roomy": fill(4, 0.70)}, None),
        # all is known
        ({"normal": fill(4, 0.20), "tight": fill(4, 0.10), "roomy": fill(4, 0.30)}, None),
    ],
)
def test_what_is_tried_next(tried: Mapping[str, Fill], expected: str | None) -> None:
    assert next_try(tried) == expected


def test_blank_feet_may_save_a_page() -> None:
    """Half a page of a five-page dossier is blank at the feet of sheets: set tighter, four pages are worth a try."""
    assert next_try({"normal": fill(5, 0.30, blank=0.4)}) == "tight"


def test_of_what_was_tried_the_fewest_pages_win_then_the_fullest() -> None:
    fills = {"normal": fill(5, 0.9), "tight": fill(4, 0.2), "roomy": fill(5, 0.95)}
    assert min(fills, key=lambda name: fills[name].rank) == "tight"
    fills = {"normal": fill(4, 0.3), "tight": fill(4, 0.2), "roomy": fill(4, 0.5)}
    assert min(fills, key=lambda name: fills[name].rank) == "roomy"


# How it comes out


def test_a_dossier_is_laid_out_once_and_a_half_on_average(press: Press) -> None:
    counts = {slug: press.make(folder, slug).part.layouts for folder, slug in EVERY}
    assert len(counts) >= 15
    assert all(1 <= count <= 3 for count in counts.values())
    assert mean(counts.values()) <= LAYOUTS, counts


def test_most_predictions_are_right(press: Press) -> None:
    right = [press.make(folder, slug).part.density == press.make(folder, slug).sheet.density for folder, slug in EVERY]
    assert mean(right) >= 0.6


def test_what_was_accepted_is_as_good_as_the_design_asks(press: Press) -> None:
    """A normal setting, or a last page that another density would not have filled better without a page more."""
    for folder, slug in EVERY:
        made = press.make(folder, slug)
        last = made.faces[-1].used
        tried = {made.part.density: Fill(made.part.pages, last, sum(face.used for face in made.faces[1:]))}
        assert made.part.layouts > 1 or next_try(tried) is None
