"""The command line as a user meets it: another process, with its own folder and surroundings."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
SHELF = ROOT / "tests" / "shelf"

HEAD = """\
title: The Registry of Trials
base_url: https://files.example.org/
taxonomy:
  - key: general
    title: General
    families: [{key: drawer, title: The Drawer}]
"""


def dossier(*arguments: str | Path, folder: Path, **changed: str) -> subprocess.CompletedProcess[str]:
    """Run the real command in a folder. ``changed`` are variables of its environment."""
    command = [str(BIN / "dossier"), *map(str, arguments)]
    surroundings = {**os.environ, **changed}
    done = subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, text=True, timeout=240)  # noqa: PLW1510 - the status is what is tested
    assert "Traceback" not in done.stderr + done.stdout, done.stderr
    return done


def as_json(done: subprocess.CompletedProcess[str]) -> Any:
    """Standard output, which must be JSON and nothing else."""
    return json.loads(done.stdout)


def archive(folder: Path, records: Mapping[str, str], head: str = HEAD) -> Path:
    """An archive whose specimens say what ``records`` says under their title, summary and family."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "archive.yaml").write_text(head, encoding="utf-8")
    for slug, text in records.items():
        core = f"title: The {slug.replace('-', ' ').title()}\nsummary: Stands in for a role.\nfamily: drawer\n"
        (folder / f"{slug}.yaml").write_text(core + text, encoding="utf-8")
    return folder


def files(folder: Path) -> list[str]:
    """Every file at any depth, hidden and temporary ones too."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def made(folder: Path) -> list[str]:
    """Every file but those of the cache."""
    return [name for name in files(folder) if not name.startswith(".cache/")]


def begin(*arguments: str | Path, folder: Path, **changed: str) -> subprocess.Popen[str]:
    """Start the real command in a folder, in a process group of its own, which Ctrl-C on a terminal would reach."""
    return subprocess.Popen(
        [str(BIN / "dossier"), *map(str, arguments)],
        cwd=folder,
        env={**os.environ, **changed},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def family(session: int) -> list[int]:
    """The processes of a session, without those that only wait to be buried; the leader first."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with suppress(OSError):
                state, _, _, own = (entry / "stat").read_text().rpartition(")")[2].split()[:4]
                if int(own) == session and state != "Z":
                    found.append(int(entry.name))
    return sorted(found, key=lambda pid: (pid != session, pid))


def busy(pid: int) -> float:
    """Seconds of processor time that a process has taken."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def until(true: Callable[[], object], seconds: float) -> float:
    """Wait until something is true; how long it took. Fails after so many seconds."""
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < seconds, f"not within {seconds} s"
        time.sleep(0.02)
    return time.monotonic() - begun


def text_of(program: str, pdf: Path) -> list[str]:
    """The text of each page; ``program`` is pdftotext."""
    done = subprocess.run([program, "-layout", str(pdf), "-"], capture_output=True, text=True, check=True)
    return done.stdout.split("\f")[:-1]


@contextmanager
def inside(folder: Path) -> Iterator[None]:
    """Makes a folder the current one for a while."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def open_terminal() -> tuple[int, int]:
    """A pseudo-terminal's two ends. A bare root folder has none until they are mounted, which root can do."""
    try:
        return pty.openpty()
    except OSError as lack:
        mount = ["mount", "-t", "devpts", "devpts", "/dev/pts"]
        if os.geteuid() or subprocess.run(mount, check=False).returncode:
            raise AssertionError(f"this machine has no pseudo-terminals; as root: {' '.join(mount)}") from lack
        return pty.openpty()
