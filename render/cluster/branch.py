"""The press on a worker of a cluster: each of its threads drives a process of its own, which can be stopped.

A worker gets the bundle once, when it joins; a job is an item, and what came of it goes back as bytes.
"""

from __future__ import annotations

import multiprocessing
import pickle
import shutil
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import distributed

from .. import bundle
from ..bundle import Bundle
from ..executors import Limits, Lost, Pool
from ..press import Made
from ..problems import InputError, SetupError

IDLE = 300
"""Seconds without a job after which processes end: whoever sent the bundle may never take it back."""

_ARRIVES = 30
"""Seconds within which a worker that has just joined gets the bundle; it may be given jobs before."""


@dataclass(frozen=True, slots=True)
class Failed:
    """What setting up or the work raised over there, or why that worker cannot do it."""

    failure: Exception


Answer = Made | Lost | Failed


def work(job: bytes, name: str) -> bytes:
    """What the cluster runs: a pickled item to a pickled Answer, by the branch of that name."""
    plugins = distributed.get_worker().plugins
    deadline = time.monotonic() + _ARRIVES
    while name not in plugins and time.monotonic() < deadline:
        time.sleep(0.02)
    branch = plugins.get(name)
    if not isinstance(branch, Branch):
        return pickle.dumps(Failed(SetupError("a worker of the cluster never got what the press needs")))
    return branch.make(job)


class Branch(distributed.WorkerPlugin):
    """The presses of one worker. ``ours`` is the identity of the press that sends the jobs: only its like will do."""

    def __init__(self, name: str, sent: Bundle, limits: Limits, ours: Mapping[str, str]) -> None:
        self.name = name
        self._bundle, self._limits, self._ours = sent, limits, dict(ours)

    def setup(self, worker: distributed.Worker) -> None:
        self._address, self._scratch = worker.address, worker.local_directory
        self._lock = threading.Lock()
        self._idle: list[Pool[bytes, bytes]] = []
        self._busy: list[Pool[bytes, bytes]] = []
        self._folder: Path | None = None
        self._brief = self._bundle.brief
        self._closed = False
        self._timer = threading.Timer(IDLE, self._rest)

    def teardown(self, worker: distributed.Worker) -> None:  # noqa: ARG002 - the plugin's interface
        with self._lock:
            self._closed = True
            self._timer.cancel()
            for pool in self._busy:
                pool.kill()  # the thread that waits for it closes it
        self._rest()

    def make(self, job: bytes) -> bytes:
        """One job, in whichever process is free."""
        answer: Answer
        try:
            pool = self._take()
            try:
                ((_, made),) = pool.run([job])
            finally:
                self._give_back(pool)
            answer = made if isinstance(made, Lost) else self._bundle.returned(pickle.loads(made), self._here)
        except InputError as failure:
            answer = Failed(self._bundle.refused(failure, self._here))
        except SetupError as failure:
            answer = Failed(SetupError(f"{failure} (the worker at {self._address})"))
        except OSError as failure:
            place = f"{failure.filename or self._scratch} of the worker at {self._address}"
            answer = Failed(OSError(failure.errno, failure.strerror or str(failure), place))
        except Exception as failure:  # noqa: BLE001 - whatever it is, the caller decides
            answer = Failed(failure)
        return _pickled(answer)

    @property
    def _here(self) -> Path:
        return self._folder or Path(self._scratch)

    def _take(self) -> Pool[bytes, bytes]:
        with self._lock:
            self._timer.cancel()
            if self._closed:
                raise SetupError("the run was ended")
            pool = self._idle.pop() if self._idle else self._open()
            self._busy.append(pool)
            return pool

    def _give_back(self, pool: Pool[bytes, bytes]) -> None:
        with self._lock:
            self._busy.remove(pool)
            self._idle.append(pool)
            self._timer.cancel()
            self._timer = threading.Timer(IDLE, self._rest)
            self._timer.daemon = True
            self._timer.start()
        if self._closed:
            self._rest()

    def _open(self) -> Pool[bytes, bytes]:
        # A nanny starts its worker as a daemon, which may have no children; ours end with it by themselves.
        multiprocessing.current_process().daemon = False
        if self._folder is None:
            folder = Path(tempfile.mkdtemp(prefix="dossier-", dir=self._scratch)).resolve()
            self._brief = self._bundle.unpack(folder)
            self._folder = folder
        return Pool(bundle.make, 1, self._limits, bundle.warm, self._brief, self._ours)

    def _rest(self) -> None:
        """End the processes that are idle; with the last one the files go."""
        with self._lock:
            pools, self._idle = self._idle, []
            for pool in pools:
                pool.__exit__()
            if not self._busy and self._folder:
                shutil.rmtree(self._folder, ignore_errors=True)
                self._folder = None


def _pickled(answer: Answer) -> bytes:
    """An answer as bytes; exceptions of libraries pickle, or not, in ways of their own."""
    data = pickle.dumps(answer) if not isinstance(answer, Failed) else b""
    if isinstance(answer, Failed):
        try:
            data = pickle.dumps(answer)
            pickle.loads(data)
        except Exception:  # noqa: BLE001 - see above
            told: Any = RuntimeError(f"{type(answer.failure).__name__}: {answer.failure}")
            data = pickle.dumps(Failed(told))
    return data
