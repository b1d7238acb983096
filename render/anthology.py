"""The book from beginning to end: what is in it, its parts, its pages, its binding.

A part is taken from what was kept, or typeset; parts that did not change are not even read before they are bound, and
a book that did not change is left as it is.
"""

from __future__ import annotations

import errno
import functools
import os
import re
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from . import desk as front
from . import matter, output, recipe
from .bind import Binding, Heading, bind
from .cache import Cache
from .desk import Desk
from .imprint import Imprint
from .kept import NEW, NOT_OURS, Kept
from .matter import Bound, Contents
from .orders import Order, Outcome, Progress, Reason
from .paginate import Columns, Page, Piece, Placed, Plan, columns, paginate
from .pdf.leaf import Leaf
from .problems import InputError, Problem, error
from .recipe import Recipe
from .record import Dossier, Item, Laid, Matter, Part
from .workshop import Workshop

NAME = "anthology"


@dataclass(frozen=True)
class Volume:
    """What is particular to a book. Empty strings leave it to archive.yaml, no file to the selection."""

    title: str = ""
    edition: str = ""
    cover: bool = True
    file: Path | None = None
    keep_going: bool = False
    """Whether a dossier that cannot be made is replaced by a sheet that says so."""
    bleed: bool = False
    """Whether pages keep their bleed, for print."""
    gutter: float = 0.0
    """How much wider the inner margin is made, in mm."""


@dataclass
class Stats:
    """What a run had to do: numbers of things typeset and taken from what was kept."""

    dossiers: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    taken: int = 0
    pages: int = 0
    blanks: int = 0


@dataclass(frozen=True)
class Book:
    """A book that is made: its file, or none, and what it took."""

    outcome: Outcome
    stats: Stats
    file: Path | None = None


def make(order: Order, volume: Volume, tell: Progress | None = None) -> Book:
    """Bind the archive, or what of it the order asks for.

    Nothing is bound while a dossier has errors, unless the volume keeps going. Raises UsageError as ``render`` does.
    """
    order = replace(order, book=True)
    outcome, stats = Outcome(), Stats()
    desk = front.open_desk(order, outcome)
    if desk is None:
        return Book(outcome, stats)
    with front.without_collector():
        dossiers = front.dossiers(desk, outcome)
    if outcome.failed and not volume.keep_going:
        return Book(outcome, stats)
    with ExitStack() as stack:
        run = _Run(order, volume, desk, stack, Book(outcome, stats))
        try:
            return run.make(dossiers, tell)
        except OSError as failure:
            outcome.problems.append(output.unwritten(failure))
            return Book(outcome, stats)


class _Run:
    """One book. Parts are known by their keys: a dossier's slug, ``matter:NAME``, ``FURNITURE/FAMILY``."""

    def __init__(self, order: Order, volume: Volume, desk: Desk, stack: ExitStack, book: Book) -> None:
        self._order, self._volume, self._desk, self._stack = order, volume, desk, stack
        self._kept = Kept(order.keeping.cache, desk.archive.root) if order.keeping.cache else self._aside
        self._outcome, self._stats = book.outcome, book.stats
        self._shared = recipe.common(desk.archive, desk.layout, desk.theme, desk.paper, desk.faces, order.fit)
        self._recipes: dict[str, Recipe] = {}
        self._laid: dict[str, tuple[Laid, ...]] = {}

    def make(self, dossiers: Sequence[Dossier], tell: Progress | None) -> Book:
        """Bind what is asked for, unless the file is what it would be."""
        contents = self._contents(dossiers)
        bound = matter.bound(contents, covers=self._volume.cover)
        letters = matter.letters(contents)
        items = [*(one.item for one in bound), *matter.furniture(contents), *letters, matter.blank(contents)]
        self._recipes = {matter.key(item): recipe.recipe(self._shared, item) for item in items}
        target = self._volume.file or self._order.output / f"{self._name}.pdf"
        output.sweep(target.parent)
        whole = self._whole(bound, contents)
        note = self._kept.note(target)
        changes = note.changes(target, self._desk.archive.root, whole) if note else [NEW]
        self._outcome.reasons.append(Reason(target.stem, tuple(changes)))
        if note and not changes and not self._order.html:
            self._outcome.problems += note.problems
            self._outcome.files.append(target)
            return Book(self._outcome, self._stats, target)
        problems = self._gather(items, tell)
        failed = [one for one in dossiers if one.slug not in self._laid]
        if failed and self._volume.keep_going:
            sheets = {one.slug: self._withdrawn(contents, one, problems) for one in failed}
            problems += self._gather(list(sheets.values()), None)
            bound = [replace(one, item=sheets.get(one.item.slug, one.item)) for one in bound]
        self._outcome.problems += dict.fromkeys(problems)
        if any(key not in self._laid for key in self._recipes):
            return Book(self._outcome, self._stats)
        plan = self._plan(bound, letters)
        self._write(contents, bound, plan, target)
        if self._order.html:
            page = self._unbound(contents, bound, letters)
            self._outcome.files.append(output.write(self._order.html, page.encode()))
        if not failed:
            seen = Part("", b"", len(plan.spots), "", 0, problems=tuple(self._outcome.problems))
            self._kept.write_note(target, whole, {}, seen)
        self._kept.prune()
        self._outcome.files.append(target)
        return Book(self._outcome, self._stats, target)

    # What is in it

    def _contents(self, dossiers: Sequence[Dossier]) -> Contents:
        desk = self._desk
        archive = replace(
            desk.archive,
            title=self._volume.title or desk.archive.title,
            edition=self._volume.edition or desk.archive.edition,
        )
        return matter.contents(archive, desk.layout, desk.faces, self._order.edition, dossiers)

    @functools.cached_property
    def _name(self) -> str:
        selection = re.sub(r"[^a-z0-9]+", "-", str(self._order.edition).lower().removeprefix("only ")).strip("-")
        return f"{NAME}-{selection}"[:100] if selection else NAME

    def _withdrawn(self, contents: Contents, dossier: Dossier, problems: Sequence[Problem]) -> Matter:
        reasons = [one.message for one in problems if one.where.file == dossier.place]
        sheet = matter.withdrawn(contents, dossier, reasons[0] if reasons else "")
        self._recipes[dossier.slug] = recipe.recipe(self._shared, sheet)
        return sheet

    def _whole(self, bound: Sequence[Bound], contents: Contents) -> Recipe:
        """What the book is made from: every part, their order, and what links and marks say."""
        order = [(matter.key(one.item), one.counted, one.side, one.family) for one in bound]
        volume = self._volume
        said = [order, dict(self._desk.layout.book), self._urls, contents.name, volume.bleed, volume.gutter]
        return Recipe(
            {key: one.key for key, one in self._recipes.items()}
            | {"standard": self._desk.standard.name, "the binding": recipe.digest(said)}
        )

    # Its parts

    def _gather(self, items: Sequence[Item], tell: Progress | None) -> list[Problem]:
        """Every part, from what was kept or typeset; what is wrong with them."""
        problems: list[Problem] = []
        missing = []
        for item in items:
            part = self._kept.part(self._recipes[matter.key(item)])
            if part:
                self._stats.taken += 1
                self._take(item, part, problems)
            else:
                missing.append(item)
        # The longest first: a dossier that is begun last keeps all the other processes waiting.
        missing.sort(key=lambda item: -len(repr(item.record.sections)) if isinstance(item, Dossier) else 0)
        if missing:
            self._typeset(missing, problems, tell)
        return problems

    def _typeset(self, missing: Sequence[Item], problems: list[Problem], tell: Progress | None) -> None:
        from .press import Brief

        stamp = recipe.digest([self._shared, str(self._desk.archive.root)])
        with Workshop(self._order.jobs, self._order.limits, self._order.executor) as workshop:
            made = workshop.make(Brief.of(self._order, self._desk, stamp), missing)
            for done, (item, one) in enumerate(made, 1):
                if one.part:
                    names = self._stats.dossiers if isinstance(item, Dossier) else self._stats.pieces
                    names.append(item.slug)
                    self._keep(self._recipes[matter.key(item)], one.part)
                    self._take(item, one.part, problems)
                else:
                    problems += _unmade(item, one.problems)
                if tell:
                    tell(done, len(missing), item.slug)

    @functools.cached_property
    def _aside(self) -> Kept:
        """Where parts wait for their binding that are not kept, or for which the cache has no room."""
        folder = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="dossier-"))
        return Kept(Cache(Path(folder)), self._desk.archive.root)

    def _keep(self, one: Recipe, part: Part) -> None:
        """Keep a part until it is bound. Raises OSError where there is no room for it anywhere."""
        self._kept.keep(one, part, self._asked_for(part))
        if not self._kept.has(one):
            self._aside.keep(one, part, self._asked_for(part))
            if not self._aside.has(one):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), tempfile.gettempdir())

    def _take(self, item: Item, part: Part, problems: list[Problem]) -> None:
        self._laid[matter.key(item)] = part.laid
        problems += part.problems

    def _asked_for(self, part: Part) -> frozenset[Path]:
        return part.read - self._desk.known - set(self._desk.paths.values())

    def _part(self, key: str) -> Part | None:
        return self._kept.part(self._recipes[key]) or self._aside.part(self._recipes[key])

    def _leaf(self, key: str) -> Leaf:
        one = self._recipes[key]
        part = self._part(key)
        with suppress(*NOT_OURS):
            if part:
                return Leaf.unpack(part.pdf)
        self._kept.drop(one)
        raise InputError([error("lost-part", key, "this part was kept a moment ago and is gone", "run it again")])

    # Its pages

    def _plan(self, bound: Sequence[Bound], letters: Sequence[Matter]) -> Plan:
        pieces = [self._piece(one, letters) for one in bound]
        blank = Piece.of("matter:blank", self._laid[matter.BLANK])
        plan = paginate(pieces, blank, even=self._volume.cover)
        self._stats.pages = len(plan.spots)
        self._stats.blanks = sum(spot.piece is blank for spot in plan.spots)
        return plan

    def _piece(self, one: Bound, letters: Sequence[Matter]) -> Piece:
        key, item = matter.key(one.item), one.item
        more: dict[str, Any] = {"counted": one.counted, "side": one.side, "family": one.family}
        if isinstance(item, Dossier):
            record = item.record
            said = {"title": str(record.title), "number": record.file_number, "fiche": record.fiche}
            return Piece.of(key, self._laid[key], fields=said, **more)
        said = {"title": str(item.title)}
        if not item.slips:
            return Piece.of(key, self._laid[key], fields=said, **more)
        slips = [
            (Placed(matter.key(letter), number), laid)
            for letter in letters
            for number, laid in enumerate(self._laid[matter.key(letter)])
        ]
        pages = [Page("matter", items) for items in columns(slips, self._columns)]
        first = (
            replace(pages[0], items=(Placed(key, 0), *pages[0].items)) if pages else Page("matter", (Placed(key, 0),))
        )
        return Piece(key, (first, *pages[1:]), fields=said, **more)

    @property
    def _columns(self) -> Columns:
        paper, said = self._desk.paper, self._desk.layout.book.get("index", {})
        return Columns(paper.left, paper.top, paper.text, paper.area, **said)

    def _unbound(self, contents: Contents, bound: Sequence[Bound], letters: Sequence[Matter]) -> str:
        """The same book as one document, every dossier in the density that was found to fit."""
        from . import compose
        from .unbound import Leafed, unbound

        desk = self._desk
        setting = compose.Setting(desk.layout, desk.theme, desk.paper, desk.faces)
        sheets = []
        for item in (item for one in bound for item in (one.item, *(letters if matter.is_index(one.item) else ()))):
            make: Any = compose.compose if isinstance(item, Dossier) else compose.matter
            sheet = make(item, desk.archive, setting)
            part = self._part(matter.key(item))
            if part and part.spared:
                sheet = compose.without_spare(sheet)
            sheets.append(Leafed(matter.key(item), sheet, part.density if part else sheet.density))
        return unbound(sheets, desk.faces, self._urls, contents.name)

    # Its binding

    @functools.cached_property
    def _urls(self) -> dict[str, str]:
        return {slug: self._desk.archive.url_of(slug) for slug in self._desk.paths}

    def _write(self, contents: Contents, bound: Sequence[Bound], plan: Plan, target: Path) -> None:
        archive, paper = contents.archive, self._desk.paper
        titles = {dossier.slug: str(dossier.record.title) for dossier in contents.dossiers}
        titles |= {f"matter:{one.item.key}": str(one.item.title) for one in bound if isinstance(one.item, Matter)}
        titles |= {reference.slug: str(reference.title) for one in contents.dossiers for reference in one.related}
        binding = Binding(
            about=Imprint(
                contents.name,
                archive.editor or archive.publisher or archive.title,
                archive.subtitle,
                archive.lang,
                self._desk.standard,
            ),
            faces=self._desk.faces,
            outline=tuple(_outline(contents, {spot.piece.key for spot in plan.spots})),
            pages=self._desk.layout.book.get("pages", {}),
            mirror=paper.right - paper.left,
            gutter=self._volume.gutter,
            bleed=self._volume.bleed,
            urls=self._urls,
            titles=titles,
        )
        leaf_of = functools.lru_cache(32)(self._leaf)
        with output.written(target) as file:
            bind(file, plan, leaf_of, binding)


def _unmade(item: Item, problems: Sequence[Problem]) -> list[Problem]:
    """What kept an item from being made. Where the fault is in a template, the item says that it suffers from it."""
    found = list(problems)
    if not any(one.where.file == item.place for one in found):
        reason = found[0].message if found else "nothing says why"
        found.append(error("not-made", item.place, f"{item.slug} cannot be made: {reason}"))
    return found


def _outline(contents: Contents, there: Collection[str]) -> Iterator[Heading]:
    """Front matter that is worth finding, divisions with families and specimens, back matter."""
    front, back = matter.named(contents)
    yield from (Heading(str(title), key) for key, title in front if key in there)
    divisions: dict[str, list[Heading]] = {}
    titles: dict[str, str] = {}
    for family, dossiers in contents.drawers:
        kids = tuple(Heading(str(one.record.title), one.slug, inner=True) for one in dossiers)
        divisions.setdefault(family.division, []).append(
            Heading(str(family.title), f"matter:divider-{family.key}", kids)
        )
        titles[family.division] = str(family.division_title)
    for division, families in divisions.items():
        if titles[division]:
            yield Heading(titles[division], kids=tuple(families))
        else:
            yield from families
    yield from (Heading(str(title), key) for key, title in back if key in there)
