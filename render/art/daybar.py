"""The 24-hour strip: solid blocks where the subject was observed, hatching where nobody looked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .lettering import Anchor, labels, measure
from .pen import Palette, box, columns, fill, hatch, key, line, stroke, svg

DAY = 1440
_TOP, _HIGH, _FOOT = 4.0, 7.2, 6.4
_LANE = 3.4
"""A lane is never lower than this, in mm: the strip grows instead."""
_LETTER, _FLAG = 3.9, 3.2


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the day in minutes. ``lane`` counts from the top of ``lanes`` that share the strip there."""

    start: int
    end: int
    key: str
    lane: int = 0
    lanes: int = 1


def blocks(entries: Sequence[Sequence[int]]) -> list[Block]:
    """The blocks of entries (from, to), in minutes, in order of time; keys go by the entries' own order.

    An entry that ends at or before its start runs past midnight and becomes two blocks with the same key.
    """
    cut: list[tuple[int, int, str]] = []
    for i, (start, end) in enumerate(entries):
        if end > start:
            cut.append((start, end, key(i)))
        else:
            cut += [(a, b, key(i)) for a, b in ((start, DAY), (0, end)) if b > a]
    cut.sort(key=lambda block: block[:2])
    return [block for cluster in _clusters(cut) for block in _laned(cluster)]


def height(entries: Sequence[Sequence[int]]) -> float:
    """The drawing's height in mm."""
    return _TOP + _strip(blocks(entries)) + _FOOT


def draw(palette: Palette, *, entries: Sequence[Sequence[int]], w: float = 162.0) -> str:
    """``entries`` are pairs (from, to) in minutes from midnight. The height follows the number of lanes."""
    made = blocks(entries)
    high, across = _strip(made), w - 0.4
    foot = _TOP + high

    def at(minute: float) -> float:
        return 0.2 + across * minute / DAY

    solid = ""
    inside: list[tuple[float, float, str, Anchor]] = []
    flagged: list[tuple[float, float, str]] = []
    for block in made:
        lane = high / block.lanes
        x0, y0 = at(block.start), _TOP + lane * block.lane
        x1 = max(at(block.end), x0 + 0.8)
        solid += box(x0, y0 + (0.15 if block.lane else 0), x1 - x0, lane - (0.15 if block.lane else 0))
        size = min(_LETTER, lane * 0.8)
        if x1 - x0 >= measure(block.key, "form", size) + 1.2:
            inside.append(((x0 + x1) / 2, y0 + lane / 2 + size * 0.35, block.key, "middle"))
        else:
            flagged.append(((x0 + x1) / 2, y0, block.key))
    size = min([_LETTER, *(high / block.lanes * 0.8 for block in made)])
    out = [
        stroke(hatch(0.2, _TOP, across, high, 2.2), palette["rule"], 0.2),
        fill(solid, palette["bar"]),
        labels(inside, "form", size, palette["on_bar"]),
        _flags(palette, flagged, w),
        _hours(palette, at, foot, high),
    ]
    return svg(w, foot + _FOOT, *out)


def _hours(palette: Palette, at: Callable[[float], float], foot: float, high: float) -> str:
    edge = box(at(0), _TOP, at(DAY) - at(0), high)
    heavy = edge + columns(foot, foot + 1.9, (at(hour * 60) for hour in range(0, 25, 3)))
    light = columns(foot, foot + 1, (at(hour * 60) for hour in range(25) if hour % 3))
    numerals: list[tuple[float, float, str, Anchor]] = []
    for hour in range(0, 25, 3):
        anchor: Anchor = "start" if hour == 0 else "end" if hour == 24 else "middle"
        numerals.append((at(hour * 60), foot + 4.8, f"{hour:02d}", anchor))
    return (
        stroke(heavy, palette["ink"], 0.34)
        + stroke(light, palette["ink"], 0.18)
        + labels(numerals, "form", 2.9, palette["form"])
    )


def _flags(palette: Palette, flagged: Sequence[tuple[float, float, str]], w: float) -> str:
    """Letters of blocks too narrow to hold them, side by side above the strip, each tied to its block."""
    if not flagged:
        return ""
    places = sorted(flagged)
    widths = [measure(text, "form", _FLAG) + 0.9 for _, _, text in places]
    kept = range(0, len(places), 1 + int(sum(widths) / w))
    middles = spread([places[i][0] for i in kept], [widths[i] for i in kept], 0.0, w)
    bends = ((x, *places[i][:2]) for i, x in zip(kept, middles, strict=True))
    ties = "".join(line([(x, 2.75), (foot, _TOP - 0.3), (foot, y)]) for x, foot, y in bends)
    letters: list[tuple[float, float, str, Anchor]] = [
        (x, 2.5, places[i][2], "middle") for i, x in zip(kept, middles, strict=True)
    ]
    return stroke(ties, palette["ink"], 0.25) + labels(letters, "form", _FLAG, palette["ink"])


def spread(middles: Sequence[float], widths: Sequence[float], low: float, high: float) -> list[float]:
    """Places near the given middles, in their order, so that nothing overlaps or leaves low..high."""
    groups: list[tuple[float, float, list[int]]] = []
    """Left edge, width and members of things that touch."""
    for i, (middle, width) in enumerate(zip(middles, widths, strict=True)):
        groups.append((middle - width / 2, width, [i]))
        while True:
            left, wide, members = groups[-1]
            left = min(max(left, low), high - wide)
            groups[-1] = left, wide, members
            if len(groups) < 2 or groups[-2][0] + groups[-2][1] <= left:
                break
            _, before, earlier = groups[-2]
            joined = earlier + members
            total = before + wide
            offset, wish = 0.0, 0.0
            for member in joined:
                wish += middles[member] - offset - widths[member] / 2
                offset += widths[member]
            groups[-2:] = [(wish / len(joined), total, joined)]
    places = [0.0] * len(middles)
    for edge, _, members in groups:
        x = edge
        for member in members:
            places[member] = x + widths[member] / 2
            x += widths[member]
    return places


def _strip(made: Sequence[Block]) -> float:
    return max(_HIGH, _LANE * max((block.lanes for block in made), default=1))


def _clusters(cut: Sequence[tuple[int, int, str]]) -> list[list[tuple[int, int, str]]]:
    """Blocks in order of time, grouped where they overlap."""
    groups: list[list[tuple[int, int, str]]] = []
    end = -1
    for block in cut:
        if block[0] >= end:
            groups.append([])
        groups[-1].append(block)
        end = max(end, block[1])
    return groups


def _laned(cluster: Sequence[tuple[int, int, str]]) -> list[Block]:
    """Each block in the first lane that is free at its start; lanes of short blocks, which are flagged, lie on top."""
    ends: list[int] = []
    lanes = []
    for start, end, _ in cluster:
        lane = next((i for i, busy in enumerate(ends) if busy <= start), len(ends))
        ends[lane : lane + 1] = [end]
        lanes.append(lane)
    longest = [0] * len(ends)
    for (start, end, _), lane in zip(cluster, lanes, strict=True):
        longest[lane] = max(longest[lane], end - start)
    order = sorted(range(len(ends)), key=lambda i: (longest[i] > 60, i))
    return [Block(*block, order.index(lane), len(ends)) for block, lane in zip(cluster, lanes, strict=True)]
