"""What a finished file claims and holds: PDF/UA-1 and PDF/A-3a at once, tags in reading order, nothing that leaks.

page-validation judges, and veraPDF too where there is one (tests/verapdf.py): neither Debian nor the Python package
index has it. What page-validation is known to miss is tested here by itself: transparency, lengths of streams.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import subprocess
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import page as page_validation
import pikepdf
import pytest
import verapdf
from finished import glyphs, opened_bytes, tags
from pressroom import EXTREMES, SEED, SPECIMENS, Made, Press, archive, printed, raw, setting, slugs

from render import compose, fonts, pipeline, settings
from render.filters import plain

JUDGED = [
    (SPECIMENS, SEED, "a4", "colour"),
    (SPECIMENS, SEED, "a5", "mono"),
    (SPECIMENS, "enterprise-architect", "a4", "colour"),
    (EXTREMES, "bare", "a4", "colour"),
    (EXTREMES, "bare", "a5", "mono"),
    (EXTREMES, "forty", "a4", "colour"),
    (EXTREMES, "forty", "a5", "mono"),
    (EXTREMES, "redacted", "a4", "colour"),
    (EXTREMES, "redacted", "a5", "mono"),
    (EXTREMES, "scripts", "a4", "colour"),
    (EXTREMES, "seven-levels", "a5", "mono"),
    (EXTREMES, "long-title", "6x9in", "colour"),
]
FALSE_ALARM = "STREAM-LENGTH-001"
"""page-validation 0.11 takes a line feed that ends a compressed stream for one after it; lengths are tested here."""


def failures(pdf: bytes, profile: str) -> list[str]:
    """What a checker finds, with the structure element it is about."""
    report = page_validation.validate_pdf_bytes(pdf, profile=profile)
    assert report.rules.total > 20, "the checker checked next to nothing"
    found = [failure for failure in report.failures if not failure.rule_id.endswith(FALSE_ALARM)]
    with pikepdf.open(io.BytesIO(pdf)) as document:
        said = [f"{failure.rule_id}: {failure.message}{_element(document, failure.object_id)}" for failure in found]
    return said + verapdf.complaints(pdf, profile)


def _element(document: pikepdf.Pdf, reference: Any) -> str:
    if reference is None:
        return ""
    node = document.get_object(reference.object_number, reference.generation)
    if not isinstance(node, pikepdf.Dictionary) or "/S" not in node:
        return ""
    parent = node.get("/P", {}).get("/S", "")
    kids = [str(kid.get("/S", "")) for kid in _kids(node) if isinstance(kid, pikepdf.Dictionary)]
    return f" [{parent} > {node.S} > {' '.join(kids)}]"


def _kids(node: pikepdf.Object) -> Iterator[pikepdf.Object]:
    found = node.get("/K", [])
    yield from found if isinstance(found, pikepdf.Array) else [found]


def parameter(folder: Path, slug: str, paper: str, theme: str) -> Any:
    name = f"{slug[:20]}-{paper}-{theme}"
    return pytest.param((folder, slug, paper, theme), id=name, marks=pytest.mark.xdist_group(name))


@pytest.fixture(params=[parameter(*judged) for judged in JUDGED])
def made(request: pytest.FixtureRequest, press: Press) -> Made:
    folder, slug, paper, theme = request.param
    return press.make(folder, slug, paper=paper, theme=theme)


@pytest.fixture(scope="module")
def seed(press: Press) -> Made:
    return press.make(SPECIMENS, SEED)


def squeezed(text: str) -> str:
    """Without blanks, which a reader puts between letters that are spaced, and without hyphens and bars."""
    return re.sub(r"\[redacted\]|[\s\x02\xad\u2010-]+", "", text)


def titles(made: Made) -> list[str]:
    """The headings meant, in the order of the record, with their numbers."""
    layout = setting(made.paper.name).layout
    lang = made.dossier.record.lang
    found = []
    for key in made.dossier.record.sections:
        section = layout.sections[key]
        title = layout.section_words(key, lang).get("title", section.title)
        found.append(f"[{section.number}] {title}" if section.number else title)
    return found


@pytest.mark.parametrize("profile", ["ua1", "3a"])
def test_a_dossier_is_accessible_and_archival(made: Made, profile: str) -> None:
    assert failures(made.pdf, profile) == []


def test_streams_are_as_long_as_they_say(made: Made) -> None:
    streams = list(re.finditer(rb"/Length (\d+)(?! \d+ R)[^>]*?>>\s*stream\r?\n", made.pdf))
    assert len(streams) == made.pdf.count(b"endstream") > 20
    assert [found[0] for found in streams if not ends(made.pdf, found.end() + int(found[1]))] == []


def ends(pdf: bytes, at: int) -> bool:
    return pdf[at : at + 12].lstrip(b"\r\n").startswith(b"endstream")


def test_a_checker_would_complain(seed: Made) -> None:
    with pikepdf.open(io.BytesIO(seed.pdf)) as document:
        del document.Root.MarkInfo
        del document.Root.OutputIntents
        out = io.BytesIO()
        document.save(out)
    assert failures(out.getvalue(), "ua1")
    assert failures(out.getvalue(), "3a")


def test_nothing_was_complained_of_while_it_was_made(made: Made) -> None:
    assert made.part.problems == ()


def test_both_standards_are_claimed(seed: Made) -> None:
    for claim in (b"<pdfuaid:part>1<", b'pdfaid:part="3"', b'pdfaid:conformance="A"'):
        if claim.startswith(b"pdfaid"):
            name, value = claim.decode().replace('"', "").split("=")
            assert re.search(rf'{name}(="{value}"|>{value}<)'.encode(), seed.pdf), f"{name} is not {value}"
        else:
            assert claim in seed.pdf


def test_the_title_is_shown_and_the_language_known(made: Made) -> None:
    record = made.dossier.record
    with pikepdf.open(io.BytesIO(made.pdf)) as document:
        assert document.Root.ViewerPreferences.DisplayDocTitle is True
        assert str(document.Root.Lang) == record.lang
        with document.open_metadata() as metadata:
            title = metadata["dc:title"]
        assert str(document.docinfo["/Title"]) == title == f"{plain(record.title)}: file {record.file_number}"


def test_one_h1_then_an_h2_for_every_section_in_order(made: Made) -> None:
    tree = tags(made.pdf)
    headings = tree.all("H", "H1", "H2", "H3", "H4", "H5", "H6")
    assert [squeezed(tag.text) for tag in headings if tag.role == "H1"] == [squeezed(plain(made.dossier.record.title))]
    assert headings[0].role == "H1"
    found = [squeezed(tag.text).casefold() for tag in headings if tag.role == "H2"]
    assert found == [squeezed(title).casefold() for title in titles(made)]
    levels = [int(tag.role[1]) for tag in headings]
    assert all(after <= before + 1 for before, after in pairwise(levels)), "a level is skipped"


def test_bookmarks_are_the_sections(made: Made) -> None:
    with pikepdf.open(io.BytesIO(made.pdf)) as document, document.open_outline() as outline:
        top = list(outline.root)
        assert [squeezed(item.title) for item in top] == [squeezed(plain(made.dossier.record.title))]
        assert [squeezed(item.title) for item in top[0].children] == [squeezed(title) for title in titles(made)]
        assert [list(item.children) for item in top[0].children if item.children] == []


def test_every_drawing_says_what_it_shows(made: Made) -> None:
    figures = [tag for tag in tags(made.pdf).all("Figure") if not tag.all("P", "BlockQuote")]
    assert len(figures) >= 4
    assert [tag for tag in figures if len(tag.alt) < 5] == []


def test_drawings_state_their_data(seed: Made) -> None:
    said = " | ".join(tag.alt for tag in tags(seed.pdf).all("Figure"))
    record = seed.dossier.record
    for fact in ("85 per cent", "$95,000", record.file_number, seed.dossier.url, "09:00"):
        assert fact in said


def test_strings_stand_in_the_order_of_the_record(seed: Made) -> None:
    """Item by item through the whole dossier, as somebody hears it who has it read out."""
    read = squeezed(tags(seed.pdf).text)
    sections = seed.dossier.record.sections
    order = [*(item["name"] for item in sections["metrics"]), *(item["name"] for item in sections["weaponry"])]
    order += [part for item in sections["jd_autopsy"] for part in (item["illusion"], item["translation"])]
    order += [part for item in sections["day_log"] for part in (item["activity"], item["entry"])]
    order += [item["quote"] for item in sections["burn_ward"]["complaints"]]
    order += [part for reference in seed.dossier.related for part in (reference.title, reference.summary)]
    assert len(order) == 27
    at = 0
    for text in order:
        at = read.find(squeezed(plain(text)), at)
        assert at >= 0, f"not found where it belongs: {text}"


def test_lists_and_tables_hold_only_what_they_may(made: Made) -> None:
    may = {
        "L": {"LI", "Caption"},
        "LI": {"Lbl", "LBody"},
        "Table": {"TR", "THead", "TBody", "TFoot", "Caption"},
        "THead": {"TR"},
        "TBody": {"TR"},
        "TR": {"TH", "TD"},
    }
    tree = tags(made.pdf)
    wrong = [
        f"{tag.role} > {kid if isinstance(kid, str) else kid.role}"
        for tag in tree.walk()
        if tag.role in may
        for kid in tag.kids
        if (kid.strip() if isinstance(kid, str) else kid.role not in may[tag.role])
    ]
    assert wrong == []
    for table in tree.all("Table"):
        assert table.all("TH"), f"a table without a header cell: {table.text[:60]}"


def test_links_lead_to_the_web_or_within_and_say_where(made: Made) -> None:
    with pikepdf.open(io.BytesIO(made.pdf)) as document:
        notes = [note for sheet in document.pages for note in sheet.get("/Annots", [])]
        assert all(str(note.Subtype) == "/Link" for note in notes)
        assert len(notes) >= len(made.dossier.record.sections), "the cover lists the sections with a link each"
        for note in notes:
            assert str(note.Contents).strip()
            if "/A" in note:
                assert note.A.S in ("/URI", "/GoTo")
                assert note.A.S == "/GoTo" or str(note.A.URI).startswith(("https://", "mailto:"))
            else:
                assert "/Dest" in note


def test_running_heads_are_pagination_artifacts(seed: Made) -> None:
    number = seed.dossier.record.file_number
    with pikepdf.open(io.BytesIO(seed.pdf)) as document:
        for sheet in list(document.pages)[1:]:
            marks = [
                operands[1]
                for operands, operator in pikepdf.parse_content_stream(sheet)
                if str(operator) == "BDC" and str(operands[0]) == "/Artifact"
            ]
            kinds = [str(mark.get("/Type", "")) for mark in marks if isinstance(mark, pikepdf.Dictionary)]
            assert kinds.count("/Pagination") >= 5, "file number, classification, sheet; fiche and form"
    read = squeezed(tags(seed.pdf).text)
    assert "SHEET2OF4" not in read
    assert read.count(number) < 8, "the file number of the running heads is read out on every page"


UNTOUCHED = {"specimen", "from", "to", "currency", "relation", "family", "file_number", "tags", "lang"}


def secret_record(folder: Path) -> tuple[dict[str, Any], list[str]]:
    """A specimen with every optional field, a redacted word in each of its strings."""
    words: list[str] = []

    def redact(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: redact(inner, name) for name, inner in value.items()}
        if isinstance(value, list):
            return [redact(item, key) for item in value]
        if not isinstance(value, str) or key in UNTOUCHED:
            return value
        words.append(f"Quinquereme{len(words)}x")
        return f"{re.sub(r'[][|]', '', value)} ||{words[-1]}||"

    data = redact(raw(folder, "enterprise-architect"))
    data["family"] = "unfiled"
    data["related"] = [{"title": "Deputy ||Quinqueremex||", "summary": "Waits ||Quinqueremex||.", "match": 5}]
    return data, words


def test_redacted_words_are_nowhere(tmp_path: Path) -> None:
    data, words = secret_record(SPECIMENS)
    assert len(words) > 60
    folder = archive(tmp_path / "files", {"clerk": data})
    order = pipeline.Order(folder, jobs=1, output=tmp_path / "out", html=tmp_path / "html")
    outcome = pipeline.render(order)
    assert outcome.problems == []
    held = opened_bytes(printed(outcome)[0])
    html = (tmp_path / "html" / "clerk.html").read_bytes()
    for text in (held, html):
        assert b"inquereme" not in text
        assert "inquereme".encode("utf-16-be") not in text
        assert b"inquereme".hex().encode() not in text.lower()
    assert "inquereme" not in squeezed(tags(printed(outcome)[0]).text)
    assert html.count(b'alt="redacted"') > 60, "the bars of running text; those in drawings are drawn there"


def test_there_is_no_date_but_the_archives(tmp_path: Path, seed: Made) -> None:
    held = opened_bytes(seed.pdf)
    assert dates(held) <= {settings.read(SPECIMENS).date}
    assert b"/CreationDate" not in held
    assert b"/ModDate" not in held
    folder = archive(tmp_path / "files", {"clerk": {}}, date="2031-07-04")
    pdf = printed(pipeline.render(pipeline.Order(folder, jobs=1, output=tmp_path / "out")))[0]
    assert dates(opened_bytes(pdf)) <= {"2031-07-04"}
    assert "2031-07-04" in " ".join(tag.alt for tag in tags(pdf).all("Figure"))


def dates(held: bytes) -> set[str]:
    this = dt.datetime.now(tz=dt.UTC).year
    years = "|".join(str(year) for year in (this - 1, this, this + 1, 2031))
    found = re.findall(rf"(?:{years})-?[01]\d-?[0-3]\d|D:\d{{14}}", held.decode("latin-1"))
    return set(found)


@pytest.mark.parametrize("theme", ["colour", "mono"])
@pytest.mark.parametrize("paper", ["a4", "a5"])
def test_nothing_is_transparent(press: Press, theme: str, paper: str) -> None:
    made = press.make(SPECIMENS, SEED, theme=theme, paper=paper)
    with pikepdf.open(io.BytesIO(made.pdf)) as document:
        states = seen = 0
        for thing in document.objects:
            if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
                continue
            seen += 1
            keys = thing.stream_dict if isinstance(thing, pikepdf.Stream) else thing
            for alpha in ("/ca", "/CA"):
                assert float(keys.get(alpha, 1)) == 1, f"{alpha} {keys.get(alpha)}"
            assert str(keys.get("/SMask", "/None")) == "/None"
            assert str(keys.get("/BM", "/Normal")) == "/Normal"
            states += "/ExtGState" in keys
        assert seen > 50


def test_only_our_faces_are_embedded(made: Made, tool: Callable[[str], str], tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(made.pdf)
    listed = subprocess.run([tool("pdffonts"), path], capture_output=True, text=True, check=True).stdout.splitlines()[
        2:
    ]
    assert len(listed) >= 4
    ours = {re.sub(r"\W", "", face.family).lower() for face in fonts.shipped()}
    for line in listed:
        name, embedded, subset, mapped = line.split()[0], *line.split()[-5:-2]
        family = re.sub(r"\W", "", name.partition("+")[2]).lower()
        assert any(family.startswith(known) for known in ours), f"{name} is none of ours"
        assert (embedded, subset, mapped) == ("yes", "yes", "yes"), line


def test_no_missing_glyph_is_printed(made: Made) -> None:
    counted = glyphs(made.pdf)
    assert counted.total() > 300
    assert counted[0] == 0


def test_every_extreme_is_judged_somewhere() -> None:
    assert {slug for folder, slug, *_ in JUDGED if folder == EXTREMES} <= set(slugs(EXTREMES))


def test_the_html_holds_no_script_and_no_address_outside(seed: Made) -> None:
    html = compose.standalone(seed.sheet, seed.part.density, setting().faces)
    assert "<script" not in html
    assert re.findall(r'(?:src|href)="(?!data:|#|https://otiose\.example/)[^"]*"', html) == []
