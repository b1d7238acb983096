"""Make again what is asked for whenever a file it is made from is saved."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from . import fonts, layouts, pipeline
from .orders import Order, Outcome
from .problems import InputError, UsageError, error
from .workshop import Workshop

INTERVAL = 0.1
"""Seconds between two looks at the files; a look at a hundred files costs a fifth of a millisecond."""

SETTLED = 0.03
"""Seconds without another change after which a save is taken to be complete."""

Stamp = tuple[int, int] | tuple[str, ...]
"""When a file was changed and how long it is; the names in a folder."""


def watch(order: Order, wait: Callable[[float], None] = time.sleep) -> Iterator[tuple[Outcome, float]]:
    """Each run's outcome and the seconds it took, the first one at once. Ends only when the caller stops asking.

    Raises what the first run raises; later the same is a problem in the outcome, to be mended like any other.
    """
    own = [str(path.absolute()) for path in (order.output, order.html) if path]
    with Workshop(order.jobs, order.limits, order.executor) as workshop:
        outcome: Outcome | None = None
        known: Mapping[Path, Stamp] = {}
        while True:
            begun, clock = time.monotonic(), time.time_ns()
            outcome = _again(order, workshop, outcome)
            # What was saved while the press was at work is not in its result.
            after = stamps(outcome.read, own)
            before = {path: known.get(path, _at(stamp, clock)) for path, stamp in after.items()}
            yield outcome, time.monotonic() - begun
            while (known := stamps(outcome.read, own)) == before:
                wait(INTERVAL)
            while known != (settled := _soon(outcome.read, own, wait)):
                known = settled
            _forget(path for path in known.keys() | before if known.get(path) != before.get(path))


def stamps(paths: Iterable[Path], own: Collection[str] = ()) -> dict[Path, Stamp]:
    """What would show that a file was changed, or a folder got another; one that is gone has no stamp.

    ``own`` are results that come and go in folders without a meaning. Hidden files and backups have none, either.
    """
    found: dict[Path, Stamp] = {}
    for path in paths:
        with suppress(OSError):
            status = os.stat(path)  # noqa: PTH116 - this is done ten times a second
            if stat.S_ISDIR(status.st_mode):
                inner = (name for name in os.listdir(path) if not (name.startswith(".") or name.endswith("~")))  # noqa: PTH208
                found[path] = tuple(sorted(name for name in inner if os.path.abspath(path / name) not in own))  # noqa: PTH100
            else:
                found[path] = status.st_mtime_ns, status.st_size
    return found


def _soon(paths: Iterable[Path], own: Collection[str], wait: Callable[[float], None]) -> dict[Path, Stamp]:
    """The stamps a moment later: many editors empty a file before they write it."""
    wait(SETTLED)
    return stamps(paths, own)


def _again(order: Order, workshop: Workshop, last: Outcome | None) -> Outcome:
    try:
        return pipeline.render(order, workshop=workshop)
    except UsageError as misuse:
        if last is None:
            raise
        return Outcome(problems=[error("not-there", order.archive, str(misuse))], read=last.read)
    except InputError as failure:
        if last is None:
            raise
        return Outcome(problems=list(failure.problems), read=last.read)


def _at(stamp: Stamp, clock: int) -> Stamp:
    """A stamp as it was at a time: a file saved later had another."""
    changed = stamp[0] if stamp else ""
    return (0, 0) if isinstance(changed, int) and changed > clock else stamp


def _forget(changed: Iterable[Path]) -> None:
    """Read anew what is kept in memory of files that have changed."""
    kinds = {path.suffix.lower() for path in changed}
    layouts.forget()
    if kinds & {"", ".ttf", ".otf"}:
        fonts.faces.cache_clear()
        fonts.points.cache_clear()
