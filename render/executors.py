"""Work done by several processes, each warmed once; one that fails takes nothing but its own job with it.

Knows nothing of stages: a job is any argument that can be pickled, the work any function of a module.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import queue
import re
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from multiprocessing import connection, resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any, Generic, NoReturn, Self, TypeVar

from .problems import SetupError, UsageError, reason_of

J = TypeVar("J")
R = TypeVar("R")

MEMORY_EXIT = 77
"""Exit status of a worker that ran out of the memory it may use."""

_LONG = 86400.0
"""Seconds to wait at a stretch: systems wait for no more than some weeks at a time."""

_AHEAD = 2
"""Jobs handed out to each worker: one at work, one waiting, so that it need not wait while its answer is written."""

_SMALL = 64 << 10
"""Bytes of a job that fit into a pipe, whether or not somebody is reading at its other end."""

_GUARD = 'a script that starts the press does so under `if __name__ == "__main__":`'


def scheduler(executor: str) -> str:
    """The address of the scheduler that ``dask://HOST:PORT`` names. Raises UsageError for any other executor."""
    named = re.fullmatch(r"dask://([\w.-]+|\[[0-9A-Fa-f:.]+\]):(\d{1,5})/?", executor)
    if not named:
        raise UsageError(f"no executor {executor!r}; one is dask://HOST:PORT, the address of a Dask scheduler")
    return f"tcp://{named[1]}:{named[2]}"


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


@dataclass(frozen=True, slots=True)
class _Ready:
    """A worker's first word: it is warm."""


@dataclass(frozen=True, slots=True)
class _Raised:
    """What warming or the work raised."""

    failure: BaseException


@dataclass(eq=False)
class _Worker:
    """A process as its parent sees it. The first of ``jobs`` is at work since ``begun``, once it is warm."""

    process: SpawnProcess
    pipe: Connection
    jobs: deque[int] = field(default_factory=deque)
    warm: bool = False
    begun: float = 0

    def kill(self) -> int | None:
        """End it at once; its exit status, negative for a signal."""
        self.process.kill()
        self.process.join()
        self.pipe.close()
        return self.process.exitcode


class Pool(Generic[J, R]):
    """Spawned workers that stay warm from one batch of jobs to the next. Use it as a context manager.

    What ``warm`` raises is raised by ``run``, and SetupError when a process cannot begin at all.
    """

    def __init__(
        self, work: Callable[[J], R], processes: int, limits: Limits, warm: Callable[..., None], *spec: Any
    ) -> None:
        self._processes, self._limits = processes, limits
        self._context = multiprocessing.get_context("spawn")
        self._folder = tempfile.mkdtemp(prefix="dossier-")
        self._task = (work, limits.memory, self._folder, warm, spec)
        self._workers: list[_Worker] = []
        # Started by the first process otherwise, when it would undo what keeps interrupts from that process.
        resource_tracker.ensure_running()

    def run(self, jobs: Sequence[J]) -> Iterator[tuple[int, R | Lost]]:
        """Answers as they come, each with its job's number. Exceptions that the work raises are raised here."""
        waiting = deque(range(len(jobs)))
        for worker in [worker for worker in self._workers if not worker.process.is_alive()]:
            self._bury(worker)
        try:
            while waiting or any(worker.jobs for worker in self._workers):
                self._hand_out(jobs, waiting)
                for worker in self._answering():
                    yield from self._hear(worker, waiting)
                for worker in self._late():
                    lost = worker.jobs.popleft()
                    self._bury(worker, waiting)
                    yield lost, Lost(Cause.TIMEOUT)
        finally:
            for worker in [worker for worker in self._workers if worker.jobs]:
                self._bury(worker)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            while self._workers:
                self._bury(self._workers[-1])
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

    def kill(self) -> None:
        """End the processes from another thread than that which waits for answers: it hears that its jobs are lost."""
        for worker in list(self._workers):
            worker.process.kill()

    def _hand_out(self, jobs: Sequence[J], waiting: deque[int]) -> None:
        """Give every worker work, the idle ones first, and start those that are wanted."""
        while len(self._workers) < min(self._processes, len(waiting) + sum(bool(one.jobs) for one in self._workers)):
            self._workers.append(self._start())
        for ahead in range(1, _AHEAD + 1):
            for worker in [worker for worker in self._workers if len(worker.jobs) < ahead]:
                if not waiting or (worker.jobs and len(waiting) <= self._processes):
                    continue  # the last ones are for whoever is free first
                job = pickle.dumps(jobs[waiting[0]])
                if not worker.jobs or len(job) <= _SMALL:
                    worker.begun = worker.begun if worker.jobs else time.monotonic()
                    worker.jobs.append(waiting.popleft())
                    with suppress(OSError):  # a dead one is noticed when it is listened to
                        worker.pipe.send_bytes(job)

    def _answering(self) -> list[_Worker]:
        """Workers with something to say, or with an end to be noticed; waits until there is one, or one is late."""
        by_pipe: dict[object, _Worker] = {worker.pipe: worker for worker in self._workers}
        seconds = self._limits.seconds
        begun = [worker.begun for worker in self._workers if worker.warm and worker.jobs]
        left = min(max(0.0, min(begun) + seconds - time.monotonic()), _LONG) if seconds and begun else None
        return [by_pipe[pipe] for pipe in connection.wait([worker.pipe for worker in self._workers], left)]

    def _late(self) -> list[_Worker]:
        seconds, now = self._limits.seconds, time.monotonic()
        if not seconds:
            return []
        late = (worker for worker in self._workers if worker.warm and worker.jobs and now - worker.begun >= seconds)
        return [worker for worker in late if not worker.pipe.poll()]

    def _hear(self, worker: _Worker, waiting: deque[int]) -> Iterator[tuple[int, R | Lost]]:
        try:
            said = worker.pipe.recv()
        except (EOFError, OSError, pickle.UnpicklingError):
            yield from self._mourn(worker, waiting)
            return
        worker.begun = time.monotonic()
        match said:
            case _Ready():
                worker.warm = True
            case _Raised(failure):
                raise failure
            case _:
                yield worker.jobs.popleft(), said

    def _mourn(self, worker: _Worker, waiting: deque[int]) -> Iterator[tuple[int, Lost]]:
        """Whose pipe has ended is dying: tell of what."""
        worker.process.join(1)
        lost, warm = worker.jobs.popleft() if worker.jobs else None, worker.warm
        how = _how(self._bury(worker, waiting))
        if not warm:
            raise SetupError(f"a process of the press ended {how} before it could begin ({_GUARD})")
        if lost is not None:
            ran_out = worker.process.exitcode == MEMORY_EXIT
            yield lost, Lost(Cause.MEMORY) if ran_out else Lost(Cause.DIED, how)

    def _bury(self, worker: _Worker, waiting: deque[int] | None = None) -> int | None:
        """End a worker for good; what it had not begun waits for another."""
        if waiting is not None:
            waiting.extendleft(reversed(worker.jobs))
        worker.jobs.clear()
        status = worker.kill()
        self._workers.remove(worker)
        return status

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_live, args=(theirs, *self._task), daemon=True)
        try:
            with _no_interrupt():
                process.start()
        except OSError as failure:
            reason = reason_of(failure)
            raise SetupError(f"no process can be started for the press: {reason}") from failure
        finally:
            theirs.close()
        return _Worker(process, ours)


def _how(status: int | None) -> str:
    if status is not None and status < 0:
        with suppress(ValueError):
            return f"by {signal.Signals(-status).name}"
    return f"with exit status {status}"


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """A process started meanwhile never sees Ctrl-C, which a terminal sends to all: its parent tells it when to end."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _live(
    pipe: Connection,
    work: Callable[[Any], Any],
    memory: int,
    folder: str,
    warm: Callable[..., None],
    spec: tuple[Any, ...],
) -> None:
    """A worker's life. Its temporary files go into ``folder``, which outlives neither it nor its parent."""
    tempfile.tempdir = folder
    jobs: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(pipe, jobs, folder), daemon=True).start()
    try:
        warm(*spec)
        if memory:
            _limit(memory)
        pipe.send(_Ready())
        while True:
            pipe.send(work(jobs.get()))
    except MemoryError:
        # What is left of this process is not to be trusted; a fresh one takes its place.
        os._exit(MEMORY_EXIT)
    except BaseException as failure:  # noqa: BLE001 - whatever it is, the parent decides
        _confess(pipe, failure)


def _confess(pipe: Connection, failure: BaseException) -> NoReturn:
    """Tell the parent what was raised, and end."""
    with suppress(OSError):
        try:
            pickle.loads(pickle.dumps(failure))
        except Exception:  # noqa: BLE001 - exceptions of libraries pickle, or not, in ways of their own
            failure = RuntimeError(f"{type(failure).__name__}: {failure}")
        pipe.send(_Raised(failure))
    os._exit(1)


def _listen(pipe: Connection, jobs: queue.SimpleQueue[Any], folder: str) -> None:
    """Take jobs in while others are at work, so that the parent never waits; end with the parent, however it ended."""
    try:
        while True:
            jobs.put(pipe.recv())
    except MemoryError:
        os._exit(MEMORY_EXIT)
    except (EOFError, OSError):
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(1)


def _limit(memory: int) -> None:
    """Bound the address space, by no more than whoever started us may have; macOS knows no bound, only time remains."""
    if sys.platform == "darwin":
        return
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_AS)
    bound = min(memory << 20, sys.maxsize if most == resource.RLIM_INFINITY else most)
    resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
