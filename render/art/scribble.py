"""A mark of the pen: a ring round something, a line under it, an arrow, a tick, a strike."""

from __future__ import annotations

import math
import random
from typing import Literal

from .pen import Palette, Point, line, rng, smooth, stroke, svg

Kind = Literal["ring", "under", "arrow", "tick", "strike"]


def draw(
    palette: Palette, *, kind: Kind, w: float, h: float, seed: str = "", ink: str = "pen", width: float = 0.5
) -> str:
    """``w`` and ``h`` are the box the mark fills; ``width`` is the pen's."""
    r = rng("scribble", kind, seed)
    path = _MARKS[kind](r, w, h)
    return svg(w, h, stroke(path, palette[ink], width, cap="round", join="round"))


def _ring(r: random.Random, w: float, h: float) -> str:
    """More than once round, and never quite closed."""
    start, points = r.uniform(-2.4, -1.6), []
    for i in range(21):
        angle, grow = start + 7.1 * i / 20, 1 - 0.05 * i / 20
        x, y = (w / 2 - 0.8) * grow * math.cos(angle), (h / 2 - 0.8) * grow * math.sin(angle)
        points.append((w / 2 + x + r.uniform(-0.15, 0.15), h / 2 + y + r.uniform(-0.15, 0.15)))
    return smooth(points, closed=False)


def _under(r: random.Random, w: float, h: float) -> str:
    there = [(0.3 + (w - 0.6) * i / 6, h * (0.35 + r.uniform(-0.12, 0.12))) for i in range(7)]
    back = [(w * 0.62, h * 0.72), (w * r.uniform(0.2, 0.35), h * 0.86)]
    return smooth([*there, *back], closed=False)


def _arrow(r: random.Random, w: float, h: float) -> str:
    tip: Point = (w * 0.93, h * 0.84)
    bend = [(w * 0.28, h * r.uniform(0.04, 0.14)), (w * 0.64, h * r.uniform(0.26, 0.4))]
    points = [(0.3, h * r.uniform(0.1, 0.3)), *bend, tip]
    barbs = [(w * 0.66, h * r.uniform(0.84, 0.95)), tip, (w * r.uniform(0.84, 0.92), h * 0.42)]
    return smooth(points, closed=False) + line(barbs)


def _tick(r: random.Random, w: float, h: float) -> str:
    dip = (w * r.uniform(0.26, 0.38), h - 0.3)
    return smooth([(0.3, h * r.uniform(0.48, 0.6)), dip, (w - 0.3, 0.3)], closed=False)


def _strike(r: random.Random, w: float, h: float) -> str:
    points = [(0.3 + (w - 0.6) * i / 4, h * (0.55 - 0.1 * i / 4) + r.uniform(-0.08, 0.08) * h) for i in range(5)]
    return smooth(points, closed=False)


_MARKS = {"ring": _ring, "under": _under, "arrow": _arrow, "tick": _tick, "strike": _strike}
