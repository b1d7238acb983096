"""Code 128, set B: bars as one stroked path."""

from __future__ import annotations

from .pen import Palette, num, stroke, svg

_PACKED = (
    "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222123122"
    "123221223211221132221231213212223112312131311222321122321221312212322112322211212123212321232121111323"
    "131123131321112313132113132311211313231113231311112133112331132131113123113321133121313121211331231131"
    "213113213311213131311123311321331121312113312311332111314111221411431111111224111422121124121421141122"
    "141221112214112412122114122411142112142211241211221114413111241112134111111242121142121241114212124112"
    "124211411212421112421211212141214121412121111143111341131141114113114311411113411311113141114131311141"
    "411131211412211214211232"
)
_WIDTHS = [*(_PACKED[i : i + 6] for i in range(0, len(_PACKED), 6)), "2331112"]
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
