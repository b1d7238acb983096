"""Imposition: expectations written by hand, and sheets printed, stacked, folded and read like paper."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from render.impose import Side, booklet, creep, padded, signatures

SHEETS = {
    # pages: sides in the order they are printed, front and back of a sheet between bars; - is a blank
    1: "- 1 - -",
    2: "- 1 2 -",
    3: "- 1 2 3",
    4: "4 1 2 3",
    5: "- 1 2 - | - 3 4 5",
    6: "- 1 2 - | 6 3 4 5",
    7: "- 1 2 7 | 6 3 4 5",
    8: "8 1 2 7 | 6 3 4 5",
    9: "- 1 2 - | - 3 4 9 | 8 5 6 7",
    10: "- 1 2 - | 10 3 4 9 | 8 5 6 7",
    11: "- 1 2 11 | 10 3 4 9 | 8 5 6 7",
    12: "12 1 2 11 | 10 3 4 9 | 8 5 6 7",
    13: "- 1 2 - | - 3 4 13 | 12 5 6 11 | 10 7 8 9",
    14: "- 1 2 - | 14 3 4 13 | 12 5 6 11 | 10 7 8 9",
    15: "- 1 2 15 | 14 3 4 13 | 12 5 6 11 | 10 7 8 9",
    16: "16 1 2 15 | 14 3 4 13 | 12 5 6 11 | 10 7 8 9",
    17: "- 1 2 - | - 3 4 17 | 16 5 6 15 | 14 7 8 13 | 12 9 10 11",
    18: "- 1 2 - | 18 3 4 17 | 16 5 6 15 | 14 7 8 13 | 12 9 10 11",
    19: "- 1 2 19 | 18 3 4 17 | 16 5 6 15 | 14 7 8 13 | 12 9 10 11",
    20: "20 1 2 19 | 18 3 4 17 | 16 5 6 15 | 14 7 8 13 | 12 9 10 11",
    21: "- 1 2 - | - 3 4 21 | 20 5 6 19 | 18 7 8 17 | 16 9 10 15 | 14 11 12 13",
    22: "- 1 2 - | 22 3 4 21 | 20 5 6 19 | 18 7 8 17 | 16 9 10 15 | 14 11 12 13",
    23: "- 1 2 23 | 22 3 4 21 | 20 5 6 19 | 18 7 8 17 | 16 9 10 15 | 14 11 12 13",
    24: "24 1 2 23 | 22 3 4 21 | 20 5 6 19 | 18 7 8 17 | 16 9 10 15 | 14 11 12 13",
    25: "- 1 2 - | - 3 4 25 | 24 5 6 23 | 22 7 8 21 | 20 9 10 19 | 18 11 12 17 | 16 13 14 15",
    26: "- 1 2 - | 26 3 4 25 | 24 5 6 23 | 22 7 8 21 | 20 9 10 19 | 18 11 12 17 | 16 13 14 15",
    27: "- 1 2 27 | 26 3 4 25 | 24 5 6 23 | 22 7 8 21 | 20 9 10 19 | 18 11 12 17 | 16 13 14 15",
    28: "28 1 2 27 | 26 3 4 25 | 24 5 6 23 | 22 7 8 21 | 20 9 10 19 | 18 11 12 17 | 16 13 14 15",
    29: "- 1 2 - | - 3 4 29 | 28 5 6 27 | 26 7 8 25 | 24 9 10 23 | 22 11 12 21 | 20 13 14 19 | 18 15 16 17",
    30: "- 1 2 - | 30 3 4 29 | 28 5 6 27 | 26 7 8 25 | 24 9 10 23 | 22 11 12 21 | 20 13 14 19 | 18 15 16 17",
    31: "- 1 2 31 | 30 3 4 29 | 28 5 6 27 | 26 7 8 25 | 24 9 10 23 | 22 11 12 21 | 20 13 14 19 | 18 15 16 17",
    32: "32 1 2 31 | 30 3 4 29 | 28 5 6 27 | 26 7 8 25 | 24 9 10 23 | 22 11 12 21 | 20 13 14 19 | 18 15 16 17",
    33: "- 1 2 - | - 3 4 33 | 32 5 6 31 | 30 7 8 29 | 28 9 10 27 | 26 11 12 25 | 24 13 14 23"
    " | 22 15 16 21 | 20 17 18 19",
    34: "- 1 2 - | 34 3 4 33 | 32 5 6 31 | 30 7 8 29 | 28 9 10 27 | 26 11 12 25 | 24 13 14 23"
    " | 22 15 16 21 | 20 17 18 19",
    35: "- 1 2 35 | 34 3 4 33 | 32 5 6 31 | 30 7 8 29 | 28 9 10 27 | 26 11 12 25 | 24 13 14 23"
    " | 22 15 16 21 | 20 17 18 19",
    36: "36 1 2 35 | 34 3 4 33 | 32 5 6 31 | 30 7 8 29 | 28 9 10 27 | 26 11 12 25 | 24 13 14 23"
    " | 22 15 16 21 | 20 17 18 19",
    37: "- 1 2 - | - 3 4 37 | 36 5 6 35 | 34 7 8 33 | 32 9 10 31 | 30 11 12 29 | 28 13 14 27"
    " | 26 15 16 25 | 24 17 18 23"
    " | 22 19 20 21",
    38: "- 1 2 - | 38 3 4 37 | 36 5 6 35 | 34 7 8 33 | 32 9 10 31 | 30 11 12 29 | 28 13 14 27"
    " | 26 15 16 25 | 24 17 18 23"
    " | 22 19 20 21",
    39: "- 1 2 39 | 38 3 4 37 | 36 5 6 35 | 34 7 8 33 | 32 9 10 31 | 30 11 12 29 | 28 13 14 27"
    " | 26 15 16 25 | 24 17 18 23"
    " | 22 19 20 21",
    40: "40 1 2 39 | 38 3 4 37 | 36 5 6 35 | 34 7 8 33 | 32 9 10 31 | 30 11 12 29 | 28 13 14 27"
    " | 26 15 16 25 | 24 17 18 23"
    " | 22 19 20 21",
}  # fmt: skip
"""A booklet, all sheets in one another, for 1 to 40 pages."""

SEWN = {
    # (pages, pages of a signature): sheets; a double bar begins another signature
    (8, 4): "4 1 2 3 || 8 5 6 7",
    (10, 4): "4 1 2 3 || 8 5 6 7 || - 9 10 -",
    (17, 4): "4 1 2 3 || 8 5 6 7 || 12 9 10 11 || 16 13 14 15 || - 17 - -",
    (40, 4): "4 1 2 3 || 8 5 6 7 || 12 9 10 11 || 16 13 14 15 || 20 17 18 19 || 24 21 22 23 || 28 25 26 27"
    " || 32 29 30 31"

    " || 36 33 34 35 || 40 37 38 39",
    (5, 8): "- 1 2 - | - 3 4 5",
    (12, 8): "8 1 2 7 | 6 3 4 5 || 12 9 10 11",
    (16, 8): "8 1 2 7 | 6 3 4 5 || 16 9 10 15 | 14 11 12 13",
    (21, 8): "8 1 2 7 | 6 3 4 5 || 16 9 10 15 | 14 11 12 13 || - 17 18 - | - 19 20 21",
    (40, 8): "8 1 2 7 | 6 3 4 5 || 16 9 10 15 | 14 11 12 13 || 24 17 18 23 | 22 19 20 21 || 32 25 26 31 | 30 27 28 29"
    " || 40 33 34 39 | 38 35 36 37",
    (20, 16): "16 1 2 15 | 14 3 4 13 | 12 5 6 11 | 10 7 8 9 || 20 17 18 19",
    (32, 16): "16 1 2 15 | 14 3 4 13 | 12 5 6 11 | 10 7 8 9 || 32 17 18 31 | 30 19 20 29 | 28 21 22 27 | 26 23 24 25",
    (40, 16): "16 1 2 15 | 14 3 4 13 | 12 5 6 11 | 10 7 8 9 || 32 17 18 31 | 30 19 20 29 | 28 21 22 27 | 26 23 24 25"
    " || 40 33 34 39 | 38 35 36 37",
    (32, 32): "32 1 2 31 | 30 3 4 29 | 28 5 6 27 | 26 7 8 25 | 24 9 10 23 | 22 11 12 21 | 20 13 14 19 | 18 15 16 17",
    (33, 32): "32 1 2 31 | 30 3 4 29 | 28 5 6 27 | 26 7 8 25 | 24 9 10 23 | 22 11 12 21 | 20 13 14 19 | 18 15 16 17"
    " || - 33 - -",
    (40, 32): "32 1 2 31 | 30 3 4 29 | 28 5 6 27 | 26 7 8 25 | 24 9 10 23 | 22 11 12 21 | 20 13 14 19 | 18 15 16 17"
    " || 40 33 34 39 | 38 35 36 37",
}  # fmt: skip

SIZES = (0, 4, 8, 16, 32)


def written(sides: Sequence[Side]) -> str:
    """Sides in the notation of the tables above."""
    signatures: dict[int, list[str]] = {}
    for front, back in zip(sides[::2], sides[1::2], strict=True):
        sheet = " ".join(str(page or "-") for page in (*front.pages, *back.pages))
        signatures.setdefault(front.signature, []).append(sheet)
    return " || ".join(" | ".join(sheets) for sheets in signatures.values())


def read(sides: Sequence[Side]) -> list[int]:
    """The folios of the bound book, in order: sheets are printed on both sides, stacked, folded, and leafed through.

    A sheet turned over along its short edge shows on the back of its right half what the back has on the left.
    """
    book: list[int] = []
    sheets = list(zip(sides[::2], sides[1::2], strict=True))
    for number in dict.fromkeys(front.signature for front, _ in sheets):
        stack = [pair for pair in sheets if pair[0].signature == number]  # the outermost lies below
        leaves = [(front.right.page, back.left.page) for front, back in stack]  # right half: recto, then its verso
        leaves += [(back.right.page, front.left.page) for front, back in reversed(stack)]  # left half, folded over
        book += [page for leaf in leaves for page in leaf]
    return book


@pytest.mark.parametrize("pages", SHEETS)
def test_a_booklet_is_as_written_by_hand(pages: int) -> None:
    assert written(booklet(pages)) == SHEETS[pages]


def test_every_count_is_written() -> None:
    assert sorted(SHEETS) == list(range(1, 41))


@pytest.mark.parametrize(("pages", "size"), SEWN)
def test_sewn_sections_are_as_written_by_hand(pages: int, size: int) -> None:
    assert written(booklet(pages, size)) == SEWN[pages, size]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("pages", range(1, 41))
def test_folded_it_reads_in_order(pages: int, size: int) -> None:
    book = read(booklet(pages, size))
    assert book[:pages] == list(range(1, pages + 1))
    assert set(book[pages:]) <= {0}
    assert len(book) == {0: 0, 1: 3, 2: 2, 3: 1}[pages % 4] + pages


def test_the_folding_sees_a_sheet_upside_down() -> None:
    sides = list(booklet(8))
    sides[0], sides[1] = sides[1], sides[0]
    assert read(sides) != list(range(1, 9))


def test_creep_moves_inner_pages_toward_the_fold() -> None:
    sides = booklet(16, 0, 0.1)
    assert [side.left.shift for side in sides] == [0, 0, 0.1, 0.1, 0.2, 0.2, 0.3, 0.3]
    assert all(side.left.shift == side.right.shift for side in sides)
    assert creep(16, 0, 0.1) == 0.3


def test_creep_begins_anew_with_each_signature() -> None:
    assert [side.left.shift for side in booklet(16, 8, 0.1)[::2]] == [0, 0.1, 0, 0.1]
    assert creep(40, 16, 0.1) == 0.3


@pytest.mark.parametrize(
    ("pages", "multiple", "blank", "total"),
    [(1, 2, 0, 2), (2, 2, 0, 2), (2, 2, 1, 4), (3, 2, 1, 4), (5, 4, 0, 8), (8, 4, 0, 8), (8, 4, 1, 12), (7, 1, 0, 7)],
)
def test_padding(pages: int, multiple: int, blank: int, total: int) -> None:
    assert padded(pages, multiple, blank) == total


def test_the_last_signature_takes_what_remains() -> None:
    assert signatures(45, 16) == (16, 16, 16)
    assert signatures(33, 16) == (16, 16, 4)
    assert signatures(33) == (36,)


@pytest.mark.parametrize("size", [-4, 2, 6, 10])
def test_a_signature_is_whole_sheets(size: int) -> None:
    with pytest.raises(ValueError, match="multiple of 4"):
        signatures(8, size)


def test_no_pages_no_book() -> None:
    with pytest.raises(ValueError, match="a page"):
        booklet(0)
