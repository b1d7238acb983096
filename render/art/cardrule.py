"""A tile with one rule of an index card, to be repeated both ways."""

from __future__ import annotations

from .pen import Palette, ruled, stroke, svg


def draw(palette: Palette, *, pitch: float = 4.41, w: float = 20.0) -> str:
    return svg(w, pitch, stroke(ruled(0, w, [pitch - 0.1]), palette["index_rule"], 0.16))
