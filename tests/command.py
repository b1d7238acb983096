"""The command line as a user meets it: another process, with its own folder and surroundings."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
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
    done = subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, text=True, timeout=60)  # noqa: PLW1510 - the status is what is tested
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
