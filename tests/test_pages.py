"""Finished pages, judged by machine: how full they are, what stands together, what keeps inside its margins."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from finished import Letter, letters
from pressroom import EXTREMES, SEED, SPECIMENS, Block, Made, Press, setting, slugs

SETTINGS = [("a4", "colour"), ("a5", "mono"), ("6x9in", "colour")]
EVERY = [(folder, slug) for folder in (SPECIMENS, EXTREMES) for slug in slugs(folder)]

LEAST = 1 / 3
"""Share of its type area that any page but the last is filled to."""

TOGETHER = {("tr", ""), ("figure", "strip"), ("article", "card"), ("article", "tag")}
"""What goes on overleaf with at least one more of its kind: rows of tables, strips, cards, tags."""

HAND = "Nothing-You-Could-Do"
"""A hand that writes its letters into each other."""

TALL = 0.25
"""Share of a page from which one row or card holds its own."""


def parameter(folder: Path, slug: str, paper: str, theme: str) -> Any:
    name = f"{slug[:24]}-{paper}-{theme}"
    return pytest.param((folder, slug, paper, theme), id=name, marks=pytest.mark.xdist_group(name))


@pytest.fixture(params=[parameter(*which, *how) for which in EVERY for how in SETTINGS])
def made(request: pytest.FixtureRequest, press: Press) -> Made:
    folder, slug, paper, theme = request.param
    return press.make(folder, slug, paper=paper, theme=theme)


def test_there_is_something_to_judge() -> None:
    assert len(EVERY) >= 15
    assert {"bare", "forty", "long-title", "redacted", "scripts"} <= {slug for _, slug in EVERY}


@pytest.mark.parametrize("theme", ["colour", "mono"])
@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_the_seed_has_four_pages_of_little_weight(press: Press, paper: str, theme: str) -> None:
    part = press.make(SPECIMENS, SEED, paper=paper, theme=theme).part
    assert part.pages == 4
    assert len(part.pdf) <= 200_000


def test_no_page_but_the_last_is_nearly_empty(made: Made) -> None:
    shares = [face.used for face in made.faces]
    assert len(shares) >= 2
    sparse = {number: round(share, 2) for number, share in enumerate(shares[1:-1], 2) if share < LEAST}
    assert sparse == {}


def test_the_last_page_is_not_all_but_empty(made: Made) -> None:
    """A last page may be short, never a line or two."""
    assert made.faces[-1].used > 0.08


def test_no_heading_is_stranded(made: Made) -> None:
    stranded = []
    for number, face in enumerate(made.faces, 1):
        for heading in face.of("h2"):
            body = [
                block
                for block in face.blocks
                if block.section == heading.section
                and block.tag not in ("section", "h2")
                and not block.classes & {"pen", "tally"}
                and block.y > heading.y
                and block.height > 1
            ]
            if not body:
                stranded.append(f"page {number}: {heading.section}")
    assert stranded == []


def continued(made: Made) -> Iterator[tuple[str, int, list[Block], int]]:
    """What pages hold of tables and rows of strips that began before: section, page, rows there, how many in all."""
    for tag, name in TOGETHER:
        on_pages: dict[str, dict[int, list[Block]]] = defaultdict(lambda: defaultdict(list))
        for number, face in enumerate(made.faces, 1):
            for block in face.of(tag, *filter(None, [name])):
                if block.section and not head_row(face.of("thead"), block):
                    on_pages[block.section][number].append(block)
        for section, pages in on_pages.items():
            whole = len({block.row for rows in pages.values() for block in rows})
            for (_, above), (number, rows) in pairwise(pages.items()):
                if rows[0].row != above[-1].row:
                    yield section, number, rows, whole


def head_row(heads: list[Block], block: Block) -> bool:
    return any(head.y - 0.1 <= block.y and block.foot <= head.foot + 0.1 for head in heads)


def test_nothing_goes_on_overleaf_alone(made: Made) -> None:
    """The last two rows, strips, cards or tags stay together, where they do not fill much of a page."""
    alone = [
        f"page {number}: one of {whole} in {section}"
        for section, number, rows, whole in continued(made)
        if len(rows) == 1 and rows[0].height < TALL * made.paper.area
    ]
    assert alone == []


def test_a_row_is_not_torn_unless_it_is_tall(made: Made) -> None:
    seen: dict[tuple[str, str, int], list[tuple[int, float]]] = defaultdict(list)
    for tag, name in TOGETHER:
        for number, face in enumerate(made.faces, 1):
            for block in face.of(tag, *filter(None, [name])):
                if block.section and not head_row(face.of("thead"), block):
                    seen[block.section, tag, block.row].append((number, block.height))
    torn = {
        key: pieces
        for key, pieces in seen.items()
        if len({number for number, _ in pieces}) > 1 and sum(height for _, height in pieces) < 0.45 * made.paper.area
    }
    assert torn == {}


def test_letters_stay_on_the_paper_and_inside_the_margins(made: Made) -> None:
    paper, slack = made.paper, 0.6
    outside = []
    count = 0
    for number, page in enumerate(letters(made.pdf), 1):
        left, right = (paper.left, paper.right) if number % 2 else (paper.right, paper.left)
        for letter in page:
            count += 1
            on_paper = (
                letter.left > 2 and letter.top > 2 and letter.right < paper.width - 2 and letter.foot < paper.height - 2
            )
            between = number == 1 or (letter.left > left - slack and letter.right < paper.width - right + slack)
            if not (on_paper and between):
                outside.append((number, letter.char, round(letter.left, 1), round(letter.top, 1)))
    assert count > 300
    assert outside == []


def test_letters_do_not_lie_on_each_other(made: Made) -> None:
    overlaps = [
        f"page {number}: {one.char} over {other.char} at {one.left:.0f}, {one.top:.0f}"
        for number, page in enumerate(letters(made.pdf)[1:], 2)
        for one, other in overlapping(page)
    ]
    assert overlaps[:10] == []


def overlapping(page: list[Letter]) -> Iterator[tuple[Letter, Letter]]:
    """Pairs of letters of which one covers a good part of the other."""
    cell = 4.0
    grid: dict[tuple[int, int], list[Letter]] = defaultdict(list)
    for letter in page:
        if letter.area < 0.05:
            continue
        near = {
            (column, row)
            for column in range(math.floor(letter.left / cell), math.floor(letter.right / cell) + 1)
            for row in range(math.floor(letter.top / cell), math.floor(letter.foot / cell) + 1)
        }
        for other in {other for place in near for other in grid[place]}:
            width = min(letter.right, other.right) - max(letter.left, other.left)
            height = min(letter.foot, other.foot) - max(letter.top, other.top)
            if width > 0 and height > 0 and width * height > 0.4 * min(letter.area, other.area):
                written = letter.font == other.font and HAND in letter.font
                if not written and not ligature(other, letter):
                    yield other, letter
        for place in near:
            grid[place].append(letter)


def ligature(one: Letter, other: Letter) -> bool:
    """Whether two letters are one glyph: both have the box of the whole."""
    return replace(one, char="") == replace(other, char="")


def test_an_overlap_is_seen() -> None:
    one, other = Letter("a", 10, 10, 12, 13, "Special-Elite"), Letter("b", 10.5, 10.5, 12.5, 13, HAND)
    assert list(overlapping([one, other, Letter("c", 30, 30, 32, 33, HAND)])) == [(one, other)]
    assert list(overlapping([other, other])) == []


@pytest.mark.parametrize(
    ("folder", "slug", "paper"),
    [(folder, slug, "a4") for folder, slug in EVERY]
    + [(SPECIMENS, SEED, "a5"), (SPECIMENS, SEED, "letter"), (EXTREMES, "redacted", "6x9in")],
)
def test_pages_break_alike_in_colour_and_mono(press: Press, folder: Path, slug: str, paper: str) -> None:
    colour, mono = (press.make(folder, slug, paper=paper, theme=theme) for theme in ("colour", "mono"))
    assert breaks(colour) == breaks(mono)
    assert colour.part.density == mono.part.density


def breaks(made: Made) -> list[list[tuple[str, str, int]]]:
    """The blocks of every page."""
    return [
        [
            (block.section, block.tag, block.row)
            for block in face.blocks
            if block.tag in ("h2", "tr", "p", "li", "article")
        ]
        for face in made.faces
    ]


def test_sections_follow_the_record_s_order(made: Made) -> None:
    found = [block.section for face in made.faces for block in face.of("h2")]
    assert found == list(made.dossier.record.sections)
    numbers = [setting().layout.sections[key].number for key in found]
    assert all(one < other for one, other in pairwise(numbers))


def test_no_paper_leaves_a_third_of_an_inner_page_blank(made: Made) -> None:
    """Boxes that keep together push at most a third of a page away."""
    blank = {number: round(face.used, 2) for number, face in enumerate(made.faces[1:-1], 2) if face.used < 0.66}
    assert blank == {}
