"""An ISBN as EAN-13: its digits, its modules, and what a reader reads from the page."""

from __future__ import annotations

import pytest

from render import layouts
from render.art import ean

ISBN = "978-3-16-148410-0"


def test_the_check_digit_of_isos_own_example() -> None:
    assert ean.check_digit("978316148410") == "0"
    assert ean.digits(ISBN) == "9783161484100"


@pytest.mark.parametrize(
    ("isbn", "message"),
    [("978-3-16-148410-1", "with these digits it is 0"), ("3-16-148410-0", "no ISBN of thirteen digits")],
)
def test_a_wrong_number_is_told(isbn: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ean.digits(isbn)


def test_modules_are_those_of_the_standard() -> None:
    # 5901234123457 is the example that GS1 and Wikipedia draw; of its kind only numbers beginning 978 are ISBNs.
    bits = ean.modules("9780201379624")
    assert len(bits) == ean.MODULES
    assert (bits[:3], bits[45:50], bits[92:]) == ("101", "01010", "101")
    # 9 begins: odd even even odd even odd; the second digit, 7, is odd: 0111011; the third, 8, even: 0001001
    assert bits[3:10] == "0111011"
    assert bits[10:17] == "0001001"
    # the last digit, 4, on the right: 1011100
    assert bits[85:92] == "1011100"


def test_a_reader_reads_it() -> None:
    import zxingcpp
    from weasyprint import HTML

    from render import raster

    drawing = ean.draw(layouts.find("anthology").theme("colour"), data=ISBN)
    pdf = HTML(string=f"<style>@page{{size:80mm 60mm;margin:15mm}}svg{{display:block}}</style>{drawing}").write_pdf()
    found = zxingcpp.read_barcodes(next(raster.pages(pdf, 300)))
    assert [(one.text, str(one.format).rpartition(".")[2].replace("-", "")) for one in found] == [
        ("9783161484100", "EAN13")
    ]


def test_guards_are_longer() -> None:
    drawing = ean.draw(layouts.find("anthology").theme("mono"), data=ISBN)
    assert drawing.count("v24.5") == 6
    assert drawing.count("v22.85") == 24
