"""A Dask cluster at work for us: items go out as bytes, what came of them comes back as bytes.

A worker that is lost has its jobs done by another one; a job that no worker survives is given up alone.
"""

from __future__ import annotations

import asyncio
import logging
import pickle
import queue
import time
import uuid
import warnings
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, Self

import distributed
from distributed.client import FutureCancelledError
from distributed.scheduler import KilledWorker

from ..bundle import Bundle, identity
from ..executors import Cause, Limits, Lost
from ..press import Brief, Made
from ..problems import SetupError
from ..record import Item
from .branch import Branch, Failed, work

PATIENCE = 60
"""Seconds that a cluster may be without any worker before it is given up."""

CONNECTS = 5
"""Seconds within which a scheduler answers."""

_AHEAD = 3
"""Jobs under way for each thread of the cluster: one at work, one beside it, one on its way."""

_TICK = 2
"""Seconds between two looks at how many workers there are."""

_HOLDS = "a scheduler, and workers that reach it, must run: see the README, More than one machine"


class Cluster:
    """Use it as a context manager. Raises SetupError when the scheduler does not answer or no worker comes."""

    def __init__(self, address: str, limits: Limits) -> None:
        self._address, self._limits = address, limits
        self._branch: Branch | None = None
        self._stamp = ""
        _hush()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # other versions of Dask do, as long as the press is the same
                self._client = distributed.Client(address, timeout=CONNECTS, set_as_default=False, name="dossier")
        except (OSError, ValueError) as failure:
            raise SetupError(f"no Dask scheduler answers at {address}; {_HOLDS}") from failure

    def run(self, brief: Brief, items: Sequence[Item]) -> Iterator[tuple[int, Made | Lost]]:
        """Answers as they come, each with its item's number. What the work raises is raised here."""
        try:
            self._send(Bundle.of(brief))
            yield from _Run(self._client, self._address, self._branch_name).answers(items)
        except BaseException:
            self._recall()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._recall()
        with suppress(Exception):  # a scheduler that is gone cannot be taken leave of
            self._client.close(timeout=CONNECTS)

    @property
    def _branch_name(self) -> str:
        return self._branch.name if self._branch else ""

    def _send(self, bundle: Bundle) -> None:
        """Let every worker have the bundle, those that are yet to join too."""
        if self._branch and self._stamp == bundle.stamp:
            return
        self._recall()
        self._branch = Branch(f"dossier-{uuid.uuid4().hex}", bundle, self._limits, identity())
        self._stamp = bundle.stamp
        try:
            self._client.register_plugin(self._branch)
        except Exception as failure:
            message = (
                f"the workers of {self._address} cannot take jobs of the press: {type(failure).__name__}: {failure}"
            )
            raise SetupError(f"{message[:300]} (it must be installed on each: dossier-press[dask])") from failure

    def _recall(self) -> None:
        if self._branch:
            with suppress(Exception):  # what is left ends by itself
                self._client.unregister_worker_plugin(self._branch.name)
        self._branch, self._stamp = None, ""


def _hush() -> None:
    """What happens to workers is told by us, where it matters; each logger of Dask has a level of its own."""
    for name in [name for name in logging.root.manager.loggerDict if name.partition(".")[0] == "distributed"]:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


class _Run:
    """Items on their way through the cluster: only as many as keep it busy, whatever their number."""

    def __init__(self, client: distributed.Client, address: str, branch: str) -> None:
        self._client, self._address, self._branch = client, address, branch
        self._answers: queue.SimpleQueue[tuple[int, bytes | Exception]] = queue.SimpleQueue()
        self._under_way: dict[int, distributed.Future[bytes]] = {}
        assert client.loop is not None
        self._loop = client.loop
        self._threads, self._seen, self._looked = 0, time.monotonic(), 0.0

    def answers(self, items: Sequence[Item]) -> Iterator[tuple[int, Made | Lost]]:
        waiting = deque(range(len(items)))
        try:
            while waiting or self._under_way:
                self._look()
                while waiting and len(self._under_way) < max(1, _AHEAD * self._threads):
                    number = waiting.popleft()
                    self._hand_out(number, pickle.dumps(items[number]))
                with suppress(queue.Empty):
                    number, answer = self._answers.get(timeout=_TICK)
                    self._under_way.pop(number).release()
                    yield number, self._opened(answer)
        finally:
            if self._under_way:
                with suppress(Exception):  # the scheduler may be what is gone
                    self._client.cancel(list(self._under_way.values()))

    def _look(self) -> None:
        """Count the threads there are, now and then; raises SetupError when there have been none for long."""
        now = time.monotonic()
        if now - self._looked < _TICK:
            return
        self._looked = now
        try:
            self._threads = sum(self._client.nthreads().values())
        except Exception as failure:
            raise self._gone() from failure
        if self._threads:
            self._seen = now
        elif now - self._seen > PATIENCE:
            raise SetupError(f"{self._address} has had no worker for {PATIENCE} seconds; {_HOLDS}")

    def _hand_out(self, number: int, job: bytes) -> None:
        key = f"{self._branch}-{number}"
        future = self._client.submit(work, job, self._branch, key=key, pure=False)
        self._under_way[number] = future
        self._loop.add_callback(self._fetch, number, future)

    async def _fetch(self, number: int, future: distributed.Future[bytes]) -> None:
        try:
            answer: Any = await self._client.gather(future, asynchronous=True)
        except (Exception, asyncio.CancelledError) as failure:  # noqa: BLE001 - sorted out where it is heard
            answer = failure if isinstance(failure, Exception) else FutureCancelledError(str(future.key), "cancelled")
        self._answers.put((number, answer))

    def _opened(self, answer: bytes | Exception) -> Made | Lost:
        match answer:
            case KilledWorker():
                return Lost(Cause.DIED, f"with each of {answer.allowed_failures + 1} workers")
            case FutureCancelledError():
                raise self._gone() from answer
            case Exception():
                raise answer
        opened: Made | Lost | Failed = pickle.loads(answer)
        if isinstance(opened, Failed):
            raise opened.failure
        return opened

    def _gone(self) -> SetupError:
        return SetupError(f"the scheduler at {self._address} is gone; run it again when it is back")
