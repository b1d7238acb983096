"""Terms for a book's index: what sections declare as theirs, sorted and put together over many dossiers."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from . import collation
from .layouts import Pointer, Section
from .record import Dossier, Record, Term, Value
from .text import Emphasis, Link, Plain, Redacted, Span, Text

ALIAS = "alias"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the index: where the term is found, or ``see`` where to look instead; never both."""

    text: str
    letter: str
    """What it stands under: a capital letter, ``0–9`` or ``#``."""
    sort_key: collation.Key
    targets: tuple[str, ...] = ()
    """Slugs, in the order of the dossiers."""
    see: str = ""
    lang: str = ""
    """What it is in: the language of the first dossier that has it."""


def of(record: Record, sections: Mapping[str, Section]) -> tuple[Term, ...]:
    """A record's terms, each once for a section. One with redacted words in it is none."""
    found = (
        Term(pointer.kind, words, key)
        for key, value in record.sections.items()
        if key in sections
        for pointer in sections[key].index
        for text in _at(value, pointer.steps)
        for words in _words(text, pointer)
    )
    return tuple(dict.fromkeys(found))


def index(dossiers: Iterable[Dossier], lang: str) -> tuple[Entry, ...]:
    """The index of these dossiers in the order of a language (BCP 47): their titles, their terms, their aliases.

    Terms that differ in case only are one; an alias leads to the title of its role, or to all that share it.
    """
    places: dict[str, _Heard] = {}
    sees: dict[str, _Heard] = {}
    for dossier in dossiers:
        slug, spoken = dossier.record.slug, dossier.record.lang
        title = collation.inverted(str(dossier.record.title), lang)
        _put(places, title, spoken, slug)
        for term in dossier.terms:
            text = collation.inverted(term.text, lang)
            if term.kind != ALIAS:
                _put(places, text, spoken, slug)
            elif _same(text) != _same(title):
                _put(sees, text, spoken, title)
    entries = [_entry(one, lang, targets=tuple(one.leads)) for one in places.values()]
    entries += [_entry(one, lang, see="; ".join(one.leads)) for one in sees.values()]
    return tuple(sorted(entries, key=lambda entry: (entry.sort_key, entry.see)))


@dataclass(frozen=True, slots=True)
class _Heard:
    """A term as it was first met, its language, and the slugs or titles it leads to, in their order."""

    text: str
    lang: str
    leads: dict[str, None] = field(default_factory=dict)


def _put(entries: dict[str, _Heard], text: str, lang: str, lead: str) -> None:
    entries.setdefault(_same(text), _Heard(text, lang)).leads[lead] = None


def _entry(one: _Heard, lang: str, targets: tuple[str, ...] = (), see: str = "") -> Entry:
    return Entry(one.text, collation.letter(one.text, lang), collation.key(one.text, lang), targets, see, one.lang)


def _same(text: str) -> str:
    """What makes two spellings one term."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _at(value: Value, steps: tuple[str, ...]) -> Iterator[Text]:
    """The strings that a pointer leads to."""
    if not steps:
        if isinstance(value, Text):
            yield value
        return
    step, *rest = steps
    if isinstance(value, Mapping):
        chosen = list(value.values()) if step == "*" else [value[step]] if step in value else []
    elif isinstance(value, list | tuple):
        chosen = (
            list(value) if step == "*" else [value[int(step)]] if step.isdecimal() and int(step) < len(value) else []
        )
    else:
        chosen = []
    for inner in chosen:
        yield from _at(inner, tuple(rest))


def _words(text: Text, pointer: Pointer) -> Iterator[str]:
    if not pointer.emphasized:
        if words := _reading(text.spans):
            yield words
        return
    for span in text.spans:
        if isinstance(span, Emphasis) and (words := _reading(span.spans)):
            yield words


def _reading(spans: Iterable[Span]) -> str:
    """What spans read as; nothing when a part of it is redacted or a title that stands elsewhere."""
    pieces = []
    for span in spans:
        if isinstance(span, Redacted) or (isinstance(span, Link) and not span.spans):
            return ""
        inner = span.text if isinstance(span, Plain) else _reading(span.spans)
        if not inner:
            return ""
        pieces.append(inner)
    return " ".join("".join(pieces).split())
