"""Boxes of what is painted, and how thin it is."""

from __future__ import annotations

from .operators import Box, Matrix
from .pictures import Picture


def extent(points: list[bytes], rects: list[bytes]) -> Box | None:
    """The box around a path; curves count with their control points."""
    xs: list[float] = []
    ys: list[float] = []
    if points:
        found = [float(one) for one in b"".join(points).split()]
        xs, ys = found[::2], found[1::2]
    for rect in rects:
        x, y, width, height = (float(one) for one in rect.split())
        xs += (x, x + width)
        ys += (y, y + height)
    return (min(xs), min(ys), max(xs), max(ys)) if xs else None


def frame(rects: list[bytes], box: Box) -> float:
    """The thinnest side of the frame between two rectangles, one in the other."""
    (x, y, w, h), (u, v, a, b) = ([float(one) for one in rect.split()] for rect in rects)
    gaps = [abs(x - u), abs(y - v), abs(x + w - u - a), abs(y + h - v - b)]
    outer = max(abs(w), abs(a))
    grown = (box[2] - box[0]) / outer if outer else 1.0
    return min((gap * grown for gap in gaps if gap > 1e-4), default=0.0)


def grown_by(box: Box, by: float) -> Box:
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by


def ppi_of(picture: Picture, ctm: Matrix) -> float:
    """Pixels to the inch, the coarser way."""
    across, up = (ctm[0] ** 2 + ctm[1] ** 2) ** 0.5, (ctm[2] ** 2 + ctm[3] ** 2) ** 0.5
    if not across or not up:
        return 0.0
    return float(min(picture.width / across, picture.height / up) * 72)
