"""The warning triangle."""

from __future__ import annotations

from .pen import Palette, circle, fill, outlined, polygon, stroke, svg


def draw(palette: Palette, *, w: float = 11.0) -> str:
    fg = palette["haz_fg"]
    triangle = polygon([(w / 2, 0.5), (w - 0.4, w * 0.87), (0.4, w * 0.87)])
    return svg(
        w,
        w * 0.91,
        outlined(triangle, palette["haz_bg"], fg, 0.7, join="round"),
        stroke(f"M{w / 2:.2f} {w * 0.30:.2f}V{w * 0.56:.2f}", fg, 1.25, cap="round"),
        fill(circle(w / 2, w * 0.72, 0.75), fg),
    )
