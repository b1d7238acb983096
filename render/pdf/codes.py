"""QR codes among what is painted: a grid of dark runs with as many rows as columns, and as many as a code has."""

from __future__ import annotations

from itertools import pairwise

SIDES = range(21, 178, 4)
"""Modules on a side, from version 1 to 40 (ISO/IEC 18004)."""
RUNS = 60
"""Fewer dark runs than this make no code."""


def module(points: list[bytes], rects: list[bytes], line: float) -> float:
    """The side of a module in the path's own units, if the path is a QR code; else 0.

    ``line`` is the width of the strokes that runs are drawn with, 0 for filled ones.
    """
    xs, ys = _edges(points, rects)
    if not xs:
        return 0.0
    rows = sorted(set(ys))
    steps = [b - a for a, b in pairwise(rows) if b - a > 1e-3]
    if not steps:
        return 0.0
    side = min(steps)
    across, down = max(xs) - min(xs), rows[-1] - rows[0] + (side if line else 0.0)
    if not side or abs(across - down) > 0.02 * across or (line and abs(line - side) > 0.25 * side):
        return 0.0
    count = round(across / side)
    return side if count in SIDES and abs(across / side - count) < 0.05 else 0.0


def _edges(points: list[bytes], rects: list[bytes]) -> tuple[list[float], list[float]]:
    found = [float(one) for one in b"".join(points).split()]
    xs, ys = [round(x, 3) for x in found[::2]], [round(y, 3) for y in found[1::2]]
    for rect in rects:
        x, y, width, height = (float(one) for one in rect.split())
        xs += (round(x, 3), round(x + width, 3))
        ys += (round(y, 3), round(y + height, 3))
    return xs, ys


def pixels(rows: list[bytes]) -> float:
    """How many pixels a module takes in a picture of a code, one byte a pixel, 0 for dark; else 0."""
    dark = [index for index, row in enumerate(rows) if 0 in row]
    if not dark:
        return 0.0
    first = rows[dark[0]]
    left = min(row.index(0) for row in rows if 0 in row)
    right = max(row.rindex(0) for row in rows if 0 in row) + 1
    run = len(first[left:]) - len(first[left:].lstrip(b"\0"))
    side, across, down = run / 7, right - left, dark[-1] - dark[0] + 1
    if not run or abs(across - down) > 0.02 * across:
        return 0.0
    count = across / side
    return side if round(count) in SIDES and abs(count - round(count)) < 0.3 else 0.0
