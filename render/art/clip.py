"""A paper clip: one bent wire with a gleam on it."""

from __future__ import annotations

from .pen import Palette, num, stroke, svg


def draw(palette: Palette, *, h: float = 23.0) -> str:
    """``h`` is the height of the wire's loop; the drawing is a little larger. A short clip is of thinner wire."""
    w, thick = h * 0.30, min(1.0, 0.25 + h / 30.67)

    def wire(dx: float, dy: float) -> str:
        x, y = 1.2 + dx, 1.2 + dy
        return (
            f"M{num(x + w * 0.2)} {num(y + h * 0.3)}V{num(y + h * 0.8)}"
            f"a{num(w * 0.3)} {num(w * 0.3)} 0 0 0 {num(w * 0.6)} 0V{num(y + h * 0.2)}"
            f"a{num(w * 0.4)} {num(w * 0.4)} 0 0 0 {num(-w * 0.8)} 0V{num(y + h * 0.86)}"
            f"a{num(w * 0.5)} {num(w * 0.5)} 0 0 0 {num(w)} 0V{num(y + h * 0.34)}"
        )

    return svg(
        w + 2.6,
        h + 2.6 + w * 0.2,
        stroke(wire(0, 0), palette["wire_dk"], 1.15 * thick, cap="round"),
        stroke(wire(0, 0), palette["wire"], 0.78 * thick, cap="round"),
        stroke(wire(-0.14, -0.1), palette["wire_hi"], 0.22, cap="round"),
    )
