"""[05] to [08]: what it reports, what it works with, how to survive it, what its advertisement meant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from .emit import Leaf, Node, Table
from .found import BULLET, Clues, Found, rows_of, said, spoken, table
from .lines import Line
from .words import closed, finished, goes_on, opens, unquoted


def pairs(lines: Sequence[Line], clues: Clues) -> Found:  # noqa: ARG001
    """A name on one line, what it is on the next; ``Name: what it is`` on one line with a bullet."""
    items: list[_Pair] = []
    for line in lines:
        mark = BULLET.match(line.text)
        text = line.text[mark.end() :] if mark else line.text
        last = items[-1] if items else None
        if mark and (inline := re.match(r"(.{2,80}?)(?::\s+|\s+[–—-]\s+)(?=\S)", text)):
            items.append(_Pair([line], inline[1], text[inline.end() :], "one line in the text"))
        elif last and not last.description and not (mark and len(last.lines) == 1 and BULLET.match(last.lines[0].text)):
            last.lines.append(line)
            last.description = text
        elif last and last.description and not mark and (goes_on(last.description, text) or _tail(last, line)):
            last.lines.append(line)
            last.description += f" {text}"
        else:
            items.append(_Pair([line], text))
    rest = tuple(line for item in items if not item.description for line in item.lines)
    rows: list[Node] = [
        Table((("name", said(item.name)), ("description", said(item.description))), item.guess)
        for item in items
        if item.description
    ]
    return Found(rows_of(rows), rest)


@dataclass(slots=True)
class _Pair:
    lines: list[Line]
    name: str
    description: str = ""
    guess: str = ""


def _tail(pair: _Pair, line: Line) -> bool:
    """Whether ``line`` ends a description that was broken off before a capital."""
    return not finished(pair.description) and finished(line.text) and not line.gap and len(pair.description) > 60


_IF = re.compile(
    r"\[\s*((?:IF|WHEN|WHILE|AFTER|BEFORE|ON|UPON|IN|AT|UNLESS|SHOULD)\b[^\]]*?)\s*:?\s*\]\s*:?\s*", re.IGNORECASE
)
_IF_PLAIN = re.compile(r"((?:IF|WHEN|SHOULD)\b[^:a-z]{2,80}):\s*")


def survival_guide(lines: Sequence[Line], clues: Clues) -> Found:
    items: list[tuple[str, list[str], Line]] = []
    rest: list[Line] = []
    for line in lines:
        text = line.text
        marks = list(_IF.finditer(text)) or [mark for mark in [_IF_PLAIN.match(text)] if mark]
        head = text[: marks[0].start()].strip() if marks else text
        if head:
            mark = BULLET.fullmatch(head + " x") or BULLET.match(head)
            if items:
                items[-1][1].append(head)
            elif not (mark and mark.end() >= len(head)):
                rest.append(Line(line.number, head))
        for mark, following in zip_longest(marks, marks[1:]):
            words = text[mark.end() : following.start() if following else len(text)].strip()
            items.append((mark[1].rstrip(" :"), [words] if words else [], line))
    rows: list[Node] = []
    for situation, advice, line in items:
        if advice:
            rows.append(Table((("situation", spoken(situation, clues)), ("advice", said(" ".join(advice))))))
        else:
            rest.append(Line(line.number, situation))
    return Found(rows_of(rows), tuple(rest))


_LABEL = re.compile(
    r"(?P<illusion>(?:\bLINKEDIN\s+|^)ILLUSION\b\s*:?)|(?P<translation>(?:\bOTIOSE\s+|^)TRANSLATION(?![a-z])\s*:?)"
    r"|(?P<redacted>\[\s*SOURCE\s+REDACTED\s*\])|(?P<source>\[\s*SOURCE\s*:?\s*[^\]\s:][^\]]*\])"
)

_SOURCE_LENGTH = 80


@dataclass(slots=True)
class _Claim:
    """One entry in the making, with the lines it came from. ``part``: what a label said comes next."""

    lines: list[Line] = field(default_factory=list)
    part: str = ""
    illusion: str = ""
    source: Leaf | None = None
    translation: str = ""

    @property
    def sourced_already(self) -> bool:
        """Whether another source would be that of the next claim."""
        return bool(self.translation) or self.source is not None

    def over(self, words: str) -> bool:
        """Whether ``words`` begin the next claim: a quotation after a translation."""
        return bool(self.translation) and words[0] in '"“„«'

    def sourced(self, words: str) -> str:
        """``words`` without the source: what stands between the label and the quotation that is the claim."""
        if self.part != "illusion" or self.source is not None or self.translation or opens(self.illusion):
            return words
        before, claim = self.illusion, words
        if bracketed := re.match(r"(\[[^\]]+\])\s*(?=[\"“„«])", words):
            before, claim = f"{before} {bracketed[1]}".strip(), words[bracketed.end() :]
        source = before.strip("[] ")
        if not source or len(source) > _SOURCE_LENGTH or not opens(claim):
            return words
        self.source = said(source, "it stands where the form has the source")
        self.illusion = ""
        return claim

    def hear(self, words: str) -> None:
        words = self.sourced(words)
        whole = closed(self.illusion) or (not self.part and finished(self.illusion) and not opens(self.illusion))
        if self.part == "translation" or whole or self.translation:
            self.translation = f"{self.translation} {words}".strip()
        else:
            self.illusion = f"{self.illusion} {words}".strip()


def jd_autopsy(lines: Sequence[Line], clues: Clues) -> Found:  # noqa: ARG001
    """Labels say what is what; where they are missing, a quotation is the claim and what follows it the translation."""
    claims: list[_Claim] = []
    for line in lines:
        for kind, words in _labelled(line.text):
            _begin(claims, kind, words)
            claim = claims[-1]
            if line not in claim.lines:
                claim.lines.append(line)
            if kind == "words":
                claim.hear(words)
            elif kind in ("redacted", "source"):
                claim.source = said(words) if kind == "source" else Leaf(None)
            else:
                claim.part = kind
    rows: list[Node] = []
    rest: list[Line] = []
    for claim in claims:
        if claim.illusion and claim.translation:
            illusion = said(unquoted(claim.illusion))
            rows.append(table(illusion=illusion, source=claim.source, translation=said(claim.translation)))
        else:
            rest.extend(line for line in claim.lines if line not in rest)
    return Found(rows_of(rows), tuple(rest))


def _begin(claims: list[_Claim], kind: str, words: str) -> None:
    """Open the claim that a label or some words belong to, when it is not the last one."""
    last = claims[-1] if claims else None
    if last is None or kind == "illusion":
        again = last is not None and not last.illusion and not last.translation and last.source is None
        if not again:
            claims.append(_Claim())
    elif (kind in ("redacted", "source") and last.sourced_already) or (kind == "words" and last.over(words)):
        claims.append(_Claim())


def _labelled(text: str) -> list[tuple[str, str]]:
    """A line as its labels and the words between them, in order."""
    found: list[tuple[str, str]] = []
    at = 0
    for match in _LABEL.finditer(text):
        if words := text[at : match.start()].strip():
            found.append(("words", words))
        kind = match.lastgroup or ""
        found.append((kind, re.sub(r"^\[\s*SOURCE\s*:?\s*|\s*\]$", "", match[0]) if kind == "source" else ""))
        at = match.end()
    if words := text[at:].strip():
        found.append(("words", words))
    return found
