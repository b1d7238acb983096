"""A bar over words that are no longer there; lengths are shares of the type size (em)."""

from __future__ import annotations

from .pen import Palette, box, fill, hatch, polygon, rng, rough_box, stroke, svg

HEIGHT = 0.82


def draw(palette: Palette, *, seed: str, w: float) -> str:
    """A bar ``w`` em wide: solid, or a hatched box where the palette saves ink."""
    if palette["redact_bg"] == palette["paper"]:
        frame = stroke(box(0.03, 0.03, w - 0.06, HEIGHT - 0.06), palette["ink"], 0.06)
        return svg(w, HEIGHT, frame + stroke(hatch(0, 0, w, HEIGHT, 0.24), palette["ink"], 0.035))
    edge = rough_box(rng("redaction", seed, w), 0.03, 0.03, w - 0.06, HEIGHT - 0.06, 0.025, 0.6)
    return svg(w, HEIGHT, fill(polygon(edge), palette["redact_bg"]))
