"""What a Dask cluster costs a dossier: one worker with two threads on this machine against two processes without Dask.

python tests/bench/cluster.py            100 made-up dossiers, some five minutes
python tests/bench/cluster.py --quick    20, to see that it works
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import psutil
from timing import Run, run, table

from render import synthetic

COUNT, RUNS = {False: 100, True: 20}, {False: 3, True: 1}
THREADS = 2


@contextmanager
def cluster(folder: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and a worker; their address for --executor, and their processes."""
    found = folder / "scheduler.json"
    parts = [["scheduler", "--host", "127.0.0.1", "--port", "0"], ["worker", "--nthreads", str(THREADS)]]
    started: list[subprocess.Popen[bytes]] = []
    with (folder / "said").open("wb") as said:
        try:
            for name, *options in parts:
                module = ["-m", f"distributed.cli.dask_{name}", "--scheduler-file", str(found), "--no-dashboard"]
                command = [sys.executable, *module, *options]
                started.append(subprocess.Popen(command, cwd=folder, stdout=said, stderr=said))
                while not found.is_file() or not found.read_text().endswith("}"):
                    time.sleep(0.1)
            yield json.loads(found.read_text())["address"].replace("tcp://", "dask://"), started
        finally:
            for process in reversed(started):
                process.terminate()
                process.wait()


def spent(parts: list[subprocess.Popen[bytes]]) -> float:
    """Seconds of processor time of a cluster so far, with processes that have ended."""
    found = [psutil.Process(part.pid) for part in parts]
    return sum(
        sum(process.cpu_times()[:4])  # its own, and that of children it waited for
        for process in {*found, *(child for process in found for child in process.children(recursive=True))}
    )


def run_far(command: list[str], parts: list[subprocess.Popen[bytes]]) -> Run:
    """A run with all that the cluster did for it."""
    before = spent(parts)
    one = run(command)
    return Run(one.wall, one.cpu + spent(parts) - before, one.memory)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true", help="fewer dossiers and runs")
    quick = options.parse_args().quick
    count, runs = COUNT[quick], RUNS[quick]
    with tempfile.TemporaryDirectory() as name, cluster(Path(name)) as (address, parts):
        folder = Path(name)
        synthetic.archive(folder / "archive", count)
        base = [sys.executable, "-m", "render", "render", "--archive", str(folder / "archive"), "--fit", "off"]
        far = [*base, "--output", str(folder / "far"), "--executor", address]
        near = [*base, "--output", str(folder / "near"), "--jobs", str(THREADS), "--no-cache"]
        kept = run([*far, "--cache", str(folder / "kept")])
        run(near)
        pairs = [(run_far([*far, "--no-cache"], parts), run(near)) for _ in range(runs)]
        ours, local = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        what = f"{count} different dossiers, nothing cached, --fit off, {THREADS} at once, on Dask against without"
        print(table(what, ours, local))
        near_by, far_away = (folder / place / "dossiers" for place in ("near", "far"))
        names = sorted(path.name for path in near_by.glob("*.pdf"))
        same = [(near_by / one).read_bytes() == (far_away / one).read_bytes() for one in names]
        print(f"  the bytes of {sum(same)} of {len(same)} are the same")
        caller, each = 1000 * kept.cpu / count, median(one.cpu for one in ours) / count
        print(f"the caller, who keeps what comes back: {caller:.1f} ms of processor time a dossier, start included;")
        print(f"  a worker's core {each:.2f} s, so one caller keeps {1000 * each / caller:.0f} cores busy")


if __name__ == "__main__":
    main()
