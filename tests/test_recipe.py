"""What a part is made from: whatever changes a page changes the key and is named, and nothing else does."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from command import HEAD, ROOT, archive

from render import desk, fonts, layouts, recipe
from render.editions import edition
from render.orders import Order, Outcome
from render.recipe import Recipe

RECORD = "habitat: [Anywhere, 'or *here*']\nrelated: [{specimen: other, match: 40}]\n"
CSS = "folder/sheet.css"


@pytest.fixture
def order(tmp_path: Path) -> Order:
    """An archive of two, a shelf with a stylesheet, a template and words, and a folder of fonts."""
    archive(tmp_path / "files", {"clerk": RECORD, "other": ""}, HEAD + "registry: {name: Filed.}\n")
    for name in (CSS, "base/section.html", "base/words/en.yaml"):
        target = tmp_path / "shelf" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "layouts" / name, target)
    (tmp_path / "faces").mkdir()
    shutil.copy(ROOT / "fonts" / "DejaVuSansMono.ttf", tmp_path / "faces" / "Own.ttf")
    return Order(tmp_path / "files", edition("clerk"), shelves=(tmp_path / "shelf",), font_dirs=(tmp_path / "faces",))


def of(order: Order) -> Recipe:
    """The recipe of the order's one dossier, everything read afresh."""
    layouts.forget()
    fonts.faces.cache_clear()
    outcome = Outcome()
    opened = desk.open_desk(order, outcome)
    assert opened is not None, outcome.problems
    (dossier,) = desk.dossiers(opened, outcome)
    shared = recipe.common(opened.archive, opened.layout, opened.theme, opened.paper, opened.faces, order.fit)
    return recipe.recipe(shared, dossier)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")


def append(path: Path, text: str) -> None:
    assert path.exists()
    path.write_bytes(path.read_bytes() + text.encode())


CHANGES: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "a word": (lambda at: edit(at / "files/clerk.yaml", "Anywhere", "Nowhere"), ["the record"]),
    "its markup": (lambda at: edit(at / "files/clerk.yaml", "*here*", "**here**"), ["the record"]),
    "another's title": (
        lambda at: edit(at / "files/other.yaml", "The Other", "Another"),
        ["what it takes from others"],
    ),
    "registry": (lambda at: edit(at / "files/archive.yaml", "Filed.", "Lost."), ["archive.yaml"]),
    "family": (lambda at: edit(at / "files/archive.yaml", "The Drawer", "The Box"), ["what it takes from others"]),
    "base_url": (
        lambda at: edit(at / "files/archive.yaml", "files.example", "archive.example"),
        ["archive.yaml", "what it takes from others"],
    ),
    "style": (lambda at: append(at / "shelf" / CSS, "/* */"), [f"shelf/{CSS}"]),
    "template": (lambda at: append(at / "shelf/base/section.html", " "), ["shelf/base/section.html"]),
    "words": (lambda at: append(at / "shelf/base/words/en.yaml", "\n"), ["shelf/base/words/en.yaml"]),
    "a new file": (lambda at: (at / "shelf/base/cover.html").write_text("new"), ["shelf/base/cover.html"]),
    "a font": (lambda at: append(at / "faces/Own.ttf", "\0"), ["font Own.ttf"]),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_changes_a_page_is_named(order: Order, tmp_path: Path, what: str) -> None:
    change, expected = CHANGES[what]
    before = of(order)
    change(tmp_path)
    after = of(order)
    assert after.changes(before.items) == expected
    assert after.key != before.key


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        ({"theme": "mono"}, ["theme"]),
        ({"paper": "letter"}, ["paper"]),
        ({"paper": "200mm 280mm"}, ["paper"]),
        ({"fit": False}, ["fit"]),
        ({"font_dirs": ()}, ["font Own.ttf"]),
    ],
)
def test_options_are_named(order: Order, option: dict[str, Any], expected: list[str]) -> None:
    before, after = of(order), of(replace(order, **option))
    assert after.changes(before.items) == expected
    assert after.key != before.key


@pytest.mark.parametrize(
    ("function", "value", "expected"),
    [("code", "0" * 64, ["the press itself"]), ("versions", {"weasyprint": "71.0"}, ["libraries"])],
)
def test_our_code_and_the_libraries_are_named(
    order: Order, monkeypatch: pytest.MonkeyPatch, function: str, value: Any, expected: list[str]
) -> None:
    before = of(order)
    monkeypatch.setattr(recipe, function, lambda: value)
    after = of(order)
    assert after.changes(before.items) == expected
    assert after.key != before.key


def test_the_libraries_are_those_that_are_installed() -> None:
    found = recipe.versions()
    assert {"python", "weasyprint", "pydyf", "jinja2", "fonttools", "qrcode", "pango", "harfbuzz"} <= found.keys()
    assert all(version[0].isdigit() for version in found.values())


@pytest.mark.parametrize(
    "change",
    [
        lambda at: append(at / "files/clerk.yaml", "# a comment\n"),
        lambda at: edit(at / "files/clerk.yaml", "habitat: [Anywhere, 'or", "\n\nhabitat: ['Anywhere', 'or"),
        lambda at: append(at / "files/archive.yaml", "smtp: {host: mail.example.org, user: clerk}\n"),
        lambda at: append(at / "files/archive.yaml", "# a comment\n"),
        lambda at: append(at / "files/other.yaml", "habitat: [Elsewhere]\n"),
        lambda at: (at / "files/third.yaml").write_text("title: T\nsummary: S.\nfamily: drawer\n"),
        lambda at: (at / "files/clerk.yaml").rename(at / "files/deep.d/clerk.yaml"),
    ],
    ids=["comment", "form", "smtp", "comment in archive.yaml", "another's section", "a third record", "moved"],
)
def test_what_changes_no_page_changes_no_key(order: Order, tmp_path: Path, change: Callable[[Path], object]) -> None:
    (tmp_path / "files" / "deep.d").mkdir()
    before = of(order)
    change(tmp_path)
    assert of(order).key == before.key


def test_a_moved_archive_keeps_its_keys(order: Order, tmp_path: Path) -> None:
    before = of(order)
    moved = tmp_path / "elsewhere"
    (tmp_path / "files").rename(moved)
    assert of(replace(order, archive=moved)).key == before.key


OF_ALL = (str(ROOT / "fonts" / "faces.yaml"), str(ROOT / "fonts" / "empty.conf"))
"""Counted by every recipe under names of their own: as the faces, and as ``fonts/empty.conf``."""

WITNESS = """
import json, os, sys
opened = set()
sys.addaudithook(lambda event, found: opened.add(found[0]) if event == "open" and isinstance(found[0], str) else None)
from pathlib import Path
from render import desk, fonts, recipe
from render.editions import edition
from render.orders import Order, Outcome
from render.press import Brief, Press
from render.pipeline import _Run

order = Order(Path(sys.argv[1]), edition("clerk"), shelves=(Path(sys.argv[2]),))
outcome = Outcome()
at = desk.open_desk(order, outcome)
(dossier,) = desk.dossiers(at, outcome)
brief = Brief("", at.archive, at.layout.name, at.theme, at.paper_name, order.shelves)
opened.clear()
made = Press(brief).make(dossier)
assert made.part, made.problems
shared = recipe.common(at.archive, at.layout, at.theme, at.paper, at.faces, True)
known = {str(path) for path in _Run(order, at, outcome)._asked_for(made.part)}
seen = [map(os.path.realpath, opened), map(str, made.part.read), shared, known]
print(json.dumps([sorted(names) for names in seen]))
"""


def test_a_part_knows_every_file_that_was_opened(tmp_path: Path) -> None:
    """A stylesheet of a shelf shows a picture of the archive; Python itself tells what is opened."""
    picture = tmp_path / "files" / "stamp.svg"
    archive(tmp_path / "files", {"clerk": RECORD, "other": ""})
    picture.write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>')
    style = tmp_path / "shelf" / CSS
    style.parent.mkdir(parents=True)
    shutil.copy(ROOT / "layouts" / CSS, style)
    append(style, f'body{{background-image:url("{picture.as_uri()}")}}\n')
    arguments = [sys.executable, "-c", WITNESS, str(tmp_path / "files"), str(tmp_path / "shelf")]
    done = subprocess.run(arguments, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr
    opened, read, items, asked_for = json.loads(done.stdout)
    places = [str(tmp_path / "files"), str(tmp_path / "shelf"), str(ROOT / "layouts"), str(ROOT / "fonts")]
    ours = [name for name in opened if any(name.startswith(f"{place}/") for place in places)]
    assert len(ours) > 20
    assert str(picture) in ours
    assert str(style) in ours
    assert [name for name in ours if name not in read and name not in OF_ALL] == []
    assert asked_for == [str(picture)]
    for name in read:
        path = Path(name)
        layout = [item for item in items if name.endswith(f"/{item}")]
        font = f"font {path.name}" in items
        assert layout or font or path.name in ("clerk.yaml", "archive.yaml", "stamp.svg"), name
