"""Content streams as instructions: operands as they stand, and the operator.

One expression reads a whole stream at C's speed. What it does not cover (inline images, comments, strings with
parentheses in them) goes to pikepdf's parser, which is slower and reads everything.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import Any

import pikepdf

Instruction = tuple[bytes, bytes]
"""Operands with their trailing blanks, and the operator."""
Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]
"""Left, bottom, right, top in pt."""
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

_HEX = rb"<[0-9A-Fa-f\s]*+>"
_STRING = rb"\((?:[^()\\]|\\.)*+\)"
_NUMBER = rb"[-+.0-9]++"
_NAME = rb"/[^\s()<>\[\]{}/%]*+"
_ARRAY = rb"\[(?:[^\[\]()<>%]|" + _HEX + rb"|" + _STRING + rb")*+\]"
_DICT = rb"<<(?:[^<>()%]|" + _HEX + rb"|" + _STRING + rb")*+>>"
_ITEM = rb"(?:" + b"|".join((_NUMBER, _NAME, _DICT, _HEX, _STRING, _ARRAY, rb"true\b|false\b|null\b")) + rb")"
_INSTRUCTION = re.compile(rb"((?:" + _ITEM + rb"\s*+)*+)([A-Za-z'\"][A-Za-z0-9*'\"]*+)(\s*+)", re.DOTALL)
_SHOWN = re.compile(rb"<([0-9A-Fa-f\s]*)>|\(((?:[^()\\]|\\.)*)\)|([-+.0-9]+)", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_MEANT = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b"", b"\r\n": b""}


def instructions(data: bytes, stream: Any) -> list[Instruction]:
    """What a decoded content stream says. ``stream`` is the page or form it is of."""
    found = _INSTRUCTION.findall(data, len(data) - len(data.lstrip()))
    read = sum(map(len, chain.from_iterable(found)))
    if read == len(data.lstrip()) and not any(operator == b"BI" for _, operator, _ in found):
        return [(operands, operator) for operands, operator, _ in found]
    return [_slowly(one) for one in pikepdf.parse_content_stream(stream)]


def _slowly(one: Any) -> Instruction:
    if isinstance(one, pikepdf.ContentStreamInlineImage):
        return bytes(pikepdf.unparse_content_stream([one])), b"BI"
    return b" ".join(_written(operand) for operand in one.operands) + b" ", str(one.operator).encode("latin-1")


def _written(operand: Any) -> bytes:
    if isinstance(operand, pikepdf.Object):
        return bytes(operand.unparse(resolved=True))
    if isinstance(operand, bool):
        return b"true" if operand else b"false"
    return str(operand).encode()


def content(page: Any) -> bytes:
    """A page's content, its streams joined."""
    found = page.get("/Contents")
    if found is None:
        return b""
    if isinstance(found, pikepdf.Array):
        return b"\n".join(bytes(one.read_bytes()) for one in found)
    return bytes(found.read_bytes())


def numbers(operands: bytes) -> list[float]:
    return [float(one) for one in operands.split()]


def shown(operands: bytes) -> list[bytes | float]:
    """What a text operator shows: strings as bytes, and the numbers between them."""
    made: list[bytes | float] = []
    for match in _SHOWN.finditer(operands):
        if match[3] is not None:
            made.append(float(match[3]))
        elif match[1] is not None:
            digits = b"".join(match[1].split())
            made.append(bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode()))
        else:
            made.append(_ESCAPE.sub(_unescaped, match[2]))
    return made


def _unescaped(match: re.Match[bytes]) -> bytes:
    said = match[1]
    if said.isdigit():
        return bytes([int(said, 8) & 255])
    return _MEANT.get(said, said)


def times(one: Matrix, other: Matrix) -> Matrix:
    """One matrix, then the other (ISO 32000-1, 8.3.4)."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def matrix(operands: bytes) -> Matrix:
    a, b, c, d, e, f = numbers(operands)[-6:]
    return a, b, c, d, e, f


def moved(box: Box, by: Matrix) -> Box:
    """The upright box around a box that a matrix moves."""
    a, b, c, d, e, f = by
    left, bottom, right, top = box
    if not b and not c:
        x, y, u, v = a * left + e, d * bottom + f, a * right + e, d * top + f
        return min(x, u), min(y, v), max(x, u), max(y, v)
    xs = [a * x + c * y + e for x in (left, right) for y in (bottom, top)]
    ys = [b * x + d * y + f for x in (left, right) for y in (bottom, top)]
    return min(xs), min(ys), max(xs), max(ys)


def scale(by: Matrix) -> float:
    """How much a matrix enlarges, on the average of both ways."""
    return float(abs(by[0] * by[3] - by[1] * by[2]) ** 0.5)


def both(one: Box | None, other: Box | None) -> Box | None:
    """Where two boxes overlap; ``None`` is the whole plane. Where they do not, right is left of left."""
    if one is None or other is None:
        return one or other
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])
