"""A circular date stamp: the date between two bars, words above and below."""

from __future__ import annotations

import math
import random

from .lettering import line, measure
from .pen import TURN, Palette, clipped, fill, polygon, rng, ruled, stroke, svg, worn

_WORDS, _TRACKING = 0.64, 0.08
"""Share of the diameter that words above and below the bars may fill, and the space between their letters in em."""


def draw(palette: Palette, *, seed: str, top: str, date: str, bottom: str, d: float = 29.0, ink: str = "pen") -> str:
    """``d`` is the outer ring's diameter; long words shrink to stay inside it."""
    r, colour, c = rng("round_stamp", seed), palette[ink], d / 2 + 1
    ring = _ring(r, c, d / 2, 0.75, 0.08) + _ring(r, c, d / 2 - 1.4, 0.22, 0.05)
    bar = d * 0.17
    bars = ruled(c - d * 0.46, c + d * 0.46, (c - bar, c + bar))
    small, large = d * 0.11, d * 0.155
    text = line(c, c + d * 0.052, date, "elite", _shrunk(date, "elite", large, d * 0.80), colour, anchor="middle")
    for words, y in ((top, c - bar - d * 0.05), (bottom, c + bar + d * 0.128)):
        size = _shrunk(words, "form", small, d * _WORDS, _TRACKING)
        text += line(c, y, words, "form", size, colour, anchor="middle", spacing=_TRACKING * size)
    body = fill(ring, colour) + stroke(bars, colour, 0.35) + text
    return svg(d + 2, d + 2, clipped(worn(r, d + 2, d + 2, int(d * 1.6)), body))


def _shrunk(text: str, role: str, size: float, room: float, tracking: float = 0.0) -> float:
    return min(size, size * room / (measure(text, role, size, tracking * size) or 1))


def _ring(r: random.Random, c: float, radius: float, width: float, amount: float) -> str:
    path = ""
    count = int(radius * 2.6)
    for reach, sign in ((radius, 1), (radius - width, -1)):
        points = []
        for i in range(count):
            angle, wander = sign * TURN * i / count, r.uniform(-amount, amount)
            points.append((c + (reach + wander) * math.cos(angle), c + (reach + wander) * math.sin(angle)))
        path += polygon(points)
    return path
