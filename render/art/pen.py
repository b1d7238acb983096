"""The pen: numbers, paths and the sheet they are drawn on.

Lengths are millimetres, angles radians. Everything is opaque: there is no alpha in any drawing, so that
a print shop's PDF/X needs no flattening. Numbers are written with two decimals, a hundredth of a millimetre.
"""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Iterable, Mapping, Sequence

Palette = Mapping[str, str]
Point = tuple[float, float]

TURN = 2 * math.pi
WHITE = "#ffffff"


def num(value: float) -> str:
    """A coordinate: at most two decimals, no trailing zeros, never ``-0``."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def rng(drawing: str, *seed: object) -> random.Random:
    """A generator that gives the same numbers for the same seed in every process."""
    digest = hashlib.sha256("/".join((*map(str, seed), drawing)).encode()).digest()
    return random.Random(int.from_bytes(digest[:8], "big"))


def key(index: int) -> str:
    """The letter of an item, counted from 0: A to Z, then AA, AB."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


# ---- paths


def line(points: Iterable[Point]) -> str:
    """An open polyline."""
    return "M" + "L".join(f"{num(x)} {num(y)}" for x, y in points)


def polygon(points: Iterable[Point]) -> str:
    return line(points) + "Z"


def box(x: float, y: float, w: float, h: float) -> str:
    """A rectangle, drawn clockwise."""
    return f"M{num(x)} {num(y)}h{num(w)}v{num(h)}h{num(-w)}z"


def round_box(x: float, y: float, w: float, h: float, r: float) -> str:
    a = f"a{num(r)} {num(r)} 0 0 1 "
    return (
        f"M{num(x + r)} {num(y)}h{num(w - 2 * r)}{a}{num(r)} {num(r)}v{num(h - 2 * r)}{a}{num(-r)} {num(r)}"
        f"h{num(2 * r - w)}{a}{num(-r)} {num(-r)}v{num(2 * r - h)}{a}{num(r)} {num(-r)}z"
    )


def circle(x: float, y: float, r: float) -> str:
    d = num(2 * r)
    return f"M{num(x - r)} {num(y)}a{num(r)} {num(r)} 0 1 1 {d} 0a{num(r)} {num(r)} 0 1 1 -{d} 0z"


def smooth(points: Sequence[Point], *, closed: bool) -> str:
    """A Catmull-Rom curve through the points, as cubics."""
    n = len(points)

    def at(i: int) -> Point:
        return points[i % n] if closed else points[min(max(i, 0), n - 1)]

    path = f"M{num(points[0][0])} {num(points[0][1])}"
    for i in range(n if closed else n - 1):
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = at(i - 1), at(i), at(i + 1), at(i + 2)
        path += (
            f"C{num(bx + (cx - ax) / 6)} {num(by + (cy - ay) / 6)} "
            f"{num(cx - (dx - bx) / 6)} {num(cy - (dy - by) / 6)} {num(cx)} {num(cy)}"
        )
    return path + "Z" if closed else path


def rough_box(
    r: random.Random, x: float, y: float, w: float, h: float, amount: float, step: float = 3.6
) -> list[Point]:
    """The outline of a rectangle whose edge wanders by up to ``amount``, clockwise, a point every ``step`` or so."""
    corners = [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]
    points = []
    for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True):
        count = max(2, int(math.hypot(bx - ax, by - ay) / step))
        for i in range(count):
            t = i / count
            points.append(
                (ax + (bx - ax) * t + r.uniform(-amount, amount), ay + (by - ay) * t + r.uniform(-amount, amount))
            )
    return points


def rough_frame(r: random.Random, x: float, y: float, w: float, h: float, width: float, amount: float) -> str:
    """A rectangle's frame of ``width`` with both its edges ragged, as one filled path."""
    outer = rough_box(r, x, y, w, h, amount)
    inner = rough_box(r, x + width, y + width, w - 2 * width, h - 2 * width, amount * 0.8)
    return polygon(outer) + polygon(reversed(inner))


def hatch(x: float, y: float, w: float, h: float, step: float) -> str:
    """Hatching at 45 degrees that ends at the rectangle's edge: no clip path is needed."""
    path, t = "", step / 2
    while t < w + h:
        right, left = min(t, w), max(0.0, t - h)
        path += f"M{num(x + right)} {num(y + t - right)}L{num(x + left)} {num(y + t - left)}"
        t += step
    return path


def ruled(x0: float, x1: float, ys: Iterable[float]) -> str:
    """Horizontal lines from ``x0`` to ``x1``."""
    return "".join(f"M{num(x0)} {num(y)}H{num(x1)}" for y in ys)


def columns(y0: float, y1: float, xs: Iterable[float]) -> str:
    """Vertical lines from ``y0`` to ``y1``."""
    return "".join(f"M{num(x)} {num(y0)}V{num(y1)}" for x in xs)


def worn(r: random.Random, w: float, h: float, specks: int, largest: float = 0.62) -> str:
    """A box with dry spots, for a clip path.

    The spots are triangles turned the other way round than the box, so that the non-zero rule cuts them out.
    Two of three spots lie round four dry patches, two along the edges and two near one corner, where the stamp was
    pressed least.
    """
    cx, cy = r.choice((0.0, 1.0)), r.choice((0.0, 1.0))
    patches = []
    for corner in (False, True, False, True):
        x = abs(cx - r.uniform(0, 0.3)) if corner else r.random()
        y = abs(cy - r.uniform(0, 0.3)) if corner else abs(r.choice((0, 1)) - r.uniform(0, 0.3))
        patches.append((x * w, y * h, r.uniform(0.08, 0.18) * w))
    path = box(0, 0, w, h)
    for i in range(specks):
        if i % 3:
            px, py, radius = patches[i % 4]
            x, y = r.gauss(px, radius), r.gauss(py, radius * 0.35)
        else:
            x, y = r.uniform(0, w), r.uniform(0, h)
        size = largest * r.random() ** 1.7 + 0.08
        start, stretch = r.uniform(0, TURN), r.choice((1, 1.3, 2.0))
        corners = []
        for k in range(3):
            angle, reach = start - TURN / 3 * k, size * r.uniform(0.5, 1)
            corners.append((x + stretch * reach * math.cos(angle), y + reach * math.sin(angle)))
        path += polygon(corners)
    return path


# ---- elements


def fill(path: str, colour: str) -> str:
    """A filled path; nothing for an empty path or colour."""
    return f'<path fill="{colour}" d="{path}"/>' if path and colour else ""


def stroke(path: str, colour: str, width: float, *, cap: str = "", join: str = "", dash: str = "") -> str:
    """A stroked path; nothing for an empty path or colour."""
    if not path or not colour:
        return ""
    extra = f' stroke-linecap="{cap}"' if cap else ""
    extra += f' stroke-linejoin="{join}"' if join else ""
    extra += f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path fill="none" stroke="{colour}" stroke-width="{num(width)}"{extra} d="{path}"/>'


def outlined(path: str, colour: str, edge: str, width: float, *, join: str = "") -> str:
    """A path filled and stroked at once."""
    extra = f' stroke-linejoin="{join}"' if join else ""
    return f'<path fill="{colour}" stroke="{edge}" stroke-width="{num(width)}"{extra} d="{path}"/>'


def clipped(path: str, body: str) -> str:
    """A group clipped to a path. The id is the hash of what it holds, so equal ids mean equal clips."""
    name = "c" + hashlib.sha256(f"{path}{body}".encode()).hexdigest()[:10]
    return f'<clipPath id="{name}"><path d="{path}"/></clipPath><g clip-path="url(#{name})">{body}</g>'


def turned(degrees: float, x: float, y: float, body: str) -> str:
    return f'<g transform="rotate({num(degrees)} {num(x)} {num(y)})">{body}</g>'


def svg(w: float, h: float, *parts: str, left: float = 0.0, top: float = 0.0) -> str:
    """The sheet: ``w`` x ``h`` mm, with (``left``, ``top``) in its upper left corner."""
    view = f"{num(left)} {num(top)} {num(w)} {num(h)}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{num(w)}mm" height="{num(h)}mm" viewBox="{view}">'
        f"{''.join(parts)}</svg>"
    )


def page(pw: float, ph: float, bleed: float, *parts: str) -> str:
    """A page-sized sheet: the origin is the trim's corner, and ``bleed`` mm are drawn outside it on every side."""
    return svg(pw + 2 * bleed, ph + 2 * bleed, *parts, left=-bleed, top=-bleed)
