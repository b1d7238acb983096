"""A book or dossiers, and a preset -> files for print, each one checked after it is made."""

from __future__ import annotations

from ..orders import Order, Progress
from .job import Job, Printed

__all__ = ["Job", "Printed", "dossiers", "make"]


def make(order: Order, job: Job, tell: Progress | None = None) -> Printed:
    """The book for print. Raises UsageError for a stock, paper or signature that cannot be."""
    from . import work

    return work.make(order, job, tell)


def dossiers(order: Order, job: Job, tell: Progress | None = None) -> Printed:
    """Single dossiers, each on sheets of its own. Raises UsageError for a preset that binds books."""
    from . import work

    return work.dossiers(order, job, tell)
