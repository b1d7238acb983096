"""What the last run left: nothing is typeset twice, nothing foreign is believed, and no place is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from command import ROOT, archive, as_json, begin, dossier, files, inside, made

from render import output, pipeline
from render.cache import Cache
from render.editions import edition
from render.executors import Limits
from render.kept import ALTERED, NEW, Kept
from render.orders import Keeping, Order, Outcome
from render.problems import Problem, Where, warning
from render.recipe import Recipe
from render.record import Part, Record
from render.text import Text
from render.workshop import Workshop

pytestmark = pytest.mark.xdist_group("kept")

RECORDS = {"clerk": "habitat: [Anywhere.]\nrelated: [{specimen: other, match: 40}]\n", "other": "habitat: [Here.]\n"}


@pytest.fixture(scope="module")
def workshop() -> Iterator[Workshop]:
    """Warm for all tests of this file."""
    with Workshop(1, Limits()) as opened:
        yield opened


@pytest.fixture
def order(tmp_path: Path) -> Order:
    folder = archive(tmp_path / "files", RECORDS)
    out = tmp_path / "out"
    return Order(folder, output=out, fit=False, keeping=Keeping(out / ".cache"))


@pytest.fixture
def run(order: Order, workshop: Workshop) -> Callable[..., Outcome]:
    """Renders the order, or one that differs from it; the first time everything is typeset."""

    def once(**changed: object) -> Outcome:
        return pipeline.render(replace(order, **changed), workshop=workshop)  # type: ignore[arg-type]

    first = once()
    assert first.typeset == 2
    assert [str(reason) for reason in first.reasons] == [f"clerk: {NEW}", f"other: {NEW}"]
    return once


def state(folder: Path) -> dict[str, tuple[int, bytes]]:
    found = {path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in (folder / "dossiers").iterdir()}
    assert sorted(found) == ["clerk.pdf", "other.pdf"]
    return found


def entries(cache: Path) -> list[Path]:
    found = [path for path in cache.rglob("*") if path.is_file()]
    assert len(found) == 5, "two parts, two notes, and what the notes share"
    return found


def explained(outcome: Outcome) -> dict[str, list[str]]:
    return {reason.slug: list(reason.changes) for reason in outcome.reasons}


def test_nothing_changed_nothing_done(run: Callable[..., Outcome], order: Order) -> None:
    before = state(order.output)
    again = run()
    assert again.typeset == 0
    assert again.files == [order.output / "dossiers" / f"{slug}.pdf" for slug in RECORDS]
    assert explained(again) == {"clerk": [], "other": []}
    assert state(order.output) == before


def test_an_unchanged_run_loads_nothing_heavy(tmp_path: Path) -> None:
    archive(tmp_path, {"clerk": "habitat: [Anywhere.]\n"})
    assert dossier("render", "--fit", "off", folder=tmp_path).returncode == 0
    heavy = ("weasyprint", "jinja2", "fontTools", "multiprocessing.popen_spawn_posix", "pikepdf", "qrcode.image")
    named = f"[name for name in {heavy} if name in sys.modules]"
    code = f"import sys; from render.cli import main; main(['render', '--fit', 'off']); print({named})"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["out/dossiers/clerk.pdf", "[]"]


def remove(path: Path) -> None:
    path.unlink()


def touch(path: Path) -> None:
    os.utime(path, (1, 1))


def overwrite(path: Path) -> None:
    path.write_bytes(b"%PDF-1.7 of somebody else")


@pytest.mark.parametrize("harm", [remove, touch, overwrite])
def test_an_output_that_was_harmed_is_written_again(
    run: Callable[..., Outcome], order: Order, harm: Callable[[Path], None]
) -> None:
    before = state(order.output)
    harm(order.output / "dossiers" / "clerk.pdf")
    again = run()
    assert again.typeset == 0
    assert explained(again) == {"clerk": [ALTERED], "other": []}
    after = state(order.output)
    assert after["clerk.pdf"][1] == before["clerk.pdf"][1]
    assert after["other.pdf"] == before["other.pdf"]


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "cut short": lambda raw: raw[:-1],
    "empty": lambda _: b"",
    "a bit in the middle": lambda raw: (
        raw[: len(raw) // 2] + bytes([raw[len(raw) // 2] ^ 4]) + raw[len(raw) // 2 + 1 :]
    ),
    "foreign": lambda _: b'{"key": "mine"}',
    "deep": lambda _: b"[" * 100_000,
}


@pytest.mark.parametrize("how", DAMAGE)
def test_damaged_entries_are_made_again(run: Callable[..., Outcome], order: Order, how: str) -> None:
    before = state(order.output)
    for path in entries(order.output / ".cache"):
        path.write_bytes(DAMAGE[how](path.read_bytes()))
    again = run()
    assert again.typeset == 2
    assert explained(again) == {"clerk": [NEW], "other": [NEW]}
    assert {name: data for name, (_, data) in state(order.output).items()} == {
        name: data for name, (_, data) in before.items()
    }
    assert run().typeset == 0


@pytest.mark.parametrize("how", [name for name in DAMAGE if name != "a bit in the middle"])
def test_entries_with_a_true_checksum_may_still_be_foreign(run: Callable[..., Outcome], order: Order, how: str) -> None:
    cache = Cache(order.output / ".cache")
    for path in entries(cache.folder):
        key = path.parent.name + path.name
        cache.put(key, DAMAGE[how](b"no JSON\n%PDF"))
    assert run().typeset == 2
    assert run().typeset == 0


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def test_only_what_changed_is_typeset_and_explained(run: Callable[..., Outcome], order: Order) -> None:
    append(order.archive / "clerk.yaml", "weaponry: [{name: The Stamp, description: Says no.}]\n")
    again = run()
    assert (again.typeset, explained(again)) == (1, {"clerk": ["the record"], "other": []})
    append(order.archive / "other.yaml", "# a comment\n")
    append(order.archive / "archive.yaml", "smtp: {host: mail.example.org}\n")
    again = run()
    assert (again.typeset, explained(again)) == (0, {"clerk": [], "other": []})
    other = order.archive / "other.yaml"
    other.write_text(other.read_text("utf-8").replace("The Other", "Another"), "utf-8")
    again = run()
    assert (again.typeset, explained(again)) == (2, {"clerk": ["what it takes from others"], "other": ["the record"]})
    again = run(theme="mono")
    assert (again.typeset, explained(again)) == (2, {"clerk": ["theme"], "other": ["theme"]})
    again = run()
    assert (again.typeset, explained(again)) == (0, {"clerk": ["theme"], "other": ["theme"]})


def test_a_record_that_came_back_is_not_typeset(run: Callable[..., Outcome], order: Order) -> None:
    clerk = order.archive / "clerk.yaml"
    before = clerk.read_text("utf-8")
    append(clerk, "tags: [stamps]\n")
    assert run().typeset == 1
    clerk.write_text(before, "utf-8")
    assert run().typeset == 0


def test_html_is_composed_of_kept_parts(run: Callable[..., Outcome], tmp_path: Path) -> None:
    again = run(html=tmp_path / "html")
    assert again.typeset == 0
    assert [path.name for path in again.files] == ["clerk.pdf", "clerk.html", "other.pdf", "other.html"]
    html = (tmp_path / "html" / "clerk.html").read_text("utf-8")
    assert "Anywhere." in html
    assert "@page" in html


def test_a_picture_of_the_archive_counts(order: Order, workshop: Workshop, tmp_path: Path) -> None:
    """A layout may show files of the archive. They are no part of the recipe, but a part knows them."""
    picture = order.archive / "stamp.svg"
    draw = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="{}" height="9"/></svg>'
    picture.write_text(draw.format(4))
    style = tmp_path / "shelf" / "folder" / "sheet.css"
    style.parent.mkdir(parents=True)
    shutil.copy(ROOT / "layouts" / "folder" / "sheet.css", style)
    append(style, f'body{{background-image:url("{picture.as_uri()}")}}\n')
    asked = replace(order, edition=edition("clerk"), shelves=(tmp_path / "shelf",))
    first = pipeline.render(asked, workshop=workshop)
    assert first.typeset == 1
    assert picture in first.read
    again = pipeline.render(asked, workshop=workshop)
    assert again.typeset == 0
    assert picture in again.read
    picture.write_text(draw.format(8))
    again = pipeline.render(asked, workshop=workshop)
    assert (again.typeset, explained(again)) == (1, {"clerk": ["stamp.svg"]})


def part(root: Path, *problems: Problem) -> tuple[Recipe, Part]:
    record = Record(
        "a", root / "a.yaml", Text("A"), Text("S."), "drawer", "1", "2", "en", places={("title",): Where("", 1, 8)}
    )
    return Recipe({"the record": "1"}, record), Part("a", b"%PDF", 1, "normal", 1, problems=tuple(problems))


def test_problems_are_found_again_where_the_archive_is_now(tmp_path: Path) -> None:
    root = tmp_path / "files"
    told = warning("missing-glyph", Where(str(root / "a.yaml"), 1, 8), "an empty box is printed")
    elsewhere = warning("weasyprint", Where("/a/shelf/page.css", 3, 1), "unknown property")
    recipe, made_part = part(root, told, elsewhere)
    Kept(Cache(tmp_path / "cache"), root).keep(recipe, made_part)
    with inside(tmp_path):
        found = Kept(Cache(tmp_path / "cache"), Path("moved")).part(recipe)
    assert found is not None
    assert [str(problem.where) for problem in found.problems] == ["moved/a.yaml:1:8", "/a/shelf/page.css:3:1"]


def test_a_problem_with_a_line_is_not_kept_beyond_it(tmp_path: Path) -> None:
    """A comment above moves what a kept problem points to: the part is made again, to point there."""
    recipe, made_part = part(tmp_path, warning("missing-glyph", Where(str(tmp_path / "a.yaml"), 1, 8), "empty"))
    kept = Kept(Cache(tmp_path / "cache"), tmp_path)
    kept.keep(recipe, made_part)
    assert recipe.record is not None
    moved = replace(recipe, record=replace(recipe.record, places={("title",): Where("", 2, 8)}))
    assert kept.part(moved) is None
    assert kept.part(recipe) == made_part
    recipe, silent = part(tmp_path)
    kept.keep(recipe, silent)
    assert kept.part(moved) == silent


def test_warnings_are_told_again_from_any_folder(tmp_path: Path) -> None:
    """WeasyPrint does not know the property; who asks from elsewhere hears of the same."""
    archive(tmp_path / "files", {"clerk": "habitat: [Anywhere.]\n"})
    style = tmp_path / "shelf" / "folder" / "sheet.css"
    style.parent.mkdir(parents=True)
    shutil.copy(ROOT / "layouts" / "folder" / "sheet.css", style)
    append(style, "body{unheard-of:1}\n")
    options = (
        "--layouts",
        str(tmp_path / "shelf"),
        "--fit",
        "off",
        "--output",
        str(tmp_path / "out"),
        "--format",
        "json",
    )
    first = as_json(dossier("render", "--archive", "files", *options, folder=tmp_path))
    again = as_json(dossier("render", *options, folder=tmp_path / "files"))
    assert [problem["code"] for problem in first["problems"]] == ["weasyprint"]
    assert again["problems"] == first["problems"]


def test_explain_on_the_command_line(tmp_path: Path) -> None:
    archive(tmp_path, {"a": "", "b": ""})
    options = ("render", "--explain", "--fit", "off")
    first = dossier(*options, folder=tmp_path)
    assert first.stdout == f"a: {NEW}\nb: {NEW}\nout/dossiers/a.pdf\nout/dossiers/b.pdf\n"
    append(tmp_path / "b.yaml", "habitat: [Anywhere.]\n")
    told = as_json(dossier(*options, "--format", "json", folder=tmp_path))
    assert told["explain"] == {"a": [], "b": ["the record"]}
    again = dossier(*options, folder=tmp_path)
    assert again.stdout == "a: unchanged\nb: unchanged\nout/dossiers/a.pdf\nout/dossiers/b.pdf\n"
    without = dossier(*options, "--no-cache", folder=tmp_path)
    assert without.stdout.splitlines()[:2] == ["a: nothing is kept", "b: nothing is kept"]


def test_two_runs_at_once_do_each_other_no_harm(tmp_path: Path) -> None:
    slugs = [f"clerk-{number}" for number in range(5)]
    archive(tmp_path, dict.fromkeys(slugs, "habitat: [Anywhere.]\n"))
    runs = [begin("render", "--fit", "off", "--jobs", "1", folder=tmp_path) for _ in range(2)]
    expected = [f"out/dossiers/{slug}.pdf" for slug in slugs]
    for run in runs:
        said, _ = run.communicate(timeout=60)
        assert (run.returncode, said.split()) == (0, expected)
    both = {name: (tmp_path / name).read_bytes() for name in expected}
    assert made(tmp_path / "out") == [f"dossiers/{slug}.pdf" for slug in slugs]
    again = dossier("render", "--fit", "off", folder=tmp_path)
    assert (again.returncode, again.stderr) == (0, "")
    alone = dossier("render", "--fit", "off", "--no-cache", "--output", "alone", folder=tmp_path)
    assert alone.returncode == 0
    assert {name: (tmp_path / name.replace("out/", "alone/")).read_bytes() for name in expected} == both


def test_the_cache_is_where_it_is_wanted_and_no_larger(tmp_path: Path) -> None:
    archive(tmp_path, {"a": "", "b": ""})
    options = ("render", "--fit", "off", "--output", "out")
    dossier(*options, "--no-cache", folder=tmp_path)
    assert files(tmp_path / "out") == ["dossiers/a.pdf", "dossiers/b.pdf"]
    dossier(*options, "--cache", "kept", folder=tmp_path)
    assert files(tmp_path / "out") == ["dossiers/a.pdf", "dossiers/b.pdf"]
    sizes = sorted(path.stat().st_size for path in entries(tmp_path / "kept"))
    limit = sum(sizes) - 1
    dossier(*options, "--cache", "kept", "--cache-size", str(limit), folder=tmp_path)
    left = sum(path.stat().st_size for path in (tmp_path / "kept").rglob("*") if path.is_file())
    assert 0 < left <= limit
    refused = dossier(*options, "--cache", "kept", "--no-cache", folder=tmp_path)
    assert refused.returncode == 2


def test_clean_removes_what_is_the_cache_s_own(tmp_path: Path) -> None:
    archive(tmp_path, {"a": ""})
    dossier("render", "--fit", "off", folder=tmp_path)
    cache = tmp_path / "out" / ".cache"
    strangers = [cache / "letter.txt", cache / "ab" / "letter.txt", cache / "letters" / ("0" * 62)]
    for path in strangers:
        path.parent.mkdir(exist_ok=True)
        path.write_text("Not the cache's own.")
    done = dossier("clean", folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert files(tmp_path / "out") == [
        ".cache/ab/letter.txt", ".cache/letter.txt", f".cache/letters/{'0' * 62}", "dossiers/a.pdf",
    ]  # fmt: skip
    for path in strangers:
        path.unlink()
        if path.parent != cache:
            path.parent.rmdir()
    dossier("clean", folder=tmp_path)
    assert files(tmp_path / "out") == ["dossiers/a.pdf"]
    assert not cache.exists()


def test_half_written_files_are_swept_unless_somebody_writes_them(tmp_path: Path) -> None:
    import fcntl

    torn, held, empty, other = (
        tmp_path / name
        for name in (
            ".a.pdf.0123456789abcdef.part",
            ".b.pdf.0123456789abcdef.part",
            ".c.pdf.0123456789abcdef.part",
            "d.part",
        )
    )
    for path in (torn, held, other):
        path.write_bytes(b"%PDF half of")
    empty.write_bytes(b"")
    with held.open("rb") as writer:
        fcntl.flock(writer, fcntl.LOCK_EX)
        output.sweep(tmp_path)
        assert sorted(tmp_path.iterdir()) == [held, empty, other]
    os.utime(empty, (1, 1))
    output.sweep(tmp_path)
    assert list(tmp_path.iterdir()) == [other]
    output.sweep(tmp_path / "nowhere")


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Callable[[str, str], Path]]:
    """Mounts small or closed file systems. Only root may; who may not is told here, and nowhere else."""
    mounted = []

    def mount(name: str, options: str) -> Path:
        folder = tmp_path / name
        folder.mkdir(parents=True, exist_ok=True)
        if sys.platform != "linux" or os.geteuid():
            pytest.skip("only root can mount a small file system, on Linux")
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"mount: {done.stderr}"
        mounted.append(folder)
        return folder

    yield mount
    for folder in mounted:
        subprocess.run(["umount", folder], check=True)


def test_a_full_disk_leaves_the_last_good_file(
    order: Order, workshop: Workshop, small: Callable[[str, str], Path], tmp_path: Path
) -> None:
    out = small("small", "size=400k")
    room = replace(order, output=out, keeping=Keeping(tmp_path / "cache"))
    assert not pipeline.render(room, workshop=workshop).failed
    before = {path.name: path.read_bytes() for path in (out / "dossiers").iterdir()}
    assert sorted(before) == ["clerk.pdf", "other.pdf"]
    (out / "ballast").write_bytes(bytes(400_000 - sum(map(len, before.values())) - 60_000))
    again = pipeline.render(replace(room, theme="mono"), workshop=workshop)
    (problem,) = [problem for problem in again.problems if problem.severity == "error"]
    assert str(problem).endswith(".pdf: the file cannot be written: no space left on device")
    kept = {path.name: path.read_bytes() for path in (out / "dossiers").iterdir()}
    assert sorted(kept) == ["clerk.pdf", "other.pdf"]
    assert kept == before


def test_a_full_cache_is_no_cache(order: Order, workshop: Workshop, small: Callable[[str, str], Path]) -> None:
    cache = small("small", "size=40k")
    cramped = replace(order, keeping=Keeping(cache))
    first = pipeline.render(cramped, workshop=workshop)
    assert (first.failed, first.typeset, len(first.files)) == (False, 2, 2)
    (order.output / "dossiers" / "clerk.pdf").unlink()
    again = pipeline.render(cramped, workshop=workshop)
    assert (again.failed, again.typeset, len(again.files)) == (False, 1, 2)
    for folder in (order.output, cache):
        assert files(folder)
        assert not list(folder.rglob("*.part"))


@pytest.mark.parametrize("closed", ["output", "cache"])
def test_folders_that_cannot_be_written_to(
    order: Order, workshop: Workshop, small: Callable[[str, str], Path], closed: str
) -> None:
    folder = small("closed", "ro,size=20k")
    if closed == "output":
        outcome = pipeline.render(replace(order, output=folder), workshop=workshop)
        (problem,) = [problem for problem in outcome.problems if problem.severity == "error"]
        assert str(problem) == f"{folder}/dossiers/clerk.pdf: the file cannot be written: read-only file system"
        assert outcome.files == []
    else:
        outcome = pipeline.render(replace(order, keeping=Keeping(folder)), workshop=workshop)
        assert (outcome.failed, outcome.typeset, len(outcome.files)) == (False, 2, 2)
