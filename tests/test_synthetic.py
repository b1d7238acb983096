"""Archives that are made up: sound, varied, and the same ones every time."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from pressroom import opened_archive, record, set_in, setting, slugs

from render import layouts, load, settings, synthetic
from render.problems import UsageError
from render.synthetic.grammar import Dice, Grammar

SECTIONS = layouts.find("folder").sections


def contents(folder: Path) -> dict[str, bytes]:
    found = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert found
    return found


@pytest.fixture(scope="module")
def hundred(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "hundred"
    written = synthetic.archive(folder, 100)
    assert len(written) == 101
    assert sorted(written) == sorted(folder.iterdir())
    return folder


def data(folder: Path) -> dict[str, dict[str, Any]]:
    return {slug: load.load(folder / f"{slug}.yaml").data for slug in slugs(folder)}


def test_all_records_are_sound(hundred: Path) -> None:
    archive, dossiers = opened_archive(hundred, layouts.find("folder"))
    assert len(dossiers) == 100
    assert archive.warnings == ()


def test_every_section_is_filled(hundred: Path) -> None:
    assert len(SECTIONS) == 11
    for slug in slugs(hundred):
        assert set(record(hundred, slug).sections) == set(SECTIONS)


def test_records_are_varied(hundred: Path) -> None:
    records = data(hundred).values()
    for key, most in {
        "habitat": 6,
        "metrics": 6,
        "weaponry": 6,
        "survival_guide": 3,
        "jd_autopsy": 6,
        "day_log": 7,
    }.items():
        lengths = {len(one[key]) for one in records}
        assert min(lengths) == 1
        assert max(lengths) == most
    assert 20 < sum("hierarchy" in one["org_chart"] for one in records) < 50
    assert any(isinstance(one["salary"]["amount"], dict) for one in records)
    assert {one["salary"]["currency"] for one in records} == {"USD", "EUR", "GBP", "CHF", "JPY"}
    bands = {one["flight_risk"]["percent"] // 34 for one in records}
    assert bands == {0, 1, 2}
    assert len({one["family"] for one in records}) == 11
    assert any(entry["to"] < entry["from"] for one in records for entry in one["day_log"]), "a day past midnight"


def test_no_two_records_are_alike(hundred: Path) -> None:
    records = data(hundred).values()
    assert len({one["title"] for one in records}) == 100
    assert len({str(one["metrics"]) for one in records}) == 100
    assert len({one["file_number"] for one in records}) == 100


def test_no_sentence_comes_twice_in_a_section(hundred: Path) -> None:
    for one in data(hundred).values():
        for sentences in (one["habitat"], [item["name"] for item in one["metrics"]]):
            assert len(set(sentences)) == len(sentences)


def test_records_relate_to_each_other(hundred: Path) -> None:
    records = data(hundred)
    named = [item["specimen"] for one in records.values() for item in one["related"] if "specimen" in item]
    assert len(named) > 150
    assert set(named) <= set(records)
    assert len(set(named)) > 60
    assert any("title" in item for one in records.values() for item in one["related"])


def test_a_hundred_are_the_beginning_of_a_thousand(hundred: Path, tmp_path: Path) -> None:
    synthetic.archive(tmp_path / "thousand", 1000)
    thousand = contents(tmp_path / "thousand")
    assert len(thousand) == 1001
    for name, text in contents(hundred).items():
        assert thousand[name] == text


def test_the_same_bytes_in_another_process(hundred: Path, tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from render import synthetic; synthetic.archive(Path(sys.argv[1]), 100)"
    )
    surroundings = {**os.environ, "PYTHONHASHSEED": "7", "LC_ALL": "C", "TZ": "Asia/Tokyo"}
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "again")], env=surroundings, check=True, timeout=60)
    assert contents(tmp_path / "again") == contents(hundred)


def test_pages(hundred: Path) -> None:
    chosen = setting()
    parts = [set_in(hundred, slug, chosen).part for slug in slugs(hundred)[::12]]
    pages = [part.pages for part in parts]
    assert len(pages) == 9
    assert min(pages) >= 3
    assert max(pages) <= 7
    assert len(set(pages)) > 1
    assert [problem for part in parts for problem in part.problems] == []


def test_ten_thousand_take_seconds(tmp_path: Path) -> None:
    start = time.perf_counter()
    written = synthetic.archive(tmp_path / "many", 10_000)
    assert time.perf_counter() - start < 20
    assert len(written) == 10_001
    assert len(settings.specimens(tmp_path / "many")) == 10_000


def test_titles_do_not_repeat() -> None:
    grammar = Grammar()
    titles = {synthetic._title(grammar, number) for number in range(synthetic.MOST)}
    assert len(titles) == synthetic.MOST == 13 * 41 * 17 * 11
    longest = max((settings.slug_from(title) for title in titles), key=len)
    assert len(longest) <= settings.SLUG_LENGTH


@pytest.mark.parametrize("count", [0, -1, synthetic.MOST + 1])
def test_a_number_that_cannot_be(tmp_path: Path, count: int) -> None:
    with pytest.raises(UsageError, match="any number from 1 to 99,671"):
        synthetic.archive(tmp_path, count)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_empty(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("")
    with pytest.raises(UsageError, match="is not an empty folder"):
        synthetic.archive(tmp_path, 3)


def test_one_record_alone_relates_to_a_role_that_is_not_on_file(tmp_path: Path) -> None:
    synthetic.archive(tmp_path / "one", 1)
    (only,) = data(tmp_path / "one").values()
    assert [set(item) for item in only["related"]] == [{"title", "summary", "match"}]


def test_every_slot_of_the_grammar_has_a_list() -> None:
    grammar = Grammar()
    slots = {name for entries in grammar._parts.values() for entry in entries for name in entry[1::2]}
    assert {"people", "Number", "above"} <= slots
    assert {name.lower() for name in slots} <= set(grammar.words)
    for entries in grammar.words.values():
        assert len(set(entries)) == len(entries)


def test_a_list_is_gone_through_before_an_entry_returns() -> None:
    grammar = Grammar()
    say = grammar.speaker(Dice(5))
    names = [say("metric_name") for _ in grammar.words["metric_name"]]
    assert sorted(names) == sorted(grammar.words["metric_name"])


def test_dice_are_the_same_everywhere() -> None:
    dice = Dice(1)
    assert [dice.below(100) for _ in range(8)] == [79, 36, 45, 28, 46, 58, 42, 33]
