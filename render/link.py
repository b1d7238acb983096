"""From records to dossiers: what each takes from the rest of the archive.

Related specimens get title, summary, number and URL from the records they name; ``[[slug]]`` gets the title
it leads to; a match that is left out is computed. A record can be linked though others are broken:
what it needs of those is their ``Heading`` only.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from . import relations, similarity
from .problems import InputError, Problem, Where, error
from .record import Citation, Dossier, Record, Reference
from .settings import UNFILED, Archive
from .text import Emphasis, Link, Plain, Span, Strong, Text
from .validate import Heading, heading_of, not_on_file

CLOSEST = 3
"""How many specimens ``related: auto`` shows."""


@dataclass(frozen=True, slots=True)
class Linked:
    """The dossiers that could be put together, in the order of the records, and what was wrong with the others."""

    dossiers: tuple[Dossier, ...]
    problems: tuple[Problem, ...]


def link(records: Iterable[Record], archive: Archive) -> list[Dossier]:
    """Every record as a dossier. Raises ``InputError`` with all that is wrong between them."""
    linked = connect(records, archive)
    if linked.problems:
        raise InputError(linked.problems)
    return list(linked.dossiers)


def connect(
    records: Iterable[Record],
    archive: Archive,
    *,
    only: Collection[str] | None = None,
    headings: Mapping[str, Heading | None] | None = None,
    known: Mapping[str, Sequence[tuple[str, int]]] | None = None,
) -> Linked:
    """The sound records as dossiers, with the problems of the others.

    ``only`` names the slugs wanted (default: all records). ``headings`` stand for specimens on file that are not
    among ``records``; None for one whose title or summary cannot be read. ``known`` is what ``closest`` found of them.
    """
    desk = _Desk(records, archive, headings or {}, known or {})
    wanted = _wanted(desk, only)
    found = _problems(desk, wanted)
    broken = {slug for slug, _ in found}
    dossiers = tuple(_dossier(desk, record) for record in wanted if record.slug not in broken)
    return Linked(dossiers, _sorted(problem for _, problem in found))


def problems(
    records: Iterable[Record],
    archive: Archive,
    *,
    only: Collection[str] | None = None,
    headings: Mapping[str, Heading | None] | None = None,
) -> list[Problem]:
    """What ``connect`` would find, without computing a single match."""
    desk = _Desk(records, archive, headings or {}, {})
    wanted = _wanted(desk, only)
    return list(_sorted(problem for _, problem in _problems(desk, wanted)))


def closest(
    slugs: Iterable[str], records: Iterable[Record], archive: Archive, headings: Mapping[str, Heading | None]
) -> dict[str, tuple[tuple[str, int], ...]]:
    """The closest specimens of each slug, with their match."""
    desk = _Desk(records, archive, headings, {})
    return {slug: tuple(desk.closest(slug)) for slug in slugs}


def names(record: Record) -> frozenset[str]:
    """The slugs a record names, as related specimens or in running text."""
    return relations.named(record.summary, record.sections)


def takes_closest(record: Record) -> bool:
    """Whether a record's related specimens are chosen from the whole archive (``related: auto``)."""
    return relations.is_auto(record.sections)


def compared(heading: Heading, archive: Archive) -> similarity.Fields:
    """What of a specimen a computed match compares. That two are unfiled makes them no more alike."""
    families = (family for family in archive.families if family.key == heading.family != UNFILED)
    taxon = tuple(title for family in families for title in (family.title, family.division_title))
    return similarity.Fields(heading.title, heading.summary, heading.words, heading.tags, taxon)


class _Desk:
    """Everything on file, looked up by slug."""

    def __init__(
        self,
        records: Iterable[Record],
        archive: Archive,
        headings: Mapping[str, Heading | None],
        known: Mapping[str, Sequence[tuple[str, int]]],
    ) -> None:
        self.records = {record.slug: record for record in records}
        self.headings = {**headings, **{slug: heading_of(record) for slug, record in self.records.items()}}
        self.archive = archive
        self.known = known
        self.vocabulary = similarity.Vocabulary()
        self.terms: dict[str, similarity.Terms] = {}

    @functools.cached_property
    def unprintable(self) -> frozenset[str]:
        """Slugs whose URLs are too long for a QR code. They differ in length only, so the longest tells for all."""
        url = self.archive.url_of
        if not self.archive.base_url or not self.headings or _fits(url(max(self.headings, key=len))):
            return frozenset()
        return frozenset(slug for slug in self.headings if not _fits(url(slug)))

    def heading(self, slug: str) -> Heading:
        found = self.headings[slug]
        assert found is not None
        return found

    def match(self, one: str, other: str) -> int:
        return self.vocabulary.match(self._terms(one), self._terms(other))

    def closest(self, slug: str) -> Sequence[tuple[str, int]]:
        """The slugs closest to one, with their match; of equals the first by name."""
        if slug in self.known:
            return self.known[slug]
        return self._index.closest(slug, CLOSEST)

    @functools.cached_property
    def citing(self) -> Mapping[str, list[str]]:
        """Who names each slug, its own file apart."""
        found: dict[str, list[str]] = {}
        for slug, heading in self.headings.items():
            if heading is not None:
                near = [other for other, _ in self.closest(slug)] if heading.auto else []
                for other in {*heading.names, *near} - {slug}:
                    found.setdefault(other, []).append(slug)
        return found

    @functools.cached_property
    def _index(self) -> similarity.Index:
        sound = (slug for slug, heading in self.headings.items() if heading is not None)
        shown = {slug: self._terms(slug) for slug in sound if slug not in self.unprintable}
        return similarity.Index(shown, self.vocabulary)

    def _terms(self, slug: str) -> similarity.Terms:
        if slug not in self.terms:
            self.terms[slug] = self.vocabulary.terms(compared(self.heading(slug), self.archive))
        return self.terms[slug]


def _wanted(desk: _Desk, only: Collection[str] | None) -> list[Record]:
    slugs = desk.records if only is None else frozenset(only)
    return [record for record in desk.records.values() if record.slug in slugs]


def _problems(desk: _Desk, wanted: Sequence[Record]) -> list[tuple[str, Problem]]:
    """Problems with the slug of the record that each one spoils."""
    found = _same_numbers(desk, {record.slug for record in wanted})
    for record in wanted:
        named = [*((slug, path, "specimen") for slug, path in relations.related(record.sections))]
        named += [(slug, path, "[[…]]") for slug, path in relations.links(record.summary, record.sections)]
        for slug, path, what in named:
            if problem := _unreachable(desk, record.where(*path), slug, what):
                found.append((record.slug, problem))
    return found + _unprintable(desk, wanted)


def _unreachable(desk: _Desk, where: Where, slug: str, what: str) -> Problem | None:
    if slug not in desk.headings:
        return not_on_file(what, slug, where, desk.headings)
    if desk.headings[slug] is None:
        message = f"{slug}, which is named here, has a title or summary that cannot be read"
        return error("broken-target", where, message, f"mend {slug}.yaml first")
    return None


def _same_numbers(desk: _Desk, wanted: Collection[str]) -> list[tuple[str, Problem]]:
    holders: dict[str, list[str]] = {}
    for slug, heading in desk.headings.items():
        if heading is not None:
            holders.setdefault(heading.file_number, []).append(slug)
    found = []
    for number, sharing in holders.items():
        if len(sharing) == 1:
            continue
        # a number that was written down gives way to one that was derived
        ranked = sorted(sharing, key=lambda slug: (_numbered(desk, slug), slug))
        for slug in ranked[1:]:
            spoilt = slug if slug in wanted else next((s for s in ranked if s in wanted), "")
            if spoilt and slug in desk.records:
                record = desk.records[slug]
                where = record.places.get(("file_number",), Where(str(record.where().file)))
                message = f"file number {number} is that of {ranked[0]} too"
                hint = "give one of them a file_number of its own"
                found.append((spoilt, error("same-number", where, message, hint)))
    return found


def _numbered(desk: _Desk, slug: str) -> bool:
    record = desk.records.get(slug)
    return record is not None and ("file_number",) in record.places


def _unprintable(desk: _Desk, wanted: Sequence[Record]) -> list[tuple[str, Problem]]:
    """URLs that no QR code of the largest size holds, for each record whose pages would show one."""
    archive = desk.archive
    short = [(archive.url_of("x"), "whatever the slug"), (archive.base_url, "which leads to the taxonomy")]
    for url, why in short:
        if not _fits(url):
            message = f"base_url is too long for a QR code of 24 mm, {why}"
            problem = error("qr-too-long", archive.where("base_url"), message, "publish under a shorter address")
            return [(record.slug, problem) for record in wanted]
    if not desk.unprintable:
        return []
    files = {record.slug: Where(record.where().file) for record in wanted}
    found = []
    for record in wanted:
        shown = [(record.slug, files[record.slug])]
        shown += [(slug, files.get(slug, record.where(*path))) for slug, path in relations.related(record.sections)]
        for slug, where in shown:
            if slug in desk.unprintable:
                length = len(archive.url_of(slug))
                message = f"the URL of {slug} is too long for a QR code of 24 mm ({length} characters)"
                hint = "shorten the slug, or base_url in archive.yaml"
                found.append((record.slug, error("qr-too-long", where, message, hint)))
    return found


_SHORT = 152
"""Bytes that surely fit: a QR code of version 8 at level M (ISO/IEC 18004, table 7), which is 57 modules in 24 mm."""


def _fits(url: str) -> bool:
    if len(url.encode()) <= _SHORT:
        return True
    from .art import qr

    try:
        qr.plan(url)
    except qr.TooLong:
        return False
    return True


def _dossier(desk: _Desk, record: Record) -> Dossier:
    linked = {slug for slug, _ in relations.links(record.summary, record.sections)}
    return Dossier(
        record=record,
        family=desk.archive.family(record.family),
        url=desk.archive.url_of(record.slug),
        related=tuple(_references(desk, record)),
        titles={slug: desk.heading(slug).title for slug in sorted(linked)},
        tongues={slug: desk.heading(slug).lang for slug in sorted(linked)},
        urls={slug: desk.archive.url_of(slug) for slug in sorted(linked)},
        cited=tuple(sorted(_cited(desk, record.slug), key=lambda citation: (citation.file_number, citation.slug))),
    )


def _cited(desk: _Desk, slug: str) -> Iterator[Citation]:
    for other in desk.citing.get(slug, ()):
        heading = desk.heading(other)
        yield Citation(other, heading.file_number, heading.title, desk.archive.url_of(other), heading.lang)


def _references(desk: _Desk, record: Record) -> Iterator[Reference]:
    related = record.sections.get("related")
    if related == relations.AUTO:
        for slug, match in desk.closest(record.slug):
            yield _on_file(desk, slug, match)
    elif isinstance(related, list):
        for item in related:
            slug = str(item.get("specimen", ""))
            if slug:
                match = item.get("match")
                yield _on_file(desk, slug, desk.match(record.slug, slug) if match is None else int(match))
            else:
                yield Reference(item["title"], item.get("summary", Text("")), int(item["match"]))


def _on_file(desk: _Desk, slug: str, match: int) -> Reference:
    heading = desk.heading(slug)
    summary = _unlinked(desk, heading.summary)
    return Reference(heading.title, summary, match, slug, heading.file_number, desk.archive.url_of(slug), heading.lang)


def _unlinked(desk: _Desk, text: Text) -> Text:
    """A text as another record shows it: its links are words."""
    spans = tuple(_flat(desk, text.spans))
    return text if spans == text.spans else Text(str(text), spans)


def _flat(desk: _Desk, spans: Iterable[Span]) -> Iterator[Span]:
    for span in spans:
        if isinstance(span, Link):
            target = desk.headings.get(span.slug)
            yield from span.spans or (Plain(str(target.title) if target else span.slug),)
        elif isinstance(span, Emphasis | Strong):
            yield type(span)(tuple(_flat(desk, span.spans)))
        else:
            yield span


def _sorted(found: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(dict.fromkeys(found), key=lambda problem: problem.where))
