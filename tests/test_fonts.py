"""Only our faces and the reader's own reach a page; what none of them has is a Problem, never a box."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from finished import embedded, glyphs, letters, words
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from pressroom import ROOT, archive, printed

from render import fonts, pipeline
from render.problems import Problem, UsageError

VOICES = {
    "type": ("Courier Prime", "DejaVu Sans Mono"),
    "form": ("Barlow Condensed", "DejaVu Sans Mono"),
    "elite": ("Special Elite", "DejaVu Sans Mono"),
    "stencil": ("Stardos Stencil", "Barlow Condensed", "DejaVu Sans Mono"),
    "hand": ("Nothing You Could Do", "Special Elite", "DejaVu Sans Mono"),
    "title": ("Special Elite", "DejaVu Sans Mono"),
    "name": ("Courier Prime", "DejaVu Sans Mono"),
}
PRINTABLE = {*range(0x20, 0x7F), *range(0xA0, 0x100)}


def own_font(path: Path, family: str, characters: str, *, weight: int = 400, style: str = "Regular") -> Path:
    """Write a font in which every character is the same square."""
    pen = TTGlyphPen(None)
    pen.moveTo((100, 0))
    for point in ((100, 700), (800, 700), (800, 0)):
        pen.lineTo(point)
    pen.closePath()
    square, characters = pen.glyph(), "".join(dict.fromkeys(" " + characters))
    glyphs = [".notdef", *(f"u{ord(character):04X}" for character in characters)]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(glyphs)
    builder.setupCharacterMap({ord(character): f"u{ord(character):04X}" for character in characters})
    builder.setupGlyf(dict.fromkeys(glyphs, square))
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (900, 100)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": family, "styleName": style})
    builder.setupOS2(usWeightClass=weight, fsSelection=1 if style == "Italic" else 64)
    builder.setupPost()
    builder.font["head"].macStyle = {"Bold": 1, "Italic": 2}.get(style, 0)
    path.parent.mkdir(parents=True, exist_ok=True)
    builder.save(path)
    return path


def set_letters(pdf: bytes, page: int) -> list[tuple[str, str]]:
    """Every letter of a page with the name of the font that draws it."""
    return [(letter.char, letter.font) for letter in letters(pdf)[page]]


# A system with look-alikes installed

TRAP = """
import hashlib, json, sys, warnings
from pathlib import Path
from weasyprint import HTML
bare = HTML(string='<p style="font-family:Courier Prime">Trap</p>').write_pdf()
from render import pipeline
outcome = pipeline.render(pipeline.Order(Path(sys.argv[1]), jobs=1, output=Path(sys.argv[2]), fit=False))
assert not outcome.problems, outcome.problems
ours = outcome.files[0].read_bytes()
print(json.dumps({"bare": hashlib.sha256(bare).hexdigest(), "ours": hashlib.sha256(ours).hexdigest()}))
"""


def printed_under(home: Path, folder: Path) -> dict[str, object]:
    """Digests of what a process prints whose system has the fonts of ``home``."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("FONTCONFIG", "XDG_"))}
    environment |= {"HOME": str(home), "XDG_DATA_HOME": str(home / "share"), "XDG_CACHE_HOME": str(home / "cache")}
    command = [sys.executable, "-c", TRAP, folder, home / "out"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert isinstance(answer, dict)
    return answer


def test_installed_fonts_change_nothing(tmp_path: Path) -> None:
    """Look-alikes under the names of our families, in both places where a user's fonts lie."""
    plain, rich = tmp_path / "plain", tmp_path / "rich"
    plain.mkdir()
    latin = "".join(map(chr, sorted(PRINTABLE))) + "ŁódźΩЯ№✓→中"
    for family in {face.family for face in fonts.shipped()} | {"sans-serif", "monospace"}:
        for weight, style in ((400, "Regular"), (700, "Bold")):
            name = f"{family}-{style}.ttf".replace(" ", "")
            own_font(rich / ".fonts" / name, family, latin, weight=weight, style=style)
            own_font(rich / "share" / "fonts" / name, family, latin, weight=weight, style=style)
    folder = archive(tmp_path / "files", {"clerk": {"title": "Łódź Ω Я № ✓ → Clerk", "habitat": ["Łódź → Ω."]}})
    without, within = printed_under(plain, folder), printed_under(rich, folder)
    assert without["bare"] != within["bare"], "the trap is not armed: the system does not see the look-alikes"
    assert without["ours"] == within["ours"]


# Characters that no font has


def check(folder: Path, *font_dirs: Path) -> list[Problem]:
    return pipeline.check(pipeline.Order(folder, jobs=1, font_dirs=font_dirs)).problems


def test_a_character_that_no_font_has_is_a_problem_with_its_place(tmp_path: Path) -> None:
    folder = archive(tmp_path / "files", {})
    text = "title: Clerk\nsummary: Files.\nfamily: unfiled\nhabitat:\n  - Everywhere.\n  - The 中 office.\n"
    (folder / "clerk.yaml").write_text(text, encoding="utf-8")
    (found,) = check(folder)
    assert (found.severity, found.code) == ("error", "no-glyph")
    assert (Path(found.where.file).name, found.where.line, found.where.column) == ("clerk.yaml", 6, 9)
    assert "U+4E2D" in found.message
    assert "--font-dir" in found.hint
    outcome = pipeline.render(pipeline.Order(folder, jobs=1, output=tmp_path / "out"))
    assert (outcome.files, [problem.code for problem in outcome.problems]) == ([], ["no-glyph"])


@pytest.mark.parametrize(
    "text",
    [
        "one\u200bword",
        "soft\u00adhyphen",
        "joined\u2060words",
        "tick \u2713\ufe0e",
        "a\u0301 composed",
        "x\u0302 not composed",
        "figure\u2007space thin\u2009space narrow\u202fspace",
        "a\u2011b \u2010 \u2012 \u2015",
        "½ × ÷ ± µ ¶ ¦ ¬ ¯",
    ],
)
def test_odd_characters_print_without_a_box(tmp_path: Path, text: str) -> None:
    sections = {"habitat": [text], "survival_guide": [{"situation": text, "advice": text}]}
    sections["burn_ward"] = {"complaints": [{"quote": text, "source": text}]}
    folder = archive(tmp_path / "files", {"clerk": {"title": f"Clerk {text}", **sections}})
    outcome = pipeline.render(pipeline.Order(folder, jobs=1, output=tmp_path / "out", fit=False))
    assert outcome.problems == []
    assert glyphs(printed(outcome)[0])[0] == 0


# Fonts of the reader's own


def test_a_font_of_ones_own_prints_what_ours_lack(tmp_path: Path) -> None:
    own_font(tmp_path / "more" / "han.ttf", "Test Han", "中文")
    sections = {
        "habitat": ["The 中 office."],
        "org_chart": {"hierarchy": [{"role": "文 department", "relation": "pressure"}, {"role": "x", "subject": True}]},
        "flight_risk": {"percent": 80, "level": "中"},
        "burn_ward": {"complaints": [{"quote": "中文", "source": "文"}]},
    }
    folder = archive(tmp_path / "files", {"clerk": {"title": "Clerk of 中文", **sections}}, registry={"notes": ["文"]})
    assert {problem.code for problem in check(folder)} == {"no-glyph"}
    order = pipeline.Order(
        folder, jobs=1, font_dirs=(tmp_path / "more",), output=tmp_path / "out", html=tmp_path / "html"
    )
    outcome = pipeline.render(order)
    assert outcome.problems == []
    pdf = printed(outcome)[0]
    assert any("Test-Han" in name or "TestHan" in name for name in embedded(pdf))
    assert "中" in " ".join(words(pdf)[1])
    assert glyphs(pdf)[0] == 0
    assert "data:font/ttf;base64," in (tmp_path / "html" / "clerk.html").read_text("utf-8")


def test_a_font_under_a_name_of_ours_replaces_nothing(tmp_path: Path) -> None:
    """Two files under one family and weight would be embedded as one font, the second one's glyphs as wrong letters."""
    own_font(tmp_path / "more" / "mono.ttf", "DejaVu Sans Mono", "ЯЖ中")
    own_font(tmp_path / "more" / "type.ttf", "Courier Prime", "abc中")
    found = fonts.faces((tmp_path / "more",))
    names = [(face.family, face.weight, face.style) for face in found]
    assert len(found) == 10
    assert len(set(names)) == 10
    folder = archive(tmp_path / "files", {"clerk": {"habitat": ["abc Я 中 Ж def"]}})
    outcome = pipeline.render(pipeline.Order(folder, jobs=1, font_dirs=(tmp_path / "more",), output=tmp_path / "out"))
    assert outcome.problems == []
    drawn = dict(set_letters(printed(outcome)[0], 1))
    assert "Courier" in drawn["f"]
    assert drawn["Я"] == drawn["Ж"]
    assert "DejaVu" in drawn["Я"]
    assert drawn["中"] not in {drawn["f"], drawn["Я"]}


def test_what_is_read_from_a_font_file(tmp_path: Path) -> None:
    own_font(tmp_path / "b" / "a" / "one.ttf", "Test Han", "中", weight=700, style="Bold")
    own_font(tmp_path / "b" / "two.TTF", "Test Han", "中", style="Italic")
    bold, italic = fonts.faces((tmp_path / "b",))[len(fonts.shipped()) :]
    assert (bold.family, bold.weight, bold.style, bold.role) == ("Test Han", 700, "normal", "extra")
    assert (italic.family, italic.weight, italic.style, italic.role) == ("Test Han", 400, "italic", "extra")


def test_folders_that_hold_no_font(tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("no font\n")
    with pytest.raises(UsageError, match=r"no fonts \(\.ttf, \.otf\) in "):
        fonts.faces((tmp_path,))
    with pytest.raises(UsageError, match=r"no fonts \(\.ttf, \.otf\) in "):
        fonts.faces((tmp_path / "nowhere",))
    (tmp_path / "broken.ttf").write_bytes(b"\0\1\0\0 not at all")
    with pytest.raises(UsageError, match=r"broken\.ttf is not a font that can be used"):
        fonts.faces((tmp_path,))


# Voices


@pytest.mark.parametrize("voice", VOICES)
def test_a_voice_falls_back_within_its_tone(voice: str) -> None:
    assert fonts.families(voice, fonts.shipped()) == VOICES[voice]
    assert set(VOICES) == set(fonts.STACKS)


@pytest.mark.parametrize("voice", VOICES)
def test_every_voice_has_all_that_coverage_takes_for_granted(voice: str) -> None:
    files = [face.path for face in fonts.shipped() if face.family in VOICES[voice]]
    assert len(files) > 1
    have = set().union(*(fonts.points(path) for path in files))
    assert PRINTABLE - have == set()
    covered = fonts.coverage(fonts.shipped())
    assert all(covered(point) for point in PRINTABLE)


def test_coverage_knows_fallback_and_extra_faces(tmp_path: Path) -> None:
    ours = fonts.coverage(fonts.shipped())
    assert all(ours(ord(character)) for character in "ŁΩЯ№✓→☐")
    assert not ours(ord("中"))
    own_font(tmp_path / "han.ttf", "Test Han", "中")
    assert fonts.coverage(fonts.faces((tmp_path,)))(ord("中"))


def test_stencil_and_hand_fall_back_within_their_tone(tmp_path: Path) -> None:
    words_ = "ŁÓDŹ Ω Я № ✓ →"
    registry = {"classification": words_, "notes": [words_], "stamp": words_, "name": words_}
    folder = archive(tmp_path / "files", {"clerk": {"title": words_, "habitat": ["Here."]}}, registry=registry)
    outcome = pipeline.render(pipeline.Order(folder, jobs=1, output=tmp_path / "out"))
    assert outcome.problems == []
    pdf = printed(outcome)[0]
    ours = tuple(face.family.replace(" ", "") for face in fonts.shipped())
    names = {re.sub("[^A-Za-z]", "", name) for name in embedded(pdf)}
    assert len(names) > 5
    assert [name for name in names if not name.startswith(ours)] == []
    assert glyphs(pdf)[0] == 0
    stencil = expected("stencil", words_)
    drawn = [(char, name) for char, name in set_letters(pdf, 1) if char in stencil]
    for char, family in stencil.items():
        assert any(one == char and family in name.replace("-", " ") for one, name in drawn), (char, family, drawn)


def expected(voice: str, text: str) -> dict[str, str]:
    """Each character with the first family of a voice's stack that has it in bold."""
    roles = ("stencil", "form", "fallback")
    have = {face.family: fonts.points(face.path) for face in fonts.shipped() if face.role in roles}
    return {char: next(family for family in VOICES[voice] if ord(char) in have[family]) for char in text if char != " "}


def test_the_made_font_is_one(tmp_path: Path) -> None:
    with TTFont(own_font(tmp_path / "x.ttf", "Test Han", "中")) as font:
        assert font["name"].getDebugName(1) == "Test Han"
