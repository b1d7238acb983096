"""dossier print and dossier preflight: files for houses, booklets, the office; the cover; CUPS."""

from __future__ import annotations

import json
import os
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from command import HEAD
from command import archive as make_archive
from pictures import Album, versions

from render import cli, desk, layouts, preflight, presets
from render.orders import Order, Outcome
from render.printer import cover, spool
from render.problems import SetupError, UsageError

MM = 72 / 25.4
ISBN = "978-3-16-148410-0"
RECORDS = {
    slug: f"{'day_log'}:\n  - {{from: '9:00', to: '10:00', activity: Filing {slug}}}\n"
    for slug in ("first-clerk", "second-clerk", "third-clerk")
}

ALBUM = Album(Path(__file__).parent / "references" / "print", Path(__file__).parent.parent / "out" / "pictures-print")


@dataclass(frozen=True)
class Shop:
    """An archive with an ISBN, and a folder of results that all tests of the module share."""

    archive: Path
    output: Path

    def run(self, *arguments: str) -> int:
        where = ["--archive", str(self.archive), "--output", str(self.output)]
        return cli.main(["print", *arguments, *where])

    def file(self, *names: str) -> Path:
        return self.output.joinpath("print", *names)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    folder = tmp_path_factory.mktemp("print")
    archive = make_archive(folder / "archive", RECORDS, f"{HEAD}isbn: {ISBN}\ndate: 2026-11-01\n")
    return Shop(archive, folder / "out")


@pytest.fixture(scope="module")
def opened(shop: Shop) -> desk.Desk:
    found = desk.open_desk(Order(archive=shop.archive, book=True), Outcome())
    assert found is not None
    return found


def boxes(path: Path) -> dict[str, tuple[float, ...]]:
    """The first page's boxes in mm, read by PDFium."""
    page = pypdfium2.PdfDocument(path)[0]
    read = {"media": page.get_mediabox(), "bleed": page.get_bleedbox(), "trim": page.get_trimbox()}
    return {name: tuple(round(edge / MM, 1) for edge in box) for name, box in read.items()}


def failed(data: list[dict[str, Any]]) -> set[str]:
    return {one["check"] for report in data for one in report["checks"] if one["result"] == "fail"}


# ---- the book


def test_for_kdp(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    status = shop.run("--for", "kdp", "--paper-stock", "cream", "--format", "json", "--stats")
    said = capsys.readouterr()
    data = json.loads(said.out)
    assert [Path(path).name for path in data["files"]] == ["interior.pdf", "cover.pdf"]
    pages = data["stats"]["printed"]
    assert pages % 2 == 0
    assert failed(data["preflight"]) <= {"pages"}  # so small a book may have less than 24
    assert status == bool(failed(data["preflight"]))
    interior = boxes(shop.file("kdp", "interior.pdf"))
    assert interior["trim"] == (0, 0, 152.4, 228.6)
    assert interior["media"] == interior["bleed"] == (0, -3.2, 155.6, 231.8)
    wrap = boxes(shop.file("kdp", "cover.pdf"))
    spine = pages * 0.0025 * 25.4
    assert data["stats"]["spine"] == pytest.approx(spine, abs=0.001)
    left, _, right, _ = wrap["trim"]
    assert right - left == pytest.approx(2 * 152.4 + spine, abs=0.11)
    assert wrap["media"][2] - wrap["media"][0] == pytest.approx(2 * 152.4 + spine + 6.35, abs=0.11)
    assert "on cream, without text" in said.err


def test_for_ingramspark(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    shop.run("--for", "ingramspark", "--spine", "14mm", "--proof", "--format", "json")
    data = json.loads(capsys.readouterr().out)
    assert [Path(path).name for path in data["files"]] == ["interior.pdf", "cover.pdf", "cover-proof.pdf"]
    assert failed(data["preflight"]) <= {"pages"}
    assert data["stats"]["spine"] == 14.0
    interior = shop.file("ingramspark", "interior.pdf")
    assert interior.read_bytes().startswith(b"%PDF-1.3")
    document = pypdfium2.PdfDocument(interior)
    assert document.get_metadata_value("Title") == "The Registry of Trials"
    assert document[len(document) - 1].get_textpage().get_text_range().strip() == ""
    proof = pypdfium2.PdfDocument(shop.file("ingramspark", "cover-proof.pdf"))[0].get_textpage().get_text_range()
    assert re.search(r"PROOF\. \d+ pages on white-50; the spine is 14\.00 mm", " ".join(proof.split()))
    plain = pypdfium2.PdfDocument(shop.file("ingramspark", "cover.pdf"))[0].get_textpage().get_text_range()
    assert "PROOF" not in plain


def test_a_booklet(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    assert shop.run("--for", "booklet", "--signature", "16", "--format", "json") == 0
    said = capsys.readouterr()
    data = json.loads(said.out)
    assert failed(data["preflight"]) == set()
    assert boxes(shop.file("booklet", "booklet.pdf"))["media"] == (0, 0, 297, 210)
    assert data["stats"]["printed"] % 4 == 0
    assert data["stats"]["creep"] == 0.3
    first = pypdfium2.PdfDocument(shop.file("booklet", "booklet.pdf"))[0]
    text = first.get_textpage()
    right = text.get_text_bounded(first.get_width() / 2, 0, first.get_width(), first.get_height())
    assert "The Registry" in " ".join(right.split())  # the front cover is the first page


def test_single_dossiers_for_the_office(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    assert shop.run("first-clerk", "second-clerk", "--for", "office", "--sheet", "letter", "--format", "json") == 0
    data = json.loads(capsys.readouterr().out)
    assert [Path(path).name for path in data["files"]] == ["first-clerk.pdf", "second-clerk.pdf"]
    found = shop.file("office", "first-clerk.pdf")
    assert boxes(found)["media"] == (0, 0, 215.9, 279.4)
    assert len(pypdfium2.PdfDocument(found)) % 2 == 0


def test_rail_and_holes_are_mirrored_on_even_sheets(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    """The third page is a right-hand one, with its rail at the left; the second has it at the right."""
    from render import raster

    shop.run("first-clerk", "--for", "office")
    capsys.readouterr()
    pages = [page.convert("L") for page in raster.pages(shop.file("office", "first-clerk.pdf").read_bytes(), 50)]

    def ink(page: Any, left: float, right: float) -> int:
        """Pixels that are no bare paper in a strip of the page, between shares of its width."""
        strip = page.crop(
            (int(page.width * left), int(page.height * 0.2), int(page.width * right), int(page.height * 0.8))
        )
        return sum(strip.histogram()[:235])

    verso = pages[1]
    assert ink(verso, 0.87, 0.96) > 2 * ink(verso, 0.04, 0.062)
    assert ink(verso, 0.87, 0.96) > 50


def test_houses_take_books_and_no_printer_queue(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    assert shop.run("first-clerk", "--for", "kdp") == 2
    assert "preset kdp is for books" in capsys.readouterr().err
    assert shop.run("--for", "kdp", "--printer", "second-floor") == 2
    assert "--printer is for office and booklet" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--for", "kdp", "--paper-stock", "vellum"), "no paper stock 'vellum'; there are: white, cream"),
        (("--for", "booklet", "--signature", "6"), "a signature has a multiple of 4 pages, not 6"),
        (("--for", "booklet", "--sheet", "a3"), "no sheet 'a3' for this preset; there are: a4, letter"),
        (("--for", "blurb"), "no preset 'blurb'"),
    ],
)
def test_what_cannot_be_meant(
    shop: Shop, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    assert shop.run(*arguments) == 2
    assert message in capsys.readouterr().err


def test_a_preset_of_ones_own(shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(
        (presets.FOLDER / "office.yaml").read_text("utf-8").replace("colour: as-is", "colour: grey"), "utf-8"
    )
    assert shop.run("third-clerk", "--preset", str(mine), "--format", "json") == 0
    data = json.loads(capsys.readouterr().out)
    checks = {one["check"]: one for one in data["preflight"][0]["checks"]}
    assert checks["colour"]["result"] == "pass"
    assert checks["colour"]["note"] == "DeviceGray"
    assert shop.file("mine", "third-clerk.pdf").is_file()


def test_the_type_area_moves_at_binding_and_nothing_is_typeset_again(
    shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house = (presets.FOLDER / "generic.yaml").read_text("utf-8")
    lefts = {}
    for name, inner in (("near", "19mm"), ("far", "21mm")):
        mine = tmp_path / f"{name}.yaml"
        mine.write_text(house.replace("inner: 15mm", f"inner: {inner}"), "utf-8")
        shop.run("--preset", str(mine), "--format", "json")
        stats = json.loads(capsys.readouterr().out)["stats"]
        lefts[name] = _lefts(shop.file(name, "interior.pdf"))
    assert (stats["shift"], stats["typeset again"]) == (2.0, 0)
    moved = [round(far - near, 1) for near, far in zip(lefts["near"], lefts["far"], strict=True)]
    assert set(moved[::2]) == {0.0, 2.0}  # right-hand pages; covers of dossiers and blanks stay
    assert set(moved[1::2]) == {0.0, -2.0}


def _lefts(path: Path) -> list[float]:
    """Where the leftmost letter of every page stands, in mm; 0 on a page without letters."""
    found = []
    for page in pypdfium2.PdfDocument(path):
        text = page.get_textpage()
        count = text.count_chars()
        spots = [text.get_charbox(index)[0] for index in range(count) if text.get_text_range(index, 1).strip()]
        found.append(min(spots, default=0.0) / MM)
    return found


# ---- the cover


@pytest.mark.parametrize(
    ("preset", "stock", "pages", "spine", "has_text"),
    [("kdp", "", 300, 17.16, True), ("kdp", "cream", 79, 5.02, False), ("lulu", "", 200, 12.965, True)],
)
def test_a_cover_is_as_wide_as_its_pages_are_thick(
    opened: desk.Desk, preset: str, stock: str, pages: int, spine: float, has_text: bool
) -> None:
    asked = presets.find(preset).cover
    assert asked is not None
    made = cover.measures(asked, opened.paper, cover.Wrap(pages, stock))
    assert made.spine == pytest.approx(spine, abs=0.005)
    assert made.has_text is has_text
    assert made.size == (pytest.approx(2 * 152.4 + spine, abs=0.01), 228.6)


@pytest.fixture(scope="module")
def wrapped(opened: desk.Desk) -> Callable[[str, int], bytes]:
    from render.printer.work import _contents

    contents = _contents(opened, Order(archive=opened.archive.root, book=True))

    def make(preset: str, pages: int) -> bytes:
        asked = presets.find(preset).cover
        assert asked is not None
        return cover.cover(opened, contents, asked, cover.Wrap(pages))[0]

    return make


def test_spine_text_and_the_barcode_stand_where_they_should(wrapped: Callable[[str, int], bytes]) -> None:
    import zxingcpp

    from render import raster

    data = wrapped("kdp", 300)
    page = next(raster.pages(data, 300))
    (code,) = (one for one in zxingcpp.read_barcodes(page) if "EAN" in str(one.format).upper())
    assert code.text == ISBN.replace("-", "")
    right = code.position.bottom_right.x / 300 * 25.4 - 3.175
    assert 152.4 - 6.35 - 50.8 < right < 152.4 - 6.35
    thick, thin = (pypdfium2.PdfDocument(wrapped("kdp", pages))[0] for pages in (300, 60))
    middle = (152.4 * MM, 0, (152.4 + 17.1) * MM, thick.get_height())
    assert "Registry" in thick.get_textpage().get_text_bounded(*middle)
    narrow = (152.4 * MM, 0, (152.4 + 3.4) * MM, thin.get_height())
    assert thin.get_textpage().get_text_bounded(*narrow).strip() == ""


def test_covers_pass_where_they_are_printed(wrapped: Callable[[str, int], bytes]) -> None:
    for preset, pages in (("kdp", 300), ("lulu", 32), ("generic", 100)):
        report = preflight.judge(wrapped(preset, pages), "cover.pdf", presets.find(preset), "cover")
        assert report.passed, report.table()


def test_a_layout_without_covers(opened: desk.Desk) -> None:
    from dataclasses import replace

    from render.printer.work import _contents

    contents = _contents(opened, Order(archive=opened.archive.root, book=True))
    asked = presets.find("kdp").cover
    assert asked is not None
    bare = replace(contents, layout=layouts.find("folder"))
    with pytest.raises(UsageError, match="layout folder has no front and back covers"):
        cover.cover(opened, bare, asked, cover.Wrap(100))


@pytest.mark.xdist_group("pictures-print")
@pytest.mark.filterwarnings("default:the reference pictures")
def test_pictures_of_the_cover_and_of_a_sheet(
    shop: Shop, wrapped: Callable[[str, int], bytes], renew: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.run("--for", "booklet")
    capsys.readouterr()
    ALBUM.open()
    shown = {"cover": wrapped("kdp", 300), "sheet": shop.file("booklet", "booklet.pdf").read_bytes()}
    for name, pdf in shown.items():
        if renew:
            ALBUM.renew(name, pdf, (1,))
        elif ALBUM.made_elsewhere:
            warnings.warn(f"the reference pictures are for other libraries than {versions()}", stacklevel=1)
            assert ALBUM.compare_words(name, pdf, (1,)) == []
        else:
            assert ALBUM.compare(name, pdf, (1,)) == [], f"see {ALBUM.report / 'index.html'}"
    assert {path.name for path in ALBUM.references.glob("*.png")} == {"cover-1.png", "sheet-1.png"}


# ---- CUPS


@pytest.fixture
def fake_lp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An ``lp`` that writes down what it was called with."""
    told = tmp_path / "told"
    program = tmp_path / "bin" / "lp"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {told}\necho "request id is second-floor-7 (1 file(s))"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    return told


def test_a_dossier_is_sent_to_the_printer(shop: Shop, fake_lp: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert shop.run("first-clerk", "--for", "office", "--printer", "second-floor") == 0
    assert "request id is second-floor-7" in capsys.readouterr().err
    assert fake_lp.read_text().splitlines() == [
        "-d", "second-floor", "-o", "sides=two-sided-long-edge", "-o", "print-scaling=none", "-o", "media=A4", "--",
        str(shop.file("office", "first-clerk.pdf")),
    ]  # fmt: skip


def test_a_booklet_is_turned_over_the_short_edge(shop: Shop, fake_lp: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert shop.run("--for", "booklet", "--printer", "second-floor") == 0
    capsys.readouterr()
    assert "sides=two-sided-short-edge" in fake_lp.read_text().splitlines()


def test_without_cups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SetupError, match="printing needs CUPS, and there is no lp"):
        spool.send(tmp_path / "page.pdf", "second-floor", spool.LONG, "a4")


def test_a_printer_that_refuses(fake_lp: Path, tmp_path: Path) -> None:
    (tmp_path / "bin" / "lp").write_text('#!/bin/sh\necho "lp: The printer or class does not exist." >&2\nexit 1\n')
    with pytest.raises(UsageError, match=r"lp did not take .*page\.pdf: lp: The printer or class does not exist\."):
        spool.send(tmp_path / "page.pdf", "nowhere", spool.LONG, "a4")
    assert not fake_lp.exists()


# ---- preflight


def test_preflight_of_any_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from badpdfs import Book, text

    path = tmp_path / "book.pdf"
    path.write_bytes(Book(text(72, 300, 5)).made())
    assert cli.main(["preflight", str(path), "--for", "kdp"]) == 1
    said = capsys.readouterr().out
    assert "type of 6 pt or more" in said
    assert "FAIL" in said
    path.write_bytes(Book(text(72, 300, 10)).made())
    assert cli.main(["preflight", str(path), "--for", "kdp", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert [report["passed"] for report in data] == [True]
    assert data[0]["part"] == "interior"


def test_preflight_of_what_is_no_pdf(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "letter.pdf"
    path.write_text("Dear printer,")
    assert cli.main(["preflight", str(path), "--for", "kdp"]) == 1
    assert "letter.pdf: error: this file cannot be read as a PDF" in capsys.readouterr().err
    assert cli.main(["preflight", str(tmp_path / "none.pdf"), "--for", "kdp"]) == 1
    assert "no such file" in capsys.readouterr().err
