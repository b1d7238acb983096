"""The organization chart: pressure runs down the heavy line at the left, credit is extracted up the dashed one.

With levels it shows them (``_hierarchy``); with nothing known every box but the subject's is redacted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import _hierarchy
from ._rails import rails, subject_box
from .pen import Palette, box, fill, num, polygon, rng, rough_box, stroke, svg

_NODE = 7.0
_SUBJECT = 12.2


def height(levels: Sequence[Mapping[str, Any]], w: float = 80.0) -> float:
    """The natural height in mm of a chart of these levels, ``w`` mm wide; 36 with none."""
    return _hierarchy.height(levels, w) if levels else 36.0


def draw(
    palette: Palette,
    *,
    seed: str,
    subject: str,
    file_number: str,
    pressure: str,
    extraction: str,
    levels: Sequence[Mapping[str, Any]] = (),
    w: float = 80.0,
    h: float = 36.0,
) -> str:
    """``subject``, ``pressure`` and ``extraction`` are words of the form.

    ``levels``, top first, are mappings of ``roles`` (or one ``role``), ``relation`` (pressure, extraction or
    empty), ``note`` and ``subject`` (true for the subject's own level). With levels the height follows from
    them and ``h`` is the least it may be.
    """
    if levels:
        words = _hierarchy.Words(subject, file_number, pressure, extraction)
        return _hierarchy.draw(palette, levels, words, w, h)
    return _redacted(palette, seed, subject, file_number, pressure, extraction, w, h)


def _redacted(
    palette: Palette, seed: str, subject: str, file_number: str, pressure: str, extraction: str, w: float, h: float
) -> str:
    r, cx = rng("orgchart", seed), w / 2
    top, foot, middle = 0.5, h - _NODE - 0.5, (h - _SUBJECT) / 2 - 0.4
    wide, apex, node = min(46.0, w * 0.56), min(30.0, w * 0.42), min(14.6, (w - 16.8) / 4 - 1.8)
    bus, gutter = foot - 3.6, 5.4
    ends = [gutter + 3 + node / 2 + (w - 2 * gutter - 6 - node) * i / 3 for i in range(4)]
    wires = (
        f"M{num(cx)} {num(top + _NODE)}V{num(middle)}M{num(cx)} {num(middle + _SUBJECT)}V{num(bus)}"
        f"M{num(ends[0])} {num(bus)}H{num(ends[-1])}" + "".join(f"M{num(x)} {num(bus)}V{num(foot)}" for x in ends)
    )
    boxes = box(cx - apex / 2, top, apex, _NODE) + "".join(box(x - node / 2, foot, node, _NODE) for x in ends)
    bars = ""
    blots = [(cx - apex / 2 + 3, top, (apex - 6, (apex - 6) * r.uniform(0.6, 0.8)))]
    blots += [(x - node * 0.385, foot, (node * r.uniform(0.62, 0.77), node * r.uniform(0.35, 0.55))) for x in ends]
    for x, y, lengths in blots:
        for i, long in enumerate(lengths):
            bars += polygon(rough_box(r, x, y + 1.6 + i * 2.3, long, 1.5, 0.06, 4))
    apex_y, node_y = top + _NODE / 2, foot + _NODE / 2
    return svg(
        w,
        h,
        stroke(wires + boxes, palette["ink"], 0.32),
        fill(bars, palette["black"]),
        rails(
            palette,
            w,
            down=((cx - apex / 2, apex_y), (ends[0] - node / 2, node_y)),
            up=((ends[-1] + node / 2, node_y), (cx + apex / 2, apex_y)),
            words=(pressure, extraction),
        ),
        subject_box(palette, cx - wide / 2, middle, wide, _SUBJECT, subject, file_number),
    )
