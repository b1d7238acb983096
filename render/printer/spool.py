"""Files to a printer, by way of CUPS."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from ..problems import SetupError, UsageError

LONG, SHORT = "two-sided-long-edge", "two-sided-short-edge"
"""The edge a sheet is turned over: the long one for upright pages, the short one for two pages side by side."""

MEDIA = {"a4": "A4", "letter": "Letter"}
"""What CUPS calls the papers (PWG 5101.1 short names)."""


def send(path: Path, printer: str, sides: str, paper: str) -> str:
    """Hand a file to ``lp`` and say what it answered.

    Raises SetupError without CUPS, UsageError when ``lp`` refuses.
    """
    program = shutil.which("lp")
    if program is None:
        raise SetupError("printing needs CUPS, and there is no lp. Debian, Ubuntu: apt-get install cups-client")
    # Nothing is to be scaled again: the margins are in the file.
    command = [program, "-d", printer, "-o", f"sides={sides}", "-o", "print-scaling=none"]
    if paper in MEDIA:
        command += ["-o", f"media={MEDIA[paper]}"]
    done = subprocess.run([*command, "--", str(path)], capture_output=True, text=True, check=False)
    if done.returncode:
        said = " ".join((done.stderr or done.stdout).split()) or f"exit status {done.returncode}"
        raise UsageError(f"lp did not take {path}: {said}")
    return done.stdout.strip()
