"""Colour: every operator, form, pattern, gradient and picture in other inks, and PDF/X-1a, read back by others."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pikepdf
import pytest
from badpdfs import Book, area, image, line, text
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from render import preflight, presets, raster
from render.pdf.colour import Inks, as_pdfx, converted
from render.problems import InputError

RED, GREEN = "0.69 0.15 0.11 rg", "0.169 0.29 0.271 rg"
CMYK = Inks("cmyk", text="black", limit=240, profile=presets.PROFILE)


def everything(pdf: Pdf) -> dict[str, object]:
    """A picture, a palette, a form, a pattern, gradients of every kind that is converted."""

    def ramp(**keys: object) -> Dictionary:
        return Dictionary(FunctionType=2, Domain=[0, 1], N=1, **keys)

    def fade(function: object) -> Dictionary:
        return Dictionary(ShadingType=2, ColorSpace=Name.DeviceRGB, Coords=[100, 0, 300, 0], Function=function)

    stitched = Dictionary(
        FunctionType=3, Domain=[0, 1], Bounds=[0.5], Encode=[0, 1, 0, 1],
        Functions=[ramp(C0=[1, 0, 0], C1=[1, 1, 1]), ramp(C0=[1, 1, 1], C1=[0, 0, 1])],
    )  # fmt: skip
    sampled = Stream(pdf, b"\xff\0\0" + b"\0\0\xff")
    for key, value in {"FunctionType": 0, "BitsPerSample": 8}.items():
        sampled["/" + key] = value
    sampled["/Domain"], sampled["/Size"], sampled["/Range"] = Array([0, 1]), Array([2]), Array([0, 1, 0, 1, 0, 1])
    dots = Stream(pdf, b"1 0 0 rg 0 0 5 5 re f")
    for key, value in {"PatternType": 1, "PaintType": 1, "TilingType": 1, "XStep": 9, "YStep": 9}.items():
        dots["/" + key] = value
    dots["/BBox"], dots["/Resources"] = Array([0, 0, 9, 9]), Dictionary()
    form = Stream(pdf, f"{area(0, 0, 50, 50, RED)}{line(1, '0 0 1 RG')}".encode())
    form["/Type"], form["/Subtype"], form["/BBox"] = Name.XObject, Name.Form, Array([0, 0, 60, 60])
    form["/Group"] = Dictionary(S=Name.Transparency)
    palette = Array([Name.Indexed, Name.DeviceRGB, 1, pikepdf.String(b"\xff\0\0\0\0\xff")])
    mask = pdf.make_indirect(image(pdf, 300, 300, b"\x80" * 90000))
    pictures = {
        "Red": image(pdf, 300, 300, b"\xff\0\0" * 90000, ColorSpace=Name.DeviceRGB),
        "Two": image(pdf, 300, 300, bytes([0, 1]) * 45000, ColorSpace=palette),
        "Faint": image(pdf, 300, 300, b"\0\0\0" * 90000, ColorSpace=Name.DeviceRGB, SMask=mask),
        "Form": form,
    }
    return {
        "XObject": Dictionary(**{name: pdf.make_indirect(one) for name, one in pictures.items()}),
        "Shading": Dictionary(
            A=fade(ramp(C0=[1, 0, 0], C1=[0, 0, 1])), B=fade(stitched), C=fade(pdf.make_indirect(sampled))
        ),
        "Pattern": Dictionary(
            Dots=pdf.make_indirect(dots), Fade=Dictionary(PatternType=2, Shading=fade(ramp(C0=[1, 0, 0], C1=[0, 1, 0])))
        ),
        "ColorSpace": Dictionary(Cal=Array([Name.CalRGB, Dictionary(WhitePoint=[0.95, 1, 1.08])])),
    }


SHOWN = (
    area(100, 500, 50, 50, RED)
    + line(1, "0 0 1 RG")
    + text(72, 420, 10, "0.13 0.12 0.11 rg")
    + text(72, 440, 10, RED)
    + "q 60 0 0 60 100 200 cm /Red Do Q q 60 0 0 60 170 200 cm /Two Do Q q 60 0 0 60 240 200 cm /Faint Do Q\n"
    + "q 1 0 0 1 100 100 cm /Form Do Q /Pattern cs /Dots scn 200 100 60 60 re f /Fade scn 270 100 60 60 re f\n"
    + "q 100 300 200 20 re W n /A sh Q q 100 330 200 20 re W n /B sh Q q 100 360 200 20 re W n /C sh Q\n"
    + "/Cal cs 1 0.5 0 sc 340 100 20 20 re B\n"
)
BOOK = Book(SHOWN, resources=everything)


def operators(data: bytes) -> set[str]:
    """Those of all pages, forms and patterns of a file, by another reading than the press's."""
    found = set()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for thing in pdf.objects:
            if isinstance(thing, Stream) and (thing.get("/Subtype") == "/Form" or "/PatternType" in thing):
                found |= {str(one.operator) for one in pikepdf.parse_content_stream(thing)}
        for page in pdf.pages:
            found |= {str(one.operator) for one in pikepdf.parse_content_stream(page)}
    return found


def spaces(data: bytes) -> set[str]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return {
            str(thing["/ColorSpace"])
            for thing in pdf.objects
            if isinstance(thing, Stream | Dictionary) and "/ColorSpace" in thing and thing["/ColorSpace"] is not None
        }


def test_grey_is_device_gray_everywhere() -> None:
    data = converted(BOOK.made(), Inks("grey"), "book.pdf")
    assert operators(data) & {"rg", "RG", "k", "K", "sc", "SC"} == set()
    assert {"g", "G", "cs", "scn"} <= operators(data)
    assert spaces(data) == {"/DeviceGray"}
    spec = replace(preflight.of(presets.find("kdp"), pages=24), ink=presets.Ink("grey"))
    report = preflight.check(data, "book.pdf", spec)
    assert report.passed, report.table()
    for shown in list(raster.pages(data, 40))[:1]:
        assert {pixel[0] == pixel[1] == pixel[2] for _, pixel in shown.getcolors(1 << 20) or ()} == {True}


def test_four_inks_everywhere() -> None:
    data = converted(BOOK.made(), CMYK, "book.pdf")
    assert operators(data) & {"rg", "RG", "sc", "SC"} == set()
    assert {"k", "K"} <= operators(data)
    assert spaces(data) == {"/DeviceCMYK"}


def test_what_is_painted_stays_as_it_looks() -> None:
    before, after = (next(raster.pages(data, 60)) for data in (BOOK.made(), converted(BOOK.made(), Inks("grey"), "b")))
    from PIL import ImageChops

    difference = ImageChops.difference(before.convert("L"), after.convert("L"))
    histogram = difference.histogram()
    assert sum(histogram[80:]) / sum(histogram) < 0.02
    assert sum(before.convert("L").histogram()[:200]) > 1000


def test_text_is_black_alone_and_dark_text_solid() -> None:
    data = converted(Book(text(72, 400, 10, RED) + text(72, 300, 10, "0.9 0.9 0.9 rg")).made(), CMYK, "book.pdf")
    with pikepdf.open(io.BytesIO(data)) as pdf:
        said = pdf.pages[0].Contents.read_bytes().decode()
    assert re.findall(r"([\d. ]+) k\b", said) == ["0 0 0 1", "0 0 0 0.1"]


def test_colour_is_said_when_it_is_needed() -> None:
    """A colour set for text and used for an area, too, is black for the one and coloured for the other."""
    content = f"{RED} BT /F 10 Tf 72 400 Td (aa) Tj ET 72 300 50 50 re f q {GREEN} 9 9 9 9 re f Q 72 200 50 50 re f\n"
    data = converted(Book(content).made(), CMYK, "book.pdf")
    with pikepdf.open(io.BytesIO(data)) as pdf:
        said = pdf.pages[0].Contents.read_bytes().decode().split("\n")
    colours = [row for row in said if row.endswith(" k")]
    assert colours[0] == "0 0 0 1 k"
    assert colours[1] != colours[2]
    assert len(colours) == 3  # after Q the area is red again, which the stream says already
    assert said.index(colours[0]) < next(at for at, row in enumerate(said) if "Tj" in row) < said.index(colours[1])


@pytest.mark.parametrize(
    ("said", "inks"),
    [("0 0 0 rg", "0 0 0 1"), ("0.5 0.5 0.5 rg", "0 0 0 0.5"), ("1 1 1 rg", "0 0 0 0"), ("0.3 g", "0 0 0 0.7"),
     ("0.13 0.12 0.11 rg", "0 0 0 1"), ("0.99 0.99 0.98 rg", "0 0 0 0")],
)  # fmt: skip
def test_neutral_colours_are_black_alone(said: str, inks: str) -> None:
    data = converted(Book(area(72, 72, 50, 50, said)).made(), CMYK, "book.pdf")
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert f"{inks} k" in pdf.pages[0].Contents.read_bytes().decode()


def test_the_ink_limit_is_kept() -> None:
    assert sum(CMYK.painted("cmyk", (0.9, 0.9, 0.9, 0.9))) <= 2.4
    assert CMYK.painted("cmyk", (0.9, 0.9, 0.9, 0.9))[3] == 0.9
    low = Inks("cmyk", limit=150, profile=presets.PROFILE)
    for rgb in ((0.69, 0.15, 0.11), (0.0, 0.0, 1.0), (0.17, 0.29, 0.27), (0.1, 0.0, 0.2)):
        assert sum(low.painted("rgb", rgb)) <= 1.5
        assert max(low.painted("rgb", rgb)) > 0.2


def test_a_heavy_picture_is_made_lighter() -> None:
    def resources(pdf: Pdf) -> dict[str, object]:
        heavy = image(pdf, 300, 300, b"\xf0\xf0\xf0\xf0" * 90000, ColorSpace=Name.DeviceCMYK)
        return {"XObject": Dictionary(Heavy=pdf.make_indirect(heavy))}

    data = converted(Book("q 60 0 0 60 100 200 cm /Heavy Do Q\n", resources=resources).made(), CMYK, "book.pdf")
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pixels = pdf.pages[0].Resources.XObject.Heavy.read_bytes()
    assert len(pixels) == 360_000
    assert 230 < sum(pixels[:4]) / 2.55 < 240.01


def test_a_faint_picture_is_put_on_white() -> None:
    data = converted(BOOK.made(), CMYK, "book.pdf")
    with pikepdf.open(io.BytesIO(data)) as pdf:
        faint = pdf.pages[0].Resources.XObject.Faint
        assert "/SMask" not in faint
        inks = faint.read_bytes()[:4]
    assert max(inks[:3]) < 20
    assert 120 < inks[3] < 180


@pytest.mark.parametrize(
    ("space", "said"),
    [
        (
            Array([Name.Separation, Name.Gold, Name.DeviceCMYK, Dictionary(FunctionType=2, Domain=[0, 1], N=1)]),
            "Separation",
        ),
        (Array([Name.Lab, Dictionary(WhitePoint=[0.96, 1, 0.82])]), "Lab"),
    ],
)
def test_a_colour_that_cannot_be_converted(space: Array, said: str) -> None:
    book = Book("/Odd cs 1 scn 72 72 50 50 re f\n", resources=lambda _: {"ColorSpace": Dictionary(Odd=space)})
    with pytest.raises(InputError, match=f"book.pdf: there is a colour in {said}, which cannot be converted"):
        converted(book.made(), CMYK, "book.pdf")


def test_pdf_x_passes_preflight() -> None:
    plain = replace(BOOK, content=SHOWN.replace("60 0 0 60", "48 0 0 48"), blank_at_end=1).made()
    data = as_pdfx(converted(plain, CMYK, "book.pdf"), presets.PROFILE, "A book", "2026-11-01")
    report = preflight.check(data, "book.pdf", preflight.of(presets.find("ingramspark"), pages=24))
    assert report.passed, report.table()
    assert data.startswith(b"%PDF-1.3")
    with pikepdf.open(io.BytesIO(data)) as pdf:
        intent = pdf.Root.OutputIntents[0]
        assert (str(intent.S), str(intent.OutputConditionIdentifier)) == ("/GTS_PDFX", "CGATS TR 006")
        assert intent.DestOutputProfile.read_bytes() == presets.PROFILE.read_bytes()
        assert str(pdf.docinfo["/CreationDate"]) == "D:20261101000000Z"
        assert "/ID" in pdf.trailer


def test_the_same_file_twice() -> None:
    assert converted(BOOK.made(), CMYK, "a") == converted(
        BOOK.made(), Inks("cmyk", text="black", limit=240, profile=presets.PROFILE), "a"
    )
