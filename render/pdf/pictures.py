"""Raster images of a file: their size, colour space and heaviest pixel."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import pikepdf

from . import codes
from .inks import ALIASES, Spaces

LARGEST_CODE = 2000
"""Pixels on a side up to which a picture is looked at for being a QR code."""


class Picture(NamedTuple):
    """A raster image, or an inline one."""

    width: int
    height: int
    space: str
    bits: int
    is_mask: bool
    has_alpha: bool
    ink: float
    """The heaviest pixel in percent of all inks; 0 where that says nothing."""
    qr: float = 0.0
    """How many pixels a module of the code takes that the picture is, or 0."""


def picture(image: Any, spaces: Spaces) -> Picture:
    width, height = int(image.get("/Width", 0)), int(image.get("/Height", 0))
    is_mask = bool(image.get("/ImageMask", False))
    space = "" if is_mask else spaces.name(image.get("/ColorSpace"), None)
    bits = 1 if is_mask else int(image.get("/BitsPerComponent", 8))
    return Picture(
        width, height, space, bits, is_mask, _has_alpha(image), _ink(image, space), _module(image, width, height)
    )


def _has_alpha(image: Any) -> bool:
    """Whether there is a soft mask that lets something through."""
    mask = image.get("/SMask")
    if mask is None:
        return False
    try:
        levels = pikepdf.PdfImage(mask).as_pil_image().convert("L").histogram()
    except (pikepdf.PdfError, NotImplementedError, ValueError, OSError, TypeError):
        return True
    return any(levels[:255])


def _ink(image: Any, space: str) -> float:
    if space not in ("DeviceCMYK", "ICC CMYK"):
        return 0.0
    try:
        opened = pikepdf.PdfImage(image).as_pil_image()
    except (pikepdf.PdfError, NotImplementedError, ValueError, OSError):
        return 0.0
    data = opened.convert("CMYK").resize((min(opened.width, 400), min(opened.height, 400)), 0).tobytes()
    return max(map(sum, zip(*(data[at::4] for at in range(4)), strict=True)), default=0) / 2.55


def _module(image: Any, width: int, height: int) -> float:
    if not (21 <= width <= LARGEST_CODE and abs(width - height) <= 0.05 * width):
        return 0.0
    try:
        opened = pikepdf.PdfImage(image).as_pil_image().convert("L").point(lambda level: 255 if level > 127 else 0)
    except (pikepdf.PdfError, NotImplementedError, ValueError, OSError):
        return 0.0
    data = opened.tobytes()
    return codes.pixels([data[row * width : (row + 1) * width] for row in range(height)])


def inline(data: bytes) -> Picture:
    """An inline image's dictionary, as it stands in the stream."""
    head = data.split(b"ID", 1)[0]

    def value(*names: bytes) -> bytes:
        match = re.search(rb"/(?:" + b"|".join(names) + rb")\s*(/?[\w.]+)", head)
        return match[1] if match else b""

    is_mask = value(b"IM", b"ImageMask") == b"true"
    name = value(b"CS", b"ColorSpace").decode("latin-1").lstrip("/")
    space = "" if is_mask else ALIASES.get(name, name)
    bits = int(value(b"BPC", b"BitsPerComponent") or 1)
    return Picture(int(value(b"W", b"Width") or 0), int(value(b"H", b"Height") or 0), space, bits, is_mask, False, 0.0)
