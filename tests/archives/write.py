"""Writes ``extremes/forty.yaml`` and ``extremes/long-entry.yaml``: ``python tests/archives/write.py``.

The sentences are combined from short lists, so that no two are alike and a second run writes the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent / "extremes"

WHO = (
    "the steering group", "a deputy", "the vendor", "the second floor", "an external facilitator", "the working group",
    "the annex", "a former colleague", "the budget holder", "the regional office", "a distribution list",
)  # fmt: skip
DOES = (
    "reviews", "postpones", "renames", "approves", "circulates", "misfiles", "translates", "escalates", "laminates",
    "numbers", "archives", "re-opens", "color-codes",
)  # fmt: skip
THING = (
    "the quarterly plan", "a template for templates", "the minutes of the previous minutes", "an unread handbook",
    "the list of lists", "a form that has no fields", "the interim strategy", "a spreadsheet with one column",
    "the register of exceptions", "an agenda without items", "the glossary", "a plan to plan", "the parking lot",
    "the risk register", "a draft of the draft", "the escalation path", "a survey about surveys",
)  # fmt: skip
WHEN = (
    "before lunch", "on alternate Thursdays", "in the week after it mattered", "at the end of each quarter",
    "whenever the printer permits", "by close of business", "shortly before the deadline moves",
)  # fmt: skip
WHY = (
    "so that nobody has to decide", "and reports it as progress", "without opening it", "for reasons that were minuted",
    "on behalf of somebody who has left", "pending a decision about decisions", "and asks for feedback on the font",
    "because the box was there", "in the presence of two witnesses", "and is thanked for the energy",
    "subject to availability of the subject", "and calls it alignment", "with a date but no year",
    "in a color reserved for emergencies", "then forgets which version it was", "as agreed in the corridor",
    "and copies in the auditors", "to general relief", "under protest from the furniture",
)  # fmt: skip
KIND = ("Readiness", "Alignment", "Synergy", "Coverage", "Adoption", "Velocity", "Consensus", "Visibility")
NOUN = ("Index", "Matrix", "Playbook", "Canvas", "Scorecard")
ROLE = ("Coordinator", "Liaison", "Facilitator", "Steward", "Champion", "Owner", "Delegate")
SOURCE = ("teamblind.com", "r/cscareerquestions", "anonymous career board", "a note under the keyboard")


def sentences() -> Iterator[str]:
    """Distinct sentences; the lengths of the lists are coprime, so the first repetition is far beyond what is used."""
    number = 0
    while True:
        words = (row[number % len(row)] for row in (WHO, DOES, THING, WHEN, WHY))
        text = " ".join(words)
        yield f"{text[0].upper()}{text[1:]}."
        number += 1


def forty() -> str:
    say = sentences()
    number = range(40)
    clause = [next(say).rstrip(".") for _ in number]
    record: dict[str, object] = {
        "title": "Chief Enumeration Officer",
        "summary": "Count what is there, forty times, and present the fortieth as a finding.",
        "family": "short-and-long",
        "tags": [f"drawer-{n + 1}" for n in number],
        "org_chart": {
            "note": "Forty disguises, all of which were once on the same badge.",
            "aliases": [f"{KIND[n % 8]} {ROLE[n % 7]}" for n in number],
        },
        "habitat": [next(say) for _ in number],
        "salary": {
            "label": "Market average",
            "amount": 140000,
            "currency": "USD",
            "note": "Paid in forty installments.",
            "quote": "One was counted twice.",
        },
        "flight_risk": {"percent": 40, "diagnosis": " ".join(next(say) for _ in range(3))},
        "metrics": [
            {"name": f"{KIND[n % 8]} {NOUN[n % 5]}, Series {n // 8 + 1}", "description": next(say)} for n in number
        ],
        "weaponry": [
            {"name": f"The {KIND[n % 8]} {NOUN[(n + 2) % 5]}", "description": f"{next(say)} {next(say)}"}
            for n in number
        ],
        "survival_guide": [
            {"situation": f"If {clause[n][0].lower()}{clause[n][1:]}", "advice": next(say)} for n in number
        ],
        "jd_autopsy": [
            {"illusion": f"Own the {KIND[n % 8].lower()} {NOUN[n % 5].lower()} end to end, edition {n + 1}."}
            | ({"source": None} if n % 3 == 0 else {"source": SOURCE[n % 4]} if n % 3 == 1 else {})
            | {"translation": next(say)}
            for n in number
        ],
        "day_log": [
            {
                "from": f"{n * 36 // 60:02d}:{n * 36 % 60:02d}",
                "to": f"{(n * 36 + 50) // 60 % 24:02d}:{(n * 36 + 50) % 60:02d}",
                "activity": f"{KIND[(n + 3) % 8]} {('Sync', 'Review', 'Workshop', 'Retrospective', 'Stand-up')[n % 5]}",
                "entry": next(say),
            }
            for n in number
        ],
        "burn_ward": {
            "note": "Forty witnesses, independently.",
            "complaints": [{"quote": next(say), "source": SOURCE[n % 4]} for n in number],
        },
        "related": [
            {"specimen": slug, "match": 100 - n}
            for n, slug in enumerate(("one-word", "bare", "long-title", "scripts", "seven-levels", "range"))
        ]
        + [
            {"title": f"{KIND[n % 8]} {ROLE[n % 7]}, Deputy", "summary": next(say), "match": 93 - n}
            for n in range(34)
        ],
    }  # fmt: skip
    return emit(record)


def long_entry() -> str:
    say = sentences()
    for _ in range(2000):
        next(say)

    def words(least: int) -> str:
        text: list[str] = []
        while sum(len(part.split()) for part in text) < least:
            text.append(next(say))
        return " ".join(text)

    record: dict[str, object] = {
        "title": "Principal Elaboration Partner",
        "summary": "Explain at length what could have been omitted.",
        "family": "short-and-long",
        "org_chart": {"note": words(120), "aliases": ["Elaborator", "Partner for Further Detail"]},
        "habitat": ["Any room with a second agenda item.", words(900), "The corridor afterwards."],
        "flight_risk": {"percent": 15, "diagnosis": words(900)},
        "weaponry": [
            {"name": "The Preamble", "description": words(900)},
            {"name": "The Summary", "description": "Omitted for reasons of space."},
        ],
        "jd_autopsy": [{"illusion": words(200), "source": None, "translation": words(900)}],
        "day_log": [{"from": "09:00", "to": "17:00", "activity": "Introductory Remarks", "entry": words(900)}],
        "burn_ward": {"complaints": [{"quote": words(900), "source": "teamblind.com"}]},
        "related": [{"title": "Senior Elaboration Partner", "summary": words(60), "match": 97}],
    }
    return emit(record)


def emit(value: object, indent: str = "") -> str:
    """Block YAML in which every scalar is written as JSON, which is YAML too."""
    if isinstance(value, dict):
        return "".join(f"{indent}{key}:{_nested(child, indent + '  ')}" for key, child in value.items())
    assert isinstance(value, list)
    lines = []
    for child in value:
        if isinstance(child, dict):
            lines.append(f"{indent}- " + emit(child, indent + "  ").lstrip())
        else:
            lines.append(f"{indent}- {json.dumps(child, ensure_ascii=False)}\n")
    return "".join(lines)


def _nested(child: object, indent: str) -> str:
    if isinstance(child, dict | list):
        return "\n" + emit(child, indent)
    return f" {json.dumps(child, ensure_ascii=False)}\n"


if __name__ == "__main__":
    (HERE / "forty.yaml").write_text(forty(), encoding="utf-8")
    (HERE / "long-entry.yaml").write_text(long_entry(), encoding="utf-8")
