"""The stages in order: from an archive's files to finished dossiers."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from . import compose, fonts, layouts, link, load, output, settings, validate
from . import intake as text_intake
from .problems import InputError, Problem, Severity, UsageError, error
from .record import Dossier, Part, Record, Sheet
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
    desk = _open(order, outcome)
    if desk:
        records = _records(desk, outcome)
        outcome.problems += link.problems(
            records, desk.archive, only=desk.wanted, headings=_headings(desk, records, outcome)
        )
    return outcome


def render(order: Order, tell: Progress | None = None) -> Outcome:
    """Make the dossiers of all sound records asked for; the outcome says what was wrong with the others."""
    outcome = Outcome()
    desk = _open(order, outcome)
    dossiers = _dossiers(desk, outcome) if desk else []
    if not desk or not dossiers:
        return outcome

    from .typeset import Typesetter

    typesetter = Typesetter(desk.setting.faces, (desk.archive.root, *desk.setting.layout.roots))
    for done, dossier in enumerate(dossiers, 1):
        try:
            sheet = compose.compose(dossier, desk.archive, desk.setting)
            part = typesetter.typeset(sheet, density="" if order.fit else sheet.density)
            _deliver(order, desk, sheet, part, outcome)
        except InputError as failure:
            outcome.problems += failure.problems
        if tell:
            tell(done, len(dossiers), dossier.record.slug)
    return outcome


def intake(files: Sequence[Path], folder: Path, archive_folder: Path, family: str, *, replace: bool) -> Outcome:
    """Text records into YAML files in ``folder``. Titles are matched to the specimens on file and to each other."""
    outcome = Outcome()
    archive = settings.read(archive_folder)
    if family not in {known.key for known in archive.families}:
        keys = ", ".join(known.key for known in archive.families)
        raise UsageError(f"no family {family!r} in {archive.path}; there are: {keys}")
    texts: dict[Path, bytes] = {}
    known, summaries = _on_file(archive)
    for path in _text_files(files):
        try:
            texts[path] = path.read_bytes()
            glimpse = text_intake.glance(texts[path], name=str(path))
            known[glimpse.title] = glimpse.slug
            summaries |= {title: text for title, text in glimpse.summaries.items() if title not in summaries}
        except InputError as failure:
            outcome.problems += failure.problems
            texts.pop(path)
    taken: dict[str, Path] = {}
    for path, text in texts.items():
        try:
            record = text_intake.read(text, name=str(path), family=family, known=known, summaries=summaries)
        except InputError as failure:
            outcome.problems += failure.problems
            continue
        target = folder / f"{record.slug}.yaml"
        if record.slug in taken:
            message = f"{taken[record.slug]} is the same record, {record.slug}"
            outcome.problems.append(error("duplicate-slug", path, message))
        elif target.exists() and not replace:
            message = f"{target} is there already"
            outcome.problems.append(error("exists", path, message, "--force replaces it"))
        else:
            taken[record.slug] = path
            outcome.problems += record.problems
            outcome.files.append(output.write(target, record.yaml.encode()))
    return outcome


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
        layout = layouts.find(order.layout or archive.layout, order.shelves)
    except InputError as failure:
        outcome.problems += failure.problems
        return None
    theme = order.theme or archive.theme
    layout.theme(theme)
    setting = compose.Setting(layout, theme, layout.paper(order.paper or archive.paper), fonts.faces(order.font_dirs))
    survey = settings.survey(archive.root)
    paths = {path.stem: path for path in survey.paths}
    outcome.problems += archive.warnings
    for slug in order.slugs:
        if slug not in paths:
            raise UsageError(f"no specimen {slug!r} in {archive.root}{_nearest(slug, paths)}")
    if not order.slugs:
        outcome.problems += survey.problems
    return _Desk(archive, setting, paths, order.slugs or tuple(paths), not order.slugs)


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
    outcome.files.append(output.write(order.output / "dossiers" / f"{part.slug}.pdf", part.pdf))
    if order.html:
        page = compose.standalone(sheet, part.density, desk.setting.faces)
        outcome.files.append(output.write(order.html / f"{part.slug}.html", page.encode()))


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
    near = difflib.get_close_matches(slug, known, 1)
    return f"; did you mean {near[0]}?" if near else ""
