"""Pages look as they did when they were approved; the comparison itself sees what it should."""

from __future__ import annotations

import io
import warnings
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from book import Book
from pictures import Album, Difference, versions
from PIL import Image, ImageDraw
from pressroom import SEED, SPECIMENS, Press, archive, example, set_in, setting

PAGES = [
    *(("folder", paper, "colour") for paper in ("a4", "letter", "a5")),
    *(("folder", paper, "mono") for paper in ("a4", "6x9in")),
    ("base", "a4", "colour"),
    ("base", "a5", "mono"),
]
SPREADS = {
    "cover": ("matter:cover-front", 0, 1),
    "title": ("matter:title", -1, 2),
    "contents": ("matter:contents", 0, 2),
    "divider": ("matter:divider-ai-and-data", 0, 2),
    "dossier": (SEED, 2, 2),
    "register": ("matter:register", 0, 1),
    "index": ("matter:index", 0, 1),
    "map": ("matter:map", 0, 2),
}
"""Pages of the shipped book: the place they are counted from, how many behind it they begin, how many they are."""
SECTIONS = [(key, paper) for key in setting().layout.sections for paper in ("a4", "a5")]


@pytest.fixture(scope="module")
def album() -> Album:
    opened = Album()
    opened.open()
    return opened


def judge(album: Album, renew: bool, name: str, pdf: bytes, only: Collection[int] = ()) -> list[Difference]:
    if renew:
        album.renew(name, pdf, only)
        return []
    if not album.made_elsewhere:
        return album.compare(name, pdf, only)
    warnings.warn(f"the reference pictures are for other libraries than {versions()}; words are compared", stacklevel=2)
    return album.compare_words(name, pdf, only)


def hint(album: Album) -> str:
    return f"see {album.report / 'index.html'}; if this is as meant: pytest tests/test_pictures.py --renew-pictures"


pictured = [
    # One worker: the album is one, and so is its report.
    pytest.mark.xdist_group("pictures"),
    pytest.mark.filterwarnings("default:the reference pictures"),
]


def marked(test: Any) -> Any:
    for mark in pictured:
        test = mark(test)
    return test


@marked
@pytest.mark.parametrize(("layout", "paper", "theme"), PAGES)
def test_pages_of_each_layout(press: Press, album: Album, renew: bool, layout: str, paper: str, theme: str) -> None:
    made = press.make(SPECIMENS, SEED, layout=layout, paper=paper, theme=theme)
    assert judge(album, renew, f"{layout}-{paper}-{theme}", made.pdf) == [], hint(album)


@marked
@pytest.mark.parametrize(("key", "paper"), SECTIONS)
def test_each_section_alone(album: Album, renew: bool, tmp_path: Path, key: str, paper: str) -> None:
    """A record with the section's own example and nothing else: its second page, where the section stands."""
    value = example(setting().layout, key)
    named = [item["specimen"] for item in value if "specimen" in item] if key == "related" else []
    folder = archive(tmp_path, {"example": {key: value}, **{slug: {} for slug in named}})
    made = set_in(folder, "example", setting(paper))
    assert made.faces[1].of("h2"), "the section is not on the second page"
    assert judge(album, renew, f"section-{key}-{paper}", made.pdf, (2,)) == [], hint(album)


@marked
@pytest.mark.parametrize("spread", SPREADS)
def test_spreads_of_the_book(volume: Book, album: Album, renew: bool, spread: str) -> None:
    place, behind, count = SPREADS[spread]
    first = volume.names[place] + behind
    assert judge(album, renew, f"book-{spread}", taken(volume.pdf, range(first, first + count))) == [], hint(album)


def taken(pdf: bytes, pages: range) -> bytes:
    """Some pages of a PDF as one of their own."""
    whole, some, out = pypdfium2.PdfDocument(pdf), pypdfium2.PdfDocument.new(), io.BytesIO()
    some.import_pages(whole, list(pages))
    some.save(out)
    some.close()
    whole.close()
    return out.getvalue()


def test_every_picture_belongs_to_a_test(album: Album) -> None:
    names = {"-".join(page) for page in PAGES} | {f"section-{key}-{paper}" for key, paper in SECTIONS}
    names |= {f"book-{spread}" for spread in SPREADS}
    stored = {path.stem.rpartition("-")[0] for path in album.references.glob("*-[0-9]*.png")}
    assert len(names) == 29 + 8
    assert stored - names == set(), "delete these references"


# The comparison itself


def sheet(*spots: tuple[int, int, int, int], size: tuple[int, int] = (300, 400)) -> Image.Image:
    image = Image.new("RGB", size, "white")
    for spot in spots:
        ImageDraw.Draw(image).rectangle(spot, fill="black")
    return image


def pdf_of(*images: Image.Image) -> bytes:
    out = io.BytesIO()
    images[0].save(out, "PDF", resolution=60.0, save_all=True, append_images=images[1:])
    return out.getvalue()


@pytest.fixture
def own(tmp_path: Path) -> Album:
    made = Album(tmp_path / "references", tmp_path / "report")
    made.renew("two", pdf_of(sheet((20, 20, 80, 60)), sheet((50, 50, 90, 90))))
    return made


def test_the_same_pages_do_not_differ(own: Album) -> None:
    assert own.compare("two", pdf_of(sheet((20, 20, 80, 60)), sheet((50, 50, 90, 90)))) == []
    assert not own.made_elsewhere
    assert not (own.report / "index.html").exists()
    assert sorted(path.name for path in own.references.iterdir()) == [
        "two-1.png", "two-2.png", "versions.json", "words.json",
    ]  # fmt: skip


@pytest.mark.parametrize("spot", [(200, 200, 205, 205), (200, 200, 212, 201)])
def test_a_small_change_is_found_and_shown(own: Album, spot: tuple[int, int, int, int]) -> None:
    (found,) = own.compare("two", pdf_of(sheet((20, 20, 80, 60)), sheet((50, 50, 90, 90), spot)))
    assert found.name == "two-2"
    report = (own.report / "index.html").read_text("utf-8")
    assert "two-2" in report
    assert "two-1" not in report
    for kind in ("expected", "found", "difference"):
        assert (own.report / f"two-2.{kind}.png").is_file()
        assert f"two-2.{kind}.png" in report


def test_a_single_pixel_is_a_rounding(own: Album) -> None:
    assert own.compare("two", pdf_of(sheet((20, 20, 80, 60)), sheet((50, 50, 90, 90), (200, 200, 200, 200)))) == []


def test_a_page_too_few_or_too_many_is_found(own: Album) -> None:
    first, second = sheet((20, 20, 80, 60)), sheet((50, 50, 90, 90))
    assert own.compare("two", pdf_of(first)) == [Difference("two-2", "this page is gone")]
    (found,) = own.compare("two", pdf_of(first, second, first))
    assert found == Difference("two-3", "there is no reference of this page")
    report = (own.report / "index.html").read_text("utf-8")
    assert "this page is gone" in report
    assert "there is no reference of this page" in report


def test_another_size_is_found(own: Album) -> None:
    (found,) = own.compare("two", pdf_of(sheet((20, 20, 80, 60)), sheet((50, 50, 90, 90), size=(301, 400))))
    assert found.name == "two-2"
    assert "measures" in found.reason


def test_renewal_replaces_all_pages_and_nothing_else(own: Album) -> None:
    own.renew("twofold", pdf_of(sheet()))
    own.renew("two", pdf_of(sheet((1, 1, 30, 30))))
    assert own.compare("two", pdf_of(sheet((1, 1, 30, 30)))) == []
    assert own.compare("twofold", pdf_of(sheet())) == []
    assert sorted(path.name for path in own.references.glob("*.png")) == ["two-1.png", "twofold-1.png"]


def test_chosen_pages_only(own: Album) -> None:
    pages = pdf_of(sheet(), sheet((50, 50, 90, 90)), sheet())
    own.renew("some", pages, (2,))
    assert [path.name for path in own.references.glob("some-*.png")] == ["some-2.png"]
    assert own.compare("some", pages, (2,)) == []


def test_with_other_libraries_words_are_compared(own: Album, press: Press) -> None:
    seed, other = press.make(SPECIMENS, SEED), press.make(SPECIMENS, "sdet")
    own.renew("seed", seed.pdf)
    (own.references / "versions.json").write_text('{"pango": "1.0.0", "harfbuzz": "1.0.0"}')
    assert own.made_elsewhere
    with pytest.warns(UserWarning, match="the reference pictures are for other libraries"):
        assert judge(own, False, "seed", seed.pdf) == []
    with pytest.warns(UserWarning, match="words are compared"):
        (found,) = judge(own, False, "seed", other.pdf)
    assert "begin and end with" in found.reason
    with pytest.warns(UserWarning, match="words are compared"):
        assert judge(own, False, "unknown", seed.pdf) == [Difference("unknown", "there is no reference of it")]
