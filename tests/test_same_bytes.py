"""The same input gives the same bytes, wherever, whenever, in whatever order and by however many it is made."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from pressroom import ROOT, SPECIMENS, archive, opened_archive

from render import fonts, layouts
from render.executors import Limits
from render.press import Brief, Press
from render.record import Dossier
from render.workshop import Workshop

SLUGS = ("enterprise-architect", "sdet")

PRINT = """
import hashlib, json, os, sys, time
from pathlib import Path
folder, shift, mask, order = Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3], 8), sys.argv[4:]
os.umask(mask)
if shift:
    now, local, utc = time.time, time.localtime, time.gmtime
    time.time = lambda: now() + shift
    time.localtime = lambda at=None: local(time.time() if at is None else at)
    time.gmtime = lambda at=None: utc(time.time() if at is None else at)
from render import fonts, layouts, link, load, settings, validate
from render.press import Brief, Press
layout = layouts.find("folder")
archive = settings.read(folder)
covered = fonts.coverage(fonts.faces())
records = [validate.validate(load.load(path), archive, layout.sections, covered) for path in settings.specimens(folder)]
dossiers = {one.record.slug: one for one in link.link(records, archive)}
press = Press(Brief("x", archive, "folder", "colour", "a4", fit=False))
found = {}
for slug in order:
    made = press.make(dossiers[slug])
    assert made.part is not None and not made.problems, made.problems
    found[slug] = hashlib.sha256(made.part.pdf).hexdigest()
print(json.dumps([found, os.environ.get("TZ"), time.strftime("%Z"), hash("a"), sys.getfilesystemencoding()]))
"""


def printed(folder: Path, cwd: Path, order: Sequence[str], shift: float = 0, mask: str = "022", **changed: str) -> list:
    """What another process makes of an archive: digests by slug, then what it believes of its surroundings."""
    command = [sys.executable, "-c", PRINT, str(folder), str(shift), mask, *order]
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), **changed}
    done = subprocess.run(command, env=surroundings, cwd=cwd, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert isinstance(answer, list)
    return answer


def test_everything_around_may_change(tmp_path: Path) -> None:
    """Process, folder, current folder, hash seed, locale, time zone, year, file mask, home, installed fonts, order."""
    home, moved = tmp_path / "home", tmp_path / "moved" / "Ünï cøde" / "archive"
    (home / ".fonts").mkdir(parents=True)
    for face in fonts.shipped():  # under our own names, but drawn otherwise
        with TTFont(face.path) as font:
            font["head"].unitsPerEm = 1500
            font.flavor = None
            font.save(home / ".fonts" / f"{face.path.stem}.ttf")
    shutil.copytree(SPECIMENS, moved)
    for path in moved.iterdir():
        os.utime(path, (1, 1))
    here = printed(SPECIMENS, ROOT, SLUGS, PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C.UTF-8")
    there = printed(
        moved,
        tmp_path,
        SLUGS[::-1],
        3e8,
        "077",
        PYTHONHASHSEED="2",
        TZ="Pacific/Kiritimati",
        LC_ALL="C",
        LANG="tr_TR.UTF-8",
        LANGUAGE="ar:ja",
        PANGO_LANGUAGE="ar:ja",
        HOME=str(home),
        XDG_DATA_HOME=str(home / "share"),
        XDG_CACHE_HOME=str(home / "cache"),
        TMPDIR=str(home),
        SOURCE_DATE_EPOCH="1",
        FONTCONFIG_FILE="/nowhere",
        PYTHONCOERCECLOCALE="0",
        PYTHONUTF8="0",
    )
    assert here[3] != there[3], "the hash seed was the same"
    assert here[2] != there[2], "the time zone was the same"
    assert set(here[0]) == set(SLUGS)
    assert here[0] == there[0]


@pytest.fixture(scope="module")
def alone() -> dict[str, bytes]:
    """Each specimen set as the only one of its press."""
    opened, dossiers = opened_archive(SPECIMENS, layouts.find("folder"))
    return {slug: set_by(Press(Brief("alone", opened, "folder", "colour", "a4")), dossiers[slug]) for slug in dossiers}


def set_by(press: Press, dossier: Dossier) -> bytes:
    made = press.make(dossier)
    assert made.part is not None, made.problems
    return made.part.pdf


def test_first_or_last_in_a_warm_press(alone: dict[str, bytes]) -> None:
    opened, dossiers = opened_archive(SPECIMENS, layouts.find("folder"))
    press = Press(Brief("warm", opened, "folder", "colour", "a4"))
    order = list(dossiers)
    for slug in (*order[::-1], *order):
        assert set_by(press, dossiers[slug]) == alone[slug], slug


@pytest.mark.parametrize("processes", [1, 2])
def test_however_many_processes(alone: dict[str, bytes], processes: int) -> None:
    """The same workers also set another layout, theme and paper in between."""
    opened, dossiers = opened_archive(SPECIMENS, layouts.find("folder"))
    brief = Brief("folder", opened, "folder", "colour", "a4")
    other = replace(brief, stamp="other", theme="mono", paper="letter", fit=False)
    with Workshop(processes, Limits()) as workshop:
        for given in (brief, other, brief):
            wanted = list(dossiers.values())[::-1] if given is brief else [dossiers[SLUGS[0]]]
            made = {dossier.record.slug: one.part for dossier, one in workshop.make(given, wanted)}
            assert len(made) == len(wanted)
            for slug, part in made.items():
                assert part is not None
                assert (part.pdf == alone[slug]) is (given is brief), slug


# What a stranger's layout may do to be different the next time


def strange(folder: Path, body: str, head: str = "", **files: str) -> Brief:
    """A press for a small archive in a layout whose page has this body."""
    home = folder / "shelf" / "strange"
    home.mkdir(parents=True)
    (home / "layout.yaml").write_text("title: Strange\nextends: base\n")
    page = f'<!doctype html><html lang="en"><head><title>x</title>{head}</head><body><h1>x</h1>{body}</body></html>'
    for name, text in {"document": page, **files}.items():
        (home / f"{name}.html").write_text(text, encoding="utf-8")
    root = archive(folder / "archive", {"able": {}, "baker": {}})
    opened, _ = opened_archive(root, layouts.find("base"))
    return Brief(str(folder), opened, "strange", "colour", "a4", (folder / "shelf",), fit=False)


def dossiers_of(brief: Brief) -> Iterator[Dossier]:
    opened, dossiers = opened_archive(brief.archive.root, layouts.find("base"))
    assert opened == brief.archive
    yield from dossiers.values()


MODULES = {
    "cycler": "{% set c = cycler('odd', 'even') %}{% macro say() %}{{ c.next() }}{% endmacro %}",
    "joiner": "{% set c = joiner('again') %}{% macro say() %}{{ c() }}{% endmacro %}",
    "namespace": "{% set c = namespace(n=0) %}{% macro say() %}{% set c.n = c.n + 1 %}{{ c.n }}{% endmacro %}",
}


@pytest.mark.parametrize("kind", MODULES)
def test_a_template_has_no_memory(tmp_path: Path, kind: str) -> None:
    brief = strange(tmp_path, '{% import "own.html" as own %}<p>{{ own.say() }}-{{ own.say() }}', own=MODULES[kind])
    press = Press(brief)
    first, second = dossiers_of(brief)
    before = set_by(press, first)
    set_by(press, second)
    assert set_by(press, first) == before
    assert set_by(Press(brief), second) == set_by(press, second)


@pytest.mark.parametrize("body", ["{{ lipsum() }}", "{{ range(99)|random }}", "{{ [1, 2]|random }}"])
def test_a_template_has_no_dice(tmp_path: Path, body: str) -> None:
    brief = strange(tmp_path, body)
    made = Press(brief).make(next(dossiers_of(brief)))
    assert made.part is None
    assert [problem.code for problem in made.problems] == ["template"]


@pytest.mark.parametrize("body", ["{{ art }}", "{{ art.img }}", "{{ [1]|map('string') }}", "{{ dossier.title.upper }}"])
def test_what_prints_is_a_value(tmp_path: Path, body: str) -> None:
    """An object would print where it lies in memory."""
    brief = strange(tmp_path, body)
    made = Press(brief).make(next(dossiers_of(brief)))
    assert made.part is None
    (problem,) = made.problems
    assert problem.code == "template"
    assert "prints something that is no value" in problem.message


def test_the_faces_of_one_page_are_not_the_next_ones(tmp_path: Path) -> None:
    """A page may bring a face of its own as ``data:``; the next page, which only names it, must not have it."""
    face = next(face for face in fonts.shipped() if face.path.suffix == ".ttf")
    data = base64.b64encode(face.path.read_bytes()).decode()
    rule = f'@font-face{{font-family:Own;src:url("data:font/ttf;base64,{data}")}}'
    own = "<style>{% if dossier.slug == 'able' %}" + rule + "{% endif %}h1{font-family:Own}</style>"
    brief = strange(tmp_path, "", own)
    able, baker = dossiers_of(brief)
    press, fresh = Press(brief), Press(brief)
    with_own = set_by(press, able)
    assert set_by(press, baker) == set_by(fresh, baker)
    assert set_by(press, able) == with_own


def test_a_packed_face_is_the_same_tomorrow(tmp_path: Path) -> None:
    """Unpacking a WOFF must not put the time of day into it."""
    face = next(face for face in fonts.shipped() if face.path.suffix == ".woff")
    data = base64.b64encode(face.path.read_bytes()).decode()
    rule = f'<style>@font-face{{font-family:Own;src:url("data:font/woff;base64,{data}")}}h1{{font-family:Own}}</style>'
    brief = strange(tmp_path, "", rule)
    able, _ = dossiers_of(brief)
    first = set_by(Press(brief), able)
    time.sleep(1.1)
    assert hashlib.sha256(set_by(Press(brief), able)).digest() == hashlib.sha256(first).digest()
