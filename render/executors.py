"""Work done by several processes, each warmed once; one that fails takes nothing but its own job with it.

Knows nothing of stages: a job is any argument that can be pickled, the work any function of a module.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, Self, TypeVar

import pebble

J = TypeVar("J")
R = TypeVar("R")

MEMORY_EXIT = 77
"""Exit status of a worker that ran out of the memory it may use."""

_AHEAD = 2
"""Jobs handed out for each worker: one at work, one waiting, so that memory does not grow with the number of jobs."""

pebble.CONSTS.term_timeout = 0.3
pebble.CONSTS.sleep_unit = 0.02


class Cause(StrEnum):
    TIMEOUT = "timeout"
    MEMORY = "memory"
    DIED = "died"


@dataclass(frozen=True, slots=True)
class Lost:
    """A job whose worker did not live to answer."""

    cause: Cause
    detail: str = ""


@dataclass(frozen=True)
class Limits:
    """What one job may take: seconds, and MiB of address space of its process. 0 is without limit."""

    seconds: float = 60
    memory: int = 1024


class Pool(Generic[J, R]):
    """Spawned workers that stay warm from one batch of jobs to the next. Use it as a context manager."""

    def __init__(
        self, work: Callable[[J], R], processes: int, limits: Limits, warm: Callable[..., None], *spec: Any
    ) -> None:
        self._work, self._limits, self._processes = work, limits, processes
        self._pool = pebble.ProcessPool(
            max_workers=processes,
            context=multiprocessing.get_context("spawn"),
            initializer=_begin,
            initargs=(os.getpid(), limits.memory, warm, spec),
        )

    def run(self, jobs: Sequence[J]) -> Iterator[tuple[int, R | Lost]]:
        """Answers as they come, each with its job's number. Exceptions that the work raises are raised here."""
        waiting = iter(enumerate(jobs))
        running: dict[Future[R], int] = {}
        try:
            while True:
                while len(running) < self._processes * _AHEAD and (job := next(waiting, None)) is not None:
                    running[self._hand_out(job[1])] = job[0]
                if not running:
                    return
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in sorted(done, key=running.__getitem__):
                    number, answer = running.pop(future), _answer(future)
                    yield number, answer
        finally:
            for future in running:
                future.cancel()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._pool.close()  # type: ignore[no-untyped-call]
        else:
            self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def _hand_out(self, job: J) -> Future[R]:
        future: Future[R] = self._pool.schedule(_careful, (self._work, job), timeout=self._limits.seconds or None)
        return future


def _answer(future: Future[R]) -> R | Lost:
    try:
        return future.result()
    except TimeoutError:
        return Lost(Cause.TIMEOUT)
    except pebble.ProcessExpired as death:
        if death.exitcode == MEMORY_EXIT:
            return Lost(Cause.MEMORY)
        return Lost(Cause.DIED, _how(death.exitcode))


def _how(status: int | None) -> str:
    if status is not None and status < 0:
        with suppress(ValueError):
            return f"by {signal.Signals(-status).name}"
    return f"with exit status {status}"


def _careful(work: Callable[[J], R], job: J) -> R:
    try:
        return work(job)
    except MemoryError:
        # What is left of this process is not to be trusted; a fresh one takes its place.
        os._exit(MEMORY_EXIT)


def _begin(parent: int, memory: int, warm: Callable[..., None], spec: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_outlive, args=(parent,), daemon=True).start()
    warm(*spec)
    if memory:
        _limit(memory)


def _limit(memory: int) -> None:
    """Bound the address space; where the system has no such bound (macOS), the time limit remains."""
    if sys.platform == "darwin":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (memory << 20, memory << 20))


def _outlive(parent: int) -> None:
    """End with the parent, however it ended."""
    while os.getppid() == parent:
        time.sleep(0.2)
    os._exit(1)
