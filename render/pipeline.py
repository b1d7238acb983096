"""The stages in order: from an archive's files to finished dossiers."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path

from . import desk as front
from . import output, recipe, settings
from .cache import Cache
from .desk import Desk, sound_layout
from .kept import NEW, Kept
from .orders import Order, Outcome, Progress, Reason
from .problems import Problem
from .recipe import Recipe
from .record import Dossier, Part
from .workshop import Workshop

__all__ = ["Order", "Outcome", "Progress", "check", "render", "sound_layout"]


def check(order: Order) -> Outcome:
    """Validate without typesetting: every problem of every file asked for."""
    outcome = Outcome()
    desk = front.open_desk(order, outcome)
    if desk:
        front.check(desk, outcome)
    return outcome


def render(order: Order, tell: Progress | None = None, workshop: Workshop | None = None) -> Outcome:
    """Make the dossiers of all sound records asked for; the outcome says what was wrong with the others.

    An output that the last run made from the same recipe is left as it is; a part made from it before is written
    again; the rest is typeset by the workshop's processes. A file that cannot be written ends the run: the next one
    would fare no better.
    """
    outcome = Outcome(read=frozenset([order.archive / settings.ARCHIVE]))
    desk = front.open_desk(order, outcome)
    dossiers = front.dossiers(desk, outcome) if desk else []
    if desk:
        outcome.read |= desk.read
    if desk and dossiers:
        with nullcontext(workshop) if workshop else Workshop(order.jobs, order.limits) as open_workshop:
            run = _Run(order, desk, outcome)
            try:
                run.make(dossiers, open_workshop, tell)
            except OSError as failure:
                outcome.problems.append(output.unwritten(failure))
        outcome.files += run.files(dossiers)
    return outcome


class _Run:
    """One order carried out."""

    def __init__(self, order: Order, desk: Desk, outcome: Outcome) -> None:
        self._order, self._desk, self._outcome = order, desk, outcome
        self._kept = Kept(Cache(order.keeping.folder, order.keeping.size)) if order.keeping.folder else None
        self._written: dict[str, list[Path]] = {}

    @functools.cached_property
    def _shared(self) -> dict[str, str]:
        """What all dossiers of the order are made from."""
        desk = self._desk
        return recipe.common(desk.archive, desk.layout, desk.theme, desk.paper, desk.faces, self._order.fit)

    def make(self, dossiers: Sequence[Dossier], workshop: Workshop, tell: Progress | None) -> None:
        missing = [dossier for dossier in dossiers if not self._found(dossier)]
        if missing:
            for done, (dossier, part, problems) in enumerate(self._typeset(missing, workshop), 1):
                if part:
                    self._deliver(dossier, part)
                else:
                    self._outcome.problems += problems
                if tell:
                    tell(done, len(missing), dossier.record.slug)
        if self._kept:
            self._kept.prune()

    def files(self, dossiers: Sequence[Dossier]) -> list[Path]:
        """What was written or is as it should be, in the order of the archive."""
        return [path for dossier in dossiers for path in self._written.get(dossier.record.slug, ())]

    def _found(self, dossier: Dossier) -> bool:
        """Whether a dossier need not be typeset; delivers it if so."""
        if not self._kept:
            return False
        one, path = self._recipe(dossier), self._target(dossier)
        note = self._kept.note(path)
        changes = [NEW] if note is None else one.changes(note.items)
        self._outcome.reasons.append(Reason(dossier.record.slug, tuple(changes)))
        if note and not self._order.html and note.vouches_for(path, one):
            self._kept.use(one)
            self._outcome.problems += note.problems
            self._written[dossier.record.slug] = [path]
            return True
        part = self._kept.part(one)
        if part:
            self._deliver(dossier, part)
        return part is not None

    def _typeset(
        self, dossiers: Sequence[Dossier], workshop: Workshop
    ) -> Iterator[tuple[Dossier, Part | None, tuple[Problem, ...]]]:
        from .press import Brief

        order, desk = self._order, self._desk
        stamp = recipe.stamp(desk.read) if self._kept is None else recipe.digest([self._shared, str(desk.archive.root)])
        brief = Brief(
            stamp,
            desk.archive,
            desk.layout.name,
            desk.theme,
            desk.paper_name,
            order.shelves,
            order.font_dirs,
            order.fit,
        )
        for dossier, made in workshop.make(brief, dossiers):
            self._outcome.typeset += made.part is not None
            if made.part and self._kept:
                self._kept.keep(self._recipe(dossier), made.part)
            yield dossier, made.part, made.problems

    def _deliver(self, dossier: Dossier, part: Part) -> None:
        path = output.write(self._target(dossier), part.pdf)
        self._written[part.slug] = [path]
        if self._kept:
            self._kept.write_note(path, self._recipe(dossier), self._shared, part.problems)
        if self._order.html:
            page = _standalone(dossier, part, self._desk)
            self._written[part.slug].append(output.write(self._order.html / f"{part.slug}.html", page.encode()))
        self._outcome.problems += part.problems

    def _target(self, dossier: Dossier) -> Path:
        return self._order.output / "dossiers" / f"{dossier.record.slug}.pdf"

    def _recipe(self, dossier: Dossier) -> Recipe:
        return recipe.recipe(self._shared, dossier)


def _standalone(dossier: Dossier, part: Part, desk: Desk) -> str:
    from . import compose

    setting = compose.Setting(desk.layout, desk.theme, desk.paper, desk.faces)
    return compose.standalone(compose.compose(dossier, desk.archive, setting), part.density, desk.faces)
