"""An archive of made-up records, for benches and trials: as many as wanted, no two alike, the same ones every time.

A record depends on its number alone, never on how many there are: it relates to records before it, so that an archive
of a hundred is the beginning of one of a thousand.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .. import settings
from ..problems import UsageError
from .grammar import Dice, Grammar

MOST = 99_671
"""Titles there are: the product of the lengths of the lists they are made from."""

PREFIX = "SY"

_DIVISIONS = {
    "Technology": ("Data & Models", "Platforms & Pipelines", "Test & Evidence"),
    "Delivery": ("Agile & Ceremony", "Roadmaps & Portfolios", "Vendors & Contracts"),
    "Corporate Center": ("People & Culture", "Strategy & Transformation", "Policy & Compliance"),
    "Customer": ("Journeys & Insight", "Brand & Campaigns"),
}
_FAMILIES = [(division, family) for division, families in _DIVISIONS.items() for family in families]

_CURRENCIES = (("USD", 1000), ("USD", 1000), ("EUR", 900), ("GBP", 800), ("CHF", 1100), ("JPY", 140_000))
"""Currencies, and what stands for a thousand dollars in each."""


def archive(folder: Path, count: int) -> list[Path]:
    """Write an archive of ``count`` records into a new or empty folder; ``archive.yaml`` comes last.

    Raises UsageError when something is in the folder, or when so many cannot be made.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is not an empty folder; an archive begins in a folder of its own")
    if not 1 <= count <= MOST:
        raise UsageError(f"{count} records cannot be made up, but any number from 1 to {MOST:,}")
    folder.mkdir(parents=True, exist_ok=True)
    grammar = Grammar()
    titles = [_title(grammar, number) for number in range(count)]
    slugs = [settings.slug_from(title) for title in titles]
    written = []
    for number, slug in enumerate(slugs):
        written.append(folder / f"{slug}.yaml")
        written[-1].write_text(_yaml(_record(grammar, number, titles, slugs)), encoding="utf-8")
    path = folder / "archive.yaml"
    path.write_text(_yaml(_settings()), encoding="utf-8")
    return [path, *written]


def _title(grammar: Grammar, number: int) -> str:
    """Four words, each from a list of another length: the same four meet again only after all combinations."""
    lists = (grammar.words[name] for name in ("grade", "domain", "matter", "role"))
    return " ".join(words[number % len(words)] for words in lists)


def _settings() -> dict[str, Any]:
    return {
        "title": "The Synthetic Registry",
        "subtitle": "Roles That Were Made Up, as Far as Anybody Knows",
        "publisher": "Central Files",
        "prefix": PREFIX,
        "base_url": "https://synthetic.example.org/files/",
        "taxonomy": [
            {
                "key": settings.slug_from(division),
                "title": division,
                "families": [{"key": settings.slug_from(family), "title": family} for family in families],
            }
            for division, families in _DIVISIONS.items()
        ],
    }


def _record(grammar: Grammar, number: int, titles: list[str], slugs: list[str]) -> dict[str, Any]:
    dice = Dice(number)
    say = grammar.speaker(dice)
    # From terse to talkative: what decides how many entries a section has, and how long they are.
    ease = dice.below(5)

    def several(least: int, most: int) -> range:
        reach = most - least
        start = least + reach * ease // 8
        return range(start + dice.below(1 + min(most - start, 1 + reach * ease // 5)))

    def passage(name: str) -> str:
        return " ".join(say(name) for _ in range(1 + (dice.below(6) < ease) + (dice.below(12) < ease)))

    return {
        "title": titles[number],
        "summary": say("summary"),
        "family": settings.slug_from(_FAMILIES[dice.below(len(_FAMILIES))][1]),
        "file_number": f"{PREFIX}-{number:05d}",
        "tags": sorted({say("tag") for _ in several(1, 4)}),
        "org_chart": _org_chart(dice, say, several, titles[number]),
        "habitat": [say("habitat") for _ in several(1, 6)],
        "salary": _salary(dice, say),
        "flight_risk": {"percent": 2 + dice.below(97), "diagnosis": passage("diagnosis")},
        "metrics": [{"name": say("metric_name"), "description": passage("metric_text")} for _ in several(1, 6)],
        "weaponry": [{"name": say("weapon_name"), "description": passage("weapon_text")} for _ in several(1, 6)],
        "survival_guide": [{"situation": say("situation"), "advice": say("advice")} for _ in several(1, 3)],
        "jd_autopsy": [_claim(dice, say, passage) for _ in several(1, 6)],
        "day_log": _day_log(dice, say, passage, several(1, 7)),
        "burn_ward": {
            "note": say("ward_note"),
            "complaints": [_complaint(dice, say, passage) for _ in several(1, 5)],
        },
        "related": _related(dice, say, several(1, 5), number, slugs),
    }


Say = Callable[[str], str]
Several = Callable[[int, int], range]


def _org_chart(dice: Dice, say: Say, several: Several, title: str) -> dict[str, Any]:
    chart: dict[str, Any] = {"note": say("org_note")}
    aliases = dict.fromkeys(f"{say('alias_a')} {say('alias_b')}" for _ in several(1, 6))
    chart["aliases"] = list(aliases)
    if dice.below(3) == 0:
        above: list[dict[str, Any]] = [{"role": say("top_role"), "relation": "pressure"}]
        above += [{"role": say("middle_role"), "note": say("level_note")} for _ in range(dice.below(3))]
        below: list[dict[str, Any]] = [
            {"roles": [say("low_role") for _ in range(1 + dice.below(3))], "relation": "extraction"}
        ]
        chart["hierarchy"] = [*above, {"role": title, "subject": True}, *below]
    return chart


def _salary(dice: Dice, say: Say) -> dict[str, Any]:
    currency, thousand = _CURRENCIES[dice.below(len(_CURRENCIES))]
    low = 52 + 2 * dice.below(70)
    amount: Any = low * thousand
    if dice.below(3) == 0:
        amount = {"from": amount, "to": (low + 8 + 2 * dice.below(20)) * thousand}
    salary: dict[str, Any] = {"label": say("salary_label"), "amount": amount, "currency": currency}
    salary |= {"note": say("salary_note"), "quote": say("salary_quote")}
    if dice.below(4) == 0:
        salary["benchmark"] = {"label": say("benchmark"), "amount": (40 + 2 * dice.below(60)) * thousand}
    return salary


def _claim(dice: Dice, say: Say, passage: Say) -> dict[str, Any]:
    source = ({"source": None}, {"source": say("claim_source")}, {})[dice.below(3)]
    return {"illusion": say("illusion"), **source, "translation": passage("translation")}


def _complaint(dice: Dice, say: Say, passage: Say) -> dict[str, Any]:
    source = ({"source": None}, {"source": say("witness")}, {"source": say("witness")}, {})[dice.below(4)]
    return {"quote": passage("quote"), **source}


def _day_log(dice: Dice, say: Say, passage: Say, entries: range) -> list[dict[str, Any]]:
    """From morning on, in quarters of an hour; one day in eight begins so late that it goes on past midnight."""
    clock = 4 * (19 if dice.below(8) == 0 else 7) + dice.below(9)
    log: list[dict[str, Any]] = []
    for _ in entries:
        end = clock + 2 + dice.below(4)
        log.append({"from": _time(clock), "to": _time(end), "activity": say("activity")})
        if dice.below(5):
            log[-1]["entry"] = passage("entry")
        clock = end + dice.below(3)
    return log


def _time(quarters: int) -> str:
    return f"{quarters // 4 % 24:02d}:{quarters % 4 * 15:02d}"


def _related(dice: Dice, say: Say, entries: range, number: int, slugs: list[str]) -> list[dict[str, Any]]:
    """Records before this one, each once; a role that is not on file where there are none, and now and then."""
    near = [max(0, number - 1 - dice.below(40)) for _ in entries] + [dice.below(number or 1)]
    chosen = list(dict.fromkeys(near))[: len(entries)] if number else []
    match = 99 - dice.below(9)
    found: list[dict[str, Any]] = []
    for other in chosen:
        found.append({"specimen": slugs[other], "match": match})
        match -= 1 + dice.below(9)
    if not chosen or dice.below(4) == 0:
        title = f"{say('grade')} {say('domain')} {say('role')}"
        found.append({"title": title, "summary": say("elsewhere"), "match": match})
    return found


def _yaml(record: dict[str, Any]) -> str:
    return "".join(f"{key}:{_value(value, '  ')}" for key, value in record.items())


def _value(value: Any, indent: str) -> str:
    """Block style; every string is written as JSON, which is YAML too."""
    if isinstance(value, dict):
        return "\n" + "".join(f"{indent}{key}:{_value(inner, indent + '  ')}" for key, inner in value.items())
    if isinstance(value, list):
        return "\n" + "".join(f"{indent}-{_item(inner, indent + '  ')}" for inner in value)
    return f" {json.dumps(value, ensure_ascii=False)}\n"


def _item(value: Any, indent: str) -> str:
    return " " + _value(value, indent).lstrip() if isinstance(value, dict) else _value(value, indent)
