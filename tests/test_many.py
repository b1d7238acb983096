"""Many dossiers at once: any number of processes makes the same, what fails fails alone, an end leaves nothing."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import time
from pathlib import Path

import pytest
from command import BIN, archive, begin, busy, dossier, family, made, open_terminal, until

pytestmark = pytest.mark.xdist_group("many")

SOUND = {f"clerk-{number}": f"habitat: [Desk {number}.]\n" for number in range(4)}
TROUBLE = {
    "section.yaml": "title: Trouble\nschema: {type: string}\n",
    "section.html": """\
{% set box = namespace(held=section) %}
{% if section == "eat" %}{% for one in range(90) %}{% set box.held = box.held ~ box.held %}{% endfor %}{% endif %}
{% if section == "loop" %}{% for one in range(99999) %}{% for two in range(99999) %}{% endfor %}{% endfor %}{% endif %}
<p>{{ box.held|length }}</p>
""",
}


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A shelf whose section takes all the time, or all the memory, there is."""
    folder = tmp_path / "shelf" / "base" / "sections" / "trouble"
    folder.mkdir(parents=True)
    for name, text in TROUBLE.items():
        (folder / name).write_text(text)
    return tmp_path / "shelf"


def whole(folder: Path) -> dict[str, bytes]:
    """The PDFs of a run; each must be one from its first byte to its last."""
    found = {path.name: path.read_bytes() for path in (folder / "dossiers").glob("*")}
    assert all(data.startswith(b"%PDF-") and data.rstrip().endswith(b"%%EOF") for data in found.values())
    return found


def test_any_number_of_processes_makes_the_same(tmp_path: Path) -> None:
    archive(tmp_path / "files", SOUND)
    runs = []
    for jobs, seed in (("1", "1"), ("2", "2")):
        arguments = ("--archive", "files", "--fit", "off", "--jobs", jobs, "--output", "out")
        done = dossier("render", *arguments, folder=tmp_path, PYTHONHASHSEED=seed)
        assert done.returncode == 0
        runs.append((done.stdout, whole(tmp_path / "out")))
        dossier("clean", folder=tmp_path)
        (tmp_path / "out").rename(tmp_path / f"out-{jobs}")
    assert runs[0] == runs[1]
    assert runs[0][0].split() == [f"out/dossiers/{slug}.pdf" for slug in SOUND]
    assert len(runs[0][1]) == 4


def test_what_takes_too_much_fails_alone(tmp_path: Path, shelf: Path) -> None:
    archive(tmp_path / "files", {"a-loop": "trouble: loop\n", "an-eater": "trouble: eat\n", **SOUND})
    arguments = ("--archive", "files", "--layouts", shelf, "--fit", "off", "--timeout", "8", "--memory", "700")
    done = dossier("render", *arguments, folder=tmp_path)
    assert done.returncode == 1
    assert done.stdout.split() == [f"out/dossiers/{slug}.pdf" for slug in SOUND]
    assert sorted(whole(tmp_path / "out")) == [f"{slug}.pdf" for slug in SOUND]
    told = [line for line in done.stderr.splitlines() if "error" in line]
    hint = "(shorten the record, or give it more with"
    assert told == [
        f"files/a-loop.yaml: error: a-loop was given up after 8 seconds {hint} --timeout)",
        f"files/an-eater.yaml: error: an-eater needs more than 700 MiB of memory {hint} --memory)",
        "2 errors in 2 files",
    ]


def test_a_dossier_whose_process_is_killed_fails_alone(tmp_path: Path, shelf: Path) -> None:
    archive(tmp_path / "files", {"a-loop": "trouble: loop\n", **SOUND})
    run = begin("render", "--archive", "files", "--layouts", shelf, "--fit", "off", "--jobs", "2", folder=tmp_path)
    assert run.stderr is not None
    lines = [run.stderr.readline() for _ in range(3)]
    assert all(re.fullmatch(r"\d/5 clerk-\d\n", line) for line in lines)
    time.sleep(1)
    before = {pid: busy(pid) for pid in family(run.pid)}
    time.sleep(0.5)
    looping = max(before, key=lambda pid: busy(pid) - before[pid])
    assert looping != run.pid
    os.kill(looping, signal.SIGKILL)
    said, told = run.communicate(timeout=30)
    assert run.returncode == 1
    assert said.split() == [f"out/dossiers/{slug}.pdf" for slug in SOUND]
    errors = "files/a-loop.yaml: error: the process that made a-loop died by SIGKILL\n1 error in 1 file\n"
    assert told.endswith(errors)


@pytest.mark.parametrize("moment", ["starting", "at work"])
def test_ctrl_c_ends_everything_within_a_second(tmp_path: Path, shelf: Path, moment: str) -> None:
    loops = {f"loop-{number}": "trouble: loop\n" for number in range(4)}
    archive(tmp_path / "files", {**SOUND, **loops})
    run = begin("render", "--archive", "files", "--layouts", shelf, "--fit", "off", "--jobs", "2", folder=tmp_path)
    assert run.stderr is not None
    if moment == "starting":
        until(lambda: len(family(run.pid)) > 2, 10)
    else:
        for _ in SOUND:
            run.stderr.readline()
        until(lambda: sum(busy(pid) > 1 for pid in family(run.pid)[1:]) == 2, 20)
    begun = time.monotonic()
    os.killpg(run.pid, signal.SIGINT)
    said, told = run.communicate(timeout=20)
    until(lambda: family(run.pid) == [], 1)
    assert time.monotonic() - begun < 1
    assert (run.returncode, said) == (130, "")
    assert told.splitlines()[-1] == "dossier: interrupted"
    assert "Traceback" not in told
    assert "Error" not in told
    assert not list(tmp_path.rglob("*.part"))
    assert sorted(whole(tmp_path / "out")) == ([] if moment == "starting" else [f"{slug}.pdf" for slug in SOUND])


def test_a_killed_run_leaves_nothing_that_hinders_the_next(tmp_path: Path) -> None:
    slugs = [f"clerk-{number:02}" for number in range(12)]
    archive(tmp_path / "files", dict.fromkeys(slugs, "habitat: [Anywhere.]\n"))
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    run = begin("render", "--archive", "files", "--fit", "off", folder=tmp_path, TMPDIR=str(temporary))
    assert run.stderr is not None
    for _ in range(3):
        run.stderr.readline()
    os.kill(run.pid, signal.SIGKILL)
    until(lambda: family(run.pid) == [], 2)
    run.communicate()
    assert list(temporary.iterdir()) == []
    assert 3 <= len(whole(tmp_path / "out")) < 12
    torn = tmp_path / "out" / "dossiers" / ".clerk-11.pdf.0123456789abcdef.part"
    torn.write_bytes(b"%PDF-1.7 half of")
    done = dossier("render", "--archive", "files", "--fit", "off", folder=tmp_path)
    assert (done.returncode, done.stdout.split()) == (0, [f"out/dossiers/{slug}.pdf" for slug in slugs])
    assert made(tmp_path / "out") == [f"dossiers/{slug}.pdf" for slug in slugs]
    assert 1 <= done.stderr.count("clerk-") <= 9


@pytest.mark.parametrize(
    ("breakage", "said"),
    [
        ("raise OSError('cannot load library libpango-1.0-0')", "a system library is missing .*apt-get install libp"),
        ("raise ImportError('No module named weasyprint')", "a Python package is missing or broken .*install the"),
        ("import os; os._exit(9)", "a process of the press ended with exit status 9 before it could begin"),
    ],
)
def test_processes_that_cannot_begin(tmp_path: Path, breakage: str, said: str) -> None:
    """A finder on the path of every Python breaks WeasyPrint where it is imported: in the worker."""
    archive(tmp_path / "files", SOUND)
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\n"
        "class Broken:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'weasyprint':\n"
        f"            {breakage}\n"
        "sys.meta_path.insert(0, Broken())\n"
    )
    begun = time.monotonic()
    done = dossier("render", "--archive", "files", folder=tmp_path, PYTHONPATH=str(tmp_path))
    assert time.monotonic() - begun < 15
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert re.match(f"dossier: {said}", line)


def on_a_terminal(folder: Path, *arguments: str) -> str:
    controller, terminal = open_terminal()
    surroundings = {**os.environ, "TERM": "xterm", "COLUMNS": "60"}
    run = subprocess.Popen(
        [str(BIN / "dossier"), *arguments], cwd=folder, stdout=subprocess.DEVNULL, stderr=terminal, env=surroundings
    )
    os.close(terminal)
    said = b""
    while select.select([controller], [], [], 30)[0]:
        try:
            said += os.read(controller, 4096)
        except OSError:  # Linux: the other end is closed
            break
    os.close(controller)
    assert run.wait(20) == 0
    return said.decode()


def test_progress_on_a_terminal_is_one_line_with_the_time_left(tmp_path: Path) -> None:
    archive(tmp_path, {f"clerk-{number:02}": "" for number in range(12)})
    said = on_a_terminal(tmp_path, "render", "--fit", "off")
    assert "\n" not in said
    lines = said.split("\r\x1b[K")
    assert lines[0] == lines[-1] == ""
    assert re.fullmatch(r"typesetting \d+/12(, 0:\d\d left)?  clerk-\d\d", lines[1])
    assert any(re.fullmatch(r"typesetting \d+/12, 0:\d\d left  clerk-\d\d", line) for line in lines)
    assert on_a_terminal(tmp_path, "render", "--fit", "off") == ""


def test_a_single_dossier_has_no_progress(tmp_path: Path) -> None:
    archive(tmp_path, {"clerk": "", "other": ""})
    done = dossier("render", "clerk", "--fit", "off", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
