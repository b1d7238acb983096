"""Layouts: which file a name means, what a shelf overrides, papers, words, sections of one's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from render import layout_rules, layouts, load
from render.home import HOME
from render.problems import InputError, UsageError

SHIPPED = HOME / "layouts"
ELEVEN = [
    "org_chart", "habitat", "salary", "flight_risk", "metrics", "weaponry",
    "survival_guide", "jd_autopsy", "day_log", "burn_ward", "related",
]  # fmt: skip


def put(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def section(shelf: Path, key: str, yaml: str = "title: Own\nschema: {type: string}\n", where: str = "base") -> Path:
    folder = shelf / where / "sections" / key
    put(folder / "section.yaml", yaml)
    put(folder / "section.html", "<p>{{ section }}</p>")
    return folder


# Finding


def test_layouts_that_ship() -> None:
    assert "folder" in layouts.names()
    assert "base" not in layouts.names(), "base is what the others are made from"
    assert layouts.names()["folder"] == "Manila folder, one dossier"


@pytest.mark.parametrize("name", layouts.names())
def test_every_layout_has_the_eleven_sections_in_order(name: str) -> None:
    layout = layouts.find(name)
    assert list(layout.sections) == ELEVEN
    assert [section.number for section in layout.sections.values()] == [f"{number:02}" for number in range(1, 12)]
    assert all(section.has_example for section in layout.sections.values())


def test_an_unknown_layout_is_refused_with_those_that_are_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no layout 'binder'; there are: .*folder"):
        layouts.find("binder")
    put(tmp_path / "binder" / "layout.yaml", "title: Binder\nextends: folder\n")
    assert layouts.find("binder", (tmp_path,)).title == "Binder"
    assert layouts.names((tmp_path,))["binder"] == "Binder"


@pytest.mark.parametrize("name", ["", ".", "..", "../layouts/folder", "Folder", "fol der", "/etc"])
def test_a_name_that_is_no_folder_s_name_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="no layout"):
        layouts.find(name)


def test_layouts_that_extend_each_other_are_refused(tmp_path: Path) -> None:
    put(tmp_path / "hen" / "layout.yaml", "extends: egg\n")
    put(tmp_path / "egg" / "layout.yaml", "extends: hen\n")
    with pytest.raises(UsageError, match="no layout 'hen'"):
        layouts.find("hen", (tmp_path,))


def test_lookup_order(tmp_path: Path) -> None:
    """Shelf before ours, and on each the layout before base."""
    places = [tmp_path / "folder", tmp_path / "base", SHIPPED / "folder", SHIPPED / "base"]
    put(tmp_path / "folder" / "layout.yaml", "extends: base\n")
    put(tmp_path / "base" / "layout.yaml")
    layout = layouts.find("folder", (tmp_path,))
    assert list(layout.roots) == [place.resolve() for place in places]
    assert list(layout.bases) == [places[1].resolve(), places[3]]
    assert layout.find("document.html") == SHIPPED / "folder" / "document.html"
    assert layout.find("page.css") == SHIPPED / "base" / "page.css"
    assert put(tmp_path / "base" / "document.html") == layout.find("document.html")
    assert put(tmp_path / "folder" / "document.html") == layout.find("document.html")
    assert layouts.find("folder").find("document.html") == SHIPPED / "folder" / "document.html"


def test_the_first_shelf_wins(tmp_path: Path) -> None:
    for name in ("one", "two"):
        put(tmp_path / name / "base" / "layout.yaml")
        put(tmp_path / name / "base" / "page.css")
    layout = layouts.find("folder", (tmp_path / "one", tmp_path / "two"))
    assert layout.find("page.css") == tmp_path / "one" / "base" / "page.css"


def test_a_file_that_no_root_has_is_refused() -> None:
    with pytest.raises(UsageError, match=r"layout folder has no file cover\.tex"):
        layouts.find("folder").find("cover.tex")


def test_files_in_reach_are_known(tmp_path: Path) -> None:
    put(tmp_path / "base" / "layout.yaml")
    mine = put(tmp_path / "base" / "sections" / "oath" / "picture.svg")
    files = layouts.find("folder", (tmp_path,)).files
    assert {mine.resolve(), SHIPPED / "base" / "type.css", SHIPPED / "folder" / "cover.html"} <= files


# Data laid over data


def test_furniture_is_switched_one_by_one(tmp_path: Path) -> None:
    before = layouts.find("folder").furniture
    assert (before["seal"], before["portrait"]) == (True, True)
    put(tmp_path / "folder" / "layout.yaml", "furniture: {seal: false}\n")
    after = layouts.find("folder", (tmp_path,)).furniture
    assert after == {**before, "seal": False}


def test_styles_stay_when_a_shelf_only_switches_furniture(tmp_path: Path) -> None:
    put(tmp_path / "folder" / "layout.yaml", "extends: base\nfurniture: {seal: false}\n")
    put(tmp_path / "base" / "layout.yaml", "")
    ours, mine = layouts.find("folder"), layouts.find("folder", (tmp_path,))
    assert [path.name for path in mine.base_styles] == ["type.css", "page.css", "section.css"]
    assert (mine.base_styles, mine.own_styles) == (ours.base_styles, ours.own_styles)
    assert SHIPPED / "folder" / "cover.css" in ours.own_styles


def test_styles_of_what_a_layout_extends_come_first(tmp_path: Path) -> None:
    put(tmp_path / "binder" / "layout.yaml", "extends: folder\nstyles: [binder.css, cover.css]\n")
    put(tmp_path / "binder" / "binder.css")
    put(tmp_path / "binder" / "cover.css")
    mine = layouts.find("binder", (tmp_path,))
    names = [f"{path.parent.name}/{path.name}" for path in mine.own_styles]
    assert names == ["binder/cover.css", "folder/sheet.css", "binder/binder.css", "binder/cover.css"]


def test_a_theme_changes_token_by_token(tmp_path: Path) -> None:
    before = layouts.find("folder").theme("colour")
    put(tmp_path / "base" / "layout.yaml")
    put(tmp_path / "base" / "themes" / "colour.yaml", 'ink: "#123456"\n')
    layout = layouts.find("folder", (tmp_path,))
    assert layout.theme("colour") == {**before, "ink": "#123456"}
    assert layout.themes() == ["colour", "mono"]
    put(tmp_path / "base" / "themes" / "sepia.yaml", 'ink: "#432100"\n')
    assert layout.themes() == ["colour", "mono", "sepia"]


def test_themes_hold_the_same_tokens() -> None:
    layout = layouts.find("folder")
    colour, mono = (layout.theme(name) for name in ("colour", "mono"))
    assert set(colour) == set(mono)
    assert len(colour) > 30
    assert (colour["name"], mono["name"]) == ("colour", "mono")


def test_an_unknown_theme_is_refused() -> None:
    with pytest.raises(UsageError, match="no theme 'color'; there are: colour, mono"):
        layouts.find("folder").theme("color")


def test_words_are_laid_over_english(tmp_path: Path) -> None:
    put(tmp_path / "base" / "layout.yaml")
    put(tmp_path / "base" / "words" / "sv.yaml", "withheld: Undanhållet\nlevels: {low: LÅG RISK}\n")
    put(tmp_path / "base" / "words" / "sv-FI.yaml", "withheld: Innehållet\n")
    put(tmp_path / "folder" / "layout.yaml", "extends: base\n")
    put(tmp_path / "folder" / "words" / "sv.yaml", "nothing: SLUT\n")
    layout = layouts.find("folder", (tmp_path,))
    swedish, finnish = layout.words("sv"), layout.words("sv-FI")
    assert swedish["withheld"] == "Undanhållet"
    assert finnish["withheld"] == "Innehållet"
    assert swedish["levels"] == {"low": "LÅG RISK", "mid": "MODERATE RISK", "high": "HIGH RISK"}
    assert swedish["nothing"] == finnish["nothing"] == "SLUT"
    assert layout.words("it") == layout.words("en") == layouts.find("folder").words("en")


def test_a_section_s_words_lie_over_the_layout_s(tmp_path: Path) -> None:
    put(tmp_path / "base" / "layout.yaml")
    put(tmp_path / "base" / "sections" / "metrics" / "words" / "en.yaml", "title: Figures\nwithheld: not counted\n")
    layout = layouts.find("folder", (tmp_path,))
    words = layout.section_words("metrics", "en")
    assert (words["title"], words["withheld"]) == ("Figures", "not counted")
    assert words["indicator"] == layouts.find("folder").section_words("metrics", "en")["indicator"]
    assert layout.words("en")["withheld"] == "Withheld"


def test_densities_follow_the_paper() -> None:
    layout = layouts.find("folder")
    wide, narrow = (layout.densities(layout.paper(name)) for name in ("a4", "a5"))
    assert list(wide) == list(narrow) == ["tight", "normal", "roomy"]
    assert (wide["normal"]["size"], wide["normal"]["leading"]) == (9, 12.5)
    assert (narrow["normal"]["size"], narrow["normal"]["leading"]) == (8.6, 12)
    assert wide["roomy"]["name"] == "roomy"


# Papers


def test_named_papers_have_the_design_s_geometry() -> None:
    papers = layouts.find("folder").papers()
    assert list(papers) == ["a4", "letter", "a5", "5.5x8.5in", "6x9in"]
    sizes = {name: (paper.width, paper.height, round(paper.text, 1)) for name, paper in papers.items()}
    assert sizes == {
        "a4": (210, 297, 170), "letter": (215.9, 279.4, 175.9), "a5": (148, 210, 115),
        "5.5x8.5in": (139.7, 215.9, 106.7), "6x9in": (152.4, 228.6, 119.4),
    }  # fmt: skip
    assert (papers["a4"].top, papers["a4"].bottom, papers["a4"].area) == (22, 17, 258)
    assert papers["a4"].holes == (108.5, 188.5)
    assert [name for name, paper in papers.items() if paper.wide] == ["a4", "letter"]


@pytest.mark.parametrize(
    ("spec", "width", "height", "like"),
    [
        ("A4", 210, 297, "a4"),
        ("Letter", 215.9, 279.4, "letter"),
        ("148mm 210mm", 148, 210, "a5"),
        ("148x210mm", 148, 210, "a5"),
        ("14.8cm × 21cm", 148, 210, "a5"),
        ("6in 9in", 152.4, 228.6, "6x9in"),
        ("5.5X8.5IN", 139.7, 215.9, "5.5x8.5in"),
        ("420pt x 595pt", 148.17, 209.9, "a5"),
        ("190mm 260mm", 190, 260, "letter"),
        ("120mm 180mm", 120, 180, "5.5x8.5in"),
        ("300mm 420mm", 300, 420, "a4"),
    ],
)
def test_another_size_takes_the_nearest_paper_s_margins(spec: str, width: float, height: float, like: str) -> None:
    layout = layouts.find("folder")
    paper, near = layout.paper(spec), layout.papers()[like]
    assert (paper.width, paper.height) == (width, height)
    assert (paper.top, paper.bottom, paper.left, paper.right) == (near.top, near.bottom, near.left, near.right)
    assert paper.wide is near.wide


def test_holes_are_where_the_punch_would_make_them() -> None:
    layout = layouts.find("folder")
    assert layout.paper("200mm 297mm").holes == layout.papers()["a4"].holes
    assert layout.paper("200mm 290mm").holes == ()


@pytest.mark.parametrize("spec", ["119.9mm 180mm", "120mm 179.9mm", "4x6in", "0mm 0mm"])
def test_a_paper_too_small_is_refused(spec: str) -> None:
    with pytest.raises(UsageError, match="too small; it must be at least 120 x 180 mm"):
        layouts.find("folder").paper(spec)


@pytest.mark.parametrize(
    "spec", ["", "a3", "210 297", "210mm", "210mm 297mm 5mm", "-210mm 297mm", "...mm 3mm", "1e3mm 1e3mm"]
)
def test_what_is_no_paper_is_refused_with_those_there_are(spec: str) -> None:
    with pytest.raises(UsageError, match=r"there are: a4, letter, a5, 5\.5x8\.5in, 6x9in, or a size such as"):
        layouts.find("folder").paper(spec)


# Sections of one's own


def test_a_twelfth_section_is_a_folder(tmp_path: Path) -> None:
    section(tmp_path, "exit_interview", "title: Exit Interview\nnumber: 12\nschema: {type: string}\n")
    put(tmp_path / "base" / "layout.yaml")
    layout = layouts.find("folder", (tmp_path,))
    assert list(layout.sections) == [*ELEVEN, "exit_interview"]
    own = layout.sections["exit_interview"]
    assert (own.title, own.number, own.index, own.has_example) == ("Exit Interview", "12", (), False)


def test_a_section_stands_after_the_one_it_names(tmp_path: Path) -> None:
    section(tmp_path, "lunch", "title: Lunch\nafter: day_log\nschema: true\n")
    section(tmp_path, "oath", "title: Oath\nschema: true\n")
    put(tmp_path / "base" / "layout.yaml")
    order = list(layouts.find("folder", (tmp_path,)).sections)
    assert order == [*ELEVEN[:9], "lunch", *ELEVEN[9:], "oath"]


def test_a_shelf_replaces_a_section(tmp_path: Path) -> None:
    section(tmp_path, "metrics", "title: Figures\nnumber: 5\nschema: {type: array}\n", where="folder")
    put(tmp_path / "folder" / "layout.yaml", "extends: base\n")
    layout = layouts.find("folder", (tmp_path,))
    assert list(layout.sections) == ELEVEN
    assert (layout.sections["metrics"].title, layout.sections["metrics"].schema) == ("Figures", {"type": "array"})


@pytest.mark.parametrize(
    ("key", "yaml", "code"),
    [
        ("Oath", "title: Oath\nschema: true\n", "section-name"),
        ("oath", "schema: true\n", "section-data"),
        ("oath", "title: Oath\n", "section-data"),
        ("oath", "- title\n", "section-data"),
    ],
)
def test_a_broken_section_is_a_problem_with_its_file(tmp_path: Path, key: str, yaml: str, code: str) -> None:
    folder = section(tmp_path, key, yaml)
    put(tmp_path / "base" / "layout.yaml")
    with pytest.raises(InputError) as caught:
        layouts.find("folder", (tmp_path,))
    assert [(problem.code, problem.where.file) for problem in caught.value.problems] == [
        (code, str((folder / "section.yaml").resolve()))
    ]


def test_a_section_without_a_template_is_a_problem(tmp_path: Path) -> None:
    folder = section(tmp_path, "oath")
    (folder / "section.html").unlink()
    put(tmp_path / "base" / "layout.yaml")
    with pytest.raises(InputError) as caught:
        layouts.find("folder", (tmp_path,))
    assert [problem.code for problem in caught.value.problems] == ["section-template"]


def test_yaml_that_cannot_be_read_is_a_problem_with_its_line(tmp_path: Path) -> None:
    put(tmp_path / "folder" / "layout.yaml", "extends: base\nfurniture: {seal: false\n")
    with pytest.raises(InputError) as caught:
        layouts.find("folder", (tmp_path,))
    assert Path(caught.value.problems[0].where.file).name == "layout.yaml"
    assert caught.value.problems[0].where.line >= 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- a\n", " this file holds no keys with values"),
        ("just words\n", " this file holds no keys with values"),
        ("furniture: 3\n", "1:12: furniture is 3; it must be a mapping"),
        ("furniture: {room: x}\n", '1:19: room is "x"; it must be a number'),
        ("extends: [base]\n", "1:10: extends is a list; it must be text"),
        ("styles: page.css\n", '1:9: styles is "page.css"; it must be a list'),
        ("title: [a]\n", "1:8: title is a list; it must be text"),
    ],
)
def test_a_layout_yaml_of_another_shape_is_a_problem(tmp_path: Path, text: str, said: str) -> None:
    path = put(tmp_path / "binder" / "layout.yaml", text)
    with pytest.raises(InputError) as caught:
        layouts.find("binder", (tmp_path,))
    assert [str(found).split(f"{path.resolve()}:")[1][: len(said)] for found in caught.value.problems] == [said]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("book: {front: [5]}", "2:16: item 1 of front is 5; it must be a mapping (its keys are matter and side)"),
        ("book: {back: [{side: recto}]}", "2:15: item 1 of back has no matter"),
        ("book: {index: {columns: 0}}", "2:25: columns is 0; it must be at least 1"),
        ("book: {index: {colums: 2}}", '2:16: colums is not known in index (did you mean "columns"?)'),
        ("book: {back: [{matter: map, side: left}]}", '2:35: side is "left"; it must be recto or verso'),
        ("book: {pages: {sheet: {mirror: 1}}}", "2:32: mirror is 1; it must be true or false"),
        (
            "book: {divider: ../x}",
            '2:17: divider is "../x"; a piece of matter is the name of its template in small letters, digits and ',
        ),
    ],
)
def test_a_book_of_another_shape_is_a_problem_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    put(tmp_path / "binder" / "layout.yaml", f"extends: anthology\n{text}\n")
    with pytest.raises(InputError) as caught:
        layouts.find("binder", (tmp_path,))
    (found,) = caught.value.problems
    hint = f" ({found.hint})" if found.hint else ""
    assert f"{found.where.line}:{found.where.column}: {found.message}{hint}".startswith(said)


def test_a_book_that_lacks_pieces_is_a_problem(tmp_path: Path) -> None:
    put(tmp_path / "binder" / "layout.yaml", "extends: base\nbook: {front: [{matter: warning}], blank: blank}\n")
    with pytest.raises(InputError, match="book has no divider, withdrawn, nor has a layout that it extends"):
        layouts.find("binder", (tmp_path,))


@pytest.mark.parametrize("text", ["b5: {width: 176, height: 250}\n", "b5: {margins: {top: 3}}\n"])
def test_a_paper_without_all_its_measures_is_a_problem(tmp_path: Path, text: str) -> None:
    put(tmp_path / "base" / "layout.yaml")
    path = put(tmp_path / "base" / "papers.yaml", text)
    with pytest.raises(InputError) as caught:
        layouts.find("folder", (tmp_path,)).paper("a4")
    assert [(found.code, found.where.file) for found in caught.value.problems] == [("layout-data", str(path.resolve()))]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("papers.yaml", "a4: 176", "1:5: a4 is 176; it must be a mapping"),
        ("papers.yaml", "a4: {width: -3}", "1:13: width is -3; it must be at least 100"),
        ("papers.yaml", "a4: {holes: 3}", "1:13: holes is 3; it must be a list"),
        ("densities.yaml", "wide: 3", "1:7: wide is 3; it must be a mapping"),
        ("densities.yaml", "wide: {normal: {size: big}}", '1:23: size is "big"; it must be a number'),
        ("themes/colour.yaml", "red: 3", '1:6: red is "3"; it is a colour in quotes'),
        ("themes/colour.yaml", "red: [a]", "1:6: red is a list; it must be text"),
        ("themes/odd.yaml", 'red: "#123456"', " the theme lacks bar, black, burn1, "),
    ],
)
def test_data_of_a_shelf_is_held_against_its_rules(tmp_path: Path, name: str, text: str, said: str) -> None:
    put(tmp_path / "base" / "layout.yaml")
    path = put(tmp_path / "base" / name, text)
    layout = layouts.find("folder", (tmp_path,))
    with pytest.raises(InputError) as caught:
        layout.theme(path.stem) if "themes" in name else layout.densities(layout.paper("a4"))
    assert [str(found).split(f"{path.resolve()}:")[1][: len(said)] for found in caught.value.problems] == [said]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("number: [1]", "3:9: number is a list; it must be text"),
        ("room: 4", "3:7: room is 4; it must be a mapping"),
        ("room: {wide: {own: 1, item: 1, line: 1, measure: 0}}", "3:50: measure is 0; it must be at least 1"),
        ("room: {wide: {own: 1, item: 1, line: 1}}", "3:8: wide has no measure"),
        ("after: [a]", "3:8: after is a list; it must be text"),
    ],
)
def test_data_of_a_section_is_held_against_its_rules(tmp_path: Path, line: str, said: str) -> None:
    folder = section(tmp_path, "oath", f"title: Oath\nschema: true\n{line}\n")
    put(tmp_path / "base" / "layout.yaml")
    with pytest.raises(InputError) as caught:
        layouts.find("folder", (tmp_path,))
    path = (folder / "section.yaml").resolve()
    assert [str(found).split(f"{path}:")[1][: len(said)] for found in caught.value.problems] == [said]


def test_all_data_that_ships_is_as_its_rules_say() -> None:
    files = [
        path
        for pattern in ("*.yaml", "themes/*.yaml", "renditions/*.yaml", "sections/*/*.yaml")
        for path in SHIPPED.glob(f"*/{pattern}")
    ]
    names = {path.name for path in files}
    assert {"layout.yaml", "papers.yaml", "densities.yaml", "colour.yaml", "mail.yaml", "section.yaml"} <= names
    assert [problem for path in files for problem in layout_rules.breaches(load.load(path))] == []
