"""From a dossier to HTML: what a record says stays text, templates of a shelf work or are told where they fail."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from pressroom import SEED, SPECIMENS, archive, example, opened_archive, raw, setting

from render import compose
from render.problems import InputError, Problem
from render.record import Sheet

NASTY = """"><img src=x onerror=alert(1)></title></style></head><script>'{{ 7*7 }}{% raw %}&amp;<b>"""


class Outline(HTMLParser):
    """Every element of a page with its attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.texts))

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]


def composed(folder: Path, slug: str = "clerk", *, shelf: Path | None = None, paper: str = "a4") -> Sheet:
    chosen = setting(paper, shelves=(shelf,) if shelf else ())
    opened, dossiers = opened_archive(folder, chosen.layout)
    return compose.compose(dossiers[slug], opened, chosen)


def of_one(tmp_path: Path, keys: dict[str, Any], *, shelf: Path | None = None, **data: Any) -> Sheet:
    return composed(archive(tmp_path / "files", {"clerk": keys}, **data), shelf=shelf)


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def shelf_with(tmp_path: Path, files: dict[str, str]) -> Path:
    shelf = tmp_path / "shelf"
    for name in ("base", "folder"):
        put(shelf / name / "layout.yaml", "extends: base\n" if name == "folder" else "")
    for name, text in files.items():
        put(shelf / name, text)
    return shelf


def problem_of(tmp_path: Path, files: dict[str, str], keys: dict[str, Any] | None = None) -> Problem:
    """What composing says of a shelf's mistake. Stylesheets are rendered when they are asked for."""
    with pytest.raises(InputError) as caught:
        dict(of_one(tmp_path, keys or {"habitat": ["Here."]}, shelf=shelf_with(tmp_path, files)).styles)
    (problem,) = caught.value.problems
    return problem


# A record's words are words


def test_markup_in_a_record_prints_as_written(tmp_path: Path) -> None:
    sheet = of_one(tmp_path, {"title": "A <b>bold</b> Clerk", "habitat": ["Ends in <br> & so on."]})
    assert "<b>bold" not in sheet.html
    assert "A &lt;b&gt;bold&lt;/b&gt; Clerk" in sheet.html
    assert "Ends in <br> & so on." in Outline(sheet.html).text.replace("\N{NO-BREAK SPACE}", " ")


def nasty(value: Any, key: str = "") -> Any:
    """A specimen's data with an attack added to each of its strings."""
    if isinstance(value, dict):
        return {name: nasty(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [nasty(item, key) for item in value]
    plain = {"specimen", "from", "to", "currency", "relation", "family", "file_number", "tags", "lang"}
    if not isinstance(value, str) or key in plain:
        return value
    return re.sub(r"[][|*]", "", value)[:60] + NASTY


def test_no_string_of_a_record_or_an_archive_becomes_markup(tmp_path: Path) -> None:
    data = nasty(raw(SPECIMENS, "enterprise-architect"))
    data |= {"family": "unfiled", "related": [{"title": NASTY, "summary": NASTY, "match": 1}]}
    words = {"name": NASTY, "division": NASTY, "classification": NASTY, "stamp": NASTY, "notes": [NASTY]}
    sheet = of_one(tmp_path, data, registry=words, subtitle=NASTY)
    page = Outline(sheet.html)
    assert sheet.html.count("onerror") > 60
    assert page.all("script") == []
    assert len(page.all("title")) == len(page.all("head")) == 1
    assert [image["src"] for image in page.all("img") if not re.fullmatch("art:[0-9a-f]{16}", image["src"])] == []
    assert {name for _, attributes in page.elements for name in attributes if name.startswith("on")} == set()
    assert "{{ 7*7 }}" in page.text
    for svg in sheet.art.values():
        assert "<script" not in svg
        assert "<img" not in svg


def test_emphasis_links_and_redactions_become_elements(tmp_path: Path) -> None:
    texts = ["Marked *very* and **most**.", "See [[scribe]] or [[scribe|the other]].", "Kept ||from you||."]
    folder = archive(tmp_path, {"clerk": {"habitat": texts}, "scribe": {"title": "Chief Scribe"}})
    html = composed(folder).html
    assert "Marked <em>very</em> and <strong>most</strong>." in html
    url = "https://files.example.org/scribe"
    assert f'<a href="{url}">Chief Scribe</a> or <a href="{url}">the other</a>' in html
    assert re.search(r'Kept\s*<img src="art:[0-9a-f]{16}" alt="redacted" class="redaction">\.', html)
    assert "from you" not in html


def test_without_base_url_a_link_stays_words(tmp_path: Path) -> None:
    folder = archive(tmp_path, {"clerk": {"habitat": ["See [[scribe]]."]}, "scribe": {}}, base_url=None)
    assert "See Scribe." in composed(folder).html.replace("\N{NO-BREAK SPACE}", " ")


# Fields that are absent


OPTIONAL = [
    ("org_chart", "note"), ("org_chart", "aliases"), ("org_chart", "hierarchy"), ("salary", "label"),
    ("salary", "note"), ("salary", "quote"), ("salary", "benchmark"), ("flight_risk", "level"),
    ("flight_risk", "diagnosis"), ("burn_ward", "note"),
]  # fmt: skip
IN_ITEMS = [("jd_autopsy", "source"), ("day_log", "entry"), ("burn_ward", "source"), ("related", "summary")]


def full() -> dict[str, Any]:
    data = raw(SPECIMENS, "enterprise-architect")
    data |= {"family": "unfiled", "related": [{"title": "Deputy", "summary": "Also waits.", "match": 5}]}
    return {key: _unlinked(value) for key, value in data.items()}


def _unlinked(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _unlinked(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_unlinked(item) for item in value]
    return re.sub(r"\[\[[^|\]]*\|?|\]\]", "", value) if isinstance(value, str) else value


def test_the_full_record_has_every_optional_field() -> None:
    data = full()
    assert [field for section, field in OPTIONAL if field not in data[section]] == []


def empty_blocks(sheet: Sheet) -> list[str]:
    """Headings, captions, paragraphs, list items and figures with nothing in them."""
    pattern = r"<(h[1-6]|p|li|dt|dd|blockquote|figcaption|figure|ul|ol|dl|article|section|cite|span)\b[^>]*>\s*</\1>"
    return [found[0] for found in re.finditer(pattern, sheet.html)]


@pytest.mark.parametrize(("section", "field"), [*OPTIONAL, *IN_ITEMS])
def test_an_absent_field_leaves_nothing_empty(tmp_path: Path, section: str, field: str) -> None:
    data = full()
    inner = data[section]
    if (section, field) in IN_ITEMS:
        items = inner["complaints"] if section == "burn_ward" else inner
        for item in items:
            item.pop(field, None)
    else:
        del inner[field]
    sheet = of_one(tmp_path, data)
    assert empty_blocks(sheet) == []
    assert "None" not in Outline(sheet.html).text
    assert sheet.html.count("<h2") == 11


@pytest.mark.parametrize("paper", ["a4", "a5"])
@pytest.mark.parametrize("absent", list(setting().layout.sections))
def test_an_absent_section_leaves_no_heading(tmp_path: Path, absent: str, paper: str) -> None:
    data = full()
    del data[absent]
    folder = archive(tmp_path, {"clerk": data})
    sheet = composed(folder, paper=paper)
    title = setting().layout.sections[absent].title
    page = Outline(sheet.html)
    assert empty_blocks(sheet) == []
    assert sheet.html.count("<h2") == 10
    assert f"#clerk-{absent}" not in {link.get("href") for link in page.all("a")}
    assert sum(link.get("href", "").startswith("#clerk-") for link in page.all("a")) == 10
    assert f"] {title}" not in page.text.replace("\N{EN SPACE}", " ")


def test_a_record_of_three_lines_has_a_cover_and_a_sheet(tmp_path: Path) -> None:
    sheet = of_one(tmp_path, {})
    assert empty_blocks(sheet) == []
    assert sheet.html.count("<h1") == 1
    assert "<h2" not in sheet.html


@pytest.mark.parametrize("key", list(setting().layout.sections))
def test_a_section_s_example_composes_alone(tmp_path: Path, key: str) -> None:
    layout = setting().layout
    value = example(layout, key)
    if key == "related":
        value = [item for item in value if "specimen" not in item] or [{"title": "Deputy", "match": 5}]
    sheet = of_one(tmp_path, {key: value})
    assert sheet.html.count("<h2") == 1
    assert layout.sections[key].title.split(" (")[0] in sheet.html.replace("&amp;", "&")


# The file that stands alone


def test_a_standalone_file_refers_to_nothing_outside(tmp_path: Path) -> None:
    folder = archive(tmp_path, {"clerk": {"habitat": ["art:0123456789abcdef and font:3 and url(x)."]}})
    chosen = setting()
    sheet = composed(folder)
    html = compose.standalone(sheet, sheet.density, chosen.faces)
    page = Outline(html)
    assert {image["src"].partition(",")[0] for image in page.all("img")} == {"data:image/svg+xml"}
    assert page.all("link") == page.all("script") == []
    styles = "".join(re.findall(r"<style>(.*?)</style>", html, re.DOTALL))
    addresses = re.findall(r"url\(\s*[\"']?([^\"')]{1,24})", styles)
    assert len(addresses) > 20
    assert [address for address in addresses if not address.startswith("data:")] == []
    assert "@import" not in styles
    assert len(re.findall(r'url\("data:font/', styles)) == len(chosen.faces)
    assert "art:0123456789abcdef and font:3 and url(x)." in page.text.replace("\N{NO-BREAK SPACE}", " ")


# Templates of one's own


@pytest.mark.parametrize("places", [["base"], ["folder"], ["base", "folder"]])
def test_a_shelf_s_layout_comes_before_its_base_and_both_before_ours(tmp_path: Path, places: list[str]) -> None:
    files = {f"{place}/sections/habitat/section.html": f"<p>from {place}</p>" for place in places}
    html = of_one(tmp_path, {"habitat": ["Here."]}, shelf=shelf_with(tmp_path, files)).html
    assert re.findall("<p>from (.*?)</p>", html) == places[-1:]


def test_a_template_extends_the_one_below_by_naming_base(tmp_path: Path) -> None:
    extended = '{% extends "base/section.html" %}'
    shelf = shelf_with(
        tmp_path,
        {"folder/sections/habitat/section.html": '{% include "base/sections/habitat/section.html" %}<p>more</p>'},
    )
    html = of_one(tmp_path, {"habitat": ["Here."]}, shelf=shelf).html
    assert "Here." in html
    assert "<p>more</p>" in html
    assert extended not in html


def test_a_section_of_one_s_own_has_its_value_and_the_whole_dossier(tmp_path: Path) -> None:
    shelf = shelf_with(
        tmp_path,
        {
            "base/sections/oath/section.yaml": "title: The Oath\nnumber: 12\nschema: {type: string}\n",
            "base/sections/oath/section.html": "<p class=o>{{ number }} {{ title }}: "
            "{{ section }} {{ dossier.title }} {{ words.by }}</p>",
            "base/sections/oath/section.css": ".o{color:{{ theme.red }};width:{{ paper.text }}mm}",
            "base/sections/oath/words/en.yaml": "by: sworn\n",
        },
    )
    sheet = of_one(tmp_path, {"oath": "I *do*."}, shelf=shelf)
    assert "<p class=o>12 The Oath: I <em>do</em>. Clerk sworn</p>" in sheet.html
    assert ".o{color:#b0261c;width:170" in sheet.styles["normal"]
    assert "[12]" in sheet.html


def test_styles_come_in_layers(tmp_path: Path) -> None:
    css = of_one(tmp_path, {}).styles["normal"]
    assert re.findall(r"@layer (\w+)\{", css) == ["base", "sections", "layout"]


WRONG = [
    ("base/sections/habitat/section.html", "<ol>\n<li>x</li>\n{{ section.nope }}\n</ol>", 3, "nope"),
    ("base/sections/habitat/section.html", "<p>\n{{ nobody }}</p>", 2, "nobody"),
    ("base/sections/habitat/section.html", "<p>\n\n{% if section %}</p>", 3, "endif"),
    ("base/sections/habitat/section.html", "{{ section|shout }}", 1, "shout"),
    ("base/sections/habitat/section.html", "\n{{ ''.__class__.__mro__ }}", 2, "unsafe"),
    ("base/sections/habitat/section.html", "\n{{ section.append('x') }}", 2, "append"),
    ("base/sections/habitat/section.html", "{{ 1 // 0 }}", 1, "zero"),
    ("base/sections/habitat/section.html", "\n{{ art.img('unicorn', 'x') }}", 2, "unicorn"),
    ("base/sections/habitat/section.html", "\n{{ art.img('meter', 'x', nonsense=1) }}", 2, "nonsense"),
    ("base/sections/habitat/section.html", "{% macro a() %}{{ a() }}{% endmacro %}\n{{ a() }}", 1, "recursion"),
    ("base/sections/habitat/section.html", '\n{% include "../../layout.yaml" %}', 2, "layout.yaml"),
    ("base/sections/habitat/section.html", '{% include "/etc/passwd" %}', 1, "passwd"),
    ("base/sections/habitat/section.css", ".a{}\n.b{color:{{ theme.pink }}}", 2, "pink"),
    ("folder/cover.html", "<h1>{{ dossier.title }}</h1>\n{{ dossier.author }}", 2, "author"),
    (
        "folder/document.html",
        '{% extends "base/document.html" %}\n{% block opening %}{{ sectons }}{% endblock %}',
        2,
        "sectons",
    ),
]


@pytest.mark.parametrize(("name", "text", "line", "said"), WRONG)
def test_a_template_s_mistake_is_a_problem_with_its_line(
    tmp_path: Path, name: str, text: str, line: int, said: str
) -> None:
    problem = problem_of(tmp_path, {name: text})
    assert (problem.severity, problem.code) == ("error", "template")
    assert (problem.where.file, problem.where.line) == (str((tmp_path / "shelf" / name).resolve()), line)
    assert said in problem.message


def test_a_template_that_is_not_utf_8_is_a_problem_with_its_file(tmp_path: Path) -> None:
    shelf = shelf_with(tmp_path, {"base/sections/habitat/section.html": ""})
    path = shelf / "base" / "sections" / "habitat" / "section.html"
    path.write_bytes("<p>Größe</p>".encode("latin-1"))
    with pytest.raises(InputError) as caught:
        of_one(tmp_path, {"habitat": ["Here."]}, shelf=shelf)
    (problem,) = caught.value.problems
    assert (problem.code, problem.where.file) == ("template", str(path.resolve()))
    assert "UTF-8" in problem.message


def test_an_image_without_words_is_refused(tmp_path: Path) -> None:
    problem = problem_of(
        tmp_path, {"base/sections/habitat/section.html": "\n{{ art.img('meter', '', percent=5, w=20) }}"}
    )
    assert problem.where.line == 2


# What a sheet knows


def test_a_sheet_knows_what_it_was_made_from() -> None:
    chosen = setting()
    opened, dossiers = opened_archive(SPECIMENS, chosen.layout)
    sheet = compose.compose(dossiers[SEED], opened, chosen)
    names = {path.name for path in sheet.read}
    wanted = {"archive.yaml", f"{SEED}.yaml", "cover.html", "type.css", "en.yaml", "colour.yaml", "papers.yaml"}
    assert wanted <= names
    assert {face.path for face in chosen.faces} <= sheet.read
    assert all(path.is_file() for path in sheet.read)
    assert set(sheet.styles) == {"tight", "normal", "roomy"}
    assert sheet.density in sheet.styles
    used = set(re.findall(r"art:[0-9a-f]{16}", sheet.html + "".join(sheet.styles.values())))
    assert used <= set(sheet.art)
    assert len(used) > 20
