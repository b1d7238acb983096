"""Front matter, lists, the map and the covers: right for four specimens and for three hundred, in every setting."""

from __future__ import annotations

import dataclasses
import functools
import io
import re
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from finished import PT, letters, opened_bytes, sizes, tags, words
from pressroom import SPECIMENS, opened_archive, setting
from test_anthology_layout import links, marks, names
from test_standards import failures

from render import art, compose, raster
from render.record import Matter, Part
from render.text import Text
from render.typeset import Typesetter

ROLES = ("Agile Coach", "SDET", "Cloud Center of Excellence Evangelist", "Chief of Staff to the Tribe Lead & Partner")
FAMILIES = ("AI & Data", "Architecture & Committees", "Quality & Assurance", "Strategy & Transformation")
LONG = "Associate Product Marketing Manager, Internal Platform Adoption, Storytelling & Launch Readiness (Interim)"
COUNTS = {"divisions": 2, "families": 4, "specimens": 36, "selection": ""}
GAUGES = [("6x9in", "colour"), ("a5", "mono"), ("a4", "colour"), ("5.5x8.5in", "mono")]
BLEED = 3.175
MARGIN = 0.3
"""Millimetres of rounding."""


def specimens(count: int) -> list[dict[str, Any]]:
    return [
        {
            "slug": f"s{n}",
            "title": Text(f"{ROLES[n % 4]} {n}"),
            "file_number": f"OR-{n:03}-00FF",
            "family": n * 4 // count,
        }
        for n in range(count)
    ]


def contents(count: int) -> dict[str, Any]:
    drawers = [
        {"key": f"f{k}", "title": Text(name), "number": k + 1, "specimens": []} for k, name in enumerate(FAMILIES)
    ]
    for one in specimens(count):
        drawers[one["family"]]["specimens"].append(one)
    divisions = [
        {"key": "technology", "title": Text("Technology"), "families": drawers[:3]},
        {"key": "corporate", "title": Text("Corporate Center"), "families": drawers[3:]},
    ]
    front = [{"key": "how-to-read", "title": Text("How to read a file")}]
    back = [{"key": "register", "title": Text("Register of specimens")}]
    return {"front": front, "divisions": divisions, "back": back}


def register(count: int) -> dict[str, Any]:
    pays = (
        {"amount": 118_000, "currency": "USD"},
        {"amount": {"from": 160_000, "to": 205_000}, "currency": "USD"},
        {"amount": {"from": 88_000, "to": 164_000}, "currency": "CHF"},
        None,
    )
    return {
        "rows": [
            one | {"number": one["family"] + 1, "salary": pays[n % 4], "percent": (85, 64, 12, None)[n % 4]}
            for n, one in enumerate(specimens(count))
        ]
    }


def relations(count: int) -> dict[str, Any]:
    """Everybody leads to the first and to the next."""
    pairs = {(n, other) for n in range(count) for other in (0, n + 1) if other not in (n, count)}
    return {"families": [Text(name) for name in FAMILIES], "nodes": specimens(count), "links": sorted(map(list, pairs))}


PIECES: Mapping[str, Mapping[str, Any]] = {
    "half-title": {},
    "warning": {},
    "title": COUNTS,
    "colophon": COUNTS | {"faces": ["Courier Prime", "Barlow Condensed", "Special Elite"]},
    "contents": contents(36),
    "how-to-read": {"paragraphs": [Text("Read [01] first. A ||black bar|| is a redaction."), Text("Then stop.")]},
    "register": register(36),
    "index-head": {},
    "index-letter": {
        "letter": "A",
        "entries": [
            {"text": Text("Abacus Attestation"), "see": Text(""), "targets": ["s1", "s2"]},
            {"text": Text("Agile Sherpa"), "see": Text("SDET"), "targets": []},
        ],
    },
    "map": relations(36),
    "charge-out": {},
    "cover-front": COUNTS,
    "cover-back": COUNTS | {"families": [Text(name) for name in FAMILIES]},
}
PAGES = {
    "half-title": ["plain"],
    "warning": ["plain"],
    "title": ["plain"],
    "colophon": ["plain"],
    "index-head": ["matter"],
    "map": ["spread", "spread"],
    "charge-out": ["plain"],
    "cover-front": ["boardfront"],
    "cover-back": ["boardback"],
}


def piece(
    name: str,
    data: Mapping[str, Any] | None = None,
    *,
    paper: str = "6x9in",
    theme: str = "colour",
    archive: Mapping[str, Any] | None = None,
) -> Part:
    """A piece of matter, set as binding sets it; ``archive`` replaces what archive.yaml says."""
    if data is None and archive is None:
        return _made(name, paper, theme)
    return _set(name, PIECES[name] if data is None else data, paper, theme, archive or {})


@functools.cache
def _made(name: str, paper: str, theme: str) -> Part:
    return _set(name, PIECES[name], paper, theme, {})


def _set(name: str, data: Mapping[str, Any], paper: str, theme: str, archive: Mapping[str, Any]) -> Part:
    chosen = setting(paper, theme, "anthology")
    opened, _ = opened_archive(SPECIMENS, chosen.layout)
    matter = Matter(name, name, Text("Register of things"), "en", data=data)
    sheet = compose.matter(matter, dataclasses.replace(opened, **archive), chosen)
    return Typesetter(chosen.faces, chosen.layout.roots).typeset(sheet, density="normal")


def said(part: Part) -> str:
    return " ".join(word for page in words(part.pdf) for word in page)


def heading(part: Part) -> str:
    """The letters of the heading: a reader takes what is tracked so widely for words of one letter."""
    (found,) = tags(part.pdf).all("H1")
    return "".join(found.text.split())


@pytest.mark.parametrize(("paper", "theme"), GAUGES)
@pytest.mark.parametrize("name", [name for name in PIECES if name != "index-letter"])
def test_every_piece_is_set_without_a_fault(name: str, paper: str, theme: str) -> None:
    part = piece(name, paper=paper, theme=theme)
    assert part.problems == ()
    assert part.remarks == ()
    assert names(part) == PAGES.get(name, ["ruled"] * part.pages)


@pytest.mark.parametrize("profile", ["ua1", "3a"])
@pytest.mark.parametrize("name", PIECES)
def test_every_piece_is_accessible_and_archival(name: str, profile: str) -> None:
    assert failures(piece(name).pdf, profile) == []


@pytest.mark.parametrize("name", PIECES)
def test_nothing_is_transparent(name: str) -> None:
    assert set(re.findall(rb"/(?:ca|CA) ([\d.]+)", opened_bytes(piece(name).pdf))) <= {b"1", b"1.0"}


def test_every_piece_but_slips_begins_with_one_heading() -> None:
    for name in PIECES:
        found = [tag for tag in tags(piece(name).pdf).walk() if re.fullmatch(r"H\d?", tag.role)]
        assert found[0].role == "H1", name
        assert sum(tag.role == "H1" for tag in found) == 1, name


# ---- front matter


def test_the_half_title_names_the_archive_with_a_word_struck_out() -> None:
    part = piece("half-title")
    assert heading(part) == "THEREGISTRY"
    assert [figure.alt for figure in tags(part.pdf).all("Figure")] == ["Otiose, struck out"]


@pytest.mark.parametrize(
    ("title", "struck"),
    [
        ("Otiosa", "Otiosa"),
        ("Idle Hands", "Hands"),
        ("An Atlas of Superfluous Offices", "Superfluous"),
        ("The Comprehensive Handbook of Departmental Redundancies and Their Keepers", "Comprehensive"),
    ],
)
def test_any_name_loses_a_word_and_fits_the_page(title: str, struck: str) -> None:
    part = piece("half-title", paper="a5", archive={"title": title})
    assert part.remarks == ()
    assert [figure.alt for figure in tags(part.pdf).all("Figure")] == [f"{struck}, struck out"]
    assert heading(part) == "".join(word for word in title.upper().split() if word != struck.upper())


def test_the_title_page_counts_and_names_a_selection() -> None:
    book = {"title": "An Abridgement", "edition": "Second edition"}
    whole = said(piece("title", COUNTS | {"book": book}))
    part = said(piece("title", COUNTS | {"selection": "AI & Data; tag: meetings"}))
    assert "SPECIMENS 36" in whole
    assert "An Abridgement" in whole
    assert "Second edition" in whole
    assert "First edition" in part
    assert "Selected files" not in whole
    assert "Selected files: AI & Data; tag: meetings" in part


def test_long_names_keep_the_title_page_and_the_cover_whole() -> None:
    names_ = {
        "title": "The Comprehensive Departmental Handbook of Organisational Redundancies and Their Keepers",
        "subtitle": "A very long account, in several parts, of positions that were created by other positions",
    }
    for name in ("title", "cover-front"):
        part = piece(name, COUNTS | {"selection": "AI & Data; tag: meetings"}, paper="a5", archive=names_)
        assert (part.pages, part.remarks) == (1, ())
        assert "Their Keepers" in said(part)


def test_the_colophon_tells_what_there_is_to_tell_at_the_foot() -> None:
    part = piece("colophon", archive={"isbn": "978-3-16-148410-0", "editor": ""})
    text = said(part)
    assert "ISBN 978-3-16-148410-0" in text
    assert "CUSTODIAN" not in text
    assert "Set in Courier Prime, Barlow Condensed and Special Elite" in text
    lowest = max(letter.foot for letter in letters(part.pdf)[0])
    assert lowest == pytest.approx(228.6 + BLEED - 17, abs=4), "the last line stands on the foot of the type area"


# ---- lists


@pytest.mark.parametrize(("count", "pages"), [(4, 1), (36, 2), (300, 8)])
def test_contents_list_everything_once_with_a_place_for_its_page(count: int, pages: int) -> None:
    part = piece("contents", contents(count))
    assert part.pages == pages
    assert part.remarks == ()
    places = [to for to, _, _ in marks(part.pdf)]
    expected = ["matter/how-to-read"]
    listed = specimens(count)
    for family in sorted({one["family"] for one in listed}):
        expected.append(f"matter/divider-f{family}")
        expected += [f"page/{one['slug']}" for one in listed if one["family"] == family]
    assert places == [*expected, "matter/register"]


def test_pages_of_the_contents_stand_in_one_column_at_the_margin() -> None:
    rights = {
        round(right * PT)
        for page in links(piece("contents").pdf)
        for address, (_, _, right, _) in page
        if address.startswith("mark:")
    }
    assert rights == {round(152.4 - 14)}


def test_the_page_of_a_title_that_wraps_stands_on_its_last_line() -> None:
    data = contents(4)
    data["divisions"][0]["families"][0]["specimens"][0]["title"] = Text(LONG)
    found = links(piece("contents", data).pdf)[0]
    title = [box for address, box in found if address == "specimen:s0"]
    (mark,) = (box for address, box in found if address.startswith("mark:page/s0?"))
    lowest = min(title, key=lambda box: box[1])
    assert len(title) > 1 or title[0][3] - title[0][1] > 20, "the title takes more than one line"
    assert mark[1] == pytest.approx(lowest[1], abs=4)
    assert mark[0] >= lowest[2] - 0.5, "the words end before the page"


def test_the_register_says_what_each_is_paid_in_one_column() -> None:
    part = piece("register")
    text = said(part).replace("\N{NO-BREAK SPACE}", " ")
    for figure in ("$118,000", "$160,000–$205,000", "CHF 88,000–", "85%"):
        assert figure in text, figure
    assert part.pages == 2
    for page in words(part.pdf):
        assert "SPECIMEN" in page, "the head repeats"
    bars = [figure.alt for figure in tags(part.pdf).all("Figure")]
    assert bars[:3] == ["Flight risk 85 per cent.", "Flight risk 64 per cent.", "Flight risk 12 per cent."]
    assert len(bars) == 27
    assert [to for to, _, _ in marks(part.pdf)] == [f"page/s{n}" for n in range(36)]


def test_three_hundred_in_the_register() -> None:
    part = piece("register", register(300))
    assert part.remarks == ()
    assert 9 <= part.pages <= 16
    assert len(marks(part.pdf)) == 300


def test_the_index_comes_on_slips_of_a_column() -> None:
    part = piece("index-letter")
    assert names(part) == ["letter", "slip", "slip"]
    wide = (152.4 - 19 - 14 - 6) / 2
    assert [(round(w, 1), round(h)) for w, h in sizes(part.pdf)] == [(round(wide, 1), 60)] * 3
    assert marks(part.pdf) == [("page/s1", "{},", "left"), ("page/s2", "{}", "left")]
    assert " ".join(words(part.pdf)[2]) == "Agile Sherpa see SDET"


def test_a_word_that_is_wider_than_the_column_is_broken() -> None:
    entry = {"text": Text("Donaudampfschifffahrtsgesellschaftskapitän"), "see": Text(""), "targets": ["s1"]}
    part = piece("index-letter", {"letter": "D", "entries": [entry]})
    assert "leaves" not in str(part.remarks)


def test_the_index_begins_under_its_heading() -> None:
    for paper, theme in GAUGES:
        chosen = setting(paper, theme, "anthology")
        (page,) = piece("index-head", paper=paper, theme=theme).laid
        assert page.used < chosen.layout.book["index"]["head"], paper


# ---- the map


@pytest.mark.parametrize(("count", "paper"), [(1, "6x9in"), (4, "a5"), (36, "6x9in"), (60, "a5"), (60, "a4")])
def test_labels_of_the_map_keep_to_the_outer_part_of_their_pages(count: int, paper: str) -> None:
    part = piece("map", relations(count), paper=paper)
    assert part.remarks == ()
    assert names(part) == ["spread", "spread"]
    width = setting(paper, layout="anthology").paper.width
    sides = [[box for address, box in page if address.startswith("specimen:")] for page in links(part.pdf)]
    assert len({address for page in links(part.pdf) for address, _ in page if "specimen:" in address}) == count
    for left, _, right, _ in sides[0]:
        assert left * PT > 14 - MARGIN
        assert right * PT < width * 0.6
    for left, _, right, _ in sides[1]:
        assert left * PT > width * 0.4
        assert right * PT < width - 14 + MARGIN
    assert sorted(to for to, _, _ in marks(part.pdf)) == sorted(f"page/s{n}" for n in range(count))


def test_labels_of_sixty_do_not_touch() -> None:
    for page in links(piece("map", relations(60)).pdf):
        rows = sorted((box[1], box[3]) for address, box in page if address.startswith("specimen:"))
        assert len(rows) == 30
        assert all(below[1] <= above[0] + 0.5 for below, above in pairwise(rows))


def test_the_map_says_in_words_what_it_shows() -> None:
    left, right = (figure.alt for figure in tags(piece("map").pdf).all("Figure"))
    assert left == (
        "Map of relations: 36 specimens in 4 drawers as pins on two arcs, with 70 threads from each to those its "
        "file names. Agile Coach 0 is named most often, 35 times."
    )
    assert "right half" in right


def test_above_sixty_the_map_is_a_matrix_by_drawer() -> None:
    data = relations(61)
    part = piece("map", data)
    assert names(part) == ["matter", "matter"]
    rows = [
        [" ".join(cell.text.split()) for cell in row.kids if not isinstance(cell, str)]
        for row in tags(part.pdf).all("TR")
    ]
    assert [row[0] for row in rows] == ["FROM DRAWER", *(f"{n} {name}" for n, name in enumerate(FAMILIES, 1)), "ALL"]
    own = [
        sum(1 for a, b in data["links"] if data["nodes"][a]["family"] == k == data["nodes"][b]["family"])
        for k in range(4)
    ]
    assert [int(rows[k + 1][k + 1]) for k in range(4)] == own
    assert int(rows[-1][-1]) == len(data["links"])
    assert "Agile Coach 0" in " ".join(words(part.pdf)[1])


def test_more_families_than_a_page_has_lines_for_share_the_last() -> None:
    families = [n // 2 for n in range(80)]
    links = [(n, n + 1) for n in range(79)] + [(0, 79)] * 3
    found = art.places("matrix", links=links, families=families, count=40, room=24)
    assert len(found["kept"]) == 23
    assert {0, 39} <= set(found["kept"]), "those with the most links"
    assert len(found["rows"]) == 24
    assert sum(row["total"] for row in found["rows"]) == sum(found["totals"]) == len(links)
    assert found["most"][0] == (79, 4)
    assert found["unnamed"] == 1


def test_forty_families_keep_to_a_spread() -> None:
    data = relations(120) | {"families": [Text(f"{FAMILIES[n % 4]} {n}") for n in range(40)]}
    data["nodes"] = [one | {"family": n // 3} for n, one in enumerate(data["nodes"])]
    for paper in ("a5", "a4"):
        part = piece("map", data, paper=paper)
        assert (part.pages, part.remarks) == (2, ())
    part = piece("cover-back", COUNTS | {"families": data["families"]}, paper="a5")
    assert (part.pages, part.remarks) == (1, ())
    assert "and 18 more drawers" in said(part)


def test_families_stay_together_unless_one_is_most_of_all() -> None:
    page = {"pw": 152.4, "ph": 228.6, "top": 40.0, "bottom": 18.0, "outer": 14.0, "links": []}
    even = art.places("relations", families=[0] * 5 + [1] * 6 + [2] * 9, titles=["A"] * 20, **page)
    assert [node["side"] for node in even["nodes"]] == ["left"] * 11 + ["right"] * 9
    lopsided = art.places("relations", families=[0] * 2 + [1] * 30, titles=["A"] * 32, **page)
    assert [node["side"] for node in lopsided["nodes"]] == ["left"] * 16 + ["right"] * 16
    assert [head["family"] for head in lopsided["heads"]] == [0, 1, 1]


def test_nobody_is_named_most_when_two_are() -> None:
    page = {"pw": 152.4, "ph": 228.6, "top": 40.0, "bottom": 18.0, "outer": 14.0}
    names_ = {"families": [0] * 4, "titles": ["A", "B", "C", "D"]}
    assert art.places("relations", links=[(1, 0), (2, 0), (3, 0), (0, 1)], **names_, **page)["most"] == 0
    tied = [(1, 0), (2, 0), (3, 0), (0, 1), (2, 1), (3, 1)]
    assert art.places("relations", links=tied, **names_, **page)["most"] is None
    assert art.places("relations", links=[(1, 0), (2, 0)], **names_, **page)["most"] is None


# ---- covers


@pytest.mark.parametrize("theme", ["colour", "mono"])
def test_the_back_cover_can_be_scanned(theme: str) -> None:
    part = piece("cover-back", theme=theme)
    (page,) = raster.pages(part.pdf, 200)
    assert [code.text for code in raster.codes(page)] == ["https://otiose.example/files/"]


def test_covers_reach_into_the_bleed() -> None:
    for name in ("cover-front", "cover-back"):
        with pikepdf.open(io.BytesIO(piece(name).pdf)) as document:
            page = document.pages[0]
            trim, media = ([float(value) * PT for value in page[box]] for box in ("/TrimBox", "/MediaBox"))
        assert trim[2] - trim[0] == pytest.approx(152.4, abs=0.01)
        assert media[2] - media[0] == pytest.approx(152.4 + 2 * BLEED, abs=0.01)


def test_the_cover_counts_its_drawers() -> None:
    assert "DRAWERS 4" in said(piece("cover-front"))
    back = said(piece("cover-back"))
    assert "4 Strategy & Transformation" in back
    assert "36 roles" in back


def test_furniture_is_switched_off(tmp_path: Path) -> None:
    (tmp_path / "bare-book").mkdir()
    switches = "seal: false, main_stamp: false, scrawl: false, portrait: false, codes: false, form_numbers: false"
    (tmp_path / "bare-book" / "layout.yaml").write_text(f"extends: anthology\nfurniture: {{{switches}}}\n")
    chosen = setting("6x9in", layout="bare-book", shelves=(tmp_path,))
    opened, _ = opened_archive(SPECIMENS, chosen.layout)
    typesetter = Typesetter(chosen.faces, chosen.layout.roots)
    for name in ("title", "cover-front", "cover-back", "map"):
        matter = Matter(name, name, Text("Bare"), "en", data=PIECES[name])
        part = typesetter.typeset(compose.matter(matter, opened, chosen), density="normal")
        assert part.remarks == ()
        assert len(tags(part.pdf).all("Figure")) == (2 if name == "map" else 0), name
        assert "Form OR-" not in said(part)
        assert "all roads" not in said(part)
