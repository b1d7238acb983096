"""What a file is held against: a preset's numbers for one part of a print job."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..presets import Checks, Edges, Ink, Preset
from ..problems import UsageError

INTERIOR, COVER, SHEETS = "interior", "cover", "sheets"


@dataclass(frozen=True, slots=True)
class Spec:
    """Lengths in mm; 0 or ``None`` is not asked for."""

    name: str
    part: str
    checks: Checks
    ink: Ink
    bleed: Edges | None = None
    marks: str = "none"
    multiple: int = 1
    blank_at_end: int = 0
    least: int = 0
    most: int = 0
    safety: Edges | None = None
    """What stays free inside the trim."""
    trim: tuple[float, float] | None = None
    """Width and height; without it, pages must agree with each other only."""


def of(preset: Preset, part: str = "", pages: int = 0) -> Spec:
    """What a preset asks of a part: of the interior of a house's book unless said otherwise, else of sheets.

    Raises UsageError for a part that the preset does not know.
    """
    part = part or (INTERIOR if preset.interior else SHEETS)
    if part == INTERIOR and preset.interior:
        asked = preset.interior
        inner = asked.gutter(pages) if asked.inner is None else asked.inner
        return Spec(
            preset.name, part, preset.checks, asked.ink, asked.bleed, asked.marks, asked.multiple, asked.blank_at_end,
            asked.least, asked.most, Edges(asked.outer, asked.outer, asked.outer, inner),
        )  # fmt: skip
    if part == COVER and preset.cover:
        board = preset.cover
        bleed = Edges(*[board.bleed] * 4)
        safety = Edges(*[board.safety] * 4)
        return Spec(preset.name, part, preset.checks, board.ink, bleed, board.marks, 1, 0, 1, 1, safety)
    if part == SHEETS and preset.office:
        free = Edges(*[preset.office.printable] * 4)
        return Spec(
            preset.name, part, preset.checks, preset.office.ink, None, safety=free, multiple=preset.office.multiple
        )
    if part == SHEETS and preset.booklet:
        return Spec(preset.name, part, preset.checks, preset.booklet.ink, None, multiple=2)
    known = [INTERIOR, COVER] if preset.interior else [SHEETS]
    raise UsageError(f"preset {preset.name} has no part {part!r}; there are: {', '.join(known)}")


def cut_to(spec: Spec, width: float, height: float) -> Spec:
    """The same for pages of one size in mm."""
    return replace(spec, trim=(width, height))
