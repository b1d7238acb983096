"""[09] to [11]: its day, what others say of it, what it resembles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from . import glue
from .emit import Leaf, Node, Table
from .found import BULLET, Clues, Found, note_of, percentage, rows_of, said, starred, table
from .lines import Line
from .words import closed, finished, opens, same, unquoted

_DASH = re.compile(r"(?:—|–|―|−|--?)\s*(?=\S)")
REDACTED = re.compile(r"\[?\s*SOURCE\s+REDACTED\s*\]?", re.IGNORECASE)

_CLOCK = r"(\d{1,2})\s*[:.h]\s*(\d{2})\s*([ap]\.?m\.?)?"
_HOURS = re.compile(rf"\[?\s*{_CLOCK}\s*(?:(?:[-–—−→]|\bto\b|\buntil\b)\s*{_CLOCK})?\s*\]?\s*[:–—-]?\s*", re.IGNORECASE)


@dataclass(slots=True)
class _Slot:
    line: Line
    begin: str
    end: str
    guess: str
    words: list[Line] = field(default_factory=list)


def day_log(lines: Sequence[Line], clues: Clues) -> Found:
    slots: list[_Slot] = []
    rest: list[Line] = []
    for line in lines:
        match = _HOURS.match(BULLET.sub("", line.text, count=1) if BULLET.match(line.text) else line.text)
        times = _times(match) if match else None
        if match and times:
            slots.append(_Slot(line, *times))
            if words := match.string[match.end() :].strip():
                slots[-1].words.append(Line(line.number, words))
        elif slots:
            slots[-1].words.append(line)
        else:
            rest.append(line)
    rows: list[Node] = []
    for slot, following in zip_longest(slots, slots[1:]):
        if not slot.words:
            rest.append(slot.line)
            continue
        end, guess = slot.end, slot.guess
        if not end:
            end = following.begin if following else f"{(int(slot.begin[:2]) + 1) % 24:02d}{slot.begin[2:]}"
            guess = "the text gives no end"
        rows.append(_slot(slot, Leaf(end, guess), clues))
    return Found(rows_of(rows), tuple(rest))


def _slot(slot: _Slot, end: Leaf, clues: Clues) -> Table:
    name, words = slot.words[0].text, [line.text for line in slot.words[1:]]
    guess = ""
    if not words:
        pieces = glue.apart(name, clues.words - glue.written_so([name]))
        if len(pieces) > 1 and finished(name):
            name, words = pieces[0], [name[len(pieces[0]) :].strip()]
            guess = "ends where the text runs on"
    begin = Leaf(slot.begin, slot.guess)
    return table(from_=begin, to=end, activity=said(name, guess), entry=said(" ".join(words)) if words else None)


def _times(match: re.Match[str]) -> tuple[str, str, str] | None:
    """Beginning, end (empty when there is none) and what was guessed; None when no clock shows it."""
    half = match[3] or match[6]
    first = _time(match[1], match[2], match[3] or (match[6] if match[4] and int(match[1]) < 12 else None))
    second = _time(match[4], match[5], match[6]) if match[4] else ""
    if first is None or second is None:
        return None
    return first, second, f"{match[0].strip(' []:')} in the text" if half else ""


def _time(hour: str, minute: str, half: str | None) -> str | None:
    hours = int(hour)
    if half:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half[0] in "pP" else 0)
    if int(minute) > 59 or hours > 24 or (hours == 24 and int(minute)):
        return None
    return f"{hours:02d}:{minute}"


@dataclass(slots=True)
class _Complaint:
    quote: str
    source: Leaf | None = None
    guess: str = ""


def burn_ward(lines: Sequence[Line], clues: Clues) -> Found:  # noqa: ARG001
    note, others = starred(lines)
    complaints: list[_Complaint] = []
    rest: list[Line] = []
    for line in others:
        last = complaints[-1] if complaints else None
        mark = BULLET.match(line.text)
        text = line.text[mark.end() :] if mark and opens(line.text[mark.end() :]) else line.text
        if opens(text):
            quote, source = _attributed(text)
            complaints.append(_Complaint(quote, source))
        elif last and last.source is None and opens(last.quote) and not closed(last.quote) and not _DASH.match(text):
            last.quote, last.source = _attributed(f"{last.quote} {text}")
        elif last and last.source is None and (dash := _DASH.match(text)):
            last.source = _source(text[dash.end() :])
        elif last and last.source is None and REDACTED.fullmatch(text):
            last.source = Leaf(None)
        elif mark or finished(text):
            complaints.append(
                _Complaint(text[mark.end() :] if mark else text, None, "without quotation marks in the text")
            )
        else:
            rest.append(line)
    rows = [Table(table(quote=said(unquoted(c.quote), c.guess), source=c.source).items) for c in complaints]
    if not rows:
        return Found(None, tuple(lines))
    return Found(table(note=note_of(note), complaints=rows_of(rows)), tuple(rest))


def _attributed(text: str) -> tuple[str, Leaf | None]:
    """A quotation and the source that follows it on its line."""
    match = re.match(r"(.+[\"”»’'])\s*(?:—|–|―|--|-)\s*([^\"”»]{1,80})$", text)
    return (match[1], _source(match[2])) if match else (text, None)


def _source(text: str) -> Leaf:
    return Leaf(None) if REDACTED.fullmatch(text) else said(text.strip())


_MATCH = re.compile(r"(?:SYSTEM\s+)?MATCH\s*:?\s*(\d{1,3}(?:[.,]\d+)?)\s*%\s*", re.IGNORECASE)
_FURNITURE = re.compile(r"\[\s*VIEW\s+FULL\s+TAXONOMY\s*\]|[↗→➔➜»]+(?=\s*(?:$|SYSTEM|\[))", re.IGNORECASE)


@dataclass(slots=True)
class Card:
    """One related specimen as the text shows it."""

    lines: list[Line]
    match: Leaf | None = None
    words: list[str] = field(default_factory=list)

    @property
    def title(self) -> str:
        return self.words[0] if self.words else ""

    @property
    def summary(self) -> str:
        return " ".join(self.words[1:])


def cards(lines: Sequence[Line]) -> list[Card]:
    """The cards of [11]: what follows a match, or, where there is none, a title and a sentence."""
    found: list[Card] = []
    for line in lines:
        ends = bool(re.search(r"[→➔➜]\s*$", line.text))
        text = _FURNITURE.sub(" ", line.text).strip()
        at = 0
        for match in _MATCH.finditer(text):
            _words(found, line, text[at : match.start()].strip())
            found.append(Card([line], percentage(match[1])))
            at = match.end()
        _words(found, line, text[at:].strip())
        if ends and found and found[-1].words:
            found.append(Card([]))
    return [card for card in found if card.lines]


def _words(found: list[Card], line: Line, words: str) -> None:
    if not words:
        return
    if not found or (len(found[-1].words) > 1 and found[-1].match is None and finished(found[-1].words[-1])):
        found.append(Card([]))
    found[-1].lines.append(line)
    found[-1].words.append(words)


def related(lines: Sequence[Line], clues: Clues) -> Found:
    rows: list[Node] = []
    rest: list[Line] = []
    remarks: list[str] = []
    for card in cards(lines):
        named = clues.others.named(card.title, besides=clues.slug) if card.title else None
        if named:
            rows.append(table(specimen=Leaf(named.slug, named.guess), match=card.match))
            told = clues.others.told.get(named.slug, "")
            if card.summary and same(told) != same(card.summary):
                remarks.append(f"{card.title} is on file; here the text says: {card.summary}")
        elif card.title and card.match:
            summary = said(card.summary) if card.summary else None
            rows.append(table(title=said(card.title), summary=summary, match=card.match))
        else:
            rest.extend(line for line in card.lines if line not in rest)
    return Found(rows_of(rows), tuple(rest), tuple(remarks))
