"""The taxonomy with what is filed under it, and ``dossier taxonomy``."""

from __future__ import annotations

from pathlib import Path

import pytest
from command import archive as made
from command import as_json, dossier

from render import pipeline, settings, taxonomy
from render.validate import Filed

HEAD = """\
title: The Registry
base_url: https://files.example.org/
taxonomy:
  - key: works
    title: Works
    families: [{key: drawer, title: The Drawer, note: Bottom left.}, {key: cellar, title: Cellar}]
  - {key: house, title: House, families: [{key: attic, title: Attic}]}
"""
RECORDS = {"clerk": "", "scribe": "", "lost": "", "broken": "habitat: x\n"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return made(tmp_path / "files", RECORDS, HEAD)


def test_the_tree_is_in_the_order_of_the_taxonomy(folder: Path) -> None:
    archive = settings.read(folder)
    tree = taxonomy.tree([Filed("b", "attic"), Filed("c", "drawer"), Filed("a", "drawer"), Filed("x", "no")], archive)
    assert [(one.key, one.count, [(branch.family.key, branch.count) for branch in one.families]) for one in tree] == [
        ("works", 2, [("drawer", 2), ("cellar", 0)]),
        ("house", 1, [("attic", 1)]),
    ]
    assert [one.slug for one in tree[0].families[0].specimens or ()] == ["c", "a"]


def test_unfiled_is_there_when_something_is(folder: Path) -> None:
    archive = settings.read(folder)
    assert [one.key for one in taxonomy.tree([], archive)] == ["works", "house"]
    assert [one.key for one in taxonomy.tree([Filed("a", "unfiled")], archive)] == ["works", "house", "unfiled"]


def test_as_a_user_sees_it(folder: Path) -> None:
    done = dossier("taxonomy", "--specimens", folder=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "   4  Works (works)",
        "       4  drawer  The Drawer",
        "          The Broken (broken)",
        "          The Clerk (clerk)",
        "          The Lost (lost)",
        "          The Scribe (scribe)",
        "       0  cellar  Cellar",
        "   0  House (house)",
        "       0  attic   Attic",
    ]
    assert "clerk" not in dossier("taxonomy", folder=folder).stdout


def test_as_json(folder: Path) -> None:
    done = as_json(dossier("taxonomy", "--format", "json", folder=folder))
    assert done["taxonomy"][1] == {
        "key": "house",
        "title": "House",
        "count": 0,
        "families": [{"key": "attic", "title": "Attic", "note": "", "count": 0}],
    }
    listed = as_json(dossier("taxonomy", "--specimens", "--format", "json", folder=folder))
    assert listed["taxonomy"][0]["families"][0]["specimens"][1] == {"slug": "clerk", "title": "The Clerk"}
    assert listed["taxonomy"][0]["families"][0]["note"] == "Bottom left."


def test_what_cannot_be_filed_is_told(folder: Path) -> None:
    (folder / "lost.yaml").write_text("title: Lost\nsummary: x\nfamily: drawr\n")
    (folder / "nowhere.yaml").write_text("title: Nowhere\n")
    (folder / "torn.yaml").write_text("title: [")
    (folder / "empty.yaml").write_text("")
    done = dossier("taxonomy", folder=folder)
    assert done.returncode == 1
    assert [line.partition(": error: ")[0] for line in done.stderr.splitlines() if "error:" in line] == [
        "empty.yaml", "lost.yaml:3:9", "nowhere.yaml:1:1", "torn.yaml:1:9",
    ]  # fmt: skip
    assert 'family is "drawr"; the taxonomy in archive.yaml has no such key (did you mean "drawer"?)' in done.stderr
    assert done.stdout.splitlines()[1] == "       3  drawer  The Drawer"


def test_the_archive_that_ships_has_nothing_unfiled(root: Path) -> None:
    tree, problems = pipeline.taxonomy(root / "specimens")
    assert problems == []
    assert sum(one.count for one in tree) == len(settings.specimens(root / "specimens"))
    assert all(branch.count for one in tree for branch in one.families)
