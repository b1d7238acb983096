"""Typeset and look: what is wrong on the pages, with its place in the YAML. Nothing is written but what is kept."""

from __future__ import annotations

from collections.abc import Iterator

from . import desk as front
from . import inspection, recipe
from .desk import Desk
from .kept import Kept
from .orders import Order, Outcome, Progress
from .problems import Problem
from .record import Dossier, Part
from .workshop import Workshop


def proofread(order: Order, tell: Progress | None = None) -> Outcome:
    """Check records and pages. Raises SetupError when the libraries that look at pixels are missing."""
    inspection.require()
    outcome = Outcome()
    desk = front.open_desk(order, outcome)
    dossiers = front.dossiers(desk, outcome) if desk else []
    if desk and dossiers:
        found: dict[str, list[Problem]] = {}
        for done, (dossier, part, problems) in enumerate(_parts(order, desk, dossiers), 1):
            seen = [*part.remarks, *inspection.look(dossier, part, desk.layout, desk.archive)] if part else []
            found[dossier.record.slug] = [*problems, *seen]
            if tell:
                tell(done, len(dossiers), dossier.record.slug)
        for dossier in dossiers:
            outcome.problems += found[dossier.record.slug]
    return outcome


def _parts(
    order: Order, desk: Desk, dossiers: list[Dossier]
) -> Iterator[tuple[Dossier, Part | None, tuple[Problem, ...]]]:
    """Every dossier's part, those that were kept first, or the problems that kept it from being made."""
    from .press import Brief

    cache = order.keeping.cache
    kept = Kept(cache, desk.archive.root) if cache else None
    shared = recipe.common(desk.archive, desk.layout, desk.theme, desk.paper, desk.faces, order.fit, desk.standard)
    missing = []
    for dossier in dossiers:
        part = kept.part(recipe.recipe(shared, dossier)) if kept else None
        if part:
            yield dossier, part, part.problems
        else:
            missing.append(dossier)
    if missing:
        stamp = recipe.digest([shared, str(desk.archive.root)])
        with Workshop(order.jobs, order.limits, order.executor) as workshop:
            for dossier, made in workshop.make(Brief.of(order, desk, stamp), missing):
                yield dossier, made.part, made.part.problems if made.part else made.problems
