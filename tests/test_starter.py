"""Beginnings: what ``init`` and ``new`` write is sound at once, and what editors read says what the press says."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path
from typing import Any

import command
import jsonschema_rs
import pytest
from command import archive, files

from render import layouts, load, pipeline, settings, starter, validate
from render.pipeline import Order
from render.problems import UsageError

FOLDER = layouts.find("folder")
SECTIONS = [
    "org_chart", "habitat", "salary", "flight_risk", "metrics", "weaponry", "survival_guide", "jd_autopsy", "day_log",
    "burn_ward", "related",
]  # fmt: skip


def errors(folder: Path) -> list[str]:
    return [str(one) for one in pipeline.check(Order(folder)).problems if one.severity == "error"]


def uncommented(text: str) -> str:
    """A new specimen with the # taken from its sections, as its second paragraph says."""
    head, _, sections = text.partition("# Take the # from the sections this specimen has.\n")
    return head + re.sub("^# ?", "", sections, flags=re.MULTILINE)


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    folder = tmp_path / "bureau-of-roles"
    starter.init(folder, FOLDER)
    return folder


def test_init_writes_an_archive_a_specimen_and_both_schemas(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "bureau-of-roles"
    written = starter.init(folder, FOLDER)
    assert [str(path.relative_to(folder)) for path in written] == [
        "archive.yaml", "first-specimen.yaml", ".dossier/specimen.json", ".dossier/archive.json",
    ]  # fmt: skip
    assert sorted(str(path.relative_to(folder)) for path in written) == files(folder)
    begun = settings.read(folder)
    assert (begun.title, begun.prefix) == ("Bureau Of Roles", "BOR")


def test_init_s_archive_is_sound_and_has_every_section(begun: Path) -> None:
    assert errors(begun) == []
    record = load.load(begun / "first-specimen.yaml").data
    assert list(record) == ["title", "summary", "family", *SECTIONS]


@pytest.mark.parametrize(
    ("name", "title", "prefix"),
    [
        ("1984", "1984", "XX"),
        ("null", "Null", "N"),
        ("no", "No", "N"),
        ('a "b": c', 'A "B": C', "ABC"),
        ("Ämter", "Ämter", "XX"),
    ],
)
def test_any_folder_name_makes_a_title(tmp_path: Path, name: str, title: str, prefix: str) -> None:
    starter.init(tmp_path / name, FOLDER)
    begun = settings.read(tmp_path / name)
    assert (begun.title, begun.prefix) == (title, prefix)
    assert errors(tmp_path / name) == []


def test_init_begins_in_an_empty_folder(tmp_path: Path) -> None:
    starter.init(tmp_path, FOLDER)
    assert errors(tmp_path) == []


@pytest.mark.parametrize("there", ["notes.txt", ".hidden"])
def test_init_refuses_a_folder_with_something_in_it(tmp_path: Path, there: str) -> None:
    (tmp_path / there).write_text("mine")
    with pytest.raises(UsageError, match="is not an empty folder"):
        starter.init(tmp_path, FOLDER)
    assert files(tmp_path) == [there]


def test_init_refuses_a_file(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(UsageError, match="is not an empty folder"):
        starter.init(tmp_path / "taken", FOLDER)


@pytest.mark.parametrize(
    ("slug", "title"),
    [
        ("prompt-archaeologist", "Prompt Archaeologist"),
        ("null", "Null"),
        ("true", "True"),
        ("1984", "1984"),
        ("x", "X"),
    ],
)
def test_new_passes_check_as_it_is_and_with_every_section(begun: Path, slug: str, title: str) -> None:
    path = starter.new(slug, settings.read(begun), FOLDER)
    assert path == begun / f"{slug}.yaml"
    bare = load.load(path).data
    assert list(bare) == ["title", "summary", "family"]
    assert str(bare["title"]) == title
    assert errors(begun) == []
    path.write_text(uncommented(path.read_text("utf-8")), "utf-8")
    assert list(load.load(path).data) == ["title", "summary", "family", *SECTIONS]
    assert errors(begun) == []


def test_new_names_the_families_there_are(tmp_path: Path) -> None:
    folder = archive(tmp_path, {})
    path = starter.new("clerk", settings.read(folder), FOLDER)
    assert "family: drawer  # one of: drawer, unfiled\n" in path.read_text("utf-8")


@pytest.mark.parametrize(
    ("slug", "hint"),
    [("Head of R&D", "; head-of-r-d can"), ("a--b", "; a-b can"), ("../up", "; up can"), ("ß", ""), ("x" * 81, "; x")],
)
def test_new_refuses_what_cannot_be_a_slug(begun: Path, slug: str, hint: str) -> None:
    before = files(begun)
    with pytest.raises(UsageError) as told:
        starter.new(slug, settings.read(begun), FOLDER)
    assert f"cannot be a slug: lower-case letters a to z, digits and single hyphens{hint}" in str(told.value)
    assert files(begun) == before


@pytest.mark.parametrize("place", ["clerk.yaml", "drawer/clerk.yaml"])
def test_new_refuses_a_slug_that_is_taken_at_any_depth(begun: Path, place: str) -> None:
    path = begun / place
    path.parent.mkdir(exist_ok=True)
    path.write_text("title: mine")
    with pytest.raises(UsageError, match="there is already a specimen clerk"):
        starter.new("clerk", settings.read(begun), FOLDER)
    assert path.read_text() == "title: mine"


def test_new_refuses_the_archive_s_own_name(begun: Path) -> None:
    with pytest.raises(UsageError, match="there is already a file"):
        starter.new("archive", settings.read(begun), FOLDER)
    assert settings.read(begun).title == "Bureau Of Roles"


def test_new_minds_no_other_file_s_name(begun: Path) -> None:
    (begun / "Bad Name.yaml").write_text("title: mine")
    assert starter.new("clerk", settings.read(begun), FOLDER).is_file()


def test_first_lines_name_schemas_that_are_there(begun: Path) -> None:
    starter.new("clerk", settings.read(begun), FOLDER)
    seen = {}
    for path in sorted(begun.glob("*.yaml")):
        modeline = path.read_text("utf-8").splitlines()[0]
        match = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", modeline)
        assert match, modeline
        seen[path.name] = match[1]
        whole = json.loads((begun / match[1]).read_text("utf-8"))
        jsonschema_rs.meta.validate(whole)
        assert jsonschema_rs.validator_for(whole).is_valid(load.load(path).data)
    assert seen == {
        "archive.yaml": ".dossier/archive.json",
        "clerk.yaml": ".dossier/specimen.json",
        "first-specimen.yaml": ".dossier/specimen.json",
    }


def test_schemas_are_not_taken_for_specimens(begun: Path) -> None:
    assert [path.name for path in settings.specimens(begun)] == ["first-specimen.yaml"]


@pytest.fixture(scope="module")
def schema() -> Any:
    return validate.editor_schema(FOLDER.sections)


def test_the_schema_is_one_of_2020_12(schema: Any) -> None:
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema_rs.meta.validate(schema)
    assert set(SECTIONS) < set(schema["properties"])


@pytest.mark.parametrize("folder", [command.ROOT / "specimens", command.ROOT / "tests" / "archives" / "extremes"])
def test_the_schema_accepts_what_the_press_accepts(schema: Any, folder: Path) -> None:
    validator = jsonschema_rs.validator_for(schema)
    found = settings.specimens(folder)
    assert len(found) >= 4
    wrong = itertools.chain.from_iterable(validator.iter_errors(load.load(path).data) for path in found)
    assert [error.message for error in wrong] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": None},
        {"weapons": []},
        {"habitat": "everywhere"},
        {"flight_risk": {"percent": 101, "diagnosis": "x"}},
        {"salary": {"amount": -1, "currency": "USD", "label": "x"}},
        {"day_log": [{"from": "25:00", "to": "26:00", "activity": "x"}]},
        {"related": [{"specimen": "sdet", "match": 101}]},
    ],
)
def test_the_schema_refuses_what_the_press_refuses(schema: Any, wrong: dict[str, Any]) -> None:
    core = {"title": "T", "summary": "S.", "family": "unfiled"}
    validator = jsonschema_rs.validator_for(schema)
    assert validator.is_valid(core)
    assert not validator.is_valid(core | wrong)


def test_the_archive_s_schema_accepts_the_one_that_ships() -> None:
    validator = jsonschema_rs.validator_for(settings.editor_schema())
    data = load.load(command.ROOT / "specimens" / "archive.yaml").data
    assert validator.is_valid(data)
    assert not validator.is_valid({**data, "theme": "blue"})
    assert not validator.is_valid({**data, "titel": "x"})
