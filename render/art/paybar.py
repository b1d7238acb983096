"""Two ledger bars on one scale: what the subject is paid, and a benchmark, or a bar over the figure withheld."""

from __future__ import annotations

import math
from collections.abc import Sequence

from .lettering import Anchor, labels, line, measure, trimmed
from .pen import Palette, box, columns, fill, hatch, polygon, rng, rough_box, ruled, stroke, svg

UNITS = ("", "k", "M", "bn", "tn")
_SUBJECT, _BENCHMARK, _HIGH, _AXIS = 3.2, 11.3, 4.2, 17.4
_FIGURE, _CLEAR = 3.3, 1.4
_STEPS = (1.0, 2.5, 5.0)
_MOST_TICKS = 6


def axis(reach: float) -> tuple[float, ...]:
    """Ticks from 0 to at least ``reach``: steps of 1, 2.5 or 5 x 10^n, as fine as three to six ticks allow.

    A scale for nothing but zeros runs to 3.
    """
    if reach <= 0:
        return (0.0, 1.0, 2.0, 3.0)
    exponent = math.floor(math.log10(reach)) - 1
    while True:
        for factor in _STEPS:
            step = factor * 10.0**exponent
            count = math.ceil(round(reach / step, 9))
            if count < _MOST_TICKS:
                return tuple(step * i for i in range(count + 1))
        exponent += 1


def draw(
    palette: Palette,
    *,
    amount: float | Sequence[float],
    figure: str,
    label: str,
    benchmark: float | None = None,
    benchmark_figure: str = "",
    benchmark_label: str,
    withheld: str = "",
    units: Sequence[str] = UNITS,
    decimal: str = ".",
    w: float = 72.0,
    h: float = 22.0,
) -> str:
    """``amount`` is a number or a pair (from, to); ``figure`` is how it is printed, currency and all.

    Without ``benchmark`` the second bar is black and says ``withheld``. ``units`` name the thousands of the axis.
    """
    low, high = (0.0, float(amount)) if isinstance(amount, int | float) else (float(amount[0]), float(amount[-1]))
    top = max(high, benchmark or 0.0)
    across = w - 0.3
    bars = [(low, high, figure)] + ([] if benchmark is None else [(0.0, benchmark, benchmark_figure)])
    ticks = _roomy_axis(top, bars, across)
    scale = across / ticks[-1]

    grid = columns(_SUBJECT - 0.6, _AXIS, (scale * value for value in ticks[1:]))
    out = [stroke(grid, palette["rule"], 0.2, dash=".5 .7")]
    marks = ruled(0, across, [_AXIS]) + columns(_AXIS, _AXIS + 1, (min(scale * value, across) for value in ticks))
    out.append(stroke(marks, palette["form"], 0.3))
    out.append(_scale(palette, ticks, scale, across, units, decimal))
    ends = [_beside(text, scale * start, scale * end, across) for start, end, text in bars] + [0.0]
    captions = [
        # half the width where the figure stands on the same line
        trimmed(text, "form", 2.35, across / 2 if end is None else across, 0.16)
        for text, end in zip((label, benchmark_label), ends, strict=False)
    ]
    wide = [measure(text, "form", 2.35, 0.16) for text in captions]
    heights = (_SUBJECT - 0.9, _BENCHMARK - 0.9)
    placed: list[tuple[float, float, str, Anchor]] = [
        (0.0, y, text, "start") for text, y in zip(captions, heights, strict=True)
    ]
    out.append(labels(placed, "form", 2.35, palette["form"], 0.16))
    left, right = scale * low, max(scale * high, scale * low + 0.4)
    out.append(fill(box(left, _SUBJECT, right - left, _HIGH), palette["bar"]))
    out.append(_figure(palette, figure, left if low else 0.0, right, _SUBJECT, across, wide[0]))
    if benchmark is not None:
        long = max(scale * benchmark, 0.4)
        out.append(stroke(box(0.13, _BENCHMARK, long - 0.13, _HIGH), palette["ink"], 0.26))
        out.append(stroke(hatch(0.13, _BENCHMARK, long - 0.13, _HIGH, 1.3), palette["ink"], 0.2))
        out.append(_figure(palette, benchmark_figure, 0.0, long, _BENCHMARK, across, wide[1]))
    else:
        bar = polygon(rough_box(rng("paybar", low, high), 0, _BENCHMARK, across * 0.985, _HIGH, 0.09))
        out.append(fill(bar, palette["black"]))
        words = trimmed(withheld, "form", 2.9, across * 0.95, 0.3)
        place = across * 0.49, _BENCHMARK + 3.05
        out.append(line(*place, words, "form", 2.9, palette["on_black"], anchor="middle", spacing=0.3))
    return svg(w, h, *out)


def _roomy_axis(top: float, bars: Sequence[tuple[float, float, str]], across: float) -> tuple[float, ...]:
    """The finest axis on which every figure stands beside its bar; a bar keeps two fifths of the width at least."""
    reach = top
    while True:
        ticks = axis(reach)
        scale = across / ticks[-1]
        beside = all(_beside(text, scale * low, scale * high, across) is not None for low, high, text in bars)
        if beside or ticks[-1] >= 2.5 * top:
            return ticks
        reach = ticks[-1] * 1.0001


def _beside(text: str, left: float, right: float, across: float) -> float | None:
    """Where a figure starts that stands behind its bar, or before it; None when there is no room for either."""
    wide = measure(text, "type-bold", _FIGURE)
    if right + _CLEAR + wide <= across:
        return right + _CLEAR
    return left - _CLEAR - wide if left - _CLEAR - wide >= 0 else None


def _scale(
    palette: Palette, ticks: Sequence[float], scale: float, across: float, units: Sequence[str], decimal: str
) -> str:
    items: list[tuple[float, float, str, Anchor]] = []
    for i, text in enumerate(tick_labels(ticks, units, decimal)):
        anchor: Anchor = "start" if i == 0 else "end" if i == len(ticks) - 1 else "middle"
        items.append((min(ticks[i] * scale, across), _AXIS + 3.6, text, anchor))
    return labels(items, "form-medium", 2.4, palette["form"])


def tick_labels(ticks: Sequence[float], units: Sequence[str] = UNITS, decimal: str = ".") -> list[str]:
    """Ticks in the thousands their step is counted in: ``0``, ``50k``, ``100k``."""
    power = min(len(units) - 1, max(0, math.floor(math.log10(ticks[1]) / 3 + 1e-9)))
    scaled = (tick / 1000**power for tick in ticks)
    return [f"{value:.10g}".replace(".", decimal) + (units[power] if value else "") for value in scaled]


def _figure(palette: Palette, text: str, left: float, right: float, y: float, across: float, caption: float) -> str:
    """The figure beside its bar, or over the bar's end, on the line of its caption, where there is no room."""
    colour, base = palette["ink"], y + 3.15
    x = _beside(text, left, right, across)
    if x is not None:
        clear = box(x - 0.4, y + 0.3, measure(text, "type-bold", _FIGURE) + 0.8, _HIGH - 0.6)
        return fill(clear, palette["card"]) + line(x, base, text, "type-bold", _FIGURE, colour)
    room = across - caption - _CLEAR
    size = _FIGURE * min(1.0, room / measure(text, "type-bold", _FIGURE))
    return line(across, y - 0.9, text, "type-bold", size, colour, anchor="end")
