"""Making the book: what an edit costs, what a selection holds, what failures leave, and that runs agree to the byte."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import yaml
from book import Book, squeezed
from command import as_json, begin, dossier, family, files, until
from pressroom import EXTREMES, ROOT, SPECIMENS, Press, archive, opened_archive
from test_bind import same_pictures

from render import layouts
from render.anthology import Book as Made
from render.api import Archive
from render.orders import Keeping

pytestmark = pytest.mark.xdist_group("anthology")

LAYOUT = layouts.find("anthology")
WORDS = LAYOUT.words("en")
SETTING = ("--paper", "6x9in", "--fit", "off")
TAXONOMY = [
    {
        "key": "works",
        "title": "Works",
        "families": [{"key": "beads", "title": "Beads"}, {"key": "doors", "title": "Doors & Hinges"}],
    }
]
RECORDS: Mapping[str, Mapping[str, Any]] = {
    "abacus-keeper": {
        "family": "beads",
        "org_chart": {"note": "Sits below the beads.", "aliases": ["Bead Steward", "Counter"]},
        "habitat": ["A desk beside [[door-holder]]."],
        "related": [{"specimen": "bell-ringer", "match": 50}, {"specimen": "door-holder", "match": 20}],
    },
    "bell-ringer": {"family": "beads", "habitat": ["A tower.", "The stairs to it."]},
    "clock-winder": {"family": "beads", "related": [{"specimen": "abacus-keeper", "match": 70}]},
    "door-holder": {"family": "doors", "habitat": ["Between two rooms."]},
    "echo-clerk": {"family": "doors", "related": [{"specimen": "clock-winder", "match": 30}]},
}


def small(folder: Path, records: Mapping[str, Mapping[str, Any]] = RECORDS) -> Path:
    return archive(folder, records, taxonomy=TAXONOMY, edition="Proof", anthology={"layout": "anthology"})


def bind(place: Path, folder: Path | None = None, **more: Any) -> Made:
    """Bind ``files`` of a place into its ``out``, with the parts that are kept there."""
    keeping = more.pop("keeping", Keeping(place / "cache"))
    output = more.pop("output", place / "out")
    made = Archive(folder or place / "files", paper="6x9in").anthology(
        output=output, keeping=keeping, fit=False, jobs=more.pop("jobs", 1), **more
    )
    assert isinstance(made, Made)
    return made


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place with a small archive, its book and its parts. Tests work on copies."""
    place = tmp_path_factory.mktemp("small")
    small(place / "files")
    made = bind(place)
    assert [str(one) for one in made.outcome.problems] == []
    assert sorted(made.stats.dossiers) == sorted(RECORDS)
    assert made.file == place / "out" / "anthology.pdf"
    return place


@pytest.fixture
def place(begun: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(begun, tmp_path / "place"))


@pytest.fixture
def read(tool: Callable[[str], str]) -> Callable[[Path | None], Book]:
    def open_book(path: Path | None) -> Book:
        assert path is not None
        return Book(path.read_bytes(), tool("pdftotext"))

    return open_book


def edit(place: Path, slug: str, **changed: Any) -> None:
    path = place / "files" / f"{slug}.yaml"
    path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text()) | changed, sort_keys=False))


def afresh(place: Path) -> bytes:
    """The book as it is made with nothing kept."""
    made = bind(place, output=place / "afresh", keeping=Keeping())
    assert made.file is not None
    assert made.stats.taken == 0
    return made.file.read_bytes()


# What an edit costs


def test_a_longer_dossier_is_all_that_is_typeset(place: Path, read: Callable[[Path | None], Book]) -> None:
    before = read(place / "out" / "anthology.pdf")
    edit(place, "abacus-keeper", habitat=[f"A desk beside [[door-holder]], number {number}." for number in range(70)])
    made = bind(place)
    assert (made.stats.dossiers, made.stats.pieces) == (["abacus-keeper"], [])
    after = read(made.file)
    longer = len(after.sides) - len(before.sides)
    assert longer >= 2
    assert made.stats.pages == len(after.sides)
    moved = {name: after.names[name] - page for name, page in before.names.items() if name in after.names}
    assert moved["abacus-keeper"] == 0
    assert moved["bell-ringer"] == moved["clock-winder"] > 0
    assert moved["door-holder"] == moved["matter:register"] == longer
    listed = [link for link in after.sides[after.names["matter:contents"]].links if link.text.isdigit()]
    assert [link.text for link in listed] == [after.sides[link.page or 0].label for link in listed]
    assert len(listed) == 2 + 5 + 4
    assert after.pdf == afresh(place)


def test_an_alias_costs_its_dossier_and_a_letter(place: Path) -> None:
    edit(place, "abacus-keeper", org_chart={"note": "Sits below the beads.", "aliases": ["Bead Warden", "Counter"]})
    made = bind(place)
    assert (made.stats.dossiers, made.stats.pieces) == (["abacus-keeper"], ["index-letter-B"])
    assert made.file is not None
    assert made.file.read_bytes() == afresh(place)


def test_counts_as_json(place: Path) -> None:
    arguments = ("anthology", "--archive", "files", *SETTING, "--cache", "cache")
    dossier(*arguments, folder=place)
    edit(place, "bell-ringer", habitat=["A taller tower.", "The stairs to it."])
    told = as_json(dossier(*arguments, "--stats", "--explain", "--format", "json", folder=place))
    assert told["files"] == ["out/anthology.pdf"]
    assert told["stats"]["typeset"] == {"dossiers": ["bell-ringer"], "pieces": []}
    assert told["stats"]["kept"] > 20
    assert told["stats"]["pages"] > 20
    assert 0 < told["stats"]["blank"] < told["stats"]["pages"] / 2
    assert "bell-ringer" in json.dumps(told["explain"])
    again = dossier(*arguments, "--stats", "--explain", folder=place)
    assert again.stdout.splitlines() == ["anthology: unchanged", "out/anthology.pdf"]
    assert again.stderr.splitlines()[0] == "nothing changed; nothing was typeset or bound"


def test_nothing_changed_nothing_done(place: Path) -> None:
    bind(place)
    path = place / "out" / "anthology.pdf"
    before = path.stat().st_mtime_ns, path.read_bytes()
    heavy = ("weasyprint", "pikepdf", "fontTools", "qrcode", "PIL", "multiprocessing.popen_spawn_posix")
    code = (
        "import sys; from render.cli import main\n"
        "status = main(['anthology', '--archive', 'files', '--paper', '6x9in', '--fit', 'off', '--cache', 'cache'])\n"
        f"print(status, [name for name in {heavy} if name in sys.modules])"
    )
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=place, env=surroundings, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["out/anthology.pdf", "0 []"]
    assert (path.stat().st_mtime_ns, path.read_bytes()) == before


def test_a_book_that_was_harmed_is_bound_again_from_what_is_kept(place: Path) -> None:
    path = place / "out" / "anthology.pdf"
    whole = path.read_bytes()
    path.write_bytes(whole[:-100])
    made = bind(place)
    assert (made.stats.dossiers, made.stats.pieces) == ([], [])
    assert made.stats.taken > 20
    assert path.read_bytes() == whole


@pytest.mark.parametrize(
    ("more", "pieces"),
    [({"edition": "Second edition"}, {"title"}), ({"title": "Other Words"}, {"half-title", "title"})],
)
def test_another_title_or_edition_costs_the_pieces_that_bear_it(
    place: Path, more: dict[str, str], pieces: set[str], read: Callable[[Path | None], Book]
) -> None:
    made = bind(place, **more)
    assert made.stats.dossiers == []
    assert pieces <= set(made.stats.pieces)
    assert [name for name in made.stats.pieces if name.startswith(("divider", "index-letter", "furniture-sheet"))] == []
    (said,) = more.values()
    book = read(made.file)
    assert squeezed([said]) in "".join(side.text for side in book.sides[:7])
    with pikepdf.open(made.file) as document:
        assert str(document.docinfo.Title) == more.get("title", "The Test Registry")


def test_without_covers_it_begins_with_the_half_title(place: Path, read: Callable[[Path | None], Book]) -> None:
    with_covers = read(place / "out" / "anthology.pdf")
    made = bind(place, cover=False, file=place / "plain.pdf")
    assert (made.stats.dossiers, made.stats.pieces) == ([], [])
    book = read(made.file)
    assert [side.label for side in book.sides[:4]] == ["i", "ii", "iii", "iv"]
    assert [side.label for side in with_covers.sides[:4]] == ["", "", "i", "ii"]
    assert book.sides[0].text == with_covers.sides[2].text
    assert book.sides[book.names["abacus-keeper"]].label == with_covers.sides[with_covers.names["abacus-keeper"]].label


# Runs agree


def test_any_number_of_processes_makes_the_same(begun: Path, tmp_path: Path) -> None:
    for jobs, seed in (("1", "1"), ("2", "77")):
        arguments = ("anthology", "--archive", begun / "files", *SETTING, "--jobs", jobs)
        done = dossier(*arguments, "--no-cache", "--output", f"out-{jobs}", folder=tmp_path, PYTHONHASHSEED=seed)
        assert (done.returncode, done.stdout) == (0, f"out-{jobs}/anthology.pdf\n")
    one, two = ((tmp_path / f"out-{jobs}" / "anthology.pdf").read_bytes() for jobs in (1, 2))
    assert one == two == (begun / "out" / "anthology.pdf").read_bytes()


# A selection


def test_a_selection_holds_what_was_asked_for_and_leads_out_for_the_rest(
    bindery: Path, tmp_path: Path, read: Callable[[Path | None], Book]
) -> None:
    made = Archive(SPECIMENS).anthology(
        only="family:ai-and-data", output=tmp_path, keeping=Keeping(bindery / "cache"), jobs=2
    )
    assert made.stats.dossiers == [], "a part is the same in any book"
    assert made.file == tmp_path / "anthology-family-ai-and-data.pdf"
    book = read(made.file)
    assert squeezed(["Selected files: AI & Data"]) in book.sides[4].text
    _, dossiers = opened_archive(SPECIMENS, LAYOUT)
    chosen = {slug: one for slug, one in dossiers.items() if one.record.family == "ai-and-data"}
    assert len(chosen) == 6
    covers = {slug: book.begins(one.record.file_number) for slug, one in chosen.items()}
    assert {name for name in book.names if name in dossiers} == set(chosen)
    inside = outside = 0
    for slug, one in chosen.items():
        end = min([page for page in covers.values() if page > covers[slug]], default=book.names["matter:register"])
        pages = range(covers[slug], end)
        links = [link for page in pages for link in book.sides[page].links]
        codes = [code.text for page in pages for code in book.codes[page]]
        for other in one.related:
            assert other.url in codes
            if other.slug in chosen:
                label = book.sides[covers[other.slug]].label
                assert covers[other.slug] in [link.page for link in links if link.text == f"see p. {label}"]
                assert other.url not in [link.uri for link in links]
                inside += 1
            else:
                leaving = [squeezed([link.text]) for link in links if link.uri == other.url]
                assert any(text in squeezed([str(other.title)]) for text in leaving)
                outside += 1
        cards = [link for link in links if link.text.startswith("see p.")]
        assert len(cards) == sum(other.slug in chosen for other in one.related), "the rest have no page"
        assert "000" not in [word.text.strip("().") for page in pages for word in book.sides[page].words]
    assert inside > 3
    assert outside > 3


def test_what_is_left_out_is_said_too(place: Path, read: Callable[[Path | None], Book]) -> None:
    made = bind(place, exclude="family:doors")
    assert made.stats.dossiers == []
    assert made.file is not None
    assert made.file.name.startswith("anthology-")
    book = read(made.file)
    assert {name for name in book.names if name in RECORDS} == {"abacus-keeper", "bell-ringer", "clock-winder"}
    assert "doors" in book.sides[4].text


# The letters of all scripts


def test_united_faces_show_accents_and_other_scripts_as_the_parts_do(
    press: Press, tmp_path: Path, read: Callable[[Path | None], Book]
) -> None:
    chosen = ("scripts", "redacted", "long-title")
    made = Archive(EXTREMES, paper="6x9in").anthology(only=chosen, output=tmp_path, jobs=2)
    book = read(made.file)
    seen = set()
    for slug in chosen:
        part = press.make(EXTREMES, slug, paper="6x9in", layout="anthology")
        first = book.names[slug]
        seen |= same_pictures(book, range(first, first + part.part.pages), part.pdf)
    assert seen == {True, False}
    said = "".join(side.text for side in book.sides)
    for words in ("Zażółć gęślą jaźń", "согласовать и забыть", "όμως χωρίς σκοπό"):
        assert squeezed([words]) in said


# Failures


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A section that can be checked, and takes more memory than there is to be set."""
    folder = tmp_path / "shelf" / "base" / "sections" / "trouble"
    folder.mkdir(parents=True)
    (folder / "section.yaml").write_text("title: Trouble\nschema: {type: string}\n")
    (folder / "section.html").write_text(
        "{% set box = namespace(held=section) %}"
        "{% for one in range(90) %}{% set box.held = box.held ~ box.held %}{% endfor %}<p>{{ box.held|length }}</p>"
    )
    return tmp_path / "shelf"


def test_every_dossier_that_cannot_be_set_stops_the_book(tmp_path: Path, shelf: Path) -> None:
    trouble = {slug: {**RECORDS[slug], "trouble": "here"} for slug in ("bell-ringer", "door-holder")}
    small(tmp_path / "files", {**RECORDS, **trouble})
    arguments = ("anthology", "--archive", "files", "--layouts", shelf, *SETTING, "--memory", "700")
    done = dossier(*arguments, folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert not list((tmp_path / "out").glob("*.pdf"))
    errors = [line for line in done.stderr.splitlines() if "error: " in line]
    assert [line.partition(":")[0] for line in errors] == ["files/bell-ringer.yaml", "files/door-holder.yaml"]
    assert all("needs more than 700 MiB of memory" in line for line in errors), "the reason"
    assert done.stderr.splitlines()[-1] == "2 errors in 2 files"


def test_furniture_without_a_page_for_each_side_is_a_problem(tmp_path: Path) -> None:
    small(tmp_path / "files", RECORDS)
    (tmp_path / "own" / "anthology" / "matter").mkdir(parents=True)
    (tmp_path / "own" / "anthology" / "matter" / "furniture-sheet.html").write_text("<p>Once.</p>")
    done = dossier("anthology", "--archive", "files", "--layouts", "own", *SETTING, folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    said = "matter/furniture-sheet.html: error: furniture must come out as two pages, a verso and a recto, and has 1"
    assert said in done.stderr
    assert not list((tmp_path / "out").glob("*.pdf"))


def test_a_withdrawn_file_leaves_a_sheet_in_its_place(
    tmp_path: Path, shelf: Path, read: Callable[[Path | None], Book]
) -> None:
    small(tmp_path / "files", {**RECORDS, "bell-ringer": {**RECORDS["bell-ringer"], "trouble": "here"}})
    arguments = ("anthology", "--archive", "files", "--layouts", shelf, *SETTING, "--memory", "700")
    done = dossier(*arguments, "--keep-going", folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, "out/anthology.pdf\n")
    assert "files/bell-ringer.yaml" in done.stderr
    book = read(tmp_path / "out" / "anthology.pdf")
    first = book.names["bell-ringer"]
    sheet = book.sides[first]
    assert squeezed([WORDS["withdrawn"]["heading"]]) in sheet.text
    assert squeezed(["Bell Ringer"]) in sheet.text
    assert squeezed(["needs more than 700 MiB of memory"]) in sheet.text
    assert book.names["clock-winder"] == first + 1
    to_it = [link for side in book.sides for link in side.links if link.page == first]
    assert {link.text for link in to_it} >= {"Bell Ringer", sheet.label, f"see p. {sheet.label}"}
    assert [line.page for line in book.outline if line.title == "Bell Ringer"] == [first]
    again = dossier(*arguments, "--keep-going", folder=tmp_path)
    assert (again.returncode, again.stdout) == (1, "out/anthology.pdf\n")


def test_a_record_with_an_error_keeps_the_old_book(place: Path) -> None:
    before = (place / "out" / "anthology.pdf").read_bytes()
    edit(place, "door-holder", family="nowhere")
    made = bind(place)
    assert made.file is None
    assert made.outcome.failed
    assert [one.where.file for one in made.outcome.problems] == [str(place / "files" / "door-holder.yaml")]
    assert (place / "out" / "anthology.pdf").read_bytes() == before


def test_the_last_whole_book_outlives_every_end(bindery: Path, tmp_path: Path) -> None:
    """Killed while the book is written: at once, and a little later each time."""
    book = tmp_path / "out" / "anthology.pdf"
    cache = bindery / "cache"
    arguments = ("anthology", "--archive", SPECIMENS, "--cache", cache, "--edition", "Second edition")
    after = dossier(*arguments, "-o", "after.pdf", folder=tmp_path)
    assert after.returncode == 0, after.stderr
    book.parent.mkdir()
    shutil.copy(bindery / "anthology.pdf", book)
    whole = book.read_bytes()
    torn = 0
    for pause in (0.0, 0.03, 0.1, 0.25, 0.5):
        for left in book.parent.glob(".*.part"):
            left.unlink()
        run = begin(*arguments, folder=tmp_path)
        until(lambda: list(book.parent.glob(".*.part")), 30)
        time.sleep(pause)
        os.kill(run.pid, signal.SIGKILL)
        run.communicate()
        until(lambda run=run: family(run.pid) == [], 5)
        torn += book.read_bytes() == whole
        assert book.read_bytes() in (whole, (tmp_path / "after.pdf").read_bytes())
        book.write_bytes(whole)
    assert torn >= 3
    done = dossier(*arguments, folder=tmp_path)
    assert done.returncode == 0
    assert book.read_bytes() == (tmp_path / "after.pdf").read_bytes() != whole
    assert files(book.parent) == ["anthology.pdf"]


# Ten thousand parts

MANY = """
import resource, sys, time
from dataclasses import replace
from pathlib import Path
from render import fonts, layouts
from render.bind import Binding, Heading, bind
from render.imprint import Imprint
from render.paginate import Piece, paginate
from render.pdf.digest import digest
from render.record import Laid
count, part, target = int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
leaf = digest(part.read_bytes(), "bare")
furniture = digest(Path(sys.argv[4]).read_bytes(), "furniture-sheet/")
laid = [Laid("cover", 200)] + [Laid("sheet", 200)] * (len(leaf.pages) - 1)
slugs = [f"bare-{number:05}" for number in range(count)]
blank = Piece.of("blank", [Laid("blank", 0)])
fields = {"title": "Bare", "number": "OR-000", "fiche": "01/A01"}
plan = paginate([Piece.of(slug, laid, fields=fields, family="") for slug in slugs], blank)
def leaf_of(key):
    if key.startswith("furniture"):
        return furniture
    return replace(leaf, targets={name.replace("bare", key, 1): place for name, place in leaf.targets.items()})
pages = {"cover": {"mirror": False}, "sheet": {"furniture": "furniture-sheet"}}
about = Imprint("Many", "Nobody", "Parts", "en")
outline = tuple(Heading(slug, slug, inner=True) for slug in slugs)
begun = time.monotonic()
with target.open("wb") as file:
    bind(file, plan, leaf_of, Binding(about, fonts.faces(), outline, pages, -5.0))
print(time.monotonic() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, len(plan.spots))
"""


@pytest.mark.long
def test_ten_thousand_parts_bind_in_linear_time_and_bounded_memory(press: Press, tmp_path: Path) -> None:
    part = tmp_path / "part.pdf"
    part.write_bytes(press.make(EXTREMES, "bare", paper="6x9in", layout="anthology").pdf)
    (tmp_path / "furniture.pdf").write_bytes(stencil())
    found = {}
    for count in (2_500, 10_000):
        command = [sys.executable, "-c", MANY, str(count), part, tmp_path / f"{count}.pdf", tmp_path / "furniture.pdf"]
        surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        found[count] = [float(one) for one in done.stdout.split()]
    (time_few, room_few, _), (time_many, room_many, pages) = found[2_500], found[10_000]
    assert time_many < 6 * time_few
    kib = 1024 if sys.platform == "darwin" else 1
    assert room_many / kib < 1 << 20, "a GiB"
    assert room_many - room_few < 400 * 1024 * kib
    with pikepdf.open(tmp_path / "10000.pdf") as document:
        assert len(document.pages) == pages >= 20_000
        tree = pikepdf.NameTree(document.Root.Names.Dests)
        assert tree["bare-09999"][0].objgen == document.pages[-int(pages / 10_000)].obj.objgen
        assert tree["bare-00000"][0].objgen == document.pages[0].obj.objgen
        fonts = [one for one in document.objects if isinstance(one, pikepdf.Dictionary) and "/FontFile2" in one]
        assert 1 <= len(fonts) <= 8


def stencil() -> bytes:
    """The furniture of a book's sheets."""
    from test_anthology_layout import piece

    return piece("furniture-sheet").pdf
