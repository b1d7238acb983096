"""Drawings that show data: where a needle points, what an axis counts in, what overlaps and what does not."""

from __future__ import annotations

import math
import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from samples import ORG, PAY, palette

from render import art
from render.art import daybar, lettering, orgchart, paybar, rangemap

SVG = "{http://www.w3.org/2000/svg}"
COLOUR = palette("colour")
SIX_POINT = 6 * 25.4 / 72
Box = tuple[float, float, float, float]


def boxes(markup: str, attribute: str, colour: str) -> list[Box]:
    """Rectangles (left, top, right, bottom) among the paths of a colour."""
    found = []
    for node in ET.fromstring(markup).iter(f"{SVG}path"):
        if node.attrib.get(attribute) == colour:
            for x, y, w, h in re.findall(r"M([\d.]+) ([\d.]+)h([\d.]+)v([\d.]+)h-", node.attrib["d"]):
                found.append((float(x), float(y), float(x) + float(w), float(y) + float(h)))
    return found


def overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] - 0.01 and b[0] < a[2] - 0.01 and a[1] < b[3] - 0.01 and b[1] < a[3] - 0.01


def inside(a: Box, b: Box) -> bool:
    return a[0] >= b[0] and a[1] >= b[1] and a[2] <= b[2] and a[3] <= b[3]


# ---- gauge


@pytest.mark.parametrize(("percent", "degrees"), [(0, 180), (50, 90), (100, 0), (85, 27)])
def test_the_needle_points_at_the_value(percent: int, degrees: float) -> None:
    markup = art.draw("gauge", COLOUR | {"needle": "#123456"}, percent=percent, w=60, h=31.6)
    tip = re.search(r'fill="#123456" d="M([\d.]+) ([\d.]+)L', markup)
    assert tip
    dx, dy = float(tip[1]) - 30, 28.8 - float(tip[2])
    assert math.degrees(math.atan2(dy, dx)) == pytest.approx(degrees, abs=0.1)
    assert math.hypot(dx, dy) == pytest.approx(22.7, abs=0.02)


def test_the_needle_stays_on_the_dial() -> None:
    assert art.draw("gauge", COLOUR, percent=140) == art.draw("gauge", COLOUR, percent=100)


# ---- salary bars


@pytest.mark.parametrize(
    ("reach", "ticks"),
    [
        (95_000, (0, 25_000, 50_000, 75_000, 100_000)),
        (133_000, (0, 50_000, 100_000, 150_000)),
        (118_000, (0, 25_000, 50_000, 75_000, 100_000, 125_000)),
        (210_000, (0, 50_000, 100_000, 150_000, 200_000, 250_000)),
        (300_000, (0, 100_000, 200_000, 300_000)),
        (6_000_000, (0, 2_500_000, 5_000_000, 7_500_000)),
        (9e12, (0, 2.5e12, 5e12, 7.5e12, 1e13)),
        (1, (0, 0.25, 0.5, 0.75, 1)),
        (0, (0, 1, 2, 3)),
    ],
)
def test_the_axis_counts_in_1_or_2_5_or_5(reach: float, ticks: tuple[float, ...]) -> None:
    assert paybar.axis(reach) == pytest.approx(ticks)


def test_every_axis_has_three_to_six_ticks() -> None:
    counts = {len(paybar.axis(1.07**i)) for i in range(400)}
    assert counts == {4, 5, 6}


def test_tick_labels_name_their_thousands() -> None:
    assert paybar.tick_labels(paybar.axis(133_000)) == ["0", "50k", "100k", "150k"]
    assert paybar.tick_labels(paybar.axis(9e12)) == ["0", "2.5tn", "5tn", "7.5tn", "10tn"]
    assert paybar.tick_labels((0, 500, 1000)) == ["0", "500", "1000"]
    assert paybar.tick_labels((0, 2.5e6, 5e6), ("", " Tsd.", " Mio."), ",") == ["0", "2,5 Mio.", "5 Mio."]


@pytest.mark.parametrize(
    ("amount", "figure", "left", "right"),
    [(100_000, "$100,000", 0, 100_000), ((95_000, 120_000), "$95,000 to $120,000", 95_000, 120_000), (0, "$0", 0, 0)],
)
def test_the_bar_runs_from_lowest_to_highest(amount: Any, figure: str, left: float, right: float) -> None:
    markup = art.draw("paybar", COLOUR | {"bar": "#123456"}, amount=amount, figure=figure, **PAY, w=72)
    (bar,) = boxes(markup, "fill", "#123456")
    assert bar[0] / bar[2] == pytest.approx(left / right if right else 0, abs=0.01)
    assert bar[2] <= 71.7


@pytest.mark.parametrize("w", [72.0, 101.0])
@pytest.mark.parametrize(
    ("amount", "figure", "benchmark", "against"),
    [
        (95_000, "$95,000", None, ""),
        (165_000, "$165,000", 148_000, "$148,000"),
        (0, "$0", 165_000, "$165,000"),
        ((80_000, 150_000), "€80,000 to €150,000", 149_000, "€149,000"),
        (9e12, "¥9,000,000,000,000", 1e12, "¥1,000,000,000,000"),
    ],
)
def test_figures_stay_in_the_drawing_and_clear_of_their_bars(
    amount: Any, figure: str, benchmark: float | None, against: str, w: float
) -> None:
    pair = {"benchmark": benchmark, "benchmark_figure": against}
    markup = art.draw("paybar", COLOUR | {"bar": "#123456"}, amount=amount, figure=figure, **pair, **PAY, w=w)
    (bar,) = boxes(markup, "fill", "#123456")
    for node in ET.fromstring(markup).iter(f"{SVG}text"):
        if node.text in (figure, against):
            x = float(node.attrib["x"])
            end = x + lettering.measure(node.text or "", "type-bold", float(node.attrib["font-size"]))
            assert x >= 0
            assert end <= w
            assert node.text != figure or x > bar[2] or end < bar[0]


def test_an_unknown_benchmark_is_withheld() -> None:
    data = {"amount": 95_000, "figure": "$95,000", **PAY}
    assert "WITHHELD" in art.draw("paybar", COLOUR, **data)
    assert "WITHHELD" not in art.draw("paybar", COLOUR, **data, benchmark=1, benchmark_figure="$1")


# ---- the day


def test_overlapping_entries_get_lanes_of_their_own() -> None:
    made = daybar.blocks([(540, 660), (600, 720), (660, 700), (900, 960)])
    assert [(block.key, block.lane, block.lanes) for block in made] == [
        ("A", 0, 2),
        ("B", 1, 2),
        ("C", 0, 2),
        ("D", 0, 1),
    ]


def test_an_entry_past_midnight_is_two_blocks_with_one_key() -> None:
    made = daybar.blocks([(600, 660), (1380, 60)])
    assert [(block.start, block.end, block.key) for block in made] == [(0, 60, "B"), (600, 660, "A"), (1380, 1440, "B")]
    assert [(b.start, b.end) for b in daybar.blocks([(1320, 0)])] == [(1320, 1440)]
    assert sorted((b.start, b.end) for b in daybar.blocks([(480, 480)])) == [(0, 480), (480, 1440)]


@pytest.mark.parametrize(
    "entries",
    [
        [(540, 660), (600, 720), (630, 640), (645, 650), (652, 657)],
        [(i * 36, i * 36 + 8) for i in range(40)],
        [(i, 1440 - i) for i in range(0, 400, 100)],
        [(0, 1440)],
        [],
    ],
)
def test_blocks_never_cover_one_another(entries: list[tuple[int, int]]) -> None:
    markup = art.draw("daybar", COLOUR | {"bar": "#123456"}, entries=entries, w=162)
    drawn = boxes(markup, "fill", "#123456")
    assert len(drawn) == len(entries)
    assert not [(a, b) for i, a in enumerate(drawn) for b in drawn[:i] if overlap(a, b)]
    high = float(ET.fromstring(markup).attrib["height"][:-2])
    assert high == pytest.approx(daybar.height(entries), abs=0.01)
    assert all(block[3] < high - 6 for block in drawn)


def test_the_strip_grows_with_its_lanes() -> None:
    assert daybar.height([(0, 60)]) == pytest.approx(17.6)
    assert daybar.height([(0, 60 + i) for i in range(5)]) == pytest.approx(4 + 5 * 3.4 + 6.4)


def test_flags_of_narrow_blocks_stand_side_by_side() -> None:
    places = daybar.spread([10, 10.5, 11, 40, 99.9], [4, 4, 4, 4, 4], 0, 100)
    assert places == pytest.approx([6.5, 10.5, 14.5, 40, 98])
    assert daybar.spread([0, 0], [6, 4], 0, 100) == pytest.approx([3, 8])


def test_every_narrow_block_is_flagged() -> None:
    markup = art.draw("daybar", COLOUR, entries=[(i * 36, i * 36 + 8) for i in range(40)], w=162)
    flags = next(node for node in ET.fromstring(markup).iter(f"{SVG}text") if (node.text or "").startswith("ABC"))
    assert (flags.text or "").endswith("ALAMAN")


# ---- organization chart


def level(*roles: str, relation: str = "", note: str = "", subject: bool = False) -> dict[str, Any]:
    return {"roles": list(roles), "relation": relation, "note": note, "subject": subject}


SEVEN = [
    level("Chief Executive Officer", relation="pressure"),
    level(
        "Senior Vice President of Enterprise Transformation and Change", relation="pressure", note="asks for the deck"
    ),
    level("Head of AI", "Head of the Other AI", "Interim Head", relation="pressure", note="not on speaking terms"),
    level("x", subject=True),
    level("Project Manager", "Scrum Master", "Delivery Lead", "Product Owner", "Business Analyst"),
    level("Softwareentwicklungsabteilungsleiter", "Engineer", "QA", relation="extraction"),
    level("Intern", relation="extraction"),
]


@pytest.mark.parametrize("w", [80.0, 58.0])
def test_seven_levels_neither_overlap_nor_shrink_below_six_points(w: float) -> None:
    markup = art.draw("orgchart", COLOUR, seed="s", **ORG, levels=SEVEN, w=w)
    root = ET.fromstring(markup)
    frames = boxes(markup, "stroke", COLOUR["ink"])
    assert len(frames) >= 13
    for i, a in enumerate(frames):
        assert 0 <= a[0] < a[2] <= w
        assert not [b for b in frames[:i] if overlap(a, b) and not inside(a, b) and not inside(b, a)]
    texts = list(root.iter(f"{SVG}text"))
    assert min(float(node.attrib["font-size"]) for node in texts) >= SIX_POINT - 0.005
    names = [node for node in texts if " " in node.attrib["x"] and node.attrib["font-weight"] == "700"]
    assert "".join(node.text or "" for node in names).count("ChiefExecutiveOfficer") == 1
    for node in names:
        advance = float(node.attrib["font-size"]) * 0.6
        for x, y in zip(node.attrib["x"].split(), node.attrib["y"].split(), strict=True):
            letter = (float(x), float(y) - 1.2, float(x) + advance, float(y) + 0.3)
            assert any(inside(letter, frame) for frame in frames), (x, y)
    assert float(root.attrib["height"][:-2]) == pytest.approx(orgchart.height(SEVEN, w), abs=0.01)


def test_levels_stand_in_their_order() -> None:
    markup = art.draw("orgchart", COLOUR, seed="s", **ORG, levels=[level("Aa"), level(subject=True), level("Zz")])
    a, subject, z = boxes(markup, "stroke", COLOUR["ink"])[0], boxes(markup, "fill", COLOUR["bar"])[0], boxes(
        markup, "stroke", COLOUR["ink"]
    )[1]  # fmt: skip
    assert a[3] < subject[1] < subject[3] < z[1]


@pytest.mark.parametrize(
    ("relations", "pressure", "extraction"),
    [(("pressure", "", "extraction"), True, True), (("", "", "extraction"), False, True), (("", "", ""), False, False)],
)
def test_rails_show_what_is_known(relations: tuple[str, str, str], pressure: bool, extraction: bool) -> None:
    levels = [level("Head", relation=relations[0]), level(subject=True), level("Hands", relation=relations[2])]
    markup = art.draw("orgchart", COLOUR, seed="s", **ORG, levels=levels)
    assert ("PRESSURE" in markup) is pressure
    assert ("EXTRACTION" in markup) is extraction
    assert ('stroke-dasharray="1.5 .9"' in markup) is extraction


def test_one_role_may_be_given_alone_or_be_redacted() -> None:
    alone, listed = (
        art.draw("orgchart", COLOUR, seed="s", **ORG, levels=[top, level(subject=True)])
        for top in ({"role": "Head of Quality"}, {"roles": ["Head of Quality"]})
    )
    assert alone == listed
    assert "HeadofQuality" in alone
    hidden = art.draw("orgchart", COLOUR, seed="s", **ORG, levels=[level("[redacted]"), level(subject=True)])
    assert "redacted" not in hidden
    assert f'fill="{COLOUR["black"]}" d="M' in hidden


def test_without_levels_everyone_is_redacted() -> None:
    markup = art.draw("orgchart", COLOUR, seed="s", **ORG)
    words = "".join(node.text or "" for node in ET.fromstring(markup).iter(f"{SVG}text"))
    assert words == "PRESSUREEXTRACTIONTHE SUBJECTOR-529-B818"
    assert len(boxes(markup, "stroke", COLOUR["ink"])) == 5


# ---- map


@pytest.mark.parametrize(("w", "h"), [(62.0, 31.0), (42.0, 28.0)])
@pytest.mark.parametrize("n", range(1, 41))
def test_sightings_lie_apart_and_inside_the_frame(n: int, w: float, h: float) -> None:
    for seed in ("one", "two", "three"):
        places, radius = rangemap.sightings(seed, n, w, h)
        assert len(places) == n
        assert radius >= 1.4
        for i, (x, y) in enumerate(places):
            assert radius + 0.5 < x < w - radius - 0.5
            assert radius + 0.5 < y < h - radius - 0.5
            assert all(math.hypot(x - a, y - b) > 2 * radius for a, b in places[:i])


def test_sightings_are_lettered_from_left_to_right() -> None:
    markup = art.draw("rangemap", COLOUR, seed="s", n=5)
    letters = next(node for node in ET.fromstring(markup).iter(f"{SVG}text") if node.text == "ABCDE")
    xs = [float(x) for x in letters.attrib["x"].split()]
    assert xs == sorted(xs)


def test_a_lean_map_has_no_grid() -> None:
    grid = f'stroke="{COLOUR["rule"]}" stroke-width="0.15"'
    assert grid in art.draw("rangemap", COLOUR, seed="s", n=2)
    assert grid not in art.draw("rangemap", COLOUR, seed="s", n=2, grid=(0, 0))
