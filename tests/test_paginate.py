"""Order, sides, blanks, folios and columns, by hand-written expectations: nothing is typeset here."""

from __future__ import annotations

from dataclasses import replace

import pytest

from render.paginate import (
    BODY,
    COVER,
    FRONT,
    RECTO,
    VERSO,
    Columns,
    Page,
    Piece,
    Placed,
    Plan,
    columns,
    paginate,
    roman,
)
from render.record import Laid

BLANK = Piece.of("blank", [Laid("blank", 0)])
AREA = Columns(left=10, top=20, width=106, height=100, gap=6, columns=2, head=30)


def piece(key: str, pages: int, counted: str = BODY, side: str = "") -> Piece:
    return Piece.of(key, [Laid("sheet", 100)] * pages, counted=counted, side=side)


def shown(plan: Plan) -> list[str]:
    """Every page as its side, its folio and the piece it is of: ``recto iv title``."""
    return [f"{'verso' if spot.verso else 'recto'} {spot.label or '-'} {spot.piece.key}" for spot in plan.spots]


def test_pieces_follow_each_other_without_a_gap() -> None:
    plan = paginate([piece("a", 2), piece("b", 3), piece("c", 1)], BLANK)
    assert shown(plan) == ["recto 1 a", "verso 2 a", "recto 3 b", "verso 4 b", "recto 5 b", "verso 6 c"]
    assert plan.first() == {"a": 0, "b": 2, "c": 5}


def test_the_pages_of_a_piece_are_those_of_its_part_in_order() -> None:
    made = Piece.of("a", [Laid("cover", 216), Laid("sheet", 190), Laid("sheet", 12)], family="drawer")
    assert made.pages == (
        Page("cover", (Placed("a", 0),)),
        Page("sheet", (Placed("a", 1),)),
        Page("sheet", (Placed("a", 2),)),
    )
    assert [spot.page for spot in paginate([made], BLANK).spots] == list(made.pages)


@pytest.mark.parametrize(
    ("before", "side", "expected"),
    [
        (1, RECTO, ["verso 2 blank", "recto 3 b"]),
        (2, RECTO, ["recto 3 b"]),
        (1, VERSO, ["verso 2 b"]),
        (2, VERSO, ["recto 3 blank", "verso 4 b"]),
        (1, "", ["verso 2 b"]),
        (2, "", ["recto 3 b"]),
    ],
)
def test_a_blank_stands_only_where_a_side_asks_for_one(before: int, side: str, expected: list[str]) -> None:
    plan = paginate([piece("a", before), piece("b", 1, side=side)], BLANK)
    assert shown(plan)[before:] == expected


def test_front_matter_has_roman_folios_and_the_body_begins_with_1_on_a_recto() -> None:
    plan = paginate([piece("half", 1, FRONT), piece("contents", 2, FRONT), piece("divider", 1), piece("a", 2)], BLANK)
    assert shown(plan) == [
        "recto i half", "verso ii contents", "recto iii contents", "verso iv blank", "recto 1 divider", "verso 2 a",
        "recto 3 a",
    ]  # fmt: skip


def test_covers_are_counted_by_nobody() -> None:
    order = [
        piece("front", 1, COVER, RECTO),
        piece("half", 1, FRONT, RECTO),
        piece("warning", 1, FRONT, VERSO),
        piece("divider", 1, BODY, RECTO),
        piece("a", 3),
        piece("back", 1, COVER, VERSO),
    ]
    assert shown(paginate(order, BLANK, even=True)) == [
        "recto - front", "verso - blank", "recto i half", "verso ii warning", "recto 1 divider", "verso 2 a",
        "recto 3 a", "verso 4 a", "recto 5 blank", "verso - back",
    ]  # fmt: skip


def test_a_book_without_front_matter_begins_with_1() -> None:
    assert shown(paginate([piece("a", 1), piece("b", 1)], BLANK)) == ["recto 1 a", "verso 2 b"]


def test_an_even_book_ends_on_a_verso() -> None:
    assert shown(paginate([piece("a", 3)], BLANK, even=True))[-1] == "verso 4 blank"
    assert shown(paginate([piece("a", 4)], BLANK, even=True))[-1] == "verso 4 a"
    assert shown(paginate([], BLANK, even=True)) == []


def test_one_page_more_moves_what_follows_and_nothing_else() -> None:
    def labels(pages: int) -> dict[str, str]:
        plan = paginate([piece("a", 2), piece("b", pages), piece("c", 2), piece("d", 1)], BLANK)
        return {key: plan.spots[index].label for key, index in plan.first().items()}

    assert labels(3) == {"a": "1", "b": "3", "c": "6", "d": "8"}
    assert labels(4) == {"a": "1", "b": "3", "c": "7", "d": "9"}


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (1, "i"), (2, "ii"), (3, "iii"), (4, "iv"), (5, "v"), (6, "vi"), (9, "ix"), (10, "x"), (14, "xiv"),
        (19, "xix"), (40, "xl"), (49, "xlix"), (90, "xc"), (99, "xcix"), (400, "cd"), (444, "cdxliv"), (900, "cm"),
        (1994, "mcmxciv"), (3888, "mmmdccclxxxviii"), (3999, "mmmcmxcix"),
    ],
)  # fmt: skip
def test_roman_numerals(number: int, written: str) -> None:
    assert roman(number) == written


# Columns


def slips(*heights: float, letters: tuple[int, ...] = ()) -> list[tuple[Placed, Laid]]:
    """Slips of so many mm; those whose place is in ``letters`` are headings."""
    return [
        (Placed("index-letter-a", number), Laid("letter" if number in letters else "slip", height))
        for number, height in enumerate(heights)
    ]


def placed(
    *heights: float, letters: tuple[int, ...] = (), area: Columns = AREA
) -> list[list[tuple[int, float, float]]]:
    return [
        [(item.number, item.x, item.y) for item in page] for page in columns(slips(*heights, letters=letters), area)
    ]


def test_a_column_is_half_of_the_type_area_without_the_gap() -> None:
    assert AREA.column == 50
    assert Columns(0, 0, 100, 200, gap=5, columns=3).column == 30


def test_slips_fill_the_first_column_below_the_heading_then_the_second() -> None:
    assert placed(40, 30, 20, 50) == [[(0, 10, 50), (1, 10, 90), (2, 66, 50), (3, 66, 70)]]


def test_the_next_page_begins_at_the_top_of_the_type_area() -> None:
    assert placed(70, 70, 60, 40, 100) == [
        [(0, 10, 50), (1, 66, 50)],
        [(2, 10, 20), (3, 10, 80), (4, 66, 20)],
    ]


def first_page(*heights: float, letters: tuple[int, ...] = ()) -> list[tuple[int, float, float]]:
    """The first of two pages, which is filled; a slip of 90 mm, which nothing else fits beside, is the second one."""
    pages = placed(*heights, 90, 90, letters=letters)
    assert len(pages) == 2, "only a page that is not the last one is filled to its foot"
    return [item for item in pages[0] if item[0] < len(heights)]


def test_a_column_is_filled_to_its_last_millimetre_and_no_further() -> None:
    assert first_page(35, 35) == [(0, 10, 50), (1, 10, 85)]
    assert first_page(35, 35.1) == [(0, 10, 50), (1, 66, 50)]


def test_a_slip_taller_than_a_column_still_gets_one() -> None:
    assert placed(130, 10) == [[(0, 10, 50), (1, 66, 50)]]


def test_a_letter_keeps_two_entries_with_it() -> None:
    assert first_page(40, 10, 10, 10, letters=(1,)) == [(0, 10, 50), (1, 10, 90), (2, 10, 100), (3, 10, 110)]
    assert first_page(41, 10, 10, 10, letters=(1,)) == [(0, 10, 50), (1, 66, 50), (2, 66, 60), (3, 66, 70)]


def test_a_letter_with_one_entry_asks_for_no_more_than_that() -> None:
    """The next letter may go to the next column."""
    assert first_page(50, 10, 10, 10, 10, letters=(1, 3)) == [
        (0, 10, 50), (1, 10, 100), (2, 10, 110), (3, 66, 50), (4, 66, 60)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("give", "last", "pages", "second"),
    [
        (0, 5, [14, 1], 60),
        (0.4, 5, [14, 1], 60),  # not enough
        (1, 5, [15], 59.2),  # no more than is needed: four fifths of what is given
        (1, 35, [14, 1], 60),  # enough to stand for itself
    ],
)
def test_a_last_page_with_next_to_nothing_on_it_is_spared(
    give: float, last: float, pages: list[int], second: float
) -> None:
    found = placed(*[10] * 14, last, area=replace(AREA, give=give))
    assert [len(page) for page in found] == pages
    assert found[0][1] == (1, 10, pytest.approx(second))


def test_the_last_page_ends_level() -> None:
    assert placed(20, 20, 20, 20) == [[(0, 10, 50), (1, 10, 70), (2, 66, 50), (3, 66, 70)]]
    assert placed(20, 20, 20) == [[(0, 10, 50), (1, 10, 70), (2, 66, 50)]]


def test_no_slips_no_pages() -> None:
    assert placed() == []
