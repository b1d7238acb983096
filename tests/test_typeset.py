"""From a sheet to a PDF: fitted once, painted once, the same bytes everywhere, nothing read that is not ours."""

from __future__ import annotations

import hashlib
import io
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from finished import sizes, tags, words
from PIL import Image, ImageChops
from pressroom import ROOT, SEED, SPECIMENS, Press, archive, opened_archive, setting
from weasyprint import HTML

from render import compose, raster, typeset
from render.record import Part, Sheet
from render.typeset import Typesetter, door


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def shelf_with(folder: Path, html: str = "", css: str = "") -> Path:
    """A shelf whose habitat is ``html``, with ``css`` over it."""
    if html:
        put(folder / "base" / "sections" / "habitat" / "section.html", html)
    if css:
        put(folder / "base" / "sections" / "habitat" / "section.css", css)
    return folder


def sheet_of(folder: Path, slug: str = "clerk", shelf: Path | None = None) -> tuple[Sheet, Typesetter]:
    chosen = setting(shelves=(shelf,) if shelf else ())
    opened, dossiers = opened_archive(folder, chosen.layout)
    return compose.compose(dossiers[slug], opened, chosen), Typesetter(chosen.faces, (folder, *chosen.layout.roots))


def made(tmp_path: Path, html: str = "", css: str = "", **keys: Any) -> Part:
    shelf = shelf_with(tmp_path / "shelf", html, css)
    sheet, typesetter = sheet_of(archive(tmp_path / "files", {"clerk": {"habitat": ["Here."], **keys}}), shelf=shelf)
    return typesetter.typeset(sheet, density="normal")


def messages(part: Part) -> list[str]:
    return [f"{problem.severity} {problem.code}: {problem.message}" for problem in part.problems]


# Laying out and painting


def test_the_accepted_layout_is_painted_not_laid_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    rendered: list[int] = []
    written: list[int] = []
    render, write = HTML.render, typeset.Document.write_pdf

    def counted(self: Any, *positional: Any, **named: Any) -> Any:
        document = render(self, *positional, **named)
        rendered.append(id(document))
        return document

    def painted(self: Any, *positional: Any, **named: Any) -> Any:
        written.append(id(self))
        return write(self, *positional, **named)

    monkeypatch.setattr(HTML, "render", counted)
    monkeypatch.setattr(typeset.Document, "write_pdf", painted)
    sheet, typesetter = sheet_of(SPECIMENS, SEED)
    part = typesetter.typeset(sheet)
    assert part.layouts == len(rendered) <= 3
    assert len(written) == 1
    assert written[0] in rendered
    rendered.clear()
    fixed = typesetter.typeset(sheet, density="roomy")
    assert (fixed.layouts, len(rendered), fixed.density) == (1, 1, "roomy")


def test_a_part_says_what_it_is(press: Press) -> None:
    part = press.make(SPECIMENS, SEED).part
    assert (part.slug, part.pages) == (SEED, len(sizes(part.pdf)))
    assert part.density in {"tight", "normal", "roomy"}
    assert 1 <= part.layouts <= 3
    assert part.problems == ()
    assert all(path.is_file() for path in part.read)
    assert {f"{SEED}.yaml", "archive.yaml", "cover.html", "CourierPrime-Regular.ttf"} <= {
        path.name for path in part.read
    }


@pytest.mark.parametrize(("paper", "width", "height"), [("a4", 210, 297), ("6x9in", 152.4, 228.6), ("a5", 148, 210)])
def test_pages_have_the_paper_s_size(press: Press, paper: str, width: float, height: float) -> None:
    found = sizes(press.make(SPECIMENS, SEED, paper=paper).pdf)
    assert len(found) >= 4
    assert all(size == pytest.approx((width, height), abs=0.05) for size in found)


# The same bytes everywhere

PRINT = """
import hashlib, sys
from pathlib import Path
from render import pipeline
outcome = pipeline.render(pipeline.Order(Path(sys.argv[1]), jobs=1, output=Path(sys.argv[2]), html=Path(sys.argv[2])))
for path in outcome.files:
    print(path.name, hashlib.sha256(path.read_bytes()).hexdigest())
"""


def test_bytes_are_the_same_in_every_process(tmp_path: Path) -> None:
    keys = {"habitat": ["Łódź → Ω.", "*Here*, ||there||."], "org_chart": {"aliases": ["Filer", "Copyist"]}}
    folder = archive(tmp_path / "files", {"clerk": keys, "scribe": {"related": "auto"}})
    answers = []
    for seed, zone, lang, cwd in (
        ("0", "UTC", "C", ROOT),
        ("4711", "Pacific/Kiritimati", "tr_TR.UTF-8", tmp_path),
    ):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LANG": lang, "LC_ALL": lang}
        environment |= {"PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}
        command = [sys.executable, "-c", PRINT, folder, tmp_path / f"out{seed}"]
        done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        answers.append(done.stdout.split())
    assert answers[0][::2] == ["clerk.pdf", "clerk.html", "scribe.pdf", "scribe.html"]
    assert answers[0] == answers[1]


def test_bytes_do_not_depend_on_what_was_made_before(press: Press) -> None:
    typesetter = sheet_of(SPECIMENS, "sdet")[1]
    alone, later = Typesetter(setting().faces), typesetter
    sheet = sheet_of(SPECIMENS, SEED)[0]
    later.typeset(sheet_of(SPECIMENS, "sdet")[0], density="tight")
    first = alone.typeset(sheet, density="normal").pdf
    assert hashlib.sha256(first).digest() == hashlib.sha256(later.typeset(sheet, density="normal").pdf).digest()
    assert press.make(SPECIMENS, SEED).part.slug == SEED


def test_a_standalone_file_gives_the_same_pages(press: Press) -> None:
    part = press.make(SPECIMENS, SEED)
    html = compose.standalone(part.sheet, part.part.density, setting().faces)
    pdf = HTML(string=html).write_pdf()
    assert words(pdf) == words(part.pdf)
    pairs = list(zip(raster.pages(pdf, 50), raster.pages(part.pdf, 50), strict=True))
    assert len(pairs) >= 4
    assert [ImageChops.difference(one, other).getbbox() for one, other in pairs] == [None] * len(pairs)


# What a library only logs


def test_an_unknown_property_of_a_shelf_is_a_problem(tmp_path: Path) -> None:
    found = messages(made(tmp_path, css=".a{colour:red;color:blue}\n"))
    assert len(found) == 1
    assert found[0].startswith("warning weasyprint: Ignored `colour:red`")
    assert "unknown property" in found[0]


def test_a_problem_of_a_stylesheet_is_told_with_every_part(tmp_path: Path) -> None:
    shelf = shelf_with(tmp_path / "shelf", css=".a{colour:red}\n")
    folder = archive(tmp_path / "files", {"clerk": {"habitat": ["Here."]}, "scribe": {}})
    clerk, typesetter = sheet_of(folder, shelf=shelf)
    scribe, _ = sheet_of(folder, "scribe", shelf=shelf)
    first, second = (typesetter.typeset(sheet, density="normal") for sheet in (clerk, scribe))
    assert len(first.problems) == 1
    assert first.problems == second.problems


def test_an_anchor_that_is_nowhere_is_a_problem(tmp_path: Path) -> None:
    (found,) = messages(made(tmp_path, html='<p><a href="#nowhere">x</a></p>'))
    assert "nowhere" in found


def test_listening_leaves_the_log_as_it_was(tmp_path: Path) -> None:
    log = logging.getLogger("weasyprint")
    before = (log.handlers[:], log.propagate)
    made(tmp_path, css=".a{colour:red}")
    assert (log.handlers, log.propagate) == before


# The door


OUTSIDE = [
    "file:///etc/passwd",
    "https://example.org/x.png",
    "http://127.0.0.1:9/x.png",
    "ftp://example.org/x.png",
    "//example.org/x.png",
    "x.png",
    "/etc/passwd",
    "art:0000000000000000",
    "font:99",
    "font:-1",
    "about:blank",
]


@pytest.mark.parametrize("address", OUTSIDE)
def test_what_is_not_ours_is_not_read_and_told(tmp_path: Path, address: str) -> None:
    html = f'<p><img src="{address}" alt="x"></p>'
    part = made(tmp_path, html=html)
    assert len(part.problems) == 1, messages(part)
    assert "image" in part.problems[0].message
    with pytest.raises(door.Refused):
        door.Door(setting().faces).fetch(address if ":" in address else f"about:{address}")


def picture(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (8, 8), "red").save(path)
    return path


def test_pictures_of_the_archive_are_read_and_known(tmp_path: Path) -> None:
    inside = picture(tmp_path / "files" / "own art.png")
    image = f'<p><img src="{inside.as_uri()}" alt="A red square."></p>'
    html = '{% if section[0] == "Here." %}' + image + "{% else %}x{% endif %}"
    shelf = shelf_with(tmp_path / "shelf", html)
    folder = archive(tmp_path / "files", {"clerk": {"habitat": ["Here."]}, "scribe": {"habitat": ["There."]}})
    clerk, typesetter = sheet_of(folder, shelf=shelf)
    first = typesetter.typeset(clerk, density="normal")
    second = typesetter.typeset(sheet_of(folder, "scribe", shelf=shelf)[0], density="normal")
    assert (first.problems, second.problems) == ((), ())
    assert inside in first.read
    assert inside not in second.read, "what another sheet read is no concern of this one"
    assert "A red square." in [tag.alt for tag in tags(first.pdf).all("Figure")]


def test_a_link_out_of_the_archive_is_refused(tmp_path: Path) -> None:
    outside = picture(tmp_path / "outside.png")
    inside = tmp_path / "files" / "inside.png"
    inside.parent.mkdir()
    inside.symlink_to(outside)
    part = made(tmp_path, html=f'<p><img src="{inside.as_uri()}" alt="x"></p>')
    assert len(part.problems) == 1
    assert outside not in part.read
    assert inside not in part.read


def test_a_stylesheet_reads_through_the_same_door(tmp_path: Path) -> None:
    part = made(tmp_path, css='.habitat{background:url("file:///etc/passwd")}')
    assert len(part.problems) == 1
    assert "/etc/passwd" in part.problems[0].message
    assert Path("/etc/passwd") not in part.read


# Links


TAXONOMY = "https://files.example.org/"
"""Where every dossier of a small archive leads to at its end."""


def links(pdf: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        notes = [note for page in document.pages for note in page.get("/Annots", [])]
        return [str(note.A.URI) for note in notes if "/A" in note and "/URI" in note.A]


def test_links_that_could_do_harm_are_dropped(tmp_path: Path) -> None:
    kept = ["https://example.org/a", "mailto:clerk@example.org"]
    bad = ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "ftp://example.org/", "vbscript:x"]
    html = "".join(f'<p><a href="{address}">go</a></p>' for address in (*bad, *kept))
    assert links(made(tmp_path, html=html).pdf) == [*kept, TAXONOMY]


def test_a_link_with_elements_in_it_is_one_annotation(tmp_path: Path) -> None:
    html = '<p><a href="https://example.org/a">to <b>the <em>other</em></b> <span>file</span></a></p>'
    assert links(made(tmp_path, html=html).pdf) == ["https://example.org/a", TAXONOMY]
