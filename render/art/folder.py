"""The manila folder in its drawer: neighbours' tabs, our own, the sheets inside, the front leaf."""

from __future__ import annotations

import math
import random

from .pen import Palette, box, fill, line, num, outlined, page, rng, ruled, stroke

_SLOPE = 5.0
_OVERLAP = 4.0
_SIDE = 6.0


def draw(
    palette: Palette,
    *,
    pw: float,
    ph: float,
    slot: int = 1,
    slots: int = 3,
    seed: str = "folder",
    leaf_top: float = 27.0,
    fibres: int = 80,
    bleed: float = 0.0,
) -> str:
    """A whole page. ``slot`` counts from 0 and comes round again when the page is too narrow for ``slots`` tabs.

    ``leaf_top`` is where the front leaf begins; ``fibres=0`` leaves the board plain. A folder whose board is the
    colour of the paper is an outline, without fibres.
    """
    x0, x1, y1 = -bleed, pw + bleed, ph + bleed
    line_colour = palette["manila_line"]
    out = [fill(box(x0, -bleed, x1 - x0, y1 + bleed), palette["drawer"])]

    def leaf(tab: int, top: float, base: float, colour: str, width: float) -> str:
        x, w = tab_place(pw, tab, slots)
        edge = f"M{num(x0)} {num(y1)}V{num(base)}{_tab(x, w, top, base)}H{num(x1)}V{num(y1)}Z"
        return outlined(edge, colour, line_colour, width)

    ours = slot % count(pw, slots)
    behind = sorted((i for i in range(count(pw, slots)) if i != ours), key=lambda i: (abs(i - ours), i))[:2]
    lift = leaf_top - 27.0
    for n, (tab, shade) in enumerate(zip(sorted(behind), ("manila_far", "manila_mid"), strict=False)):
        out.append(leaf(tab, 6.5 + lift + 2.2 * n, 17.5 + lift + 3 * n, palette[shade], 0.25))
    base = leaf_top - 3.2
    out.append(leaf(ours, base - 13.6, base, palette["manila_lt"], 0.3))
    for left, right, rise, shade in ((6, 7, 1.7, "sheet"), (9, 5, 0.9, "sheet2")):
        peep = box(left, leaf_top - rise, pw - left - right, rise + 4)
        out.append(outlined(peep, palette[shade], line_colour, 0.2))
    out.append(_front(palette, x0, x1, y1, leaf_top))
    score = ruled(x0, x1, (ph - 5.2, ph - 8.0, ph - 10.8))
    out.append(stroke(score, palette["manila_score"], 0.28))
    if palette["manila"] != palette["paper"]:
        specks = _fibres(rng("folder", seed), fibres, pw, ph, leaf_top)
        out.append(stroke(specks, palette["manila_score"], 0.14))
    return page(pw, ph, bleed, *out)


def count(pw: float, slots: int) -> int:
    """How many tabs stand side by side: at least three, none narrower than 30 mm."""
    return max(3, min(slots, int((pw - 16) // 26)))


def tab_place(pw: float, slot: int, slots: int = 3) -> tuple[float, float]:
    """Left edge and width of a tab at its foot; its flat top is 5 mm shorter at either end."""
    pitch = (pw - 16) / count(pw, slots)
    return _SIDE + (slot % count(pw, slots)) * pitch, pitch + _OVERLAP


def _tab(x: float, w: float, top: float, base: float) -> str:
    """A trapezoid with soft shoulders, from the left foot to the right one."""
    a, b, c = _SLOPE * 0.55, _SLOPE * 0.35, _SLOPE
    return (
        f"H{num(x)}C{num(x + a)} {num(base)} {num(x + b)} {num(top)} {num(x + c)} {num(top)}H{num(x + w - c)}"
        f"C{num(x + w - b)} {num(top)} {num(x + w - a)} {num(base)} {num(x + w)} {num(base)}"
    )


def _front(palette: Palette, x0: float, x1: float, y1: float, top: float) -> str:
    edge = (
        f"M{num(x0)} {num(top + 2)}Q{num(x0)} {num(top)} {num(x0 + 2.4)} {num(top)}"
        f"H{num(x1 - 2.4)}Q{num(x1)} {num(top)} {num(x1)} {num(top + 2)}"
    )
    gleam = f"M{num(x0 + 0.6)} {num(top + 2.6)}q.2 -1.9 2 -1.9H{num(x1 - 2.6)}"
    return (
        fill(f"{edge}V{num(y1)}H{num(x0)}Z", palette["manila"])
        + stroke(edge, palette["manila_line"], 0.35)
        + stroke(gleam, palette["manila_hi"], 0.3)
    )


def _fibres(r: random.Random, count: int, pw: float, ph: float, top: float) -> str:
    path = ""
    for _ in range(count):
        x, y = r.uniform(2, pw - 2), r.uniform(top + 4, ph - 3)
        angle, length = r.uniform(0, math.pi), r.uniform(0.5, 2.0)
        path += line([(x, y), (x + length * math.cos(angle), y + length * math.sin(angle))])
    return path
