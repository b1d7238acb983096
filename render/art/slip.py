"""A routing slip: a head rule and a line for each office."""

from __future__ import annotations

from .pen import Palette, box, outlined, ruled, stroke, svg


def draw(
    palette: Palette, *, w: float = 62.0, h: float = 56.0, rows: int = 5, first: float = 20.3, pitch: float = 7.8
) -> str:
    """``rows`` lines, the first at ``first`` mm from the top."""
    lines = ruled(3, w - 3, (first + i * pitch for i in range(rows)))
    return svg(
        w,
        h,
        outlined(box(0.1, 0.1, w - 0.2, h - 0.2), palette["slip"], palette["slip_line"], 0.18),
        stroke(lines, palette["slip_line"], 0.18),
        stroke(ruled(3, w - 3, [8]), palette["form"], 0.42),
    )
