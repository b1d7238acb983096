"""A PDF, a preset -> verdicts: whether a printing house will take the file, by reading it and not by trust."""

from __future__ import annotations

from collections.abc import Callable

from ..pdf import look
from . import boxes, colours, files, letters, places
from .spec import COVER, INTERIOR, SHEETS, Spec, cut_to, of
from .verdict import Finding, Report, Verdict

__all__ = ["CHECKS", "COVER", "INTERIOR", "SHEETS", "Finding", "Report", "Spec", "Verdict", "check", "cut_to", "of"]

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
    seen = look.look(data, name)
    return Report(name, spec.name, spec.part, len(seen.pages), tuple(one(seen, spec) for one in CHECKS))
