"""Make again what is asked for whenever a file it is made from is saved."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from . import layouts, pipeline
from .orders import Order, Outcome
from .workshop import Workshop

INTERVAL = 0.1
"""Seconds between two looks at the files; a look at a hundred files costs a fifth of a millisecond."""

Stamps = dict[Path, tuple[int, int]]


def watch(order: Order, wait: Callable[[float], None] = time.sleep) -> Iterator[tuple[Outcome, float]]:
    """Each run's outcome and the seconds it took, the first one at once. Ends only when the caller stops asking."""
    with Workshop(order.jobs, order.limits) as workshop:
        while True:
            begun = time.monotonic()
            layouts.forget()
            outcome = pipeline.render(order, workshop=workshop)
            before = stamps(outcome.read)
            yield outcome, time.monotonic() - begun
            while stamps(outcome.read) == before:
                wait(INTERVAL)


def stamps(paths: Iterable[Path]) -> Stamps:
    """When each file was changed and how long it is; one that is gone has no stamp."""
    found: Stamps = {}
    for path in paths:
        with suppress(OSError):
            status = os.stat(path)  # noqa: PTH116 - this is done ten times a second
            found[path] = status.st_mtime_ns, status.st_size
    return found
