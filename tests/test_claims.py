"""What a file claims to be (``--standard``), and that checkers agree."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import yaml
from command import dossier
from finished import tags
from pressroom import archive, example
from test_standards import failures

from render import Archive, Keeping, UsageError, layouts, standards
from render.settings import SCHEMAS

CLAIMS = {
    "a-3a": ("3", "A", True),
    "a-3b": ("3", "B", False),
    "a-3u": ("3", "U", False),
    "a-2a": ("2", "A", True),
    "a-2b": ("2", "B", False),
    "a-2u": ("2", "U", False),
    "ua-1": ("", "", True),
    "none": ("", "", False),
}
"""By name: part and level of PDF/A, and whether PDF/UA-1 is claimed."""

KNOWN = "a-3a, a-3b, a-3u, a-2a, a-2b, a-2u, ua-1, none"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of two, one of which has all sections."""
    folder = tmp_path_factory.mktemp("claims")
    layout = layouts.find("folder")
    rich: dict[str, Any] = {key: example(layout, key) for key in layout.sections if key != "related"}
    rich["related"] = [{"specimen": "clerk", "match": 40}]
    return archive(folder / "files", {"clerk": {"habitat": ["Here."]}, "architect": rich})


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Keeping:
    return Keeping(tmp_path_factory.mktemp("kept"))


def claims(pdf: bytes) -> tuple[str, str, bool]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        if "/Metadata" not in document.Root:
            return "", "", False
        held = document.Root.Metadata.read_bytes().decode()
    part = re.search(r'pdfaid:part(?:="|>)(\d)', held)
    level = re.search(r'pdfaid:conformance(?:="|>)(\w)', held)
    accessible = re.search(r'pdfuaid:part(?:="|>)1', held)
    return part[1] if part else "", level[1] if level else "", accessible is not None


def agreed(pdf: bytes, name: str) -> None:
    """The file claims what it is to claim, and a checker finds that it is so."""
    part, level, accessible = CLAIMS[name]
    assert claims(pdf) == CLAIMS[name]
    profiles = [f"{part}{level.lower()}"] if part else []
    profiles += ["ua1"] if accessible else []
    assert {profile: failures(pdf, profile) for profile in profiles} == {profile: [] for profile in profiles}
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert ("/OutputIntents" in document.Root) is bool(part)
        assert document.pdf_version == "1.7"
    assert len(tags(pdf).all("H1")) >= 1, "it is tagged, whatever it claims"


@pytest.mark.parametrize("name", CLAIMS)
def test_a_dossier_is_what_it_claims(files: Path, tmp_path: Path, name: str) -> None:
    outcome = Archive(files, standard=name).render("architect", output=tmp_path, jobs=1)
    agreed(outcome.files[0].read_bytes(), name)


@pytest.mark.parametrize("name", CLAIMS)
def test_a_book_is_what_it_claims(files: Path, kept: Keeping, tmp_path: Path, name: str) -> None:
    made = Archive(files, standard=name).anthology(output=tmp_path, keeping=kept, jobs=1)
    assert made.file is not None
    agreed(made.file.read_bytes(), name)


def test_pages_are_the_same_whatever_is_claimed(files: Path, tmp_path: Path) -> None:
    found = []
    for name in ("a-3a", "none"):
        outcome = Archive(files, standard=name).render("clerk", output=tmp_path / name, jobs=1)
        with pikepdf.open(outcome.files[0]) as document:
            found.append([page.Contents.read_bytes() for page in document.pages])
    assert found[0] == found[1]


def test_the_default_is_both(files: Path, tmp_path: Path) -> None:
    assert standards.DEFAULT.name == "a-3a"
    said = [
        Archive(files, **given).render("clerk", output=tmp_path / str(number), jobs=1).files[0].read_bytes()
        for number, given in enumerate(({}, {"standard": "a-3a"}))
    ]
    assert said[0] == said[1]
    assert claims(said[0]) == ("3", "A", True)


def test_the_archive_says_what_holds_without_the_option(tmp_path: Path) -> None:
    folder = archive(tmp_path / "files", {"clerk": {}}, standard="a-2b")
    first = Archive(folder).render(output=tmp_path / "first", jobs=1).files[0]
    assert claims(first.read_bytes()) == ("2", "B", False)
    second = Archive(folder, standard="none").render(output=tmp_path / "second", jobs=1).files[0]
    assert claims(second.read_bytes()) == ("", "", False)


def test_an_archive_that_says_nonsense_is_told_where(tmp_path: Path) -> None:
    folder = archive(tmp_path / "files", {"clerk": {}}, standard="a-3c")
    (problem,) = Archive(folder).render(output=tmp_path / "out", jobs=1).problems
    assert problem.where.line == 3
    assert "standard" in problem.message


def test_another_standard_is_another_recipe(tmp_path: Path) -> None:
    folder = archive(tmp_path / "files", {"clerk": {}})
    keeping = Keeping(tmp_path / "kept")

    def again(**given: str) -> list[tuple[str, ...]]:
        outcome = Archive(folder, **given).render(output=tmp_path / "out", keeping=keeping, jobs=1)  # type: ignore[arg-type]
        return [reason.changes for reason in outcome.reasons]

    again()
    assert again() == [()]
    assert again(standard="ua-1") == [("standard",)]
    assert again() == [("standard",)]


def test_the_parts_of_a_book_serve_every_standard(files: Path, kept: Keeping, tmp_path: Path) -> None:
    first = Archive(files, standard="a-3a").anthology(output=tmp_path, keeping=kept, jobs=1)
    second = Archive(files, standard="a-2b").anthology(output=tmp_path, keeping=kept, jobs=1)
    assert second.file == first.file
    assert (second.stats.dossiers, second.stats.pieces) == ([], [])
    assert [reason.changes for reason in second.outcome.reasons] == [("standard",)]


@pytest.mark.parametrize("name", ["a-1b", "A-3A", "pdf/a-3a", "x-4", "ua-2"])
def test_an_unknown_standard_is_misuse(files: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=f"no standard {re.escape(name)}; there are {KNOWN}"):
        Archive(files, standard=name).render(output=tmp_path)
    with pytest.raises(UsageError, match="no standard"):
        Archive(files, standard=name).anthology(output=tmp_path)


@pytest.mark.parametrize("command", ["render", "anthology"])
def test_the_command_line_takes_it(files: Path, tmp_path: Path, command: str) -> None:
    done = dossier(command, "--archive", files, "--standard", "a-9", "--output", tmp_path, folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"dossier: there is no standard a-9; there are {KNOWN}\n"
    done = dossier(
        command, "--archive", files, "--standard", "a-2b", "--output", tmp_path, "--jobs", "1", folder=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert claims(Path(done.stdout.split()[0]).read_bytes()) == ("2", "B", False)


def test_the_schema_knows_the_same_names() -> None:
    schema = yaml.safe_load((SCHEMAS / "archive.yaml").read_text())
    assert schema["properties"]["standard"]["enum"] == list(standards.STANDARDS) == list(CLAIMS)
