"""Many text records at once: titles are matched to the specimens on file and to each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from .. import load, output, settings, validate
from ..orders import Outcome
from ..problems import InputError, UsageError, error
from ..settings import Archive
from . import glance, read


def take_in(files: Sequence[Path], folder: Path, archive_folder: Path, family: str, *, replace: bool) -> Outcome:
    """Text records into YAML files in ``folder``. A file that cannot be written ends the run.

    Raises UsageError for a family or a file that is not there, InputError for a broken archive.yaml.
    """
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
            glimpse = glance(text, name=str(path))
        except InputError as failure:
            outcome.problems += failure.problems
        else:
            texts[path] = text
            known[glimpse.title] = glimpse.slug
            summaries = {**glimpse.summaries, **summaries}
    taken: dict[str, Path] = {}
    for path, text in texts.items():
        try:
            record = read(text, name=str(path), family=family, known=known, summaries=summaries)
            target = folder / f"{record.slug}.yaml"
            _make_way(path, target, taken.setdefault(record.slug, path), replace=replace)
            outcome.files.append(output.write(target, record.yaml.encode()))
            outcome.problems += record.problems
        except InputError as failure:
            outcome.problems += failure.problems
        except OSError as failure:
            outcome.problems.append(output.unwritten(failure))
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
