"""The stages in order: from an archive's files to finished dossiers."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

from . import audit, load, output, recipe, settings, validate
from . import desk as front
from .desk import Desk, sound_layout
from .kept import NEW, Kept
from .orders import Order, Outcome, Progress, Reason
from .problems import InputError, Problem
from .recipe import Recipe
from .record import Dossier, Part
from .taxonomy import Division, tree
from .workshop import Workshop

__all__ = ["Order", "Outcome", "Progress", "check", "render", "sound_layout", "taxonomy"]

FOLDER = "dossiers"
"""The folder of the output that holds a PDF a specimen."""

UNKEPT = "nothing is kept"


def check(order: Order) -> Outcome:
    """Validate without typesetting: every problem of every file asked for."""
    outcome = Outcome()
    desk = front.open_desk(order, outcome)
    if desk:
        records = front.check(desk, outcome)
        if order.relations:
            outcome.problems += audit.one_way(records)
    return outcome


def render(order: Order, tell: Progress | None = None, workshop: Workshop | None = None) -> Outcome:
    """Make the dossiers of all sound records asked for; the outcome says what was wrong with the others.

    An output that the last run made from the same recipe is left as it is; a part made from it before is written
    again; the rest is typeset by the workshop's processes. A file that cannot be written ends the run: the next one
    would fare no better.
    """
    outcome = Outcome(read=_always_read(order))
    desk = front.open_desk(order, outcome)
    if desk is None:
        return outcome
    outcome.read |= desk.read
    with nullcontext(workshop) if workshop else Workshop(order.jobs, order.limits, order.executor) as open_workshop:
        run = _Run(order, desk, outcome)
        with front.without_collector():
            dossiers = front.dossiers(desk, outcome)
            run.find(dossiers)
        run.make(open_workshop, tell)
    for dossier in dossiers:
        outcome.files += run.written.get(dossier.record.slug, ())
        outcome.problems += run.problems.get(dossier.record.slug, ())
    return outcome


def taxonomy(folder: Path) -> tuple[tuple[Division, ...], list[Problem]]:
    """The archive's tree of divisions and families with all that is filed, and what could not be filed, and why."""
    archive = settings.read(folder)
    survey = settings.survey(archive.root)
    filed, problems = [], list(survey.problems)
    with front.without_collector():
        for path in survey.paths:
            try:
                source = load.load(path)
            except InputError as failure:
                problems += failure.problems
            else:
                filed.append(validate.filed(source))
                problems += validate.misfiled(source, archive)
    return tree(filed, archive), problems


def _always_read(order: Order) -> frozenset[Path]:
    """What has a part even in an archive or a layout too broken to be opened."""
    shelves = {path for shelf in order.shelves for path in (shelf, *shelf.rglob("*"))}
    return frozenset({order.archive / settings.ARCHIVE, *shelves})


class _Run:
    """One order carried out. ``written`` and ``problems`` are by slug: dossiers are finished in any order."""

    def __init__(self, order: Order, desk: Desk, outcome: Outcome) -> None:
        self._order, self._desk, self._outcome = order, desk, outcome
        cache = order.keeping.cache
        self._kept = Kept(cache, desk.archive.root) if cache else None
        self._missing: list[Dossier] = []
        self.written: dict[str, list[Path]] = {}
        self.problems: dict[str, tuple[Problem, ...]] = {}

    def find(self, dossiers: Sequence[Dossier]) -> None:
        """Take from what was kept whatever can be; the others are missing."""
        output.sweep(folder(self._order))
        with self._writing():
            self._missing = [dossier for dossier in dossiers if not self._found(dossier)]

    def make(self, workshop: Workshop, tell: Progress | None) -> None:
        """Typeset what is missing."""
        with self._writing():
            if self._missing:
                for done, dossier in enumerate(self._typeset(workshop), 1):
                    if tell:
                        tell(done, len(self._missing), dossier.record.slug)
            if self._kept:
                self._kept.prune()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as failure:
            self._outcome.problems.append(output.unwritten(failure))

    @functools.cached_property
    def _shared(self) -> dict[str, str]:
        """What all dossiers of the order are made from."""
        desk = self._desk
        return recipe.common(
            desk.archive, desk.layout, desk.theme, desk.paper, desk.faces, self._order.fit, desk.standard
        )

    def _found(self, dossier: Dossier) -> bool:
        """Whether a dossier need not be typeset; delivers it if so."""
        slug = dossier.record.slug
        if not self._kept:
            self._outcome.reasons.append(Reason(slug, (UNKEPT,)))
            return False
        one, path = recipe.recipe(self._shared, dossier), self._target(slug)
        note = self._kept.note(path)
        changes = note.changes(path, self._desk.archive.root, one) if note else [NEW]
        self._outcome.reasons.append(Reason(slug, tuple(changes)))
        if note and not changes and not self._order.html:
            self._kept.use(one)
            self.written[slug], self.problems[slug] = [path], note.problems
            self._read(self._desk.archive.root / name for name in note.proof.files)
            return True
        part = self._kept.part(one)
        if part:
            self._deliver(dossier, one, part)
        return part is not None

    def _typeset(self, workshop: Workshop) -> Iterator[Dossier]:
        """Each dossier as it is finished, or given up."""
        from .press import Brief

        desk = self._desk
        stamp = recipe.digest([self._shared, str(desk.archive.root)]) if self._kept else recipe.stamp(desk.known)
        for dossier, made in workshop.make(Brief.of(self._order, desk, stamp), self._missing):
            if made.part:
                one = recipe.recipe(self._shared, dossier) if self._kept else Recipe({})
                self._outcome.typeset += 1
                if self._kept:
                    self._kept.keep(one, made.part, self._asked_for(made.part))
                self._deliver(dossier, one, made.part)
            self.problems[dossier.record.slug] = made.problems if made.part is None else made.part.problems
            yield dossier

    def _deliver(self, dossier: Dossier, one: Recipe, part: Part) -> None:
        """Write a part; what was written stays known even if the next file cannot be."""
        path = output.write(self._target(part.slug), part.pdf)
        self.written[part.slug], self.problems[part.slug] = [path], part.problems
        self._read(self._asked_for(part))
        if self._kept:
            self._kept.write_note(path, one, self._shared, part, self._asked_for(part))
        if self._order.html:
            page = _standalone(dossier, part, self._desk)
            self.written[part.slug].append(output.write(self._order.html / f"{part.slug}.html", page.encode()))

    def _asked_for(self, part: Part) -> frozenset[Path]:
        """The files a part was made from that no recipe counts: pictures of the archive that a layout shows."""
        return part.read - self._desk.known - set(self._desk.paths.values())

    def _read(self, files: Iterable[Path]) -> None:
        self._outcome.read |= frozenset(files)

    def _target(self, slug: str) -> Path:
        return folder(self._order) / f"{slug}.pdf"


def folder(order: Order) -> Path:
    """Where an order's PDFs go: what is thinned out for a purpose stands apart."""
    return order.output / (f"{FOLDER}-{order.rendition}" if order.rendition else FOLDER)


def _standalone(dossier: Dossier, part: Part, desk: Desk) -> str:
    from . import compose

    setting = compose.Setting(desk.layout, desk.theme, desk.paper, desk.faces)
    sheet = compose.compose(dossier, desk.archive, setting)
    return compose.standalone(compose.without_spare(sheet) if part.spared else sheet, part.density, desk.faces)
