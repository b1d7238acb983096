"""Which dossiers each recipient gets, and whether the whole book is among it."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from .. import editions, load, settings, validate
from ..campaign import Campaign, PhraseError, Recipient
from ..editions import Part, Selection
from ..problems import InputError, Problem, UsageError, Where, error
from ..settings import Archive

BOOK = "anthology"
"""The word that asks for the whole anthology."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Slugs in the archive's order; ``book`` is whether the anthology comes with them."""

    slugs: tuple[str, ...]
    book: bool = False


class Chooser:
    """What is on file, asked once for each way of saying it."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self.paths: Mapping[str, Path] = {path.stem: path for path in settings.survey(archive.root).paths}

    def wanted(self, campaign: Campaign, recipient: Recipient, problems: list[Problem]) -> Wanted:
        """What a recipient is to get; what cannot be meant is told at the place that says it."""
        try:
            said = campaign.attach.fill(recipient.fields)
        except PhraseError as failure:
            hint = f"for {recipient.address.wire}, {recipient.where()}"
            problems.append(replace(failure.problem, hint=hint))
            return Wanted(())
        where, text = _origin(campaign, recipient, said)
        if not said.strip():
            message = f"nothing is enclosed for {recipient.address.wire}"
            problems.append(error("nothing-attached", where, message, "name slugs, family:KEY, tag:NAME or anthology"))
            return Wanted(())
        try:
            parts = editions.parse(said).parts
        except UsageError as failure:
            problems.append(error("selection", where, str(failure)))
            return Wanted(())
        sound = []
        for part in parts:
            if part == Part("", BOOK):
                continue
            if unknown := self._unknown(part):
                problems.append(error("unknown-specimen", _within(where, text, part), unknown))
            else:
                sound.append(part)
        slugs = self._slugs(Selection(tuple(sound))) if sound else ()
        return Wanted(slugs, Part("", BOOK) in parts)

    @functools.cache  # noqa: B019 - a chooser lives as long as one plan
    def _unknown(self, part: Part) -> str:
        """What is wrong with one word of a selection."""
        found = Selection((part,)).look(self._filed(bool(part.kind)), self._archive)
        if found.unknown:
            return found.unknown[0]
        return "" if found.slugs else f"no specimen is filed under {part}"

    @functools.cache  # noqa: B019
    def _slugs(self, selection: Selection) -> tuple[str, ...]:
        return selection.look(self._filed(selection.reads), self._archive).slugs

    @functools.cache  # noqa: B019
    def _filed(self, reads: bool) -> tuple[validate.Filed, ...]:
        return tuple(self._one(slug, path) if reads else validate.Filed(slug) for slug, path in self.paths.items())

    def _one(self, slug: str, path: Path) -> validate.Filed:
        try:
            return validate.filed(load.load(path))
        except InputError:
            return validate.Filed(slug)  # told by whoever renders it


def everything(wanted: Iterable[Wanted]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(slug for one in wanted for slug in one.slugs))


def _origin(campaign: Campaign, recipient: Recipient, said: str) -> tuple[Where, str]:
    """The place of a selection, and the text there: the recipient's field if it comes from one."""
    cell = recipient.fields.get("specimens", "")
    if campaign.attach.uses("specimens") and (cell.strip() == said.strip() or (cell and cell in said)):
        return recipient.where("specimens"), cell
    if "{" not in campaign.attach.text:
        return campaign.where("attach"), campaign.attach.text
    return recipient.where(), ""


def _within(where: Where, text: str, part: Part) -> Where:
    at = text.find(str(part))
    return replace(where, column=where.column + at) if at > 0 and "\n" not in text[:at] else where
