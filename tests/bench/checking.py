"""A thousand made-up records checked and held together, whole process.

python tests/bench/checking.py            1,000 records
python tests/bench/checking.py --quick    60, to see that it works
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from statistics import median

from timing import run

from render import synthetic

MOST = 3.0
"""Seconds of processor time that a thousand records may take."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true", help="fewer records and runs")
    quick = options.parse_args().quick
    count, runs = (60, 1) if quick else (1000, 5)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "archive")
        synthetic.archive(folder, count)
        command = [sys.executable, "-m", "render", "check", "--archive", str(folder)]
        found = [run(command) for _ in range(runs)]
    cpu, memory = median(one.cpu for one in found), max(one.memory for one in found)
    print(f"{count:,} records checked: {cpu:.2f} s of processor time, {memory:.0f} MiB")
    print(f"  {cpu / MOST:.2f} of the {MOST:g} s allowed")


if __name__ == "__main__":
    main()
