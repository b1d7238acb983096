"""The book's layout: page names, what binding finds to write into, and pages that are sound in every setting."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pikepdf
import pypdfium2
import pytest
from finished import words
from pressroom import EXTREMES, SEED, SPECIMENS, Press, archive, opened_archive, set_in, setting
from test_standards import failures

from render import compose, layouts, raster
from render.record import Matter, Part
from render.text import Text
from render.typeset import Typesetter

LAYOUT = layouts.find("anthology")
BLEED = 3.175 * 72 / 25.4
Rectangle = tuple[float, float, float, float]

SETTINGS = [
    (SPECIMENS, SEED, "6x9in", "colour"),
    (SPECIMENS, "sdet", "a5", "mono"),
    (SPECIMENS, "enterprise-architect", "6x9in", "mono"),
    (EXTREMES, "bare", "6x9in", "colour"),
    (EXTREMES, "long-title", "a5", "colour"),
    (EXTREMES, "redacted", "6x9in", "colour"),
    (EXTREMES, "scripts", "5.5x8.5in", "mono"),
    (EXTREMES, "seven-levels", "a4", "colour"),
    (EXTREMES, "forty", "6x9in", "colour"),
]
PIECES: Mapping[str, Mapping[str, Any]] = {
    "furniture-sheet": {"number": 3, "count": 7, "family": Text("Quality & Assurance")},
    "furniture-matter": {},
    "blank": {},
    "divider": {
        "number": 3,
        "count": 7,
        "family": {"key": "q", "title": Text("Quality & Assurance"), "note": Text("They test."), "division_title": ""},
        "specimens": [{"slug": f"role-{n}", "title": Text(f"Role {n}"), "file_number": f"OR-{n}"} for n in range(5)],
        "url": "https://otiose.example/files/#q",
    },
    "withdrawn": {
        "slug": "sdet",
        "title": Text("SDET"),
        "file_number": "OR-422-5196",
        "reason": "it names a font that is not there",
    },
}


def parameter(folder: Path, slug: str, paper: str, theme: str) -> Any:
    return pytest.param(folder, slug, paper, theme, id=f"{slug[:20]}-{paper}-{theme}")


def piece(name: str, paper: str = "6x9in", theme: str = "colour", **data: Any) -> Part:
    """A piece of matter, set as binding sets it."""
    chosen = setting(paper, theme, "anthology")
    opened, _ = opened_archive(SPECIMENS, chosen.layout)
    matter = Matter(name, name, Text(name.capitalize()), "en", data={**PIECES[name], **data})
    sheet = compose.matter(matter, opened, chosen)
    return Typesetter(chosen.faces, chosen.layout.roots).typeset(sheet, density="normal")


def links(pdf: bytes) -> list[list[tuple[str, Rectangle]]]:
    """The address and rectangle of every link annotation, page by page."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        found = []
        for page in document.pages:
            on_page = []
            for one in page.get("/Annots", []):
                left, foot, right, head = (float(value) for value in one.Rect)
                box = min(left, right), min(foot, head), max(left, right), max(foot, head)
                on_page.append((str(one.get("/A", {}).get("/URI", "")), box))
            found.append(on_page)
        return found


def marks(pdf: bytes) -> list[tuple[str, str, str]]:
    """Where to, pattern and alignment of every mark, in order."""
    found = []
    for address, _ in (link for page in links(pdf) for link in page if link[0].startswith("mark:")):
        parts = urlsplit(address)
        asked = parse_qs(parts.query)
        found.append((unquote(parts.path), asked["text"][0], asked["align"][0]))
    return found


def names(part: Part) -> list[str]:
    return [page.name for page in part.laid]


@pytest.mark.parametrize(("folder", "slug", "paper", "theme"), [parameter(*each) for each in SETTINGS])
def test_a_file_in_the_book_is_a_cover_sheet_and_sheets_without_a_fault(
    press: Press, folder: Path, slug: str, paper: str, theme: str
) -> None:
    made = press.make(folder, slug, paper=paper, theme=theme, layout="anthology")
    assert made.part.problems == ()
    assert made.part.remarks == ()
    assert names(made.part) == ["cover"] + ["sheet"] * (made.part.pages - 1)
    assert made.part.pages > 1


@pytest.mark.parametrize(
    ("slug", "paper", "theme"), [(SEED, "6x9in", "colour"), ("enterprise-architect", "a5", "mono")]
)
def test_a_file_in_the_book_is_archival_and_accessible(press: Press, slug: str, paper: str, theme: str) -> None:
    made = press.make(SPECIMENS, slug, paper=paper, theme=theme, layout="anthology")
    assert failures(made.pdf, "ua1") == []
    assert failures(made.pdf, "3a") == []


@pytest.mark.parametrize("slug", [SEED, "sdet", "scrum-master"])
def test_both_themes_break_pages_alike(press: Press, slug: str) -> None:
    colour, mono = (
        press.make(SPECIMENS, slug, paper="6x9in", theme=theme, layout="anthology") for theme in ("colour", "mono")
    )
    assert words(colour.pdf) == words(mono.pdf)


def test_cards_and_links_in_the_text_have_a_place_for_the_page(press: Press) -> None:
    made = press.make(EXTREMES, "redacted", paper="6x9in", layout="anthology")
    found = marks(made.pdf)
    assert ("page/past-midnight", "(p. {})", "right") in found, "a link in the diagnosis"
    assert [mark for mark in found if mark[1] == "see p. {}"] == [("page/bare", "see p. {}", "left")]
    assert ("specimen:bare") in [address for page in links(made.pdf) for address, _ in page], (
        "the card's title is a link"
    )


def test_each_mark_is_one_annotation_over_its_own_words(press: Press) -> None:
    made = press.make(EXTREMES, "redacted", paper="6x9in", layout="anthology")
    document = pypdfium2.PdfDocument(made.pdf)
    seen = 0
    for number, page in enumerate(links(made.pdf)):
        text = document[number].get_textpage()
        for address, box in page:
            if not address.startswith("mark:"):
                continue
            seen += 1
            pattern = parse_qs(urlsplit(address).query)["text"][0]
            inside = text.get_text_bounded(*box).strip()
            assert inside == pattern.replace("{}", "000")
        addresses = [(address, box) for address, box in page if address.startswith("mark:")]
        assert len(addresses) == len(set(addresses)), "no mark has two annotations"
        text.close()
    document.close()
    assert seen > 4


def test_a_mark_keeps_its_room_for_four_digits(press: Press) -> None:
    """A line of text must not move when the number comes: the field is as wide as the widest number of a large book."""
    made = press.make(EXTREMES, "redacted", paper="6x9in", layout="anthology")
    widths = {
        round(box[2] - box[0], 1) for page in links(made.pdf) for address, box in page if "p.%20%7B%7D%29" in address
    }
    assert len(widths) == 1
    assert widths.pop() > 24, "(p. 0000) takes 24 pt"


def test_the_page_of_a_link_stays_on_its_line(tmp_path: Path) -> None:
    folder = archive(
        tmp_path,
        {"one": {"habitat": [f"{'x' * length} [[other]], and more." for length in range(8, 30)]}, "other": {}},
    )
    made = set_in(folder, "one", setting("6x9in", "colour", "anthology"))
    document = pypdfium2.PdfDocument(made.pdf)
    seen = 0
    for number in range(1, len(document)):
        lines = document[number].get_textpage().get_text_range().splitlines()
        seen += sum("(p. 000)" in line for line in lines)
        assert not [line for line in lines if line.strip().startswith("(p. 000)")]
    assert seen == 22


@pytest.mark.parametrize("paper", ["6x9in", "a5", "a4"])
@pytest.mark.parametrize("name", list(PIECES))
def test_pieces_are_set_without_a_fault_and_alike_in_both_themes(name: str, paper: str) -> None:
    colour, mono = piece(name, paper), piece(name, paper, "mono")
    for part in (colour, mono):
        assert part.problems == ()
        assert part.remarks == ()
    assert colour.laid == mono.laid
    expected = {"blank": ["blank"], "divider": ["divider"], "withdrawn": ["sheet"]}
    assert names(colour) == expected.get(name, ["verso", "recto"])


@pytest.mark.parametrize("name", ["divider", "withdrawn", "blank"])
def test_pieces_are_archival_and_accessible(name: str) -> None:
    part = piece(name)
    assert failures(part.pdf, "ua1") == []
    assert failures(part.pdf, "3a") == []


def test_furniture_is_a_verso_and_a_recto_mirrored_at_the_fore_edge() -> None:
    verso, recto = links(piece("furniture-sheet").pdf)
    width = 152.4 * 72 / 25.4
    fields = [[urlsplit(address).path for address, _ in page] for page in (verso, recto)]
    assert fields == [["field/folio", "field/number"], ["field/title", "field/fiche", "field/folio"]]
    folios = verso[0][1], recto[2][1]
    assert folios[0][0] == pytest.approx(14 * 72 / 25.4, abs=1), "the outer margin"
    assert folios[0][0] == pytest.approx(width - folios[1][2], abs=1)


def test_furniture_leaves_the_paper_bare() -> None:
    """It is laid under pages: nothing but the tab and the head's rule is painted."""
    page = pypdfium2.PdfDocument(piece("furniture-sheet").pdf)[0]
    picture = page.render(scale=1, fill_color=(0, 255, 0, 255)).to_pil()
    bare = sum(count for count, colour in picture.getcolors(100_000) if colour[:3] == (0, 255, 0))
    assert 0.97 < bare / (picture.width * picture.height) < 0.995
    assert picture.getpixel((2, 250))[:3] != (0, 255, 0), "the third of seven tabs runs into the bleed"


def test_a_blank_page_is_the_same_on_both_sides() -> None:
    """It is not shifted when it falls on a verso, so its lines must stand alike from either edge."""
    picture = pypdfium2.PdfDocument(piece("blank").pdf)[0].render(scale=3).to_pil().convert("L")
    ruled = []
    for y in range(picture.height // 5, picture.height):
        dark = [x for x in range(picture.width) if picture.getpixel((x, y)) < 250]
        if len(dark) > picture.width // 2:
            ruled.append((dark[0], picture.width - 1 - dark[-1]))
    assert len(ruled) > 8
    for left, right in ruled:
        assert left == pytest.approx(right, abs=2)


@pytest.mark.parametrize(("count", "pages"), [(1, 1), (6, 1), (16, 1), (17, 1), (60, 2), (160, 4)])
def test_a_divider_lists_all_files_of_its_family(count: int, pages: int) -> None:
    specimens = [{"slug": f"role-{n}", "title": Text(f"Regional Role Coordinator {n}")} for n in range(count)]
    part = piece("divider", specimens=specimens)
    assert names(part) == ["divider"] * part.pages
    assert part.pages <= pages
    assert part.remarks == ()
    assert [mark[0] for mark in marks(part.pdf)] == [f"page/role-{n}" for n in range(count)]


def test_a_divider_has_its_tab_in_its_slot_and_a_code() -> None:
    first, second = (piece("divider", number=number) for number in (1, 2))
    (picture,) = raster.pages(first.pdf)
    assert [code.text for code in raster.codes(picture)] == ["https://otiose.example/files/#q"]
    with pikepdf.open(io.BytesIO(first.pdf)) as document:
        trim, media = ([float(value) for value in document.pages[0][box]] for box in ("/TrimBox", "/MediaBox"))
    assert trim == pytest.approx([0, 0, 432, 648], abs=0.1)
    assert media == pytest.approx([-BLEED, -BLEED, 432 + BLEED, 648 + BLEED], abs=0.1)
    assert first.pdf != second.pdf


def test_a_withdrawal_notice_gives_title_number_and_reason() -> None:
    shown = " ".join(words(piece("withdrawn").pdf)[0])
    for said in ("SDET", "OR-422-5196", "It names a font that is not there"):
        assert said in shown


def test_a_form_that_would_stand_alone_on_a_page_is_left_out(tmp_path: Path) -> None:
    """The file's last page fills up line by line; the form stays as long as there is room, and asks for no page."""
    counts = (14, 16, 18, 20, 22, 24, 26)
    places = [f"Place {n}." for n in range(26)]
    folder = archive(tmp_path, {f"to-{count}": {"habitat": places[:count]} for count in counts})
    made = [set_in(folder, f"to-{count}", setting("6x9in", "colour", "anthology")) for count in counts]
    spared = [one for one in made if one.part.spared]
    assert 0 < len(spared) < len(made)
    for one in made:
        last = words(one.pdf)[-1]
        assert ("DISPOSITION" in last) is not one.part.spared
        assert one.part.remarks == ()
    assert any("NOTHING" in words(one.pdf)[-1] for one in spared), "the end is marked where a line is left for it"
    assert all("Place" in words(one.pdf)[-1] for one in spared)
