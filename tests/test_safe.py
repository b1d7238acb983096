"""Strangers' layouts, records and archives reach nothing outside, and what they try is said, not suffered.

The cases are in ``attacks/``. Each runs beside a canary: files with a mark that notice being opened, and a port that
notices being called.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import signal
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import quote, unquote
from xml.etree import ElementTree as ET

import pikepdf
import pytest
import yaml
from attacks.canary import MARK, Canary, nest, picture, shown
from pressroom import archive, example, opened_archive, setting
from test_fonts import own_font
from weasyprint import HTML

from render import compose, fonts, layouts
from render.cli import main
from render.press import Brief, Press
from render.problems import InputError, Problem, Severity, UsageError
from render.record import Dossier, Part
from render.settings import Archive
from render.typeset import Typesetter

ATTACKS = Path(__file__).parent / "attacks"
PAGES: dict[str, dict[str, Any]] = yaml.safe_load((ATTACKS / "pages.yaml").read_text("utf-8"))
TEMPLATES: dict[str, dict[str, Any]] = yaml.safe_load((ATTACKS / "templates.yaml").read_text("utf-8"))
LAYOUTS: dict[str, dict[str, Any]] = yaml.safe_load((ATTACKS / "layouts.yaml").read_text("utf-8"))
ARCHIVES: dict[str, dict[str, Any]] = yaml.safe_load((ATTACKS / "archives.yaml").read_text("utf-8"))
WORDS: list[str] = yaml.safe_load((ATTACKS / "words.yaml").read_text("utf-8"))
PAGE = """\
<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Stranger</title>HEAD<style>RULES</style></head>
<body><h1>A {{ dossier.title }}</h1>BODY</body></html>
"""
PATIENCE = 10
"""Seconds that a case may take; those that would go on for ever are in ``attacks/test_bombs.py``."""


@dataclass(frozen=True)
class Came:
    """What came of an attack: a part, or the problems that stand in its place; and the page as one HTML file."""

    part: Part | None
    problems: tuple[Problem, ...]
    html: str = ""

    @property
    def said(self) -> str:
        return "\n".join(map(str, self.problems))


@dataclass(frozen=True)
class Field:
    """Where attacks take place: a sound archive, an empty shelf, and a canary beside them."""

    folder: Path
    canary: Canary
    archive: Archive
    dossier: Dossier

    def fill(self, text: str, shelf: Path) -> str:
        places = {"OUTNAME": self.canary.folder.name, "OUT": self.canary.folder, "HERE": self.archive.root}
        places |= {"HOST": self.canary.host, "SHELF": shelf, "DEEP": "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}"}
        return re.sub("|".join(places), lambda match: str(places[match[0]]), text)


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    folder = tmp_path_factory.mktemp("field")
    with nest(folder / "outside") as canary:
        root = archive(folder / "archive", {"clerk": {}})
        for name, form in (("logo.png", "png"), ("logo.jpg", "jpeg")):
            (root / name).write_bytes(picture(form))
        # folders that a path runs through when its query or fragment is not cut off
        (root / "logo.jpg#").mkdir()
        (root / "logo.jpg?").mkdir()
        opened, dossiers = opened_archive(root, layouts.find("base"))
        (root / "link.png").symlink_to(canary.folder / "secret.png")
        (root / "linked").symlink_to(canary.folder)
        os.mkfifo(root / "pipe.png")
        yield Field(folder, canary, opened, dossiers["clerk"])


def stranger(field: Field, name: str, case: Mapping[str, Any]) -> Path:
    """A shelf with the layout of a case."""
    shelf = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=field.folder))
    home = shelf / "stranger"
    home.mkdir(parents=True)
    page, body = PAGE, case.get("body", "")
    if "svg" in case or "picture" in case:
        svg = case.get("picture") or (
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">'
            f"{case['svg']}</svg>"
        )
        address = "data:image/svg+xml," + quote(field.fill(svg, shelf))
        inline = svg if "svg" in case else ""
        body = f'<img alt="x" src="{address}"><p style="background:url({address})">x</p>{inline}<embed src="{address}">'
    page = page.replace("HEAD", case.get("head", "")).replace("RULES", case.get("rules", "")).replace("BODY", body)
    if case.get("document", page) is not None:
        (home / "document.html").write_text(field.fill(case.get("document", page), shelf), encoding="utf-8")
    (home / "attack.css").write_text(field.fill(case.get("style", ""), shelf), encoding="utf-8")
    (home / "layout.yaml").write_text("title: Stranger\nextends: base\nstyles: [attack.css]\n")
    lay_traps(home, case, field)
    return shelf


def lay_traps(home: Path, case: Mapping[str, Any], field: Field) -> None:
    """The files, symbolic links and pipes of a case."""
    for name, text in case.get("files", {}).items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        # a case is one line of YAML; what stands in the file is a mapping in block or flow style
        flow = path.suffix == ".yaml" and ", " in text and not text.startswith("own")
        path.write_text(field.fill(f"{{{text}}}" if flow else text, home), encoding="utf-8")
    for name, target in case.get("links", {}).items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
        path.symlink_to(home / target if case.get("circle") else field.canary.folder / target)
    for name in case.get("pipes", ()):
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        os.mkfifo(path)


def attempt(field: Field, shelf: Path, layout: str = "stranger", **changed: Any) -> Came:
    """Make the dossier in a stranger's layout; everything that is said or made is in the answer."""
    details = {"theme": "colour", "paper": "a4", "fit": False, **changed}
    with in_time(PATIENCE):
        try:
            layouts.find(layout, (shelf,)).theme(details["theme"])
            press = Press(Brief(str(shelf), field.archive, layout, shelves=(shelf,), **details))
        except UsageError as misuse:
            return Came(None, (Problem(Severity.ERROR, "usage", field.dossier.record.where(), str(misuse)),))
        except InputError as failure:
            return Came(None, failure.problems)
        made = press.make(field.dossier)
        if made.part is None:
            return Came(None, made.problems)
        sheet = compose.compose(field.dossier, field.archive, press._setting)
        html = compose.standalone(sheet, made.part.density, press._setting.faces)
        return Came(made.part, (*made.problems, *made.part.problems), html)


@contextmanager
def in_time(seconds: int) -> Iterator[None]:
    """What hangs is interrupted; nothing here catches what that raises."""

    class Hangs(BaseException):
        pass

    def give_up(_signal: int, _frame: FrameType | None) -> None:
        raise Hangs(f"not done after {seconds} seconds")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def keeps_the_secret(came: Came) -> None:
    assert MARK not in came.said
    assert MARK not in unquote(came.html)
    assert MARK not in (shown(came.part.pdf) if came.part else "")


def carries_nothing(pdf: bytes) -> None:
    """No file, form or script, and no link but to the web, to mail and within."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert not document.attachments
        assert not {"/AcroForm", "/OpenAction", "/AA", "/AF"} & set(document.Root.keys())
        for page in document.pages:
            assert "/AA" not in page
            for note in page.get("/Annots", ()):
                assert note.Subtype == "/Link", note.Subtype
                action = note.get("/A", {})
                if action:
                    assert action.S == "/URI"
                    assert re.match(r"(https?:|mailto:)\S", str(action.URI)), action.URI


@pytest.fixture(scope="module")
def armed(field: Field) -> None:
    """The canary notices: WeasyPrint on its own, which fetches whatever is asked for, sets it off."""
    out = field.canary
    secret = (out.folder / "secret.png").as_uri()
    with out.guarding() as sung:
        HTML(string=f'<img src="{secret}">').render()
    assert any(str(out.folder) in note for note in sung), "Python's opening of a file went unnoticed"
    with out.guarding() as sung:
        os.system(f"cat {out.folder}/secret.txt > /dev/null")
    assert os.uname().sysname != "Linux" or any("inotify" in note for note in sung), "another process went unnoticed"
    from weasyprint.urls import URLFetcher

    with out.guarding() as sung:
        HTML(string=f'<img src="http://{out.host}/a.png">', url_fetcher=URLFetcher(timeout=0.1)).render()
    assert f"a call to {out.host}" in sung
    assert "socket.connect" in sung
    page = f'<p>{MARK}</p><a rel="attachment" href="data:,x">x</a><form><input style="appearance:auto"></form>'
    pdf = HTML(string=page).write_pdf()
    assert MARK in shown(pdf)
    with pytest.raises(AssertionError):
        carries_nothing(pdf)


def test_there_are_enough_attacks() -> None:
    assert len(PAGES) >= 70
    assert len(TEMPLATES) >= 50
    assert len(LAYOUTS) >= 30
    assert len(ARCHIVES) >= 40


@pytest.mark.usefixtures("armed")
@pytest.mark.parametrize("name", PAGES)
def test_a_page_reaches_nothing(field: Field, name: str) -> None:
    case = PAGES[name]
    shelf = stranger(field, name, case)
    with field.canary.guarding() as sung:
        came = attempt(field, shelf)
    assert sung == []
    keeps_the_secret(came)
    if case.get("refused"):
        assert came.part is None
        assert {problem.code for problem in came.problems} == {"refused"}
    else:
        assert came.part is not None, came.said
        carries_nothing(came.part.pdf)
        assert all(problem.severity is Severity.WARNING for problem in came.problems), came.said
    if case.get("quiet"):
        assert came.problems == (), came.said
    else:
        assert case["says"] in came.said


@pytest.mark.usefixtures("armed")
@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_stays_in_its_box(field: Field, name: str) -> None:
    case = TEMPLATES[name]
    shelf = stranger(field, name, case)
    with field.canary.guarding() as sung:
        came = attempt(field, shelf)
    assert sung == []
    keeps_the_secret(came)
    if case.get("quiet"):
        assert came.part is not None
    else:
        assert came.part is None
        assert {problem.code for problem in came.problems} <= {"template", "outside-layout"}, came.said
        assert case["says"] in came.said


@pytest.mark.usefixtures("armed")
@pytest.mark.parametrize("name", LAYOUTS)
def test_the_data_of_a_layout_names_nothing_outside(field: Field, name: str) -> None:
    case = LAYOUTS[name]
    shelf = stranger(field, name, {})
    lay_traps(shelf, case, field)
    asked = {key: case[key] for key in ("layout", "theme", "paper") if key in case}
    with field.canary.guarding() as sung:
        came = attempt(field, shelf, **asked)
    assert sung == []
    keeps_the_secret(came)
    if case.get("says") is None:
        assert came.part is not None, came.said
        carries_nothing(came.part.pdf)
        assert case.get("warns", "") in came.said
    else:
        assert came.part is None
        assert case["says"] in came.said
        assert "typesetting" not in {problem.code for problem in came.problems}, came.said


@pytest.mark.usefixtures("armed")
@pytest.mark.parametrize("name", ARCHIVES)
def test_an_archive_stays_in_its_folder(field: Field, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    case = ARCHIVES[name]
    root = archive(field.folder / f"archive-{name}", {"clerk": {"oath": "I do."} if "schema" in case else {}})
    with (root / "archive.yaml").open("a", encoding="utf-8") as head:
        head.write(field.fill(case.get("head", ""), root) + "\n")
    options = [field.fill(option, root) for option in case.get("options", ())]
    if "schema" in case:
        section = root / "_shelf" / "base" / "sections" / "oath"
        section.mkdir(parents=True)
        (section / "section.yaml").write_text(f"title: Oath\nschema: {field.fill(case['schema'], root)}\n")
        (section / "section.html").write_text("{{ section }}")
        options += ["--layouts", str(root / "_shelf")]
    lay_traps(root, case, field)
    with field.canary.guarding() as sung, in_time(PATIENCE):
        status = main(["check", "--archive", str(root), *options])
    printed = "".join(capsys.readouterr())
    assert sung == []
    assert MARK not in printed
    assert "Traceback" not in printed
    if case["says"] is None:
        assert (printed, status) == ("", 0)
    else:
        assert case["says"] in printed
        assert status == case.get("status", 1)


def outline(html: str) -> list[tuple[str, ...]]:
    """The elements of a page in order, each with the names of its attributes."""
    found: list[tuple[str, ...]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
            found.append((tag, *(name for name, _ in attributes)))

    Reader().feed(html)
    return found


def said_everywhere(words: str, folder: Path) -> tuple[Archive, Dossier]:
    """A dossier, with its archive, that says these words wherever running text may stand."""
    layout = layouts.find("folder")

    def replaced(value: Any) -> Any:
        match value:
            case dict():
                return {key: replaced(inner) for key, inner in value.items()}
            case list():
                return [replaced(inner) for inner in value]
            case str() if " " in value:
                return words
        return value

    record = {key: replaced(example(layout, key)) for key in layout.sections if key != "related"}
    record["related"] = [{"title": words, "summary": words, "match": 50}]
    family = {"key": "drawer", "title": words, "note": words}
    head: dict[str, Any] = dict.fromkeys(("title", "subtitle", "publisher", "editor", "edition", "copyright"), words)
    head["registry"] = {"name": words, "division": words, "classification": words, "stamp": words, "notes": [words]}
    head["taxonomy"] = [{"key": "drawers", "title": words, "families": [family]}]
    archive(folder, {"clerk": {"title": words, "summary": words, "family": "drawer", **record}}, **head)
    opened, dossiers = opened_archive(folder, layout)
    return opened, dossiers["clerk"]


@pytest.mark.usefixtures("armed")
@pytest.mark.parametrize("number", range(len(WORDS)))
def test_words_stay_words(field: Field, number: int, tmp_path: Path) -> None:
    """The page has the same elements and attributes as with harmless words of the same length."""
    chosen = setting("a4", "colour")
    words = field.fill(WORDS[number], tmp_path)
    pages = []
    for name, said in (("strange", words), ("plain", re.sub(r"[^ \w]|_", "x", words))):
        opened, dossier = said_everywhere(said, tmp_path / name)
        sheet = compose.compose(dossier, opened, chosen)
        pages.append(sheet)
        for svg in sheet.art.values():
            tree = ET.fromstring(svg)
            tags = {element.tag.rpartition("}")[2] for element in tree.iter()}
            assert tags <= {"svg", "g", "path", "text", "clipPath"}
            assert not {
                name for element in tree.iter() for name in element.attrib if "href" in name or name[:2] == "on"
            }
    assert len(outline(pages[0].html)) > 200
    assert outline(pages[0].html) == outline(pages[1].html)
    assert pages[0].styles == pages[1].styles
    assert outline(compose.standalone(pages[0], "normal", chosen.faces)) == outline(
        compose.standalone(pages[1], "normal", chosen.faces)
    )
    if number % 3 == 0:
        typesetter = Typesetter(chosen.faces, (tmp_path, *chosen.layout.roots))
        with field.canary.guarding() as sung, in_time(30):
            part = typesetter.typeset(pages[0], density="normal")
        assert sung == []
        assert MARK not in shown(part.pdf)
        carries_nothing(part.pdf)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)//{slug}", "file:///{slug}", "//files.example.org/{slug}", "{slug}"]
)
def test_an_address_that_is_not_of_the_web_is_none(tmp_path: Path, url: str) -> None:
    record = {"habitat": ["See [[scribe|the scribe]]."], "related": [{"specimen": "scribe", "match": 50}]}
    folder = archive(tmp_path, {"clerk": record, "scribe": {}}, url=url)
    opened, dossiers = opened_archive(folder, layouts.find("folder"))
    sheet = compose.compose(dossiers["clerk"], opened, setting("a4", "colour"))
    assert "the scribe" in sheet.html
    addresses = re.findall(r'href="([^"]*)"', sheet.html)
    taxonomy = ["https://files.example.org/"]
    assert [address for address in addresses if not address.startswith("#")] == taxonomy
    assert 'class="code"' not in sheet.html


@pytest.mark.usefixtures("armed")
def test_a_font_keeps_to_its_folder_and_to_its_name(field: Field, tmp_path: Path) -> None:
    """The name inside a font file stands in CSS; the file itself may be a link."""
    own_font(tmp_path / "good" / "a.ttf", '"}@import url(file:///etc/hosts);x{y:"\\é<b>', "abc")
    os.mkfifo(tmp_path / "good" / "pipe.ttf")
    (found,) = [face for face in fonts.faces((tmp_path / "good",)) if face.role == "extra"]
    assert found.family == "import url file etc hosts x y é b"
    own_font(field.canary.folder / "fonts" / "secret.ttf", MARK, "abc")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "link.ttf").symlink_to(field.canary.folder / "fonts" / "secret.ttf")
    with field.canary.guarding() as sung, pytest.raises(UsageError, match="leads out of the folder of fonts"):
        fonts.faces((tmp_path / "bad",))
    assert sung == []
