"""Which specimens are meant: one way to say it, wherever a set of them is asked for.

A selection is a list of parts, separated by spaces or commas; it holds what any of its parts names.

    sdet                    the specimen of that name
    family:ai-and-data      all of a family of the taxonomy
    division:technology     all of a division
    tag:governance          all with a tag; "tag:change-management" and 'tag:"change management"' are one
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from . import wording
from .problems import UsageError
from .settings import Archive
from .validate import Filed

KINDS = ("family", "division", "tag")
_PART = re.compile(r'[^\s,"]*"[^"]*"|[^\s,]+')
_FORMS = "a set of specimens is said as SLUG, family:KEY, division:KEY or tag:NAME"


@dataclass(frozen=True, slots=True)
class Part:
    """One word of a selection; ``kind`` is empty for a slug."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}" if self.kind else self.name


@dataclass(frozen=True, slots=True)
class Choice:
    """The slugs chosen, in the archive's order, and a sentence for each part that names nothing."""

    slugs: tuple[str, ...]
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Selection:
    """A set of specimens as somebody asks for it. Without parts it is not asked for, which is up to the caller."""

    parts: tuple[Part, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.parts)

    def __str__(self) -> str:
        return " ".join(map(str, self.parts))

    @property
    def reads(self) -> bool:
        """Whether it takes more than the names of files to know what is meant."""
        return any(part.kind for part in self.parts)

    def look(self, filed: Iterable[Filed], archive: Archive) -> Choice:
        """What is meant of the specimens on file, and what cannot be meant."""
        on_file = tuple(filed)
        slugs = frozenset(one.slug for one in on_file)
        divisions = {family.division for family in archive.families}
        tags = {_folded(tag): tag for one in on_file for tag in one.tags}
        wanted: Mapping[str, set[str]] = {kind: set() for kind in ("", *KINDS)}
        missing: list[str] = []
        unknown: list[str] = []
        for part in self.parts:
            name = _folded(part.name) if part.kind == "tag" else part.name
            known: Iterable[str] = slugs
            if part.kind:
                families = {family.key for family in archive.families}
                known = families if part.kind == "family" else divisions if part.kind == "division" else tags
            if name in known:
                wanted[part.kind].add(name)
            elif part.kind:
                near = wording.nearest(part.name, tags.values() if part.kind == "tag" else known)
                told = f"no specimen has the tag {part.name!r}"
                if part.kind != "tag":
                    told = f"the taxonomy has no {part.kind} {part.name!r}"
                unknown.append(told + _meant(f"{part.kind}:{near}" if near else ""))
            else:
                missing.append(f"{name!r}{_meant(_nearest(name, slugs))}")
        if missing:
            unknown.insert(0, f"there is no specimen {' and none '.join(missing)} in {archive.root}")
        in_division = {family.key for family in archive.families if family.division in wanted["division"]}
        chosen = (
            one.slug
            for one in on_file
            if one.slug in wanted[""]
            or one.family in wanted["family"]
            or one.family in in_division
            or not wanted["tag"].isdisjoint(map(_folded, one.tags))
        )
        return Choice(tuple(dict.fromkeys(chosen)), tuple(unknown))

    def choose(self, filed: Iterable[Filed], archive: Archive) -> tuple[str, ...]:
        """The slugs meant, in the order of ``filed``. Raises UsageError for a slug, family or tag that nobody knows."""
        choice = self.look(filed, archive)
        if choice.unknown:
            raise UsageError("; ".join(choice.unknown))
        return choice.slugs


@dataclass(frozen=True, slots=True)
class Edition:
    """What an order is for: the specimens asked for (none named: all), of them ``only`` these, and none of those."""

    asked: Selection = Selection()
    only: Selection = Selection()
    exclude: Selection = Selection()

    @property
    def everything(self) -> bool:
        return not (self.asked or self.only or self.exclude)

    @property
    def reads(self) -> bool:
        """Whether family and tags of the specimens have a say."""
        return self.asked.reads or self.only.reads or self.exclude.reads

    @property
    def named(self) -> bool:
        """Whether each specimen is meant by its name, so that no other file can have a part in it."""
        return bool(self.asked and not self.asked.reads) or bool(self.only and not self.only.reads)

    def choose(self, filed: Iterable[Filed], archive: Archive) -> tuple[str, ...]:
        """The slugs wanted, in the order of ``filed``. Raises UsageError when a part is unknown or nothing is left."""
        on_file = tuple(filed)
        looks = [selection.look(on_file, archive) for selection in (self.asked, self.only, self.exclude)]
        if unknown := [sentence for look in looks for sentence in look.unknown]:
            raise UsageError("; ".join(dict.fromkeys(unknown)))
        asked, only, exclude = (frozenset(look.slugs) for look in looks)
        wanted = tuple(
            one.slug
            for one in on_file
            if (not self.asked or one.slug in asked) and (not self.only or one.slug in only) and one.slug not in exclude
        )
        if on_file and not wanted:
            raise UsageError(f"nothing is chosen by {self}; {archive.root} has {len(on_file)} specimens")
        return wanted

    def __str__(self) -> str:
        shown = (("", self.asked), ("only ", self.only), ("without ", self.exclude))
        return ", ".join(f"{word}{selection}" for word, selection in shown if selection)


def parse(said: str | Iterable[str]) -> Selection:
    """A selection from its text, or from several. Raises UsageError for what cannot be one.

    No text at all is the empty selection; a text without a word in it is refused: a variable was empty that should
    have said what is wanted.
    """
    texts = [said] if isinstance(said, str) else list(said)
    parts: list[Part] = []
    for text in texts:
        words = _PART.findall(text)
        if not words:
            raise UsageError(f"an empty text names no specimen; {_FORMS}")
        parts += map(_part, words)
    return Selection(tuple(dict.fromkeys(parts)))


def edition(
    asked: str | Iterable[str] = (), only: str | Iterable[str] = (), exclude: str | Iterable[str] = ()
) -> Edition:
    """What an order is for, from what was said. Raises UsageError for what cannot be meant."""
    return Edition(parse(asked), parse(only), parse(exclude))


def _part(word: str) -> Part:
    if word.count('"') % 2:
        raise UsageError(f"a quotation mark is not closed in {word}")
    bare = word.replace('"', "")
    kind, colon, name = bare.partition(":")
    if not colon:
        return Part("", bare)
    if kind not in KINDS:
        near = wording.nearest(kind, KINDS)
        raise UsageError(f"{word!r} has no meaning; {_FORMS}{_meant(f'{near}:{name}' if near else '')}")
    if not name.strip():
        raise UsageError(f"{word!r} does not say which {kind}")
    return Part(kind, name.strip())


def _folded(tag: str) -> str:
    """What makes two spellings of a tag one."""
    return re.sub(r"[\s_-]+", "-", unicodedata.normalize("NFC", tag).casefold())


def _nearest(word: str, known: Iterable[str]) -> str:
    """The slug that was probably meant, if a file was not named instead."""
    slugs = list(known)
    stem = PurePath(word).name.removesuffix(".yaml")
    return stem if stem in slugs else wording.nearest(word, slugs)


def _meant(near: str) -> str:
    return f" (did you mean {near}?)" if near else ""
