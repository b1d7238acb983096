"""A QR code as runs of modules, on its own ground with the quiet zone in it."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .pen import Palette, num

if TYPE_CHECKING:
    from qrcode.main import QRCode

QUIET = 4
"""Modules left free on every side (ISO/IEC 18004)."""
SMALLEST, LARGEST, STEP = 20.0, 24.0, 0.5
FINEST = 0.4
"""The smallest module a printed code may have, in mm."""


class TooLong(ValueError):
    """The text needs a larger code than a card or cover leaves room for."""


@dataclass(frozen=True, slots=True)
class Plan:
    """``modules`` counts one side without the quiet zone; ``size_mm`` is the box with it."""

    version: int
    level: str
    modules: int
    size_mm: float

    @property
    def module_mm(self) -> float:
        return self.size_mm / (self.modules + 2 * QUIET)


@functools.lru_cache(4096)
def plan(text: str) -> Plan:
    """Level M, or L where M does not fit; the box grows from 20 mm by halves to 24 until a module is 0.4 mm.

    Raises TooLong when 24 mm are not enough.
    """
    for level in ("M", "L"):
        version = _version(text, level)
        if not version:
            continue
        modules = 17 + 4 * version
        needed = max(SMALLEST, math.ceil(round((modules + 2 * QUIET) * FINEST / STEP, 6)) * STEP)
        if needed <= LARGEST:
            return Plan(version, level, modules, needed)
    raise TooLong(f"{len(text)} characters are too many for a QR code of {LARGEST:g} mm")


def draw(palette: Palette, *, data: str, size: float | None = None, ink: str = "ink", ground: str = "card") -> str:
    """The code for ``data``; ``size`` is the box in mm, by default the one planned. Raises TooLong."""
    made = plan(data)
    across, side = made.modules + 2 * QUIET, num(size or made.size_mm)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}mm" height="{side}mm" '
        f'viewBox="{-QUIET} {-QUIET} {across} {across}">'
        f'<path fill="{palette[ground]}" d="M{-QUIET} {-QUIET}h{across}v{across}h{-across}z"/>'
        f'<path fill="none" stroke="{palette[ink]}" stroke-width="1.02" d="{runs(data)}"/></svg>'
    )


@functools.lru_cache(1024)
def runs(text: str) -> str:
    """The dark modules as one path of horizontal strokes, in modules."""
    made = plan(text)
    path = ""
    for y, row in enumerate(_matrix(text, made.version, made.level)):
        x = 0
        while x < len(row):
            start = x
            while x < len(row) and row[x]:
                x += 1
            if x > start:
                path += f"M{start} {y}.5h{x - start}"
            x += 1
    return path


def _version(text: str, level: str) -> int:
    """The smallest version that holds the text; 0 when none does."""
    from qrcode.exceptions import DataOverflowError

    code = _code(level)
    code.add_data(text)
    try:
        return int(code.best_fit(start=1))
    except (DataOverflowError, ValueError):
        return 0


def _matrix(text: str, version: int, level: str) -> list[list[bool]]:
    code = _code(level, version)
    code.add_data(text)
    code.make(fit=False)
    return [[bool(module) for module in row] for row in code.get_matrix()]


def _code(level: str, version: int | None = None) -> QRCode[Any]:
    import qrcode
    from qrcode.constants import ERROR_CORRECT_L, ERROR_CORRECT_M

    return qrcode.QRCode(version, border=0, error_correction={"L": ERROR_CORRECT_L, "M": ERROR_CORRECT_M}[level])
