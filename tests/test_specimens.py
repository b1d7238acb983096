"""The archive that ships, and the test archive of extreme records: sound, complete, and linked both ways."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
import unicodedata
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


FIXED = {
    "title",
    "aliases",
    "label",
    "role",
    "roles",
    "relation",
    "specimen",
    "family",
    "tags",
    "currency",
    "from",
    "to",
    "level",
}
"""Names and headings: kept out of what may not be said twice."""


def prose(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a record that is its own, with where it stands; sources from six words up."""
    match value:
        case str():
            if not place.endswith(".source") or len(value.split()) >= 6:
                yield place, value
        case dict():
            for key, child in value.items():
                yield from prose(child, f"{place}.{key}".lstrip(".")) if key not in FIXED else ()
        case list():
            for number, child in enumerate(value):
                yield from prose(child, f"{place}[{number}]")


def words(text: str) -> list[str]:
    return re.findall(r"\w+", re.sub(r"\[\[[a-z0-9-]+", "", text.casefold()))


def sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.?!])['\"*]*\s+(?=[^a-z])", text)


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


def test_thirty_six_specimens_in_families(shipped: dict[str, Dossier]) -> None:
    assert len(shipped) == 36
    families = {dossier.family for dossier in shipped.values()}
    assert families == {family for family in settings.read(SPECIMENS).families if family.key != "unfiled"}
    assert 6 <= len(families) <= 8
    assert len({family.division for family in families}) >= 2
    assert all(family.note and family.division_title for family in families)


def test_every_section_of_every_record_is_filled(shipped: dict[str, Dossier]) -> None:
    for slug, dossier in shipped.items():
        assert tuple(dossier.record.sections) == SECTIONS, slug
        record = raw(slug)
        assert all(record[key] for key in SECTIONS), slug
        assert record["org_chart"]["note"], slug
        assert record["org_chart"]["aliases"], slug
        assert record["burn_ward"]["note"], slug
        assert record["burn_ward"]["complaints"], slug


def test_a_summary_is_one_sentence_for_a_card(shipped: dict[str, Dossier]) -> None:
    assert len(shipped) == 36
    for slug, dossier in shipped.items():
        summary = str(dossier.record.summary)
        assert len(summary) <= 240, slug
        assert summary.rstrip("'").endswith("."), slug
        assert len(sentences(summary)) == 1, slug


def test_situations_begin_with_if(shipped: dict[str, Dossier]) -> None:
    situations = [entry["situation"] for slug in shipped for entry in raw(slug)["survival_guide"]]
    assert len(situations) > 100
    assert [said for said in situations if not said.startswith("If ") or said.endswith(":")] == []


def test_the_shapes_that_a_layout_must_stand(shipped: dict[str, Dossier]) -> None:
    records = [raw(slug) for slug in shipped]
    titles = [record["title"] for record in records]
    assert min(len(title.split()) for title in titles) == 1
    assert max(map(len, titles)) > 100
    assert {2, 7} <= {len(record["burn_ward"]["complaints"]) for record in records}
    assert any(
        slot["to"].zfill(5) < slot["from"].zfill(5) != "24:00" for record in records for slot in record["day_log"]
    )
    assert 0 in [record["salary"]["amount"] for record in records]
    aliases = [alias for record in records for alias in record["org_chart"]["aliases"]]
    assert any("," in alias for alias in aliases)
    assert any("&" in alias for alias in aliases)
    assert any(unicodedata.normalize("NFD", alias) != alias for alias in aliases)
    assert 7 in [len(record["org_chart"].get("hierarchy", [])) for record in records]


def test_habitats_mark_terms_for_the_index(shipped: dict[str, Dossier]) -> None:
    marked = {
        slug: re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", "\n".join(raw(slug)["habitat"]))
        for slug in shipped
        if slug != SEED
    }
    assert len(marked) == 35
    assert {slug: terms for slug, terms in marked.items() if not 1 <= len(terms) <= 3} == {}
    assert [term for terms in marked.values() for term in terms if len(term.split()) > 3] == []


def test_american_spelling(shipped: dict[str, Dossier]) -> None:
    british = re.compile(
        r"\b(\w*(?:colour|behaviour|favour|labour|neighbour)\w*|\w*(?:organ|real|optim|priorit)is(?:e|ed|ing|ation)s?"
        r"|centres?|programmes?|licence|grey|towards|afterwards|whilst|labelled|travelled|cheques?)\b",
        re.IGNORECASE,
    )
    assert british.search("An organisation of grey colours")
    assert len(shipped) == 36
    assert [(slug, word) for slug in shipped for text in texts(raw(slug)) for word in british.findall(text)] == []


def test_every_specimen_is_linked_both_ways(shipped: dict[str, Dossier]) -> None:
    cited = {card.slug for dossier in shipped.values() for card in dossier.related if card.slug}
    assert cited == set(shipped)
    for slug, dossier in shipped.items():
        found = [card.slug for card in dossier.related if card.slug]
        assert len(found) >= 2, slug
        assert len(set(found)) == len(found), slug
        assert slug not in found


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
    mutual = [pair for pair in matches if pair[::-1] in matches]
    assert len(mutual) >= 12
    assert [pair for pair in mutual if matches[pair] != matches[pair[::-1]]] == []


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


def test_no_two_specimens_share_a_sentence_or_six_words(shipped: dict[str, Dossier]) -> None:
    places: dict[tuple[str, ...], str] = {}
    offenders = []
    counted = 0
    for slug in shipped:
        own: dict[tuple[str, ...], str] = {}
        for place, text in prose(raw(slug)):
            said = words(text)
            counted += len(said)
            runs = [tuple(said[n : n + 6]) for n in range(len(said) - 5)]
            whole = [tuple(words(sentence)) for sentence in sentences(text)]
            own |= dict.fromkeys(runs + [sentence for sentence in whole if len(sentence) > 1], f"{slug}: {place}")
        offenders += [f"{' '.join(run)!r}\n  {places[run]}\n  {own[run]}" for run in own if run in places]
        places |= own
    print("\n".join(offenders))
    assert counted > 20_000
    assert offenders == []


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
