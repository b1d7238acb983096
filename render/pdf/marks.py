"""Marks in a page's content: where their placeholders stand, and the content without them."""

from __future__ import annotations

import statistics
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf

_SHOW = {"Tj", "TJ", "'", '"'}
_COLOUR = {"g", "rg", "k", "scn", "sc", "cs"}

Matrix = tuple[float, float, float, float, float, float]
_UNIT: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Seen:
    """How a placeholder was set: its origin, size and letter-spacing in pt of the page, its font and colour."""

    x: float
    y: float
    font: str
    size: float
    colour: str
    spacing: float


def without(page: Any, marks: Collection[int]) -> tuple[bytes, dict[int, Seen]]:
    """A page's content without the text of some marked-content sequences, and how each was set.

    Only what shows text goes: what sets a state stays, since what follows may count on it.
    """
    seen: dict[int, Seen] = {}
    kept: list[Any] = []
    state, stack = _State(), []
    open_marks: list[int | None] = []
    for instruction in pikepdf.parse_content_stream(page):
        operands, operator = instruction.operands, str(instruction.operator)
        if operator == "q":
            stack.append(state.copy())
        elif operator == "Q":
            state = stack.pop()
        elif operator in ("BDC", "BMC"):
            mark = _mcid(operands) if operator == "BDC" else None
            open_marks.append(mark if mark in marks else None)
            if open_marks[-1] is not None:
                continue
        elif operator == "EMC":
            if open_marks.pop() is not None:
                continue
        elif (
            operator in _SHOW and (inside := next((m for m in reversed(open_marks) if m is not None), None)) is not None
        ):
            seen.setdefault(inside, state.seen(operands))
            continue
        else:
            state.take(operator, operands)
        kept.append(instruction)
    return bytes(pikepdf.unparse_content_stream(kept)), seen


class _State:
    """As much of the graphics state as tells how text is set."""

    def __init__(self) -> None:
        self.matrix, self.text = _UNIT, _UNIT
        self.font, self.size, self.spacing = "", 1.0, 0.0
        self.colour: tuple[str, ...] = ("0 g",)

    def copy(self) -> _State:
        made = _State()
        made.__dict__.update(self.__dict__)
        return made

    def take(self, operator: str, operands: Any) -> None:
        if operator == "cm":
            self.matrix = _times(_matrix(operands), self.matrix)
        elif operator == "BT":
            self.text = _UNIT
        elif operator == "Tm":
            self.text = _matrix(operands)
        elif operator in ("Td", "TD"):
            self.text = _times((1.0, 0.0, 0.0, 1.0, float(operands[0]), float(operands[1])), self.text)
        elif operator == "Tf":
            self.font, self.size = str(operands[0])[1:], float(operands[1])
        elif operator == "Tc":
            self.spacing = float(operands[0])
        elif operator in _COLOUR:
            said = " ".join([*(_said(one) for one in operands), operator])
            self.colour = (*self.colour[-1:], said) if operator in ("scn", "sc") else (said,)

    def seen(self, operands: Any) -> Seen:
        whole = _times(self.text, self.matrix)
        scale = (whole[0] ** 2 + whole[1] ** 2) ** 0.5
        size = self.size * scale
        spacing = self.spacing * scale + _tracking(operands) * size
        return Seen(whole[4], whole[5], self.font, round(size, 4), " ".join(self.colour), round(spacing, 4))


def _tracking(operands: Any) -> float:
    """What is added after each letter, in em: WeasyPrint writes it as the gaps of an array."""
    if not operands or not isinstance(operands[0], pikepdf.Array):
        return 0.0
    gaps = [-float(item) / 1000 for item in _items(operands[0]) if isinstance(item, int | float) or _is_number(item)]
    return statistics.median(gaps) if gaps else 0.0


def _items(array: Any) -> Iterator[Any]:
    yield from array


def _is_number(item: Any) -> bool:
    try:
        float(item)
    except (TypeError, ValueError):
        return False
    return not isinstance(item, pikepdf.String)


def _mcid(operands: Any) -> int | None:
    properties = operands[1]
    found = properties.get("/MCID") if isinstance(properties, pikepdf.Dictionary) else None
    return None if found is None else int(found)


def _said(operand: Any) -> str:
    return str(operand) if isinstance(operand, pikepdf.Name) else f"{float(operand):g}"


def _matrix(operands: Any) -> Matrix:
    a, b, c, d, e, f = (float(one) for one in operands)
    return a, b, c, d, e, f


def _times(one: Matrix, other: Matrix) -> Matrix:
    """One matrix, then the other (ISO 32000-1, 8.3.4)."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m
