"""What is asked of the press, and what came of it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from .cache import DEFAULT_SIZE, Cache
from .editions import Edition
from .executors import Limits
from .problems import Problem, Severity

Progress = Callable[[int, int, str], None]
"""Told after each dossier that was made: how many are done, of how many, and which."""


@dataclass(frozen=True)
class Keeping:
    """Where finished parts are kept, and how many bytes of them. Without a folder nothing is kept."""

    folder: str | os.PathLike[str] | None = None
    size: int = DEFAULT_SIZE

    @property
    def cache(self) -> Cache | None:
        return Cache(Path(self.folder), self.size) if self.folder else None


@dataclass(frozen=True)
class Order:
    """What is wanted: which archive, which specimens, how set and where put. Empty values leave it to the archive.

    ``html`` is a folder for what goes into the typesetter; ``jobs`` the number of worker processes; ``relations``
    whether a check tells of related specimens that are not related in turn.
    """

    archive: Path
    edition: Edition = field(default_factory=Edition)
    layout: str = ""
    theme: str = ""
    paper: str = ""
    standard: str = ""
    """What files claim to be, see ``standards``."""
    shelves: tuple[Path, ...] = ()
    font_dirs: tuple[Path, ...] = ()
    output: Path = Path("out")
    html: Path | None = None
    rendition: str = ""
    """How the layout is thinned out for a purpose, such as ``mail``; empty for all of it."""
    fit: bool = True
    book: bool = False
    """Whether it is for a book: then layout and paper are those that archive.yaml names under ``anthology``."""
    jobs: int = field(default_factory=lambda: os.cpu_count() or 1)
    executor: str = ""
    """Who typesets: ``dask://HOST:PORT``, or empty for ``jobs`` processes of this machine."""
    limits: Limits = field(default_factory=Limits)
    keeping: Keeping = field(default_factory=Keeping)
    relations: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a dossier was made, or why not: what differs from the last run, by name."""

    slug: str
    changes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.slug}: {', '.join(self.changes) or 'unchanged'}"


@dataclass
class Outcome:
    """What came of an order: files in the archive's order, every problem, and what each dossier was made for."""

    files: list[Path] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    read: frozenset[Path] = frozenset()
    """Every file that had a part in it, and the folders where one more would."""
    typeset: int = 0
    """How many dossiers were typeset, not taken from what was kept."""

    @property
    def failed(self) -> bool:
        return any(problem.severity is Severity.ERROR for problem in self.problems)
