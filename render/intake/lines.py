"""From bytes to sections: the lines of a text record, each with its number, under the heading they belong to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..load import unwanted
from ..problems import InputError, Problem, Where, error

MAX_BYTES = 1 << 19
"""Half of what a YAML file may be: comments and indentation come on top."""

TITLES = {
    "org_chart": "The Org-Chart Architecture",
    "habitat": "The Habitat (Natural Range)",
    "salary": "Salary Delusion",
    "flight_risk": "The Flight Risk",
    "metrics": "The Bullshit Metrics",
    "weaponry": "Signature Weaponry",
    "survival_guide": "Survival / Encounter Guide",
    "jd_autopsy": "The JD Autopsy: What Do They Actually Do?",
    "day_log": "Day-in-the-Life Log",
    "burn_ward": "The Burn Ward (Unfiltered Complaints)",
    "related": "Related Specimens",
}
"""The headings of the text form, in the order of their numbers. The form is English whatever the archive speaks."""

_TELLING = {
    "org_chart": r"ORG[^A-Z]*CHART|ALIASES",
    "habitat": r"HABITAT|NATURAL RANGE",
    "salary": r"SALARY|COMPENSATION",
    "flight_risk": r"FLIGHT RISK",
    "metrics": r"METRICS",
    "weaponry": r"WEAPON",
    "survival_guide": r"SURVIVAL|ENCOUNTER",
    "jd_autopsy": r"AUTOPSY",
    "day_log": r"DAY[^A-Z]IN|\bLOG\b",
    "burn_ward": r"BURN WARD|COMPLAINTS",
    "related": r"RELATED",
}
"""Words that give a heading away when the rest of it reads otherwise."""

_HEADING = re.compile(r"#*\s*(?:\[\s*(\d{1,3})\s*\]|(\d{1,3})\s*[.):])\s*(.*)")
_BREAKS = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_EDITORS_BREAKS = re.compile(r"\r\n|\r|\n")
# \x09 to \x0d, \x85, \u2028 and \u2029 separate lines or words; a byte order mark inside a text says nothing
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that says something.

    ``number`` counts from 1; ``gap``: an empty line stands before it; ``width``: its characters in the file.
    """

    number: int
    text: str
    gap: bool = False
    width: int = 0


@dataclass(frozen=True, slots=True)
class Chapter:
    """The lines under one heading. ``key`` is empty where no section goes by that heading."""

    key: str
    heading: Line
    lines: tuple[Line, ...]
    odd: str = ""
    """The heading as it stands, when it is not the form's own."""


def read(raw: str | bytes, name: str) -> list[Line]:
    """The lines of a text record. Raises ``InputError`` for what is no text, or for none."""
    text = _decode(raw, name)
    if problems := _controls(text, name):
        raise InputError(problems)
    lines: list[Line] = []
    gap = False
    for number, content in enumerate(_BREAKS.split(text.replace("\ufeff", "")), 1):
        words = re.sub(r"[ \t]+", " ", content).strip()
        if words:
            lines.append(Line(number, words, gap, len(content.rstrip())))
        gap = not words
    if not lines:
        raise InputError([error("empty", name, "there is nothing in this file", "a record begins with its title")])
    return lines


def chapters(lines: Sequence[Line]) -> tuple[list[Line], list[Chapter]]:
    """The lines before the first heading, and the chapters in the order of the text."""
    opening: list[Line] = []
    found: list[tuple[str, Line, str, list[Line]]] = []
    for line in lines:
        heading = _heading(line)
        if heading is not None:
            key, odd, rest = heading
            found.append((key, line, odd, [Line(line.number, rest)] if rest else []))
        elif found:
            found[-1][3].append(line)
        else:
            opening.append(line)
    return opening, [Chapter(key, line, tuple(body), odd) for key, line, odd, body in found]


def letters(text: str) -> str:
    """Capital letters and digits only: what two ways of writing a heading have in common."""
    return "".join(filter(str.isalnum, text)).upper()


def _heading(line: Line) -> tuple[str, str, str] | None:
    """``(key, heading if odd, what follows on the line)``, or None when the line is no heading."""
    match = _HEADING.fullmatch(line.text)
    title = match[3] if match else line.text.lstrip("# ")
    for key, wanted in _LETTERS.items():
        rest = _after(wanted, title)
        if rest is not None and (match or (not rest and title == title.upper())):
            return key, "", rest
    if match is None or match[1] is None:
        return None
    for key, telling in _TELLING.items():
        if re.search(telling, title.upper()):
            return key, line.text, ""
    if not title and 1 <= int(match[1]) <= len(TITLES):
        return list(TITLES)[int(match[1]) - 1], line.text, ""
    return "", line.text, ""


_LETTERS = {key: letters(title) for key, title in TITLES.items()}


def _after(wanted: str, title: str) -> str | None:
    """What stands behind the heading of those letters at the beginning of ``title``; None when it begins otherwise."""
    seen = 0
    for place, char in enumerate(title):
        if seen == len(wanted):
            rest = title[place:].lstrip(")?.: ") if char in ")?.:" else title[place:]
            glued = bool(rest) and not rest.startswith((" ", "&", ",", "/", "-"))
            return rest if glued or not rest.strip() else None
        if char.isalnum():
            if char.upper() != wanted[seen]:
                return None
            seen += 1
    return "" if seen == len(wanted) else None


def _decode(raw: str | bytes, name: str) -> str:
    size = len(raw) if isinstance(raw, bytes) else len(raw.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        raise InputError([error("too-large", name, f"a text record has at most {MAX_BYTES >> 10} KiB", "split it")])
    if isinstance(raw, str):
        return raw
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as reason:
        before = _EDITORS_BREAKS.split(raw[: reason.start].decode("utf-8-sig"))
        hint = "save it as UTF-8 text"
        if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
            hint = "it looks like UTF-16; " + hint
        where = Where(name, len(before), len(before[-1]) + 1)
        message = f"byte 0x{raw[reason.start]:02X} is not UTF-8"
        raise InputError([error("not-utf-8", where, message, hint)]) from None


def _controls(text: str, name: str) -> list[Problem]:
    """A problem for each kind of character that no text holds, at its first place."""
    if not _CONTROLS.search(text):
        return []
    first: dict[str, Where] = {}
    for number, content in enumerate(_EDITORS_BREAKS.split(text), 1):
        for match in _CONTROLS.finditer(content):
            first.setdefault(match[0], Where(name, number, match.start() + 1))
    return [unwanted(character, where) for character, where in first.items()]


def joined(lines: Iterable[Line]) -> str:
    return " ".join(line.text for line in lines)
