"""A real cluster, a scheduler and workers as processes over TCP: the bytes are those of one process here.

Workers may not look at the folders of those who send them work; what they do not have was sent.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from command import archive, begin, busy, dossier, family, made, until
from test_fonts import own_font

pytestmark = pytest.mark.xdist_group("dask")

SOUND = tuple(f"clerk-{letter}" for letter in "abcdefgh")
SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9" fill="#704214"/></svg>'
PAGE = """\
<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ dossier.title }}</title></head>
<body><h1>{{ dossier.title }}</h1><p>⚛ Nothing happens here.</p>{% include dossier.slug ~ ".html" ignore missing %}
</body></html>
"""
BOMBS = {
    "loops": "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    "swells": "{% set x = dossier.slug * 10 ** 10 %}{{ x|length }}",
}
SLOW = ("ambles", "bides", "bumbles")
PLODDING = "{% for a in range(15000) %}{% for b in range(3000) %}{% endfor %}{% endfor %}"
"""A second of nothing, or more."""
FENCE = """\
import os, sys
KEPT_OUT = os.environ["KEPT_OUT"] + os.sep
def fence(event, arguments):
    if event in ("open", "os.listdir", "os.scandir"):
        name = arguments[0]
        if isinstance(name, (str, os.PathLike)) and os.path.abspath(os.fspath(name)).startswith(KEPT_OUT):
            raise PermissionError(13, "this is another machine", name)
sys.addaudithook(fence)
"""
AGED = """\
import importlib.metadata as metadata
now = metadata.version
metadata.version = lambda name: "69.0" if name == "weasyprint" else now(name)
"""


@dataclass
class Farm:
    """A scheduler and its workers, on a machine of their own as far as files go."""

    folder: Path
    kept_out: Path
    parts: list[subprocess.Popen[bytes]] = field(default_factory=list)
    """The scheduler, then workers."""
    url: str = ""

    def start(self, stack: ExitStack, *arguments: str, startup: str = FENCE) -> subprocess.Popen[bytes]:
        """Start a part of Dask; it is ended with the stack."""
        place = Path(tempfile.mkdtemp(dir=self.folder))
        (place / "sitecustomize.py").write_text(startup)
        surroundings = {**os.environ, "PYTHONPATH": str(place), "KEPT_OUT": str(self.kept_out), "TMPDIR": str(place)}
        module, *options = arguments
        process = subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.dask_{module}", *options, "--no-dashboard"],
            cwd=place,
            env=surroundings,
            stdout=stack.enter_context((place / "said").open("wb")),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        stack.callback(self.end, process)
        self.parts.append(process)
        return process

    def scheduler(self, stack: ExitStack) -> None:
        found = self.folder / "scheduler.json"
        self.start(stack, "scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(found))
        until(found.is_file, 30)
        until(lambda: found.read_text().endswith("}"), 5)
        self.url = json.loads(found.read_text())["address"].replace("tcp://", "dask://")

    def worker(self, stack: ExitStack, *options: str, startup: str = FENCE) -> subprocess.Popen[bytes]:
        address = self.url.replace("dask://", "tcp://")
        return self.start(stack, "worker", address, "--nthreads", "1", *options, startup=startup)

    @staticmethod
    def end(process: subprocess.Popen[bytes]) -> None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def opened(folder: Path, kept_out: Path) -> Iterator[tuple[Farm, ExitStack]]:
    folder.mkdir()
    farm = Farm(folder, kept_out)
    with ExitStack() as stack:
        farm.scheduler(stack)
        yield farm, stack


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with a picture that its layout shows, a shelf with that layout, fonts, and what one process makes."""
    folder = tmp_path_factory.mktemp("home").resolve()
    root = archive(folder / "archive", dict.fromkeys((*SOUND, *SLOW, *BOMBS), ""))
    (root / "stamp.svg").write_text(SQUARE)
    layout = folder / "shelf" / "stranger"
    layout.mkdir(parents=True)
    (layout / "layout.yaml").write_text("title: Stranger\nextends: base\nstyles: [own.css]\n")
    (layout / "document.html").write_text(PAGE)
    (layout / "own.css").write_text(
        f'body{{background:url("{(root / "stamp.svg").as_uri()}") no-repeat}}a{{colour:red}}\n'
    )
    for slug, body in {**dict.fromkeys(SLOW, PLODDING), **BOMBS}.items():
        (layout / f"{slug}.html").write_text(body)
    own_font(folder / "faces" / "atom.ttf", "Atom", "⚛")
    done = dossier(*order(folder), *SOUND, *SLOW, "--jobs", "1", "--output", "here", "--no-cache", folder=folder)
    assert done.returncode == 0, done.stderr
    assert "colour" in done.stderr  # the warning about a property that CSS does not know
    return folder


@pytest.fixture(scope="module")
def farm(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Farm, ExitStack]]:
    with opened(tmp_path_factory.mktemp("farm") / "dask", home) as (started, stack):
        started.worker(stack)
        yield started, stack


def order(home: Path) -> tuple[str | Path, ...]:
    setting = ("--layout", "stranger", "--layouts", home / "shelf", "--font-dir", home / "faces")
    return ("render", "--archive", home / "archive", *setting)


def printed(folder: Path) -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in sorted((folder / "dossiers").glob("*.pdf"))}


def said(talk: str) -> list[str]:
    """What a run says of its input, without its counting."""
    return sorted({line for line in talk.splitlines() if ": warning: " in line or ": error: " in line})


def test_a_worker_makes_the_same_bytes_from_what_it_is_sent(farm: tuple[Farm, ExitStack], home: Path) -> None:
    far = dossier(*order(home), *SOUND, "--executor", farm[0].url, "--output", "far", folder=home)
    assert far.returncode == 0, far.stderr
    far_away, here = printed(home / "far"), printed(home / "here")
    assert far_away == {slug: here[slug] for slug in SOUND}
    near = dossier(*order(home), *SOUND, "--jobs", "1", "--output", "near", folder=home)
    assert said(far.stderr) == said(near.stderr) != []
    # the cache is the caller's, and knows the files of the caller
    again = dossier(*order(home), *SOUND, "--output", "far", "--explain", folder=home)
    assert [line for line in again.stdout.splitlines() if ": " in line] == [f"{slug}: unchanged" for slug in SOUND]
    (home / "archive" / "stamp.svg").write_text(SQUARE + "\n")
    try:
        after = dossier(*order(home), SOUND[0], "--output", "far", "--explain", folder=home)
    finally:
        (home / "archive" / "stamp.svg").write_text(SQUARE)
    assert f"{SOUND[0]}: stamp.svg" in after.stdout


def test_a_record_that_never_ends_and_one_that_swells_fail_alone(farm: tuple[Farm, ExitStack], home: Path) -> None:
    limits = ("--timeout", "8", "--memory", "900")
    asked = (*SOUND, *BOMBS, "--executor", farm[0].url, "--output", "poisoned")
    done = dossier(*order(home), *asked, *limits, folder=home)
    assert done.returncode == 1, done.stderr
    here = printed(home / "here")
    assert printed(home / "poisoned") == {slug: here[slug] for slug in SOUND}
    assert "loops was given up after 8 seconds" in done.stderr
    assert "swells needs more than 900 MiB of memory" in done.stderr
    assert done.stderr.count(": error: ") == 2


def test_a_worker_that_is_killed_takes_nothing_with_it(farm: tuple[Farm, ExitStack], home: Path) -> None:
    started, stack = farm
    victim = started.worker(stack, "--no-nanny")
    until(lambda: workers(started) == 2, 30)
    process = begin(*order(home), *SLOW, *SOUND, "--executor", started.url, "--output", "survived", folder=home)
    until(lambda: spent(victim) > 0.5, 60)  # its press began when there was a job for it, which takes longer
    victim.kill()
    until(lambda: family(victim.pid) == [], 10)  # the press ends with it
    left = len((*SLOW, *SOUND)) - len(printed(home / "survived"))
    _, talk = process.communicate(timeout=60)
    assert process.returncode == 0, talk
    assert left > len(SOUND), "it came too late"
    assert printed(home / "survived") == printed(home / "here")


def test_a_worker_with_another_press_is_refused(home: Path, tmp_path: Path) -> None:
    with opened(tmp_path / "dask", home) as (started, stack):
        started.worker(stack, startup=AGED)
        done = dossier(*order(home), SOUND[0], "--executor", started.url, "--output", "aged", folder=home)
    assert done.returncode == 1
    assert "a worker has another press: weasyprint is 69.0 there and 70." in done.stderr
    assert made(home / "aged") == []


def test_a_scheduler_that_is_gone_is_told_in_one_line(home: Path, tmp_path: Path) -> None:
    with opened(tmp_path / "dask", home) as (started, stack):
        worker = started.worker(stack, "--no-nanny")
        process = begin(*order(home), *SLOW, "--executor", started.url, "--output", "alone", folder=home)
        until(lambda: spent(worker) > 0.5, 60)
        started.parts[0].kill()
        _, talk = process.communicate(timeout=60)
    assert process.returncode == 1, talk
    said = [line for line in talk.splitlines() if not re.match(r"\d+/\d+ ", line)]
    address = started.url.replace("dask://", "tcp://")
    assert said == [f"dossier: the scheduler at {address} is gone; run it again when it is back"]


def test_without_a_scheduler_one_line_says_so(home: Path) -> None:
    begun = time.monotonic()
    done = dossier(*order(home), SOUND[0], "--executor", "dask://127.0.0.1:9", "--output", "lost", folder=home)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("dossier: no Dask scheduler answers at tcp://127.0.0.1:9; ")
    assert time.monotonic() - begun < 30


@pytest.mark.parametrize(
    "url", ["127.0.0.1:8786", "dask://", "dask://host", "dask://host:port", "http://host:80", "dask://a b:1"]
)
def test_an_executor_that_cannot_be_meant(home: Path, url: str) -> None:
    done = dossier(*order(home), "--executor", url, folder=home)
    assert done.returncode == 2
    assert f"no executor {url!r}; one is dask://HOST:PORT" in done.stderr


def spent(worker: subprocess.Popen[bytes]) -> float:
    """Seconds of processor time that the processes of a worker have taken, without its own."""
    seconds = 0.0
    for pid in family(worker.pid)[1:]:
        with suppress(OSError):  # it has just ended
            seconds += busy(pid)
    return seconds


def workers(farm: Farm) -> int:
    """How many workers have registered with the scheduler."""
    logs = [path.read_text(errors="replace") for path in farm.folder.glob("*/said")]
    return sum(text.count("Starting worker compute stream") for text in logs)
