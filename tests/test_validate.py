"""From a source to a record: core, sections, running text, derived numbers, characters without a glyph."""

from __future__ import annotations

import json
import pickle
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from render import layouts, load, schema, settings, validate
from render.layouts import Section
from render.problems import InputError, Where
from render.record import Record
from render.settings import Archive
from render.text import Link, Redacted, Text

Found = list[tuple[int, int, str, str, str]]
CORE = "title: Agile Coach\nsummary: Coaches.\nfamily: unfiled\n"


@pytest.fixture(scope="module")
def archive(root: Path) -> Archive:
    return settings.read(root / "specimens")


@pytest.fixture(scope="module")
def sections() -> Mapping[str, Section]:
    return layouts.find("folder").sections


@pytest.fixture
def read(archive: Archive, sections: Mapping[str, Section]) -> Callable[..., Record]:
    def record(text: str, covered: validate.Covered | None = None) -> Record:
        source = load.loads(text, Path("deep/agile-coach.yaml"))
        return validate.validate(source, archive, sections, covered)

    return record


@pytest.fixture
def refused(read: Callable[..., Record]) -> Callable[..., Found]:
    def found(text: str, covered: validate.Covered | None = None) -> Found:
        with pytest.raises(InputError) as caught:
            read(text, covered)
        return [(p.where.line, p.where.column, p.code, p.message, p.hint) for p in caught.value.problems]

    return found


def test_the_seed_record(root: Path, archive: Archive, sections: Mapping[str, Section]) -> None:
    slug = "junior-ai-lifecycle-management-best-practices-specialist"
    record = validate.validate(load.load(root / "specimens" / f"{slug}.yaml"), archive, sections)
    assert (record.slug, record.title) == (slug, "Junior AI Lifecycle Management & Best Practices Specialist")
    assert (record.file_number, record.fiche) == ("OR-529-B818", "79/C11")
    assert (record.family, record.lang, record.tags) == ("ai-and-data", "en", ())
    assert list(record.sections) == [
        "org_chart", "habitat", "salary", "flight_risk", "metrics", "weaponry", "survival_guide", "jd_autopsy",
        "day_log", "burn_ward", "related",
    ]  # fmt: skip
    found: Any = record.sections
    assert found["salary"]["amount"] == 95000
    assert found["flight_risk"]["percent"] == 85
    assert found["day_log"][0]["from"] == "09:00"
    assert found["jd_autopsy"][0]["source"] is None
    assert [item["match"] for item in found["related"]] == [98, 91, 84]
    assert all(isinstance(words, Text) for words in validate.strings(record.sections))
    assert len(list(validate.strings(record.sections))) > 50
    assert record.where("flight_risk", "percent").line == 30


def test_the_core_alone_is_a_record(read: Callable[..., Record]) -> None:
    record = read(CORE)
    assert (record.title, record.summary, record.family) == ("Agile Coach", "Coaches.", "unfiled")
    assert record.path == Path("deep/agile-coach.yaml")
    assert (record.file_number, record.fiche) == ("OR-643-5282", "45/302")
    assert record.sections == {}
    assert record.where("title") == Where("deep/agile-coach.yaml", 1, 8)
    assert record.where("habitat", 3) == Where("deep/agile-coach.yaml", 1, 1)


def test_numbers_are_derived_from_the_slug() -> None:
    # The number printed on the seed record's pages.
    assert validate.file_number("junior-ai-lifecycle-management-best-practices-specialist", "OR") == "OR-529-B818"
    assert validate.file_number("sdet", "XT") == "XT-422-5196"
    assert validate.fiche("sdet") == "31/511"


def test_what_is_given_is_not_derived(read: Callable[..., Record]) -> None:
    record = read(CORE + "file_number: AB-1\ntags: [agile, 2024]\nlang: de\n")
    assert (record.file_number, record.tags, record.lang) == ("AB-1", ("agile", "2024"), "de")


def test_plain_scalars_are_text_in_core_and_sections(read: Callable[..., Record]) -> None:
    record = read(
        "title: 1984\nsummary: no\nfamily: unfiled\nday_log:\n- {from: 9:00, to: 17:05, activity: no, entry: 3}\n"
    )
    assert (record.title, record.summary) == ("1984", "no")
    assert record.sections["day_log"] == [{"from": "9:00", "to": "17:05", "activity": "no", "entry": "3"}]


def test_strings_become_running_text(read: Callable[..., Record]) -> None:
    record = read(
        CORE
        + "habitat:\n- Near [[sdet|the *tester*]].\n- ||Nowhere||\n".replace("||N", "'||N").replace("re||", "re||'")
    )
    near, nowhere = record.sections["habitat"]  # type: ignore[misc, assignment]
    assert str(near) == "Near the tester."
    assert isinstance(near.spans[1], Link)
    assert str(nowhere) == "[redacted]"
    assert isinstance(nowhere.spans[0], Redacted)
    assert b"Nowhere" not in pickle.dumps(record)


def test_unknown_keys_are_errors_with_the_nearest_name(refused: Callable[..., Found]) -> None:
    assert refused(CORE + "weponry: []\nsumary: x\n") == [
        (4, 1, "unknown-key", "weponry is not known", 'did you mean "weaponry"?'),
        (5, 1, "unknown-key", "sumary is not known", '"summary" is there already'),
    ]


def test_families_stand_in_the_taxonomy(refused: Callable[..., Found]) -> None:
    text = "title: T\nsummary: S\nfamily: "
    said = "the taxonomy in archive.yaml has no such key"
    assert refused(text + "ai-and-dat") == [
        (3, 9, "unknown-family", f'family is "ai-and-dat"; {said}', 'did you mean "ai-and-data"?'),
    ]
    assert refused(text + "AI & Data")[0][4] == 'did you mean "ai-and-data"?'
    assert refused(text + "zoology")[0][4] == "add it to the taxonomy in archive.yaml, or use unfiled"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", (0, 0, "not-a-record", "the file is empty; a record is a mapping", "begin with title: …")),
        ("- a", (1, 1, "not-a-record", "the file holds a list; a record is a mapping", "begin with title: …")),
        ("title: T", (1, 1, "missing-key", "the file has no summary or family", "")),
    ],
)
def test_what_is_no_record(refused: Callable[..., Found], text: str, found: tuple[int, int, str, str, str]) -> None:
    assert refused(text) == [found]


def test_all_problems_of_a_file_come_at_once(refused: Callable[..., Found]) -> None:
    text = """\
title:
summary: S
family: unfilled
lang: english
flight_risk: {percent: 850}
salary: {amount: lots, currency: usd}
habitat: ["||secret"]
related:
- {title: X}
weaponry:
- {name: x}
"""
    assert [(line, message) for line, _, _, message, _ in refused(text)] == [
        (1, "title has no value; it must be text"),
        (3, 'family is "unfilled"; the taxonomy in archive.yaml has no such key'),
        (4, 'lang is "english"; it must be a language tag such as en or pt-BR'),
        (5, "percent is 850; it must be at most 100"),
        (6, 'amount is "lots"; an amount is a number, or a range such as {from: 95000, to: 120000}'),
        (6, 'currency is "usd"; a currency is three capital letters (ISO 4217), such as USD or EUR'),
        (7, "a redaction is opened with || and not closed"),
        (9, "item 1 of related has no match"),
        (11, "item 1 of weaponry has no description"),
    ]


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("- see ||this|| and ||that", (5, 20)),
        ("- '||this'", (5, 4)),
        ('- "see ||this|| and ||that"', (5, 21)),
        ("- >-\n  see ||this||\n  and ||that", (7, 7)),
        ("- see [[sdet]] and [[that", (5, 20)),
        ('- "\\x7c| and"', (5, 3)),
    ],
)
def test_an_open_mark_is_shown_where_it_stands(
    refused: Callable[..., Found], line: str, place: tuple[int, int]
) -> None:
    (found,) = refused(CORE + "habitat:\n" + line + "\n- next ||x|| [[sdet]]\n")
    assert (found[:2], found[2]) == (place, "unclosed-mark")


def test_a_broken_records_wrong_names_are_found_with_the_rest(
    archive: Archive, sections: Mapping[str, Section]
) -> None:
    text = """\
habitat: ['See [[sdet]] and [[sdett|this]], [[sdett]].']
salary: 1
related:
- {specimen: zzz}
- 3
"""
    source = load.loads(CORE + text, Path("a.yaml"))
    with pytest.raises(InputError) as caught:
        validate.validate(source, archive, sections, on_file={"sdet", "a"})
    found = [(p.where.line, p.where.column, p.code, p.hint) for p in caught.value.problems]
    assert [(line, code) for line, _, code, _ in found] == [
        (4, "not-on-file"), (5, "wrong-type"), (7, "not-on-file"), (8, "wrong-form"),
    ]  # fmt: skip
    assert found[0] == (4, 29, "not-on-file", 'did you mean "sdet"?')
    assert found[2][1] == 14
    assert found[2][3] == "file it as zzz.yaml, or give the role in words: title, summary and match"


def test_a_title_has_no_links(refused: Callable[..., Found]) -> None:
    assert refused(CORE.replace("Agile", "'[[sdet]]'").replace(" Coach\n", "\n"))[0][2:4] == (
        "link-in-title",
        "title has a link in it",
    )


HINT = "add a font that has it with --font-dir, or write it otherwise"


def covered(point: int) -> bool:
    return point < 0x2000


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("- plain → x", (5, 9)),
        ("- 'quoted → x'", (5, 11)),
        ('- "quoted → x"', (5, 11)),
        ("- ü first, then →", (5, 17)),
        ("- |\n  one\n  two → three", (7, 7)),
        ("- >-\n  one\n  two → three", (7, 7)),
        ("- plain over\n  two lines →", (6, 13)),
        ('- "\\u2192"', (5, 3)),
    ],
)
def test_a_character_that_no_font_has_is_shown_where_it_stands(
    refused: Callable[..., Found], line: str, place: tuple[int, int]
) -> None:
    assert refused(CORE + "habitat:\n" + line + "\n", covered) == [
        (*place, "no-glyph", "no font has U+2192 (rightwards arrow)", HINT),
    ]


def test_several_such_characters_of_a_value_are_one_problem(refused: Callable[..., Found]) -> None:
    assert refused("title: 案例 案\nsummary: '😀'\nfamily: unfiled\n", covered) == [
        (
            1,
            8,
            "no-glyph",
            "no font has U+6848 (cjk unified ideograph-6848), nor 1 other in this value",
            HINT,
        ),
        (2, 11, "no-glyph", "no font has U+1F600 (grinning face)", HINT),
    ]


def test_redacted_words_need_no_glyph(read: Callable[..., Record]) -> None:
    assert read(CORE + "habitat: ['||案||']\n", covered)


def test_blank_is_empty(refused: Callable[..., Found]) -> None:
    assert refused("title: '  '\nsummary: S\nfamily: unfiled\nhabitat: [' ']\n") == [
        (1, 8, "no-value", "title is empty", "write it, or leave the key out"),
        (4, 11, "no-value", "item 1 of habitat is empty", "write it, or leave the key out"),
    ]


def test_space_round_a_string_is_dropped(read: Callable[..., Record]) -> None:
    record = read(
        "title: |\n  Agile\n  Coach\u00a02\nsummary: ' S '\nfamily: unfiled\nhabitat:\n- |\n  One.\n\n  Two.\n"
    )
    assert (record.title, record.summary) == ("Agile Coach\u00a02", "S")
    assert record.sections["habitat"] == ["One.\n\nTwo."]


def test_a_section_whose_schema_is_none_is_named(archive: Archive, tmp_path: Path) -> None:
    section = Section("twelfth", "T", "12", {"$ref": "https://schemas.test/x.json"}, (), "", "", tmp_path)
    with pytest.raises(InputError) as caught:
        validate.validate(load.loads(CORE + "twelfth: 1\n", Path("a.yaml")), archive, {"twelfth": section})
    (problem,) = caught.value.problems
    assert (str(problem.where), problem.code) == (f"{tmp_path}/section.yaml", "section-schema")
    assert problem.message.startswith("the schema of twelfth is none: ")


def test_what_leaves_no_mark_needs_no_glyph(read: Callable[..., Record]) -> None:
    # e with a combining acute is é; joiners and variation selectors only shape their neighbours
    assert read(CORE + "habitat: ['e\u0301 \u200d \ufe0f \u00ad']\n", lambda point: point == 0xE9)


def test_headings_need_no_sound_sections(archive: Archive) -> None:
    text = "title: 1984\nsummary: A *good* one.\nfamily: nowhere\nhabitat: [{}, One place, '||x']\nzzz: z\n"
    found = validate.heading(load.loads(text, Path("a.yaml")), archive)
    assert (found.slug, found.title, found.summary) == ("a", "1984", "A good one.")
    assert found.file_number == validate.file_number("a", "OR")
    assert found.words == ("One place", "z")
    numbered = validate.heading(load.loads(text + "file_number: AB-2\n", Path("a.yaml")), archive)
    assert numbered.file_number == "AB-2"
    misnumbered = validate.heading(load.loads(text + "file_number: a b\n", Path("a.yaml")), archive)
    assert misnumbered.file_number == found.file_number


@pytest.mark.parametrize(
    "text",
    [
        "title: T",
        "summary: S",
        "title: ''\nsummary: S",
        "title: T\nsummary: [x]",
        "",
        "- x",
        "title: '||x'\nsummary: S",
    ],
)
def test_headings_need_title_and_summary(archive: Archive, text: str) -> None:
    with pytest.raises(InputError) as caught:
        validate.heading(load.loads(text, Path("a.yaml")), archive)
    assert len(caught.value.problems) == 1


def test_a_sound_record_has_the_same_heading_as_its_source(
    root: Path, archive: Archive, sections: Mapping[str, Section]
) -> None:
    paths = settings.specimens(root / "specimens")
    assert len(paths) >= 4
    for path in paths:
        source = load.load(path)
        assert validate.heading(source, archive) == validate.heading_of(validate.validate(source, archive, sections))


def test_a_heading_does_not_depend_on_whether_figures_are_text(read: Callable[..., Record], archive: Archive) -> None:
    text = CORE + "habitat: [1984, 'true', a place]\nday_log: [{from: 9:00, to: 10:00, activity: 12}]\n"
    record = read(text)
    assert record.sections["habitat"] == ["1984", "true", "a place"]
    assert validate.heading_of(record).words == ("a place", "9:00", "10:00")
    assert validate.heading(load.loads(text, Path("agile-coach.yaml")), archive) == validate.heading_of(record)


def test_the_editors_schema_holds_core_and_sections(root: Path, sections: Mapping[str, Section]) -> None:
    whole = validate.editor_schema(sections)
    judge = jsonschema_rs.Draft202012Validator(whole)
    paths = settings.specimens(root / "specimens")
    assert paths
    for path in paths:
        assert judge.is_valid(load.load(path).data), path
    assert not judge.is_valid({"title": "T", "summary": "S", "family": "f", "flight_risk": {"percent": 850}})
    assert not judge.is_valid({"title": "T", "summary": "S", "family": "f", "weponry": []})
    assert whole["properties"]["file_number"]["errorMessage"].startswith("it must be capital letters")
    assert "x-message" not in json.dumps(whole)
    assert whole["properties"]["weaponry"]["description"] == "Signature Weaponry"


def test_references_within_a_sections_schema_hold_in_the_whole(sections: Mapping[str, Section]) -> None:
    some = next(iter(sections.values()))
    rules = {
        "$defs": {"n": {"type": "number"}},
        "type": ["array", "number"],
        "items": {"anyOf": [{"$ref": "#/$defs/n"}, {"$ref": "#"}]},
    }
    section = Section("twelfth", "T", "12", rules, (), "", "", some.folder)
    judge = jsonschema_rs.Draft202012Validator(validate.editor_schema({"twelfth": section}))
    core = {"title": "T", "summary": "S", "family": "f"}
    for value, sound in (([1, [2]], True), ([1.5], True), ([[1.5]], True), ([["x"]], False)):
        assert judge.is_valid({**core, "twelfth": value}) is sound
        assert schema.validator(rules).is_valid(value) is sound


def test_a_thousand_records_are_checked_in_three_seconds(
    root: Path, archive: Archive, sections: Mapping[str, Section]
) -> None:
    raw = (root / "specimens" / "enterprise-architect.yaml").read_bytes()
    start = time.process_time()
    for index in range(100):
        validate.validate(load.loads(raw, Path(f"a-{index}.yaml")), archive, sections, lambda point: point < 0x3000)
    assert time.process_time() - start < 0.3 * 3  # three times the target: other work shares the machine
