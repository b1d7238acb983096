"""A half-round instrument from 0 to 100; its bands are told apart by hatching as well as by hue."""

from __future__ import annotations

import math

from .lettering import labels
from .pen import Palette, Point, circle, fill, line, num, polygon, stroke, svg

BANDS = ((0, 40, "g1"), (40, 70, "g2"), (70, 100, "g3"))


def angle(percent: float) -> float:
    """Radians from the positive x axis, anticlockwise: 0 % points left, 50 % up, 100 % right."""
    return math.pi * (1 - min(100.0, max(0.0, percent)) / 100)


def draw(palette: Palette, *, percent: float, w: float = 60.0, h: float = 31.6) -> str:
    radius = min(w / 2 - 6.2, h - 8.2)
    cx, cy = w / 2, radius + 5.4
    inner, outer = radius - 3.6, radius - 0.3

    def at(value: float, reach: float) -> Point:
        turn = angle(value)
        return cx + reach * math.cos(turn), cy - reach * math.sin(turn)

    def arc(end: float, reach: float, sweep: int) -> str:
        x, y = at(end, reach)
        return f"A{num(reach)} {num(reach)} 0 0 {sweep} {num(x)} {num(y)}"

    def band(start: float, end: float) -> str:
        x, y = at(end, inner)
        return line([at(start, outer)]) + arc(end, outer, 1) + f"L{num(x)} {num(y)}" + arc(start, inner, 0) + "Z"

    ink = palette["ink"]
    out = [fill(band(start, end), palette[token]) for start, end, token in BANDS]
    strokes = ((70.6 + 2.3 * i, min(100, 72.3 + 2.3 * i)) for i in range(13))
    out.append(stroke("".join(line([at(a, inner), at(b, outer)]) for a, b in strokes), palette["hatch"], 0.3))

    heavy, light = "", ""
    for value in range(0, 101, 2 if radius > 20 else 5):
        length = 1.9 if value % 20 == 0 else 1.2 if value % 10 == 0 else 0.8
        tick = line([at(value, outer), at(value, outer + length)])
        heavy, light = (heavy + tick, light) if value % 20 == 0 else (heavy, light + tick)
    rim = line([at(0, inner), at(0, outer)]) + arc(100, outer, 1)
    x, y = at(100, inner)
    rim += f"L{num(x)} {num(y)}" + arc(0, inner, 0)
    out += [stroke(heavy + rim, ink, 0.34), stroke(light, ink, 0.18)]
    # Numerals beside the dial need more room than those above it.
    places = ((at(value, radius + 3.2 + 0.9 * abs(math.cos(angle(value)))), str(value)) for value in range(0, 101, 20))
    out.append(labels([(x, y + 0.9, text, "middle") for (x, y), text in places], "form", 2.6, ink))
    out.append(fill(needle(percent, cx, cy, outer - 0.4, radius * 0.2), palette["needle"]))
    out += [fill(circle(cx, cy, 2), ink), fill(circle(cx, cy, 0.65), palette["card"])]
    return svg(w, h, *out)


def needle(percent: float, cx: float, cy: float, reach: float, tail: float) -> str:
    """A tapered needle; its path begins at the tip."""
    turn = angle(percent)
    ux, uy = math.cos(turn), -math.sin(turn)
    nx, ny = -uy, ux

    def along(distance: float, aside: float) -> Point:
        return cx + ux * distance + nx * aside, cy + uy * distance + ny * aside

    return polygon([along(reach, 0), along(0, 0.8), along(-tail, 0.9), along(-tail, -0.9), along(0, -0.8)])
