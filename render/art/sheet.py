"""An inner sheet's furniture: tint, margin rail, punched holes, head and foot rules, the ruled field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from .pen import WHITE, Palette, box, circle, columns, fill, num, outlined, page, ruled, stroke

PITCH = 6.88
HOLE = 12.0
"""Distance of a hole's centre from the binding edge (ISO 838)."""


def draw(
    palette: Palette,
    *,
    pw: float,
    ph: float,
    inner: float,
    outer: float,
    top: float,
    bottom: float,
    side: Literal["recto", "verso"] = "recto",
    holes: Sequence[float] = (),
    pitch: float = PITCH,
    bleed: float = 0.0,
) -> str:
    """A whole page. ``inner`` is the margin at the binding edge: left of a recto, right of a verso.

    ``holes`` are heights of punched holes; ``pitch`` is the ruled field's line height, 0 for no field.
    """
    left, right = (inner, pw - outer) if side == "recto" else (outer, pw - inner)
    out = []
    if palette["paper"] != WHITE:
        out.append(fill(box(-bleed, -bleed, pw + 2 * bleed, ph + 2 * bleed), palette["paper"]))
    out.append(field(palette, left, right, top, ph - bottom, pitch))
    edge, away = (inner, -1) if side == "recto" else (pw - inner, 1)
    rail = columns(-bleed, ph + bleed, (edge + away * 4.6, edge + away * 5.6))
    out.append(stroke(rail, palette["rail"], 0.22))
    x = HOLE if side == "recto" else pw - HOLE
    discs = "".join(circle(x, y, 3) for y in holes)
    shade = "".join(f"M{num(x - 2.7)} {num(y - 0.2)}a2.7 2.7 0 0 1 4.6 -1.7" for y in holes)
    if holes:
        out.append(outlined(discs, palette["hole"], palette["hole_line"], 0.3))
        out.append(stroke(shade, palette["hole_line"], 0.5))
    out.append(stroke(ruled(left, right, [top - 5.4]), palette["form"], 0.45))
    out.append(stroke(ruled(left, right, [ph - bottom + 4.6]), palette["form"], 0.25))
    return page(pw, ph, bleed, *out)


def field(palette: Palette, left: float, right: float, top: float, foot: float, pitch: float) -> str:
    """Faint rules across the text area: what shows of them below the last line reads as an unused form."""
    if not pitch:
        return ""
    count = int((foot - 4 - top) / pitch - 1 / 3)
    return stroke(ruled(left, right, (top + (i + 4 / 3) * pitch for i in range(count))), palette["faint"], 0.18)
