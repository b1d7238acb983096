"""An archive opened for an order: its setting, the specimens wanted, and those of them that are sound."""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from . import audit, fonts, layouts, link, load, settings, standards, terms, validate
from .cache import Cache
from .catalogue import Catalogue
from .fonts import Face
from .layouts import Layout, Paper
from .orders import Order, Outcome
from .problems import InputError, UsageError, error, warning
from .record import Dossier, Record
from .settings import Archive
from .standards import Standard

Found = TypeVar("Found")


@dataclass(frozen=True)
class Desk:
    archive: Archive
    layout: Layout
    theme: str
    paper: Paper
    paper_name: str
    faces: tuple[Face, ...]
    paths: Mapping[str, Path]
    """Every specimen's file by slug."""
    wanted: tuple[str, ...]
    everything: bool
    cache: Cache | None = None
    standard: Standard = standards.DEFAULT

    @property
    def read(self) -> frozenset[Path]:
        """Every file that what is wanted may be made from, and the folders where another might be put."""
        roots = frozenset(self.layout.roots)
        folders = {above for path in self.layout.files for above in path.parents if roots & {above, *above.parents}}
        files = self.known | set(self.paths.values())
        return files | folders | {path.parent for path in files}

    @property
    def known(self) -> frozenset[Path]:
        """The files that every recipe of this order counts."""
        return self.layout.files | {face.path for face in self.faces} | {self.archive.path}


def open_desk(order: Order, outcome: Outcome) -> Desk | None:
    """Read archive.yaml and the layout. None, with the reasons in the outcome, when nothing can be made of them.

    Raises UsageError for a specimen, family, tag, layout, theme or paper that the command names and nobody knows.
    """
    try:
        archive = settings.read(order.archive)
        layout, theme, paper = _setting(order, archive)
        standard = standards.find(order.standard or archive.standard)
    except InputError as failure:
        outcome.problems += failure.problems
        return None
    survey = settings.survey(archive.root)
    paths = {path.stem: path for path in survey.paths}
    wanted = order.edition.choose(_filed(paths, order, outcome), archive)
    outcome.problems += archive.warnings
    if not order.edition.named:
        outcome.problems += survey.problems
        if not paths:
            message = "this archive has no specimens"
            outcome.problems.append(warning("no-specimens", archive.root, message, "dossier new SLUG begins one"))
    faces = fonts.faces(order.font_dirs)
    everything = order.edition.everything
    name, cache = order.paper or _said(archive, "paper", order)[0], order.keeping.cache
    return Desk(archive, layout, theme, paper, name, faces, paths, wanted, everything, cache, standard)


def _filed(paths: Mapping[str, Path], order: Order, outcome: Outcome) -> Iterator[validate.Filed]:
    """What is on file, as far as the order asks. A file that cannot be read might be meant, so that is told."""
    for slug, path in paths.items():
        found = validate.Filed(slug)
        if order.edition.reads:
            try:
                found = validate.filed(load.load(path))
            except InputError as failure:
                outcome.problems += failure.problems
        yield found


def check(desk: Desk, outcome: Outcome) -> list[Record]:
    """Validate what is wanted and hold it together: the sound records. Every problem goes into the outcome."""
    with without_collector():
        records = _records(desk, outcome)
        others = Catalogue(desk.paths, desk.archive, records)
        headings = others.headings(others.named())
        _tell_unreadable(desk, others, others.named(), outcome)
        outcome.problems += link.problems(records, desk.archive, only=desk.wanted, headings=headings)
        outcome.problems += audit.audit(records)
        broken = others.headings(desk.paths.keys() - {record.slug for record in records}) if desk.everything else {}
        if desk.everything and not others.unreadable:
            used = {one.family for one in (*records, *broken.values()) if one}
            outcome.problems += audit.unused_families(desk.archive, used)
    return records


def dossiers(desk: Desk, outcome: Outcome) -> list[Dossier]:
    """The sound dossiers among those wanted; what is wrong with the others goes into the outcome."""
    with without_collector():
        records = _records(desk, outcome)
        others = Catalogue(desk.paths, desk.archive, records, desk.cache)
        near = {other for slug in desk.wanted for other, _ in others.closest.get(slug, ())}
        shown = others.named() | near
        headings = others.headings(shown | others.citing())
        _tell_unreadable(desk, others, shown, outcome)
        linked = link.connect(records, desk.archive, only=desk.wanted, headings=headings, known=others.closest)
    outcome.problems += linked.problems
    return [replace(dossier, terms=terms.of(dossier.record, desk.layout.sections)) for dossier in linked.dossiers]


@contextmanager
def sound_layout(name: str) -> Iterator[None]:
    """What the data of a broken layout provokes becomes a problem of that layout."""
    try:
        yield
    except (AttributeError, LookupError, TypeError, ValueError) as failure:
        message = f"its data cannot be used: {type(failure).__name__}, {failure}"
        hint = "compare the files of your shelf with those of the layout that ships"
        raise InputError([error("layout", f"layout {name}", message, hint)]) from failure


_BOOK = {"layout": "anthology", "paper": "6x9in"}
"""What a book is set in where archive.yaml does not say."""


def _said(archive: Archive, key: str, order: Order) -> tuple[str, tuple[str, ...]]:
    """What archive.yaml says of a setting, and the path it stands at."""
    if order.book and key in _BOOK:
        return archive.anthology.get(key, _BOOK[key]), ("anthology", key)
    return str(getattr(archive, key)), (key,)


def _layout(name: str, order: Order) -> Layout:
    """The layout of that name. Raises UsageError for one that does not suit what is made of it."""
    found = layouts.find(name, order.shelves)
    if bool(found.book) != order.book:
        kind = "one of single dossiers" if order.book else "for books, which `dossier anthology` makes"
        raise UsageError(f"layout {name} is {kind}")
    return found


def _setting(order: Order, archive: Archive) -> tuple[Layout, str, Paper]:
    """What the command asks for, else what archive.yaml says; a wrong name there is a problem with its place."""

    def chosen(key: str, find: Callable[[str], Found]) -> Found:
        asked = getattr(order, key)
        try:
            return find(asked or _said(archive, key, order)[0])
        except UsageError as unknown:
            if asked:
                raise
            place = archive.where(*_said(archive, key, order)[1])
            raise InputError([error(f"unknown-{key}", place, str(unknown))]) from unknown

    with sound_layout(order.layout or archive.layout):
        layout = chosen("layout", lambda name: _layout(name, order))
        if order.rendition:
            layout = layouts.find(f"{layout.name}:{order.rendition}", order.shelves)
        theme = chosen("theme", lambda name: layout.theme(name)["name"])
        return layout, theme, chosen("paper", layout.paper)


def _records(desk: Desk, outcome: Outcome) -> list[Record]:
    """Load and validate what is wanted."""
    covered = fonts.coverage(desk.faces)
    records = []
    for slug in desk.wanted:
        try:
            source = load.load(desk.paths[slug])
            found = validate.validate(source, desk.archive, desk.layout.sections, covered, on_file=desk.paths)
            records.append(found)
        except InputError as failure:
            outcome.problems += failure.problems
    return records


def _tell_unreadable(desk: Desk, others: Catalogue, shown: Collection[str], outcome: Outcome) -> None:
    """Problems of the specimens that pages show of others, unless these are told of anyway."""
    if not desk.everything:
        for slug in sorted(others.unreadable.keys() & set(shown)):
            outcome.problems += others.unreadable[slug]


@contextmanager
def without_collector() -> Iterator[None]:
    """Records are trees without cycles, and many: looking for cycles among them would take most of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            if not gc.get_freeze_count():
                # Counts what was made as old without looking through it.
                gc.freeze()
                gc.unfreeze()
            gc.enable()
