"""QR codes and bar codes: their sizes, and that a scanner reads them from a printed page."""

from __future__ import annotations

import base64

import pypdfium2
import pytest
import zxingcpp
from samples import THEMES, palette
from weasyprint import HTML

from render import art
from render.art import barcode, qr

URL = "https://otiose.example/"


def scanned(markup: str, ground: str) -> list[str]:
    """What a scanner reads from a drawing in the middle of a page, at 200 dpi."""
    uri = "data:image/svg+xml;base64," + base64.b64encode(markup.encode()).decode()
    page = f'<style>@page{{size:90mm 60mm;margin:12mm;background:{ground}}}</style><img src="{uri}">'
    pdf = pypdfium2.PdfDocument(HTML(string=page).write_pdf())
    image = pdf[0].render(scale=200 / 72).to_pil()
    pdf.close()
    return [code.text for code in zxingcpp.read_barcodes(image)]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("text", [URL + "s/OR-529-B818", URL + "x" * 83, URL + "ü/" + "a" * 100, URL + "x" * 169])
def test_a_qr_code_is_read_back(text: str, theme: str) -> None:
    colours = palette(theme)
    assert scanned(art.draw("qr", colours, data=text), colours["manila"]) == [text]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("text", ["OR-529-B818", "ZZ-100-0000", "a b~!"])
def test_a_barcode_is_read_back(text: str, theme: str) -> None:
    colours = palette(theme)
    assert scanned(art.draw("barcode", colours, data=text), colours["manila"]) == [text]


@pytest.mark.parametrize(
    ("length", "version", "level", "size"),
    [
        (40, 3, "M", 20.0),
        (106, 6, "M", 20.0),
        (107, 7, "M", 21.5),
        (122, 7, "M", 21.5),
        (123, 8, "M", 23.0),
        (152, 8, "M", 23.0),
        (153, 7, "L", 21.5),
        (192, 8, "L", 23.0),
    ],
)
def test_the_box_grows_with_the_text(length: int, version: int, level: str, size: float) -> None:
    """Capacities in bytes from ISO/IEC 18004, table 7."""
    plan = qr.plan(URL + "x" * (length - len(URL)))
    assert (plan.version, plan.level, plan.size_mm) == (version, level, size)
    assert plan.modules == 17 + 4 * version
    assert plan.module_mm >= 0.4


def test_a_text_for_a_larger_box_is_too_long() -> None:
    with pytest.raises(qr.TooLong, match="193 characters"):
        qr.plan(URL + "x" * (193 - len(URL)))
    with pytest.raises(ValueError, match="too many"):
        art.draw("qr", palette("colour"), data="x" * 4000)


def test_the_quiet_zone_is_part_of_the_drawing() -> None:
    markup = art.draw("qr", palette("colour"), data=URL + "s/1")
    modules = qr.plan(URL + "s/1").modules
    assert f'viewBox="-4 -4 {modules + 8} {modules + 8}"' in markup
    assert f'<path fill="{palette("colour")["card"]}" d="M-4 -4h{modules + 8}' in markup
    assert 'width="20mm"' in markup
    assert 'width="18mm"' in art.draw("qr", palette("colour"), data=URL + "s/1", size=18)


def test_runs_are_finder_patterns_at_three_corners() -> None:
    path = qr.runs(URL)
    modules = qr.plan(URL).modules
    assert path.startswith("M0 0.5h7M")
    assert f"M{modules - 7} 0.5h7" in path
    assert f"M0 {modules - 1}.5h7" in path


def test_what_code_128_cannot_hold() -> None:
    for text in ("", "ÄR-1", "tab\t"):
        with pytest.raises(ValueError, match="Code 128"):
            art.draw("barcode", palette("colour"), data=text)


def test_the_check_value_of_the_standard() -> None:
    """(104 + 48*1 + 50*2 + 13*3) mod 103 for "PR-"."""
    assert barcode.values("PR-") == [104, 48, 50, 13, 85, 106]
