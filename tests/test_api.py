"""The press from Python, and what the README says of it."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
import typing
from pathlib import Path

import pytest
from command import ROOT, archive, files

import render
from render import Archive, InputError, Keeping, Limits, Outcome, Problem, UsageError

RECORDS = {"clerk": "habitat: [Anywhere.]\n", "other": "", "broken": "habitat: Everywhere.\n"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return archive(tmp_path / "files", RECORDS)


def test_specimens(folder: Path) -> None:
    assert Archive(folder).specimens() == ["broken", "clerk", "other"]
    assert Archive(str(folder)).folder == folder
    (folder / "Not A Slug.yaml").write_text("title: x")
    with pytest.raises(InputError, match="cannot be a slug"):
        Archive(folder).specimens()


def test_check_sets_nothing(folder: Path, tmp_path: Path) -> None:
    outcome = Archive(folder).check()
    assert [str(problem.where) for problem in outcome.problems] == [f"{folder}/broken.yaml:4:10"]
    assert (outcome.failed, outcome.files) == (True, [])
    assert not Archive(folder).check("clerk").failed
    assert sorted(path.name for path in tmp_path.iterdir()) == ["files"]


def test_render_with_progress(folder: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int, str]] = []
    outcome = Archive(folder, paper="a5").render(
        output=tmp_path / "out",
        html=tmp_path / "html",
        fit=False,
        jobs=2,
        limits=Limits(seconds=50, memory=900),
        keeping=Keeping(tmp_path / "kept"),
        progress=lambda *numbers: told.append(numbers),
    )
    assert isinstance(outcome, Outcome)
    assert outcome.failed
    assert [path.name for path in outcome.files] == ["clerk.pdf", "clerk.html", "other.pdf", "other.html"]
    assert [(done, total) for done, total, _ in told] == [(1, 2), (2, 2)]
    assert {slug for _, _, slug in told} == {"clerk", "other"}
    assert (tmp_path / "kept").is_dir()
    assert files(tmp_path / "out") == ["dossiers/clerk.pdf", "dossiers/other.pdf"]


def test_without_keeping_nothing_is_kept(folder: Path, tmp_path: Path) -> None:
    outcome = Archive(folder).render("clerk", "clerk", output=str(tmp_path / "out"), fit=False)
    assert (outcome.failed, outcome.typeset) == (False, 1)
    assert files(tmp_path / "out") == ["dossiers/clerk.pdf"]


@pytest.mark.parametrize("wrong", [{"layout": "foldr"}, {"theme": "blue"}, {"paper": "a99"}])
def test_a_wrong_name_is_misuse(folder: Path, wrong: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        Archive(folder, **wrong).check()  # type: ignore[arg-type]


def test_unknown_slugs_are_misuse(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="did you mean clerk"):
        Archive(folder).render("clrk", output=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_sets_are_said_as_on_the_command_line(folder: Path) -> None:
    checked = Archive(folder).check("division:general", only="clerk, broken", exclude=["clerk"])
    assert [str(problem.where) for problem in checked.problems] == [f"{folder}/broken.yaml:4:10"]
    assert not Archive(folder).check(exclude="broken").failed


def test_no_archive_is_a_problem(tmp_path: Path) -> None:
    (problem,) = Archive(tmp_path).check().problems
    assert isinstance(problem, Problem)
    assert problem.code == "no-archive"


def test_watch_gives_outcomes(folder: Path, tmp_path: Path) -> None:
    runs = Archive(folder).watch("clerk", output=tmp_path / "out", fit=False)
    outcome, seconds = next(runs)
    assert [path.name for path in outcome.files] == ["clerk.pdf"]
    assert 0 < seconds < 60
    runs.close()  # type: ignore[attr-defined]


def test_every_public_name_says_what_it_is() -> None:
    assert len(render.__all__) >= 9
    for name in render.__all__:
        found = getattr(render, name)
        assert inspect.isclass(found)
        assert len(inspect.getdoc(found) or "") > 20, name
    with pytest.raises(AttributeError, match="has no attribute 'Nothing'"):
        _ = render.Nothing


@pytest.mark.parametrize("name", [name for name in vars(Archive) if not name.startswith("_")])
def test_every_method_is_typed_and_documented(name: str) -> None:
    found = vars(Archive)[name]
    function = found.fget if isinstance(found, property) else found
    hints = typing.get_type_hints(function)
    assert {*inspect.signature(function).parameters, "return"} - hints.keys() == {"self"}
    assert inspect.getdoc(function)


def test_the_package_is_loaded_without_anything_heavy() -> None:
    code = "import sys, render; print([name for name in ('yaml', 'jinja2', 'weasyprint') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_what_the_readme_shows_runs(tmp_path: Path) -> None:
    """Somebody who keeps the block of "From Python" in a file beside an archive."""
    section = (ROOT / "README.md").read_text("utf-8").partition("\n## From Python\n")[2].partition("\n## ")[0]
    (block,) = re.findall(r"^```python\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    archive(tmp_path / "bureau", RECORDS)
    script = tmp_path / "make.py"
    script.write_text(block)
    done = subprocess.run(
        [sys.executable, str(script)], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert sorted(lines[:2]) in (["1 of 2: clerk", "2 of 2: other"], ["1 of 2: other", "2 of 2: clerk"])
    assert lines[2].startswith('bureau/broken.yaml:4:10: habitat is "Everywhere."; it must be a list (')
    assert lines[3:] == ["proofs/dossiers/clerk.pdf", "proofs/dossiers/other.pdf"]
