"""A rubber stamp: words in a ragged frame, worn where it was pressed least."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from .lettering import accented, line, measure
from .pen import Palette, clipped, fill, rng, rough_frame, svg, worn

_CAP, _ACCENT = 0.70, 0.17
_PAD_X = 0.55
_EDGE = 0.9
"""Room for the ragged edge, in mm."""


def draw(
    palette: Palette,
    *,
    lines: Sequence[tuple[str, float]],
    seed: str,
    ink: str = "red",
    size: float = 7.0,
    face: str = "stencil",
    frame: Literal["double", "single"] = "double",
    wear: Literal["all", "frame"] = "all",
    worn_by: float = 0.55,
    spacing: float = 0.35,
    w: float = 0.0,
) -> str:
    """``lines`` are words with their size relative to ``size`` (mm of type). ``ink`` is a palette token.

    With ``w`` the stamp is never wider than that: the type shrinks. ``wear="frame"`` keeps the words whole, for
    words that carry a figure.
    """
    unit, widest = _fit(lines, size, face, spacing, w)
    gap, pad_x, pad_y = unit * 0.28, unit * _PAD_X, unit * 0.38
    rises = [unit * share * (_CAP + _ACCENT * accented(text)) for text, share in lines]
    tall = sum(rises) + gap * (len(lines) - 1)
    width, height = widest + 2 * (pad_x + _EDGE), tall + 2 * (pad_y + _EDGE)
    r, colour = rng("stamp", seed, *(text for text, _ in lines)), palette[ink]

    border = rough_frame(r, _EDGE, _EDGE, width - 2 * _EDGE, height - 2 * _EDGE, unit * 0.10, 0.09)
    if frame == "double":
        inset = _EDGE + unit * 0.19
        border += rough_frame(r, inset, inset, width - 2 * inset, height - 2 * inset, unit * 0.035, 0.05)
    words, y = "", _EDGE + pad_y
    for (text, share), rise in zip(lines, rises, strict=True):
        y += rise
        words += line(width / 2, y, text, face, unit * share, colour, anchor="middle", spacing=spacing)
        y += gap
    mask = worn(r, width, height, int(min(80, width * height * 0.12 * worn_by)))
    edge = fill(border, colour)
    return svg(width, height, clipped(mask, edge + words) if wear == "all" else clipped(mask, edge) + words)


def _fit(lines: Sequence[tuple[str, float]], size: float, face: str, spacing: float, w: float) -> tuple[float, float]:
    """The size of type that keeps the stamp within ``w``, and the width of its longest line."""
    for text, share in lines if w else ():
        room = w - 2 * _EDGE - spacing * (len(text) - 1)
        size = min(size, room / (measure(text, face, share) + 2 * _PAD_X))
    return size, max(measure(text, face, size * share, spacing) for text, share in lines)
