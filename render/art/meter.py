"""A level meter: how many of its segments are dark says how much."""

from __future__ import annotations

from .pen import Palette, box, fill, svg


def draw(palette: Palette, *, percent: float, w: float = 21.0, h: float = 2.6, segments: int = 20) -> str:
    pitch = w / segments
    lit = lit_segments(percent, segments)
    bars = [box(i * pitch, 0, pitch * 0.68, h) for i in range(segments)]
    return svg(w, h, fill("".join(bars[:lit]), palette["ink"]), fill("".join(bars[lit:]), palette["rule"]))


def lit_segments(percent: float, segments: int = 20) -> int:
    """Rounded to the nearest segment, half up; all are lit only at 100."""
    lit = int(min(100.0, max(0.0, percent)) * segments / 100 + 0.5)
    return lit if percent >= 100 else min(lit, segments - 1)
