"""Whole processes, timed in turn: A B A B …, by the operating system's own accounting."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

UNIT = 1 << 20 if sys.platform == "darwin" else 1 << 10
"""What ru_maxrss counts in, per MiB: bytes on macOS, KiB elsewhere."""


@dataclass(frozen=True)
class Run:
    wall: float
    cpu: float
    memory: float
    """Peak resident memory in MiB, of the largest process."""


def run(command: Sequence[str]) -> Run:
    """One run to its end, with all processes it started and waited for; raises RuntimeError when it fails."""
    with tempfile.TemporaryFile() as talk:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=talk)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - start
        if process.returncode:
            talk.seek(0)
            raise RuntimeError(f"{' '.join(command)} failed: {talk.read().decode()}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / UNIT)


def versus(ours: Sequence[str], baseline: Sequence[str], runs: int) -> tuple[list[Run], list[Run]]:
    """Both commands in turn after a warm-up of each."""
    run(ours), run(baseline)
    pairs = [(run(ours), run(baseline)) for _ in range(runs)]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def table(name: str, ours: list[Run], baseline: list[Run]) -> str:
    lines = [f"{name}: medians of {len(ours)} runs each, in turn"]
    for figure, unit in (("wall", "s"), ("cpu", "s"), ("memory", "MiB")):
        a = [getattr(one, figure) for one in ours]
        b = [getattr(one, figure) for one in baseline]
        ratio = median(x / y for x, y in zip(a, b, strict=True))
        lines.append(f"  {figure:7} {median(a):8.2f} {unit:4} against {median(b):8.2f} {unit:4} ratio {ratio:.2f}")
    return "\n".join(lines)
