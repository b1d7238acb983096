"""A book or dossiers, and a preset -> files for print, each one checked after it is made."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..orders import Order, Outcome, Progress
from ..presets import Preset
from . import spool

if TYPE_CHECKING:
    from ..preflight import Report

__all__ = ["Job", "Printed", "dossiers", "make", "spool"]


@dataclass(frozen=True)
class Job:
    """How it is to be printed. Empty values leave it to the preset; lengths are mm."""

    preset: Preset
    folder: Path
    """Where files go."""
    stock: str = ""
    spine: float = 0.0
    is_proof: bool = False
    paper: str = ""
    """The sheet of an office or a booklet."""
    printable: float = -1.0
    signature: int = 0
    thickness: float = -1.0


@dataclass
class Printed:
    """What came of it. ``remarks`` say in words what was computed; ``sides`` is how a printer turns sheets."""

    outcome: Outcome
    files: list[Path] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    stats: dict[str, Any] = field(default_factory=dict)
    sides: str = spool.LONG

    @property
    def passed(self) -> bool:
        return bool(self.reports) and all(report.passed for report in self.reports)


def make(order: Order, job: Job, tell: Progress | None = None) -> Printed:
    """The book for print. Raises UsageError for a stock, paper or signature that cannot be."""
    from . import work

    return work.make(order, job, tell)


def dossiers(order: Order, job: Job, tell: Progress | None = None) -> Printed:
    """Single dossiers, each on sheets of its own. Raises UsageError for a preset that binds books."""
    from . import work

    return work.dossiers(order, job, tell)
