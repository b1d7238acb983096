"""An invented contour map with lettered sightings."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

from .lettering import PT, Anchor, labels, line, measure
from .pen import (
    TURN,
    Palette,
    Point,
    box,
    circle,
    clipped,
    columns,
    fill,
    key,
    num,
    outlined,
    rng,
    ruled,
    smooth,
    stroke,
    svg,
)

_RING, _LETTER = 2.3, 3.1
_GAP = 0.5
_FEW = 8
"""Up to so many sightings lie where they fall; more keep to a jittered grid."""

Ring = Callable[[float, Point], str]


def draw(
    palette: Palette,
    *,
    seed: str,
    n: int,
    w: float = 62.0,
    h: float = 31.0,
    north: str = "N",
    grid: tuple[int, int] = (6, 4),
) -> str:
    """``n`` sightings A, B, C … from left to right; ``north`` letters the arrow; ``grid=(0, 0)`` leaves it out."""
    r = rng("rangemap", seed)
    body = _land(palette, r, w, h, grid)
    places, radius = sightings(seed, n, w, h)
    rings = "".join(circle(x, y, radius) for x, y in places)
    edge = min(0.55, radius * 0.24)
    letter = max(6 * PT, min(_LETTER, radius * _LETTER / _RING))
    longest = max((measure(key(i), "form", 1.0) for i in range(n)), default=1.0)
    letter = min(letter, max(6 * PT, 1.75 * (radius - edge / 2) / longest))
    keys: list[tuple[float, float, str, Anchor]] = [
        (x, y + letter * 0.36, key(i), "middle") for i, (x, y) in enumerate(places)
    ]
    return svg(
        w,
        h,
        clipped(box(0, 0, w, h), body),
        outlined(rings, palette["card"], palette["red"], edge) if n else "",
        labels(keys, "form", letter, palette["red"]),
        _furniture(palette, w, h, north),
        stroke(box(0.3, 0.3, w - 0.6, h - 0.6), palette["ink"], 0.5),
    )


def _land(palette: Palette, r: random.Random, w: float, h: float, grid: tuple[int, int]) -> str:
    flip = r.choice((False, True))
    main = _blob(r, w * (0.60 if flip else 0.40), h * r.uniform(0.5, 0.6), w * 0.44, 0.62, 0.34, 13)
    hill = _blob(r, w * (0.16 if flip else 0.82), h * r.uniform(0.24, 0.4), w * 0.19, 0.8, 0.30, 9)
    drift = (r.uniform(-5, 7), r.uniform(-4, 4))
    shore = main(0.96, drift)
    thin = "".join(main(scale, drift) for scale in (0.82, 0.68, 0.42, 0.30, 0.18))
    thin += "".join(hill(scale, (2, 1)) for scale in (1, 0.66, 0.3))
    squares = columns(0, h, (w * i / grid[0] for i in range(1, grid[0])))
    squares += ruled(0, w, (h * i / grid[1] for i in range(1, grid[1])))
    plain = palette["tint"] == palette["paper"]
    index = main(0.55, drift)
    return (
        ("" if plain else fill(shore, palette["tint"]) + fill(index, palette["tint2"]))
        + stroke(squares, palette["rule"], 0.15)
        + stroke(shore + thin, palette["form"], 0.18)
        + stroke(index, palette["form"], 0.45)
    )


def _blob(r: random.Random, cx: float, cy: float, radius: float, squash: float, rough: float, count: int) -> Ring:
    """Contours of one hill: rings of ``count`` points that turn a little as they shrink."""
    waves = [(k, r.uniform(-rough, rough) / k, r.uniform(0, TURN)) for k in (2, 3, 4, 5)]

    def ring(scale: float, drift: Point) -> str:
        points = []
        for i in range(count):
            angle = TURN * i / count
            reach = radius * scale * (1 + sum(a * math.cos(k * angle + phase + scale * 0.9) for k, a, phase in waves))
            x, y = cx + drift[0] * (1 - scale), cy + drift[1] * (1 - scale)
            points.append((x + reach * math.cos(angle), y + reach * squash * math.sin(angle)))
        return smooth(points, closed=True)

    return ring


def sightings(seed: str, n: int, w: float, h: float) -> tuple[list[Point], float]:
    """Where ``n`` rings lie, from left to right, and their radius: apart, in the frame, clear of arrow and scale."""
    r = rng("sightings", seed, n)
    if n <= _FEW:
        scattered = _scattered(r, n, w, h)
        if scattered:
            return sorted(scattered), _RING
    return _gridded(r, n, w, h)


def _scattered(r: random.Random, n: int, w: float, h: float) -> list[Point]:
    """Places by rejection, ever closer; nothing when there is no room."""
    places: list[Point] = []
    for attempt in range(600):
        if len(places) == n:
            return places
        apart = 13 if attempt < 200 else 8 if attempt < 400 else 2 * _RING + _GAP
        angle, reach = r.uniform(0, TURN), r.uniform(0.1, 0.95)
        x, y = w * (0.46 + 0.42 * reach * math.cos(angle)), h * (0.5 + 0.42 * reach * math.sin(angle))
        if _free(x, y, _RING, w, h) and all(math.hypot(x - a, y - b) > apart for a, b in places):
            places.append((x, y))
    return places if len(places) == n else []


def _gridded(r: random.Random, n: int, w: float, h: float) -> tuple[list[Point], float]:
    """The widest square grid with ``n`` free cells, each ring wandering within its own."""
    pitch = min(w, h)
    while True:
        radius = min(_RING, (pitch - _GAP) / 2 * 0.9)
        slack = (pitch - _GAP) / 2 - radius
        nx, ny = int((w - 2) / pitch), int((h - 2) / pitch)
        left, top = (w - nx * pitch) / 2, (h - ny * pitch) / 2
        cells = [(left + (i + 0.5) * pitch, top + (j + 0.5) * pitch) for i in range(nx) for j in range(ny)]
        cells = [(x, y) for x, y in cells if _free(x, y, radius + slack, w, h)]
        if len(cells) >= n:
            break
        pitch *= 0.98
    r.shuffle(cells)
    wander = 0.7 * min(slack, 1.6)
    return sorted((x + r.uniform(-wander, wander), y + r.uniform(-wander, wander)) for x, y in cells[:n]), radius


def _free(x: float, y: float, radius: float, w: float, h: float) -> bool:
    """Whether a ring keeps a millimetre from the frame and clear of the arrow and the scale."""
    inside = radius + 1 < x < w - radius - 1 and radius + 1 < y < h - radius - 1
    arrow = x + radius > w - 6.8 and y + radius > h - 10.6
    scale = x - radius < 18.6 and y + radius > h - 3.6
    return inside and not arrow and not scale


def _furniture(palette: Palette, w: float, h: float, north: str) -> str:
    """The north arrow and the scale."""
    ink = palette["ink"]
    arrow = f"M{num(w - 4.6)} {num(h - 10)}l1.4 5.4l-1.4 -1.1l-1.4 1.1z"
    bars = box(2, h - 3, 4, 1.1) + box(10, h - 3, 4, 1.1)
    return (
        fill(box(2, h - 3, 16, 1.1), palette["card"])
        + fill(arrow + bars, ink)
        + stroke(box(2, h - 3, 16, 1.1), ink, 0.18)
        + line(w - 4.6, h - 2, north, "form", 2.5, ink, anchor="middle")
    )
