"""A classified cover sheet: diagonal stripes all round the page."""

from __future__ import annotations

from .pen import Palette, box, fill, outlined, page, polygon


def draw(palette: Palette, *, pw: float, ph: float, border: float = 10.0, step: float = 7.0, bleed: float = 0.0) -> str:
    """A whole page: stripes at 45 degrees, ``border`` mm wide, as wide as the gaps between them."""
    tall, stripes = ph + 2 * bleed, ""
    x = -bleed - tall
    while x < pw + bleed:
        foot, head = ph + bleed, -bleed
        stripes += polygon([(x, foot), (x + tall, head), (x + tall + step / 2, head), (x + step / 2, foot)])
        x += step
    field = box(border, border, pw - 2 * border, ph - 2 * border)
    return page(
        pw,
        ph,
        bleed,
        fill(box(-bleed, -bleed, pw + 2 * bleed, tall), palette["paper"]),
        fill(stripes, palette["stripe"]),
        outlined(field, palette["paper"], palette["stripe"], 0.5),
    )
