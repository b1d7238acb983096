"""What somebody hears who has a file read out: the record, in its order, from single dossiers and from the book.

The checks of PDF/UA-1 themselves are in test_standards.py, test_bind.py and test_claims.py: page-validation's, and
veraPDF's where there is one. It cannot be had from Debian or the Python package index, so where it is missing these
tests stand in for it: text in structure order, whole elements, heads, links, alternative text, artifacts, languages.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from book import Book
from finished import Tag, opened_bytes, tags, words
from pressroom import EXTREMES, SEED, SPECIMENS, Press, archive, opened_archive
from tagged import Node, Tree, read
from test_standards import secret_record, squeezed
from test_typeset import made

from render import Archive, layouts
from render.filters import plain
from render.record import Dossier, Record
from render.text import Emphasis, Link, Plain, Span, Strong, Text

HEARD = [
    (SPECIMENS, SEED, "a4"),
    (SPECIMENS, "enterprise-architect", "a5"),
    (SPECIMENS, "sdet", "letter"),
    (EXTREMES, "long-entry", "a5"),
    (EXTREMES, "forty", "a4"),
    (EXTREMES, "redacted", "a4"),
    (EXTREMES, "seven-levels", "6x9in"),
]
BOUND = [SEED, "enterprise-architect", "sdet"]
"""Specimens that are heard from the shipped archive's book, too."""

BLOCKS = ("P", "TD", "TH", "LBody", "BlockQuote", "H3", "Caption")

FIELDS = {
    "org_chart": ("note", "aliases"),
    "salary": ("label", "note", "quote"),
    "flight_risk": ("level", "diagnosis"),
    "metrics": ("name", "description"),
    "weaponry": ("name", "description"),
    "survival_guide": ("situation", "advice"),
    "jd_autopsy": ("source", "illusion", "translation"),
    "day_log": ("activity", "entry"),
    "burn_ward": ("note", "complaints"),
    "complaints": ("quote", "source"),
}
"""By section, or by the list within one: the order in which a form has the fields of a record."""

PAINTING = {"f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "Do", "Tj", "TJ", "'", '"', "INLINE IMAGE"}


def letters(text: str) -> str:
    """Letters and digits alone: blanks, hyphens, quotation marks and capitals are the typesetter's."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text.replace("[redacted]", ""))).casefold()


def pieces(text: Text) -> Iterator[str]:
    """What is printed of a string as it stands: a bar and a link's own words are others'."""
    run: list[str] = []
    for said in _spans(text.spans or (Plain(str(text)),)):
        if said:
            run.append(said)
        else:
            yield letters("".join(run))
            run = []
    yield letters("".join(run))


def _spans(spans: Sequence[Span]) -> Iterator[str]:
    for span in spans:
        if isinstance(span, Plain):
            yield span.text
        elif isinstance(span, Emphasis | Strong):
            yield from _spans(span.spans)
        elif isinstance(span, Link):
            yield ""
            yield from _spans(span.spans)
            yield ""
        else:
            yield ""


def strings(key: str, value: Any) -> Iterator[Text]:
    """The strings of a section in the order of the record."""
    if isinstance(value, Text):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from strings(key, item)
    elif isinstance(value, dict):
        for name in FIELDS[key]:
            yield from strings(name, value.get(name))


def said(dossier: Dossier, key: str) -> list[str]:
    """The letters that a section must have, piece by piece."""
    if key == "related":
        found = [text for one in dossier.related for text in (one.title, one.summary)]
    else:
        found = list(strings(key, dossier.record.sections[key]))
    return [piece for text in found for piece in pieces(text) if piece]


def in_order(dossier: Dossier, file: Tag) -> int:
    """Assert that the sections of a file read as the record has them; how many strings were found."""
    sections = [one for one in file.all("Sect") if any(isinstance(kid, Tag) and kid.role == "H2" for kid in one.kids)]
    keys = list(dossier.record.sections)
    assert len(sections) == len(keys), "a section is not one element"
    seen = 0
    for key, section in zip(keys, sections, strict=True):
        read_out, at = letters(section.text), 0
        blocks = [letters(block.text) for block in section.all(*BLOCKS)]
        for piece in said(dossier, key):
            found = read_out.find(piece, at)
            assert found >= 0, f"{key}: not where it belongs: {piece}"
            assert any(piece in block for block in blocks), f"{key}: in more than one element: {piece}"
            at = found + len(piece)
            seen += 1
    return seen


def parts_of(book: Tag) -> list[Tag]:
    (document,) = [kid for kid in book.kids if isinstance(kid, Tag)]
    return [kid for kid in document.kids if isinstance(kid, Tag)]


def part_of(book: Tag, title: str) -> Tag:
    """The part of a book that is a dossier of that title."""
    wanted = letters(title)
    (found,) = [
        part for part in parts_of(book) if part.all("H2") and [letters(one.text) for one in part.all("H1")] == [wanted]
    ]
    return found


@pytest.fixture(scope="module")
def heard(volume: Book) -> Tag:
    return tags(volume.pdf)


@pytest.fixture(scope="module")
def tree(volume: Book) -> Tree:
    return read(volume.pdf)


def bound(slug: str) -> Dossier:
    """A dossier of the shipped archive as it is bound."""
    return opened_archive(SPECIMENS, layouts.find("anthology"))[1][slug]


# Reading order


@pytest.mark.parametrize(("folder", "slug", "paper"), HEARD, ids=[f"{slug[:20]}-{paper}" for _, slug, paper in HEARD])
def test_a_dossier_reads_as_its_record(press: Press, folder: Path, slug: str, paper: str) -> None:
    made = press.make(folder, slug, paper=paper)
    file = tags(made.pdf)
    assert in_order(made.dossier, file) >= 9
    assert len(file.all("Part")) == 1


@pytest.mark.parametrize("slug", BOUND)
def test_a_dossier_reads_alike_in_the_book(heard: Tag, slug: str) -> None:
    dossier = bound(slug)
    part = part_of(heard, plain(dossier.record.title))
    assert in_order(dossier, part) >= 40
    assert letters(plain(dossier.record.summary)) in letters(part.text)


def test_order_would_be_missed(press: Press) -> None:
    """The check of these tests itself: two strings that change places are found."""
    made = press.make(SPECIMENS, SEED)
    sections = dict(made.dossier.record.sections)
    sections["habitat"] = list(reversed(sections["habitat"]))
    record = replace(made.dossier.record, sections=sections)
    with pytest.raises(AssertionError, match="habitat: not where it belongs"):
        in_order(replace(made.dossier, record=record), tags(made.pdf))


def test_parts_of_the_book_have_one_heading_each(heard: Tag) -> None:
    parts = parts_of(heard)
    assert len(parts) > 60
    for part in parts:
        levels = [int(tag.role[1]) for tag in part.all("H1", "H2", "H3", "H4", "H5", "H6")]
        if not levels:
            assert [tag.alt for tag in part.all("Figure")] == ["This page intentionally left otiose"]
            continue
        assert levels.count(1) == 1
        assert levels[0] == 1, part.text[:60]
        assert all(after <= before + 1 for before, after in pairwise(levels)), "a level is skipped"


# Elements that go on overleaf


def test_a_table_over_pages_is_one_with_its_head_once(press: Press) -> None:
    made = press.make(EXTREMES, "forty", paper="a5")
    top = read(made.pdf).top
    pages = [{page for node in table.walk() for page, _, _ in node.marks} for table in top.all("Table")]
    assert max(map(len, pages)) > 1, "no table goes on overleaf"
    for table in top.all("Table"):
        assert [kid.role for kid in table.kids].count("THead") == 1
    counts = [len(body.all("TR")) for body in top.all("TBody")]
    sections = made.dossier.record.sections
    assert counts[-3:] == [len(sections[key]) for key in ("metrics", "jd_autopsy", "day_log")]


def test_heads_that_are_printed_again_are_artifacts(press: Press) -> None:
    made = press.make(EXTREMES, "forty", paper="a5")
    captions = [letters(head.text) for table in tags(made.pdf).all("THead") for head in table.all("TH")]
    printed = letters(" ".join(word for page in words(made.pdf) for word in page))
    again = [caption for caption in captions if caption and printed.count(caption) > 1]
    assert again, "no head is printed twice"
    assert letters(tags(made.pdf).text).count("indicatorasreported") == 1
    assert printed.count("indicatorasreported") > 1


def test_a_list_over_pages_is_one(press: Press) -> None:
    made = press.make(EXTREMES, "forty", paper="a5")
    lists = [
        node for node in read(made.pdf).top.all("L") if len(node.kids) == len(made.dossier.record.sections["habitat"])
    ]
    assert any(len({page for item in one.walk() for page, _, _ in item.marks}) > 1 for one in lists)


# What elements are made of


def whole(tree: Tree) -> None:
    """Assert what must hold for every element of a file."""
    reached = {node.number: node for node in tree.top.walk()}
    held = [mark for node in reached.values() for mark in node.marks]
    assert len(held) == len(set(held)) > 60, "content belongs to two elements"
    for mark, owner in tree.owners.items():
        assert mark in reached[owner].marks, "the parent tree and the elements disagree"
    assert {mark for mark in held if not mark[1]} == tree.owners.keys()
    for node in reached.values():
        roles = [kid.role for kid in node.kids]
        if node.role == "L":
            assert set(roles) <= {"LI", "L", "Caption"}
        elif node.role == "LI":
            assert set(roles) <= {"Lbl", "LBody"}
            assert roles.count("LBody") == 1
        elif node.role == "Table":
            tabulated(node)
        elif node.role == "P":
            assert not set(roles) & {"P", "Div", "Sect", "L", "Table", "H1", "H2", "H3"}
        if node.role in {*BLOCKS, "Sect", "Art", "Link", "H1", "H2", "L", "Table"}:
            assert not node.is_empty, f"an empty {node.role}"
            assert roles != [node.role], f"a {node.role} within itself"


def tabulated(table: Node) -> None:
    """Assert that every cell of a table has its heads, and every head its scope."""
    heads = {head.name: head for head in table.all("TH")}
    assert heads
    assert len(heads) == len(table.all("TH")), "two heads with one name"
    columns = {head.name for above in table.all("THead") for head in above.all("TH")}
    assert {name: head.scope for name, head in heads.items()} == {
        name: "Column" if name in columns else "Row" for name in heads
    }
    for cell in table.all("TD"):
        assert cell.headers
        assert set(cell.headers) <= heads.keys()
        assert columns & set(cell.headers) or not columns, "a cell without the head of its column"
    widths = set()
    lasting: list[int] = []
    for row in table.all("TR"):
        own = [kid.spans for kid in row.kids if kid.role in ("TH", "TD")]
        widths.add(sum(across for across, _ in own) + len(lasting))
        lasting = [down - 1 for down in lasting if down > 1]
        lasting += [down - 1 for across, down in own for _ in range(across) if down > 1]
    assert len(widths) == 1, "rows of different widths"


@pytest.mark.parametrize(("folder", "slug", "paper"), HEARD, ids=[f"{slug[:20]}-{paper}" for _, slug, paper in HEARD])
def test_every_element_is_whole(press: Press, folder: Path, slug: str, paper: str) -> None:
    whole(read(press.make(folder, slug, paper=paper).pdf))


def test_every_element_of_the_book_is_whole(tree: Tree) -> None:
    assert len(tree.top.all("Table")) > 100
    whole(tree)
    names = [head.name for head in tree.top.all("TH")]
    assert len(names) == len(set(names)) > 400


def linked(tree: Tree) -> None:
    reached = {node.number: node for node in tree.top.walk()}
    for link in tree.links:
        assert link.contents.strip()
        assert link.owner_role == "Link"
        assert link.number in reached[link.owner].notes
    every = [number for node in reached.values() for number in node.notes]
    assert sorted(every) == sorted(link.number for link in tree.links)


def test_links_stand_in_link_elements_and_say_where(press: Press, tree: Tree) -> None:
    linked(tree)
    assert len(tree.links) > 1000
    alone = read(press.make(SPECIMENS, SEED).pdf)
    linked(alone)
    assert len(alone.links) >= 11


# Drawings


def shown(record: Record) -> dict[str, list[str]]:
    """By section: what the alternative texts of its drawings say, in that order."""
    sections = record.sections
    facts: dict[str, list[str]] = {}
    if "org_chart" in sections:
        levels = sections["org_chart"].get("hierarchy", [])
        facts["org_chart"] = [
            plain(role) for one in levels for role in ([one["role"]] if "role" in one else one["roles"])
        ] or ["redacted superior", "subordinates"]
    if "habitat" in sections:
        facts["habitat"] = [f"{len(sections['habitat'])} lettered sightings"]
    if "salary" in sections:
        amount = sections["salary"]["amount"]
        ends = [amount["from"], amount["to"]] if isinstance(amount, dict) else [amount]
        other = sections["salary"].get("benchmark")
        facts["salary"] = [f"{end:,}" for end in ends] + ([plain(other["label"])] if other else ["withheld"])
    if "flight_risk" in sections:
        risk = sections["flight_risk"]
        facts["flight_risk"] = [f"{risk['percent']} per cent", *([plain(risk["level"])] if "level" in risk else [])]
    if "day_log" in sections:
        facts["day_log"] = [f"{one['from']}–{one['to']}" for one in sections["day_log"]]
    return facts


def told(dossier: Dossier, file: Tag) -> int:
    """Assert that the drawings of a file say what they show; how many facts were found."""
    sections = [one for one in file.all("Sect") if any(isinstance(kid, Tag) and kid.role == "H2" for kid in one.kids)]
    by_key = dict(zip(dossier.record.sections, sections, strict=True))
    seen = 0
    for key, facts in shown(dossier.record).items():
        alt, at = " ".join(figure.alt for figure in by_key[key].all("Figure")), 0
        for fact in facts:
            found = alt.find(fact, at)
            assert found >= 0, f"{key}: {fact} is not in: {alt}"
            at, seen = found + len(fact), seen + 1
    alts = [figure.alt for figure in file.all("Figure")]
    assert all(alt.strip() for alt in alts)
    assert any(alt.endswith(dossier.url) for alt in alts), "the code of the file"
    for other in dossier.related:
        if other.url:
            assert any(alt.endswith(other.url) and plain(other.title) in alt for alt in alts)
    return seen


@pytest.mark.parametrize("slug", [*BOUND, "scrum-master"])
def test_drawings_say_what_they_show(press: Press, heard: Tag, slug: str) -> None:
    made = press.make(SPECIMENS, slug)
    assert told(made.dossier, tags(made.pdf)) >= 8
    assert told(bound(slug), part_of(heard, plain(made.dossier.record.title))) >= 8


def untagged(pdf: bytes, pages: Collection[int]) -> tuple[int, int, list[str]]:
    """How much is painted in elements and as artifacts, and what is painted outside of both."""
    owners = read(pdf).owners
    tagged, artifacts, stray = 0, 0, []
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for index in pages:
            open_marks: list[str] = []
            for operands, operator in pikepdf.parse_content_stream(document.pages[index]):
                name = str(operator)
                if name in ("BDC", "BMC"):
                    open_marks.append(_kind(operands, index, owners))
                elif name == "EMC":
                    open_marks.pop()
                elif name in PAINTING:
                    kinds = [kind for kind in open_marks if kind]
                    assert len(set(kinds)) < 2, "an artifact within an element"
                    tagged += kinds[:1] == ["element"]
                    artifacts += kinds[:1] == ["artifact"]
                    stray += [] if kinds else [f"page {index + 1}: {name}"]
            assert open_marks == []
    return tagged, artifacts, stray


def _kind(operands: Any, page: int, owners: Collection[tuple[int, int, int]]) -> str:
    if str(operands[0]) == "/Artifact":
        return "artifact"
    properties = operands[1] if len(operands) > 1 else {}
    mark = properties.get("/MCID") if isinstance(properties, pikepdf.Dictionary) else None
    return "element" if mark is not None and (page, 0, int(mark)) in owners else ""


@pytest.mark.parametrize("paper", ["a4", "a5"])
def test_what_is_painted_is_content_or_decoration(press: Press, paper: str) -> None:
    made = press.make(SPECIMENS, "enterprise-architect", paper=paper)
    tagged, artifacts, stray = untagged(made.pdf, range(made.part.pages))
    assert stray == []
    assert tagged > 200
    assert artifacts > 50


def test_so_it_is_in_the_book(volume: Book, tree: Tree) -> None:
    file = next(part for part in tree.parts if part.all("H2"))
    pages = sorted({page for node in file.walk() for page, _, _ in node.marks})
    tagged, artifacts, stray = untagged(volume.pdf, [*range(8), *pages])
    assert stray == []
    assert len(pages) >= 4
    assert tagged > 200
    assert artifacts > 50


def test_running_heads_of_the_book_are_not_read_out(volume: Book, heard: Tag) -> None:
    dossier = bound(SEED)
    part = part_of(heard, plain(dossier.record.title))
    number = letters(dossier.record.file_number)
    pages = [side for side in volume.sides if number in letters(side.text)]
    assert len(pages) >= 4, "the number stands on every page of the file"
    cited = sum(number in letters(one.file_number) for one in dossier.cited)
    assert letters(part.text).count(number) - cited <= 4


# Languages

TASK = {"title": "Klerk", "summary": "Bewaart de mappen."}


def test_a_passage_in_another_language_says_so(tmp_path: Path) -> None:
    html = '<p lang="fr">Tant pis. <span lang="de">Na gut</span>, <em>fin</em>.</p><ul><li lang="nl">Zo.</li></ul>'
    found = {tag.keys["/Lang"]: tag for tag in tags(made(tmp_path, html=html).pdf).walk() if "/Lang" in tag.keys}
    assert {lang: (tag.role, letters(tag.text)) for lang, tag in found.items()} == {
        "fr": ("P", "tantpisnagutfin"),
        "de": ("Span", "nagut"),
        "nl": ("LI", "zo"),
    }


def test_a_dossier_in_another_language_says_so_in_the_book(tmp_path: Path) -> None:
    card = {"related": [{"specimen": "klerk", "match": 61}]}
    records = {
        "clerk": {"habitat": ["Here, like the [[klerk]], not like [[klerk|him]]."], **card},
        "klerk": {"habitat": ["Hier."], "lang": "nl", **TASK, "related": [{"specimen": "clerk", "match": 61}]},
    }
    book = Archive(archive(tmp_path / "files", records, lang="en")).anthology(output=tmp_path, jobs=1)
    assert book.file, book.outcome.problems
    pdf = book.file.read_bytes()
    assert read(pdf).lang == "en"
    said = {letters(part.all("H1")[0].text): part.keys.get("/Lang") for part in parts_of(tags(pdf)) if part.all("H2")}
    assert said == {"clerk": None, "klerk": "nl"}
    said_in: dict[str, list[tuple[str, str, str]]] = {}
    for part in (part for part in parts_of(tags(pdf)) if part.all("H1")):
        spoken = [tag for tag in part.walk() if "/Lang" in tag.keys and tag is not part]
        found = said_in.setdefault(letters(part.all("H1")[0].text), [])
        found += [(tag.keys["/Lang"], tag.role, letters(tag.text)) for tag in spoken]
    here = [("nl", "Link", "klerk"), ("nl", "H3", "klerk"), ("nl", "P", "bewaartdemappen"), ("nl", "Link", "klerk")]
    assert said_in["clerk"] == here
    assert said_in["klerk"] == [("en", "H3", "clerk"), ("en", "P", "standsinforarole"), ("en", "Link", "clerk")]
    assert said_in[""] == [("nl", "P", "")], "a line of the index, whose words are in a form of its own"
    for piece in ("contents", "registerofspecimens", "unfiled"):
        assert said_in[piece] == [("nl", "Link", "klerk")], piece


# What is blacked out


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, str]:
    """A book with a dossier that has a redacted word in each of its strings, and that book as HTML."""
    folder = tmp_path_factory.mktemp("secret")
    data, hidden = secret_record(SPECIMENS)
    assert len(hidden) > 60
    data |= {"title": "Clerk ||Quinqueremey|| of Works", "summary": "Files ||Quinqueremez|| away."}
    other = {"related": [{"specimen": "clerk", "match": 61}], "habitat": ["Beside [[clerk]]."]}
    files = archive(folder / "files", {"clerk": data, "deputy": other})
    book = Archive(files).anthology(output=folder, html=folder / "book.html", jobs=1)
    assert book.file, book.outcome.problems
    return book.file.read_bytes(), (folder / "book.html").read_text()


def test_redacted_words_are_nowhere_in_the_book(secret: tuple[bytes, str]) -> None:
    pdf, html = secret
    held = opened_bytes(pdf)
    for encoded in (b"inquereme", "inquereme".encode("utf-16-be"), b"inquereme".hex().encode()):
        assert encoded not in held
        assert encoded not in held.lower()
    assert "inquereme" not in html
    assert "inquereme" not in " ".join(word for page in words(pdf) for word in page)
    assert "inquereme" not in squeezed(tags(pdf).text)


def test_what_stands_beside_them_is_there(secret: tuple[bytes, str]) -> None:
    pdf, _ = secret
    with pikepdf.open(io.BytesIO(pdf)) as document, document.open_outline() as outline:
        waiting, titled = list(outline.root), []
        while waiting:
            item = waiting.pop()
            titled.append(item.title)
            waiting += item.children
    assert any("Clerk" in title and "of Works" in title for title in titled), titled
    assert sum(tag.alt == "redacted" for tag in tags(pdf).all("Figure")) > 60
