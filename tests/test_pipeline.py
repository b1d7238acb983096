"""What a run makes and what it reports: sound records beside broken ones, a section of one's own, lack of room."""

from __future__ import annotations

import os
import re
import resource
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import command
import jsonschema_rs
import pytest
from command import SHELF, archive, dossier, files, text_of

from render import layouts, pipeline, validate
from render.cli import main
from render.editions import edition
from render.intake.batch import take_in
from render.pipeline import Order
from render.problems import InputError, UsageError

SPECIMENS = command.ROOT / "specimens"
BROKEN = "habitat: Everywhere.\n"
PARKED = """\
habitat: [Rooms with a whiteboard.]
parking_lot:
  - {topic: A decision about decisions, since: 2011}
  - {topic: The *other* roadmap, since: 2016}
weaponry: [{name: The Offline, description: Where topics go.}]
"""


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """Two sound records, one broken in a section, one in its title, and one that names the latter two."""
    made = archive(
        tmp_path / "files",
        {
            "sound": "habitat: [Anywhere.]\n",
            "sounder": "related: [{specimen: sound, match: 40}]\n",
            "broken": BROKEN,
            "names-broken": "related: [{specimen: broken, match: 7}]\n",
            "names-nameless": "related: [{specimen: nameless, match: 7}]\n",
        },
    )
    (made / "nameless.yaml").write_text("title: [no, title]\nsummary: Has none.\nfamily: drawer\n")
    return made


def codes(outcome: pipeline.Outcome) -> list[tuple[str, str]]:
    """File and code of every error."""
    return sorted((Path(one.where.file).name, one.code) for one in outcome.problems if one.severity == "error")


def made(outcome: pipeline.Outcome) -> list[str]:
    return [path.name for path in outcome.files]


def test_all_sound_records_are_made_and_all_problems_told(mixed: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int, str]] = []
    outcome = pipeline.render(Order(mixed, output=tmp_path / "out", fit=False), lambda *progress: told.append(progress))
    assert made(outcome) == ["names-broken.pdf", "sound.pdf", "sounder.pdf"]
    assert codes(outcome) == [
        ("broken.yaml", "wrong-type"),
        ("nameless.yaml", "wrong-type"),
        ("names-nameless.yaml", "broken-target"),
    ]
    assert outcome.failed
    assert [numbers[:2] for numbers in told] == [(1, 3), (2, 3), (3, 3)]
    assert sorted(numbers[2] for numbers in told) == ["names-broken", "sound", "sounder"]
    assert files(tmp_path / "out") == [f"dossiers/{name}" for name in made(outcome)]
    assert outcome.typeset == 3


@pytest.mark.parametrize("slug", ["sound", "names-broken"])
def test_one_named_record_fails_only_on_its_own_problems(mixed: Path, tmp_path: Path, slug: str) -> None:
    outcome = pipeline.render(Order(mixed, edition(slug), output=tmp_path / "out", fit=False))
    assert made(outcome) == [f"{slug}.pdf"]
    assert not outcome.failed


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        ("broken", [("broken.yaml", "wrong-type")]),
        ("names-nameless", [("nameless.yaml", "wrong-type"), ("names-nameless.yaml", "broken-target")]),
    ],
)
def test_a_named_record_that_cannot_be_made(
    mixed: Path, tmp_path: Path, slug: str, expected: list[tuple[str, str]]
) -> None:
    outcome = pipeline.render(Order(mixed, edition(slug), output=tmp_path / "out"))
    assert codes(outcome) == expected
    assert made(outcome) == []
    assert not (tmp_path / "out").exists()


def test_check_finds_the_same_as_render(mixed: Path) -> None:
    outcome = pipeline.check(Order(mixed))
    assert codes(outcome) == [
        ("broken.yaml", "wrong-type"),
        ("nameless.yaml", "wrong-type"),
        ("names-nameless.yaml", "broken-target"),
    ]
    assert outcome.files == []


def test_an_archive_without_specimens_says_so(tmp_path: Path) -> None:
    outcome = pipeline.render(Order(archive(tmp_path, {})))
    assert [(one.code, one.hint) for one in outcome.problems] == [("no-specimens", "dossier new SLUG begins one")]
    assert not outcome.failed


@pytest.mark.parametrize(
    ("line", "column", "message"),
    [
        ("layout: foldr", 9, "no layout 'foldr'"),
        ("theme: blue", 8, "it must be colour or mono"),
        ("paper: 3x3mm", 8, "it must be at least 120 x 180 mm"),
    ],
)
def test_a_wrong_name_in_archive_yaml_is_a_problem_there(tmp_path: Path, line: str, column: int, message: str) -> None:
    folder = archive(tmp_path, {"sound": ""}, f"{line}\n{command.HEAD}")
    (problem,) = pipeline.check(Order(folder)).problems
    assert (problem.where.line, problem.where.column) == (1, column)
    assert message in problem.message


@pytest.mark.parametrize(
    "wrong", [{"layout": "foldr"}, {"theme": "blue"}, {"paper": "3x3mm"}, {"edition": edition("soud")}]
)
def test_a_wrong_name_in_a_command_is_misuse(tmp_path: Path, wrong: dict[str, str]) -> None:
    folder = archive(tmp_path, {"sound": ""})
    with pytest.raises(UsageError):
        pipeline.check(Order(folder, **wrong))  # type: ignore[arg-type]


def test_an_unknown_slug_is_told_with_what_was_meant(tmp_path: Path) -> None:
    folder = archive(tmp_path, {"prompt-archaeologist": "", "sdet": ""})
    with pytest.raises(UsageError) as told:
        pipeline.check(Order(folder, edition(("prompt-archeologist", "sdet", "zzz"))))
    assert str(told.value) == (
        f"there is no specimen 'prompt-archeologist' (did you mean prompt-archaeologist?) and none 'zzz' in {folder}"
    )


def test_a_full_disk_ends_the_run_with_what_was_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = archive(tmp_path / "files", {"a": "", "b": "", "c": ""})
    write, seen = pipeline.output.write, []

    def full(path: Path, data: bytes) -> Path:
        seen.append(path.name)
        if path.name == "b.pdf":
            raise OSError(28, "No space left on device", str(path))
        return write(path, data)

    monkeypatch.setattr(pipeline.output, "write", full)
    outcome = pipeline.render(Order(folder, output=tmp_path / "out", fit=False, jobs=1))
    assert made(outcome) == ["a.pdf"]
    assert seen == ["a.pdf", "b.pdf"]
    (problem,) = [one for one in outcome.problems if one.severity == "error"]
    assert str(problem) == f"{tmp_path}/out/dossiers/b.pdf: the file cannot be written: no space left on device"


def test_a_file_that_does_not_fit_leaves_nothing_behind(tmp_path: Path) -> None:
    """A limit on the size of files stands for a full disk: the operating system refuses in the middle of one."""
    folder = archive(tmp_path / "files", {"a": "habitat: [Anywhere.]\n", "b": "habitat: [Anywhere.]\n"})
    old = tmp_path / "out" / "dossiers" / "b.pdf"
    old.parent.mkdir(parents=True)
    old.write_bytes(b"what was there before")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        outcome = pipeline.render(
            Order(folder, output=tmp_path / "out", fit=False, jobs=1),
            lambda *_: resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1])),
        )
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert made(outcome) == ["a.pdf"]
    (problem,) = [one for one in outcome.problems if one.severity == "error"]
    assert str(problem) == f"{old}: the file cannot be written: file too large"
    assert old.read_bytes() == b"what was there before"
    assert files(tmp_path / "out") == ["dossiers/a.pdf", "dossiers/b.pdf"]


def test_no_room_for_temporary_files(tmp_path: Path) -> None:
    folder = archive(tmp_path / "files", {"sound": "habitat: [Anywhere.]\n"})
    done = subprocess.run(
        [str(command.BIN / "dossier"), "render", "--archive", str(folder)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)),
    )
    assert (done.returncode, done.stdout) == (1, "")
    told = r"dossier-\w+: error: the file cannot be written: file too large\n1 error in 1 file\n"
    assert re.fullmatch(told, done.stderr)
    assert files(tmp_path) == ["files/archive.yaml", "files/sound.yaml"]


@pytest.mark.parametrize("taken", ["out", "out/dossiers"])
def test_an_output_folder_that_is_a_file(tmp_path: Path, taken: str) -> None:
    folder = archive(tmp_path / "files", {"sound": ""})
    path = tmp_path / taken
    path.parent.mkdir(exist_ok=True)
    path.write_text("in the way")
    done = dossier("render", "--archive", folder, "--fit", "off", folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "out/dossiers/sound.pdf: error: the file cannot be written: " in done.stderr
    assert path.read_text() == "in the way"


@pytest.mark.parametrize(
    ("path", "text", "message"),
    [
        ("folder/layout.yaml", "[", "folder/layout.yaml:"),
        ("base/papers.yaml", "- 1", "base/papers.yaml: error: this file holds no keys with values"),
        ("base/themes/colour.yaml", "- 1", "base/themes/colour.yaml: error: this file holds no keys with values"),
        ("base/words/en.yaml", "words", "base/words/en.yaml: error: this file holds no keys with values"),
        ("base/section.html", "{{ nobody }}", "section.html:1:1: error: the template fails: 'nobody' is undefined"),
        ("base/section.html", "{% if %}", "section.html:1:1: error: the template fails: Expected an expression"),
        ("base/section.html", "{% include 'a' %}", "section.html:1:1: error: the template fails: there is no a"),
        ("base/page.css", "{{ 1 / 0 }}", "page.css:1:1: error: the template fails: division by zero"),
        ("base/densities.yaml", "wide: 3", "densities.yaml:1:7: error: wide is 3; it must be a mapping"),
        ("folder/layout.yaml", "furniture: 3", "layout.yaml:1:12: error: furniture is 3; it must be a mapping"),
        ("base/sections/own/section.yaml", "title: Own", "a section needs section.html"),
    ],
)
def test_a_broken_layout_on_a_shelf_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], path: str, text: str, message: str
) -> None:
    folder = archive(tmp_path / "files", {"sound": "habitat: [Anywhere.]\n"})
    broken = tmp_path / "shelf" / path
    broken.parent.mkdir(parents=True)
    broken.write_text(text)
    arguments = ["render", "--archive", str(folder), "--layouts", str(tmp_path / "shelf"), "--output", str(tmp_path)]
    assert main(arguments) == 1
    said = capsys.readouterr()
    assert message in said.err
    assert said.out == ""
    assert not (tmp_path / "dossiers").exists()


@pytest.fixture(scope="module")
def parked(tmp_path_factory: pytest.TempPathFactory, tool: Callable[[str], str]) -> list[str]:
    """The pages of a dossier with a twelfth section, as text."""
    folder = tmp_path_factory.mktemp("parked")
    archive(folder / "files", {"facilitator": PARKED})
    done = dossier("render", "--archive", "files", "--layouts", SHELF, folder=folder)
    assert (done.returncode, done.stdout) == (0, "out/dossiers/facilitator.pdf\n")
    return text_of(tool("pdftotext"), folder / "out" / "dossiers" / "facilitator.pdf")


def test_a_twelfth_section_holds_no_python() -> None:
    assert files(SHELF) == [
        f"base/sections/parking_lot/{name}"
        for name in ("example.yaml", "section.css", "section.html", "section.yaml", "words/en.yaml")
    ]


def test_a_twelfth_section_is_set_with_its_words(parked: list[str]) -> None:
    pages = re.sub(r"\s+", " ", " ".join(parked[1:]))
    assert re.search(r"\[12\].THE PARKING LOT", pages, re.IGNORECASE)
    assert re.search(
        r"Topic, as parked Parked since A decision about decisions 2011 The other roadmap 2016", pages, re.IGNORECASE
    )


def test_a_twelfth_section_stands_after_the_one_it_names(parked: list[str]) -> None:
    pages = " ".join(parked[1:]).lower()
    titles = ["the habitat (natural range)", "the parking lot", "signature weaponry"]
    places = [pages.index(title) for title in titles]
    assert places == sorted(places)


def test_a_twelfth_section_is_in_the_cover_s_contents(parked: list[str]) -> None:
    cover = parked[0].lower()
    places = [cover.index(words) for words in ("natural range", "parking lot", "signature weaponry")]
    assert places == sorted(places)


def test_a_twelfth_section_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["layouts", "--layouts", str(SHELF)]) == 0
    listed = capsys.readouterr().out.splitlines()
    rows = [line.split() for line in listed if line.startswith("    ")]
    assert rows[2] == ["12", "parking_lot", "The", "Parking", "Lot"]
    assert [row[1] for row in rows[:4]] == ["org_chart", "habitat", "parking_lot", "salary"]


def test_a_twelfth_section_is_validated_by_its_schema(tmp_path: Path) -> None:
    wrong = PARKED.replace("since: 2011", "since: long ago")
    folder = archive(tmp_path, {"facilitator": wrong})
    (problem,) = pipeline.check(Order(folder, shelves=(SHELF,))).problems
    assert (problem.code, problem.where.line, problem.where.column) == ("wrong-type", 6, 48)
    assert problem.message == 'since is "long ago"; it must be a whole number'


def test_a_section_that_no_shelf_has_is_an_unknown_key(tmp_path: Path) -> None:
    folder = archive(tmp_path, {"facilitator": PARKED})
    (problem,) = pipeline.check(Order(folder)).problems
    assert (problem.code, problem.where.line) == ("unknown-key", 5)


def test_a_twelfth_section_is_in_the_schema_for_editors() -> None:
    sections = layouts.find("folder", (SHELF,)).sections
    schema = jsonschema_rs.validator_for(validate.editor_schema(sections))
    core = {"title": "T", "summary": "S.", "family": "unfiled"}
    assert schema.is_valid({**core, "parking_lot": [{"topic": "T", "since": 2011}]})
    assert not schema.is_valid({**core, "parking_lot": [{"topic": "T", "since": 1911}]})


def test_intake_refuses_a_second_text_of_one_record(tmp_path: Path) -> None:
    text = command.ROOT / "tests" / "archives" / "text" / "junior-ai-lifecycle-specialist.txt"
    copies = tmp_path / "texts"
    copies.mkdir()
    for name in ("a.txt", "b.txt"):
        (copies / name).write_bytes(text.read_bytes())
    outcome = take_in([copies], tmp_path / "yaml", SPECIMENS, "unfiled", replace=False)
    assert len(outcome.files) == 1
    assert codes(outcome) == [("b.txt", "duplicate-slug")]


def test_intake_of_a_file_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = tmp_path / "closed.txt"
    text.write_text("FILE RECORD: x")
    opened = Path.open

    def refuse(path: Path, *arguments: Any, **more: Any) -> Any:
        if path == text:
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *arguments, **more)

    monkeypatch.setattr(Path, "open", refuse)
    outcome = take_in([text], tmp_path / "yaml", SPECIMENS, "unfiled", replace=False)
    (problem,) = outcome.problems
    assert str(problem) == f"{text}: the file cannot be read: permission denied"


def test_intake_into_an_unknown_family_is_misuse(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no family 'ai' in .*ai-and-data"):
        take_in([tmp_path], tmp_path, SPECIMENS, "ai", replace=False)


def test_a_layout_s_faults_are_its_own() -> None:
    with pytest.raises(InputError) as told, pipeline.sound_layout("folder"):
        raise KeyError("margins")
    (problem,) = told.value.problems
    assert (problem.code, problem.where.file) == ("layout", "layout folder")
