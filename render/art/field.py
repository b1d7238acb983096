"""The ruled field alone, for the book's pages: their tabs and folios are put on at binding."""

from __future__ import annotations

from .pen import Palette, page
from .sheet import field as rules


def draw(
    palette: Palette,
    *,
    pw: float,
    ph: float,
    left: float,
    right: float,
    top: float,
    bottom: float,
    pitch: float = 6.35,
    bleed: float = 0.0,
) -> str:
    """A whole page; the four margins are this page's own."""
    return page(pw, ph, bleed, rules(palette, left, pw - right, top, ph - bottom, pitch))
