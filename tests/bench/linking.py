"""Linking made-up records: every one of them ``related: auto``, and a mix as archives have it.

python tests/bench/linking.py             10,000 records, some three minutes
python tests/bench/linking.py --quick     500, to see that it works

In the mix, one record in ten is ``auto``, and one in ten names its relatives without a match. Seconds of linking are
told apart from those of the whole process, which reads and validates every record first; memory is the whole
process's, and the most it took before linking began. The baseline is comparing every pair, reckoned from a sample.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from statistics import median

from timing import UNIT

from render import desk, layouts, link, load, settings, similarity, synthetic, validate
from render.record import Record, Value
from render.settings import Archive

SAMPLE = 20_000
"""Pairs that are compared to reckon what all would take."""


def records(archive: Archive) -> list[Record]:
    sections = layouts.find("folder").sections
    return [validate.validate(load.load(path), archive, sections) for path in settings.specimens(archive.root)]


def auto(_number: int, related: Value) -> Value:
    return "auto" if related else related


def mix(number: int, related: Value) -> Value:
    if number % 10 == 0:
        return "auto"
    if number % 10 == 1 and isinstance(related, list):
        return [_unmatched(item) for item in related]
    return related


def _unmatched(item: Mapping[str, Value]) -> Mapping[str, Value]:
    return {key: value for key, value in item.items() if key != "match" or "specimen" not in item}


KINDS = {"auto": auto, "mix": mix}


def once(folder: Path, kind: str) -> dict[str, float]:
    """Link an archive in this process; seconds and MiB."""
    begun = time.perf_counter()
    archive = settings.read(folder)
    with desk.without_collector():
        changed = []
        for number, record in enumerate(records(archive)):
            related = KINDS[kind](number, record.sections.get("related"))
            changed.append(replace(record, sections={**record.sections, "related": related}))
        before, wall, cpu = _peak(), time.perf_counter(), time.process_time()
        linked = link.link(changed, archive)
        found = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "before": before}
    assert len(linked) == len(changed)
    return found | {"whole": time.perf_counter() - begun, "memory": _peak()}


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / UNIT


def every_pair(folder: Path) -> float:
    """Seconds of processor time that comparing every pair would take."""
    archive = settings.read(folder)
    words, dice = similarity.Vocabulary(), random.Random(1)
    paths = dice.sample(settings.specimens(folder), 400)
    headings = [validate.heading(load.load(path), archive) for path in paths]
    terms = [words.terms(link.compared(heading, archive)) for heading in headings]
    pairs = dice.sample(list(itertools.combinations(terms, 2)), SAMPLE)
    begun = time.process_time()
    for one, other in pairs:
        words.match(one, other)
    count = len(settings.specimens(folder))
    return (time.process_time() - begun) / SAMPLE * count * (count - 1) / 2


def report(kind: str, count: int, found: list[dict[str, float]], pairs: float) -> None:
    def of(name: str) -> str:
        figures = [one[name] for one in found]
        return f"{median(figures):8.2f} (from {min(figures):.2f} to {max(figures):.2f})"

    print(f"{count:,} records linked, {kind}: medians of {len(found)} runs")
    print(f"  linking, wall  {of('wall')} s")
    print(f"  linking, cpu   {of('cpu')} s, {median(one['cpu'] for one in found) / pairs:.4f} of comparing every pair")
    print(f"  whole process  {of('whole')} s")
    print(f"  peak memory    {of('memory')} MiB; before linking {median(one['before'] for one in found):.0f} MiB")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true", help="fewer records and runs")
    options.add_argument("--once", nargs=2, metavar=("KIND", "FOLDER"), help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.once:
        print(json.dumps(once(Path(chosen.once[1]), chosen.once[0])))
        return
    count, runs = (500, 1) if chosen.quick else (10_000, 3)
    found: dict[str, list[dict[str, float]]] = {kind: [] for kind in KINDS}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "archive").resolve()
        synthetic.archive(folder, count)
        pairs = every_pair(folder)
        for _ in range(runs):
            for kind, runs_of_kind in found.items():
                command = [sys.executable, __file__, "--once", kind, str(folder)]
                done = subprocess.run(command, capture_output=True, text=True, check=True)
                runs_of_kind.append(json.loads(done.stdout))
    print(f"comparing every pair of {count:,} would take {pairs:,.0f} s")
    for kind, runs_of_kind in found.items():
        report("all auto" if kind == "auto" else "a mix", count, runs_of_kind, pairs)


if __name__ == "__main__":
    main()
