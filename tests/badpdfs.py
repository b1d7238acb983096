"""PDFs written by hand, good for a house and then spoilt in one way each."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

WIDTH, HEIGHT, BLEED = 432.0, 648.0, 9.0
"""6 x 9 in and an eighth of an inch, in pt."""

Spoil = Callable[[Pdf], None]


@dataclass
class Book:
    """A book of ``pages`` with the same content on each, in coordinates of the trimmed page, bled on three sides."""

    content: str
    pages: int = 24
    blank_at_end: int = 0
    resources: Callable[[Pdf], dict[str, object]] = lambda _: {}
    spoil: Spoil = lambda _: None
    extra: dict[int, str] = field(default_factory=dict)
    """What more a page shows, by its number."""

    def made(self, version: str = "1.3") -> bytes:
        with Pdf.new() as pdf:
            resources = Dictionary(Font=Dictionary(F=_letters(pdf)), **self.resources(pdf))
            for number in range(1, self.pages + 1):
                said = "" if number > self.pages - self.blank_at_end else self.content + self.extra.get(number, "")
                page = pdf.add_blank_page(page_size=(WIDTH + 2 * BLEED, HEIGHT + 2 * BLEED))
                left, right = (0.0, WIDTH + BLEED) if number % 2 else (-BLEED, WIDTH)
                page.obj.MediaBox = Array([left, -BLEED, right, HEIGHT + BLEED])
                page.obj.BleedBox = page.obj.MediaBox
                page.obj.TrimBox = Array([0, 0, WIDTH, HEIGHT])
                page.obj.Resources = resources
                page.obj.Contents = Stream(pdf, said.encode("latin-1"))
            pdf.docinfo["/Title"] = "A book"
            self.spoil(pdf)
            file = io.BytesIO()
            pdf.save(
                file,
                object_stream_mode=pikepdf.ObjectStreamMode.disable,
                force_version=version,
            )
            return file.getvalue()


def _letters(pdf: Pdf) -> Dictionary:
    """A font of one glyph, a square: it needs no file."""
    glyph = pdf.make_indirect(Stream(pdf, b"600 0 0 0 500 500 d1 0 0 500 500 re f"))
    return Dictionary(
        Type=Name.Font, Subtype=Name.Type3, FontBBox=[0, 0, 600, 600], FontMatrix=[0.001, 0, 0, 0.001, 0, 0],
        CharProcs=Dictionary(a=glyph), Encoding=Dictionary(Differences=[97, Name.a]), FirstChar=97, LastChar=97,
        Widths=[600], Name=Name("/Squares"), Resources=Dictionary(),
    )  # fmt: skip


def text(x: float, y: float, size: float, colour: str = "0 g", letters: str = "aaaa") -> str:
    return f"{colour} BT /F {size} Tf 1 0 0 1 {x} {y} Tm ({letters}) Tj ET\n"


def area(x: float, y: float, width: float, height: float, colour: str) -> str:
    return f"{colour} {x} {y} {width} {height} re f\n"


def line(width: float, colour: str = "0 G") -> str:
    return f"{colour} {width} w 100 300 m 300 300 l S\n"


def intent(pdf: Pdf, profile: bytes, standard: str = "PDF/X-1a:2001") -> None:
    """What PDF/X asks of a document."""
    stream = Stream(pdf, profile)
    stream["/N"] = 4
    pdf.Root.OutputIntents = Array([
        Dictionary(
            Type=Name.OutputIntent, S=Name.GTS_PDFX, OutputConditionIdentifier="CGATS TR 006",
            RegistryName="http://www.color.org", Info="GRACoL", DestOutputProfile=pdf.make_indirect(stream),
        )
    ])  # fmt: skip
    pdf.docinfo["/GTS_PDFXVersion"] = "PDF/X-1:2001"
    pdf.docinfo["/GTS_PDFXConformance"] = standard
    pdf.docinfo["/Trapped"] = Name("/False")


def image(pdf: Pdf, width: int, height: int, data: bytes, **keys: object) -> Stream:
    stream = Stream(pdf, data)
    for key, value in {
        "Type": Name.XObject, "Subtype": Name.Image, "Width": width, "Height": height, "BitsPerComponent": 8,
        "ColorSpace": Name.DeviceGray, **keys,
    }.items():  # fmt: skip
        stream["/" + key] = value
    return stream
