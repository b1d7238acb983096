"""What holds for every drawing: it is well-formed, opaque, free of words of its own, and the same for the same seed."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from samples import SAMPLES, SEED, THEMES, palette

from render import art
from render.art import pen

SVG = "{http://www.w3.org/2000/svg}"
SEEDED = sorted(
    name
    for name in art.names()
    if "seed" in inspect.signature(__import__(f"render.art.{name}", fromlist=["draw"]).draw).parameters
)
INDEXED = ("scorch", "tagcap", "tageye", "tape", "torn")


def test_every_drawing_has_a_sample() -> None:
    assert set(art.names()) == set(SAMPLES)
    assert len(SAMPLES) >= 38


def test_an_unknown_drawing_is_a_key_error() -> None:
    for name in ("unicorn", "pen", "lettering", "_sitter", "../pen"):
        with pytest.raises(KeyError):
            art.draw(name, {})


def test_heights_that_a_drawing_finds_itself() -> None:
    assert art.height("daybar", entries=[(540, 600)]) == pytest.approx(17.6)
    with pytest.raises(KeyError):
        art.height("gauge", percent=3)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_well_formed_opaque_and_in_millimetres(name: str, theme: str) -> None:
    markup = art.draw(name, palette(theme), **SAMPLES[name])
    root = ET.fromstring(markup)
    assert root.tag == f"{SVG}svg"
    view = [float(number) for number in root.attrib["viewBox"].split()]
    assert view[2] > 0
    assert view[3] > 0
    assert re.fullmatch(r"[\d.]+mm", root.attrib["width"])
    assert "opacity" not in markup
    assert "rgba" not in markup
    for node in root.iter():
        for attribute in ("fill", "stroke"):
            assert re.fullmatch(r"none|#[0-9a-f]{6}", node.attrib.get(attribute, "none")), node.attrib
    assert not re.search(r"\d\.\d{3}", markup), "numbers have two decimals at most"
    assert "nan" not in markup
    ids = re.findall(r' id="([^"]+)"', markup)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(#([^)]+)\)", markup)) == set(ids)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_palette_and_keywords_only(name: str) -> None:
    drawing = __import__(f"render.art.{name}", fromlist=["draw"]).draw
    first, *rest = inspect.signature(drawing).parameters.values()
    assert first.name == "palette"
    assert {parameter.kind for parameter in rest} <= {inspect.Parameter.KEYWORD_ONLY}


def test_words_on_the_page_are_those_handed_in() -> None:
    given = " ".join(str(value) for data in SAMPLES.values() for value in data.values()) + "N 0123456789 k A B C D"
    seen = ""
    for name, data in SAMPLES.items():
        root = ET.fromstring(art.draw(name, palette("colour"), **data))
        text = "".join(node.text or "" for node in root.iter(f"{SVG}text"))
        seen += text
        assert set(text) <= set(given), name
    assert "WITHHELD" in seen


def test_equal_bytes_in_every_process() -> None:
    digests = set()
    folder = Path(__file__).parent
    for seed in ("0", "1", "4242"):
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(folder.parent.parent)}
        command = [sys.executable, str(folder / "samples.py")]
        digests.add(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout)
    assert len(digests) == 1
    assert re.fullmatch(r"[0-9a-f]{64}\n", digests.pop())


@pytest.mark.parametrize("name", SEEDED)
def test_another_seed_is_another_drawing(name: str) -> None:
    def drawn(seed: str) -> str:
        return art.draw(name, palette("colour"), **SAMPLES[name] | {"seed": seed})

    assert drawn("one") == drawn("one")
    assert len({drawn(seed) for seed in ("one", "two", "three")}) == 3


def test_enough_drawings_are_seeded() -> None:
    assert len(SEEDED) >= 16


@pytest.mark.parametrize("name", INDEXED)
def test_no_two_strips_of_a_page_are_alike(name: str) -> None:
    data = SAMPLES[name] | {"seed": SEED}
    assert len({art.draw(name, palette("colour"), **data | {"index": index}) for index in range(12)}) == 12


def test_both_edges_of_a_strip_are_torn_differently() -> None:
    edges = [art.draw("torn", palette("colour"), seed=SEED, edge=edge) for edge in ("top", "bottom")]
    heights = [[y for _, y in _points(edge, "#c9b98f")] for edge in edges]
    assert heights[0] != [1.75 - y for y in heights[1]]
    for ys in heights:
        assert ys[0] == ys[-1], "a tile meets its neighbour"
        assert all(0 < y < 1.75 for y in ys)


def _points(markup: str, stroke: str) -> list[tuple[float, float]]:
    root = ET.fromstring(markup)
    path = next(node.attrib["d"] for node in root.iter(f"{SVG}path") if node.attrib.get("stroke") == stroke)
    return [tuple(map(float, pair.split())) for pair in re.findall(r"[ML]([-\d.]+ [-\d.]+)", path)]  # type: ignore[misc]


def test_a_verso_mirrors_rail_and_holes() -> None:
    data = SAMPLES["sheet"]
    found: dict[str, Any] = {}
    for side in ("recto", "verso"):
        markup = art.draw("sheet", palette("colour"), **data, side=side)
        rail = [x for x, _ in _points(markup, palette("colour")["rail"])]
        hole = re.search(r"M([\d.]+) 108\.5a3", markup)
        assert hole
        found[side] = (rail, float(hole[1]) + 3)
    assert found["recto"] == ([21.4, 20.4], 12.0)
    assert found["verso"] == ([188.6, 189.6], 198.0)


@pytest.mark.parametrize("name", ["blank", "coversheet", "field", "folder", "sheet", "thumb"])
def test_bleed_is_added_outside_the_trim(name: str) -> None:
    root = ET.fromstring(art.draw(name, palette("colour"), **SAMPLES[name], bleed=3))
    data = SAMPLES[name]
    assert root.attrib["viewBox"] == f"-3 -3 {data['pw'] + 6:g} {data['ph'] + 6:g}"


def test_the_folder_in_ink_has_no_fibres_and_keeps_its_outline() -> None:
    colour, ink = (art.draw("folder", palette(theme), **SAMPLES["folder"]) for theme in THEMES)
    fibres = 'stroke-width="0.14"'
    assert fibres in colour
    assert fibres not in ink
    assert fibres not in art.draw("folder", palette("colour"), **SAMPLES["folder"] | {"fibres": 0})
    assert ink.count("<path") >= 7


@pytest.mark.parametrize(("pw", "slots", "count"), [(210.0, 3, 3), (210.0, 40, 7), (152.4, 9, 5), (148.0, 1, 3)])
def test_tabs_stand_side_by_side_on_the_page(pw: float, slots: int, count: int) -> None:
    from render.art import folder

    places = [folder.tab_place(pw, slot, slots) for slot in range(slots)]
    assert len(set(places)) == min(count, slots)
    assert folder.tab_place(pw, count, slots) == folder.tab_place(pw, 0, slots)
    assert all(x >= 6 and x + w <= pw - 5 and w >= 30 for x, w in places)


def test_a_stamp_shrinks_to_its_width() -> None:
    lines = [("VOLLKOMMEN ÜBERFLÜSSIG", 1.62), ("MIT GLEICHGÜLTIGKEIT ZU BEHANDELN", 0.52)]
    free, held = (
        ET.fromstring(art.draw("stamp", palette("colour"), seed="s", size=10.5, lines=lines, w=w)) for w in (0.0, 96.0)
    )
    assert float(free.attrib["width"][:-2]) > 96
    assert float(held.attrib["width"][:-2]) == pytest.approx(96, abs=0.2)


@pytest.mark.parametrize(
    ("d", "words", "written"), [(24, "SEDES VACANS", True), (17, "SEDES VACANS", True), (17, "X" * 60, False)]
)
def test_words_round_a_seal_are_six_points_or_left_out(d: float, words: str, written: bool) -> None:
    root = ET.fromstring(art.draw("seal", palette("colour"), d=d, words=words))
    sizes = [float(node.attrib["font-size"]) for node in root.iter(f"{SVG}text")]
    assert bool(sizes) is written
    assert all(size >= 2.11 for size in sizes)


def test_wear_spares_words_that_carry_a_figure() -> None:
    data = SAMPLES["stamp"] | {"lines": [("HIGH RISK", 1), ("FLIGHT RISK 85%", 0.52)]}
    root = ET.fromstring(art.draw("stamp", palette("colour"), **data, wear="frame"))
    clipped = root.find(f"{SVG}g")
    assert clipped is not None
    assert not list(clipped.iter(f"{SVG}text"))
    assert len(list(root.iter(f"{SVG}text"))) == 2


@pytest.mark.parametrize("percent", [0, 4, 50, 98, 99, 100])
def test_the_meter_rounds_and_is_full_only_at_a_hundred(percent: int) -> None:
    from render.art import meter

    assert meter.lit_segments(percent) == {0: 0, 4: 1, 50: 10, 98: 19, 99: 19, 100: 20}[percent]


def test_sixty_sitters_are_sixty_people() -> None:
    from render.art import _sitter

    sitters = [_sitter.pose(pen.rng("portrait", f"specimen-{i}")) for i in range(60)]
    assert len({(s.hair, s.dress, s.beard, s.glasses, s.backdrop, s.skin) for s in sitters}) > 55
    assert {s.hair for s in sitters} == set(_sitter._HAIR)
    assert {s.dress for s in sitters} == set(_sitter._DRESS)


def test_a_portrait_stays_small() -> None:
    sizes = [len(art.draw("portrait", palette("colour"), seed=f"specimen-{i}")) for i in range(20)]
    assert max(sizes) < 18_000
    assert sum(sizes) / len(sizes) < 13_500


def test_letters_of_lists_go_on_after_z() -> None:
    assert [pen.key(i) for i in (0, 25, 26, 27, 51, 52, 701, 702)] == ["A", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA"]
