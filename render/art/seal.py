"""The registry's seal: a guilloche ring round an empty office chair, or round a word."""

from __future__ import annotations

import math

from .lettering import PT, line, measure
from .pen import TURN, Palette, circle, fill, polygon, rng, stroke, svg


def draw(palette: Palette, *, seed: str = "registry", d: float = 24.0, word: str = "", ink: str = "form") -> str:
    """``d`` is the diameter; with ``word`` the emblem in the middle is that word, set as large as it fits."""
    r, c, colour = rng("seal", seed), d / 2, palette[ink]
    lobes = r.choice((11, 13, 17))
    twist = r.uniform(0, TURN)

    def wave(phase: float) -> str:
        steps = lobes * 6
        points = []
        for i in range(steps):
            angle = TURN * i / steps
            reach = c * (0.70 + 0.155 * math.cos(lobes * angle + phase))
            points.append((c + reach * math.cos(angle), c + reach * math.sin(angle)))
        return polygon(points)

    waves = "".join(wave(twist + TURN * i / 3) for i in range(3))
    return svg(
        d,
        d,
        stroke(circle(c, c, c - 0.25), colour, 0.5),
        stroke(circle(c, c, c - 0.9), colour, 0.18),
        stroke(waves, colour, 0.16, join="round"),
        stroke(circle(c, c, c * 0.5), colour, 0.35),
        _word(word, c, colour) if word else _chair(c, c * 0.48, colour),
    )


def _word(word: str, c: float, colour: str) -> str:
    size = min(c * 0.62, c * 0.86 / measure(word, "stencil", 1.0))
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
