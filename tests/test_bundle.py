"""What travels to another machine, and how it comes home."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pressroom import archive, opened_archive
from test_fonts import own_font

from render import bundle, layouts
from render.bundle import Bundle
from render.home import HOME, moved
from render.press import Brief, Made, Press
from render.problems import Problem, Severity, UsageError, Where, warning
from render.record import Part

SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'


@pytest.fixture
def brief(tmp_path: Path) -> Brief:
    """An archive with a shelf inside it, pictures, secrets and a folder of fonts beside it."""
    root = archive(tmp_path / "archive", {"clerk": {}}, smtp={"host": "mail.example.org", "user": "a"})
    (root / "pictures").mkdir()
    (root / "pictures" / "stamp.svg").write_text(SQUARE)
    (root / ".hidden").mkdir()
    (root / ".hidden" / "stamp.svg").write_text(SQUARE)
    (root / "notes.txt").write_text("not for others")
    (tmp_path / "secret.svg").write_text(SQUARE)
    (root / "link.svg").symlink_to(tmp_path / "secret.svg")
    home = root / "_shelf" / "stranger"
    home.mkdir(parents=True)
    (home / "layout.yaml").write_text("title: Stranger\nextends: base\nstyles: [own.css]\n")
    (home / "own.css").write_text(
        f'body{{background:url("{(root / "pictures" / "stamp.svg").as_uri()}")}}b{{colour:red}}'
    )
    (home / "document.html").write_text("<!doctype html><html lang=en><title>x</title><h1>{{ dossier.title }}</h1>")
    own_font(tmp_path / "faces" / "atom.ttf", "Atom", "⚛")
    opened, _ = opened_archive(root, layouts.find("base"))
    return Brief("s", opened, "stranger", "colour", "a4", (root / "_shelf",), (tmp_path / "faces",), fit=False)


def test_what_a_layout_may_show_travels_and_nothing_else(brief: Brief) -> None:
    sent = Bundle.of(brief)
    assert sorted(sent.files) == [
        "archive/_shelf/stranger/own.css",
        "archive/pictures/stamp.svg",
        "fonts/0/atom.ttf",
        "shelves/0/stranger/document.html",
        "shelves/0/stranger/layout.yaml",
        "shelves/0/stranger/own.css",
    ]
    assert brief.archive.smtp["host"] == "mail.example.org"
    assert sent.brief.archive.smtp == {}


def test_the_same_files_have_the_same_stamp_and_others_another(brief: Brief) -> None:
    stamp = Bundle.of(brief).stamp
    assert Bundle.of(replace(brief, stamp="other")).stamp == stamp
    assert Bundle.of(replace(brief, theme="mono")).stamp != stamp
    (brief.archive.root / "pictures" / "stamp.svg").write_text(SQUARE + " ")
    assert Bundle.of(brief).stamp != stamp


def test_a_press_far_away_makes_the_same_and_names_files_as_at_home(brief: Brief, tmp_path: Path) -> None:
    folder = tmp_path / "far"
    folder.mkdir()
    sent = Bundle.of(brief)
    _, dossiers = opened_archive(brief.archive.root, layouts.find("base"))
    far_off = sent.unpack(folder)
    assert {far_off.archive.root, *far_off.shelves, *far_off.font_dirs} == {
        folder / "archive",
        folder / "shelves" / "0",
        folder / "fonts" / "0",
    }
    there, here = Press(far_off).make(dossiers["clerk"]), Press(brief).make(dossiers["clerk"])
    assert there.part is not None
    assert folder / "archive" / "pictures" / "stamp.svg" in there.part.read
    assert sent.returned(there, folder) == here


def test_what_is_said_names_files_as_at_home(brief: Brief, tmp_path: Path) -> None:
    sent, folder = Bundle.of(brief), tmp_path / "far"
    place = folder / "shelves" / "0" / "stranger" / "own.css"
    at_home = brief.shelves[0] / "stranger" / "own.css"
    told = Problem(Severity.WARNING, "weasyprint", Where(str(place), 3, 1), f"see {place}", f"mend {place}")
    made = Made(Part("clerk", b"", 1, "normal", 1, problems=(told,), remarks=(told,)), (told,))
    (problem,) = sent.returned(made, folder).problems
    assert problem == Problem(
        Severity.WARNING, "weasyprint", Where(str(at_home), 3, 1), f"see {at_home}", f"mend {at_home}"
    )
    part = sent.returned(made, folder).part
    assert part is not None
    assert part.problems == part.remarks == (problem,)
    ours = warning("other", HOME / "layouts" / "base" / "page.css", "as it is")
    assert sent.returned(Made(None, (ours,)), folder).problems == (ours,)


def test_a_bundle_that_is_too_large_is_refused(brief: Brief, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "MOST", 1000)
    with pytest.raises(UsageError, match="too much to send to a cluster"):
        Bundle.of(brief)


def test_two_presses_are_told_apart_in_plain_words() -> None:
    ours = bundle.identity()
    assert {"python", "weasyprint", "pango", "the press", "its layouts and fonts"} <= set(ours)
    assert bundle.differences(ours, ours) == []
    theirs = {**ours, "weasyprint": "69.0", "the press": "0" * 64}
    del theirs["pango"]
    assert bundle.differences({**ours, "weasyprint": "70.0", "pango": "1.50.12"}, theirs) == [
        "pango is missing there and 1.50.12 here",
        "the press differs",
        "weasyprint is 69.0 there and 70.0 here",
    ]


def test_a_folder_inside_another_is_where_the_file_is(tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "x.png").write_bytes(b"")
    moves = ((Path("/a/shelf"), tmp_path / "shelves"), (Path("/a"), tmp_path / "archive"))
    assert moved(Path("/a/x.png"), moves) == tmp_path / "archive" / "x.png"
    assert moved(Path("/a/shelf/y.png"), moves) == tmp_path / "shelves" / "y.png"
    assert moved(Path("/b/z.png"), moves) == Path("/b/z.png")
