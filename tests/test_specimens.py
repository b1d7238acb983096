"""The archive that ships, and the test archive of extreme records: sound, complete, and linked both ways."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from render import layouts, link, load, settings, validate
from render.problems import Severity
from render.record import Dossier

ROOT = Path(__file__).parent.parent
SPECIMENS = ROOT / "specimens"
EXTREMES = ROOT / "tests" / "archives" / "extremes"
SEED = "junior-ai-lifecycle-management-best-practices-specialist"
SECTIONS = (
    "org_chart", "habitat", "salary", "flight_risk", "metrics", "weaponry", "survival_guide", "jd_autopsy", "day_log",
    "burn_ward", "related",
)  # fmt: skip


def dossiers(folder: Path) -> dict[str, Dossier]:
    archive = settings.read(folder)
    sections = layouts.find("folder").sections
    survey = settings.survey(folder)
    assert not survey.problems
    records = [validate.validate(load.load(path), archive, sections) for path in survey.paths]
    return {dossier.record.slug: dossier for dossier in link.link(records, archive)}


def raw(slug: str, folder: Path = SPECIMENS) -> Any:
    return load.load(folder / f"{slug}.yaml").data


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, child in value.items():
            yield from texts(child) if key != "specimen" else ()
    elif isinstance(value, list):
        for child in value:
            yield from texts(child)


@pytest.fixture(scope="module")
def shipped() -> dict[str, Dossier]:
    return dossiers(SPECIMENS)


@pytest.fixture(scope="module")
def extremes() -> dict[str, Dossier]:
    return dossiers(EXTREMES)


def test_four_specimens_with_their_numbers(shipped: dict[str, Dossier]) -> None:
    numbers = {slug: (dossier.record.file_number, dossier.record.fiche) for slug, dossier in shipped.items()}
    assert numbers.items() >= {
        (SEED, ("OR-529-B818", "79/C11")),
        ("enterprise-architect", ("OR-658-F3AF", "43/D09")),
        ("sdet", ("OR-422-5196", "31/511")),
        ("lead-backend-data-procurement-analyst", ("OR-434-277D", "55/510")),
    }


def test_every_specimen_is_complete(shipped: dict[str, Dossier]) -> None:
    assert len(shipped) >= 4
    for slug, dossier in shipped.items():
        assert tuple(dossier.record.sections) == SECTIONS, slug
        assert dossier.family.key != "unfiled", slug
        assert len(dossier.record.summary) <= 240, slug


def test_every_family_has_a_division_and_a_note() -> None:
    families = [family for family in settings.read(SPECIMENS).families if family.key != "unfiled"]
    assert 6 <= len(families) <= 8
    assert len({family.division for family in families}) == 3
    assert all(family.note and family.division_title for family in families)


def test_the_archive_warns_of_nothing_but_its_address() -> None:
    warnings = settings.read(SPECIMENS).warnings
    assert [warning.severity for warning in warnings] == [Severity.WARNING]
    assert "otiose.example" in warnings[0].message


def test_the_cards_of_the_seed_read_as_the_seed_has_them(shipped: dict[str, Dossier]) -> None:
    lines = (ROOT / "tests" / "archives" / "text" / "junior-ai-lifecycle-specialist.txt").read_text().splitlines()
    related = shipped[SEED].related
    assert [(card.slug, card.match) for card in related] == [
        ("lead-backend-data-procurement-analyst", 98),
        ("enterprise-architect", 91),
        ("sdet", 84),
    ]
    for card in related:
        assert lines[lines.index(card.title) + 1] == card.summary


def test_matches_are_the_same_from_both_sides(shipped: dict[str, Dossier]) -> None:
    matches = {
        (slug, card.slug): card.match for slug, dossier in shipped.items() for card in dossier.related if card.slug
    }
    assert len(matches) >= 12
    for (one, other), match in matches.items():
        assert matches[other, one] == match


def test_the_enterprise_architect_uses_every_field() -> None:
    record = raw("enterprise-architect")
    assert {"file_number", "tags", "lang"} <= set(record)
    assert set(record["salary"]) == {"label", "amount", "currency", "note", "quote", "benchmark"}
    assert set(record["salary"]["amount"]) == {"from", "to"}
    assert "level" in record["flight_risk"]
    hierarchy = record["org_chart"]["hierarchy"]
    assert set().union(*hierarchy) == {"role", "roles", "subject", "relation", "note"}
    sources = [claim.get("source", "absent") for claim in record["jd_autopsy"]]
    assert None in sources
    assert "absent" in sources
    assert len(sources) > 2
    spans = [(slot["from"], slot["to"]) for slot in record["day_log"]]
    assert any(end < begin for begin, end in (tuple(time.zfill(5) for time in span) for span in spans))
    everything = "\n".join(texts(record))
    for mark in (r"\|\|.+?\|\|", r"(?<!\*)\*\w[^*]*\*", r"\*\*\w", r"\[\[[a-z-]+\]\]", r"\[\[[a-z-]+\|"):
        assert re.search(mark, everything), mark


def test_no_two_specimens_share_six_words(shipped: dict[str, Dossier]) -> None:
    runs: dict[tuple[str, ...], str] = {}
    for slug in shipped:
        own = set()
        for text in texts(raw(slug)):
            said = re.findall(r"\w+", re.sub(r"\[\[[a-z0-9-]+", "", text.lower()))
            own |= set(zip(*(said[n:] for n in range(6)), strict=False))
        assert len(own) > 300
        shared = [" ".join(run) for run in own & set(runs)]
        assert shared == [], f"{slug} and {runs[tuple(shared[0].split())]}" if shared else slug
        runs |= dict.fromkeys(own, slug)


def test_lines_fit_an_editor() -> None:
    paths = sorted(SPECIMENS.glob("*.yaml"))
    assert len(paths) >= 5
    for path, line in itertools.chain.from_iterable(((p, text) for text in p.read_text().splitlines()) for p in paths):
        assert len(line) <= 120, (path, line)


# The extremes


def test_the_extremes_are_sound(extremes: dict[str, Dossier]) -> None:
    assert set(extremes) == {
        "bare", "euro", "forty", "long-entry", "long-title", "one-word", "past-midnight", "range", "redacted",
        "scripts", "seven-levels",
    }  # fmt: skip


def test_how_extreme_they_are(extremes: dict[str, Dossier]) -> None:
    assert not extremes["bare"].record.sections
    forty = raw("forty", EXTREMES)
    lists = [forty[key] for key in SECTIONS if isinstance(forty[key], list)]
    lists += [forty["org_chart"]["aliases"], forty["burn_ward"]["complaints"]]
    assert [len(entries) for entries in lists] == [40] * 9
    assert len(set(forty["habitat"])) == 40
    assert len(extremes["long-title"].record.title) > 180
    assert len(raw("seven-levels", EXTREMES)["org_chart"]["hierarchy"]) == 7
    long = [len(text.split()) for text in texts(raw("long-entry", EXTREMES))]
    assert sum(count >= 900 for count in long) >= 6
    one = raw("one-word", EXTREMES)
    assert (one["salary"]["amount"], one["flight_risk"]["percent"], one["title"].split()) == (0, 0, ["Ombudsperson"])
    assert raw("range", EXTREMES)["related"] == "auto"
    assert len(extremes["range"].related) == 3


def test_redacted_words_are_gone(extremes: dict[str, Dossier]) -> None:
    record = extremes["redacted"].record
    assert record.title == "Vice President of [redacted] Affairs"
    said = repr(record.sections)
    assert "forty people in the annex" in "\n".join(texts(raw("redacted", EXTREMES)))
    assert "forty people in the annex" not in said
    assert "Budget line" not in said


def test_the_generated_records_are_as_their_script_writes_them(tmp_path: Path) -> None:
    script = (EXTREMES.parent / "write.py").read_text(encoding="utf-8")
    (tmp_path / "extremes").mkdir()
    (tmp_path / "write.py").write_text(script, encoding="utf-8")
    subprocess.run([sys.executable, tmp_path / "write.py"], check=True)
    written = sorted((tmp_path / "extremes").iterdir())
    assert [path.name for path in written] == ["forty.yaml", "long-entry.yaml"]
    for path in written:
        assert path.read_bytes() == (EXTREMES / path.name).read_bytes()
