"""What a press needs, as bytes, for a machine that shares no disk with ours; and what it made, in our terms again.

Files travel by their names under ``archive/``, ``shelves/0/…`` and ``fonts/0/…``. What ships with the press does not
travel: ``identity`` tells whether the press over there is the same.
"""

from __future__ import annotations

import functools
import hashlib
import os
import pickle
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from . import layouts, press, recipe
from .home import HOME, Moves
from .press import Brief, Made
from .problems import InputError, Problem, SetupError, UsageError

_PICTURES = (".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".tif", ".tiff")
SERVED = frozenset((*_PICTURES, ".css", ".ttf", ".otf", ".woff", ".woff2", ".icc"))
"""What a layout may show of an archive: pictures, styles, fonts, colour profiles. Records stay at home."""

MOST = 256 << 20
"""Bytes of files that a bundle may hold: each machine is sent all of them."""


@dataclass(frozen=True)
class Bundle:
    """A brief with its files. Its stamp is the digest of both; ``folders`` are ours, by their names in the bundle."""

    brief: Brief
    files: Mapping[str, bytes]
    folders: Mapping[str, tuple[Path, ...]]
    home: Path

    @classmethod
    def of(cls, brief: Brief) -> Bundle:
        """Raises UsageError when there is too much of it, OSError for a file that cannot be read."""
        roots = {"archive": brief.archive.root}
        roots |= {f"shelves/{number}": shelf for number, shelf in enumerate(brief.shelves)}
        roots |= {f"fonts/{number}": folder for number, folder in enumerate(brief.font_dirs)}
        files: dict[str, bytes] = {}
        size = 0
        for name, path in _files(brief, roots):
            files[name] = path.read_bytes()
            size += len(files[name])
            if size > MOST:
                message = f"pictures, layouts and fonts are more than {MOST >> 20} MiB, too much to send to a cluster"
                raise UsageError(message)
        folders = {name: tuple(dict.fromkeys((root.absolute(), root.resolve()))) for name, root in roots.items()}
        # The settings of a mail server are nobody's business over there.
        plain = replace(brief, stamp="", archive=replace(brief.archive, smtp={}))
        listed = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
        stamp = recipe.digest([plain, listed, {name: [str(path) for path in found] for name, found in folders.items()}])
        return cls(replace(plain, stamp=stamp), files, folders, HOME)

    @property
    def stamp(self) -> str:
        return self.brief.stamp

    def unpack(self, folder: Path) -> Brief:
        """Write the files into an empty folder; the brief as it reads with them there."""
        for name in self.folders:
            (folder / name).mkdir(parents=True, exist_ok=True)
        for name, data in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        root, brief = folder / "archive", self.brief
        return replace(
            brief,
            archive=replace(brief.archive, root=root, path=root / brief.archive.path.name),
            shelves=tuple(folder / f"shelves/{number}" for number in range(len(brief.shelves))),
            font_dirs=tuple(folder / f"fonts/{number}" for number in range(len(brief.font_dirs))),
            moved=self._moves(folder),
        )

    def returned(self, made: Made, folder: Path) -> Made:
        """What was made from the files unpacked in ``folder``, with every path as it is at home."""
        moves = (*((here, there) for there, here in self._moves(folder)), (HOME, self.home))
        problems = _problems(made.problems, moves)
        if made.part is None:
            return Made(None, problems)
        part = replace(
            made.part,
            read=frozenset(_back(path, moves) for path in made.part.read),
            problems=_problems(made.part.problems, moves),
            remarks=_problems(made.part.remarks, moves),
        )
        return Made(part, problems)

    def refused(self, failure: InputError, folder: Path) -> InputError:
        """An error of the layout, with every path as it is at home."""
        return InputError(self.returned(Made(None, failure.problems), folder).problems)

    def _moves(self, folder: Path) -> Moves:
        """From ours to theirs. The resolved name is the last, so that it is the one that stays when turned round."""
        found = [(path, folder / name) for name, paths in self.folders.items() for path in reversed(paths)]
        return tuple(sorted(found, key=lambda move: -len(move[0].parts)))


@functools.cache
def identity() -> dict[str, str]:
    """What must be the same on two machines for the same bytes to come of a job, by name."""
    ships = [path for folder in ("layouts", "fonts") for path in sorted((HOME / folder).rglob("*")) if path.is_file()]
    listed = [(str(path.relative_to(HOME)), recipe.of_file(path)) for path in ships]
    return {**recipe.versions(), "the press": recipe.code(), "its layouts and fonts": recipe.digest(listed)}


def differences(ours: Mapping[str, str], theirs: Mapping[str, str]) -> list[str]:
    """Where two identities differ, in plain words."""
    found = []
    for name in sorted(ours.keys() | theirs.keys()):
        one, other = ours.get(name, "missing"), theirs.get(name, "missing")
        if one != other:
            digests = len(one) == len(other) == 64  # a SHA-256 in hex
            found.append(f"{name} differs" if digests else f"{name} is {other} there and {one} here")
    return found


_briefs: list[Brief] = []


def warm(brief: Brief, ours: Mapping[str, str]) -> None:
    """Set up the press of this process. Raises SetupError when it would make other bytes than the caller's."""
    if wrong := differences(ours, identity()):
        raise SetupError(f"a worker has another press: {', '.join(wrong[:5])}; install the same version")
    _briefs[:] = [brief]
    press.warm(brief)


def make(job: bytes) -> bytes:
    """A pickled item to a pickled Made, by this process's press."""
    return pickle.dumps(press.make((_briefs[0], pickle.loads(job))))


def _files(brief: Brief, roots: Mapping[str, Path]) -> Iterator[tuple[str, Path]]:
    layout = layouts.find(brief.layout, brief.shelves)
    for name, root in roots.items():
        kind = name.partition("/")[0]
        if kind == "archive":
            found = _served(root)
        elif kind == "fonts":
            found = sorted(path for path in root.rglob("*") if path.suffix.lower() in {".ttf", ".otf"})
        else:
            root = root.resolve()  # noqa: PLW2901 - the layout names its files so
            found = sorted(path for path in layout.files if path.is_relative_to(root))
        for path in found:
            yield str(PurePosixPath(name, path.relative_to(root))), path


def _served(root: Path) -> list[Path]:
    """Files of the archive that a layout may show. Hidden folders are left out, and links that lead out of it."""
    found = []
    inside = root.resolve()
    for place, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(place, name)
            if path.suffix.lower() in SERVED and path.is_file() and path.resolve().is_relative_to(inside):
                found.append(path)
    return sorted(found)


def _back(path: Path, moves: Moves) -> Path:
    """The name at home of a file that need not be here."""
    places = (there / path.relative_to(here) for here, there in moves if path.is_relative_to(here))
    return next(places, path)


def _problems(problems: Iterable[Problem], moves: Moves) -> tuple[Problem, ...]:
    return tuple(_problem(problem, moves) for problem in problems)


def _problem(problem: Problem, moves: Moves) -> Problem:
    file, message, hint = problem.where.file, problem.message, problem.hint
    for before, after in moves:
        file, message, hint = (text.replace(str(before), str(after)) for text in (file, message, hint))
    return replace(problem, where=replace(problem.where, file=file), message=message, hint=hint)
