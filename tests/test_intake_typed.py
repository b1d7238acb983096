"""Every specimen on file, typed out in the text form in many manners, comes back field by field."""

from __future__ import annotations

import random
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from typist import HEADINGS, MONEY, NOT_SHOWN, Told, Typed, lost, mapped, plain, seam, typed

from render import intake, layouts, load, settings, validate
from render.intake import glue

SPECIMENS = Path(__file__).parent.parent / "specimens"
SLUGS = [path.stem for path in settings.survey(SPECIMENS).paths]
MANNERS = 6
MANY_MANNERS = 150

Typist = Callable[[str, int], Typed]


@pytest.fixture(scope="module")
def records() -> Mapping[str, Any]:
    return {slug: load.load(path).data for slug, path in zip(SLUGS, settings.survey(SPECIMENS).paths, strict=True)}


@pytest.fixture(scope="module")
def told(records: Mapping[str, Any]) -> Mapping[str, Told]:
    return {slug: Told(record["title"], record["summary"]) for slug, record in records.items()}


@pytest.fixture(scope="module")
def type_out(records: Mapping[str, Any], told: Mapping[str, Told]) -> Typist:
    return lambda slug, manner: typed(records[slug], slug, random.Random(f"{slug} {manner}"), told=told)


def differences(wanted: Any, got: Any, path: str) -> Iterator[str]:
    if isinstance(wanted, Mapping) and isinstance(got, Mapping):
        for key in dict.fromkeys((*wanted, *got)):
            yield from differences(wanted.get(key, "(absent)"), got.get(key, "(absent)"), f"{path}.{key}")
    elif isinstance(wanted, list) and isinstance(got, list) and len(wanted) == len(got):
        for number, (one, other) in enumerate(zip(wanted, got, strict=True)):
            yield from differences(one, other, f"{path}[{number}]")
    elif wanted != got:
        yield f"{path}: {wanted!r} came back as {got!r}"


def unlike(page: Typed, taken: intake.Intake, told: Mapping[str, Told]) -> list[str]:
    """Where the record that was taken in is not the one that was typed."""
    got = load.loads(taken.yaml, Path(f"{taken.slug}.yaml")).data
    wanted = dict(page.shows)
    if "related" in wanted:  # nobody said what is on file
        wanted["related"] = [{k: v for k, v in card.items() if k != "specimen"} for card in wanted["related"]]
    sections = {key: value for key, value in got.items() if key not in ("summary", "family")}
    return list(differences(wanted, mapped(sections, lambda text: plain(text, told)), ""))


def comes_back(slug: str, manner: int, page: Typed, told: Mapping[str, Told]) -> None:
    taken = intake.read(page.text, name=f"{slug}.txt")
    assert taken.slug == slug
    assert unlike(page, taken, told) == [], f"manner {manner}"
    assert lost(page.text, taken.yaml + slug) == []
    remarks = "\n".join(line for line in taken.yaml.splitlines() if line.startswith("# not understood: "))
    assert [line for line in page.strays if f"# not understood: {line}" not in remarks] == []


@pytest.mark.parametrize("slug", SLUGS)
def test_a_specimen_comes_back(slug: str, type_out: Typist, told: Mapping[str, Told]) -> None:
    for manner in range(MANNERS):
        comes_back(slug, manner, type_out(slug, manner), told)


@pytest.mark.long
@pytest.mark.parametrize("slug", SLUGS)
def test_a_specimen_comes_back_whatever_the_manner(slug: str, type_out: Typist, told: Mapping[str, Told]) -> None:
    for manner in range(MANNERS, MANY_MANNERS):
        comes_back(slug, manner, type_out(slug, manner), told)


def test_the_manners_are_many(type_out: Typist) -> None:
    pages = [type_out(slug, manner) for slug in SLUGS for manner in range(MANNERS)]
    texts = [page.text for page in pages]
    assert {len(page.shows["metrics"]) for page in pages if "metrics" in page.shows} >= {1, 4, 9}
    assert {page.shows["salary"]["currency"] for page in pages if "salary" in page.shows} == set(MONEY)
    assert {key for page in pages for key in HEADINGS if key not in page.shows} == set(HEADINGS)
    for shape in (r"\r\n", r"\r(?!\n)", "“", r"[$£]\d+k", "€[0-9]+[.][0-9]{3}", "(?s)IF .*IF ", "HOROSCOPE", "█"):
        assert sum(bool(re.search(shape, text)) for text in texts) > 2, shape
    orders = {tuple(re.findall(r"^\[\d\d\]", text.replace("\r", "\n"), re.MULTILINE)) for text in texts}
    assert len(orders) > len(pages) / 2


def test_what_a_record_holds_is_shown_or_said_not_to_be(records: Mapping[str, Any]) -> None:
    held = {key for record in records.values() for key in record}
    assert held >= {"title", "summary", "family", "tags", "org_chart"}
    assert held - {"title", *HEADINGS} <= set(NOT_SHOWN)
    inside = {f"org_chart.{key}" for record in records.values() for key in record.get("org_chart", {})}
    assert inside == {"org_chart.note", "org_chart.aliases", "org_chart.hierarchy"}


# Names run together: where nothing shows a seam, nobody can


@pytest.mark.parametrize(
    "names",
    [
        ("Head of QA", "VP of Quality"),  # two acronyms: QAVP
        ("Owner of Q3", "Q4 Lead"),  # a digit before an acronym
        ("Scrum Master", "agile coach"),  # a small letter begins the second
        ("HubSpot Admin", "Scrum Master"),  # a capital inside a word that stands nowhere else
    ],
)
def test_names_that_cannot_be_told_apart_lose_no_letter(names: tuple[str, ...]) -> None:
    glued = "".join(names)
    assert glue.apart(glued) != list(names)
    assert "".join(glue.apart(glued)) == glued
    assert not all(map(seam, names, names[1:])) or re.search("[a-z][A-Z]", names[0])


# An editor's line breaks


@pytest.mark.parametrize("width", [72, 80, 100])
def test_broken_lines_are_made_whole(width: int, type_out: Typist, told: Mapping[str, Told]) -> None:
    """Nearly always: a title or a name that happens to fill its line reads as if it went on."""
    whole = broken = 0
    for slug in SLUGS:
        for manner in range(2):
            page = type_out(slug, manner)
            filled = (textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False) or [""]
                      for line in page.text.splitlines())  # fmt: skip
            text = "\n".join(line for lines in filled for line in lines)
            taken = intake.read(text, name=f"{slug}.txt")
            assert lost(text, taken.yaml + taken.slug) == []
            broken += f"# guessed: lines were broken at {width} characters" in taken.yaml
            whole += not unlike(page, taken, told)
    assert broken > len(SLUGS)
    assert whole > 2 * len(SLUGS) * 0.95


def test_a_broken_line_is_whole_again() -> None:
    text = (
        "Meeting Owner\n[02] THE HABITAT (NATURAL RANGE)\n- Any room in\n  which there is a\n  table, and one\n"
        "  in which there is\n  none.\n- Elsewhere.\n[05] THE BULLSHIT METRICS\nChairs\nAll chairs that\n"
        "could be counted.\nTables\nNone.\n"
    )
    taken = intake.read(text, name="x.txt")
    found = load.loads(taken.yaml, Path("x.yaml")).data
    assert found["habitat"] == ["Any room in which there is a table, and one in which there is none.", "Elsewhere."]
    assert found["metrics"] == [
        {"name": "Chairs", "description": "All chairs that could be counted."},
        {"name": "Tables", "description": "None."},
    ]


# Damage


def damaged(page: Typed, other: Typed, dice: random.Random) -> tuple[str, list[str]]:
    """A text that something happened to, and words put in anywhere that must be found again."""
    lines = re.split(r"\r\n|\r|\n", page.text)
    strange = re.split(r"\r\n|\r|\n", other.text)
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(lines))
        match dice.randrange(7):
            case 0:
                del lines[at]
            case 1:
                lines.insert(at, dice.choice(strange))
            case 2:
                lines[at : at + 2] = ["".join(lines[at : at + 2])]
            case 3:
                cut = dice.randint(0, len(lines[at]))
                lines[at : at + 1] = [lines[at][:cut], lines[at][cut:]]
            case 4:
                cut = dice.randint(0, len(lines[at]))
                lines[at] = lines[at][:cut] + dice.choice(
                    ['"', "[", "]", "*", "||", "[[", "%", "→", "—", "\t", "’", "\\"]
                )
                lines[at] += lines[at][cut:]
            case 5:
                lines[at] = lines[at].swapcase()
            case _:
                dice.shuffle(lines)
        lines = lines or [""]
    marks = [f"Zq{number}x" for number in range(dice.randint(1, 8))]
    for mark in marks:
        at = dice.randrange(len(lines))
        words = lines[at].split(" ")
        words.insert(dice.randint(0, len(words)), mark)
        lines[at] = " ".join(words)
    return dice.choice(["\n", "\r\n"]).join(lines), marks


def survives(slug: str, number: int, type_out: Typist) -> None:
    archive, sections = settings.read(SPECIMENS), layouts.find("folder").sections
    dice = random.Random(f"damage {slug} {number}")
    text, marks = damaged(type_out(slug, number), type_out(dice.choice(SLUGS), number), dice)
    taken = intake.read(text, name="x.txt")
    kept = f"{taken.yaml} {taken.slug}".casefold()
    assert [mark for mark in marks if mark.casefold() not in kept] == [], number
    assert lost(text, kept) == [], number
    validate.validate(load.loads(taken.yaml, Path(f"{taken.slug}.yaml")), archive, sections, on_file=SLUGS)


@pytest.mark.parametrize("slug", SLUGS)
def test_damage_loses_nothing_and_passes_check(slug: str, type_out: Typist) -> None:
    for number in range(MANNERS):
        survives(slug, number, type_out)


@pytest.mark.long
@pytest.mark.parametrize("slug", SLUGS)
def test_much_damage_loses_nothing_and_passes_check(slug: str, type_out: Typist) -> None:
    for number in range(MANNERS, MANY_MANNERS):
        survives(slug, number, type_out)
