"""Watching: every save of what a dossier is made from makes it again, at once, and nothing else does."""

from __future__ import annotations

import os
import queue
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from command import ROOT, archive, begin, family, until

from render import pipeline, watch
from render.editions import edition
from render.orders import Keeping, Order, Outcome
from render.problems import UsageError
from render.workshop import Workshop

pytestmark = pytest.mark.xdist_group("watch")

RECORDS = {"clerk": "habitat: [Anywhere.]\nrelated: [{specimen: other, match: 40}]\n", "other": ""}
CSS = Path("folder/sheet.css")
LENIENT = 3.0
"""Seconds; a machine of its own needs less than one."""


class Watcher:
    """The press, watching in a thread of its own."""

    def __init__(self, order: Order) -> None:
        self._runs: queue.SimpleQueue[Outcome | Exception] = queue.SimpleQueue()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._watch, args=(order,))
        self._thread.start()

    def next(self) -> Outcome:
        """The next run; fails when nothing makes the press run."""
        found = self._runs.get(timeout=20)
        if isinstance(found, Exception):
            raise found
        return found

    def rests(self) -> bool:
        """Whether nothing more is made."""
        time.sleep(0.5)
        return self._runs.empty()

    def close(self) -> None:
        self._closed.set()
        self._thread.join()

    def _watch(self, order: Order) -> None:
        with suppress(KeyboardInterrupt):
            try:
                for outcome, _ in watch.watch(order, self._wait):
                    self._runs.put(outcome)
            except Exception as failure:  # noqa: BLE001 - raised again where it is waited for
                self._runs.put(failure)

    def _wait(self, seconds: float) -> None:
        if self._closed.wait(seconds):
            raise KeyboardInterrupt


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("watch")


@pytest.fixture(scope="module")
def watcher(place: Path) -> Iterator[Watcher]:
    archive(place / "files", RECORDS)
    style = place / "shelf" / CSS
    style.parent.mkdir(parents=True)
    shutil.copy(ROOT / "layouts" / CSS, style)
    out = place / "files" / "out"
    order = Order(
        place / "files",
        edition("clerk"),
        shelves=(place / "shelf",),
        output=out,
        fit=False,
        keeping=Keeping(out / ".cache"),
    )
    watcher = Watcher(order)
    first = watcher.next()
    assert (first.typeset, first.problems) == (1, [])
    yield watcher
    watcher.close()
    assert [pid for pid in family(os.getsid(0)) if _parent(pid) == os.getpid() and "spawn_main" in _command(pid)] == []


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def _command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text()


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def save_whole(path: Path, text: str) -> None:
    """As many editors do: another file takes the place of the old one."""
    draft = path.with_name(f".{path.name}.swp")
    draft.write_text(path.read_text("utf-8") + text, "utf-8")
    draft.replace(path)


SAVES: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "record": (lambda at: edit(at / "files/clerk.yaml", "Anywhere", "Nowhere"), ["the record"]),
    "record, replaced": (lambda at: save_whole(at / "files/clerk.yaml", "tags: [stamps]\n"), ["the record"]),
    "related record": (lambda at: edit(at / "files/other.yaml", "The Other", "Another"), ["what it takes from others"]),
    "archive.yaml": (lambda at: edit(at / "files/archive.yaml", "Trials", "Errors"), ["archive.yaml"]),
    "style": (lambda at: append(at / "shelf" / CSS, "body{background:#ddd}"), [f"shelf/{CSS}"]),
    "a new file": (
        lambda at: shutil.copytree(ROOT / "layouts/base/themes", at / "shelf/folder/themes"),
        ["shelf/folder/themes/colour.yaml", "shelf/folder/themes/mono.yaml"],
    ),
}


@pytest.mark.parametrize("what", SAVES)
def test_a_save_makes_it_again(watcher: Watcher, place: Path, what: str) -> None:
    pdf = place / "files" / "out" / "dossiers" / "clerk.pdf"
    before = pdf.read_bytes(), pdf.stat().st_mtime_ns
    save, expected = SAVES[what]
    saved = time.time_ns()
    save(place)
    outcome = watcher.next()
    assert outcome.problems == []
    assert (outcome.typeset, [list(reason.changes) for reason in outcome.reasons]) == (1, [expected])
    assert before[1] < saved < pdf.stat().st_mtime_ns < saved + LENIENT * 1e9
    assert (pdf.read_bytes() == before[0]) is (what in ("record, replaced", "a new file"))
    assert watcher.rests()


def test_an_invalid_record_is_told_and_waited_for(watcher: Watcher, place: Path) -> None:
    clerk = place / "files" / "clerk.yaml"
    sound = clerk.read_text("utf-8")
    edit(clerk, "habitat: [", "habitat: ")
    outcome = watcher.next()
    assert (outcome.failed, outcome.files) == (True, [])
    assert watcher.rests()
    clerk.write_text(sound, "utf-8")
    assert not watcher.next().failed


def test_a_record_that_is_gone_is_told_and_waited_for(watcher: Watcher, place: Path) -> None:
    clerk = place / "files" / "clerk.yaml"
    sound = clerk.read_text("utf-8")
    clerk.unlink()
    (problem,) = watcher.next().problems
    assert problem.message.startswith("there is no specimen 'clerk'")
    assert watcher.rests()
    clerk.write_text(sound, "utf-8")
    assert not watcher.next().failed


def test_a_broken_layout_is_told_and_waited_for(watcher: Watcher, place: Path) -> None:
    layout = place / "shelf" / "folder" / "layout.yaml"
    layout.write_text("[")
    assert watcher.next().failed
    layout.write_text("title: Mine\n")
    mended = watcher.next()
    assert (mended.failed, mended.typeset) == (False, 1)


def test_what_has_no_part_in_it_is_let_be(watcher: Watcher, place: Path) -> None:
    (place / "files" / ".clerk.yaml.swp").write_text("half a thought")
    (place / "files" / "clerk.yaml~").write_text("yesterday's thought")
    (place / "files" / "out" / "letter.txt").write_text("not from here")
    (place / "beside.txt").write_text("not in here")
    assert watcher.rests()


def test_a_save_while_the_press_is_at_work_is_not_missed(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = archive(place / "busy", {"clerk": ""})
    render, late = pipeline.render, iter(["habitat: [Anywhere.]\n"])

    def saved_meanwhile(order: Order, workshop: Workshop) -> Outcome:
        outcome = render(order, workshop=workshop)
        for text in late:
            append(folder / "clerk.yaml", text)
        return outcome

    monkeypatch.setattr(pipeline, "render", saved_meanwhile)
    watcher = Watcher(Order(folder, output=place / "busy-out", fit=False))
    pdf = place / "busy-out" / "dossiers" / "clerk.pdf"
    assert watcher.next().typeset == 1
    before = pdf.read_bytes()
    assert watcher.next().typeset == 1
    assert pdf.read_bytes() != before
    watcher.close()


def test_the_first_run_raises_what_cannot_be_meant(place: Path) -> None:
    folder = archive(place / "empty", {})
    with pytest.raises(UsageError, match="there is no specimen 'nobody'"):
        next(watch.watch(Order(folder, edition("nobody"))))


def test_on_the_command_line_until_ctrl_c(tmp_path: Path) -> None:
    archive(tmp_path, {"clerk": "habitat: [Anywhere.]\n"})
    run = begin("render", "clerk", "--watch", "--fit", "off", folder=tmp_path)
    pdf = tmp_path / "out" / "dossiers" / "clerk.pdf"
    assert run.stdout is not None
    assert run.stderr is not None
    assert run.stdout.readline() == "out/dossiers/clerk.pdf\n"
    assert "waiting for a change" in run.stderr.readline()
    took = []
    for word in ("Nowhere", "Somewhere", "Everywhere"):
        before = pdf.stat().st_mtime_ns
        saved = time.monotonic()
        (tmp_path / "clerk.yaml").write_text(f"title: T\nsummary: S.\nfamily: drawer\nhabitat: [{word}.]\n")
        until(lambda before=before: pdf.stat().st_mtime_ns != before, LENIENT)  # type: ignore[misc]
        took.append(time.monotonic() - saved)
        assert "waiting for a change" in run.stderr.readline()
    print("from save to PDF:", ", ".join(f"{seconds:.2f} s" for seconds in took))
    begun = time.monotonic()
    os.killpg(run.pid, signal.SIGINT)
    _, told = run.communicate(timeout=20)
    until(lambda: family(run.pid) == [], 1)
    assert time.monotonic() - begun < 1
    assert (run.returncode, told) == (130, "dossier: interrupted\n")
