"""archive.yaml, the folder around it, and the environment."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from render import settings
from render.problems import InputError, Severity, UsageError
from render.settings import Terminal


def archive(folder: Path, text: str) -> settings.Archive:
    (folder / "archive.yaml").write_text(text, encoding="utf-8")
    return settings.read(folder)


def refused(folder: Path, text: str) -> list[tuple[int, int, str, str]]:
    with pytest.raises(InputError) as caught:
        archive(folder, text)
    return [(p.where.line, p.where.column, p.message, p.hint) for p in caught.value.problems]


FULL = """\
title: The Otiose Registry
subtitle: A Field Guide
publisher: Central Files
editor: A. Clerk
copyright: © 2026
edition: First edition
date: 2026-11-01
isbn: "978-3-16-148410-0"
lang: pt-BR
prefix: XT
base_url: https://files.test/x/
published: true
url: "{base_url}{slug}.pdf"
taxonomy:
  - key: technology
    title: Technology
    families:
      - {key: ai-and-data, title: AI & Data, note: "one line"}
      - {key: quality, title: 404}
  - {key: corporate, title: Corporate}
layout: folder
theme: mono
paper: 148mm 210mm
anthology: {layout: anthology, paper: 6x9in, theme: colour}
how_to_read: |
  A page.
registry: {name: R, division: D, classification: C, seal: S, stamp: T, notes: [found]}
smtp: {host: localhost, port: 2525, security: none, user: clerk}
"""


def test_everything_that_an_archive_may_say(tmp_path: Path) -> None:
    found = archive(tmp_path, FULL)
    assert (found.root, found.path) == (tmp_path, tmp_path / "archive.yaml")
    assert (found.title, found.lang, found.prefix, found.date) == ("The Otiose Registry", "pt-BR", "XT", "2026-11-01")
    assert [(f.key, f.title, f.note, f.division, f.division_title) for f in found.families] == [
        ("ai-and-data", "AI & Data", "one line", "technology", "Technology"),
        ("quality", "404", "", "technology", "Technology"),
        ("unfiled", "Unfiled", "", "unfiled", "Unfiled"),
    ]
    assert found.anthology == {"layout": "anthology", "paper": "6x9in", "theme": "colour"}
    assert found.smtp["port"] == 2525
    assert found.how_to_read == "A page.\n"
    assert found.url_of("sdet") == "https://files.test/x/sdet.pdf"
    assert found.published
    assert found.warnings == ()
    assert str(found.where("taxonomy", 0, "families", 1, "key")) == f"{tmp_path}/archive.yaml:19:15"


def test_what_an_archive_need_not_say(tmp_path: Path) -> None:
    found = archive(tmp_path, "title: 1984\n")
    assert (found.title, found.lang, found.prefix, found.layout) == ("1984", "en", "OR", "folder")
    assert (found.theme, found.paper, found.url_of("sdet"), found.published) == ("colour", "a4", "", False)
    assert [family.key for family in found.families] == ["unfiled"]
    assert found.family("unfiled").title == "Unfiled"
    with pytest.raises(KeyError):
        found.family("none")


def test_a_taxonomy_may_place_unfiled_itself(tmp_path: Path) -> None:
    text = "title: T\ntaxonomy: [{key: d, title: D, families: [{key: unfiled, title: Loose}, {key: a, title: A}]}]\n"
    assert [(f.key, f.title) for f in archive(tmp_path, text).families] == [("unfiled", "Loose"), ("a", "A")]


@pytest.mark.parametrize(
    ("line", "column", "message", "hint"),
    [
        ("titel: T", 1, "titel is not known", '"title" is there already'),
        ("theme: color", 8, 'theme is "color"; it must be colour or mono', 'did you mean "colour"?'),
        ("prefix: or", 9, 'prefix is "or"; it must be one to eight capital letters or digits', "write OR"),
        ("lang: english", 7, 'lang is "english"; it must be a language tag such as en or pt-BR', ""),
        ("date: 1 Nov 2026", 7, 'date is "1 Nov 2026"; it must be a date such as 2026-11-01', ""),
        ("date: 2026-02-30", 7, "there is no 2026-02-30; date must be a day of the calendar", ""),
        (
            "isbn: 978-3-16-148410-1",
            7,
            "the check digit of isbn 978-3-16-148410-1 is wrong",
            "with these digits it is 0",
        ),
        ("isbn: 9783161484102", 7, "the check digit of isbn 9783161484102 is wrong", "with these digits it is 0"),
        (
            "isbn: 3-16-148410-X",
            7,
            'isbn is "3-16-148410-X"; it must be an ISBN of 13 digits that begins with 978 or 979',
            "",
        ),
        (
            "base_url: ftp://x/",
            11,
            'base_url is "ftp://x/"; it must be a web address that begins with https:// or http://',
            "",
        ),
        (
            "url: '{base_url}{name}'",
            6,
            'url is "{base_url}{name}"; it must hold {slug}, and no other braces than {base_url} and {slug}',
            "",
        ),
        (
            "paper: 148x210",
            8,
            'paper is "148x210"; it must be a4, letter, a5, 5.5x8.5in, 6x9in, or a size such as "148mm 210mm"',
            "",
        ),
        ("published: maybe", 12, 'published is "maybe"; it must be true or false', ""),
        (
            "smtp: {password: hunter2}",
            8,
            "password cannot stand here",
            "give it in the environment, as DOSSIER_SMTP_PASSWORD",
        ),
        ("smtp: {port: 70000}", 14, "port is 70000; it must be at most 65535", ""),
        (
            "registry: {motto: x}",
            12,
            "motto is not known in registry",
            "it can have name, division, classification, seal, stamp and notes",
        ),
        ("taxonomy: [{key: d}]", 12, "item 1 of taxonomy has no title", "add title:"),
        (
            "taxonomy: [{key: A B, title: x}]",
            18,
            'key is "A B"; it must be lower-case letters, digits and single hyphens',
            "",
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_place(tmp_path: Path, line: str, column: int, message: str, hint: str) -> None:
    (found,) = refused(tmp_path, f"title: T\n{line}\n")
    assert found == (2, column, message, hint)


EVERY_KEY = (
    "its keys are title, subtitle, publisher, editor, copyright, edition, date, isbn, lang, prefix, base_url, "
    "published, url, taxonomy, layout, theme, paper, standard, anthology, how_to_read, registry and smtp"
)


def test_a_title_is_wanted(tmp_path: Path) -> None:
    assert refused(tmp_path, "titel: T\n") == [(1, 1, "titel is not known", 'did you mean "title"?')]
    assert refused(tmp_path, "lang: en\n") == [(1, 1, "the file has no title", "add title: the archive's name")]
    assert refused(tmp_path, "") == [(0, 0, "the file is empty; it must be a mapping", EVERY_KEY)]


def test_keys_of_families_and_divisions_are_unique(tmp_path: Path) -> None:
    text = """\
title: T
taxonomy:
  - {key: a, title: A, families: [{key: x, title: X}, {key: y, title: Y}]}
  - {key: a, title: B, families: [{key: x, title: X}]}
"""
    assert refused(tmp_path, text) == [
        (4, 11, "a second division with the key a; the first is on line 3", "give it a key of its own"),
        (4, 41, "a second family with the key x; the first is on line 3", "give it a key of its own"),
    ]


@pytest.mark.parametrize(
    ("line", "code", "place"),
    [
        ("", "no-base-url", 0),
        ("base_url: https://otiose.example/files/", "example-base-url", 2),
        ("base_url: https://clerk@Otiose.EXAMPLE:8080/files/", "example-base-url", 2),
        ("base_url: https://otiose.test/files", "base-url-end", 2),
        ("base_url: https://otiose.test/?file=", "", 0),
        ("base_url: https://example.org/files/", "", 0),
    ],
)
def test_warnings(tmp_path: Path, line: str, code: str, place: int) -> None:
    found = archive(tmp_path, f"title: T\n{line}\n").warnings
    assert [(p.code, p.where.line, p.severity) for p in found] == ([(code, place, Severity.WARNING)] if code else [])


def test_the_archive_is_the_nearest_upward_else_specimens(tmp_path: Path) -> None:
    below = tmp_path / "outer" / "inner" / "deep"
    below.mkdir(parents=True)
    with pytest.raises(UsageError, match=r"no archive\.yaml in .*deep or above it"):
        settings.find(below)
    (below / "specimens").mkdir()
    (below / "specimens" / "archive.yaml").touch()
    assert settings.find(below) == below / "specimens"
    (tmp_path / "outer" / "archive.yaml").touch()
    assert settings.find(below) == tmp_path / "outer"


def test_a_folder_without_archive_yaml_is_none(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"this folder has no archive\.yaml"):
        settings.read(tmp_path)


def test_specimens_at_any_depth_without_drafts(tmp_path: Path) -> None:
    files = (
        "archive.yaml b.yaml deep/er/a-2.yaml deep/archive.yaml _draft.yaml .hidden.yaml _old/c.yaml .git/d.yaml x.txt"
    )
    for name in files.split():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert settings.specimens(tmp_path) == [tmp_path / "deep/er/a-2.yaml", tmp_path / "b.yaml"]


def test_names_that_cannot_be_slugs(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in (
        "Head of R&D.yaml",
        "ok.yaml",
        "sub/ok.yaml",
        "two--hyphens.yaml",
        "x" * 81 + ".yaml",
        "late.yml",
        "y.yaml",
    ):
        (tmp_path / name).touch()
    found = settings.survey(tmp_path)
    assert [path.name for path in found.paths] == ["y.yaml"]
    assert [(Path(p.where.file).name, p.code, p.severity, p.hint) for p in found.problems] == [
        ("Head of R&D.yaml", "slug", "error", "rename it to head-of-r-d.yaml"),
        ("late.yml", "not-yaml", "warning", "rename it to late.yaml"),
        ("ok.yaml", "duplicate-slug", "error", "rename one of them"),
        ("two--hyphens.yaml", "slug", "error", "rename it to two-hyphens.yaml"),
        ("x" * 81 + ".yaml", "slug", "error", "rename it to " + "x" * 80 + ".yaml"),
    ]
    assert f"the first is {tmp_path / 'ok.yaml'}" in found.problems[2].message
    with pytest.raises(InputError) as caught:
        settings.specimens(tmp_path)
    assert len(caught.value.problems) == 4


def test_links_may_not_lead_out_of_the_archive(tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "archive"
    (outside / "folder").mkdir(parents=True)
    (outside / "secret.yaml").touch()
    (outside / "notes.txt").touch()
    (inside / "sub").mkdir(parents=True)
    (inside / "real.yaml").touch()
    (inside / "secret.yaml").symlink_to(outside / "secret.yaml")
    (inside / "notes.txt").symlink_to(outside / "notes.txt")
    (inside / "linked").symlink_to(outside / "folder")
    (inside / "again").symlink_to(inside / "sub")
    (inside / "alias.yaml").symlink_to(inside / "real.yaml")
    (inside / "dead.yaml").symlink_to(inside / "nothing.yaml")
    (inside / "loop.yaml").symlink_to(inside / "loop.yaml")
    found = settings.survey(inside)
    assert [path.name for path in found.paths] == ["alias.yaml", "real.yaml"]
    assert [(Path(p.where.file).name, p.code) for p in found.problems] == [
        ("dead.yaml", "dead-link"),
        ("linked", "outside-archive"),
        ("loop.yaml", "dead-link"),
        ("secret.yaml", "outside-archive"),
    ]


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("Head of R&D", "head-of-r-d"),
        (
            "Junior AI Lifecycle Management & Best Practices Specialist",
            "junior-ai-lifecycle-management-best-practices-specialist",
        ),
        ("Émigré Führer – Łódź!", "emigre-fuhrer-odz"),
        ("№ 7", "no-7"),
        ("Ω", ""),
        ("a" * 79 + " b", "a" * 79),
    ],
)
def test_slugs_made_from_words(words: str, slug: str) -> None:
    assert settings.slug_from(words) == slug


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "colour"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
def test_terminals(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], colour: bool) -> None:
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "environ", {**os.environ, "COLUMNS": "72", **environment})
    assert settings.terminal(Screen()) == Terminal(colour, 72)
    assert settings.terminal(io.StringIO()) == Terminal(False, 0)


def test_the_editors_schema_is_that_of_the_archive() -> None:
    found = settings.editor_schema()
    assert found["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert set(found["properties"]) == set(settings.Archive.__dataclass_fields__) - {
        "root", "path", "families", "warnings", "places",
    } | {"taxonomy"}  # fmt: skip


def test_the_archive_that_ships_is_sound(root: Path) -> None:
    found = settings.read(root / "specimens")
    assert (found.title, found.prefix) == ("The Otiose Registry", "OR")
    assert [problem.code for problem in found.warnings] == ["example-base-url"]
    assert len(settings.specimens(root / "specimens")) >= 4
