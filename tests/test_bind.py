"""The shipped archive's book, page by page: what it says about itself is true of the pages that one turns to."""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from book import Book, Link, Side, Word, rows, squeezed
from finished import Tag, tags
from PIL import Image, ImageChops, ImageDraw
from pressroom import SEED, SPECIMENS, Press, opened_archive
from test_standards import failures

from render import layouts, relations, terms
from render.record import Dossier, Family
from render.text import Link as Named
from render.text import Span, Text

pytestmark = pytest.mark.xdist_group("volume")

LAYOUT = layouts.find("anthology")
PAPER = LAYOUT.paper("6x9in")
WORDS = LAYOUT.words("en")
FOLIO = re.compile(r"[0-9]+|[ivxlc]+")
PAGE = re.compile(r"\(?(?:see )?(?:p\. ?)?([0-9]+|[ivxlc]+)[),;]*")
"""Words that name a page: ``47``, ``see p. 47``, ``(p. 47)``, ``p. 47``, ``47,``."""
HEAD = (8.0, 14.0)
"""Where running heads stand, in mm from the head of the page."""


@dataclass(frozen=True)
class Facts:
    """The book as it should be, by what its records say, and where its pieces are, by what its pages show."""

    drawers: tuple[tuple[Family, tuple[Dossier, ...]], ...]
    covers: Mapping[str, int]
    """The page of each specimen's cover sheet: that which bears its file number as a barcode."""
    dividers: Mapping[str, int]
    """The page of each family's divider: that which bears the code of its drawer."""
    matter: Mapping[str, int]
    blanks: frozenset[int]

    @property
    def dossiers(self) -> list[Dossier]:
        return [dossier for _, drawer in self.drawers for dossier in drawer]

    @property
    def starts(self) -> dict[int, str]:
        """What begins on a page, by its title."""
        titles = {self.covers[one.slug]: str(one.record.title) for one in self.dossiers}
        titles |= {self.dividers[family.key]: str(family.title) for family, _ in self.drawers}
        return titles | {page: str(WORDS["matter"]["titles"][key]) for key, page in self.matter.items()}

    def range(self, slug: str) -> range:
        """The pages of a specimen's file: up to what comes next, or to the blank before it."""
        start = self.covers[slug]
        ends = {*self.covers.values(), *self.dividers.values(), self.matter["register"], *self.blanks}
        return range(start, min(page for page in ends if page > start))


@pytest.fixture(scope="module")
def facts(volume: Book) -> Facts:
    archive, opened = opened_archive(SPECIMENS, LAYOUT)
    dossiers = {slug: replace(one, terms=terms.of(one.record, LAYOUT.sections)) for slug, one in opened.items()}
    by_title = sorted(dossiers.values(), key=lambda one: str(one.record.title).casefold())
    drawers = tuple(
        (family, drawer)
        for family in archive.families
        if (drawer := tuple(one for one in by_title if one.record.family == family.key))
    )
    assert len(drawers) == 7
    assert sum(len(drawer) for _, drawer in drawers) == len(dossiers) == 36
    titles = WORDS["matter"]["titles"]
    keys = ("contents", "how-to-read", "register", "index", "map", "charge-out")
    return Facts(
        drawers,
        covers={slug: volume.begins(one.record.file_number) for slug, one in dossiers.items()},
        dividers={family.key: volume.begins(f"{archive.base_url}#{family.key}") for family, _ in drawers},
        matter={key: volume.headed(titles[key]) for key in keys},
        blanks=frozenset(side.index for side in volume.sides if side.text == squeezed([WORDS["blank"]])),
    )


# Order and sides


def test_everything_stands_in_its_order(volume: Book, facts: Facts) -> None:
    order = [volume.headed(title) for title in ("Warning", "Particulars of this volume")]
    order += [facts.matter["contents"], facts.matter["how-to-read"]]
    for family, drawer in facts.drawers:
        order += [facts.dividers[family.key], *(facts.covers[one.slug] for one in drawer)]
    order += [facts.matter[key] for key in ("register", "index", "map", "charge-out")]
    assert len(order) == 4 + 7 + 36 + 4
    assert order == sorted(order)
    assert volume.headed("Warning") == 3
    half, title = volume.sides[2].text, volume.sides[4].text
    assert "registry" in half
    assert all(squeezed([said]) in title for said in ("The Otiose Registry", "First edition", "2026-11-01"))


def test_titles_stand_on_the_pages_that_bear_their_codes(volume: Book, facts: Facts) -> None:
    assert len(facts.starts) == 36 + 7 + 6
    for page, title in facts.starts.items():
        assert squeezed([title]) in volume.sides[page].text


def test_a_divider_has_its_title_in_whole_words(volume: Book, facts: Facts) -> None:
    assert len(facts.drawers) == 7
    for family, _ in facts.drawers:
        shown = [word.text for word in volume.sides[facts.dividers[family.key]].words]
        assert [word for word in str(family.title).split() if word not in shown] == []


def test_a_side_is_where_it_has_to_be(volume: Book, facts: Facts) -> None:
    rectos = [2, 4, facts.matter["contents"], *facts.dividers.values()]
    assert [page for page in rectos if volume.sides[page].verso] == []
    versos = [volume.headed("Warning"), volume.headed("Particulars of this volume"), facts.matter["map"]]
    assert [page for page in versos if not volume.sides[page].verso] == []
    assert len(volume.sides) % 2 == 0


def test_blanks_are_few_and_only_where_a_recto_follows(volume: Book, facts: Facts) -> None:
    assert 3 <= len(facts.blanks) <= len(volume.sides) / 10
    behind = {2, *facts.dividers.values(), facts.matter["map"], len(volume.sides) - 1}
    assert [page for page in facts.blanks if page + 1 not in behind] == []
    assert [side.index for side in volume.sides if not side.words] == []


def test_dossiers_follow_each_other_on_either_side(facts: Facts) -> None:
    versos = sum(page % 2 for page in facts.covers.values())
    assert 6 < versos < 30


# Folios, heads, tabs, margins


def folios(side: Side) -> list[Word]:
    """Words that read as a folio and stand on the outer margin of the head or the foot."""
    some = [*side.band(*HEAD), *side.band(PAPER.height - PAPER.bottom + 2, PAPER.height - 4)]
    outer = PAPER.right if side.verso else PAPER.width - PAPER.right
    return [
        word
        for word in some
        if FOLIO.fullmatch(word.text) and abs((word.left if side.verso else word.right) - outer) < 0.4
    ]


def test_labels_are_the_folios_that_are_printed(volume: Book) -> None:
    printed = {side.index: [word.text for word in folios(side)] for side in volume.sides}
    shown = {index: found for index, found in printed.items() if found}
    assert shown == {index: [volume.sides[index].label] for index in shown}
    assert len(shown) > 200


def test_what_has_a_folio(volume: Book, facts: Facts) -> None:
    inner = {page for one in facts.dossiers for page in facts.range(one.slug)} - set(facts.covers.values())
    lists = set(range(facts.matter["register"], facts.matter["charge-out"])) - facts.blanks
    front = set(range(facts.matter["contents"], facts.matter["how-to-read"] + 1))
    assert {side.index for side in volume.sides if folios(side)} == inner | lists | front


def test_roman_in_front_arabic_from_1_on_the_first_divider(volume: Book, facts: Facts) -> None:
    first = min(facts.dividers.values())
    labels = [side.label for side in volume.sides]
    assert labels[:9] == ["", "", "i", "ii", "iii", "iv", "v", "vi", "vii"]
    assert labels[first:-1] == [str(number) for number in range(1, len(labels) - first)]
    assert labels[-1] == ""


def test_running_heads(volume: Book, facts: Facts) -> None:
    """On a verso folio and file number, then the drawer; on a recto the role, then fiche and folio."""
    cut = 0
    for one in facts.dossiers:
        for page in facts.range(one.slug)[1:]:
            side = volume.sides[page]
            line = side.band(*HEAD)
            said = squeezed(word.text for word in line)
            if side.verso:
                assert said == squeezed([side.label, one.record.file_number, str(one.family.title)])
                assert line[0].left == pytest.approx(PAPER.right, abs=0.3)
                assert line[-1].right == pytest.approx(PAPER.width - PAPER.left, abs=0.3)
                continue
            role, ends = said.removesuffix(squeezed([one.record.fiche, side.label])), role_of(one)
            assert role != said, "no fiche and folio at the end"
            if role != ends:
                assert role.endswith("…")
                assert ends.startswith(role[:-1])
                assert len(role) > 40, "cut though there was room"
                cut += 1
            assert line[0].left == pytest.approx(PAPER.left, abs=0.3)
            assert line[-1].right == pytest.approx(PAPER.width - PAPER.right, abs=0.3)
            gaps = [after.left - before.right for before, after in pairwise(line)]
            assert min(gaps) > 0.3, "the role runs into the fiche"
    assert cut > 1, "the role with the longest title has several rectos"


def role_of(dossier: Dossier) -> str:
    return squeezed([str(dossier.record.title)])


def test_thumb_tabs_step_down_the_fore_edge_by_family(volume: Book, facts: Facts) -> None:
    tabs: dict[str, set[tuple[float, float]]] = {}
    inner: set[int] = set()
    edges = list(edge_runs(volume.pdf))
    for number, (family, drawer) in enumerate(facts.drawers, 1):
        for page in (page for one in drawer for page in facts.range(one.slug)[1:]):
            outer, other = edges[page] if volume.sides[page].verso else edges[page][::-1]
            assert other == [], "something stands on the inner edge"
            (tab,) = outer
            tabs.setdefault(family.key, set()).add(tab)
            inner.add(page)
            digit = [word for word in volume.sides[page].words if outside(word) and word.text == str(number)]
            assert [tab[0] < word.middle[1] < tab[1] for word in digit] == [True]
    assert all(len(found) == 1 for found in tabs.values()), "the same on every page of a family, recto or verso"
    tops = [next(iter(found)) for found in tabs.values()]
    assert len(tops) == 7
    steps = [round(after[0] - before[0], 1) for before, after in pairwise(tops)]
    assert max(steps) - min(steps) <= 0.5
    assert min(steps) > 15
    assert all(before[1] <= after[0] for before, after in pairwise(tops)), "no two families' tabs overlap"
    assert tops[0][0] > 20
    assert tops[-1][1] < PAPER.height - 20


def outside(word: Word) -> bool:
    return word.right < 7 or word.left > PAPER.width - 7


def edge_runs(pdf: bytes) -> Iterator[tuple[list[tuple[float, float]], list[tuple[float, float]]]]:
    """Of every page: top and foot in mm of the dark runs, of 4 mm at least, by its left and by its right edge."""
    scale = 4 / 72 * 25.4
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        grey = page.render(scale=scale).to_pil().convert("L")
        columns = [grey.crop((x, 0, x + 1, grey.height)).tobytes() for x in (2, grey.width - 3)]
        left, right = (
            [(run.start() / 4, run.end() / 4) for run in re.finditer(rb"[\x00-\x50]{16,}", column)]
            for column in columns
        )
        yield left, right
        page.close()
    document.close()


def test_margins_are_mirrored(volume: Book, facts: Facts) -> None:
    """Where words begin on the left, page by page, is the same on both sides but for the shift of the type area."""
    found: dict[bool, Counter[float]] = {False: Counter(), True: Counter()}
    for one in facts.dossiers:
        for page in facts.range(one.slug)[1:]:
            side = volume.sides[page]
            body = [word.left for word in side.words if not outside(word) and word.middle[1] > HEAD[1]]
            found[side.verso][round(min(body) - (PAPER.right if side.verso else PAPER.left), 1)] += 1
    assert min(found[False]) == min(found[True]) == 0
    assert set(found[False]) == set(found[True])
    assert min(sum(side.values()) for side in found.values()) > 60


# Pages named in lists


@dataclass
class Entry:
    """What a list says of one page it leads to: the words that are a link, and the page numbers."""

    title: str = ""
    numbers: tuple[str, ...] = ()


def listed(sides: Sequence[Side]) -> dict[int, Entry]:
    """The links of a list by the page they lead to, in their order."""
    found: dict[int, Entry] = {}
    for link in (link for side in sides for link in side.links):
        assert link.page is not None, f"{link.text} leads to {link.uri}"
        entry = found.setdefault(link.page, Entry())
        if FOLIO.fullmatch(link.text):
            entry.numbers += (link.text,)
        else:
            entry.title += squeezed([link.text])
    return found


def expected(volume: Book, facts: Facts, pages: Sequence[int]) -> dict[int, Entry]:
    return {page: Entry(squeezed([facts.starts[page]]), (volume.sides[page].label,)) for page in pages}


def test_contents(volume: Book, facts: Facts) -> None:
    sides = volume.sides[facts.matter["contents"] : facts.matter["how-to-read"]]
    meant = [facts.matter["how-to-read"]]
    for family, drawer in facts.drawers:
        meant += [facts.dividers[family.key], *(facts.covers[one.slug] for one in drawer)]
    meant += [facts.matter[key] for key in ("register", "index", "map", "charge-out")]
    found = listed(sides)
    assert found == expected(volume, facts, meant)
    assert list(found) == meant
    said = squeezed(side.text for side in sides)
    assert all(squeezed([str(family.division_title)]) in said for family, _ in facts.drawers)


def test_page_numbers_stand_at_the_right_margin_on_the_last_line_of_their_entry(volume: Book, facts: Facts) -> None:
    for side in volume.sides[facts.matter["contents"] : facts.matter["how-to-read"]]:
        numbers = [word for word in side.words if FOLIO.fullmatch(word.text) and word.left > PAPER.width / 2]
        assert len(numbers) > 10
        edge = PAPER.width - (PAPER.left if side.verso else PAPER.right)
        assert [word.right for word in numbers] == pytest.approx([edge] * len(numbers), abs=0.5)
        for number in (link for link in side.links if FOLIO.fullmatch(link.text)):
            beside = [link for link in side.links if link.page == number.page and link is not number]
            assert max(link.foot for link in beside) == pytest.approx(number.foot, abs=2)


def test_dividers_list_their_drawers(volume: Book, facts: Facts) -> None:
    for family, drawer in facts.drawers:
        side = volume.sides[facts.dividers[family.key]]
        meant = [facts.covers[one.slug] for one in drawer]
        found = listed([side])
        assert found == expected(volume, facts, meant)
        assert list(found) == meant
        assert squeezed([str(family.note)]) in side.text


def test_register(volume: Book, facts: Facts) -> None:
    sides = volume.sides[facts.matter["register"] : facts.matter["index"]]
    by_title = sorted(facts.dossiers, key=lambda one: str(one.record.title).casefold())
    found = listed([side for side in sides if side.index not in facts.blanks])
    assert found == expected(volume, facts, [facts.covers[one.slug] for one in by_title])
    assert list(found) == [facts.covers[one.slug] for one in by_title]
    risks = {facts.covers[one.slug]: one.record.sections["flight_risk"]["percent"] for one in facts.dossiers}
    for side in sides:
        for link in (link for link in side.links if FOLIO.fullmatch(link.text)):
            (row,) = [
                row for row in rows(side.words) if abs(row[-1].foot - link.foot) < 1 and row[-1].text == link.text
            ]
            assert f"{risks[link.page]}%" in [word.text for word in row]


def test_index(volume: Book, facts: Facts) -> None:
    """All of it, read down the columns: terms with their pages, aliases with where to look, letter by letter."""
    meant, letter = "", ""
    for entry in terms.index(facts.dossiers, "en"):
        meant += squeezed([entry.letter]) if entry.letter != letter else ""
        letter = entry.letter
        pages = ",".join(volume.sides[facts.covers[slug]].label for slug in entry.targets)
        see = f"see {entry.see}" if entry.see else ""
        meant += squeezed([curled(entry.text), curled(see), pages])
    found = ""
    sides = volume.sides[facts.matter["index"] : facts.matter["map"]]
    for side in (side for side in sides if side.index not in facts.blanks):
        head = LAYOUT.book["index"]["head"] if side.index == facts.matter["index"] else 0
        found += "".join(squeezed(word.text for word in row) for column in columns(side, head) for row in rows(column))
        for link in side.links:
            assert link.page in facts.covers.values()
            assert link.text.strip(",") == volume.sides[link.page].label
    head = squeezed([WORDS["matter"]["titles"]["index"]])
    rest = found.partition(squeezed([WORDS["matter"]["index"]["reading"]]))[2]
    assert found.startswith(head)
    assert len(rest) > 5000
    assert rest == meant


def curled(text: str) -> str:
    """With the quotes that are printed."""
    return re.sub(r"(^|[\s(])'", "\\1‘", text).replace("'", "’")


def columns(side: Side, head: float) -> list[list[Word]]:
    """The words of an index page: the ``head`` mm of its heading, then its two columns. The folio is left out."""
    body = [word for word in side.words if word.foot < PAPER.height - PAPER.bottom + 1]
    below = [word for word in body if word.middle[1] >= PAPER.top + head]
    middle = (PAPER.right if side.verso else PAPER.left) + PAPER.text / 2
    return [
        [word for word in body if word not in below],
        [word for word in below if word.left < middle],
        [word for word in below if word.left >= middle],
    ]


def test_map(volume: Book, facts: Facts) -> None:
    left, right = volume.sides[facts.matter["map"] : facts.matter["map"] + 2]
    found = Counter(link.page for side in (left, right) for link in side.links if PAGE.fullmatch(link.text))
    assert found == Counter(facts.covers.values())
    assert left.links
    assert right.links


# Links


def named(dossier: Dossier) -> dict[str, list[str]]:
    """What links in a record's running text are called, by slug, as often as they stand there."""
    found: dict[str, list[str]] = {}

    def gather(spans: Sequence[Span]) -> None:
        for span in spans:
            if isinstance(span, Named):
                said = "".join(getattr(inner, "text", "") for inner in span.spans) or str(dossier.titles[span.slug])
                found.setdefault(span.slug, []).append(squeezed([said]))
            gather(getattr(span, "spans", ()))

    def walk(value: object) -> None:
        if isinstance(value, Text):
            gather(value.spans)
        elif isinstance(value, Mapping):
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list | tuple):
            for inner in value:
                walk(inner)

    walk(dossier.record.summary)
    walk(dossier.record.sections)
    assert set(found) == {slug for slug, _ in relations.links(dossier.record.summary, dossier.record.sections)}
    return found


def test_every_link_leads_to_the_page_that_it_names(volume: Book, facts: Facts) -> None:
    numbers = titles = 0
    aliases = {one.slug: named(one) for one in facts.dossiers}
    called = {facts.covers[slug]: texts for some in aliases.values() for slug, texts in some.items()}
    for some in aliases.values():
        for slug, texts in some.items():
            called[facts.covers[slug]] = [*called[facts.covers[slug]], *texts]
    for side in volume.sides:
        for link in (link for link in side.links if link.page is not None):
            assert link.page in facts.starts, f"page {side.label}: {link.text} leads into the middle of a piece"
            if said := PAGE.fullmatch(link.text):
                assert said[1] == volume.sides[link.page].label, f"page {side.label}: {link.text}"
                numbers += 1
            else:
                text = squeezed([link.text.removesuffix("…")])
                names = [squeezed([facts.starts[link.page]]), *called.get(link.page, [])]
                assert len(text) > 2, f"page {side.label}: a link over nothing"
                assert any(text in name for name in names), f"page {side.label}: {link.text}"
                titles += 1
    assert numbers > 300
    assert titles > 300


def test_links_leave_the_book_only_for_what_is_not_in_it(volume: Book, facts: Facts) -> None:
    inside = {one.url for one in facts.dossiers}
    assert len(inside) == 36
    leaving = [link.uri for side in volume.sides for link in side.links if link.page is None]
    assert all(uri.startswith("https://") for uri in leaving)
    assert inside & set(leaving) == set()


def links_of(volume: Book, pages: Sequence[int]) -> list[Link]:
    sides = (volume.sides[page] for page in pages)
    return [link for side in sides for link in sorted(side.links, key=lambda one: (one.top, one.left))]


def test_every_card_has_page_link_and_code(volume: Book, facts: Facts) -> None:
    cards = 0
    for one in facts.dossiers:
        links = links_of(volume, facts.range(one.slug))
        pages = [facts.covers[other.slug] for other in one.related if other.slug]
        seen = [link for link in links if link.text.startswith("see p. ")]
        assert [link.page for link in seen] == pages
        assert [link.text for link in seen] == [f"see p. {volume.sides[page].label}" for page in pages]
        codes = [code.text for page in facts.range(one.slug) for code in volume.codes[page] if code.format == "QRCode"]
        assert codes[: len(pages) + 1] == [one.url, *(other.url for other in one.related if other.slug)]
        for other in (other for other in one.related if other.slug):
            titled = "".join(squeezed([link.text]) for link in links if link.page == facts.covers[other.slug])
            assert squeezed([str(other.title)]) in titled
        cards += len(pages)
    assert cards > 90


def test_running_text_names_the_pages_of_its_links(volume: Book, facts: Facts) -> None:
    links = 0
    for one in facts.dossiers:
        on = links_of(volume, facts.range(one.slug))
        asides = Counter(link.page for link in on if re.fullmatch(r"\(p\. \d+\)[;.,]*", link.text))
        meant = Counter({facts.covers[slug]: len(texts) for slug, texts in named(one).items()})
        assert meant <= asides
        links += meant.total()
    assert links > 5


def test_every_code_says_what_was_meant(volume: Book, facts: Facts) -> None:
    bars = [(page, code.text) for page, codes in enumerate(volume.codes) for code in codes if code.format == "Code128"]
    assert bars == [(facts.covers[one.slug], one.record.file_number) for one in facts.dossiers]
    allowed = {"https://otiose.example/files/"} | {one.url for one in facts.dossiers}
    allowed |= {f"https://otiose.example/files/#{family.key}" for family, _ in facts.drawers}
    codes = [code.text for codes in volume.codes for code in codes if code.format == "QRCode"]
    assert set(codes) <= allowed
    assert len(codes) > 7 + 36 + 90


# The file


def test_outline(volume: Book, facts: Facts) -> None:
    meant: list[tuple[int, str, int]] = []
    titles = WORDS["matter"]["titles"]
    meant += [(0, titles[key], facts.matter[key]) for key in ("contents", "how-to-read")]
    division = ""
    for family, drawer in facts.drawers:
        if family.division != division:
            meant.append((0, str(family.division_title), facts.dividers[family.key]))
            division = family.division
        meant.append((1, str(family.title), facts.dividers[family.key]))
        meant += [(2, str(one.record.title), facts.covers[one.slug]) for one in drawer]
    meant += [(0, titles[key], facts.matter[key]) for key in ("register", "index", "map", "charge-out")]
    assert [(line.level, line.title, line.page) for line in volume.outline if line.level < 3] == meant


def test_sections_in_the_outline_lead_to_their_headings(volume: Book, facts: Facts) -> None:
    pages = {str(one.record.title): facts.range(one.slug) for one in facts.dossiers}
    counted: Counter[str] = Counter()
    title = ""
    for line in volume.outline:
        if line.level == 2:
            title = line.title
        if line.level == 3:
            assert line.page in pages[title]
            assert squeezed([line.title]) in volume.sides[line.page].text
            counted[title] += 1
    assert counted == {str(one.record.title): len(one.record.sections) for one in facts.dossiers}
    assert max(line.level for line in volume.outline) == 3


def test_named_destinations(volume: Book, facts: Facts) -> None:
    for one in facts.dossiers:
        assert volume.names[one.slug] == facts.covers[one.slug]
        for key in one.record.sections:
            page = volume.names[f"{one.slug}/{key}"]
            section = LAYOUT.sections[key]
            title = LAYOUT.section_words(key, "en").get("title", section.title)
            assert page in facts.range(one.slug)
            assert squeezed([f"[{section.number}] {title}"]) in volume.sides[page].text
    assert {key: volume.names[f"matter:{key}"] for key in facts.matter} == facts.matter
    assert {key: volume.names[f"matter:divider-{key}"] for key in facts.dividers} == facts.dividers


def test_what_it_says_of_itself(volume: Book) -> None:
    with pikepdf.open(io.BytesIO(volume.pdf)) as document:
        root = document.Root
        assert str(document.docinfo["/Title"]) == "The Otiose Registry"
        with document.open_metadata() as metadata:
            assert metadata["dc:title"] == "The Otiose Registry"
            assert metadata["dc:creator"] == ["Office of the Registrar (Vacant)"]
            assert metadata["dc:language"] == {"en"}
        assert str(root.Lang) == "en"
        assert root.ViewerPreferences.DisplayDocTitle is True
        assert root.PageLayout == "/TwoPageRight"
        assert root.PageMode == "/UseOutlines"
        assert root.MarkInfo.Marked is True
        assert b"/CreationDate" not in volume.pdf


def test_every_page_is_cropped_to_its_trim(volume: Book) -> None:
    assert {(round(side.width, 1), round(side.height, 1)) for side in volume.sides} == {(152.4, 228.6)}


def test_one_program_for_each_face(volume: Book, tool: Callable[[str], str], bindery: Path) -> None:
    done = subprocess.run([tool("pdffonts"), bindery / "anthology.pdf"], capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()[2:]
    names = [line.split()[0].partition("+")[2] for line in lines]
    assert 5 <= len(names) <= 9
    assert len(set(names)) == len(names)
    assert all(line.split()[-5:-2] == ["yes", "yes", "yes"] for line in lines), "embedded, a subset, mapped to Unicode"
    with pikepdf.open(io.BytesIO(volume.pdf)) as document:
        keys = ("/FontFile", "/FontFile2", "/FontFile3")
        found = [one for one in document.objects if isinstance(one, pikepdf.Dictionary) for key in keys if key in one]
        assert len(found) == len(names)


def test_nothing_is_in_the_file_twice(volume: Book) -> None:
    with pikepdf.open(io.BytesIO(volume.pdf)) as document:
        streams = [one for one in document.objects if isinstance(one, pikepdf.Stream)]
        drawn = [one for one in streams if one.get("/Subtype") in ("/Image", "/Form")]
        assert len(drawn) > 100
        known: dict[tuple[int, int], str] = {}
        seen = Counter(digest(one, known) for one in drawn)
        assert [name for name, count in seen.items() if count > 1] == []
        profiles = [one for one in streams if "/N" in one and "/Type" not in one]
        assert len(profiles) == 1
        assert [one.DestOutputProfile.objgen for one in document.Root.OutputIntents] == [profiles[0].objgen]


def digest(thing: pikepdf.Object, known: dict[tuple[int, int], str]) -> str:
    """A digest of an object with everything that it refers to."""
    if getattr(thing, "is_indirect", False) and thing.objgen in known:
        return known[thing.objgen]
    held = b"" if not isinstance(thing, pikepdf.Stream) else thing.read_raw_bytes()
    if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        keys = sorted(set(thing.keys()) - {"/Length", "/StructParents", "/Font"})
        held += " ".join(f"{key} {digest(thing[key], known)}" for key in keys).encode()
    elif isinstance(thing, pikepdf.Array):
        held += " ".join(digest(one, known) for one in thing).encode()
    else:
        held += repr(thing).encode()
    found = hashlib.sha256(held).hexdigest()
    if getattr(thing, "is_indirect", False):
        known[thing.objgen] = found
    return found


def test_a_checker_finds_no_fault_in_its_syntax(volume: Book, bindery: Path) -> None:
    with pikepdf.open(io.BytesIO(volume.pdf)) as document:
        assert document.check_pdf_syntax() == []
        assert document.get_warnings() == []
    qpdf = shutil.which("qpdf")
    if qpdf:
        done = subprocess.run([qpdf, "--check", bindery / "anthology.pdf"], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")


def test_the_number_of_every_object_is_used_once(volume: Book) -> None:
    with pikepdf.open(io.BytesIO(volume.pdf)) as document:
        nothing = [one.objgen for one in document.objects if one is None]
        assert nothing == []


@pytest.mark.parametrize("profile", ["ua1", "3a"])
def test_it_is_accessible_and_archival(volume: Book, profile: str) -> None:
    assert failures(volume.pdf, profile) == []


# The structure tree


@pytest.fixture(scope="module")
def tree(volume: Book) -> Tag:
    return tags(volume.pdf)


def test_one_document_with_a_part_for_every_piece_in_order(tree: Tag, facts: Facts) -> None:
    (document,) = tree.kids
    assert isinstance(document, Tag)
    assert document.role == "Document"
    parts = [kid for kid in document.kids if isinstance(kid, Tag)]
    assert {part.role for part in parts} == {"Art"}
    heads = [[squeezed([head.text]) for head in part.all("H1")] for part in parts]
    titles = {squeezed([str(one.record.title)]) for one in facts.dossiers}
    meant = [[squeezed([str(one.record.title)])] for one in facts.dossiers]
    assert [head for head in heads if head and head[0] in titles] == meant


@pytest.mark.parametrize("slug", [SEED, "scrum-master", "internal-platform-adoption-marketing-manager"])
def test_a_part_is_read_out_as_it_is_alone(tree: Tag, press: Press, slug: str) -> None:
    made = press.make(SPECIMENS, slug, paper="6x9in", layout="anthology")
    title = squeezed([str(made.dossier.record.title)])
    (bound,) = [part for part in tree.all("Art") if [squeezed([one.text]) for one in part.all("H1")] == [title]]
    alone = tags(made.pdf)
    assert len(alone.text) > 3000
    assert unnumbered(bound.text) == unnumbered(alone.text)
    assert [tag.alt for tag in bound.all("Figure")] == [tag.alt for tag in alone.all("Figure")]
    roles = ("H1", "H2", "H3", "P", "Table", "TR", "TH", "TD", "L", "LI", "Link", "Figure")
    assert Counter(tag.role for tag in bound.all(*roles)) == Counter(tag.role for tag in alone.all(*roles))


def unnumbered(text: str) -> str:
    return re.sub(r"p\.\d+", "p.0", squeezed([text]))


def test_the_parent_tree_leads_from_every_mark_to_its_element_and_back(volume: Book) -> None:
    marked = linked = forms = 0
    with pikepdf.open(io.BytesIO(volume.pdf)) as document:
        root = document.Root.StructTreeRoot
        parents = pikepdf.NumberTree(root.ParentTree)
        owned = owners(root.K)
        drawn = [one for one in document.objects if isinstance(one, pikepdf.Stream) and "/StructParents" in one]
        for holder in (*(page.obj for page in document.pages), *drawn):
            form = isinstance(holder, pikepdf.Stream)
            content = holder.read_bytes() if form else contents(holder)
            row = parents[int(holder.StructParents)]
            found = [int(one) for one in re.findall(rb"/MCID (\d+)", content)]
            assert len(found) == len(set(found))
            for mark in found:
                assert owned[holder.objgen, mark] == row[mark].objgen
            marked += len(found)
            forms += form
        for page in document.pages:
            for note in page.get("/Annots", []):
                element = parents[int(note.StructParent)]
                assert element.S == "/Link"
                assert owned[note.objgen, -1] == element.objgen
                linked += 1
        assert int(root.ParentTreeNextKey) == len(parents)
    assert marked > 10_000
    assert linked > 700
    assert forms > 100, "the slips of the index"


def contents(page: pikepdf.Object) -> bytes:
    found = page.Contents
    return b"\n".join(one.read_bytes() for one in found) if isinstance(found, pikepdf.Array) else found.read_bytes()


def owners(kids: pikepdf.Object) -> dict[tuple[tuple[int, int], int], tuple[int, int]]:
    """The element of every mark, by its page or form and number, and of every annotation, as number -1."""
    found = {}
    waiting = [(kid, None) for kid in kids]
    while waiting:
        node, above = waiting.pop()
        if above is not None:
            assert node.P.objgen == above.objgen, "an element's parent is another than the one it lies in"
        inner = node.get("/K", [])
        for kid in inner if isinstance(inner, pikepdf.Array) else [inner]:
            if not isinstance(kid, pikepdf.Dictionary):
                found[node.Pg.objgen, int(kid)] = node.objgen
            elif kid.get("/Type") == "/MCR":
                found[(kid.Stm if "/Stm" in kid else kid.Pg).objgen, int(kid.MCID)] = node.objgen
            elif kid.get("/Type") == "/OBJR":
                found[kid.Obj.objgen, -1] = node.objgen
            else:
                waiting.append((kid, node))
    return found


def test_heads_and_tabs_are_read_out_to_nobody(tree: Tag, facts: Facts) -> None:
    said = squeezed([tree.text])
    for one in facts.dossiers:
        assert said.count(squeezed([one.record.file_number])) < 12
        assert squeezed([one.record.fiche, "3"]) not in said


# Pixels


SCALE = 127 / 72
"""Pixels in a pt: at 127 dpi a page's shift of 5 mm is 25 pixels."""


@pytest.mark.parametrize("slug", [SEED, "enterprise-architect"])
def test_bound_pages_look_like_those_of_the_part(volume: Book, facts: Facts, press: Press, slug: str) -> None:
    """All but what binding adds: the faces united by glyph numbers draw the same letters."""
    made = press.make(SPECIMENS, slug, paper="6x9in", layout="anthology")
    assert same_pictures(volume, facts.range(slug), made.pdf) == {True, False}


def same_pictures(volume: Book, pages: Sequence[int], part: bytes) -> set[bool]:
    """Compare the pages of a part with those of the book; on which sides pages with a shift were seen."""
    seen = set()
    bound = pypdfium2.PdfDocument(volume.pdf)
    with pikepdf.open(io.BytesIO(part)) as document:
        assert len(document.pages) == len(pages)
        marks = [
            [
                tuple(map(float, note.Rect))
                for note in page.get("/Annots", [])
                if str(note.get("/A", {}).get("/URI", "")).startswith("mark:")
            ]
            for page in document.pages
        ]
        for page in document.pages:
            page.MediaBox = page.TrimBox
        cropped = io.BytesIO()
        document.save(cropped)
    alone = pypdfium2.PdfDocument(cropped.getvalue())
    for number, index in enumerate(pages):
        side = volume.sides[index]
        shift = -25 if side.verso and number else 0
        expected = picture(alone, number)
        moved = ImageChops.offset(expected, shift, 0)
        found = picture(bound, index)
        for image in (moved, found):
            cover(image, number > 0, marks[number], shift)
        off = unlike(moved, found)
        assert expected.getextrema()[0] < 60, "there is ink"
        assert off.histogram()[255] <= 8, f"page {side.label}"
        seen.add(side.verso)
    return seen


def unlike(expected: Image.Image, found: Image.Image) -> Image.Image:
    """White where a pixel is like none of three in a row: the edge of a clip may be rounded to the next one."""
    nearest = ImageChops.difference(expected, found)
    for shift in (-1, 1):
        nearest = ImageChops.darker(nearest, ImageChops.difference(ImageChops.offset(expected, shift, 0), found))
    return nearest.point(lambda value: 255 if value > 80 else 0)


def picture(document: pypdfium2.PdfDocument, index: int) -> Image.Image:
    page = document[index]
    image = page.render(scale=SCALE).to_pil().convert("L")
    page.close()
    return image


def cover(image: Image.Image, furnished: bool, marks: Sequence[tuple[float, ...]], shift: int) -> None:
    """Blot out what binding writes: heads, the edges with the tab, and the places of page numbers."""
    draw = ImageDraw.Draw(image)
    if furnished:
        draw.rectangle((0, 0, image.width, (PAPER.top - 1) / 25.4 * 127), fill=255)
        for x in (0, image.width - 40):
            draw.rectangle((x, 0, x + 40, image.height), fill=255)
    for x0, y0, x1, y1 in marks:
        top, foot = sorted((image.height - y0 * SCALE, image.height - y1 * SCALE))
        left, right = sorted((x0 * SCALE + shift, x1 * SCALE + shift))
        draw.rectangle((left - 2, top - 2, right + 2, foot + 2), fill=255)
