"""An ISBN as EAN-13 (ISO/IEC 15420): bars as one stroked path, guards longer than the rest."""

from __future__ import annotations

from .pen import Palette, num, svg

MODULE = 0.33
"""mm, at 100 %."""
BARS, GUARDS = 22.85, 24.5
"""Heights in mm at 100 %."""
QUIET_LEFT, QUIET_RIGHT = 11, 7
"""Modules that must be left free on either side."""
MODULES = 95

_ODD = ("0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011")
_PARITY = ("OOOOOO", "OOEOEE", "OOEEOE", "OOEEEO", "OEOOEE", "OEEOOE", "OEEEOO", "OEOEOE", "OEOEEO", "OEEOEO")
"""Which of the six left digits are in the odd set, by the first digit, which has no bars of its own."""


def draw(palette: Palette, *, data: str, module: float = MODULE, ink: str = "ink") -> str:
    """Bars with guards, without the quiet zones and the digits. Raises ValueError for a number that is none."""
    path = ""
    for start, length, is_guard in _runs(modules(data)):
        x, height = num((start + length / 2) * module), GUARDS if is_guard else BARS
        path += f'<path d="M{x} 0v{num(height * module / MODULE)}" stroke-width="{num(length * module)}"/>'
    body = f'<g fill="none" stroke="{palette[ink]}">{path}</g>'
    return svg(MODULES * module, GUARDS * module / MODULE, body)


def digits(data: str) -> str:
    """The thirteen digits of an ISBN. Raises ValueError for other than thirteen, or a wrong check digit."""
    found = "".join(character for character in data if character.isdigit())
    if len(found) != 13 or not found.startswith(("978", "979")):
        raise ValueError(f"{data} is no ISBN of thirteen digits")
    if found[-1] != (right := check_digit(found[:12])):
        raise ValueError(f"the check digit of {data} is wrong; with these digits it is {right}")
    return found


def check_digit(twelve: str) -> str:
    """Weights 1 and 3 in turn (ISO 2108)."""
    return str(-sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(twelve)) % 10)


def modules(data: str) -> str:
    """95 modules, 1 for dark."""
    first, left, right = (said := digits(data))[0], said[1:7], said[7:]
    odd = [_ODD[int(digit)] for digit in left]
    halves = [
        code if side == "O" else _turned(_other(code)) for code, side in zip(odd, _PARITY[int(first)], strict=True)
    ]
    return "101" + "".join(halves) + "01010" + "".join(_other(_ODD[int(digit)]) for digit in right) + "101"


def _other(code: str) -> str:
    return code.translate(str.maketrans("01", "10"))


def _turned(code: str) -> str:
    return code[::-1]


def _runs(bits: str) -> list[tuple[int, int, bool]]:
    """Dark runs: where they begin, how many modules they take, and whether they are guards."""
    guards = {*range(3), *range(45, 50), *range(92, 95)}
    found, at = [], 0
    while at < len(bits):
        start = at
        while at < len(bits) and bits[at] == "1":
            at += 1
        if at > start:
            found.append((start, at - start, start in guards))
        at += 1
    return found
