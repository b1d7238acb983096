"""What a record shows of others: who names it, what is close to it, read no further than needed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from command import archive

from render import desk, load, recipe, synthetic
from render.catalogue import Catalogue
from render.editions import edition
from render.orders import Keeping, Order, Outcome
from render.problems import InputError
from render.record import Dossier
from render.text import Text

RECORDS = {
    "clerk": "",
    "usher": "related: [{specimen: clerk, match: 5}]\n",
    "scribe": "habitat: ['Behind the *[[clerk]]*.', 'By [[usher]].']\nrelated: [{specimen: clerk}]\n",
    "own": "habitat: ['See [[own]].']\n",
    "hidden": 'related: [{specimen: "cl\\u0065rk"}]\n',
    "near": "habitat: [Ledgers of brass, ledgers of tin.]\nrelated: auto\n",
    "like": "habitat: [Ledgers of brass, ledgers of lead.]\n",
    "other": "habitat: ['Automobiles; clerks; auto.']\n",
    "broken": "habitat: 'Also [[clerk]].'\nwepaonry: []\n",
    "torn": "habitat: ['[[clerk]]'\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = archive(tmp_path / "files", RECORDS)
    (made / "torn.yaml").write_text("title: [[[clerk]]\n")
    return made


def dossiers(folder: Path, *slugs: str, keeping: Keeping | None = None) -> dict[str, Dossier]:
    order, outcome = Order(folder, edition(slugs), keeping=keeping or Keeping()), Outcome()
    at = desk.open_desk(order, outcome)
    assert at is not None
    return {dossier.record.slug: dossier for dossier in desk.dossiers(at, outcome)}


def citing(dossier: Dossier) -> set[str]:
    return {citation.slug for citation in dossier.cited}


def test_who_cites_whom_is_the_same_whatever_is_asked_for(folder: Path) -> None:
    whole = dossiers(folder)
    assert citing(whole["clerk"]) >= {"usher", "scribe", "hidden", "broken"}
    assert "torn" not in citing(whole["clerk"])
    assert citing(whole["usher"]) == {"scribe"} | (citing(whole["usher"]) & {"near"})
    assert citing(whole["own"]) <= {"near"}, "nobody cites himself"
    assert "near" in citing(whole["like"]), "the closest count, too"
    for slug, dossier in whole.items():
        assert dossiers(folder, slug) == {slug: dossier}
        assert dossiers(folder, slug, "other", keeping=Keeping(folder / ".kept"))[slug] == dossier


def test_a_citation_says_what_a_page_shows(folder: Path) -> None:
    (folder / "usher.yaml").write_text((folder / "usher.yaml").read_text() + "file_number: A-1\n")
    cited = dossiers(folder, "clerk")["clerk"].cited
    assert [one.file_number for one in cited] == sorted(one.file_number for one in cited)
    assert (cited[0].slug, cited[0].file_number, cited[0].title, cited[0].url) == (
        "usher",
        "A-1",
        "The Usher",
        "https://files.example.org/usher",
    )


def test_the_recipe_counts_what_is_shown_of_those_who_cite(folder: Path) -> None:
    dossier = dossiers(folder, "usher")["usher"]
    (one, *rest) = dossier.cited
    before = recipe.recipe({}, dossier).key
    for changed in (
        (),
        (replace(one, title=Text("Another")), *rest),
        (replace(one, file_number="A-2"), *rest),
        (replace(one, url=""), *rest),
        (one, *rest, one),
    ):
        assert recipe.recipe({}, replace(dossier, cited=changed)).key != before


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The stems of the YAML files that are parsed from now on."""
    seen: list[str] = []
    real: Callable[[Path], load.Source] = load.load

    def parse(path: Path) -> load.Source:
        seen.append(path.stem)
        return real(path)

    monkeypatch.setattr(load, "load", parse)
    return seen


def test_only_who_may_cite_is_parsed(folder: Path, opened: list[str]) -> None:
    for slug in ("near", "hidden"):
        (folder / f"{slug}.yaml").unlink()
    (folder / "other.yaml").write_text((folder / "other.yaml").read_text().replace("auto.", ""))
    dossiers(folder, "usher")
    assert sorted(set(opened) - {"archive"}) == ["clerk", "scribe", "usher"]


def test_what_is_closest_is_kept_until_a_file_changes(folder: Path, opened: list[str]) -> None:
    keeping = Keeping(folder / ".kept")
    first = dossiers(folder, "like", keeping=keeping)
    assert {"own", "other"} <= set(opened)
    opened.clear()
    assert dossiers(folder, "like", keeping=keeping) == first
    assert set(opened) - {"archive"} == {"like", "near", "hidden"}
    (folder / "own.yaml").write_text((folder / "own.yaml").read_text().replace("See", "Ledgers of brass and lead: see"))
    opened.clear()
    dossiers(folder, "like", keeping=keeping)
    assert {"own", "other"} <= set(opened)


def test_damage_to_what_is_kept_is_no_harm(folder: Path) -> None:
    keeping = Keeping(folder / ".kept")
    first = dossiers(folder, "like", keeping=keeping)
    assert keeping.cache is not None
    archive_ = desk.open_desk(Order(folder, edition("like")), Outcome())
    assert archive_ is not None
    for junk in (b"", b"[]", b'{"near": 3}', b'{"near": [["like"]]}'):
        catalogue = Catalogue(archive_.paths, archive_.archive, (), keeping.cache)
        keeping.cache.put(catalogue._key, junk)
        assert dossiers(folder, "like", keeping=keeping) == first


def test_problems_of_those_who_cite_are_not_told(folder: Path) -> None:
    order, outcome = Order(folder, edition("clerk")), Outcome()
    at = desk.open_desk(order, outcome)
    assert at is not None
    desk.dossiers(at, outcome)
    assert outcome.problems == []


def test_one_of_a_thousand_takes_a_moment(tmp_path: Path) -> None:
    synthetic.archive(tmp_path / "files", 1000)
    slugs = sorted(path.stem for path in (tmp_path / "files").glob("*.yaml") if path.stem != "archive")
    begun = time.process_time()
    found = dossiers(tmp_path / "files", slugs[0])[slugs[0]]
    taken = time.process_time() - begun
    assert found.cited
    assert taken < 0.5, "0.06 s on an idle machine"


def test_an_unreadable_file_is_passed_over(folder: Path) -> None:
    with pytest.raises(InputError):
        load.load(folder / "torn.yaml")
    assert "torn" not in {slug for one in dossiers(folder, "clerk").values() for slug in citing(one)}
