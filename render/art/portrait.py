"""A wire photograph of the specimen: a 45-degree halftone, the eyes withheld.

Dots of one size are one path, and each run of them one dashed segment with round caps: about ten elements and
10 KB for the whole photograph.
"""

from __future__ import annotations

import math

from . import _sitter
from .lettering import line
from .pen import Palette, box, clipped, fill, num, polygon, rng, rough_box, svg, turned

LEVELS = 9
_COVER = 1.01
"""Diameter of a full dot in pitches: the darkest ones just touch across the diagonal."""

_GRAIN = (-0.12, 0.06, -0.03, 0.12, -0.06)
"""Fractions of a level, by row: where a tone drifts into the next the rows interlock, and no run is broken for it."""


def draw(palette: Palette, *, seed: str, w: float = 44.0, h: float = 54.0, pitch: float = 1.2, words: str = "") -> str:
    """``pitch`` is the distance of dots along a line; ``words`` stand in the bar over the eyes."""
    r = rng("portrait", seed)
    sitter = _sitter.pose(r)
    tilt = r.uniform(-2.2, 2.2)
    wide, high = w * 0.50, w * 0.108
    x, y = sitter.x * w, sitter.eyes * w
    bar = fill(polygon(rough_box(r, x - wide / 2, y - high / 2, wide, high, 0.07)), palette["black"])
    if words:
        bar += line(x, y + high * 0.2, words, "form", high * 0.6, palette["on_black"], anchor="middle", spacing=0.35)
    photo = fill(box(0, 0, w, h), palette["photo"]) + screen(sitter, w, h, pitch, palette["ink"])
    return svg(w, h, clipped(box(0, 0, w, h), photo + turned(tilt, x, y, bar)))


def screen(sitter: _sitter.Sitter, w: float, h: float, pitch: float, ink: str) -> str:
    """The halftone of a sitter: dots on a quincunx, their area growing with the tone in nine levels."""
    paths = [""] * (LEVELS + 1)
    shade = sitter.tone
    for row in range(int(2 * h / pitch) + 2):
        y = row * pitch / 2
        x0 = pitch / 2 if row % 2 else 0.0
        run, start = 0, x0
        grain = _GRAIN[row % len(_GRAIN)]
        for i in range(int((w - x0) / pitch) + 3):
            x = x0 + i * pitch
            level = round(shade(x / w, y / w) * LEVELS + grain) if x <= w + pitch else -1
            if level != run:
                if run > 0:
                    paths[run] += f"M{num(start)} {num(y)}h{num(x - pitch - start + 0.01)}"
                run, start = level, x
    out = ""
    for level, path in enumerate(paths):
        if path:
            width = pitch * _COVER * math.sqrt(level / LEVELS)
            # Full dots touch along the line, so a solid stroke does.
            dash = "" if level == LEVELS else f' stroke-dasharray=".01 {num(pitch - 0.01)}"'
            out += f'<path stroke-width="{num(width)}"{dash} d="{path}"/>'
    return f'<g fill="none" stroke-linecap="round" stroke="{ink}">{out}</g>'
