"""Pages onto sheets: boxes read back with PDFium, sheets cut, stacked, folded and read like paper."""

from __future__ import annotations

import re

import pypdfium2
import pytest
from weasyprint import HTML

from render import preflight, presets
from render.impose import booklet
from render.pdf import sheets
from render.pdf.sheets import Cell, Margin
from render.problems import UsageError

MM = 72 / 25.4
EIGHTH = 3.175


@pytest.fixture(scope="module")
def numbered() -> bytes:
    """A book of 21 pages of 148 x 210 mm, each with its number in the middle and a field that bleeds."""
    style = (
        "@page{size:148mm 210mm;margin:0;bleed:3.175mm;background:#eee}"
        "p{break-after:page;margin:95mm 40mm 0;font:40pt serif;text-align:center}p:last-child{break-after:auto}"
    )
    pages = "".join(f"<p>{number}</p>" for number in range(1, 22))
    return bytes(HTML(string=f"<style>{style}</style>{pages}").write_pdf())


def boxes(data: bytes) -> list[dict[str, tuple[float, ...]]]:
    """Boxes of every page in mm, as another library reads them."""
    document = pypdfium2.PdfDocument(data)
    found = []
    for page in document:
        read = {"media": page.get_mediabox(), "bleed": page.get_bleedbox(), "trim": page.get_trimbox()}
        found.append({name: tuple(round(edge / MM, 2) for edge in box) for name, box in read.items()})
    document.close()
    return found


def halves(data: bytes) -> list[tuple[str, str]]:
    """What stands left and right of the fold of every side."""
    document = pypdfium2.PdfDocument(data)
    found = []
    for page in document:
        text, (width, height) = page.get_textpage(), page.get_size()
        left = text.get_text_bounded(0, 0, width / 2, height).strip()
        found.append((left, text.get_text_bounded(width / 2, 0, width, height).strip()))
    document.close()
    return found


def folded(sides: list[tuple[str, str]], sizes: list[int]) -> list[str]:
    """Printed sides, as stacks of so many sheets, cut, folded and leafed through."""
    book: list[str] = []
    at = 0
    for size in sizes:
        stack = [(sides[at + 2 * sheet], sides[at + 2 * sheet + 1]) for sheet in range(size)]
        leaves = [(front[1], back[0]) for front, back in stack] + [(back[1], front[0]) for front, back in stack[::-1]]
        book += [page for leaf in leaves for page in leaf]
        at += 2 * size
    return book


def imposed(data: bytes, size: int, thickness: float = 0.0) -> bytes:
    sides = booklet(21, size, thickness)
    cells = [(Cell(one.left.page, one.left.shift), Cell(one.right.page, one.right.shift)) for one in sides]
    return sheets.booklet(data, cells, (297, 210), folds=True, title="Numbers")


@pytest.mark.parametrize(("size", "stacks"), [(0, [6]), (4, [1] * 6), (8, [2, 2, 2]), (16, [4, 2]), (32, [6])])
def test_a_booklet_reads_in_order_when_it_is_folded(numbered: bytes, size: int, stacks: list[int]) -> None:
    book = folded(halves(imposed(numbered, size)), stacks)
    assert book == [str(number) for number in range(1, 22)] + ["", "", ""]


def test_a_booklet_is_not_scaled(numbered: bytes) -> None:
    data = imposed(numbered, 0)
    assert {box["media"] for box in boxes(data)} == {(0.0, 0.0, 297.0, 210.0)}
    before = pypdfium2.PdfDocument(numbered)[0].get_textpage().get_charbox(0)
    after = pypdfium2.PdfDocument(data)[0].get_textpage().get_charbox(0)
    assert halves(data)[0] == ("", "1")
    assert after[3] - after[1] == pytest.approx(before[3] - before[1], abs=0.01)


def test_creep_moves_inner_pages_toward_the_fold(numbered: bytes) -> None:
    def middles(data: bytes, side: int) -> list[float]:
        page = pypdfium2.PdfDocument(data)[side]
        text = page.get_textpage()
        spots = [
            text.get_charbox(index) for index in range(text.count_chars()) if text.get_text_range(index, 1).strip()
        ]
        return [round((left + right) / 2 / MM, 2) for left, _, right, _ in spots]

    flat, crept = imposed(numbered, 0), imposed(numbered, 0, 0.5)
    assert middles(flat, 0) == middles(crept, 0)  # the outermost sheet stays
    inner = len(booklet(21)) - 2
    for before, after in zip(middles(flat, inner), middles(crept, inner), strict=True):
        toward = 2.5 if before < 148.5 else -2.5  # five sheets further in, half a millimetre each
        assert after - before == pytest.approx(toward, abs=0.06)


def test_an_interior_for_kdp_bleeds_on_three_sides(numbered: bytes) -> None:
    recto, verso = Margin(EIGHTH, EIGHTH, 0, EIGHTH), Margin(EIGHTH, EIGHTH, EIGHTH, 0)
    data = sheets.interior(numbered, recto, verso, marks=False, total=22, title="Numbers")
    found = boxes(data)
    assert len(found) == 22
    assert found[0]["trim"] == (0.0, 0.0, 148.0, 210.0)
    assert found[0]["bleed"] == found[0]["media"] == pytest.approx((0.0, -3.17, 151.17, 213.17), abs=0.02)
    assert found[1]["bleed"] == pytest.approx((-3.17, -3.17, 148.0, 213.17), abs=0.02)
    report = preflight.judge(data, "interior.pdf", presets.find("kdp"), "interior", (148, 210))
    assert {one.key for one in report.verdicts if not one.passed} == {"pages"}, report.table()  # 24 at least


def test_an_interior_for_lulu_bleeds_all_around(numbered: bytes) -> None:
    around = Margin(EIGHTH, EIGHTH, EIGHTH, EIGHTH)
    found = boxes(sheets.interior(numbered, around, around, marks=False, total=22, title="Numbers"))
    left, bottom, right, top = found[0]["media"]
    assert (right - left, top - bottom) == pytest.approx((148 + 6.35, 210 + 6.35), abs=0.02)


def test_marks_stand_outside_the_bleed(numbered: bytes) -> None:
    around = Margin(EIGHTH, EIGHTH, EIGHTH, EIGHTH)
    data = sheets.interior(numbered, around, around, marks=True, total=24, title="Numbers")
    found = boxes(data)
    assert found[5]["media"] == pytest.approx((-13.17, -13.17, 161.17, 223.17), abs=0.02)
    from PIL import ImageOps

    from render import raster

    page = next(raster.pages(data, 72)).convert("L")
    room = round(10 * MM)
    bleed = (room, room, page.width - room, page.height - room)
    dark = [
        (x, y)
        for x in range(page.width)
        for y in range(page.height)
        if page.getpixel((x, y)) < 160 and not (bleed[0] - 1 <= x <= bleed[2] + 1 and bleed[1] - 1 <= y <= bleed[3] + 1)
    ]
    assert len(dark) > 40
    assert ImageOps.invert(page.crop((0, 0, room // 4, room // 4))).getbbox() is None  # corners are bare


def test_blanks_make_up_the_count(numbered: bytes) -> None:
    around = Margin(0, 0, 0, 0)
    data = sheets.interior(numbered, around, around, marks=False, total=24, title="Numbers")
    document = pypdfium2.PdfDocument(data)
    texts = [page.get_textpage().get_text_range().strip() for page in document]
    assert texts[-4:] == ["21", "", "", ""]
    assert len({page.get_size() for page in document}) == 1


def test_sheets_for_the_office_leave_the_printer_its_margin(numbered: bytes) -> None:
    data = sheets.scaled(numbered, (148, 210), 5, multiple=2, title="Numbers")
    found = boxes(data)
    assert len(found) == 22
    assert found[0]["media"] == (0.0, 0.0, 148.0, 210.0)
    from render import raster

    page = next(raster.pages(data, 72)).convert("L").point(lambda level: 255 if level < 250 else 0)
    left, top, right, bottom = page.getbbox()
    assert left / MM >= 4.9
    assert (page.width - right) / MM >= 4.9
    assert min(top, page.height - bottom) / MM >= 4.9
    assert (right - left) / MM == pytest.approx(138, abs=0.5)


def test_a_sheet_that_no_pdf_can_have(numbered: bytes) -> None:
    with pytest.raises(UsageError, match="a sheet of 6000 x 300 mm is larger than a page of a PDF may be"):
        sheets.scaled(numbered, (6000, 300), 5, multiple=2, title="Sheets")


def test_what_is_smaller_than_the_sheet_stays_as_large_as_it_is(numbered: bytes) -> None:
    data = sheets.scaled(numbered, (210, 297), 5, multiple=2, title="Numbers")
    before = pypdfium2.PdfDocument(numbered)[0].get_textpage().get_charbox(0)
    after = pypdfium2.PdfDocument(data)[0].get_textpage().get_charbox(0)
    assert after[3] - after[1] == pytest.approx(before[3] - before[1], abs=0.01)


def test_what_only_screens_need_stays_behind(numbered: bytes) -> None:
    around = Margin(0, 0, 0, 0)
    data = sheets.interior(numbered, around, around, marks=False, total=22, title="Numbers")
    assert not re.search(rb"/(Outlines|StructTreeRoot|Annots|Metadata|EmbeddedFiles)\b", data)
    assert sheets.pages(data) == 22
    assert sheets.size(data) == (148.0, 210.0)


def test_the_same_file_twice(numbered: bytes) -> None:
    assert imposed(numbered, 8) == imposed(numbered, 8)
