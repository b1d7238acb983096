"""A thumb tab on the fore edge, stepped down the page by its part's number."""

from __future__ import annotations

from typing import Literal

from .lettering import line
from .pen import Palette, num, outlined, page

_WIDE, _ROUND, _TOP = 6.2, 1.6, 26.0


def draw(
    palette: Palette,
    *,
    pw: float,
    ph: float,
    part: int,
    parts: int,
    label: str = "",
    side: Literal["recto", "verso"] = "recto",
    bleed: float = 0.0,
) -> str:
    """A whole page with nothing but the tab; ``part`` counts from 0. The tab runs into the bleed."""
    y, high = place(ph, part, parts)
    out = 1 if side == "recto" else -1
    edge = pw if side == "recto" else 0.0
    x, beyond, bend = edge - out * _WIDE, edge + out * (bleed + 1), out * _ROUND
    path = (
        f"M{num(beyond)} {num(y)}H{num(x + bend)}Q{num(x)} {num(y)} {num(x)} {num(y + _ROUND)}V{num(y + high - _ROUND)}"
        f"Q{num(x)} {num(y + high)} {num(x + bend)} {num(y + high)}H{num(beyond)}Z"
    )
    middle = edge - out * (_WIDE / 2 - 0.3)
    text = line(middle, y + high / 2 + 1.7, label, "stencil", _size(label), palette["thumb_fg"], anchor="middle")
    return page(pw, ph, bleed, outlined(path, palette["thumb"], palette["thumb_line"], 0.3), text)


def place(ph: float, part: int, parts: int) -> tuple[float, float]:
    """Top and height of a tab: no higher than 24 mm, all between 26 mm from the head and from the foot."""
    high = min(24.0, (ph - 50) / max(1, parts))
    step = (ph - 2 * _TOP - high) / (parts - 1) if parts > 1 else 0.0
    return _TOP + part * step, high


def _size(label: str) -> float:
    return 5.2 if len(label) < 2 else 4.0 if len(label) == 2 else 2.8
