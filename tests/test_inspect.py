"""A look at laid-out pages and finished files: layouts made to go wrong, and what is said of them."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from pressroom import EXTREMES, SEED, SPECIMENS, Made, Press, _typesetter, archive, raw, set_in, setting, slugs

from render import inspection, layouts
from render.problems import Problem, SetupError, Where
from render.record import Part
from render.typeset import inspect

FOLDER = layouts.find("folder")

ROWS = [
    {
        "name": f"Indicator {n}",
        "description": f"Counts for the {n}. time what was counted before, and reports the difference as growth. " * 2,
    }
    for n in range(1, 4)
]
FILL = "<div class='fill'></div>\n"


def spoilt(tmp_path: Path, css: str, sections: dict[str, str] | None = None) -> Path:
    """A shelf on which the folder layout has a stylesheet more, and some sections another template."""
    shelf = tmp_path / "shelf"
    (shelf / "folder").mkdir(parents=True)
    (shelf / "folder" / "layout.yaml").write_text("extends: base\nstyles: [cover.css, sheet.css, spoilt.css]\n")
    (shelf / "folder" / "spoilt.css").write_text(css)
    for key, html in (sections or {}).items():
        (shelf / "base" / "sections" / key).mkdir(parents=True)
        (shelf / "base" / "sections" / key / "section.html").write_text(html)
    return shelf


def made(tmp_path: Path, record: dict[str, Any], css: str, sections: dict[str, str] | None = None) -> Made:
    folder = archive(tmp_path / "files", {"clerk": record})
    return set_in(folder, "clerk", setting(shelves=(spoilt(tmp_path, css, sections),)))


def said(problems: tuple[Problem, ...] | list[Problem]) -> list[tuple[str, int, str]]:
    return [(problem.code, problem.where.line, problem.message) for problem in problems]


@pytest.mark.parametrize(("paper", "theme"), [("a4", "colour"), ("a5", "mono")])
def test_what_ships_gives_no_cause_for_remarks(press: Press, paper: str, theme: str) -> None:
    specimens = slugs(SPECIMENS)
    assert len(specimens) >= 4
    for slug in specimens:
        one = press.make(SPECIMENS, slug, paper=paper, theme=theme)
        assert one.part.remarks == ()
        assert inspection.look(one.dossier, one.part, FOLDER, one.archive) == []


def test_every_page_and_item_is_looked_at(press: Press) -> None:
    chosen = setting()
    typesetter = _typesetter(chosen)
    sheet = press.make(SPECIMENS, SEED).sheet
    pages = [page._page_box for page in typesetter._lay_out(sheet, "normal").pages]
    seen = inspect._Seen()
    for number, page in enumerate(pages, 1):
        inspect._Page(seen, page, number).walk()
    kinds = [tag for (_, tag), elements in seen.siblings.items() for _ in elements]
    assert len(seen.headings) == 11
    assert kinds.count("tr") == 9 + 5, "three tables of three rows, and the routing slip"
    assert kinds.count("article") == 3 + 3, "tags and cards"
    assert kinds.count("figure") >= 3, "strips, and figures with drawings"
    assert {page for _, page in seen.lowest} == {1, 2, 3, 4}


def test_a_look_is_cheap(press: Press) -> None:
    chosen = setting()
    document = _typesetter(chosen)._lay_out(press.make(SPECIMENS, SEED).sheet, "normal")
    times = []
    for _ in range(7):
        start = time.perf_counter()
        inspect.inspect(document)
        times.append(time.perf_counter() - start)
    assert median(times) < 0.1, "about 4 ms on the machine it was written on"


def test_text_that_cannot_break_leaves_its_cell(tmp_path: Path) -> None:
    record = {"metrics": [{"name": "Mean time to Donaudampfschifffahrt", "description": "Short."}, *ROWS]}
    part = made(tmp_path, record, ".name{white-space:nowrap}").part
    (found,) = part.remarks
    assert (found.severity, found.code) == ("warning", "overflow")
    assert found.message.startswith("page 2: “Mean time to Donaudampfschifffahrt” leaves its box by ")
    assert (Path(found.where.file).name, found.where.line) == ("clerk.yaml", 5)


def test_a_line_that_was_set_in_capitals_is_found_in_the_record(tmp_path: Path) -> None:
    record = {"salary": {"label": "A very long label for a very small figure", "amount": 5, "currency": "USD"}}
    part = made(tmp_path, record, ".sum>p.cap:first-child{width:30mm;white-space:nowrap;overflow:hidden}").part
    assert [problem.code for problem in part.remarks] == ["overflow"]
    assert "A VERY LONG LABEL" in part.remarks[0].message
    assert part.remarks[0].where.line == 5


def test_lines_that_a_fixed_height_cuts_off(tmp_path: Path) -> None:
    css = ".placard{height:8mm;overflow:hidden}"
    record = {"survival_guide": [{"situation": "If met", "advice": "Nod. " * 80}]}
    remarks = made(tmp_path, record, css).part.remarks
    assert remarks
    assert {(problem.code, problem.where.line) for problem in remarks} <= {("overflow", 6), ("overflow", 5)}
    assert "leaves its box by" in remarks[0].message


def test_a_drawing_wider_than_its_column(tmp_path: Path) -> None:
    remarks = made(tmp_path, {"flight_risk": {"percent": 5}}, ".dial img{width:180mm}").part.remarks
    assert [(problem.code, problem.where.line) for problem in remarks] == [("overflow", 5)]
    assert remarks[0].message.startswith("page 2: the drawing “Gauge")
    assert remarks[0].hint == "the layout leaves it less room than it takes"


def test_a_block_pulled_out_of_the_type_area(tmp_path: Path) -> None:
    css = ".placard{width:200mm}"
    record = {"survival_guide": [{"situation": "If met", "advice": "Nod."}]}
    remarks = made(tmp_path, record, css).part.remarks
    assert [problem.code for problem in remarks] == ["overflow"]


def test_a_placed_block_that_leaves_the_sheet(tmp_path: Path) -> None:
    css = ".pen{right:-60mm}"
    record = {key: raw(SPECIMENS, SEED)[key] for key in ("org_chart", "salary", "flight_risk", "burn_ward")}
    remarks = made(tmp_path, record, css).part.remarks
    assert remarks
    assert {problem.code for problem in remarks} == {"overflow"}
    assert all("leaves its page by" in problem.message for problem in remarks)


def test_a_heading_left_at_the_foot(tmp_path: Path) -> None:
    css = ".reporthead{margin-bottom:212mm} h2{break-after:auto} .grid{break-inside:avoid} .abstract{display:none}"
    remarks = made(tmp_path, {"metrics": ROWS}, css).part.remarks
    assert said(remarks) == [
        (
            "stranded-heading",
            5,
            "page 2: the heading “[05] THE BULLSHIT METRICS” stands at the foot with nothing after it",
        )
    ]


def test_a_row_broken_over_two_pages(tmp_path: Path) -> None:
    css = (
        ".reporthead{margin-bottom:205mm} .grid tr{break-inside:auto} html{orphans:1;widows:1} .abstract{display:none}"
    )
    remarks = made(
        tmp_path, {"metrics": [{"name": "One", "description": "Counts what was counted. " * 30}]}, css
    ).part.remarks
    assert [(problem.code, problem.where.line) for problem in remarks] == [("split", 6)]
    assert "page 2: the item “5.1 One Counts what" in remarks[0].message
    assert "is broken over two pages though it would fit on one" in remarks[0].message


def test_a_row_of_more_than_half_a_page_may_break(tmp_path: Path) -> None:
    css = ".reporthead{margin-bottom:120mm} .grid tr{break-inside:auto}"
    record = {"metrics": [{"name": "One", "description": "Counts what was counted before it. " * 150}]}
    one = made(tmp_path, record, css)
    assert len(one.faces) > 2
    assert one.part.remarks == ()


def test_a_last_row_left_alone_overleaf(tmp_path: Path) -> None:
    css = ".reporthead{margin-bottom:190mm} .grid>tbody>tr:nth-last-child(n){break-after:auto} .abstract{display:none}"
    remarks = made(tmp_path, {"metrics": ROWS}, css).part.remarks
    assert [problem.code for problem in remarks] == ["alone"]
    assert remarks[0].message.startswith("page 3: “5.3 Indicator 3 Counts")
    assert remarks[0].where.line == 14, "the row's own description"


def test_a_page_that_an_unbreakable_block_left_nearly_blank(tmp_path: Path) -> None:
    css = ".metrics{break-before:page}"
    remarks = made(tmp_path, {"habitat": ["A corridor."], "metrics": ROWS}, css).part.remarks
    assert [(problem.code, problem.where.line) for problem in remarks] == [("short-page", 7)]
    assert remarks[0].message.startswith("page 2: the page is only ")


def test_a_word_of_the_layout_that_no_font_has(tmp_path: Path) -> None:
    html = "<p class='typed'>{% for item in section %}{{ item.name }}{% endfor %} 蚌</p>"
    part = made(tmp_path, {"metrics": ROWS}, "", {"metrics": html}).part
    (found,) = part.problems
    assert (found.code, found.where.line) == ("missing-glyph", 0)
    assert found.message.startswith("no font has U+868C (cjk unified ideograph-868c); an empty box is printed")
    assert found.message.endswith("for a word that is not the record's own")


def test_a_word_of_the_record_that_no_font_has(tmp_path: Path) -> None:
    one = made(tmp_path, {"habitat": ["A corridor.", "A lobby."]}, "")
    html = one.sheet.html.replace("A lobby.", "A 蚌 lobby.")
    places = tuple(replace(place, text=place.text.replace("lobby", "蚌 lobby")) for place in one.sheet.places)
    part = _typesetter(setting()).typeset(replace(one.sheet, html=html, places=places))
    assert [(problem.code, problem.where.line) for problem in part.problems] == [("missing-glyph", 6)]


def test_a_code_that_is_covered_cannot_be_read(tmp_path: Path) -> None:
    css = ".cardbody>img{clip:rect(0,0,0,0)} .card.coded>.cardbody{padding-right:0} .cardbody>img{width:3mm}"
    folder = archive(tmp_path / "files", {"clerk": {"related": [{"specimen": "scribe", "match": 7}]}, "scribe": {}})
    one = set_in(folder, "clerk", setting(shelves=(spoilt(tmp_path, css),)))
    (found,) = inspection.look(one.dossier, one.part, FOLDER, one.archive)
    assert (found.severity, found.code) == ("warning", "qr-unreadable")
    assert (
        found.message
        == "the QR code of https://files.example.org/scribe cannot be read from the page at 200 dots an inch"
    )
    assert (Path(found.where.file).name, found.where.line) == ("clerk.yaml", 5)


def test_a_code_that_is_not_there_is_missed_on_the_cover(press: Press) -> None:
    one = press.make(EXTREMES, "redacted")
    other = replace(one.dossier, url="https://otiose.example/nowhere")
    (found,) = inspection.look(other, one.part, FOLDER, one.archive)
    assert (found.code, found.where) == ("qr-unreadable", Where(str(one.dossier.record.path)))


def test_the_way_to_the_taxonomy_is_missed_at_the_end(press: Press) -> None:
    one = press.make(EXTREMES, "redacted")
    moved = replace(one.archive, base_url="https://otiose.example/moved/")
    (found,) = inspection.look(one.dossier, one.part, FOLDER, moved)
    assert (found.code, found.where) == ("qr-unreadable", one.archive.where("base_url"))
    assert found.message.startswith("the QR code of https://otiose.example/moved/ cannot be read")
    bare = replace(FOLDER, furniture={**FOLDER.furniture, "file_codes": False})
    assert inspection.look(one.dossier, one.part, bare, moved) == []


def test_a_layout_without_codes_is_not_asked_for_any(press: Press) -> None:
    one = press.make(EXTREMES, "redacted")
    other = replace(one.dossier, url="https://otiose.example/nowhere")
    plain = replace(FOLDER, furniture={**FOLDER.furniture, "codes": False})
    assert inspection.look(other, one.part, plain, one.archive) == []


def test_a_dossier_without_an_address_needs_no_code(press: Press) -> None:
    one = press.make(EXTREMES, "redacted")
    related = tuple(replace(reference, url="") for reference in one.dossier.related)
    nowhere = replace(one.archive, base_url="")
    assert inspection.look(replace(one.dossier, url="", related=related), one.part, FOLDER, nowhere) == []


@pytest.mark.parametrize(("pages", "allowed"), [(1, 200_000), (4, 200_000), (5, 225_000), (25, 725_000)])
def test_the_budget_grows_with_the_pages(pages: int, allowed: int) -> None:
    assert inspection.budget(pages) == allowed


def test_a_file_over_its_budget(press: Press) -> None:
    one = press.make(EXTREMES, "redacted")
    heavy: Part = replace(one.part, pdf=one.part.pdf + b"\n%" + b"x" * 300_000)
    (found,) = inspection.look(one.dossier, heavy, FOLDER, one.archive)
    assert found.code == "size"
    assert (
        found.message
        == f"the file takes {len(heavy.pdf):,} bytes; {heavy.pages} pages may take {inspection.budget(heavy.pages):,}"
    )


def test_without_the_extra_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch, press: Press) -> None:
    one = press.make(EXTREMES, "redacted")
    monkeypatch.setitem(sys.modules, "zxingcpp", None)
    monkeypatch.setattr(inspection.importlib.util, "find_spec", lambda name: None if name == "zxingcpp" else object())
    with pytest.raises(
        SetupError, match=r"looking at pages needs zxing-cpp\. Run: pip install 'dossier-press\[check\]'"
    ):
        inspection.look(one.dossier, one.part, FOLDER, one.archive)
