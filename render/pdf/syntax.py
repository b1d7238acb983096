"""Numbers and strings as PDF writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SPECIAL = re.compile(rb"([\\()])")


def numbers(values: Iterable[float]) -> bytes:
    return b" ".join(number(value) for value in values)


def number(value: float) -> bytes:
    """To a thousandth of a point."""
    return b"%d" % value if value == int(value) else f"{value:.3f}".rstrip("0").rstrip(".").encode()


def string(text: str) -> bytes:
    """A text string (ISO 32000-1, 7.9.2.2)."""
    return literal(text.encode()) if text.isascii() else b"<feff%b>" % text.encode("utf-16-be").hex().encode()


def literal(data: bytes) -> bytes:
    """Bytes as a string, on one line."""
    return b"(%b)" % _SPECIAL.sub(rb"\\\1", data).replace(b"\n", rb"\n").replace(b"\r", rb"\r")
