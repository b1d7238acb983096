"""The stages in order: from an archive's files to finished dossiers."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from . import compose, fonts, layouts, link, load, output, settings, validate, wording
from . import intake as text_intake
from .problems import InputError, Problem, Severity, UsageError, error, warning
from .record import Dossier, Part, Record, Sheet
from .settings import Archive

Found = TypeVar("Found")
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
    desk = _open(order, outcome)
    if desk:
        records = _records(desk, outcome)
        outcome.problems += link.problems(
            records, desk.archive, only=desk.wanted, headings=_headings(desk, records, outcome)
        )
    return outcome


def render(order: Order, tell: Progress | None = None) -> Outcome:
    """Make the dossiers of all sound records asked for; the outcome says what was wrong with the others.

    A file that cannot be written ends the run: the next one would fare no better.
    """
    outcome = Outcome()
    desk = _open(order, outcome)
    dossiers = _dossiers(desk, outcome) if desk else []
    if not desk or not dossiers:
        return outcome

    from .typeset import Typesetter

    typesetter = Typesetter(desk.setting.faces, (desk.archive.root, *desk.setting.layout.roots))
    for done, dossier in enumerate(dossiers, 1):
        try:
            with sound_layout(desk.setting.layout.name):
                sheet = compose.compose(dossier, desk.archive, desk.setting)
            part = typesetter.typeset(sheet, density="" if order.fit else sheet.density)
            _deliver(order, desk, sheet, part, outcome)
        except InputError as failure:
            outcome.problems += failure.problems
        except OSError as failure:
            outcome.problems.append(_unwritten(failure))
            break
        if tell:
            tell(done, len(dossiers), dossier.record.slug)
    return outcome


def intake(files: Sequence[Path], folder: Path, archive_folder: Path, family: str, *, replace: bool) -> Outcome:
    """Text records into YAML files in ``folder``. Titles are matched to the specimens on file and to each other."""
    outcome = Outcome()
    archive = settings.read(archive_folder)
    keys = [known.key for known in archive.families]
    if family not in keys:
        raise UsageError(f"there is no family {family!r} in {archive.path}; there are: {', '.join(keys)}")
    known, summaries = _on_file(archive)
    texts: dict[Path, bytes] = {}
    for path in _text_files(files):
        try:
            text = _bytes(path)
            glimpse = text_intake.glance(text, name=str(path))
        except InputError as failure:
            outcome.problems += failure.problems
        else:
            texts[path] = text
            known[glimpse.title] = glimpse.slug
            summaries = {**glimpse.summaries, **summaries}
    taken: dict[str, Path] = {}
    for path, text in texts.items():
        try:
            record = text_intake.read(text, name=str(path), family=family, known=known, summaries=summaries)
            target = folder / f"{record.slug}.yaml"
            _make_way(path, target, taken.setdefault(record.slug, path), replace=replace)
            outcome.files.append(_write(target, record.yaml.encode()))
            outcome.problems += record.problems
        except InputError as failure:
            outcome.problems += failure.problems
        except OSError as failure:
            outcome.problems.append(_unwritten(failure))
            break
    return outcome


def _make_way(path: Path, target: Path, first: Path, *, replace: bool) -> None:
    """Raise InputError where a text's YAML would stand in the place of another."""
    if first != path:
        raise InputError([error("duplicate-slug", path, f"{first} is the same record, {target.stem}")])
    if target.exists() and not replace:
        raise InputError([error("exists", path, f"{target} is there already", "--force replaces it")])


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as reason:
        detail = (reason.strerror or str(reason)).lower()
        raise InputError([error("unreadable", path, f"the file cannot be read: {detail}")]) from reason


@dataclass(frozen=True)
class _Desk:
    """An archive opened for an order."""

    archive: Archive
    setting: compose.Setting
    paths: Mapping[str, Path]
    wanted: tuple[str, ...]
    everything: bool


def _open(order: Order, outcome: Outcome) -> _Desk | None:
    try:
        archive = settings.read(order.archive)
        setting = _setting(order, archive)
    except InputError as failure:
        outcome.problems += failure.problems
        return None
    survey = settings.survey(archive.root)
    paths = {path.stem: path for path in survey.paths}
    if unknown := [f"{slug!r}{_nearest(slug, paths)}" for slug in order.slugs if slug not in paths]:
        raise UsageError(f"there is no specimen {' and none '.join(unknown)} in {archive.root}")
    outcome.problems += archive.warnings
    if not order.slugs:
        outcome.problems += survey.problems
        if not paths:
            outcome.problems.append(
                warning("no-specimens", archive.root, "this archive has no specimens", "dossier new SLUG begins one")
            )
    return _Desk(archive, setting, paths, order.slugs or tuple(paths), not order.slugs)


def _setting(order: Order, archive: Archive) -> compose.Setting:
    """What the command asks for, else what archive.yaml says; a wrong name there is a problem with its place."""

    def chosen(key: str, find: Callable[[str], Found]) -> Found:
        asked = getattr(order, key)
        try:
            return find(asked or getattr(archive, key))
        except UsageError as unknown:
            if asked:
                raise
            raise InputError([error(f"unknown-{key}", archive.where(key), str(unknown))]) from unknown

    with sound_layout(order.layout or archive.layout):
        layout = chosen("layout", lambda name: layouts.find(name, order.shelves))
        theme = chosen("theme", lambda name: layout.theme(name)["name"])
        paper = chosen("paper", layout.paper)
    return compose.Setting(layout, theme, paper, fonts.faces(order.font_dirs))


@contextmanager
def sound_layout(name: str) -> Iterator[None]:
    """What the data of a broken layout provokes becomes a problem of that layout."""
    try:
        yield
    except (AttributeError, LookupError, TypeError, ValueError) as failure:
        message = f"its data cannot be used: {type(failure).__name__}, {failure}"
        hint = "compare the files of your shelf with those of the layout that ships"
        raise InputError([error("layout", f"layout {name}", message, hint)]) from failure


def _dossiers(desk: _Desk, outcome: Outcome) -> list[Dossier]:
    """The sound dossiers among those wanted; what is wrong with the others goes into the outcome."""
    records = _records(desk, outcome)
    linked = link.connect(records, desk.archive, only=desk.wanted, headings=_headings(desk, records, outcome))
    outcome.problems += linked.problems
    return list(linked.dossiers)


def _records(desk: _Desk, outcome: Outcome) -> list[Record]:
    """Load and validate what is wanted."""
    covered = fonts.coverage(desk.setting.faces)
    records = []
    for slug in desk.wanted:
        try:
            source = load.load(desk.paths[slug])
            records.append(validate.validate(source, desk.archive, desk.setting.layout.sections, covered))
        except InputError as failure:
            outcome.problems += failure.problems
    return records


def _headings(desk: _Desk, records: Iterable[Record], outcome: Outcome) -> dict[str, validate.Heading | None]:
    """Title and summary of the specimens that are not among ``records`` but that these may show."""
    records = list(records)
    here = {record.slug for record in records}
    named = {slug for record in records for slug in link.names(record)}
    if any(map(link.takes_closest, records)):
        named |= set(desk.paths)
    headings: dict[str, validate.Heading | None] = dict.fromkeys(desk.paths)
    for slug in sorted((named & set(desk.paths)) - here):
        try:
            headings[slug] = validate.heading(load.load(desk.paths[slug]), desk.archive)
        except InputError as failure:
            if not desk.everything:
                outcome.problems += failure.problems
    return headings


def _deliver(order: Order, desk: _Desk, sheet: Sheet, part: Part, outcome: Outcome) -> None:
    outcome.problems += part.problems
    outcome.parts.append(part)
    outcome.files.append(_write(order.output / "dossiers" / f"{part.slug}.pdf", part.pdf))
    if order.html:
        page = compose.standalone(sheet, part.density, desk.setting.faces)
        outcome.files.append(_write(order.html / f"{part.slug}.html", page.encode()))


def _write(path: Path, data: bytes) -> Path:
    """``output.write``, whose OSError then names the file that was meant, not the temporary one beside it."""
    try:
        return output.write(path, data)
    except OSError as failure:
        raise OSError(failure.errno, failure.strerror, str(path)) from failure


def _unwritten(failure: OSError) -> Problem:
    reason = (failure.strerror or str(failure)).lower()
    place = failure.filename or tempfile.gettempdir()  # without a name it is one of WeasyPrint's
    return error("not-written", str(place), f"the file cannot be written: {reason}")


def _on_file(archive: Archive) -> tuple[dict[str, str], dict[str, str]]:
    """Slugs and summaries by title of what the archive holds; what cannot be read is left out."""
    known: dict[str, str] = {}
    summaries: dict[str, str] = {}
    for path in settings.survey(archive.root).paths:
        try:
            heading = validate.heading(load.load(path), archive)
        except InputError:
            continue
        known[str(heading.title)] = heading.slug
        summaries[str(heading.title)] = str(heading.summary)
    return known, summaries


def _text_files(files: Iterable[Path]) -> list[Path]:
    """The files named, and those in the folders named. Raises UsageError for one that is not there."""
    found: dict[Path, None] = {}
    for path in files:
        if path.is_dir():
            found |= dict.fromkeys(sorted(inner for inner in path.rglob("*.txt") if inner.is_file()))
        elif path.is_file():
            found[path] = None
        else:
            raise UsageError(f"there is no file {path}")
    return list(found)


def _nearest(slug: str, known: Iterable[str]) -> str:
    near = wording.nearest(slug, known)
    return f" (did you mean {near}?)" if near else ""
