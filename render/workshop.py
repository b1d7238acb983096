"""Presses at work: as many processes as are wanted, here or on a cluster, warm from one run to the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from .executors import Cause, Limits, Lost, Pool, scheduler
from .problems import Problem, SetupError, error
from .record import Item

if TYPE_CHECKING:
    from .cluster import Cluster
    from .press import Brief, Made

Job = tuple["Brief", Item]


ItemT = TypeVar("ItemT", bound=Item)


class Workshop:
    """Use it as a context manager; processes start as there are dossiers to be made.

    ``executor`` is who has them: this machine, with ``jobs`` of them, or ``dask://HOST:PORT``. Raises UsageError for
    another one.
    """

    def __init__(self, jobs: int, limits: Limits, executor: str = "") -> None:
        self._jobs, self._limits = jobs, limits
        self._scheduler = scheduler(executor) if executor else ""
        self._pool: Pool[Job, Made] | None = None
        self._cluster: Cluster | None = None

    def make(self, brief: Brief, items: Sequence[ItemT]) -> Iterator[tuple[ItemT, Made]]:
        """Each item as it is finished. One that its process did not survive comes with the problem that says so."""
        from . import press

        for number, answer in self._answers(brief, items):
            item = items[number]
            yield item, press.Made(None, (self._lost(item, answer),)) if isinstance(answer, Lost) else answer

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.__exit__(kind, failure, trace)
            self._pool = None
        if self._cluster is not None:
            self._cluster.__exit__(kind, failure, trace)
            self._cluster = None

    def _answers(self, brief: Brief, items: Sequence[Item]) -> Iterator[tuple[int, Made | Lost]]:
        from . import press

        if self._scheduler:
            if self._cluster is None:
                self._cluster = _cluster(self._scheduler, self._limits)
            return self._cluster.run(brief, items)
        if self._pool is None:
            self._pool = Pool(press.make, max(1, self._jobs), self._limits, press.warm, brief)
            self._pool.__enter__()
        return self._pool.run([(brief, item) for item in items])

    def _lost(self, item: Item, lost: Lost) -> Problem:
        slug, place = item.slug, item.place
        match lost.cause:
            case Cause.TIMEOUT:
                message = f"{slug} was given up after {self._limits.seconds:g} seconds"
                return error("timeout", place, message, "shorten the record, or give it more with --timeout")
            case Cause.MEMORY:
                message = f"{slug} needs more than {self._limits.memory} MiB of memory"
                return error("memory", place, message, "shorten the record, or give it more with --memory")
            case Cause.DIED:
                return error("died", place, f"the process that made {slug} died {lost.detail}".rstrip())


def _cluster(address: str, limits: Limits) -> Cluster:
    try:
        from .cluster import Cluster
    except ImportError as lack:
        raise SetupError(f"a package for clusters is missing ({lack}): pip install 'dossier-press[dask]'") from lack
    return Cluster(address, limits)
