"""What the readers of the sections share: their result, their clues, and how lines begin."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .emit import Leaf, Node, Rows, Table
from .lines import Line
from .others import Others
from .words import closed, escaped, lowered, opens

BULLET = re.compile(r"(?:[-•*·▪◦‣–—]\s+|\(?\d{1,3}[.)]\s+)(?=\S)")
_STAR = re.compile(r"\*+\s*(?=[^\s*])")


@dataclass(frozen=True, slots=True)
class Clues:
    """What the rest of the record, and other records, tell."""

    words: frozenset[str] = frozenset()
    """Words with a capital inside."""
    spelt: Mapping[str, str] = field(default_factory=dict)
    """How words that keep a capital are written, by the word in capitals."""
    others: Others = field(default_factory=Others)
    slug: str = ""
    """The record's own."""


@dataclass(frozen=True, slots=True)
class Found:
    """A section's value, or None; ``rest``: lines that were not understood; ``remarks``: text that stands elsewhere."""

    node: Node | None
    rest: tuple[Line, ...] = ()
    remarks: tuple[str, ...] = ()


def said(text: str, guess: str = "") -> Leaf:
    return Leaf(escaped(text), guess)


_DOUBTFUL = re.compile(r"\b(?:IT|US)\b")
"""Words that are others in capitals."""


def spoken(text: str, clues: Clues) -> Leaf:
    """A text that the form sets in capitals, as a sentence begins."""
    words = lowered(text, clues.spelt)
    doubt = _DOUBTFUL.search(text) if words != text else None
    return said(words, f"{doubt[0]} may be the word or the name" if doubt else "")


def table(**items: Node | None) -> Table:
    """A mapping without the keys that have no value. A trailing underscore keeps a key from being Python's."""
    return Table(tuple((key.rstrip("_"), node) for key, node in items.items() if node is not None))


def rows_of(items: Sequence[Node], guess: str = "") -> Rows | None:
    return Rows(tuple(items), guess) if items else None


def starred(lines: Iterable[Line]) -> tuple[str, list[Line]]:
    """The words of the notes that begin with ``*``, and the other lines."""
    notes, others = [], []
    for line in lines:
        star = _STAR.match(line.text)
        if star:
            notes.append(line.text[star.end() :])
        else:
            others.append(line)
    return " ".join(notes), others


def note_of(words: str) -> Leaf | None:
    return said(words) if words else None


def quotations(lines: Iterable[Line]) -> tuple[list[str], list[Line]]:
    """Passages in quotation marks, however many lines each takes, and the other lines."""
    quotes: list[str] = []
    others: list[Line] = []
    within = False
    for line in lines:
        if within:
            quotes[-1] += f" {line.text}"
            within = not closed(quotes[-1])
        elif opens(line.text):
            quotes.append(line.text)
            within = not closed(line.text) and line.text[0] in '"“„«'
        else:
            others.append(line)
    return quotes, others


def percentage(figure: str) -> Leaf | None:
    value = float(figure.replace(",", "."))
    if value > 100:
        return None
    return Leaf(int(value)) if value == int(value) else Leaf(round(value), f"{figure} in the text")
