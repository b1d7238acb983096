"""What is odd between the records of an archive, though each of them is sound: warnings, all with their places.

Names that two records claim, summaries that no card can hold, families without a specimen, and long passages that
stand in two records.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import load, relations
from .load import Steps
from .problems import Problem, Where, warning
from .record import Record, Value
from .settings import UNFILED, Archive

SUMMARY = 240
"""Characters of a summary that a card shows in five lines on narrow paper."""

PASSAGE = 12
"""Words in a row that two records may not share."""

LISTED = 20
"""Findings of one kind that are told one by one; of more, only the number is told."""

_BLOCK, _STEP = 8, 5
"""Blocks of so many words are looked up, of which every fifth is stored: one lies in every run of twelve."""
_WORD = re.compile(r"\w+")
_UNREAD = ("related",)
"""Sections whose words are taken from other records."""


def audit(records: Iterable[Record]) -> Iterator[Problem]:
    """What is odd between these records, and within each."""
    listed = list(records)
    yield from _long_summaries(listed)
    yield from _shared_names(listed)
    yield from _shared_passages(listed)


def unused_families(archive: Archive, used: Collection[str]) -> Iterator[Problem]:
    """Families of the taxonomy under which nothing is filed. ``used`` are the keys that specimens name."""
    source = load.load(archive.path)
    for one, division in enumerate(source.data.get("taxonomy", [])):
        for two, family in enumerate(division.get("families", [])):
            key = str(family["key"])
            if key not in used and key != UNFILED:
                where = source.where(("taxonomy", one, "families", two, "key"))
                message = f"no specimen is of the family {key}"
                yield warning("unused-family", where, message, "file one there, or delete it")


def one_way(records: Iterable[Record]) -> Iterator[Problem]:
    """Specimens that name a related one which does not name them. What is closest is mutual or not, as it happens."""
    by_slug = {record.slug: record for record in records}
    named = {slug: dict(relations.related(record.sections)) for slug, record in by_slug.items()}
    for slug, others in named.items():
        for other, path in others.items():
            known = by_slug.get(other)
            if known and other != slug and slug not in named[other] and not relations.is_auto(known.sections):
                message = f"{slug} names {other} as related, which does not name it"
                yield warning("one-way", by_slug[slug].where(*path), message)


def _long_summaries(records: Iterable[Record]) -> Iterator[Problem]:
    for record in records:
        if len(record.summary) > SUMMARY:
            message = f"summary has {len(record.summary)} characters; cards have room for {SUMMARY}"
            yield warning("long-summary", record.where("summary"), message, "one sentence is enough")


def _shared_names(records: Iterable[Record]) -> Iterator[Problem]:
    """Titles and aliases that more than one record has."""
    claims: dict[str, list[tuple[str, str, Where]]] = defaultdict(list)
    for record in records:
        own = {_folded(record.title)}
        claims[_folded(record.title)].append((record.slug, "title", record.where("title")))
        for index, alias in enumerate(_aliases(record)):
            if _folded(alias) not in own:
                own.add(_folded(alias))
                claims[_folded(alias)].append((record.slug, "alias", record.where("org_chart", "aliases", index)))
    found = []
    for name, holders in claims.items():
        if name:
            first, *others = sorted(holders, key=lambda holder: (holder[1] != "title", holder[0]))
            for slug, what, where in others:
                message = f"this {what} of {slug} is the {first[1]} of {first[0]} too"
                problem = warning("shared-name", where, message, f"the other is in {_place(first[2])}")
                found.append(((what != "title", first[1] != "title"), problem))
    told = [problem for _, problem in sorted(found, key=lambda one: one[0])]
    yield from _first(told, len(told), "names are shared")


def _aliases(record: Record) -> Sequence[str]:
    chart = record.sections.get("org_chart")
    found = chart.get("aliases", ()) if isinstance(chart, Mapping) else ()
    return [str(alias) for alias in found] if isinstance(found, list) else []


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


@dataclass(frozen=True, slots=True)
class _Passage:
    """The words of one string, as numbers."""

    record: Record
    path: Steps
    words: tuple[int, ...]

    @property
    def where(self) -> Where:
        return self.record.where(*self.path)

    def blocks(self) -> list[int]:
        """The hash of the block that begins at each word; of numbers, so it is the same in every process."""
        return list(map(hash, zip(*(self.words[offset:] for offset in range(_BLOCK)), strict=False)))


def _shared_passages(records: Sequence[Record]) -> Iterator[Problem]:
    passages = list(_passages(records))
    stored: dict[int, tuple[_Passage, int]] = {}
    longest: dict[tuple[str, str], tuple[int, _Passage, _Passage]] = {}
    hashed = [passage.blocks() for passage in passages]
    for passage, blocks in zip(passages, hashed, strict=True):
        for start in range(0, len(blocks), _STEP):
            stored.setdefault(blocks[start], (passage, start))
    for passage, blocks in zip(passages, hashed, strict=True):
        done: dict[int, int] = {}
        for start, found in enumerate(map(stored.get, blocks)):
            if found and found[0].record is not passage.record and done.get(id(found[0]), 0) <= start:
                other, there = found
                before, after = _run(passage.words, start, other.words, there)
                done[id(other)] = start + after
                if before + after >= PASSAGE:
                    inverse = other.record.slug > passage.record.slug
                    first, second = (passage, other) if inverse else (other, passage)
                    pair = first.record.slug, second.record.slug
                    if before + after > longest.get(pair, (0,))[0]:
                        longest[pair] = before + after, first, second
    ranked = sorted(longest.items(), key=lambda item: (-item[1][0], item[0]))
    told = []
    for (slug, _), (run, first, second) in ranked[:LISTED]:
        message = f"{run} words in a row stand in {slug}, too"
        told.append(warning("shared-passage", second.where, message, f"the other place is {_place(first.where)}"))
    yield from _first(told, len(ranked), "pairs of records share passages")


def _first(found: Sequence[Problem], count: int, what: str) -> Iterator[Problem]:
    """The first of so many alike, and how many there are beyond them."""
    yield from found[:LISTED]
    if count > LISTED:
        folder = Path(found[0].where.file).parent
        yield warning(found[0].code, folder, f"{count - LISTED:,} more {what}", "mend those told, and check again")


def _place(where: Where) -> str:
    return f"{Path(where.file).name}, line {where.line}"


def _run(one: tuple[int, ...], at: int, other: tuple[int, ...], there: int) -> tuple[int, int]:
    """How many words in a row two texts share before a place and from it on."""
    start = 0
    while start < min(at, there) and one[at - start - 1] == other[there - start - 1]:
        start += 1
    end, most = 0, min(len(one) - at, len(other) - there)
    while end < most and one[at + end] == other[there + end]:
        end += 1
    return start, end


def _passages(records: Iterable[Record]) -> Iterator[_Passage]:
    """Every string of so many words; notes are the form's own and may be alike."""
    numbers: dict[str, int] = {}
    for record in records:
        for key, value in (("summary", record.summary), *record.sections.items()):
            if key not in _UNREAD:
                for path, text in _strings(value, (key,)):
                    words = _WORD.findall(text.casefold())
                    if len(words) >= PASSAGE:
                        yield _Passage(record, path, tuple([numbers.setdefault(word, len(numbers)) for word in words]))


def _strings(value: Value, path: Steps) -> Iterator[tuple[Steps, str]]:
    if isinstance(value, str):
        if path[1:] != ("note",):
            yield path, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _strings(inner, (*path, key))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _strings(inner, (*path, index))
