"""An organization chart of known roles: up to seven levels, roles side by side, names wrapped in their boxes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from ..text import REDACTED
from ._rails import Flow, rails, subject_box
from .lettering import PT, Anchor, chopped, labels, measure
from .pen import Palette, box, columns, fill, polygon, rng, rough_box, ruled, stroke, svg

SMALLEST = 6 * PT
"""No text is smaller than 6 pt."""
_NAME = 7 * PT
_LEADING = 1.22
_SIDE = 7.8
"""Room at either side for a rail and its word."""
_PAD_X, _PAD_Y = 1.3, 1.15
_GAP_X, _GAP_Y, _GAP_ROW, _GROUP = 2.4, 4.2, 1.4, 1.2
_NARROWEST, _WIDEST = 17.0, 46.0
_SUBJECT = 10.4
_MARGIN = 0.5


@dataclass(frozen=True, slots=True)
class Words:
    """What the form calls things, and the subject's file number."""

    subject: str
    file_number: str
    pressure: str
    extraction: str


@dataclass(frozen=True, slots=True)
class Box:
    """A box in mm with its lines of text. The subject's has none; a remark on a whole level has no frame."""

    x: float
    y: float
    w: float
    h: float
    size: float = _NAME
    names: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    framed: bool = True

    @property
    def middle(self) -> float:
        return self.y + self.h / 2

    @property
    def foot(self) -> float:
        return self.y + self.h


Row = tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """One level's rows of boxes, and what it does to the subject."""

    rows: tuple[Row, ...]
    relation: str
    subject: bool

    @property
    def boxes(self) -> Row:
        return tuple(box for row in self.rows for box in row)

    @property
    def grouped(self) -> bool:
        """Several rows of roles stand in a frame of their own."""
        return sum(row[0].framed for row in self.rows) > 1

    @property
    def left(self) -> float:
        return min(box.x for box in self.boxes if box.framed) - (_GROUP if self.grouped else 0)

    @property
    def top(self) -> float:
        return self.rows[0][0].y - (_GROUP if self.grouped else 0)

    @property
    def foot(self) -> float:
        return self.rows[-1][0].foot + (_GROUP if self.grouped else 0)

    @property
    def middle(self) -> float:
        """Where the rails touch it."""
        framed = [row for row in self.rows if row[0].framed]
        return (framed[0][0].y + framed[-1][0].foot) / 2

    def middles(self, w: float, *, below: bool) -> list[float]:
        """Where wires leave it downwards, or reach it from above."""
        edge = self.rows[-1 if below else 0]
        return [w / 2] if self.grouped or not edge[0].framed else [box.x + box.w / 2 for box in edge]


def height(data: Sequence[Mapping[str, Any]], w: float) -> float:
    return levels(data, w)[-1].foot + _MARGIN


def levels(data: Sequence[Mapping[str, Any]], w: float, least: float = 0.0) -> list[Level]:
    """Every box in its place, from the top. Gaps grow to fill ``least`` mm, at most to twice their size."""
    stacks = [_rows(level, w) for level in data]
    tall = sum(_depth(rows) for rows in stacks)
    gap = _GAP_Y
    if len(stacks) > 1:
        gap = min(2 * _GAP_Y, max(_GAP_Y, (least - 2 * _MARGIN - tall) / (len(stacks) - 1)))
    placed, y = [], _MARGIN
    for level, rows in zip(data, stacks, strict=True):
        group = _GROUP if sum(row[0].framed for row in rows) > 1 else 0.0
        y += group
        set_rows = []
        for row in rows:
            high = max(box.h for box in row)
            set_rows.append(tuple(replace(box, y=y, h=high) for box in row))
            y += high + _GAP_ROW
        placed.append(Level(tuple(set_rows), str(level.get("relation") or ""), bool(level.get("subject"))))
        y += group + gap - _GAP_ROW
    return placed


def _depth(rows: Sequence[Row]) -> float:
    group = _GROUP if sum(row[0].framed for row in rows) > 1 else 0.0
    return sum(max(box.h for box in row) for row in rows) + _GAP_ROW * (len(rows) - 1) + 2 * group


def _rows(level: Mapping[str, Any], w: float) -> list[Row]:
    """A level's boxes side by side, in as many rows as it takes; a remark on several roles stands below them."""
    inner = w - 2 * _SIDE
    if level.get("subject"):
        wide = min(46.0, inner)
        return [(Box((w - wide) / 2, 0, wide, _SUBJECT),)]
    roles = [str(role) for role in level.get("roles") or [level.get("role", "")]]
    note = str(level.get("note") or "")
    abreast = max(1, min(len(roles), int((inner + _GAP_X) / (_NARROWEST + _GAP_X))))
    count = -(-len(roles) // abreast)
    made, first = [], 0
    for i in range(count):
        share = len(roles) // count + (i < len(roles) % count)
        wide = min(_WIDEST, (inner - 2 * _GROUP * (count > 1) - _GAP_X * (share - 1)) / share)
        left = (w - share * wide - (share - 1) * _GAP_X) / 2
        row = []
        for j, role in enumerate(roles[first : first + share]):
            row.append(_box(left + j * (wide + _GAP_X), wide, role, note if len(roles) == 1 else ""))
        made.append(tuple(row))
        first += share
    if note and len(roles) > 1:
        lines = tuple(chopped(note, "type", SMALLEST, inner))
        made.append((Box(_SIDE, 0, inner, _LEADING * SMALLEST * len(lines), notes=lines, framed=False),))
    return made


def _box(x: float, w: float, role: str, note: str) -> Box:
    room = w - 2 * _PAD_X
    size = _NAME
    longest = max((measure(word, "type-bold", size) for word in role.split()), default=0.0)
    if longest > room or len(chopped(role, "type-bold", size, room)) > 2:
        size = SMALLEST
    names = chopped(role, "type-bold", size, room)
    notes = chopped(note, "type", SMALLEST, room) if note else []
    h = 2 * _PAD_Y + _LEADING * (size * len(names) + SMALLEST * len(notes))
    return Box(x, 0, w, h, size, tuple(names), tuple(notes))


def draw(palette: Palette, data: Sequence[Mapping[str, Any]], words: Words, w: float, least: float) -> str:
    placed = levels(data, w, least)
    frames = "".join(_frame(level) for level in placed)
    subject = "".join(
        subject_box(palette, b.x, b.y, b.w, b.h, words.subject, words.file_number)
        for level in placed
        if level.subject
        for b in level.boxes
    )
    h = placed[-1].foot + _MARGIN
    return svg(
        w,
        h,
        stroke(_wires(placed, w) + frames, palette["ink"], 0.32),
        subject,
        _lettered(palette, [b for level in placed for b in level.boxes]),
        _flows(palette, placed, words, w),
    )


def _frame(level: Level) -> str:
    if level.subject:
        return ""
    frames = "".join(box(b.x, b.y, b.w, b.h) for b in level.boxes if b.framed)
    if level.grouped:
        frames += box(level.left, level.top, _right(level) - level.left, level.foot - level.top)
    return frames


def _right(level: Level) -> float:
    return max(b.x + b.w for b in level.boxes if b.framed) + (_GROUP if level.grouped else 0)


def _wires(placed: Sequence[Level], w: float) -> str:
    path = ""
    for upper, lower in pairwise(placed):
        above, below = upper.middles(w, below=True), lower.middles(w, below=False)
        if above == below and len(above) == 1:
            path += columns(upper.foot, lower.top, above)
            continue
        bus = (upper.foot + lower.top) / 2
        every = [*above, *below, w / 2]
        path += columns(upper.foot, bus, above) + columns(bus, lower.top, below) + ruled(min(every), max(every), [bus])
    return path


def _lettered(palette: Palette, placed: Sequence[Box]) -> str:
    """Names in the boxes and remarks below them: one element for each size and face."""
    names: dict[float, list[tuple[float, float, str, Anchor]]] = {}
    bars = ""
    notes: list[tuple[float, float, str, Anchor]] = []
    for b in placed:
        text = _LEADING * (b.size * len(b.names) + SMALLEST * len(b.notes))
        y, middle = b.y + (b.h - text) / 2, b.x + b.w / 2
        for name in b.names:
            if name == REDACTED:
                wide = min(b.w - 2 * _PAD_X, 22.0)
                bars += polygon(
                    rough_box(rng("hierarchy", b.x, y), middle - wide / 2, y + 0.3, wide, b.size * 0.9, 0.06)
                )
            else:
                names.setdefault(b.size, []).append((middle, y + b.size * 0.82, name, "middle"))
            y += _LEADING * b.size
        for note in b.notes:
            notes.append((middle, y + SMALLEST * 0.82, note, "middle"))
            y += _LEADING * SMALLEST
    out = fill(bars, palette["black"]) + "".join(
        labels(items, "type-bold", size, palette["ink"]) for size, items in names.items()
    )
    return out + labels(notes, "type", SMALLEST, palette["ink"])


def _flows(palette: Palette, placed: Sequence[Level], words: Words, w: float) -> str:
    """Pressure runs from the topmost level that exerts it to the last; extraction from the lowest to the first."""
    subject = next((i for i, level in enumerate(placed) if level.subject), 0)
    pressing = [i for i, level in enumerate(placed) if level.relation == "pressure"]
    taking = [i for i, level in enumerate(placed) if level.relation == "extraction"]
    down: Flow = None
    up: Flow = None
    if pressing:
        end = len(placed) - 1 if pressing[0] != len(placed) - 1 else subject
        if end != pressing[0]:
            down = ((placed[pressing[0]].left, placed[pressing[0]].middle), (placed[end].left, placed[end].middle))
    if taking:
        end = 0 if taking[-1] != 0 else subject
        if end != taking[-1]:
            up = ((_right(placed[taking[-1]]), placed[taking[-1]].middle), (_right(placed[end]), placed[end].middle))
    return rails(
        palette,
        w,
        down=down,
        up=up,
        words=(words.pressure, words.extraction),
        joins_down=[(placed[i].left, placed[i].middle) for i in pressing[1:] if i != len(placed) - 1],
        joins_up=[(_right(placed[i]), placed[i].middle) for i in taking[:-1] if i != 0],
    )
