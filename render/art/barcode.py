"""Code 128, set B: bars as one stroked path."""

from __future__ import annotations

from .pen import Palette, num, stroke, svg

_WIDTHS = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 "
    "123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 "
    "232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 "
    "313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 "
    "111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 "
    "111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 "
    "114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112"
).split()
"""Widths of bars and spaces by value, ISO/IEC 15417; the last is the stop."""

_START_B, _STOP = 104, 106


def draw(palette: Palette, *, data: str, h: float = 9.4, module: float = 0.27, ink: str = "ink") -> str:
    """Bars ``h`` high with modules of ``module`` mm; ten modules must be left free on either side.

    Raises ValueError for characters outside printable ASCII.
    """
    path, x = "", 0.0
    for value in values(data):
        for i, count in enumerate(map(int, _WIDTHS[value])):
            if i % 2 == 0:
                path += f"M{num(x)} {num(h / 2)}h{num(count * module)}"
            x += count * module
    return svg(x, h, stroke(path, palette[ink], h))


def values(data: str) -> list[int]:
    """Start, characters, check value and stop."""
    if not data or not all(" " <= char <= "~" for char in data):
        raise ValueError(f"Code 128 set B cannot hold {data!r}")
    body = [ord(char) - 32 for char in data]
    check = (_START_B + sum(place * value for place, value in enumerate(body, 1))) % 103
    return [_START_B, *body, check, _STOP]
