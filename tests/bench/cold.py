"""One dossier, cold, whole process, density not fitted, against a bare script on the same HTML."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from timing import run, table, versus

SLUG = "junior-ai-lifecycle-management-best-practices-specialist"
HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent

BARE = """
import sys
from weasyprint import HTML
HTML(filename=sys.argv[1]).write_pdf(sys.argv[2], pdf_variant="pdf/a-3a", pdf_tags=True)
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=11)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        script = folder / "bare.py"
        script.write_text(BARE)
        command = [
            sys.executable,
            "-m",
            "render",
            "render",
            SLUG,
            "--archive",
            str(ROOT / "specimens"),
            "--fit",
            "off",
            "--no-cache",
        ]
        ours = [*command, "--output", str(folder / "ours")]
        run([*ours, "--html", str(folder)])
        bare = [sys.executable, str(script), str(folder / f"{SLUG}.html"), str(folder / "bare.pdf")]
        print(table("one dossier, cold, --fit off, against bare WeasyPrint", *versus(ours, bare, chosen.runs)))


if __name__ == "__main__":
    main()
