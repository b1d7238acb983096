"""The stages in order: from an archive's files to finished dossiers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from . import compose, fonts, layouts, link, load, output, settings, validate
from .layouts import Layout
from .problems import InputError, Problem, Severity, UsageError, error
from .record import Dossier, Part, Record
from .settings import Archive

Progress = Callable[[int, int, str], None]
"""Told after each dossier: how many are done, of how many, and which."""


@dataclass(frozen=True)
class Order:
    """What is wanted: which archive, which specimens, how set and where put. Empty values leave it to the archive."""

    archive: Path
    slugs: tuple[str, ...] = ()
    layout: str = ""
    theme: str = ""
    paper: str = ""
    shelves: tuple[Path, ...] = ()
    font_dirs: tuple[Path, ...] = ()
    output: Path = Path("out")
    html: Path | None = None
    fit: bool = True


@dataclass
class Outcome:
    """What came of an order: files in the order they were made, and every problem."""

    files: list[Path] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        return any(problem.severity is Severity.ERROR for problem in self.problems)


def check(order: Order) -> Outcome:
    """Validate without typesetting: every problem of every file asked for."""
    outcome = Outcome()
    _dossiers(order, outcome)
    return outcome


def render(order: Order, tell: Progress = lambda done, total, slug: None) -> Outcome:
    """Make the dossiers of all sound records asked for; the outcome says what was wrong with the others."""
    outcome = Outcome()
    archive, layout, dossiers = _dossiers(order, outcome)
    if archive is None or layout is None or not dossiers:
        return outcome
    setting = _setting(order, archive, layout)

    from .typeset import Typesetter

    typesetter = Typesetter(setting.faces, (archive.root, *layout.roots))
    for done, dossier in enumerate(dossiers, 1):
        slug = dossier.record.slug
        try:
            sheet = compose.compose(dossier, archive, setting)
            part = typesetter.typeset(sheet, density="" if order.fit else sheet.density)
            outcome.problems += part.problems
            outcome.files.append(output.write(order.output / "dossiers" / f"{slug}.pdf", part.pdf))
            if order.html:
                page = compose.standalone(sheet, part.density, setting.faces)
                outcome.files.append(output.write(order.html / f"{slug}.html", page.encode()))
        except InputError as failure:
            outcome.problems += failure.problems
        tell(done, len(dossiers), slug)
    return outcome


def _setting(order: Order, archive: Archive, layout: Layout) -> compose.Setting:
    paper = layout.paper(order.paper or archive.paper)
    theme = order.theme or archive.theme
    layout.theme(theme)
    return compose.Setting(layout, theme, paper, fonts.faces(order.font_dirs))


def _dossiers(order: Order, outcome: Outcome) -> tuple[Archive | None, Layout | None, list[Dossier]]:
    """Read, validate and link what was asked for. Problems go into the outcome; the sound dossiers come back."""
    try:
        archive = settings.read(order.archive)
        layout = layouts.find(order.layout or archive.layout, order.shelves)
        paths = {path.stem: path for path in settings.specimens(order.archive)}
    except InputError as failure:
        outcome.problems += failure.problems
        return None, None, []
    _setting(order, archive, layout)
    wanted = order.slugs or tuple(paths)
    _known(wanted, paths)
    records = _records(wanted, paths, archive, layout, order, outcome)
    return archive, layout, records
