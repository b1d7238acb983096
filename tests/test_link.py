"""From records to dossiers: relatives, links, matches, numbers, QR codes; and linking beside broken records."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from render import layouts, link, load, settings, similarity, validate
from render.layouts import Section
from render.problems import InputError, Problem
from render.record import Record
from render.settings import Archive
from render.text import Emphasis, Link, Plain, Text
from render.validate import Heading

CORE = "title: {title}\nsummary: {summary}\nfamily: unfiled\n"


@pytest.fixture(scope="module")
def archive(root: Path) -> Archive:
    return settings.read(root / "specimens")


@pytest.fixture(scope="module")
def sections() -> Mapping[str, Section]:
    return layouts.find("folder").sections


@pytest.fixture
def record(archive: Archive, sections: Mapping[str, Section]) -> Any:
    def made(slug: str, rest: str = "", title: str = "", summary: str = "A role.") -> Record:
        text = CORE.format(title=title or slug.replace("-", " ").title(), summary=summary) + rest
        return validate.validate(load.loads(text, Path(f"{slug}.yaml")), archive, sections)

    return made


def told(problems: tuple[Problem, ...] | list[Problem]) -> list[tuple[str, str, str, str]]:
    return [(str(p.where), p.code, p.message, p.hint) for p in problems]


def test_the_archive_that_ships(root: Path, archive: Archive, sections: Mapping[str, Section]) -> None:
    paths = settings.specimens(root / "specimens")
    records = [validate.validate(load.load(path), archive, sections) for path in paths]
    dossiers = {dossier.record.slug: dossier for dossier in link.link(records, archive)}
    assert list(dossiers) == [record.slug for record in records]
    seed = dossiers["junior-ai-lifecycle-management-best-practices-specialist"]
    assert [(r.slug, r.match) for r in seed.related] == [
        ("lead-backend-data-procurement-analyst", 98),
        ("enterprise-architect", 91),
        ("sdet", 84),
    ]
    first = seed.related[0]
    assert first.title == "Lead Backend Data Procurement Analyst"
    assert first.summary.startswith("Spend weeks documenting trivial manual data entry, then propose")
    assert first.url == "https://otiose.example/files/lead-backend-data-procurement-analyst"
    assert first.file_number == dossiers[first.slug].record.file_number
    assert (seed.family.key, seed.family.division) == ("ai-and-data", "technology")
    assert seed.url == f"https://otiose.example/files/{seed.record.slug}"


def test_links_get_titles_and_urls(record: Any, archive: Archive) -> None:
    one = record("one", "habitat: ['see [[two]] and *[[three|the third]]*']\n", summary="'Beside [[two]].'")
    dossier = link.link([one, record("two", title="'*Two*'"), record("three")], archive)[0]
    assert dossier.titles == {"two": "Two", "three": "Three"}
    assert dossier.titles["two"].spans == (Emphasis((Plain("Two"),)),)
    assert dossier.urls == {slug: archive.url_of(slug) for slug in ("two", "three")}


def test_roles_in_words_stay_as_they_are(record: Any, archive: Archive) -> None:
    one = record("one", "related:\n- {title: SDET, summary: Checks., match: 84}\n- {title: QA, match: 7}\n")
    assert [(r.title, r.summary, r.match, r.slug, r.url) for r in link.link([one], archive)[0].related] == [
        ("SDET", "Checks.", 84, "", ""),
        ("QA", "", 7, "", ""),
    ]


def test_links_in_the_summary_of_a_relative_are_words(record: Any, archive: Archive) -> None:
    one = record("one", "related: [{specimen: two, match: 1}]\n")
    two = record("two", summary="'As *[[three]]*, or [[three|so]].'")
    (reference,) = link.link([one, two, record("three", title="'*Number* three'")], archive)[0].related
    assert reference.summary.spans == (
        Plain("As "), Emphasis((Plain("Number three"),)), Plain(", or "), Plain("so"), Plain("."),
    )  # fmt: skip


def test_what_is_not_on_file_is_an_error_at_its_place(record: Any, archive: Archive) -> None:
    rest = "habitat: [x, 'see [[twoo]]']\nrelated:\n- {specimen: enterprise-arhitect}\n- {specimen: zzz}\n"
    with pytest.raises(InputError) as caught:
        link.link([record("one", rest), record("two"), record("enterprise-architect")], archive)
    words = ", or give the role in words: title, summary and match"
    assert told(list(caught.value.problems)) == [
        ("one.yaml:4:14", "not-on-file", "[[…]] names twoo, which is not on file", 'did you mean "two"?'),
        (
            "one.yaml:6:14",
            "not-on-file",
            "specimen names enterprise-arhitect, which is not on file",
            'did you mean "enterprise-architect"?',
        ),
        ("one.yaml:7:14", "not-on-file", "specimen names zzz, which is not on file", "file it as zzz.yaml" + words),
    ]


def test_a_record_is_linked_beside_broken_ones(record: Any, archive: Archive) -> None:
    one = record("one", "related: [{specimen: two, match: 5}]\nhabitat: ['[[three]]']\n")
    other = record("other", "habitat: ['[[nowhere]]']\n")
    heading = Heading("two", Text("Two"), Text("S."), "OR-1")
    headings: dict[str, Heading | None] = {"two": heading, "three": None}
    linked = link.connect([one, other], archive, only={"one"}, headings=headings)
    assert linked.dossiers == ()
    assert told(linked.problems) == [
        (
            "one.yaml:5:11",
            "broken-target",
            "three, which is named here, has a title or summary that cannot be read",
            "mend three.yaml first",
        )
    ]
    headings["three"] = Heading("three", Text("Three"), Text("S."), "OR-2")
    linked = link.connect([one, other], archive, only={"one"}, headings=headings)
    assert linked.problems == ()
    (dossier,) = linked.dossiers
    assert [(r.title, r.file_number, r.match) for r in dossier.related] == [("Two", "OR-1", 5)]
    assert dossier.titles == {"three": "Three"}


def test_the_sound_ones_are_linked_whatever_the_others_are_like(record: Any, archive: Archive) -> None:
    linked = link.connect([record("one", "habitat: ['[[none]]']\n"), record("two")], archive)
    assert [dossier.record.slug for dossier in linked.dossiers] == ["two"]
    assert [problem.code for problem in linked.problems] == ["not-on-file"]
    assert link.problems([record("one", "habitat: ['[[none]]']\n"), record("two")], archive) == list(linked.problems)


def test_what_a_record_names(record: Any) -> None:
    one = record("one", "habitat: ['**[[a]]** [[b|c]]']\nrelated: [{specimen: d}, {title: E, match: 1}]\n")
    assert link.names(one) == {"a", "b", "d"}
    assert not link.takes_closest(one)
    assert link.takes_closest(record("two", "related: auto\n"))


def test_equal_file_numbers_are_an_error(record: Any, archive: Archive) -> None:
    derived = validate.file_number("one", "OR")
    records = [record("two", f"file_number: {derived}\n"), record("one"), record("three", "file_number: X-1\n")]
    linked = link.connect(records, archive)
    assert told(linked.problems) == [
        (
            "two.yaml:4:14",
            "same-number",
            f"file number {derived} is that of one too",
            "give one of them a file_number of its own",
        )
    ]
    assert [dossier.record.slug for dossier in linked.dossiers] == ["one", "three"]
    assert link.connect(records, archive, only={"three"}).problems == ()


def test_a_match_left_out_is_computed(record: Any, archive: Archive) -> None:
    one = record(
        "one", "habitat: [Large meetings about metrics]\nrelated: [{specimen: two}]\n", summary="Counts meetings."
    )
    two = record("two", "habitat: [Meetings, and more metrics]\nrelated: [{specimen: one}]\n", summary="Counts people.")
    three = record("three", "habitat: [Entirely different surroundings]\n")
    first, second, _ = link.link([one, two, three], archive)
    words = similarity.Vocabulary()
    terms = [words.terms(link.compared(validate.heading_of(made), archive)) for made in (one, two)]
    assert first.related[0].match == words.match(*terms) > 50
    assert second.related[0].match == first.related[0].match
    alone = link.connect([one], archive, headings={"two": validate.heading_of(two)})
    assert alone.dossiers[0].related[0].match == first.related[0].match


def test_auto_takes_the_closest_three(record: Any, archive: Archive) -> None:
    one = record("one", "related: auto\nhabitat: [alpha beta gamma delta]\n", title="Apex")
    others = [
        record("far", "habitat: [omega]\n", title="Other"),
        record("near", "habitat: [alpha beta gamma]\n", title="Other"),
        record("nearest", "habitat: [alpha beta gamma delta]\n", title="Other"),
        record("b-half", "habitat: [alpha beta]\n", title="Other"),
        record("a-half", "habitat: [gamma delta]\n", title="Other"),
    ]
    related = link.link([*others, one], archive)[-1].related
    assert [reference.slug for reference in related] == ["nearest", "near", "a-half"]
    assert [r.match for r in related] == sorted((r.match for r in related), reverse=True)
    assert [r.slug for r in link.link([one, others[0]], archive)[0].related] == ["far"]
    assert link.link([one], archive)[0].related == ()


def test_urls_too_long_for_a_qr_code(record: Any, archive: Archive) -> None:
    long_slug = "x" * 79
    records = [record("one", f"related: [{{specimen: {long_slug}, match: 3}}]\n"), record(long_slug)]
    room = dataclasses.replace(archive, base_url="https://otiose.example/" + "f" * 100 + "/")
    linked = link.connect(records, room)
    said = f"the URL of {long_slug} is too long for a QR code of 24 mm (203 characters)"
    assert [(str(p.where), p.code) for p in linked.problems] == [(f"{long_slug}.yaml", "qr-too-long")]
    assert (linked.problems[0].message, linked.problems[0].hint) == (
        said,
        "shorten the slug, or base_url in archive.yaml",
    )
    assert linked.dossiers == ()
    beside = link.connect(records, room, only={"one"})
    assert link.connect([record("two", "related: auto\n"), records[1]], room, only={"two"}).dossiers[0].related == ()
    assert [(str(p.where), p.message) for p in beside.problems] == [("one.yaml:4:22", said)]
    none = dataclasses.replace(archive, base_url="https://otiose.example/" + "f" * 200 + "/")
    assert [(p.where, p.message) for p in link.connect(records, none).problems] == [
        (archive.where("base_url"), "base_url is too long for a QR code of 24 mm, whatever the slug"),
    ]
    assert link.connect(records, none).dossiers == ()
    assert link.connect(records, dataclasses.replace(archive, base_url="")).problems == ()


def test_without_a_base_url_there_are_no_urls(record: Any, archive: Archive) -> None:
    records = [record("one", "related: [{specimen: two, match: 3}]\nhabitat: ['[[two]]']\n"), record("two")]
    dossier = link.link(records, dataclasses.replace(archive, base_url=""))[0]
    assert (dossier.url, dossier.related[0].url, dossier.urls) == ("", "", {"two": ""})


def test_links_deep_in_a_record_are_found(record: Any, archive: Archive) -> None:
    one = record("one", "jd_autopsy:\n- illusion: a\n  translation: see **[[none]]**\n")
    (problem,) = link.problems([one], archive)
    assert str(problem.where) == "one.yaml:6:16"
    assert isinstance(one.sections["jd_autopsy"][0]["translation"].spans[1].spans[0], Link)


def test_the_closest_of_five_hundred_are_found_in_seconds(record: Any, archive: Archive) -> None:
    one = record("one", "related: auto\n", title="Nth Coordinator", summary="Coordinates " + "several things " * 20)
    records = [dataclasses.replace(one, slug=f"s-{index}", file_number=str(index)) for index in range(500)]
    start = time.process_time()
    assert len(link.link(records, archive)) == 500
    assert time.process_time() - start < 3
