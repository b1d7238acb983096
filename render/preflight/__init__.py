"""A PDF, a preset -> verdicts: whether a printing house will take the file, by reading it and not by trust."""

from __future__ import annotations

from collections.abc import Callable

from ..pdf import look
from ..presets import Preset
from . import boxes, colours, files, letters, places
from .spec import COVER, INTERIOR, SHEETS, Spec, cut_to, of
from .verdict import Finding, Report, Verdict

__all__ = [
    "CHECKS",
    "COVER",
    "INTERIOR",
    "SHEETS",
    "Finding",
    "Report",
    "Spec",
    "Verdict",
    "check",
    "cut_to",
    "judge",
    "of",
]

CHECKS: tuple[Callable[[look.Seen, Spec], Verdict], ...] = (
    boxes.boxes,
    boxes.filled,
    boxes.count,
    letters.fonts,
    letters.sizes,
    letters.lines,
    colours.spaces,
    colours.text,
    colours.ink,
    letters.knocked_out,
    places.pictures,
    places.codes,
    places.margins,
    colours.transparency,
    colours.intent,
    files.notes,
    files.lock,
    files.size,
)


def check(data: bytes, name: str, spec: Spec) -> Report:
    """Hold a file against what is asked of it. Raises InputError for what is no PDF, or one that is locked."""
    return _report(look.look(data, name), name, spec)


def judge(data: bytes, name: str, preset: Preset, part: str = "", trim: tuple[float, float] | None = None) -> Report:
    """The same for a part of a preset's job, whose gutter depends on the pages there are. ``trim`` is mm.

    Raises InputError as ``check`` does, UsageError for a part that the preset does not have.
    """
    of(preset, part)
    seen = look.look(data, name)
    spec = of(preset, part, len(seen.pages))
    return _report(seen, name, cut_to(spec, *trim) if trim else spec)


def _report(seen: look.Seen, name: str, spec: Spec) -> Report:
    return Report(name, spec.name, spec.part, len(seen.pages), tuple(one(seen, spec) for one in CHECKS))
