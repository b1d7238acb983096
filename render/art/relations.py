"""The map of relations: specimens as pins on two arcs of a spread, and a thread from each to those it leads to."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Literal

from . import lettering
from .pen import Palette, Point, circle, fill, num, outlined, smooth, stroke, svg

Side = Literal["left", "right"]
Link = Sequence[int]

_PITCH = 22.0
"""Most that a row of labels takes, in mm."""
_HEAD = 1.25
"""Rows that a family's name takes with the space over it."""
_BOW = 0.15
"""How far an arc bends, as a share of the page's width."""
_LABEL = 0.305
"""What the labels have at least, as a share of the page's width."""
_CLEAR = 3.4
"""From a pin's middle to its label, in mm."""
_DENSE = 5.4
"""A pitch below which a label is one line."""
_BESIDE = 19.0
"""What the file number and page take of it, in mm."""
_STRETCH = 1.3
"""How much wider the rows of one page may be than the other's, so that both arcs are of a length."""
_UNEVEN = 8.0
"""Rows by which the two pages may differ before a family is divided between them."""


def places(
    *,
    links: Sequence[Link],
    families: Sequence[int],
    titles: Sequence[str],
    pw: float,
    ph: float,
    top: float,
    bottom: float,
    outer: float,
) -> dict[str, Any]:
    """Where everything is, for the words over the drawing.

    ``families`` has each specimen's family by number, in the order of the book; the arcs stand on pages of ``pw`` x
    ``ph`` mm with the margins ``top``, ``bottom`` and ``outer``. Gives ``pitch`` (mm a row), ``size`` (of labels, in
    pt), ``nodes`` (in order) and ``heads``, each with its page's ``side``, the pin's ``x`` and ``y``, and the ``left``
    and ``width`` of its label; a node's ``lines`` are as much of its title as there is room for, ``cited`` is how many
    threads end there. ``dense`` says that a label is one line, file number and all. ``most`` is the number of the one
    where most threads end, if at least three, and at no other as many.
    """
    cited = _cited(links, len(families))
    sides = _sides(families)
    foot = ph - bottom
    rows = {side: sum(_HEAD if kind == "head" else 1 for kind, _ in listed) for side, listed in sides.items()}
    pitch = min(_PITCH, (foot - top) / max(1.0, *rows.values()))
    size = round(max(6.4, min(pitch * 1.2, 8 + max(0.0, pitch - 13) * 0.28)), 1)
    middle, half = (top + foot) / 2, (foot - top) / 2
    nodes: dict[int, dict[str, Any]] = {}
    heads: list[dict[str, Any]] = []
    for side, listed in sides.items():
        own = min(_PITCH, pitch * _STRETCH, (foot - top) / max(1.0, rows[side]))
        y = middle - rows[side] * own / 2
        for kind, index in listed:
            step = own * (_HEAD if kind == "head" else 1)
            at = y + (step - own * 0.36 if kind == "head" else step / 2)
            y += step
            inward = outer + pw * (_LABEL + _BOW * ((at - middle) / half) ** 2)
            width = inward - _CLEAR - outer
            x, left = (inward, outer) if side == "left" else (pw - inward, pw - inward + _CLEAR)
            spot = {"side": side, "x": round(x, 2), "y": round(at, 2), "left": round(left, 2), "width": round(width, 2)}
            if kind == "head":
                heads.append(spot | {"family": index})
            else:
                lines = _label(titles[index], size, width, pitch)
                nodes[index] = spot | {"lines": lines, "cited": cited[index]}
    known = [nodes[i] for i in sorted(nodes)]
    return {"pitch": round(pitch, 2), "size": size, "heads": heads, "nodes": known, "most": _most(cited)} | {
        "dense": pitch < _DENSE
    }


def draw(
    palette: Palette,
    *,
    side: Side,
    links: Sequence[Link],
    families: Sequence[int],
    titles: Sequence[str],
    pw: float,
    ph: float,
    top: float,
    bottom: float,
    outer: float,
) -> str:
    """One page of the two, of ``pw`` x ``ph`` mm. ``links`` are pairs of numbers: the first leads to the second.

    A thread is thick where it is tied and thin where it leads. It is red between families and green within one, or
    black and grey where the palette saves ink. A pin is the larger, the more threads end at it; hollow when none does.
    """
    plan = places(links=links, families=families, titles=titles, pw=pw, ph=ph, top=top, bottom=bottom, outer=outer)
    spots = [(n["x"] if n["side"] == "left" else pw + n["x"], n["y"]) for n in plan["nodes"]]
    middle = (top + ph - bottom) / 2
    within = "".join(_thread(spots[a], spots[b], pw, middle) for a, b in links if families[a] == families[b])
    across = "".join(_thread(spots[a], spots[b], pw, middle) for a, b in links if families[a] != families[b])
    cited = [n["cited"] for n in plan["nodes"]]
    pins = "".join(circle(*spot, _pin(count)) for spot, count in zip(spots, cited, strict=True) if count)
    holes = "".join(circle(*spot, _pin(0)) for spot, count in zip(spots, cited, strict=True) if not count)
    gleams = "".join(
        circle(x - 0.3 * _pin(count), y - 0.3 * _pin(count), 0.22 * _pin(count))
        for (x, y), count in zip(spots, cited, strict=True)
        if count
    )
    return svg(
        pw,
        ph,
        stroke("".join(_rails(plan["nodes"], families, pw)), palette["form"], 0.5, cap="round"),
        fill(within, palette["rule" if palette["red"] == palette["ink"] else "form"]),
        fill(across, palette["red"]),
        outlined(holes, palette["paper"], palette["ink"], 0.3) if holes else "",
        outlined(pins, palette["red"], palette["ink"], 0.2) if pins else "",
        fill(gleams, palette["card"]),
        left=0 if side == "left" else pw,
    )


def _sides(families: Sequence[int]) -> dict[Side, list[tuple[str, int]]]:
    """The rows of both pages: families whole where that comes out about even, else the middle one divided."""
    groups = [[i for i, _ in group] for _, group in groupby(enumerate(families), key=lambda pair: pair[1])]
    rows = [_HEAD + len(group) for group in groups]
    cut = min(range(len(groups) + 1), key=lambda k: abs(sum(rows[:k]) - sum(rows[k:])))
    left, right = groups[:cut], groups[cut:]
    if abs(sum(rows[:cut]) - sum(rows[cut:])) > _UNEVEN or (len(groups) == 1 and len(families) > 1):
        half = (len(families) + 1) // 2
        left, right = [[i for i in g if i < half] for g in groups], [[i for i in g if i >= half] for g in groups]

    def listed(found: Sequence[list[int]]) -> list[tuple[str, int]]:
        return [row for g in found if g for row in (("head", families[g[0]]), *(("node", i) for i in g))]

    return {"left": listed(left), "right": listed(right)}


def _cited(links: Sequence[Link], count: int) -> list[int]:
    ends = [b for _, b in links]
    return [ends.count(i) for i in range(count)]


def _most(cited: Sequence[int]) -> int | None:
    peak = max(cited, default=0)
    return cited.index(peak) if peak > 2 and cited.count(peak) == 1 else None


def _rails(nodes: Sequence[Mapping[str, Any]], families: Sequence[int], pw: float) -> Iterator[str]:
    """A line along the arc through the pins of each family that has two."""
    for _, group in groupby(zip(nodes, families, strict=True), key=lambda pair: (pair[1], pair[0]["side"])):
        found = [(n["x"] if n["side"] == "left" else pw + n["x"], n["y"]) for n, _ in group]
        if len(found) > 1:
            yield smooth(found, closed=False)


def _thread(start: Point, end: Point, pw: float, middle: float) -> str:
    """A tapering curve that leaves both pins inwards; all bend a little to the middle, where they gather."""
    (ax, ay), (bx, by) = start, end
    if (ax < pw) == (bx < pw):
        inward = 1 if ax < pw else -1
        reach = min(10 + 0.62 * abs(by - ay), 0.97 * min(abs(pw - ax), abs(pw - bx)) / 0.75)
        cx, dx = ax + inward * reach, bx + inward * reach
    else:
        cx, dx = ax + (bx - ax) * 0.46, bx - (bx - ax) * 0.46
    cy, dy = ay + (middle - ay) * 0.18, by + (middle - by) * 0.18
    # Square to the straight line between the ends: near enough for a thread half a millimetre thick.
    length = max(0.01, ((cx - ax) ** 2 + (cy - ay) ** 2) ** 0.5)
    ux, uy = -(cy - ay) / length, (cx - ax) / length

    def side(sign: int) -> list[Point]:
        points = ((ax, ay, 0.28), (cx, cy, 0.19), (dx, dy, 0.09), (bx, by, 0.03))
        return [(x + sign * ux * w, y + sign * uy * w) for x, y, w in points]

    there, back = side(1), side(-1)[::-1]
    return f"M{_pair(there[0])}C{_pairs(there[1:])}L{_pair(back[0])}C{_pairs(back[1:])}Z"


def _pair(point: Point) -> str:
    return f"{num(point[0])} {num(point[1])}"


def _pairs(points: Sequence[Point]) -> str:
    return " ".join(_pair(point) for point in points)


def _pin(cited: int) -> float:
    """A pin's radius in mm."""
    return min(2.1, 0.85 + 0.3 * math.sqrt(cited))


def _label(title: str, size: float, width: float, pitch: float) -> list[str]:
    """A title, or what of it fits: two lines where rows are wide apart, part of one where they are close."""
    role, room = ("form-medium", width - _BESIDE) if pitch < _DENSE else ("elite", width)
    mm = size * lettering.PT
    lines = lettering.wrap(title, role, mm, room)
    kept = lines[:1] if pitch > 10.5 and len(lines) > 1 else []
    return [*kept, lettering.trimmed(" ".join(lines[len(kept) :]), role, mm, room)]
