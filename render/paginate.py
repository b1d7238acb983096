"""[Piece] -> Plan: the order of a book's pages, their sides, blanks and folios, and columns of slips.

A plan knows names and heights of pages, never what is on them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .record import Laid

FRONT, BODY, COVER = "front", "body", "cover"
"""What a piece is counted with: roman folios, arabic ones, none."""

RECTO, VERSO, EITHER = "recto", "verso", ""

_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


@dataclass(frozen=True, slots=True)
class Placed:
    """A page of a part on a page of the book; ``x`` and ``y`` in mm are how far it is moved right and down."""

    key: str
    number: int
    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on one page, and the name of its ``@page`` rule. One item is the page itself; several are slips."""

    name: str
    items: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part with what its place depends on. ``side`` is where its first page has to fall."""

    key: str
    pages: tuple[Page, ...]
    counted: str = BODY
    side: str = EITHER
    fields: Mapping[str, str] = field(default_factory=dict)
    """What running heads on its pages say, by the names of marks."""
    family: str = ""
    """The key of the family whose furniture its pages have."""

    @classmethod
    def of(cls, key: str, laid: Iterable[Laid], **more: Any) -> Piece:
        """A piece whose pages are those of one part."""
        pages = tuple(Page(one.name, (Placed(key, number),)) for number, one in enumerate(laid))
        return cls(key, pages, **more)


@dataclass(frozen=True, slots=True)
class Spot:
    """A page of the book with its folio as printed and its side."""

    piece: Piece
    page: Page
    label: str
    verso: bool


@dataclass(frozen=True)
class Plan:
    """All pages in order."""

    spots: tuple[Spot, ...]

    def first(self) -> dict[str, int]:
        """The index of the page that each piece begins on."""
        found: dict[str, int] = {}
        for index, spot in enumerate(self.spots):
            found.setdefault(spot.piece.key, index)
        return found


@dataclass(frozen=True, slots=True)
class Columns:
    """Where slips go on a page, in mm. ``head`` is what the first page's heading takes.

    By ``give`` a slip may stand nearer to the next, so that a last page with next to nothing on it is spared.
    """

    left: float
    top: float
    width: float
    height: float
    gap: float = 6.0
    columns: int = 2
    head: float = 0.0
    give: float = 0.0

    @property
    def column(self) -> float:
        return (self.width - self.gap * (self.columns - 1)) / self.columns


def paginate(pieces: Iterable[Piece], blank: Piece, *, even: bool = False) -> Plan:
    """Put pieces one behind the other. A blank page stands where a side asks for one.

    The first page of the book is a recto, and so is the first page of the body. ``even`` ends the book on a verso.
    """
    spots: list[Spot] = []
    counts = dict.fromkeys((FRONT, BODY, COVER), 0)

    def put(piece: Piece, page: Page, counted: str) -> None:
        counts[counted] += 1
        spots.append(Spot(piece, page, _LABELS[counted](counts[counted]), verso=len(spots) % 2 == 1))

    before = COVER
    for piece in pieces:
        begins = piece.counted == BODY and before != BODY
        side = piece.side or (RECTO if begins else EITHER)
        if side and (len(spots) % 2 == 1) != (side == VERSO):
            put(blank, blank.pages[0], before)
        for page in piece.pages:
            put(piece, page, piece.counted)
        before = piece.counted
    if even and len(spots) % 2:
        put(blank, blank.pages[0], before)
    return Plan(tuple(spots))


def roman(number: int) -> str:
    """A lower-case roman numeral, from 1 to 3999."""
    found = ""
    for value, letters in _ROMAN:
        times, number = divmod(number, value)
        found += letters * times
    return found


_LABELS: Mapping[str, Callable[[int], str]] = {FRONT: roman, BODY: str, COVER: lambda _: ""}


def columns(slips: Sequence[tuple[Placed, Laid]], area: Columns) -> list[tuple[Placed, ...]]:
    """Fill page after page, column after column; on the last page the columns end level.

    ``slips`` are in order; a letter's heading, whose page is named ``letter``, keeps the first two of its slips with
    it. Returns the slips of each page, placed.
    """
    pages = _pages(slips, area)
    if area.give and len(pages) > 1 and _depth(slips[-len(pages[-1]) :]) < _SCANT * area.height * area.columns:
        for step in range(1, _STEPS + 1):
            closer = [(slip, replace(laid, used=laid.used - area.give * step / _STEPS)) for slip, laid in slips]
            fewer = _pages(closer, area)
            if len(fewer) < len(pages):
                return fewer
    return pages


_SCANT = 0.15
"""Of a page: what stands on a last page that is not worth its paper."""
_STEPS = 5


def _depth(slips: Sequence[tuple[Placed, Laid]]) -> float:
    return sum(laid.used for _, laid in slips)


def _pages(slips: Sequence[tuple[Placed, Laid]], area: Columns) -> list[tuple[Placed, ...]]:
    pages: list[tuple[Placed, ...]] = []
    rest, head = list(slips), area.head
    while rest:
        filled = _fill(rest, area, area.height, head)
        if len(filled) == len(rest):
            low, high = head, area.height
            while high - low > 1:
                middle = (low + high) / 2
                fits = len(_fill(rest, area, middle, head)) == len(rest)
                low, high = (low, middle) if fits else (middle, high)
            filled = _fill(rest, area, high, head)
        pages.append(filled)
        rest, head = rest[len(filled) :], 0.0
    return pages


def _fill(slips: Sequence[tuple[Placed, Laid]], area: Columns, height: float, head: float) -> tuple[Placed, ...]:
    """As many slips as go on a page whose columns end at ``height``; at least one, be it too tall."""
    placed: list[Placed] = []
    column, y = 0, head
    for index, (slip, laid) in enumerate(slips):
        follow = slips[index + 1 : index + 3] if laid.name == "letter" else ()
        need = laid.used + sum(one.used for _, one in follow if one.name != "letter")
        if placed and y > head and y + need > height:
            column, y = column + 1, head
        if column == area.columns:
            break
        x = area.left + column * (area.column + area.gap)
        placed.append(Placed(slip.key, slip.number, x, area.top + y))
        y += laid.used
    return tuple(placed)
