"""[01] to [04]: who the role is under, where it lives, what it is paid, how long it will last."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from . import glue, money
from .emit import Leaf, Node, Table
from .found import BULLET, Clues, Found, note_of, percentage, quotations, rows_of, said, spoken, starred, table
from .lines import Line
from .words import finished, goes_on, unquoted

_ALIASES = re.compile(r"(?:KNOWN\s+)?ALIASES\b(?:\s*/\s*DISGUISES\b)?\s*:?\s*|DISGUISES\s*:\s*")
_HARD_SEPARATOR = re.compile(r"\s*[;•·|▪]\s*|\s+/\s+")


def org_chart(lines: Sequence[Line], clues: Clues) -> Found:
    note, others = starred(lines)
    place = next((n for n, line in enumerate(others) if _ALIASES.match(line.text)), None)
    before = others if place is None else others[:place]
    listed = [] if place is None else others[place:]
    rest: list[Line] = []
    guess = ""
    for line in before:
        if not note and finished(line.text) and " " in line.text:
            note, guess = line.text, "the line has no asterisk"
        else:
            rest.append(line)
    if listed:
        label = _ALIASES.match(listed[0].text)
        assert label is not None
        head = listed[0].text[label.end() :]
        listed = [Line(listed[0].number, head), *listed[1:]] if head else listed[1:]
    names: list[str] = []
    split = False
    for line in listed:
        mark = BULLET.match(line.text)
        # whoever sets each on a line of its own has taken them apart already
        pieces = [line.text[mark.end() :]] if mark else _names(line.text, clues.words)
        if pieces == [line.text] and len(listed) == 1:
            pieces = _comma_list(line.text)
        split = split or len(pieces) > 1
        names.extend(pieces)
    aliases = rows_of([said(name) for name in names], "taken apart where one seems to end" if split else "")
    node = table(note=said(note, guess) if note else None, aliases=aliases)
    return Found(node if node.items else None, tuple(rest))


def _comma_list(text: str) -> list[str]:
    """What stands between the commas outside brackets; the whole when it is no list.

    ``QA, but Senior`` is one alias: a list has two words or more between its commas.
    """
    between = [piece.strip() for piece in re.split(r",(?![^(]*\))", text)]
    listed = all(re.fullmatch(r"[^\W\d_]\S*\s+\S.*", piece) and piece[0].isupper() for piece in between)
    return between if listed else [text]


def _names(text: str, also: Collection[str]) -> list[str]:
    return [name for part in _HARD_SEPARATOR.split(text) for name in glue.apart(part, also)]


def habitat(lines: Sequence[Line], clues: Clues) -> Found:  # noqa: ARG001
    bulleted = any(BULLET.match(line.text) for line in lines)
    places: list[str] = []
    for line in lines:
        mark = BULLET.match(line.text)
        text = line.text[mark.end() :] if mark else line.text
        if (
            places
            and not mark
            and (goes_on(places[-1], text) or (bulleted and not finished(places[-1]) and not line.gap))
        ):
            places[-1] += f" {text}"
        else:
            places.append(text)
    return Found(rows_of([said(place) for place in places]))


def salary(lines: Sequence[Line], clues: Clues) -> Found:
    note, others = starred(lines)
    quotes, others = quotations(others)
    label, amount, benchmark = "", None, None
    waiting: list[Line] = []
    rest: list[Line] = []
    for line in others:
        total = money.find(line.text)
        if total is None or not _credible(total, line.text):
            waiting.append(line)
            continue
        before = line.text[: total.start].strip(" :–—-\u00a0~≈")
        words = before or (waiting[-1].text.rstrip(": ") if waiting else "")
        if amount is None:
            label, amount = words, total
        elif benchmark is None and words and total.high is None and total.currency in ("", amount.currency):
            benchmark = (words, total)
        else:
            waiting.append(line)
            continue
        rest.extend(waiting if before else waiting[:-1])
        waiting = []
        if after := line.text[total.end :].strip(" ."):
            rest.append(Line(line.number, after))
    rest.extend(waiting)
    if amount is None:
        return Found(None, tuple(lines))
    joined = " ".join(line.text for line in others)
    doubts = [*amount.doubts, *(["about that much, says the text"] if "~" in joined or "≈" in joined else [])]
    figure: Node = Leaf(amount.low, "; ".join(doubts))
    if amount.high is not None:
        low, high = sorted((amount.low, amount.high))
        figure = Table((("from", Leaf(low)), ("to", Leaf(high))), "; ".join(doubts))
    node = table(
        label=spoken(label, clues) if label else None,
        amount=figure,
        currency=Leaf(amount.currency) if amount.currency else Leaf("USD", "the text names no currency"),
        note=note_of(note),
        quote=said(unquoted(quotes[0])) if quotes else None,
        benchmark=None if benchmark is None else _benchmark(*benchmark, clues),
    )
    spare = tuple(f"not understood: {quote}" for quote in quotes[1:])
    return Found(node, tuple(rest), spare)


def _credible(total: money.Sum, text: str) -> bool:
    """A number without a currency is a sum only on a line without other digits or brackets (``[09:00 - 10:00]``)."""
    alone = not text[total.end : total.end + 1].isalnum()
    return bool(total.currency) or (alone and not re.search(r"[\d\[\]]", text[: total.start] + text[total.end :]))


def _benchmark(words: str, total: money.Sum, clues: Clues) -> Table:
    figure = Leaf(total.low, "; ".join(total.doubts))
    return Table(
        (("label", spoken(words, clues)), ("amount", figure)),
        "a second figure, taken for another role's",
    )


_PERCENT = re.compile(r"(?:FLIGHT\s+RISK\s*:?\s*)?(\d{1,3}(?:[.,]\d+)?)\s*%\s*", re.IGNORECASE)
_DIAGNOSIS = re.compile(r"\[\s*DIAGNOSIS\s*:?\s*\]\s*:?\s*|^DIAGNOSIS\s*:\s*", re.IGNORECASE)


def flight_risk(lines: Sequence[Line], clues: Clues) -> Found:  # noqa: ARG001
    percent: Leaf | None = None
    level = diagnosis = guess = ""
    rest: list[Line] = []
    for line in lines:
        head, found, tail = _cut(_DIAGNOSIS, line.text)
        if found:
            diagnosis = f"{diagnosis} {tail}".strip()
        text = head
        match = _PERCENT.search(text) if percent is None else None
        if match and (reading := percentage(match[1])):
            percent = reading
            before, text = text[: match.start()].strip(), text[match.end() :].strip(" –—-|:()")
            if before:
                rest.append(Line(line.number, before))
        if not text or re.fullmatch(r"FLIGHT\s+RISK\s*:?", text, re.IGNORECASE):
            continue
        if percent and not level and text == text.upper() and len(text) <= 40:
            level = text
        elif diagnosis and not found:
            diagnosis += f" {text}"
        elif percent and not diagnosis:
            diagnosis, guess = text, "the text does not call it a diagnosis"
        else:
            rest.append(Line(line.number, text))
    if percent is None:
        return Found(None, tuple(lines))
    node = table(
        percent=percent, level=said(level) if level else None, diagnosis=said(diagnosis, guess) if diagnosis else None
    )
    return Found(node, tuple(rest))


def _cut(pattern: re.Pattern[str], text: str) -> tuple[str, bool, str]:
    match = pattern.search(text)
    return (text[: match.start()].strip(), True, text[match.end() :].strip()) if match else (text, False, "")
