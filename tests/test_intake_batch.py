"""Folders of texts: who is named by whom, what stands in whose way, and how long a thousand take."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from command import archive, as_json, dossier
from typist import Told, typed

from render import load, pipeline, settings, synthetic
from render.intake import read
from render.intake.batch import take_in
from render.intake.others import Others
from render.orders import Order, Outcome
from render.problems import Severity, UsageError

SPECIMENS = Path(__file__).parent.parent / "specimens"
SECONDS = 20
"""A thousand texts take less."""


def text(title: str, *cards: tuple[str, str]) -> str:
    lines = [title, "[02] THE HABITAT (NATURAL RANGE)", f"- Wherever {title} sits."]
    lines += ["[11] RELATED SPECIMENS", "[VIEW FULL TAXONOMY] ↗"] if cards else []
    for number, (named, summary) in enumerate(cards):
        lines += [f"SYSTEM MATCH: {90 - number}%", named, summary, "→"]
    return "\n".join(lines) + "\n"


def texts(folder: Path, contents: Mapping[str, str]) -> Path:
    for name, content in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


def errors(outcome: Outcome) -> list[tuple[str, str, str]]:
    found = [problem for problem in outcome.problems if problem.severity == Severity.ERROR]
    return [(Path(problem.where.file).name, problem.code, problem.message) for problem in found]


def record(path: Path) -> Any:
    return load.load(path).data


@pytest.fixture
def filed(tmp_path: Path) -> Path:
    """An archive of two, ``alpha`` and ``beta``."""
    return archive(tmp_path / "filed", {"alpha": "", "beta": ""})


# A whole archive through the text form


def type_all(records: Mapping[str, Any], folder: Path) -> None:
    told = {slug: Told(record["title"], record["summary"]) for slug, record in records.items()}
    for number, (slug, record) in enumerate(records.items()):
        page = typed(record, slug, random.Random(slug), told=told)
        path = folder / f"drawer {number % 3}" / f"{number:04d}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(page.text.encode())


def test_the_shipped_archive_comes_through_and_passes_check(tmp_path: Path) -> None:
    records = {path.stem: record(path) for path in settings.survey(SPECIMENS).paths}
    type_all(records, tmp_path / "texts")
    home = tmp_path / "archive"
    home.mkdir()
    shutil.copy(SPECIMENS / "archive.yaml", home)
    outcome = take_in([tmp_path / "texts"], home, home, "ai-and-data", replace=False)
    assert errors(outcome) == []
    assert {path.stem for path in outcome.files} == set(records)
    assert errors(pipeline.check(Order(home))) == []
    titles = {record["title"] for record in records.values()}
    cards = [card for path in outcome.files for card in record(path).get("related", [])]
    assert sum("specimen" in card for card in cards) > len(records)
    assert [card["title"] for card in cards if card.get("title") in titles] == []
    named = {card["specimen"] for card in cards if "specimen" in card}
    unlike = {slug: record(home / f"{slug}.yaml")["summary"] for slug in named if "||" not in records[slug]["summary"]}
    assert len(unlike) > 10
    straight = str.maketrans("‘’“”", "''\"\"")
    for slug, summary in unlike.items():
        assert summary.translate(straight) == records[slug]["summary"].translate(straight)


def test_the_same_texts_give_the_same_files_in_the_same_order(tmp_path: Path, filed: Path) -> None:
    names = ["z.txt", "b/a.txt", "a.TXT", "b/c/d.txt", "m.txt"]
    contents = {name: text(f"Role {name[0].upper()}{number}") for number, name in enumerate(names)}
    one, other = texts(tmp_path / "one", contents), texts(tmp_path / "other", dict(reversed(contents.items())))
    first = take_in([one], tmp_path / "x", filed, "drawer", replace=False)
    second = take_in([other], tmp_path / "y", filed, "drawer", replace=False)
    assert [path.stem for path in first.files] == ["role-a2", "role-b1", "role-b3", "role-m4", "role-z0"]
    assert [path.name for path in second.files] == [path.name for path in first.files]
    assert [path.read_bytes() for path in second.files] == [path.read_bytes() for path in first.files]


# Which files


def test_only_texts_are_taken_from_a_folder_and_each_once(tmp_path: Path, filed: Path) -> None:
    roles = {"a.txt": text("A Role"), "._a.txt": "\0", "b.md": text("B Role"), "c/d.txt": text("D Role")}
    folder = texts(tmp_path / "in", roles)
    given = [folder / "a.txt", folder, folder / "c" / ".." / "a.txt"]
    outcome = take_in(given, tmp_path / "out", filed, "drawer", replace=False)
    assert [path.name for path in outcome.files] == ["a-role.yaml", "d-role.yaml"]
    assert errors(outcome) == []


def test_a_folder_without_a_text_is_misuse(tmp_path: Path, filed: Path) -> None:
    folder = texts(tmp_path / "in", {"b.md": "B"})
    with pytest.raises(UsageError, match=r"there is no text \(\*\.txt\) in .*in$"):
        take_in([folder], tmp_path / "out", filed, "drawer", replace=False)
    done = dossier("intake", folder, "-o", "out", folder=filed)
    assert (done.returncode, done.stdout) == (2, "")


# In the way


def test_two_texts_of_one_slug_are_a_problem_and_the_first_stays(tmp_path: Path, filed: Path) -> None:
    folder = texts(
        tmp_path / "in", {"1.txt": "FILE RECORD: GAMMA\nGamma\n", "2.txt": "Gamma\n", "3.txt": text("Delta")}
    )
    outcome = take_in([folder], filed, filed, "drawer", replace=True)
    assert errors(outcome) == [("2.txt", "duplicate-slug", f"{folder / '1.txt'} is the same record, gamma")]
    assert [path.name for path in outcome.files] == ["gamma.yaml", "delta.yaml"]


def test_what_is_on_file_stays_without_force(tmp_path: Path, filed: Path) -> None:
    folder = texts(tmp_path / "in", {"a.txt": text("Alpha"), "d.txt": text("Delta", ("The Alpha", "x."))})
    before = (filed / "alpha.yaml").read_bytes()
    done = dossier("intake", folder, "-o", filed, "--format", "json", folder=filed)
    assert done.returncode == 1
    assert [problem["code"] for problem in as_json(done)["problems"] if problem["severity"] == "error"] == ["exists"]
    assert (filed / "alpha.yaml").read_bytes() == before
    assert record(filed / "delta.yaml")["related"] == [{"specimen": "alpha", "match": 90}]
    assert dossier("intake", folder, "-o", filed, "--force", folder=filed).returncode == 0
    assert record(filed / "alpha.yaml")["title"] == "Alpha"
    assert dossier("check", folder=filed).returncode == 0


def test_no_second_specimen_of_one_slug_comes_into_an_archive(tmp_path: Path, filed: Path) -> None:
    folder = texts(tmp_path / "in", {"a.txt": text("Alpha")})
    outcome = take_in([folder], filed / "new", filed, "drawer", replace=True)
    second = filed / "new" / "alpha.yaml"
    message = f"a specimen called alpha is on file as {filed / 'alpha.yaml'}; {second} would be a second one"
    assert errors(outcome) == [("a.txt", "duplicate-slug", message)]
    assert not (filed / "new").exists()


def test_no_text_replaces_the_archive_s_own_file(tmp_path: Path, filed: Path) -> None:
    before = (filed / "archive.yaml").read_bytes()
    outcome = take_in([texts(tmp_path / "in", {"a.txt": text("Archive")})], filed, filed, "drawer", replace=True)
    assert [path.name for path in outcome.files] == ["archive-role.yaml"]
    assert (filed / "archive.yaml").read_bytes() == before


def test_taking_in_again_changes_nothing(tmp_path: Path, filed: Path) -> None:
    folder = texts(tmp_path / "in", {"g.txt": text("Gamma", ("The Beta", "Stands in."), ("Delta Lead", "Leads."))})
    (first,) = take_in([folder], filed, filed, "drawer", replace=True).files
    before = first.read_bytes()
    assert b"# guessed: the first sentence of the first habitat" in before
    take_in([folder], filed, filed, "drawer", replace=True)
    assert first.read_bytes() == before


# Who is named


def test_titles_are_matched_within_one_run_both_ways(tmp_path: Path, filed: Path) -> None:
    contents = {
        "1.txt": text("Gamma Lead", ("Delta Lead", "Delta leads delta."), ("THE  BETA", "Stands in for a role.")),
        "2.txt": text("Delta Lead", ("gamma lead", "Gamma leads gamma.")),
    }
    outcome = take_in([texts(tmp_path / "in", contents)], filed, filed, "drawer", replace=False)
    assert errors(outcome) == []
    gamma, delta = (record(path) for path in outcome.files)
    assert gamma["related"] == [{"specimen": "delta-lead", "match": 90}, {"specimen": "beta", "match": 89}]
    assert delta["related"] == [{"specimen": "gamma-lead", "match": 90}]
    assert (gamma["summary"], delta["summary"]) == ("Gamma leads gamma.", "Delta leads delta.")
    assert b"guessed: the text says" not in outcome.files[0].read_bytes()


def test_a_summary_comes_from_a_record_on_file_that_names_the_role(tmp_path: Path, filed: Path) -> None:
    (filed / "epsilon.yaml").write_text(
        "title: Epsilon\nsummary: E.\nfamily: drawer\n"
        "related: [{title: Gamma Lead, summary: 'Leads *gamma*.', match: 3}, {title: '[[', summary: x, match: 1}]\n"
    )
    (made,) = take_in(
        [texts(tmp_path / "in", {"g.txt": text("Gamma Lead")})], filed, filed, "drawer", replace=False
    ).files
    assert record(made)["summary"] == "Leads gamma."
    assert "summary: Leads gamma.\n" in made.read_text("utf-8")


ON_FILE = Others(
    [
        ("Enterprise Architect", "enterprise-architect"),
        ("Lead Backend Data Procurement Analyst", "lead-backend"),
        ("Senior Scrum Master", "senior-scrum-master"),
        ("SDET", "sdet"),
        ("Head of R&D", "head-of-r-d"),
        ("Facilitator", "facilitator"),
        ("Level 2 Analyst", "level-2"),
        ("Data Steward East", "east"),
        ("Data Steward Eastt", "eastt"),
        ("Twin", "one-twin"),
        ("Twin", "other-twin"),
    ]
)


@pytest.mark.parametrize(
    ("title", "slug", "guess"),
    [
        ("enterprise   ARCHITECT", "enterprise-architect", ""),
        ("Twin", "one-twin", "other-twin has this title, too"),
        ("Enterprise Architects", "enterprise-architect", "on file is Enterprise Architect"),
        ("Lead Back-end Data Procurment Analyst", "lead-backend", "on file is Lead Backend Data Procurement Analyst"),
        ("S.D.E.T.", "sdet", "on file is SDET"),
        ("Head of R and D", "head-of-r-d", "on file is Head of R&D"),
        ("Facilitater", "facilitator", "on file is Facilitator"),
    ],
)
def test_a_title_leads_to_the_nearest_on_file(title: str, slug: str, guess: str) -> None:
    named = ON_FILE.named(title)
    assert named is not None
    says = f"the text says {title}; " if guess.startswith("on file") else ""
    assert (named.slug, named.guess) == (slug, says + guess)


@pytest.mark.parametrize(
    "title",
    [
        "Junior Scrum Master",  # another grade
        "Solution Architect",
        "Level 3 Analyst",
        "Lead Frontend Data Procurement Analyst",
        "Data Steward Easter",  # as near to the one as to the other
        "→",
        "",
    ],
)
def test_another_role_is_not_the_nearest(title: str) -> None:
    assert ON_FILE.named(title) is None


def test_a_guess_stands_beside_the_slug_and_the_text_s_words_are_kept() -> None:
    said = text("Gamma", ("Enterprise Architects", "They draw."), ("Gammas", "Plural."))
    others = Others(
        [("Enterprise Architect", "enterprise-architect"), ("Gamma", "gamma")], {"enterprise-architect": "Draws."}
    )
    taken = read(said, name="g.txt", others=others)
    guess = "the text says Enterprise Architects; on file is Enterprise Architect"
    assert f"  - specimen: enterprise-architect  # guessed: {guess}\n    match: 90\n" in taken.yaml
    assert "\n# Enterprise Architects is on file; here the text says: They draw.\n" in taken.yaml
    assert "  - title: Gammas\n" in taken.yaml
    assert "related[0].specimen is guessed: the text says" in " ".join(problem.message for problem in taken.problems)


# Many


@pytest.mark.long
def test_a_thousand_texts_in_reasonable_time(tmp_path: Path) -> None:
    synthetic.archive(tmp_path / "many", 1000)
    records = {path.stem: record(path) for path in settings.survey(tmp_path / "many").paths}
    type_all(records, tmp_path / "texts")
    home = tmp_path / "archive"
    home.mkdir()
    shutil.copy(tmp_path / "many" / "archive.yaml", home)
    family = settings.read(home).families[0].key
    begun = time.perf_counter()
    outcome = take_in([tmp_path / "texts"], home, home, family, replace=False)
    taken = time.perf_counter() - begun
    assert len(outcome.files) == 1000
    assert errors(pipeline.check(Order(home))) == []
    assert taken < SECONDS
