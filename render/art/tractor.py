"""A tile with one sprocket hole, to be repeated down the edge of continuous paper."""

from __future__ import annotations

from .pen import Palette, circle, outlined, svg


def draw(palette: Palette, *, w: float = 5.5, pitch: float = 4.41) -> str:
    return svg(w, pitch, outlined(circle(w / 2, pitch / 2, 1.05), palette["paper"], palette["form"], 0.18))
