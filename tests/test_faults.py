"""What a machine may do to a run: after it, the next run makes exactly what a run without mishap makes.

Every fault is tried with single dossiers and with the book. The many moments of a run are in ``make test-long``.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import jinja2
import pytest
from command import BIN, archive, begin, family, until
from test_fonts import own_font

from render.cache import Cache
from render.compose.templates import Compiled

pytestmark = pytest.mark.xdist_group("faults")

WAYS = ("render", "anthology")
SECONDS = 300
"""What a run may take on a busy machine."""
MOMENTS = 20
RECORDS = {
    "able": "habitat: [Anywhere.]\nrelated: [{specimen: baker, match: 40}]\n",
    "baker": "habitat: [Here.]\nmetrics: [{name: Stamps, description: Counts them.}]\n",
}

quick_book = pytest.mark.parametrize(
    "clean", [pytest.param("render", marks=pytest.mark.long), "anthology"], indirect=True
)
quick_render = pytest.mark.parametrize(
    "clean", ["render", pytest.param("anthology", marks=pytest.mark.long)], indirect=True
)
"""Which of the two is not left to ``make test-long``; what is tried with one goes the same way with the other."""


@dataclass(frozen=True)
class Clean:
    """What a run without mishap left in ``folder``: files by name, without what is kept."""

    way: str
    folder: Path
    files: dict[str, bytes]
    steps: int
    """Lines of progress that it told."""


def arguments(way: str, *more: str | Path) -> list[str | Path]:
    return [way, "--archive", "files", "--fit", "off", "--jobs", "2", "--timeout", "200", *more]


def press(way: str, folder: Path, *more: str | Path, **changed: str) -> subprocess.CompletedProcess[str]:
    """The real command; it may fail, but not with a traceback."""
    command = [str(BIN / "dossier"), *map(str, arguments(way, *more))]
    surroundings = {**os.environ, **changed}
    done = subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, text=True, timeout=SECONDS)  # noqa: PLW1510 - the status is what is tested
    assert "Traceback" not in done.stdout + done.stderr, done.stderr
    return done


def errors(done: subprocess.CompletedProcess[str]) -> list[str]:
    """The lines of talk that are no progress, and not the number of errors."""
    return [line for line in done.stderr.splitlines() if not re.match(r"\d+(/\d+ \S+| errors? in )", line)]


def made(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, but for those of the cache."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    names = {path.relative_to(folder): path for path in paths}
    return {str(name): path.read_bytes() for name, path in names.items() if name.parts[0] != ".cache"}


@pytest.fixture(scope="module", params=WAYS)
def clean(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Clean:
    folder = tmp_path_factory.mktemp(f"clean-{request.param}")
    archive(folder / "files", RECORDS)
    done = press(request.param, folder)
    assert done.returncode == 0, done.stderr
    found = made(folder / "out")
    expected = ["dossiers/able.pdf", "dossiers/baker.pdf"] if request.param == "render" else ["anthology.pdf"]
    assert sorted(found) == expected
    steps = len(re.findall(r"^\d+/\d+ \S+$", done.stderr, re.MULTILINE))
    assert steps >= len(RECORDS)
    return Clean(request.param, folder, found, steps)


@pytest.fixture
def field(clean: Clean, tmp_path: Path) -> Path:
    """A folder with the archive, the results and the cache of the clean run."""
    shutil.copytree(clean.folder, tmp_path / "field")
    return tmp_path / "field"


@pytest.fixture
def bare(clean: Clean, tmp_path: Path) -> Path:
    """A folder with nothing but the archive."""
    shutil.copytree(clean.folder / "files", tmp_path / "bare" / "files")
    return tmp_path / "bare"


def mended(clean: Clean, folder: Path, *more: str | Path) -> None:
    """The next run is like a clean one, and leaves nothing else."""
    for path in (folder / "out").rglob(".*.part"):
        os.utime(path, (1, 1))  # an empty one that is young may be another run's
    done = press(clean.way, folder, *more)
    assert (done.returncode, errors(done)) == (0, [])
    assert made(folder / "out") == clean.files


# Killed


def workers(run: subprocess.Popen[str]) -> list[int]:
    found = []
    for pid in family(run.pid)[1:]:
        try:
            if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(pid)
        except OSError:
            continue
    return found


def killed(way: str, folder: Path, victim: str, lines: int, pause: float) -> bool:
    """Kill a part of a run so long after so many lines of progress; whether there was anything left to kill."""
    run = begin(*arguments(way), folder=folder)
    assert run.stderr is not None
    for _ in range(lines):
        run.stderr.readline()
    if not lines and victim == "worker":
        until(lambda: workers(run), 60)
    time.sleep(pause)
    hit = run.poll() is None
    if hit and victim == "parent":
        os.kill(run.pid, signal.SIGKILL)
    elif hit:
        found = workers(run)
        hit = bool(found)
        for pid in found[:1]:
            os.kill(pid, signal.SIGKILL)
    _, told = run.communicate(timeout=SECONDS)
    until(lambda: family(run.pid) == [], 30)
    assert "Traceback" not in told
    if victim == "worker":
        assert run.returncode in (0, 1)
        said = r"the process that made \S+ died by SIGKILL|ended by SIGKILL before it could begin"
        assert run.returncode == 0 or re.search(said, told), told
    return hit


def sound_so_far(clean: Clean, folder: Path) -> None:
    """What is there has been finished; what is not is at most a part file."""
    for name, data in made(folder / "out").items():
        assert name.endswith(".part") or data == clean.files[name], name


@quick_book
def test_killed_again_and_again(clean: Clean, bare: Path) -> None:
    """Each run goes on where the one before it was killed; the last one is left alone."""
    half = clean.steps // 2
    assert killed(clean.way, bare, "parent", 0, 0.1)
    hits = killed(clean.way, bare, "worker", half, 0.01)
    sound_so_far(clean, bare)
    hits += killed(clean.way, bare, "parent", clean.steps - half - 1, 0.01)
    sound_so_far(clean, bare)
    assert hits
    mended(clean, bare)


@pytest.mark.long
@pytest.mark.parametrize("victim", ["parent", "worker"])
def test_killed_at_any_moment(clean: Clean, bare: Path, victim: str) -> None:
    """Before work begins, after every piece, and while the results are bound and written."""
    hits = 0
    for moment in range(MOMENTS):
        lines = round(moment * clean.steps / (MOMENTS - 1))
        if victim == "worker":
            lines = min(lines, clean.steps - 1)
        hits += killed(clean.way, bare, victim, lines, (moment % 5) * 0.04)
        sound_so_far(clean, bare)
        mended(clean, bare)
        shutil.rmtree(bare / "out")
    assert hits >= MOMENTS // 2


# No room, no permission


@pytest.fixture
def mount(tmp_path: Path) -> Iterator[Callable[[Path, str], None]]:
    """Mounts a small file system, or another one's options. Only root may; who may not is told so."""
    mounted: list[Path] = []

    def mount_on(folder: Path, options: str) -> None:
        if sys.platform != "linux" or os.geteuid():
            pytest.skip("only root can mount a small file system, on Linux")
        folder.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"mount: {done.stderr}"
        if folder not in mounted:
            mounted.append(folder)

    yield mount_on
    assert tmp_path.exists()
    for folder in reversed(mounted):
        subprocess.run(["umount", folder], check=True)


@quick_book
def test_no_room_for_anything(clean: Clean, bare: Path, mount: Callable[[Path, str], None]) -> None:
    """Cache and results share a disk that is full before either is whole."""
    mount(bare / "out", "size=100k")
    done = press(clean.way, bare)
    assert done.returncode == 1
    (told,) = errors(done)
    assert re.search(r"out/(dossiers/\w+|anthology)\.pdf: error: the file cannot be written: no space left", told)
    sound_so_far(clean, bare)
    assert not [name for name in made(bare / "out") if name.endswith(".part")]
    mount(bare / "out", "remount,size=20m")
    mended(clean, bare)


def test_no_room_for_a_new_result(clean: Clean, field: Path, mount: Callable[[Path, str], None]) -> None:
    """The last good file stays; nothing half written beside it."""
    room = sum(map(len, clean.files.values())) * 4
    mount(field / "small", f"size={room >> 10}k")
    for name in clean.files:
        (field / "small" / name).parent.mkdir(exist_ok=True)
        (field / "small" / name).write_bytes(b"%PDF-1.7 of yesterday\n")
    before = made(field / "small")
    ballast = field / "small" / "ballast"
    with suppress(OSError), ballast.open("wb", 0) as file:
        while file.write(bytes(4096)):
            pass
    assert shutil.disk_usage(field / "small").free == 0
    more = ("--output", "small", "--cache", "out/.cache")
    done = press(clean.way, field, *more)
    assert done.returncode == 1
    (told,) = errors(done)
    assert told.endswith("error: the file cannot be written: no space left on device")
    ballast.unlink()
    assert made(field / "small") == before
    again = press(clean.way, field, *more)
    assert (again.returncode, errors(again)) == (0, [])
    assert made(field / "small") == clean.files


@pytest.mark.long
def test_no_room_for_what_is_kept(clean: Clean, bare: Path, mount: Callable[[Path, str], None]) -> None:
    mount(bare / "kept", "size=40k")
    mended(clean, bare, "--cache", "kept")
    assert not list((bare / "kept").rglob("*.part"))


@pytest.mark.long
def test_no_room_for_temporary_files(clean: Clean, bare: Path, mount: Callable[[Path, str], None]) -> None:
    mount(bare / "tmp", "size=8k")
    (bare / "tmp" / "ballast").write_bytes(bytes(8192))
    done = press(clean.way, bare, "--no-cache", TMPDIR=str(bare / "tmp"))
    if done.returncode:
        assert "no space left on device" in done.stderr.lower()
        sound_so_far(clean, bare)
    mended(clean, bare)


def test_results_that_may_not_be_written(clean: Clean, field: Path, mount: Callable[[Path, str], None]) -> None:
    mount(field / "closed", "ro,size=20k")
    done = press(clean.way, field, "--output", "closed", "--cache", "out/.cache")
    assert (done.returncode, done.stdout) == (1, "")
    (told,) = errors(done)
    assert re.fullmatch(r"closed/\S+\.pdf: error: the file cannot be written: read-only file system", told)
    mended(clean, field)


def test_a_cache_that_may_only_be_read(clean: Clean, field: Path, mount: Callable[[Path, str], None]) -> None:
    mount(field / "kept", "size=20m")
    shutil.copytree(field / "out" / ".cache", field / "kept", dirs_exist_ok=True)
    mount(field / "kept", "remount,ro")
    shutil.rmtree(field / "out")
    before = made(field / "kept")
    done = press(clean.way, field, "--cache", "kept")
    assert (done.returncode, done.stderr) == (0, "")
    assert made(field / "out") == clean.files
    assert made(field / "kept") == before


# What is kept


def cut(raw: bytes) -> bytes:
    return raw[: len(raw) * 2 // 3]


def flip(raw: bytes) -> bytes:
    place = len(raw) * 3 // 5
    return raw[:place] + bytes([raw[place] ^ 16]) + raw[place + 1 :]


def older(raw: bytes) -> bytes:
    return re.sub(rb"^dossier-cache-\d+", b"dossier-cache-0", raw)


@quick_book
def test_a_cache_that_was_damaged(clean: Clean, field: Path) -> None:
    """Cut short, with one bit turned, of another version, emptied, and two in each other's place."""
    paths = sorted(path for path in (field / "out" / ".cache").rglob("*") if path.is_file())
    assert len(paths) >= 5
    before = [path.read_bytes() for path in paths]
    damage: list[Callable[[bytes], bytes]] = [cut, flip, older, lambda _: b""]
    for number, path in enumerate(paths):
        other = before[number - 1]
        path.write_bytes(damage[number % 5](before[number]) if number % 5 < 4 else other)
        assert path.read_bytes() != before[number]
    for path in (field / "out").rglob("*.pdf"):
        path.unlink()
    mended(clean, field)
    assert [path.read_bytes() for path in paths if path.name not in notes(before, paths)] == [
        data for path, data in zip(paths, before, strict=True) if path.name not in notes(before, paths)
    ]


def notes(before: list[bytes], paths: list[Path]) -> set[str]:
    """Entries that tell of files and their times, which are not the same in any two folders."""
    return {path.name for path, data in zip(paths, before, strict=True) if b'"changed":' in data[:20_000]}


@pytest.mark.parametrize("clean", ["anthology"], indirect=True)
def test_a_part_that_cannot_be_bound(clean: Clean, field: Path) -> None:
    """It came whole out of the cache and is none all the same: this run says so, the next one makes it anew."""
    cache = Cache(field / "out" / ".cache")
    paths = [path for path in cache.folder.rglob("*") if path.is_file()]
    keys = [path.parent.name + path.name for path in paths if b'"leaf":' in path.read_bytes()]
    assert len(keys) > 15
    for key in keys[:2]:
        head, _, _ = (cache.get(key) or b"").partition(b"\n")
        cache.put(key, head + b"\nno leaf")
    (field / "out" / "anthology.pdf").unlink()
    for _ in range(2):
        done = press(clean.way, field)
        assert done.returncode == 1
        (told,) = errors(done)
        assert told.endswith("error: this part was kept a moment ago and is gone (run it again)")
        assert made(field / "out") == {}
    mended(clean, field)


@quick_book
def test_two_runs_at_once(clean: Clean, bare: Path) -> None:
    runs = [begin(*arguments(clean.way), folder=bare) for _ in range(2)]
    for run in runs:
        said, told = run.communicate(timeout=SECONDS)
        assert run.returncode == 0, told
        assert sorted(said.split()) == [f"out/{name}" for name in sorted(clean.files)]
    assert made(bare / "out") == clean.files
    mended(clean, bare)


def test_a_compiled_template_with_a_bit_turned_is_compiled_anew(tmp_path: Path) -> None:
    kept = Cache(tmp_path / "kept")
    for _ in range(2):
        made_anew = jinja2.Environment(loader=jinja2.DictLoader({"a": "{{ 6 * 7 }}"}), bytecode_cache=Compiled(kept))
        assert made_anew.get_template("a").render() == "42"
        (path,) = [path for path in kept.folder.rglob("*") if path.is_file()]
        whole = kept.get(path.parent.name + path.name)
        assert whole is not None
        path.write_bytes(flip(path.read_bytes()))
        assert kept.get(path.parent.name + path.name) is None


@pytest.mark.long
def test_compiled_templates_that_were_damaged(clean: Clean, bare: Path, mount: Callable[[Path, str], None]) -> None:
    """They are code that is run as it is: one with a bit turned is compiled anew; on a full disk none are kept."""
    home = bare / "home"
    options = {"XDG_CACHE_HOME": str(home)}
    assert press(clean.way, bare, **options).returncode == 0
    paths = [path for path in (home / "dossier-press" / "templates").rglob("*") if path.is_file()]
    assert len(paths) > 10
    before = {path: path.read_bytes() for path in paths}
    for number, path in enumerate(paths):
        path.write_bytes((cut, flip, older)[number % 3](before[path]))
    shutil.rmtree(bare / "out")
    assert press(clean.way, bare, **options).returncode == 0
    assert made(bare / "out") == clean.files
    assert {path: path.read_bytes() for path in paths} == before
    shutil.rmtree(home)
    mount(home, "size=16k")
    shutil.rmtree(bare / "out")
    done = press(clean.way, bare, **options)
    assert (done.returncode, errors(done)) == (0, [])
    assert made(bare / "out") == clean.files


# Fonts and clocks


@quick_render
def test_a_font_that_is_gone(clean: Clean, field: Path) -> None:
    """While it is there, a letter stands that no other font has; without it, the record is refused at its place."""
    path = own_font(field / "fonts" / "own.ttf", "Own", "\u4e2d")
    record = field / "files" / "able.yaml"
    before = record.read_text("utf-8")
    record.write_text(before.replace("Anywhere.", "Any\u4e2dwhere."), "utf-8")
    assert press(clean.way, field, "--font-dir", "fonts").returncode == 0
    with_font = made(field / "out")
    assert with_font.keys() == clean.files.keys()
    assert with_font != clean.files
    path.rename(field / "own.ttf")
    own_font(field / "fonts" / "other.ttf", "Other", "abc")
    done = press(clean.way, field, "--font-dir", "fonts")
    assert done.returncode == 1
    (told,) = errors(done)
    assert told.startswith("files/able.yaml:4:14: error: no font has U+4E2D (cjk unified ideograph-4e2d)")
    (field / "fonts" / "other.ttf").unlink()
    record.write_text(before, "utf-8")
    mended(clean, field)


@quick_render
@pytest.mark.parametrize("year", [pytest.param(1970, marks=pytest.mark.long), 2107])
def test_a_clock_that_jumps(clean: Clean, field: Path, year: int) -> None:
    """Files from before or after our time; then one whose words changed and whose date and size did not."""
    seconds = (year - 1970) * 31_556_952 + 86_400
    everything = [path for path in field.rglob("*") if path.is_file()]
    assert len(everything) > 5
    for path in everything:
        os.utime(path, (seconds, seconds))
    mended(clean, field)
    record = field / "files" / "able.yaml"
    before = record.read_text("utf-8")
    record.write_text(before.replace("Anywhere.", "Nowhere.."), "utf-8")
    os.utime(record, (seconds, seconds))
    assert record.stat().st_size == len(before.encode())
    assert press(clean.way, field).returncode == 0
    assert made(field / "out") != clean.files
    record.write_text(before, "utf-8")
    os.utime(record, (seconds, seconds))
    mended(clean, field)
