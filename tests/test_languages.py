"""Languages: the words that ship in five, figures by CLDR, hyphens, quotation marks, and other scripts."""

from __future__ import annotations

import functools
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest

from render import bidi, compose, filters, fonts, layouts, link, load, locales, settings, validate
from render.art import lettering
from render.home import HOME
from render.record import Part, Sheet
from render.text import Emphasis, Plain, Text
from render.typeset import Typesetter

LAYOUTS = HOME / "layouts"
LANGUAGES = ("de", "fr", "es", "pt")
ENGLISH = sorted(path.relative_to(LAYOUTS) for path in LAYOUTS.rglob("words/en.yaml"))
TESTS = Path(__file__).parent
ABROAD, SCRIPTS, FONTS = TESTS / "archives" / "languages", TESTS / "archives" / "scripts", TESTS / "fonts"
NBSP = "\N{NO-BREAK SPACE}"


def leaves(data: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    if isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from leaves(value, (*path, key))
    else:
        yield path, data


def words(path: Path) -> dict[tuple[str | int, ...], Any]:
    return dict(leaves(load.load(path).data))


@functools.cache
def made(folder: Path, slug: str, paper: str = "a4", extra: bool = False) -> tuple[Sheet, Part]:
    archive = settings.read(folder)
    layout = layouts.find("folder")
    faces = fonts.faces((FONTS,) if extra else ())
    setting = compose.Setting(layout, "colour", layout.paper(paper), faces)
    records = [
        validate.validate(load.load(path), archive, layout.sections)
        for path in sorted(folder.glob("*.yaml"))
        if path.name != "archive.yaml"
    ]
    (dossier,) = (one for one in link.link(records, archive) if one.record.slug == slug)
    sheet = compose.compose(dossier, archive, setting)
    return sheet, Typesetter(setting.faces, layout.roots).typeset(sheet, density="normal")


def printed(part: Part) -> str:
    with pypdfium2.PdfDocument(part.pdf) as document:
        return "\n".join(document[page].get_textpage().get_text_bounded() for page in range(len(document)))


# Words


def test_every_file_of_words_is_known() -> None:
    assert len(ENGLISH) == 14, "base, folder, anthology and eleven sections"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("english", ENGLISH, ids=str)
def test_a_language_says_all_that_english_says(english: Path, lang: str) -> None:
    own, theirs = words(LAYOUTS / english), words(LAYOUTS / english.with_name(f"{lang}.yaml"))
    title = {("title",)} if "sections" in english.parts else set()
    assert theirs.keys() - own.keys() == title, "a section's title stands in its words, English in section.yaml"
    assert own.keys() - theirs.keys() == set()
    for path, said in own.items():
        assert type(theirs[path]) is type(said), path
        assert sorted(re.findall(r"\{\w*\}", str(theirs[path]))) == sorted(re.findall(r"\{\w*\}", str(said))), path


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_letter_of_the_words_is_in_the_face_it_is_set_in(lang: str) -> None:
    found = layouts.find("folder").words(lang) | layouts.find("anthology").words(lang)
    hand = [*found["scrawls"], *(note for some in found["notes"].values() for note in some)]
    for voice, said in (("hand", hand), ("stencil", [*found["stamps"].values(), found["registry"]["stamp"]])):
        assert len(said) > 5
        own = lettering.metrics(voice).advances
        assert {char for text in said for char in text if ord(char) not in own} <= {NBSP}


def test_a_record_in_another_language_than_its_archive_is_all_in_its_own() -> None:
    sheet, part = made(ABROAD, "referent")
    assert sheet.lang == "de"
    text = printed(part)
    for said in ("Fluchtgefahr", "Akteninhalt", "BLATT 2 VON", "Drumherumplanen", "64.500–81.250", "01.11.2026"):
        assert said.lower() in text.lower().replace(NBSP, " "), said
    for said in ("SHEET", "Flight risk", "Nothing follows", "Signature"):
        assert said.lower() not in text.lower(), said
    with pikepdf.open(io.BytesIO(part.pdf)) as document:
        assert str(document.Root.Lang) == "de"
    assert 'lang="de"' in sheet.html
    assert 'dir="' not in sheet.html


@pytest.mark.parametrize("paper", ["a4", "6x9in"])
@pytest.mark.parametrize("slug", ["referent", "charge-de-mission", "jefe-de-negociado", "assessor-especial"])
def test_what_the_form_says_fits_the_form(slug: str, paper: str) -> None:
    _sheet, part = made(ABROAD, slug, paper)
    assert part.problems == ()
    assert [remark for remark in part.remarks if remark.code == "overflow"] == []


# Figures


@pytest.mark.parametrize(
    ("amount", "currency", "lang", "shown"),
    [
        (95000, "USD", "en", "$95,000"),
        (0, "EUR", "en", "€0"),
        (12.5, "GBP", "en", "£12.50"),
        (9_000_000, "JPY", "en-US", "¥9,000,000"),
        (1000.0, "CHF", "en", f"CHF{NBSP}1,000"),
        (95000, "USD", "en-GB", "US$95,000"),
        (95000, "EUR", "de", f"95.000{NBSP}€"),
        (95000.5, "EUR", "de-AT", f"€{NBSP}95.000,50"),
        (95000, "CHF", "de-CH", f"CHF{NBSP}95’000"),
        (95000, "EUR", "fr", f"95{NBSP}000{NBSP}€"),
        (95000, "MXN", "es-MX", "$95,000"),
        (95000, "BRL", "pt-BR", f"R${NBSP}95.000"),
        (95000, "PLN", "pl", f"95{NBSP}000{NBSP}PLN"),
        (95000, "JPY", "ja", "¥95,000"),
        (95000, "USD", "tlh", "$95,000"),
    ],
)
def test_money(amount: float, currency: str, lang: str, shown: str) -> None:
    assert locales.money(amount, currency, lang) == shown


def test_a_range_names_its_currency_once_where_it_follows() -> None:
    assert locales.span(95000, 120000, "USD") == "$95,000–$120,000"
    assert locales.span(95000, 120000, "EUR", "de") == f"95.000–120.000{NBSP}€"
    assert locales.span(95000, 120000, "BRL", "pt") == f"R${NBSP}95.000–R${NBSP}120.000"


def test_percentages_counts_and_dates() -> None:
    assert [locales.percent(85, lang) for lang in ("en", "de", "fr", "pt")] == [
        "85%",
        f"85{NBSP}%",
        f"85{NBSP}%",
        "85%",
    ]
    assert [locales.number(1200, lang) for lang in ("en", "de", "fr")] == ["1,200", "1.200", f"1{NBSP}200"]
    assert locales.date("2026-11-01", "en", "iso") == "2026-11-01"
    assert locales.date("2026-11-01", "en", "long") == "November 1, 2026"
    assert locales.date("2026-11-01", "de") == "01.11.2026"
    assert locales.date("2026-11-01", "fr", "long") == "1 novembre 2026"
    assert locales.date("", "fr") == ""
    assert [locales.decimal(lang) for lang in ("en", "de", "es-MX")] == [".", ",", "."]


def test_an_english_archive_never_waits_for_babel() -> None:
    code = "import sys; from render.cli import main; main(['check', '--archive', sys.argv[1]])"
    code = f"import sys\ntry:\n    exec({code!r})\nexcept SystemExit:\n    pass\nprint(sorted(sys.modules))"
    folder = TESTS / "archives" / "extremes"
    done = subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=True)
    assert "'render.validate'" in done.stdout
    assert "babel" not in done.stdout


# Typography


@pytest.mark.parametrize(
    ("lang", "typed", "shown"),
    [
        ("de", "Er sagte \"so\" und 'so'.", "Er sagte „so“ und ‚so‘."),
        ("de", "Wie geht's dem 'Chef'?", "Wie geht’s dem ‚Chef‘?"),
        ("de", "z. B. morgen -- oder nie", f"z.{NBSP}B. morgen{NBSP}– oder nie"),
        ("de-CH", 'ein "Chef"', "ein «Chef»"),
        ("fr", 'L\'idée : "oui" ?', f"L’idée{NBSP}: «{NBSP}oui{NBSP}»{NBSP}?"),
        ("es", 'Dijo "sí".', "Dijo «sí»."),
        ("pt", 'Disse "sim".', "Disse “sim”."),
        ("pt-PT", 'Disse "sim".', "Disse «sim»."),
        ("ja", '彼は"検討"と言う', "彼は「検討」と言う"),
        ("zh-Hans", '他说"好"了', "他说“好”了"),
        ("en", "The boss's 'plan'", "The boss’s ‘plan’"),
    ],
)
def test_quotation_marks_apostrophes_and_spaces(lang: str, typed: str, shown: str) -> None:
    assert filters.educate(typed, lang) == shown


def test_quotes_of_a_language_close_across_spans() -> None:
    spans = (Plain('"'), Emphasis((Plain("oui"),)), Plain('"'))
    html = filters.inline(Text("x", spans), bar=lambda _: filters.Markup(""), urls={}, titles={}, lang="fr")
    assert html == f"«{NBSP}<em>oui</em>{NBSP}»"


@pytest.mark.parametrize(
    ("slug", "broken"),
    [
        ("referent", "Digitalisierungs-"),
        ("charge-de-mission", "transver-"),
        ("jefe-de-negociado", "trami-"),
        ("assessor-especial", "mensa-"),
    ],
)
def test_words_are_hyphenated_by_their_language_s_rules(slug: str, broken: str) -> None:
    with pypdfium2.PdfDocument(made(ABROAD, slug, "6x9in")[1].pdf) as document:
        lines = [
            line.strip()
            for page in range(len(document))
            # PDFium gives a hyphen at a line's end as U+FFFE or U+0002
            for line in re.split(
                r"\r?\n", re.sub("[\ufffe\u0002]", "-\n", document[page].get_textpage().get_text_bounded())
            )
        ]
    assert any(line.endswith(broken) for line in lines), [line for line in lines if line.endswith("-")]
    with pikepdf.open(io.BytesIO(made(ABROAD, slug, "6x9in")[1].pdf)) as document:
        assert len(document.pages) > 2


# Other scripts


@pytest.mark.parametrize(
    ("slug", "said", "direction"),
    [
        ("mudir-al-tansiq", ["التعميم الداخلي", "سلسلة القيادة", "مع محضر"], "rtl"),
        ("rakaz-rikuzim", ["חוזר פנימי", "יועץ ליועץ", "עם פרוטוקול"], "rtl"),
        ("chosei-tanto-kacho", ["調整担当課長", "判子の数で測り", "昨日の朝礼の確認"], "ltr"),
        ("zhuren-banshichu", ["统筹协调办公室主任", "只在换届时移动", "传达关于传达的通知"], "ltr"),
    ],
)
@pytest.mark.parametrize("paper", ["a4", "6x9in"])
def test_a_record_in_another_script_is_set_with_a_font_given(
    slug: str, said: list[str], direction: str, paper: str
) -> None:
    sheet, part = made(SCRIPTS, slug, paper, extra=True)
    assert part.problems == (), "every letter has a glyph"
    assert [remark for remark in part.remarks if remark.code == "overflow"] == []
    assert ('dir="rtl"' in sheet.html) == (direction == "rtl")
    text = re.sub(r"\s+", " ", printed(part))
    missing = [word for some in said for word in some.split() if word not in text and word[::-1] not in text]
    assert missing == []


def test_binding_writes_a_running_head_from_the_right(tmp_path: Path) -> None:
    command = [str(Path(sys.executable).parent / "dossier"), "anthology", "--only", "rakaz-rikuzim", "mudir-al-tansiq"]
    given = ["--archive", str(SCRIPTS), "--font-dir", str(FONTS), "--output", str(tmp_path), "--fit", "off"]
    subprocess.run([*command, *given], check=True, capture_output=True, cwd=tmp_path)
    (path,) = tmp_path.glob("anthology*.pdf")
    heads = []
    with pypdfium2.PdfDocument(path) as document:
        for page in range(len(document)):
            text, height = document[page].get_textpage(), document[page].get_height()
            boxes = [(text.get_charbox(at), text.get_text_range(at, 1)) for at in range(text.count_chars())]
            high = sorted((box[0], char) for box, char in boxes if box[1] > height - 60 and char.strip())
            heads.append("".join(char for _left, char in high))
    title = "רכז ריכוז הרכזים".replace(" ", "")
    assert any(title[::-1] in head for head in heads), "from left to right, the last letter comes first"
    assert not any(title in head for head in heads)
    arabic = "مدير تنسيق التنسيق".replace(" ", "")
    assert any(arabic[::-1] in head for head in heads), "PDFium reads joined letters as plain ones"


def test_without_the_font_each_missing_letter_is_named_with_its_place() -> None:
    _sheet, part = made(SCRIPTS, "rakaz-rikuzim")
    missing = [problem for problem in part.problems if problem.code == "missing-glyph"]
    assert any("U+05E8 (hebrew letter resh)" in problem.message for problem in missing)
    assert {problem.where.line for problem in missing} >= {1, 2}


def test_pages_of_a_script_from_the_right_keep_their_sides() -> None:
    sheet, _part = made(SCRIPTS, "mudir-al-tansiq", extra=True)
    assert "html{direction:ltr}" in sheet.styles["normal"]
    assert "direction:rtl" not in made(ABROAD, "referent")[0].styles["normal"]


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("abc (1)", "abc (1)"),
        ("\u05d0\u05d1 (\u05d2)", "(\u05d2) \u05d1\u05d0"),
        ("\u05d0 12 \u05d1", "\u05d1 12 \u05d0"),
        ("OR-1 \u05d0\u05d1", "OR-1 \u05d1\u05d0"),
        ("\u05d0\u05d1 OR-12", "OR-12 \u05d1\u05d0"),
        ("\u0628\u0628\u0628", "\ufe90\ufe92\ufe91"),
        ("\u062f\u0628", "\ufe8f\ufea9"),
        ("\u0644\u0627", "\ufefb"),
        ("\u0628\u0644\u0627", "\ufefc\ufe91"),
        ("\u0628\u064e\u0628", "\ufe90\u064e\ufe91"),
    ],
)
def test_labels_of_drawings_stand_joined_and_in_order(text: str, points: str) -> None:
    assert bidi.visual(text) == points


def test_a_long_title_without_spaces_is_broken_between_its_letters() -> None:
    lines = lettering.wrap("調整担当課長調整担当課長", "elite", 10, 45)
    assert "".join(lines) == "調整担当課長調整担当課長"
    assert [len(line) for line in lines] == [4, 4, 4]


@pytest.mark.parametrize(
    ("lang", "direction"),
    [
        ("ar", "rtl"),
        ("he-IL", "rtl"),
        ("fa", "rtl"),
        ("az-Arab", "rtl"),
        ("ur-Latn", "ltr"),
        ("ja", "ltr"),
        ("de", "ltr"),
    ],
)
def test_direction(lang: str, direction: str) -> None:
    assert locales.direction(lang) == direction
