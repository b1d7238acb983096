"""What both organization charts are made of: the subject's box, and the lines up and down its sides."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from .lettering import PT, line, measure
from .pen import Palette, Point, box, fill, num, stroke, turned

Flow = tuple[Point, Point] | None
"""Where a line leaves a box, and where its arrow ends."""

MARGIN = 2.2
"""How far a rail runs from the drawing's edge, in mm."""
_HEAVY, _DASHED = 0.9, 0.5


def rails(
    palette: Palette,
    w: float,
    *,
    down: Flow,
    up: Flow,
    words: tuple[str, str],
    joins_down: Sequence[Point] = (),
    joins_up: Sequence[Point] = (),
) -> str:
    """Pressure ``down`` and extraction ``up``; ``joins`` are boxes a line takes in on its way. ``words`` are what the
    two are called, set along the longest stretch of each line.
    """
    out = ""
    if down:
        (x0, y0), (x1, y1) = down
        path = f"M{num(x0)} {num(y0)}H{num(MARGIN)}V{num(y1)}H{num(x1 - 2.2)}"
        path += "".join(f"M{num(x)} {num(y)}H{num(MARGIN)}" for x, y in joins_down)
        out += stroke(path, palette["ink"], _HEAVY)
        out += fill(f"M{num(x1 - 0.1)} {num(y1)}l-2.7 -1.35v2.7z", palette["ink"])
        out += _along(words[0], MARGIN + 3.1, [y0, y1, *(y for _, y in joins_down)], palette["ink"])
    if up:
        (x0, y0), (x1, y1) = up
        edge = w - MARGIN
        path = f"M{num(x0)} {num(y0)}H{num(edge)}V{num(y1)}H{num(x1 + 2.2)}"
        path += "".join(f"M{num(x)} {num(y)}H{num(edge)}" for x, y in joins_up)
        out += stroke(path, palette["red"], _DASHED, dash="1.5 .9")
        out += fill(f"M{num(x1 + 0.2)} {num(y1)}l2.5 -1.25v2.5z", palette["red"])
        out += _along(words[1], edge - 1.4, [y0, y1, *(y for _, y in joins_up)], palette["red"])
    return out


def _along(text: str, x: float, marks: Sequence[float], colour: str) -> str:
    """A word up the rail, in the middle of its longest stretch; left out when it does not fit at 6 pt."""
    y0, y1 = max(pairwise(sorted(marks)), key=lambda pair: pair[1] - pair[0])
    room = y1 - y0 - 1.6
    size = min(2.5, 2.5 * room / (measure(text, "form", 2.5, 0.4) or 1))
    if size < 6 * PT:
        return ""
    y = (y0 + y1) / 2 + measure(text, "form", size, 0.4) / 2
    return turned(-90, x, y, line(x, y, text, "form", size, colour, spacing=0.4))


def subject_box(palette: Palette, x: float, y: float, w: float, h: float, label: str, file_number: str) -> str:
    """The subject's own box: solid, with the form's word for the subject and the file number."""
    small = min(2.7, 2.7 * (w - 3) / measure(label, "form", 2.7, 0.35))
    large = min(4.5, 4.5 * (w - 3) / measure(file_number, "stencil", 4.5, 0.2))
    colour, cx = palette["on_bar"], x + w / 2
    return (
        fill(box(x, y, w, h), palette["bar"])
        + line(cx, y + h * 0.37, label, "form", max(small, 6 * PT), colour, anchor="middle", spacing=0.35)
        + line(cx, y + h * 0.79, file_number, "stencil", large, colour, anchor="middle", spacing=0.2)
    )
