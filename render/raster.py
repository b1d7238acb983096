"""A PDF's pages as pixels, and the codes that a reader finds in them. Needs the ``check`` extra."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True, slots=True)
class Code:
    """A decoded symbol: its text, its format (``QRCode``, ``Code128``) and its box on the page in mm."""

    text: str
    format: str
    x: float
    y: float
    width: float
    height: float


def pages(pdf: bytes, dpi: float = 200) -> Iterator[Image]:
    """Every page in RGB, drawn by PDFium (not by the library that wrote the file)."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        for page in document:
            try:
                yield page.render(scale=dpi / 72).to_pil().convert("RGB")
            finally:
                page.close()
    finally:
        document.close()


def codes(image: Image, dpi: float = 200) -> list[Code]:
    """The QR codes and Code 128 barcodes of a page, from top to bottom."""
    import zxingcpp

    formats = zxingcpp.BarcodeFormats((zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128))
    found = [_code(result, 25.4 / dpi) for result in zxingcpp.read_barcodes(image, formats=formats)]
    return sorted(found, key=lambda code: (code.y, code.x))


def _code(result: object, mm: float) -> Code:
    position = result.position  # type: ignore[attr-defined]
    corners = [position.top_left, position.top_right, position.bottom_right, position.bottom_left]
    xs, ys = [corner.x * mm for corner in corners], [corner.y * mm for corner in corners]
    kind = str(result.format).rpartition(".")[2].replace(" ", "")  # type: ignore[attr-defined]
    text = str(result.text)  # type: ignore[attr-defined]
    return Code(text, kind, min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
