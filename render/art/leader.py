"""A leader's dot, a tile repeated from a line's words to its page."""

from __future__ import annotations

from .pen import Palette, circle, fill, svg


def draw(palette: Palette, *, w: float = 1.7, h: float = 0.7, ink: str = "form") -> str:
    """A tile ``w`` x ``h`` mm with its dot at the foot; ``ink`` is a palette token."""
    return svg(w, h, fill(circle(w / 2, h - 0.24, 0.19), palette[ink]))
