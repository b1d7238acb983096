"""Which page goes where: pages of a book onto the sides of sheets, as plain data.

Pages are counted from 1; 0 is a blank. ``booklet`` says what stands on both sides of every sheet, ``padded`` how many
pages there must be. What is drawn with that is ``pdf.sheets``' business.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

BLANK = 0
FOLD = 4
"""Pages on a sheet that is folded once."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A page on a side. ``shift`` is how far, in mm, it moves toward the fold against creep."""

    page: int
    shift: float = 0.0


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a sheet, left and right of the fold. ``sheet`` counts from 1, within its signature too."""

    sheet: int
    is_front: bool
    left: Cell
    right: Cell
    signature: int = 1

    @property
    def pages(self) -> tuple[int, int]:
        return self.left.page, self.right.page


def padded(pages: int, multiple: int, blank_at_end: int = 0) -> int:
    """The number of pages to print, so that it is a multiple and the last ``blank_at_end`` pages are blank."""
    if pages < 1 or multiple < 1 or blank_at_end < 0:
        raise ValueError("there must be a page, and a multiple of at least one")
    return -(-(pages + blank_at_end) // multiple) * multiple


def signatures(pages: int, size: int = 0) -> tuple[int, ...]:
    """The pages of each signature: all in one (0), or so many in each and what remains, in sheets, in the last.

    Raises ValueError for a size that is no multiple of four.
    """
    if size % FOLD or size < 0:
        raise ValueError(f"a signature has a multiple of {FOLD} pages, not {size}")
    total = padded(pages, FOLD)
    if not size:
        return (total,)
    whole, rest = divmod(total, size)
    return (size,) * whole + ((rest,) if rest else ())


def booklet(pages: int, size: int = 0, thickness: float = 0.0) -> tuple[Side, ...]:
    """Two pages to a side, fronts and backs in turn, the outermost sheet of each signature first.

    ``thickness`` is that of a sheet in mm: where sheets lie in one another, each further in is pushed outward by as
    much, so its pages move toward the fold and the trimmed margins stay equal.
    """
    return tuple(_sides(pages, signatures(pages, size), thickness))


def _sides(pages: int, sizes: tuple[int, ...], thickness: float) -> Iterator[Side]:
    first = sheet = 1
    for number, size in enumerate(sizes, 1):
        last = first + size - 1
        for depth in range(size // FOLD):
            shift = round(depth * thickness, 4)
            low, high = first + 2 * depth, last - 2 * depth

            def cell(page: int, shift: float = shift) -> Cell:
                return Cell(page if page <= pages else BLANK, shift)

            yield Side(sheet, True, cell(high), cell(low), number)
            yield Side(sheet, False, cell(low + 1), cell(high - 1), number)
            sheet += 1
        first = last + 1


def creep(pages: int, size: int, thickness: float) -> float:
    """How far, in mm, the innermost sheet of the thickest signature is pushed outward."""
    return round((max(signatures(pages, size)) // FOLD - 1) * thickness, 4)
