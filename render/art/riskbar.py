"""A risk as a bar, in the colour of its level."""

from __future__ import annotations

from .pen import Palette, box, hatch, outlined, stroke, svg


def draw(palette: Palette, *, percent: float, w: float = 22.0, h: float = 2.6) -> str:
    """The last band, from 70, is hatched as well."""
    share = min(100.0, max(0.0, percent))
    long = (w - 0.2) * share / 100
    parts = [outlined(box(0.1, 0.1, w - 0.2, h - 0.2), palette["card"], palette["ink"], 0.2)]
    if share:
        parts.append(outlined(box(0.1, 0.1, long, h - 0.2), palette[token(percent)], palette["ink"], 0.2))
    if share >= 70:
        parts.append(stroke(hatch(0.1, 0.1, long, h - 0.2, 1.6), palette["hatch"], 0.2))
    return svg(w, h, *parts)


def token(percent: float) -> str:
    """The palette token of a level: below 40, from 40, from 70."""
    return "g3" if percent >= 70 else "g2" if percent >= 40 else "g1"
