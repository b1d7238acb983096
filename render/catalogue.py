"""What the other specimens on file say of themselves, read no further than an order needs.

A record on its own shows something of others: of those it names, of those closest to it, of those that name it. The
bytes of a file tell quickly whether it can be among them; only then is it read. What is closest to what follows from
the bytes of all files together, so it is kept under their digest.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from . import link, load, recipe, validate
from .cache import Cache
from .problems import InputError, Problem
from .record import Record
from .settings import Archive
from .validate import Heading

Closest = Mapping[str, tuple[tuple[str, int], ...]]
"""The closest specimens with their match, by the slug of each that takes what is closest."""

_HIDDEN = re.compile(rb"\\[xuU\r\n]")
"""A YAML escape that could stand for a letter of a slug, or for nothing."""
_AUTO = re.compile(rb"\bauto\b")
_FEW = 40
"""So many slugs are looked for in every file; for more, all files are read."""


class Catalogue:
    """The specimens of ``paths`` seen from ``records``, the sound ones that an order has read."""

    def __init__(
        self, paths: Mapping[str, Path], archive: Archive, records: Iterable[Record], cache: Cache | None = None
    ) -> None:
        self._paths, self._archive, self._cache = paths, archive, cache
        self._records = {record.slug: record for record in records}
        self._elsewhere = [slug for slug in paths if slug not in self._records]
        self._headings: dict[str, Heading | None] = {}
        self.unreadable: dict[str, tuple[Problem, ...]] = {}
        """What is wrong with the title or summary of those that were read."""

    def headings(self, slugs: Collection[str]) -> dict[str, Heading | None]:
        """Every slug on file; those asked for that are not among the records with their heading, if it can be read."""
        found: dict[str, Heading | None] = dict.fromkeys(self._paths)
        return found | {slug: self._heading(slug) for slug in self._elsewhere if slug in slugs}

    def named(self) -> set[str]:
        """Who is named by the records."""
        return {slug for record in self._records.values() for slug in link.names(record)}

    def citing(self) -> set[str]:
        """Who elsewhere may name one of the records, or show it as close."""
        wanted = [slug.encode() for slug in self._records]
        if len(wanted) > _FEW:
            return set(self._elsewhere)
        naming = {slug for slug in self._elsewhere if any(one in self._bytes[slug] for one in wanted)}
        near = {slug for slug, listed in self.closest.items() if any(other in self._records for other, _ in listed)}
        return naming | near | self._hiding

    @functools.cached_property
    def closest(self) -> Closest:
        """What is closest to each specimen on file that takes what is closest."""
        taking = [slug for slug, record in self._records.items() if link.takes_closest(record)]
        perhaps = {slug for slug in self._elsewhere if _AUTO.search(self._bytes[slug])} | self._hiding
        if not (taking or perhaps):
            return {}
        if (kept := self._kept()) is not None:
            return kept
        taking += [slug for slug in sorted(perhaps) if (heading := self._heading(slug)) and heading.auto]
        found = link.closest(taking, self._records.values(), self._archive, self.headings(self._elsewhere))
        if self._cache:
            self._cache.put(self._key, json.dumps(found).encode())
        return found

    def _kept(self) -> Closest | None:
        data = self._cache.get(self._key) if self._cache else None
        with suppress(ValueError, TypeError, AttributeError):
            found = json.loads(data or b"")
            return {slug: tuple((str(other), int(match)) for other, match in listed) for slug, listed in found.items()}
        return None

    @functools.cached_property
    def _hiding(self) -> set[str]:
        """Those elsewhere whose bytes do not show all that they say."""
        return {slug for slug in self._elsewhere if _HIDDEN.search(self._bytes[slug])}

    @functools.cached_property
    def _bytes(self) -> dict[str, bytes]:
        found = dict.fromkeys(self._paths, b"")
        for slug, path in self._paths.items():
            with suppress(OSError):
                found[slug] = path.read_bytes()
        return found

    @functools.cached_property
    def _key(self) -> str:
        said = [(slug, hashlib.sha256(raw).hexdigest()) for slug, raw in self._bytes.items()]
        archive = self._archive
        return recipe.digest(["closest", recipe.code(), archive.families, archive.base_url, archive.url, said])

    def _heading(self, slug: str) -> Heading | None:
        if slug not in self._headings:
            self._headings[slug] = None
            try:
                self._headings[slug] = validate.heading(load.load(self._paths[slug]), self._archive)
            except InputError as failure:
                self.unreadable[slug] = failure.problems
        return self._headings[slug]
