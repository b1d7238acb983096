"""The code points that a font file maps to a glyph, read without a font library: every check of a record asks.

After the OpenType specification, 1.9, tables cmap (formats 4 and 12) and the table directory.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

_PREFERRED = ((3, 10), (0, 6), (0, 4), (3, 1), (0, 3), (0, 2), (0, 1), (0, 0))
"""Platforms and encodings for Unicode, the fullest first."""


def points(font: bytes) -> frozenset[int] | None:
    """The code points of an OpenType font. None for what needs a library: a packed font, another format."""
    try:
        table = _subtable(font)
        match struct.unpack_from(">H", table)[0] if table else 0:
            case 4:
                return frozenset(_segments(table))
            case 12:
                return frozenset(_groups(table))
    except struct.error:
        pass
    return None


def _subtable(font: bytes) -> bytes:
    """The best cmap subtable for Unicode; empty when there is none."""
    if font[:4] not in (b"\0\1\0\0", b"OTTO", b"true"):
        return b""
    for number in range(struct.unpack_from(">H", font, 4)[0]):
        tag, _, start, length = struct.unpack_from(">4sLLL", font, 12 + 16 * number)
        if tag == b"cmap":
            cmap = font[start : start + length]
            found = {}
            for entry in range(struct.unpack_from(">H", cmap, 2)[0]):
                platform, encoding, offset = struct.unpack_from(">HHL", cmap, 4 + 8 * entry)
                found[platform, encoding] = offset
            return next((cmap[found[kind] :] for kind in _PREFERRED if kind in found), b"")
    return b""


def _segments(table: bytes) -> Iterator[int]:
    """Format 4: segments of code points with a shift, or with a list of glyphs."""
    count = struct.unpack_from(">H", table, 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", table, 14)
    starts, shifts, offsets = (struct.unpack_from(f">{count}H", table, 16 + 2 * count * row) for row in (1, 2, 3))
    for number, (start, end, shift, offset) in enumerate(zip(starts, ends, shifts, offsets, strict=True)):
        at = 16 + 6 * count + 2 * number + offset
        for point in range(start, min(end, 0xFFFE) + 1):
            glyph = struct.unpack_from(">H", table, at + 2 * (point - start))[0] if offset else point
            if (glyph or not offset) and (glyph + shift) & 0xFFFF:
                yield point


def _groups(table: bytes) -> Iterator[int]:
    """Format 12: runs of code points and of glyphs."""
    for number in range(struct.unpack_from(">L", table, 12)[0]):
        start, end, glyph = struct.unpack_from(">LLL", table, 16 + 12 * number)
        yield from range(start + (not glyph), min(end, 0x10FFFF) + 1)
