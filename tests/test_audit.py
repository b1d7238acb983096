"""What is odd between sound records: names claimed twice, passages that stand twice, long summaries, idle families."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from command import HEAD, ROOT, archive, dossier

from render import audit, pipeline, synthetic
from render.editions import edition
from render.orders import Order

LONG = "The figure is agreed in a meeting of nine people, and nobody who was there recalls what it is a figure of."
"""Twenty-two words."""


def told(folder: Path, *asked: str, relations: bool = False) -> list[tuple[str, str, str, str]]:
    """Place, code, message and hint of every problem, with the archive's folder left out."""
    found = pipeline.check(Order(folder, edition(asked), relations=relations)).problems
    return [(str(p.where).replace(f"{folder}/", ""), p.code, p.message, p.hint) for p in found]


def test_names_that_two_records_have(tmp_path: Path) -> None:
    records = {
        "clerk": "org_chart: {aliases: [Scribe, the  usher, The Clerk]}\n",
        "usher": "",
        "second": "org_chart: {aliases: [scribe]}\n",
        "third": "",
    }
    folder = archive(tmp_path, records)
    (folder / "third.yaml").write_text((folder / "third.yaml").read_text().replace("The Third", "The Clerk"))
    assert told(folder) == [
        (place, "shared-name", f"this {mine} of {slug} is the {theirs} too", f"the other is in {other}")
        for place, mine, slug, theirs, other in (
            ("third.yaml:1:8", "title", "third", "title of clerk", "clerk.yaml, line 1"),
            ("clerk.yaml:4:31", "alias", "clerk", "title of usher", "usher.yaml, line 1"),
            ("second.yaml:4:23", "alias", "second", "alias of clerk", "clerk.yaml, line 4"),
        )
    ]


def test_a_summary_too_long_for_a_card(tmp_path: Path) -> None:
    folder = archive(tmp_path, {"clerk": "", "usher": ""})
    for slug, length in (("clerk", 240), ("usher", 241)):
        text = (folder / f"{slug}.yaml").read_text().replace("Stands in for a role.", "x" * length)
        (folder / f"{slug}.yaml").write_text(text)
    assert told(folder) == [
        (
            "usher.yaml:2:10",
            "long-summary",
            "summary has 241 characters; cards have room for 240",
            "one sentence is enough",
        )
    ]


def test_families_without_a_specimen(tmp_path: Path) -> None:
    head = HEAD.replace("taxonomy:\n", "taxonomy:\n  - {key: empty, title: Empty, families: []}\n").replace(
        "title: The Drawer}", "title: The Drawer}, {key: cellar, title: Cellar}"
    )
    folder = archive(tmp_path, {"clerk": "", "broken": "habitat: x\n"}, head)
    (folder / "broken.yaml").write_text((folder / "broken.yaml").read_text().replace("drawer", "cellar"))
    assert [code for _, code, _, _ in told(folder)] == ["wrong-type"], "what is broken is filed there all the same"
    (folder / "broken.yaml").unlink()
    assert told(folder) == [
        ("archive.yaml:7:56", "unused-family", "no specimen is of the family cellar", "file one there, or delete it")
    ]
    assert told(folder, "clerk") == []


def test_a_passage_that_stands_in_two_records(tmp_path: Path) -> None:
    marked = LONG.replace("nine people", "*nine* people").replace("figure is", "FIGURE, is")
    folder = archive(
        tmp_path,
        {
            "clerk": f"habitat: [Elsewhere., 'Said before. {LONG}']\n",
            "usher": f"metrics: [{{name: x, description: '{marked} Said after.'}}]\n",
            "noted": f"burn_ward: {{note: '{LONG}', complaints: [{{quote: x}}]}}\n",
            "scribe": f"related: [{{title: x, match: 1, summary: '{LONG}'}}]\n",
        },
    )
    assert told(folder) == [
        (
            "usher.yaml:4:34",
            "shared-passage",
            "22 words in a row stand in clerk, too",
            "the other place is clerk.yaml, line 4",
        )
    ]


@pytest.mark.parametrize(("words", "before", "count"), [(11, 0, 0), (12, 0, 1), (12, 3, 1), (12, 4, 1), (13, 7, 1)])
def test_twelve_words_wherever_they_stand(tmp_path: Path, words: int, before: int, count: int) -> None:
    same = " ".join(f"same{number}" for number in range(words))
    one = " ".join(f"one{number}" for number in range(before))
    folder = archive(
        tmp_path, {"a": f"habitat: [{one} {same} left one out]\n", "b": f"habitat: [{same} but not here]\n"}
    )
    assert [code for _, code, _, _ in told(folder)] == ["shared-passage"] * count


def test_many_alike_are_counted(tmp_path: Path) -> None:
    count = audit.LISTED + 5
    same = {f"r{number:02}": f"org_chart: {{aliases: [Twin {number // 2}]}}\n" for number in range(2 * count)}
    found = told(archive(tmp_path, same))
    assert len(found) == audit.LISTED + 1
    assert found[-1] == (str(tmp_path), "shared-name", "5 more names are shared", "mend those told, and check again")


def test_relations_that_are_not_returned(tmp_path: Path) -> None:
    records = {
        "clerk": "related: [{specimen: usher}, {specimen: scribe}, {specimen: near}, {title: Else, match: 1}]\n",
        "usher": "related: [{specimen: clerk}]\n",
        "scribe": "habitat: ['[[clerk]]']\n",
        "near": "related: auto\n",
    }
    folder = archive(tmp_path, records)
    assert told(folder) == []
    assert told(folder, relations=True) == [
        ("clerk.yaml:4:41", "one-way", "clerk names scribe as related, which does not name it", "")
    ]


def test_strict_takes_warnings_for_errors(tmp_path: Path) -> None:
    folder = archive(tmp_path, {"clerk": "org_chart: {aliases: [The Usher]}\n", "usher": ""})
    quiet, strict = dossier("check", folder=folder), dossier("check", "--strict", folder=folder)
    assert (quiet.returncode, strict.returncode) == (0, 1)
    assert "clerk.yaml:4:23: warning: this alias of clerk is the title of usher too" in quiet.stderr
    assert strict.stderr == quiet.stderr.replace("warning", "error")
    assert dossier("check", "usher", "--strict", folder=folder).returncode == 0


def test_the_archive_that_ships_is_clean(root: Path) -> None:
    assert [problem.code for problem in pipeline.check(Order(root / "specimens")).problems] == ["example-base-url"]


def test_a_thousand_are_checked_in_seconds_without_a_typesetter(tmp_path: Path) -> None:
    synthetic.archive(tmp_path / "files", 1000)
    code = "import resource, sys; from render.cli import main; main(['check']); print('weasyprint' in sys.modules)"
    code += "; print(sum(resource.getrusage(resource.RUSAGE_SELF)[:2]))"
    surroundings = {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path / "files",
        env=surroundings,
        capture_output=True,
        text=True,
        check=True,
    )
    heavy, seconds = done.stdout.split()
    assert heavy == "False"
    assert float(seconds) < 4, "2 s of processor time on an idle machine; tests/bench/checking.py measures"
