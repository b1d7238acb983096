"""The registry's seal: a guilloche ring round an empty office chair, or round a word, with words round its rim."""

from __future__ import annotations

import math

from .lettering import PT, around, line, measure
from .pen import TURN, Palette, circle, fill, num, polygon, rng, stroke, svg

_EDGE = 0.9
"""Where the rim ends, in mm inside the seal's edge."""
_TRACKING, _FILL = 0.12, 0.86
"""Space between the letters of the rim in em, and their size as a share of its depth."""


def draw(
    palette: Palette, *, seed: str = "registry", d: float = 24.0, word: str = "", words: str = "", ink: str = "form"
) -> str:
    """``d`` is the diameter. With ``word`` that word stands in the middle instead of the chair, as large as it fits;
    ``words`` are set round the rim, and left out where there is no room for 6 pt.
    """
    r, c, colour = rng("seal", seed), d / 2, palette[ink]
    lobes, twist = r.choice((11, 13, 17)), r.uniform(0, TURN)
    low = min(c * 0.72, c - _EDGE - 6 * PT / _FILL)
    size = _rim_size(words, low, c - _EDGE) if words else 0.0
    written = size >= 6 * PT - 1e-6
    inner, outer = (c * 0.45, low * 0.97) if written else (c * 0.50, c * 0.90)
    middle, depth = (inner + outer) / 2, (outer - inner) * 0.40

    def wave(phase: float) -> str:
        steps = lobes * 6
        points = []
        for i in range(steps):
            angle = TURN * i / steps
            reach = middle + depth * math.cos(lobes * angle + phase)
            points.append((c + reach * math.cos(angle), c + reach * math.sin(angle)))
        return polygon(points)

    waves = "".join(wave(twist + TURN * i / 3) for i in range(3))
    return svg(
        d,
        d,
        stroke(circle(c, c, c - 0.25), colour, 0.5),
        stroke(circle(c, c, c - _EDGE) + (circle(c, c, low) if written else ""), colour, 0.18),
        stroke(waves, colour, 0.16, join="round"),
        stroke(circle(c, c, inner), colour, 0.35),
        _word(word, c, inner * 0.96, colour) if word else _chair(c, inner * 0.96, colour),
        _rim(words, c, low, size, colour) if written else "",
    )


def _rim_size(words: str, low: float, high: float) -> float:
    """The size that fills the rim's depth, or less, so that long words go round it once."""
    return min((high - low) * _FILL, TURN * low * 0.96 / measure(words, "form", 1.0, _TRACKING))


def _rim(words: str, c: float, low: float, size: float, colour: str) -> str:
    """Words at the top of the rim; what they leave free of it is dotted."""
    middle = (low + c - _EDGE) / 2
    half = (measure(words, "form", size, size * _TRACKING) / 2 + size * 0.9) / middle
    dots = ""
    if half < math.pi - 0.1:
        x, y = middle * math.sin(half), middle * math.cos(half)
        arc = f"A{num(middle)} {num(middle)} 0 {int(half < math.pi / 2)} 1"
        dots = stroke(f"M{num(c + x)} {num(c - y)}{arc} {num(c - x)} {num(c - y)}", colour, 0.35, dash=".35 .7")
    return dots + around(c, c, middle - size * 0.35, words, "form", size, colour, size * _TRACKING)


def _word(word: str, c: float, s: float, colour: str) -> str:
    """A word across a circle of radius ``s``."""
    size = min(s * 1.25, s * 1.76 / measure(word, "stencil", 1.0))
    return line(c, c + size * 0.35, word, "stencil", max(size, 6 * PT), colour, anchor="middle")


def _chair(c: float, s: float, colour: str) -> str:
    """An empty chair on a frame of half-width ``s``."""

    def at(*points: tuple[float, float]) -> str:
        return "M" + "L".join(f"{c + x * s:.2f} {c + y * s:.2f}" for x, y in points)

    frame = (
        at((-0.34, -0.72), (-0.26, 0.08), (0.30, 0.08))
        + at((0, 0.08), (0, 0.50))
        + at((-0.36, 0.66), (0, 0.48), (0.36, 0.66))
        + at((0.30, 0.08), (0.36, -0.22), (0.10, -0.22))
    )
    back = at((-0.44, -0.78), (-0.22, -0.80), (-0.16, -0.16), (-0.36, -0.14)) + "Z"
    castors = "".join(circle(c + q * s, c + 0.72 * s, s * 0.06) for q in (-0.36, 0.36))
    return stroke(frame, colour, s * 0.09, cap="round", join="round") + fill(back + castors, colour)
