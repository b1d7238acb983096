"""What is asked of the printer, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..orders import Outcome
from ..presets import Preset
from .spool import LONG

if TYPE_CHECKING:
    from ..preflight import Report


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
    sides: str = LONG

    @property
    def passed(self) -> bool:
        return bool(self.reports) and all(report.passed for report in self.reports)
