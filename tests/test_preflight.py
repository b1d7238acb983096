"""Preflight: a sound file passes every check, and for each check a file made to fail it fails that one alone."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from badpdfs import BLEED, HEIGHT, WIDTH, Book, area, image, intent, line, text
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from render import cli, preflight, presets
from render.art import qr
from render.preflight import Report
from render.problems import InputError, UsageError

GROUND = area(-BLEED, -BLEED, WIDTH + 2 * BLEED, HEIGHT + 2 * BLEED, "0 0 0 0.1 k")
SOUND = text(72, 300, 10, "0 0 0 1 k") + line(0.5, "0 0 0 1 K")


def for_kdp(book: Book) -> Report:
    return preflight.check(book.made(), "book.pdf", preflight.of(presets.find("kdp"), pages=book.pages))


def for_press(book: Book) -> Report:
    """For IngramSpark, which asks for everything there is to ask."""
    spoil = book.spoil

    def prepared(pdf: Pdf) -> None:
        intent(pdf, presets.PROFILE.read_bytes())
        spoil(pdf)

    data = replace(book, spoil=prepared, blank_at_end=max(1, book.blank_at_end)).made()
    return preflight.check(data, "book.pdf", preflight.of(presets.find("ingramspark"), pages=book.pages))


def failed(report: Report) -> set[str]:
    return {verdict.key for verdict in report.verdicts if not verdict.passed}


def said(report: Report, key: str) -> str:
    """The first finding of a check, with its place."""
    found = next(verdict for verdict in report.verdicts if verdict.key == key).findings[0]
    return f"{found.page} {found.place}: {found.message}"


def test_a_sound_book_passes_everything() -> None:
    for report in (for_kdp(Book(SOUND)), for_press(Book(SOUND))):
        assert failed(report) == set(), report.table()
    assert sum(verdict.asked for verdict in for_press(Book(SOUND)).verdicts) >= 15


def test_no_trim_box() -> None:
    def spoil(pdf: Pdf) -> None:
        del pdf.pages[4].obj.TrimBox

    report = for_kdp(Book(SOUND, spoil=spoil))
    assert "boxes" in failed(report)
    assert said(report, "boxes") == "5 : there is no TrimBox"


def test_bleed_at_the_wrong_edge() -> None:
    def spoil(pdf: Pdf) -> None:
        pdf.pages[3].obj.MediaBox = pdf.pages[3].obj.BleedBox = Array([0, -BLEED, WIDTH + BLEED, HEIGHT + BLEED])

    report = for_kdp(Book(SOUND, spoil=spoil))
    assert failed(report) == {"boxes"}
    assert said(report, "boxes") == "4 : bleed at the left is 0.00 mm; 3.17 are expected"


def test_pages_of_two_sizes() -> None:
    def spoil(pdf: Pdf) -> None:
        pdf.pages[6].obj.TrimBox = Array([0, 0, WIDTH, HEIGHT - 72])
        pdf.pages[6].obj.MediaBox = pdf.pages[6].obj.BleedBox = Array([0, -BLEED, WIDTH + BLEED, HEIGHT - 72 + BLEED])

    report = for_kdp(Book(SOUND, spoil=spoil))
    assert failed(report) == {"boxes"}
    assert said(report, "boxes") == "7 : this page is 152.4 x 203.2 mm, the others 152.4 x 228.6 mm"


def test_boxes_that_do_not_lie_in_one_another() -> None:
    def spoil(pdf: Pdf) -> None:
        pdf.pages[0].obj.TrimBox = Array([0, 0, WIDTH + 20, HEIGHT])

    assert "the TrimBox reaches out of the BleedBox" in for_kdp(Book(SOUND, spoil=spoil)).table()


def test_printers_marks_that_nobody_wants() -> None:
    def spoil(pdf: Pdf) -> None:
        for page in pdf.pages:
            page.obj.MediaBox = Array([-30, -30, WIDTH + 30, HEIGHT + 30])

    report = for_kdp(Book(SOUND, spoil=spoil))
    assert failed(report) == {"boxes"}
    assert said(report, "boxes") == "1 : the MediaBox is larger than the BleedBox; no marks are wanted"


def test_a_background_that_stops_at_the_cut() -> None:
    report = for_kdp(Book(SOUND, extra={3: area(0, 0, WIDTH, HEIGHT, "0.9 g") + SOUND}))
    assert failed(report) == {"bleed"}
    assert said(report, "bleed").endswith("something ends within the bleed at the bottom")
    assert failed(for_kdp(Book(GROUND + SOUND))) == set()


@pytest.mark.parametrize(
    ("pages", "message"),
    [(25, "25 pages are no multiple of 2"), (22, "22 pages are too few; at least 24 are wanted")],
)
def test_a_wrong_number_of_pages(pages: int, message: str) -> None:
    report = for_kdp(Book(SOUND, pages=pages))
    assert failed(report) == {"pages"}
    assert said(report, "pages") == f"0 : {message}"


def test_the_last_page_is_not_blank() -> None:
    data = Book(SOUND, spoil=lambda pdf: intent(pdf, presets.PROFILE.read_bytes())).made()
    report = preflight.check(data, "book.pdf", preflight.of(presets.find("ingramspark")))
    assert failed(report) == {"pages"}
    assert said(report, "pages") == "24 : the book must end on a blank page"


def test_a_font_that_is_not_in_the_file() -> None:
    def fonts(_: Pdf) -> dict[str, object]:
        return {}

    def spoil(pdf: Pdf) -> None:
        pdf.pages[0].obj.Resources.Font.F = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)

    report = for_kdp(Book(SOUND, resources=fonts, spoil=spoil))
    assert failed(report) == {"fonts"}
    assert said(report, "fonts") == "0 : font Helvetica is not in the file"


def test_a_font_with_all_its_glyphs(root: Path) -> None:
    def spoil(pdf: Pdf) -> None:
        file = Stream(pdf, next((root / "fonts").rglob("*.ttf")).read_bytes())
        descriptor = Dictionary(
            Type=Name.FontDescriptor, FontName=Name.Courier, Flags=4, FontFile2=pdf.make_indirect(file)
        )
        pdf.pages[0].obj.Resources.Font.F = Dictionary(
            Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name.Courier, FontDescriptor=pdf.make_indirect(descriptor),
            FirstChar=97, LastChar=97, Widths=[600],
        )  # fmt: skip

    report = for_kdp(Book(SOUND, spoil=spoil))
    assert failed(report) == {"fonts"}
    assert said(report, "fonts") == "0 : font Courier is in the file with all its glyphs, not as a subset"


def test_type_that_is_too_small() -> None:
    report = for_kdp(Book(SOUND, extra={9: text(72, 500, 5)}))
    assert failed(report) == {"type"}
    assert said(report, "type") == "9 28 mm from the left, 52 mm from the top: text of 5 pt"


def test_type_made_small_by_its_matrix() -> None:
    report = for_kdp(Book(SOUND, extra={1: f"q 0.4 0 0 0.4 40 100 cm {text(300, 300, 10)} Q\n"}))
    assert failed(report) == {"type"}


@pytest.mark.parametrize(
    "drawn",
    [line(0.2), area(100, 200, 200, 0.2, "0 g"), "q 0.1 0 0 0.1 0 0 cm 0 G 2 w 1000 3000 m 3000 3000 l S Q\n",
     "0 g 100 200 200 100 re 100.2 200.2 199.6 99.6 re f*\n"],
)  # fmt: skip
def test_a_line_that_is_too_thin(drawn: str) -> None:
    report = for_kdp(Book(SOUND, extra={2: drawn}))
    assert failed(report) == {"lines"}
    assert said(report, "lines").endswith("a line of 0.2 pt")


@pytest.mark.parametrize(
    ("drawn", "message"),
    [
        (area(100, 200, 50, 50, "1 0 0 rg"), "an area in DeviceRGB"),
        (line(1, "0 0 1 RG"), "a line in DeviceRGB"),
        (text(72, 500, 10, "0.2 0.2 0.2 rg"), "text in DeviceRGB"),
        ("q 60 0 0 60 100 400 cm /Red Do Q\n", "a picture in DeviceRGB"),
        ("q 100 400 60 60 re W n /Fade sh Q\n", "a gradient in DeviceRGB"),
        ("/Pattern cs /Dots scn 100 400 60 60 re f\n", "an area in DeviceRGB"),
        ("q 1 0 0 1 100 400 cm /Form Do Q\n", "an area in DeviceRGB"),
        ("q 60 0 0 60 100 400 cm BI /W 1 /H 1 /CS /RGB /BPC 8 ID abc EI Q\n", "a picture in DeviceRGB"),
        ("/Cal cs 1 0 0 sc 100 200 50 50 re f\n", "an area in CalRGB"),
    ],
)  # fmt: skip
def test_rgb_in_a_cmyk_file(drawn: str, message: str) -> None:
    def resources(pdf: Pdf) -> dict[str, object]:
        fade = Dictionary(
            ShadingType=2, ColorSpace=Name.DeviceRGB, Coords=[0, 0, 100, 0],
            Function=Dictionary(FunctionType=2, Domain=[0, 1], C0=[1, 0, 0], C1=[0, 0, 1], N=1),
        )  # fmt: skip
        dots = Stream(pdf, b"1 0 0 rg 0 0 5 5 re f")
        for key, value in {"PatternType": 1, "PaintType": 1, "TilingType": 1, "XStep": 9, "YStep": 9}.items():
            dots["/" + key] = value
        dots["/BBox"], dots["/Resources"] = Array([0, 0, 9, 9]), Dictionary()
        form = Stream(pdf, b"1 0 0 rg 0 0 50 50 re f")
        form["/Type"], form["/Subtype"], form["/BBox"] = Name.XObject, Name.Form, Array([0, 0, 60, 60])
        red = image(pdf, 300, 300, b"\xff\0\0" * 90000, ColorSpace=Name.DeviceRGB)
        return {
            "XObject": Dictionary(Red=pdf.make_indirect(red), Form=pdf.make_indirect(form)),
            "Shading": Dictionary(Fade=fade),
            "Pattern": Dictionary(Dots=pdf.make_indirect(dots)),
            "ColorSpace": Dictionary(Cal=Array([Name.CalRGB, Dictionary(WhitePoint=[0.95, 1, 1.08])])),
        }

    report = for_press(Book(SOUND, resources=resources, extra={4: drawn}))
    assert failed(report) - {"text-black"} >= {"colour"}
    assert message in said(report, "colour")
    assert said(report, "colour").startswith("4 ")


def test_colour_in_a_grey_file() -> None:
    spec = preflight.of(presets.find("kdp"), pages=24)
    spec = replace(spec, ink=presets.Ink("grey"))
    data = Book(text(72, 300, 10, "0 g"), extra={2: area(100, 200, 50, 50, "0 0 0 0.5 k")}).made()
    report = preflight.check(data, "book.pdf", spec)
    assert failed(report) == {"colour"}
    assert said(report, "colour").endswith("an area in DeviceCMYK")


def test_text_in_four_colours() -> None:
    report = for_press(Book(SOUND, extra={7: text(72, 500, 14, "0.6 0.4 0.4 1 k")}))
    assert failed(report) == {"text-black"}
    assert said(report, "text-black").endswith("text in more inks than black")


@pytest.mark.parametrize("drawn", [area(100, 200, 50, 50, "0.9 0.8 0.8 0.4 k"), "q 60 0 0 60 100 400 cm /Dark Do Q\n"])
def test_too_much_ink(drawn: str) -> None:
    def resources(pdf: Pdf) -> dict[str, object]:
        dark = image(pdf, 300, 300, b"\xe6\xcc\xcc\x66" * 90000, ColorSpace=Name.DeviceCMYK)
        return {"XObject": Dictionary(Dark=pdf.make_indirect(dark))}

    report = for_press(Book(SOUND, resources=resources, extra={5: drawn}))
    assert failed(report) == {"ink"}
    assert "with 290 % of ink" in said(report, "ink")


@pytest.mark.parametrize(
    ("colour", "what"), [("0 0 0 0 k", "white text of 9 pt"), ("0 0 0 0.3 k", "coloured text of 9 pt")]
)
def test_small_text_left_out_of_four_inks(colour: str, what: str) -> None:
    ground = area(60, 480, 200, 60, "0.5 0.4 0.4 0.5 k")
    report = for_press(Book(SOUND, extra={5: ground + text(72, 500, 9, colour)}))
    assert failed(report) == {"knocked-out"}
    assert said(report, "knocked-out").endswith(f"{what} on a ground of four inks")
    assert failed(for_press(Book(SOUND, extra={5: ground + text(72, 500, 18, colour)}))) == set()
    assert failed(for_press(Book(SOUND, extra={5: ground + text(72, 500, 9, "0 0 0 1 k")}))) == set()


def test_a_coarse_picture() -> None:
    def resources(pdf: Pdf) -> dict[str, object]:
        return {"XObject": Dictionary(Grey=pdf.make_indirect(image(pdf, 100, 100, bytes(10000))))}

    coarse = Book(SOUND, resources=resources, extra={6: "q 72 0 0 72 100 400 cm /Grey Do Q\n"})
    assert failed(for_kdp(coarse)) == {"pictures"}
    assert said(for_kdp(coarse), "pictures").endswith("a picture of 100 ppi")
    fine = Book(SOUND, resources=resources, extra={6: "q 24 0 0 24 100 400 cm /Grey Do Q\n"})
    assert failed(for_kdp(fine)) == set()


def code(module: float) -> str:
    """A QR code as runs, modules of so many pt, in the middle of the page."""
    runs = qr.runs("https://otiose.example/sdet").replace("M", "\nM").split("\n")[1:]
    path = ""
    for run in runs:
        x, y, length = run[1:].replace("h", " ").split()
        path += f"{x} {y} m {float(x) + float(length)} {y} l "
    return f"q {module} 0 0 {module} 150 300 cm 0 G 1.02 w {path} S Q\n"


def test_a_qr_code_that_is_too_fine() -> None:
    report = for_kdp(Book(SOUND, extra={8: code(0.8)}))
    assert failed(report) == {"codes"}
    assert said(report, "codes").endswith("a QR code with modules of 0.28 mm")
    sound = for_kdp(Book(SOUND, extra={8: code(1.2)}))
    assert failed(sound) == set()
    assert "1 codes, finest 0.42 mm" in sound.table()


def test_a_qr_code_as_a_picture() -> None:
    import qrcode

    made = qrcode.QRCode(border=0, box_size=10)
    made.add_data("https://otiose.example/sdet")
    drawn = made.make_image().get_image().convert("L")

    def resources(pdf: Pdf) -> dict[str, object]:
        return {"XObject": Dictionary(Code=pdf.make_indirect(image(pdf, *drawn.size, drawn.tobytes())))}

    side = drawn.width / 10 * 0.7
    report = for_kdp(Book(SOUND, resources=resources, extra={8: f"q {side} 0 0 {side} 100 300 cm /Code Do Q\n"}))
    assert failed(report) == {"codes"}
    assert said(report, "codes").endswith("a QR code with modules of 0.25 mm")


@pytest.mark.parametrize(
    ("number", "x", "is_wrong"),
    [(3, 410, True), (3, 20, True), (3, 30, False), (4, 20, True), (4, 30, False), (4, 400, True)],
)
def test_text_within_the_safety_margin(number: int, x: float, is_wrong: bool) -> None:
    report = for_kdp(Book(SOUND, extra={number: text(x, 200, 10, letters="a")}))
    assert failed(report) == ({"margins"} if is_wrong else set())


def test_the_inner_margin_grows_with_the_pages() -> None:
    inside = text(40, 200, 10, letters="a")
    assert failed(for_kdp(Book(SOUND, pages=150, extra={3: inside}))) == set()
    assert failed(for_kdp(Book(SOUND, pages=400, extra={3: inside}))) == {"margins"}


def test_tabs_stripes_and_rules_may_be_cut() -> None:
    tab = "/Artifact BMC q 1 0 0 1 420 300 cm /Tab Do Q EMC\n"
    rule = "/Artifact BMC 0 G 0.5 w 5 600 m 430 600 l S EMC\n"

    def resources(pdf: Pdf) -> dict[str, object]:
        form = Stream(pdf, (area(0, 0, 21, 60, "0.5 g") + text(2, 30, 8, letters="a")).encode())
        form["/Type"], form["/Subtype"], form["/BBox"] = Name.XObject, Name.Form, Array([0, 0, 21, 60])
        form["/Resources"] = (
            Dictionary(Font=Dictionary(F=pdf.pages[0].obj.Resources.Font.F)) if pdf.pages else Dictionary()
        )
        return {"XObject": Dictionary(Tab=pdf.make_indirect(form))}

    assert failed(for_kdp(Book(SOUND, resources=resources, extra={3: tab + rule}))) == set()


@pytest.mark.parametrize(
    ("state", "message"),
    [
        (Dictionary(ca=0.5), "there is an opacity of 0.5"),
        (Dictionary(BM=Name.Multiply), "there is the blend mode Multiply"),
        (Dictionary(SMask=Dictionary(S=Name.Luminosity)), "there is a soft mask"),
    ],
)
def test_transparency(state: Dictionary, message: str) -> None:
    def resources(_: Pdf) -> dict[str, object]:
        return {"ExtGState": Dictionary(Faint=state)}

    report = for_kdp(Book(SOUND, resources=resources, extra={2: f"q /Faint gs {text(72, 500, 10)} Q\n"}))
    assert failed(report) == {"transparency"}
    assert said(report, "transparency") == f"2 : {message}"


def test_a_picture_that_lets_through() -> None:
    def resources(pdf: Pdf) -> dict[str, object]:
        mask = pdf.make_indirect(image(pdf, 300, 300, b"\x80" * 90000))
        return {"XObject": Dictionary(Faint=pdf.make_indirect(image(pdf, 300, 300, bytes(90000), SMask=mask)))}

    report = for_kdp(Book(SOUND, resources=resources, extra={2: "q 60 0 0 60 100 400 cm /Faint Do Q\n"}))
    assert failed(report) == {"transparency"}


def test_a_transparency_group_where_the_standard_allows_none() -> None:
    def spoil(pdf: Pdf) -> None:
        pdf.pages[1].obj.Group = Dictionary(S=Name.Transparency)

    assert failed(for_press(Book(SOUND, spoil=spoil))) == {"transparency"}
    assert failed(for_kdp(Book(SOUND, spoil=spoil))) == set()


def test_no_output_intent() -> None:
    def spoil(pdf: Pdf) -> None:
        del pdf.Root.OutputIntents

    report = for_press(Book(SOUND, spoil=spoil))
    assert failed(report) == {"intent"}
    assert said(report, "intent") == "0 : there is no output intent for PDF/X"


def test_another_standard_than_it_says() -> None:
    def spoil(pdf: Pdf) -> None:
        pdf.docinfo["/GTS_PDFXConformance"] = "PDF/X-3:2003"
        del pdf.docinfo["/Trapped"]

    report = for_press(Book(SOUND, spoil=spoil))
    assert failed(report) == {"intent"}
    assert "the file says it is PDF/X-3:2003, not PDF/X-1A:2001" in report.table()
    assert "does not say whether it is trapped" in report.table()


def test_annotations() -> None:
    def spoil(pdf: Pdf) -> None:
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[10, 10, 20, 20])
        pdf.pages[5].obj.Annots = Array([pdf.make_indirect(link)])

    report = for_kdp(Book(SOUND, spoil=spoil))
    assert failed(report) == {"annotations"}
    assert said(report, "annotations") == "6 : there are annotations: Link"


def test_a_file_without_pages() -> None:
    with Pdf.new() as pdf:
        made = io.BytesIO()
        pdf.save(made)
    with pytest.raises(InputError, match=r"^book\.pdf: there are no pages in this file$"):
        preflight.check(made.getvalue(), "book.pdf", preflight.of(presets.find("office")))


def test_every_file_is_told_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bad.pdf").write_bytes(b"none")
    (tmp_path / "book.pdf").write_bytes(Book(SOUND).made())
    files = [str(tmp_path / name) for name in ("bad.pdf", "book.pdf", "gone.pdf")]
    assert cli.main(["preflight", *files, "--for", "kdp"]) == 1
    told = capsys.readouterr()
    assert "book.pdf for kdp, interior, 24 pages" in told.out
    assert "bad.pdf: error: this file cannot be read as a PDF: unable to find trailer" in told.err
    assert "gone.pdf: error: no such file or directory" in told.err
    assert cli.main(["preflight", *files, "--for", "kdp", "--format", "json"]) == 1
    told = capsys.readouterr()
    assert [Path(one["file"]).name for one in json.loads(told.out)] == ["book.pdf"], "a list, whatever is wrong"
    assert "bad.pdf: error: this file cannot be read" in told.err


def test_a_locked_file() -> None:
    file = io.BytesIO()
    with pikepdf.open(io.BytesIO(Book(SOUND).made("1.6"))) as pdf:
        pdf.save(file, encryption=pikepdf.Encryption(owner="owner", user=""))
    report = preflight.check(file.getvalue(), "book.pdf", preflight.of(presets.find("kdp"), pages=24))
    assert failed(report) == {"lock"}


def test_a_file_that_asks_for_a_password() -> None:
    file = io.BytesIO()
    with pikepdf.open(io.BytesIO(Book(SOUND).made("1.6"))) as pdf:
        pdf.save(file, encryption=pikepdf.Encryption(owner="owner", user="user"))
    with pytest.raises(InputError, match=r"book\.pdf: the file is locked with a password"):
        preflight.check(file.getvalue(), "book.pdf", preflight.of(presets.find("kdp")))


def test_a_file_that_is_too_large() -> None:
    spec = preflight.of(presets.find("kdp"), pages=24)
    data = Book(SOUND).made()
    small = replace(spec, checks=replace(spec.checks, size=len(data) - 1))
    assert failed(preflight.check(data, "book.pdf", small)) == {"size"}
    assert failed(preflight.check(data, "book.pdf", spec)) == set()


def test_what_is_no_pdf() -> None:
    with pytest.raises(InputError, match=r"page\.pdf: this file cannot be read as a PDF"):
        preflight.check(b"Dear printer,", "page.pdf", preflight.of(presets.find("kdp")))


def test_a_part_that_a_preset_does_not_have() -> None:
    with pytest.raises(UsageError, match="preset office has no part 'cover'; there are: sheets"):
        preflight.of(presets.find("office"), "cover")


def test_the_report_as_data_and_as_a_table() -> None:
    report = for_kdp(Book(SOUND, extra={9: text(72, 500, 5)}))
    data = json.loads(json.dumps(report.data()))
    assert (data["file"], data["preset"], data["part"], data["pages"], data["passed"]) == (
        "book.pdf", "kdp", "interior", 24, False,
    )  # fmt: skip
    checks = {one["check"]: one for one in data["checks"]}
    assert checks["type"]["result"] == "fail"
    assert checks["type"]["findings"][0] == {
        "page": 9, "place": "28 mm from the left, 52 mm from the top", "message": "text of 5 pt",
    }  # fmt: skip
    assert checks["ink"]["result"] == "not asked"
    assert checks["boxes"]["result"] == "pass"
    table = report.table().splitlines()
    assert table[0] == "book.pdf for kdp, interior, 24 pages"
    assert any(
        row.split() == ["type", "of", "6", "pt", "or", "more", "FAIL", "smallest", "5.00", "pt"] for row in table
    )
    assert "      page 9, 28 mm from the left, 52 mm from the top: text of 5 pt" in table
    assert [str(problem) for problem in report.problems()] == [
        "book.pdf: page 9, 28 mm from the left, 52 mm from the top: text of 5 pt"
    ]
