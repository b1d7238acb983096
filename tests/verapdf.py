"""veraPDF, the judge of PDF/A and PDF/UA, where there is one.

It is a program in Java that no package index of Python or Debian has, so nothing here installs it: with a ``verapdf``
on PATH (https://verapdf.org, 1.26 or newer) it judges what page-validation judges anyway, and without one it is silent.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

PROGRAM = "verapdf"


def complaints(pdf: bytes, flavour: str) -> list[str]:
    """The rules that a file breaks; ``flavour`` is such as ``3a`` or ``ua1``. Empty also when there is no veraPDF."""
    program = shutil.which(PROGRAM)
    if program is None:
        return []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "judged.pdf"
        path.write_bytes(pdf)
        command = [program, "--flavour", flavour, "--format", "text", "--verbose", str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines()
    assert lines, done.stderr
    assert re.match(r"(PASS|FAIL)\b", lines[0]), done.stdout + done.stderr
    return [] if lines[0].startswith("PASS") else [line.strip() for line in lines]
