"""Every code of every layout, theme and named paper: printed, read from pixels, compared with what was meant."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image
from pressroom import EXTREMES, SEED, SPECIMENS, Press, archive, printed, setting

from render import layouts, pipeline, raster
from render.art import qr
from render.editions import edition
from render.raster import Code
from render.record import Dossier

DPI = 200
PIXEL = 25.4 / DPI
LAYOUTS = {name: layouts.find(name) for name in layouts.names()}
SETTINGS = [
    (name, theme, paper) for name, layout in LAYOUTS.items() for theme in layout.themes() for paper in layout.papers()
]


def read(pdf: bytes) -> list[list[Code]]:
    """The codes of every page."""
    return [raster.codes(image, DPI) for image in raster.pages(pdf, DPI)]


def texts(pages: list[list[Code]], kind: str) -> list[str]:
    return [code.text for page in pages for code in page if code.format == kind]


def meant(dossier: Dossier, whole: str) -> list[str]:
    """On the cover, on each card, and in the form that ends the file, which leads to the ``whole`` taxonomy."""
    return [dossier.url, *(reference.url for reference in dossier.related if reference.url), whole]


def test_all_settings_are_here() -> None:
    assert {"folder"} <= set(LAYOUTS)
    papers = {paper for _, _, paper in SETTINGS}
    assert papers >= {"a4", "letter", "a5", "5.5x8.5in", "6x9in"}
    assert {theme for _, theme, _ in SETTINGS} == {"colour", "mono"}


@pytest.mark.parametrize(("layout", "theme", "paper"), SETTINGS)
def test_codes_say_what_was_meant_and_are_large_enough(press: Press, layout: str, theme: str, paper: str) -> None:
    made = press.make(SPECIMENS, SEED, layout=layout, theme=theme, paper=paper)
    images = list(raster.pages(made.pdf, DPI))
    pages = [raster.codes(image, DPI) for image in images]
    wanted = meant(made.dossier, "https://otiose.example/files/")
    assert len(wanted) == 5
    assert texts(pages, "QRCode") == (wanted if layout == "folder" else wanted[:-1])
    assert texts(pages, "Code128") == [made.dossier.record.file_number]
    assert [code.format for code in pages[0]].count("QRCode") == 1, "the cover leads to the dossier itself"
    for image, codes in zip(images, pages, strict=True):
        for code in (code for code in codes if code.format == "QRCode"):
            plan = qr.plan(code.text)
            across = plan.modules * plan.module_mm
            assert 20 <= plan.size_mm <= 24
            assert plan.module_mm >= 0.4
            assert (code.width, code.height) == pytest.approx((across, across), abs=2 * PIXEL)
            assert darkest_around(image, code, 4 * plan.module_mm) > 200, f"the quiet zone of {code.text} is not clear"


def darkest_around(image: Image.Image, code: Code, margin: float) -> int:
    """The lowest luminance in a frame of ``margin`` mm round a code, a pixel and a half kept clear of its edges."""
    grey, clear = image.convert("L"), 1.5
    left, top = code.x / PIXEL, code.y / PIXEL
    right, foot = left + code.width / PIXEL, top + code.height / PIXEL
    inner = [round(left - clear), round(top - clear), round(right + clear), round(foot + clear)]
    reach = margin / PIXEL - clear
    outer = [round(left - reach), round(top - reach), round(right + reach), round(foot + reach)]
    strips = [
        (outer[0], outer[1], outer[2], inner[1]),
        (outer[0], inner[3], outer[2], outer[3]),
        (outer[0], inner[1], inner[0], inner[3]),
        (inner[2], inner[1], outer[2], inner[3]),
    ]
    return min(int(grey.crop(strip).getextrema()[0]) for strip in strips)


def test_a_frame_that_is_not_clear_is_seen() -> None:
    page = Image.new("RGB", (400, 400), "white")
    code = Code("x", "QRCode", 100 * PIXEL, 100 * PIXEL, 100 * PIXEL, 100 * PIXEL)
    assert darkest_around(page, code, 20 * PIXEL) == 255
    page.putpixel((190, 215), (0, 0, 0))
    assert darkest_around(page, code, 20 * PIXEL) == 0


def test_forty_cards_have_forty_codes(press: Press) -> None:
    made = press.make(EXTREMES, "forty", paper="a5", theme="mono")
    on_file = [reference.url for reference in made.dossier.related if reference.slug]
    assert 0 < len(on_file) <= len(made.dossier.related) == 40
    carded = {number for number, face in enumerate(made.faces) if face.of("article", "card")}
    pages = [raster.codes(image, DPI) for number, image in enumerate(raster.pages(made.pdf, DPI)) if number in carded]
    assert texts(pages, "QRCode") == on_file


def test_a_role_that_is_not_on_file_has_no_code(press: Press) -> None:
    made = press.make(EXTREMES, "redacted")
    assert [bool(reference.slug) for reference in made.dossier.related] == [True, False]
    base = "https://extremes.otiose.example/files/"
    assert texts(read(made.pdf), "QRCode") == [base + "redacted", base + "bare", base]


def test_without_base_url_there_are_no_codes_and_cards_close_up(tmp_path: Path) -> None:
    specimens = {"clerk": {"related": [{"specimen": "scribe"}]}, "scribe": {}}
    folder = archive(tmp_path / "files", specimens, base_url=None)
    outcome = pipeline.render(
        pipeline.Order(folder, jobs=1, edition=edition("clerk"), output=tmp_path / "out", html=tmp_path / "html")
    )
    assert [(problem.severity, problem.code) for problem in outcome.problems] == [("warning", "no-base-url")]
    pages = read(printed(outcome)[0])
    assert texts(pages, "QRCode") == []
    assert len(texts(pages, "Code128")) == 1, "the bar code needs no address"
    html = (tmp_path / "html" / "clerk.html").read_text("utf-8")
    (classes,) = re.findall(r'<article class="(card[^"]*)"', html)
    assert "coded" not in classes.split(), "the room of a code is kept free"


def test_the_code_follows_the_archives_url_template(tmp_path: Path) -> None:
    folder = archive(tmp_path, {"clerk": {}}, url="{base_url}{slug}.pdf")
    outcome = pipeline.render(pipeline.Order(folder, jobs=1, output=tmp_path / "out"))
    assert outcome.problems == []
    base = "https://files.example.org/"
    assert texts(read(printed(outcome)[0]), "QRCode") == [base + "clerk.pdf", base]


LONGEST = 192
"""Bytes in version 8 at level L: 57 modules with the quiet zone, 22.8 mm. Version 9 would need 24.4."""


def base_url(length: int) -> str:
    return "https://files.example.org/".ljust(length - 1, "x") + "/"


def problems_of(folder: Path, *slugs: str) -> list[tuple[str, str, int, str]]:
    outcome = pipeline.check(pipeline.Order(folder, jobs=1, edition=edition(slugs)))
    return [
        (problem.code, Path(problem.where.file).name, problem.where.line, problem.message)
        for problem in outcome.problems
        if problem.severity == "error"
    ]


def test_the_longest_url_that_fits_is_printed_and_read(tmp_path: Path) -> None:
    folder = archive(tmp_path, {"clerk": {}}, base_url=base_url(LONGEST - 5))
    assert problems_of(folder) == []
    outcome = pipeline.render(pipeline.Order(folder, jobs=1, output=tmp_path / "out", paper="a5"))
    own, whole = (code for page in read(printed(outcome)[0]) for code in page if code.format == "QRCode")
    assert (own.text, whole.text) == (base_url(LONGEST - 5) + "clerk", base_url(LONGEST - 5))
    assert [own.width, whole.width] == pytest.approx([49 * 23 / 57] * 2, abs=2 * PIXEL)


def test_a_base_url_that_is_too_long_is_a_problem_of_archive_yaml(tmp_path: Path) -> None:
    folder = archive(tmp_path, {"clerk": {}, "scribe": {}}, base_url=base_url(LONGEST))
    found = problems_of(folder)
    assert found == [
        ("qr-too-long", "archive.yaml", 2, "base_url is too long for a QR code of 24 mm, whatever the slug")
    ]


def test_a_base_url_too_long_for_the_taxonomys_code_is_a_problem_of_archive_yaml(tmp_path: Path) -> None:
    folder = archive(tmp_path, {"clerk": {}}, base_url=base_url(LONGEST + 1), url="https://s.example.org/{slug}")
    message = "base_url is too long for a QR code of 24 mm, which leads to the taxonomy"
    assert problems_of(folder) == [("qr-too-long", "archive.yaml", 2, message)]


def test_a_slug_that_makes_the_url_too_long_is_a_problem_of_the_slug(tmp_path: Path) -> None:
    long = "clerk-" + "of-" * 9 + "files"
    specimens = {"scribe": {"related": [{"specimen": long, "match": 1}]}, long: {}}
    folder = archive(tmp_path, specimens, base_url=base_url(LONGEST - len(long) + 1))
    message = f"the URL of {long} is too long for a QR code of 24 mm (193 characters)"
    assert problems_of(folder, long) == [("qr-too-long", f"{long}.yaml", 0, message)]
    assert problems_of(folder, "scribe") == [("qr-too-long", "scribe.yaml", 5, message)]


def test_a_layout_without_codes_has_none(tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    (shelf / "folder").mkdir(parents=True)
    (shelf / "folder" / "layout.yaml").write_text("extends: base\nfurniture: {codes: false, barcode: false}\n")
    folder = archive(tmp_path / "files", {"clerk": {"related": [{"specimen": "clerk", "match": 100}]}})
    chosen = setting(shelves=(shelf,))
    outcome = pipeline.render(pipeline.Order(folder, jobs=1, shelves=(shelf,), output=tmp_path / "out"))
    assert chosen.layout.furniture["codes"] is False
    assert outcome.problems == []
    assert read(printed(outcome)[0]) == [[], []]
