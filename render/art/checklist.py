"""A ruled list with a pen tick at the end of every line."""

from __future__ import annotations

import math

from .pen import Palette, Point, line, rng, ruled, stroke, svg


def draw(
    palette: Palette, *, seed: str = "checklist", n: int, w: float, pitch: float, columns: int = 1, gap: float = 6.0
) -> str:
    """``n`` lines ``pitch`` mm apart, filling the first column before the next."""
    r = rng("checklist", seed)
    rows, wide = math.ceil(n / columns), column(w, columns, gap)
    heads = rules = ticks = ""
    for k in range(n):
        x0, y = (k // rows) * (wide + gap), (k % rows + 1) * pitch
        if k % rows == 0:
            heads += ruled(x0, x0 + wide, [0.16])
        rules += ruled(x0, x0 + wide, [y])
        x, foot = x0 + wide - 4.4 + r.uniform(-0.5, 0.5), y - 1.6 + r.uniform(-0.3, 0.3)
        dip: Point = (x + 0.9, foot + 1 + r.uniform(-0.2, 0.2))
        rise: Point = (dip[0] + 2.1 + r.uniform(-0.3, 0.5), dip[1] - 2.9 + r.uniform(-0.4, 0.4))
        ticks += line([(x, foot), dip, rise])
    return svg(
        w,
        rows * pitch + 1,
        stroke(heads, palette["form"], 0.32),
        stroke(rules, palette["manila_line"], 0.14),
        stroke(ticks, palette["pen"], 0.48, cap="round", join="round"),
    )


def column(w: float, columns: int, gap: float = 6.0) -> float:
    """The width of one of the list's columns."""
    return (w - gap * (columns - 1)) / columns
