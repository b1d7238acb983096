"""Many text records at once: titles are matched to the specimens on file and to each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from .. import inline, load, output, settings, validate
from ..load import Source
from ..orders import Outcome
from ..problems import InputError, UsageError, error, reason_of
from ..settings import Archive
from . import Glimpse, glance, read
from .lines import MAX_BYTES
from .others import Others


def take_in(files: Sequence[Path], folder: Path, archive_folder: Path, family: str, *, replace: bool) -> Outcome:
    """Text records into YAML files in ``folder``. A file that cannot be written ends the run.

    Raises UsageError for a family or a file that is not there, InputError for a broken archive.yaml.
    """
    outcome = Outcome()
    archive = settings.read(archive_folder)
    keys = [known.key for known in archive.families]
    if family not in keys:
        raise UsageError(f"there is no family {family!r} in {archive.path}; there are: {', '.join(keys)}")
    texts: dict[Path, bytes] = {}
    glimpses: dict[Path, Glimpse] = {}
    for path in _text_files(files):
        try:
            texts[path] = _bytes(path)
            glimpses[path] = glance(texts[path], name=str(path))
        except InputError as failure:
            outcome.problems += failure.problems
    on_file = {path.stem: path for path in settings.survey(archive.root).paths}
    others = _others(on_file, glimpses.values(), archive, folder if replace else None)
    taken: dict[str, Path] = {}
    for path, glimpse in glimpses.items():
        try:
            target = folder / f"{glimpse.slug}.yaml"
            first = taken.setdefault(glimpse.slug, path)
            _make_way(path, target, first, on_file.get(glimpse.slug), archive, replace=replace)
            record = read(texts[path], name=str(path), family=family, others=others)
            outcome.files.append(output.write(target, record.yaml.encode()))
            outcome.problems += record.problems
        except InputError as failure:
            outcome.problems += failure.problems
        except OSError as failure:
            outcome.problems.append(output.unwritten(failure))
            break
    return outcome


def _make_way(path: Path, target: Path, first: Path, filed: Path | None, archive: Archive, *, replace: bool) -> None:
    """Raise InputError where a text's YAML would stand in the place of another, or beside it under the same slug."""
    if first != path:
        raise InputError([error("duplicate-slug", path, f"{first} is the same record, {target.stem}")])
    if target.exists() and not replace:
        raise InputError([error("exists", path, f"{target} is there already", "--force replaces it")])
    if filed and target.resolve() != filed.resolve() and target.resolve().is_relative_to(archive.root.resolve()):
        message = f"a specimen called {target.stem} is on file as {filed}; {target} would be a second one"
        raise InputError([error("duplicate-slug", path, message, f"-o {filed.parent} puts it there")])


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as reason:
        detail = reason_of(reason)
        raise InputError([error("unreadable", path, f"the file cannot be read: {detail}")]) from reason


def _others(
    on_file: Mapping[str, Path], glimpses: Iterable[Glimpse], archive: Archive, replaced_in: Path | None
) -> Others:
    """What the archive and the texts say of each other.

    What is on file counts first, but for the summary of a record that is about to be replaced: it may be a guess.
    """
    seen = list(glimpses)
    about_to_go = {glimpse.slug for glimpse in seen} if replaced_in else set()
    titles: list[tuple[str, str]] = []
    told: dict[str, str] = {}
    cards: list[tuple[str, str]] = []
    for path in on_file.values():
        try:
            source = load.load(path)
            heading = validate.heading(source, archive)
        except InputError:
            continue
        titles.append((str(heading.title), heading.slug))
        if not (replaced_in and heading.slug in about_to_go and path.parent.resolve() == replaced_in.resolve()):
            told[heading.slug] = str(heading.summary)
        cards.extend(_cards(source))
    titles += [(glimpse.title, glimpse.slug) for glimpse in seen]
    cards += [card for glimpse in seen for card in glimpse.summaries.items()]
    named = Others(titles)
    for title, summary in cards:
        found = named.named(title)
        if found and not found.guess:
            told.setdefault(found.slug, summary)
    return Others(titles, told)


def _cards(source: Source) -> Iterator[tuple[str, str]]:
    """Title and summary of the roles that a specimen relates to in so many words."""
    related: Any = source.data.get("related") if isinstance(source.data, dict) else None
    for item in related if isinstance(related, list) else ():
        title, summary = (item.get("title"), item.get("summary")) if isinstance(item, dict) else (None, None)
        if isinstance(title, str) and isinstance(summary, str):
            try:
                yield str(inline.parse(title, "", ())), str(inline.parse(summary, "", ()))
            except inline.MarkError:
                continue


def _text_files(files: Iterable[Path]) -> list[Path]:
    """The files named, and those in the folders named, each once.

    Raises UsageError for one that is not there, and for a folder without a text.
    """
    found: dict[Path, Path] = {}
    for path in files:
        if path.is_dir():
            inside = sorted(inner for inner in path.rglob("*") if _is_text(inner))
            if not inside:
                raise UsageError(f"there is no text (*.txt) in {path}")
        elif path.is_file():
            inside = [path]
        else:
            raise UsageError(f"there is no file {path}")
        for inner in inside:
            found.setdefault(inner.resolve(), inner)
    return list(found.values())


def _is_text(path: Path) -> bool:
    """Whether a walk takes a file. Hidden ones (``._role.txt`` of some systems) are none."""
    return path.suffix.lower() == ".txt" and not path.name.startswith(".") and path.is_file()
