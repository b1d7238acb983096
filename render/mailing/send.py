"""Spool -> server: every message once, its row written before and after."""

from __future__ import annotations

import datetime as dt
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FrameType

from .. import ledger
from ..campaign import Address
from ..deliver import (
    Carrier,
    DeferredError,
    Envelope,
    Letter,
    LostError,
    NotTakenError,
    RefusedError,
    UncertainError,
    Writer,
)
from ..ledger import DEFERRED, FAILED, SENDING, SENT, UNKNOWN, Delivery, Ledger
from ..orders import Progress
from ..problems import InputError, Problem, error
from .account import CHANGED, PENDING, Line, lines, opened
from .spool import Plan, Spool

IN_A_ROW = 25
"""Refusals, one after the other, that look more like a server that has had enough than like wrong addresses."""

LONGEST_WAIT = 300.0
"""Seconds."""


@dataclass(frozen=True)
class Manner:
    """How to send. ``states`` are those that a message may be in to be sent; ``limit`` and ``rate`` 0 are none.

    ``rate`` is messages a minute; a message that the server puts off is tried ``tries`` times, the first time again
    after ``wait`` seconds, then after twice as long each time.
    """

    states: frozenset[str] = frozenset({PENDING})
    limit: int = 0
    rate: float = 0
    tries: int = 5
    wait: float = 2.0


@dataclass
class Sent:
    """What came of a run, by address and what was said of it. ``left`` is how many messages still wait."""

    sent: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    deferred: list[tuple[str, str]] = field(default_factory=list)
    unknown: list[tuple[str, str]] = field(default_factory=list)
    left: int = 0
    is_trial: bool = False
    is_interrupted: bool = False
    problems: list[Problem] = field(default_factory=list)
    """What ended the run before its time."""


def send(
    path: Path, results: Path, connect: Callable[[], Carrier], manner: Manner, tell: Progress | None = None,
    *, agree: Callable[[int], bool] = lambda _: True, new_ledger: bool = False,
) -> Sent:  # fmt: skip
    """Send what is left of a campaign: the first time one message, from then on all, once ``agree`` says so.

    ``connect`` makes what carries the messages when there is one to send. What ends a run before its time is in its
    outcome. Raises InputError when it cannot begin: no plan, no ledger where there should be one, another that sends.
    """
    campaign, spool, plan = opened(path, results)
    if not campaign.ledger.exists() and not new_ledger:
        message = "the campaign was planned, but its ledger is gone: nobody knows what was sent"
        hint = "put it back; or, if nothing was, send with --new-ledger"
        raise InputError([error("no-ledger", campaign.ledger, message, hint)])
    with ledger.held(campaign.ledger), ledger.opened(campaign.ledger, campaign.name) as book:
        book.settle()
        run = _Run(spool, plan, book, manner, tell)
        todo = run.todo()
        if not todo:
            return run.result
        if not run.result.is_trial and not agree(len(todo)):
            run.result.left = run.waiting
            return run.result
        carrier = connect()
        try:
            with _stoppable() as stop:
                run.go(todo, carrier, stop)
        except InputError as failure:
            run.result.problems += failure.problems
        finally:
            carrier.close()
        return run.result


def try_out(path: Path, results: Path, carrier: Carrier, to: Address, count: int) -> list[str]:
    """Send the first messages to somebody else, outside the ledger and without copies. Raises InputError."""
    _, spool, plan = opened(path, results)
    writer = Writer(spool.enclosed)
    answers = []
    now = dt.datetime.now(dt.UTC)
    for one in plan.messages[:count]:
        letter = replace(spool.letter(plan, one), to=Address(to.wire, one.to.name), cc=(), bcc=())
        said = replace(letter, campaign=f"{letter.campaign} tried {now.isoformat()} {one.to.key}")
        message = writer.write(said, now, said.message_id())
        try:
            carrier.offer(_envelope(letter, message))
            answers.append(carrier.hand_over(message))
        except (NotTakenError, UncertainError) as failure:
            raise InputError([error("not-sent", to.wire, f"it was not sent: {failure.words}")]) from failure
    return answers


def _envelope(letter: Letter, message: bytes) -> Envelope:
    recipients = tuple(dict.fromkeys(address.wire for address in letter.envelope))
    return Envelope(letter.sender.wire, recipients, len(message), letter.international)


@dataclass
class _Waiting:
    """A message in the queue: how often it was tried, and when it may be again (by the monotonic clock)."""

    line: Line
    tried: int = 0
    due: float = 0.0


class _Run:
    def __init__(self, spool: Spool, plan: Plan, book: Ledger, manner: Manner, tell: Progress | None) -> None:
        self._spool, self._plan, self._book = spool, plan, book
        self._manner, self._tell = manner, tell
        self._writer = Writer(spool.enclosed)
        self._lines = lines(plan, book.rows())
        self._next = 0.0
        self._lost = self._refused = self._done = 0
        self.result = Sent()
        begun = any(line.row and line.row.state in (SENT, UNKNOWN) for line in self._lines)
        self.result.is_trial = not begun
        self.waiting = sum(line.state in manner.states and line.planned is not None for line in self._lines)
        self.result.left = self.waiting

    def todo(self) -> list[Line]:
        wanted = [line for line in self._lines if line.planned and line.state in self._manner.states]
        if self.result.is_trial:
            return wanted[:1]
        return wanted[: self._manner.limit or None]

    def go(self, todo: Sequence[Line], carrier: Carrier, stop: threading.Event) -> None:
        """Send in order; what is put off goes to the end of the queue."""
        queue = deque(_Waiting(line) for line in todo)
        while queue and not stop.is_set():
            one = queue.popleft()
            pause = max(one.due, self._next) - time.monotonic()
            if pause > 0 and stop.wait(pause):
                break
            self._next = time.monotonic() + (60 / self._manner.rate if self._manner.rate else 0)
            if not self._deliver(one, carrier):
                queue.append(one)
            elif self._tell:
                self._done += 1
                self._tell(self._done, len(todo), one.line.address)
        self.result.is_interrupted = stop.is_set()

    def _deliver(self, one: _Waiting, carrier: Carrier) -> bool:
        """One message; False when it is to be tried again. Raises InputError when there is no use in going on."""
        planned, before = one.line.planned, one.line.row
        assert planned is not None
        letter = self._spool.letter(self._plan, planned)
        edition = before.edition + (one.line.state == CHANGED) if before else 0
        row = Delivery(
            planned.to.key, planned.part, planned.parts, SENDING, letter.message_id(edition), planned.hashes, edition
        )
        message = self._writer.write(letter, dt.datetime.now(dt.UTC), row.message_id)
        is_written = False
        try:
            carrier.offer(_envelope(letter, message))
            self._book.intend(row)
            is_written = True
            words = carrier.hand_over(message)
        except UncertainError as failure:
            self._settle(row, UNKNOWN, failure.words)
            self.result.unknown.append((planned.to.wire, failure.words))
            self.result.left -= 1
            return True
        except RefusedError as failure:
            self._settle(row, FAILED, failure.words)
            self.result.failed.append((planned.to.wire, failure.words))
            self.result.left -= 1
            self._count_refusal(failure.words)
            return True
        except (DeferredError, LostError) as failure:
            if is_written:
                self._restore(row, before)
            return self._put_off(one, row, failure)
        except OSError:
            if is_written:  # a folder that cannot be written to; nothing has left
                self._restore(row, before)
            raise
        self._settle(row, SENT, words)
        self.result.sent.append(planned.to.wire)
        self.result.left -= 1
        self._lost = self._refused = 0
        return True

    def _put_off(self, one: _Waiting, row: Delivery, failure: NotTakenError) -> bool:
        """Wait longer each time; give a message up for this run after so many tries, and the run when nothing works."""
        one.tried += 1
        if isinstance(failure, LostError):
            # A server may hang up after so many messages: the first time we call again at once.
            self._next = max(self._next, time.monotonic() + (self._pause(self._lost) if self._lost else 0))
            self._lost += 1
            if self._lost >= self._manner.tries:
                message = f"the server cannot be reached, or does not stay: {failure.words}"
                hint = "sending goes on where it stopped when you send again"
                raise InputError([error("server", row.address, message, hint)]) from failure
        else:
            one.due = time.monotonic() + self._pause(one.tried)
            self._lost = 0
        if one.tried < self._manner.tries:
            return False
        if one.line.state == PENDING:
            self._settle(row, DEFERRED, failure.words)
        self.result.deferred.append((one.line.address, failure.words))
        return True

    def _pause(self, times: int) -> float:
        return min(self._manner.wait * 2.0 ** (times - 1), LONGEST_WAIT)

    def _settle(self, row: Delivery, state: str, words: str) -> None:
        self._book.write(replace(row, state=state, reply=words))

    def _restore(self, row: Delivery, before: Delivery | None) -> None:
        """What the ledger said before: it is certain that nothing was taken."""
        if before:
            self._book.write(before)
        else:
            self._book.strike(row.key)

    def _count_refusal(self, words: str) -> None:
        self._refused += 1
        if self._refused >= IN_A_ROW:
            message = f"the server refused {IN_A_ROW} messages in a row, the last with: {words}"
            hint = "ask who runs it; sending goes on where it stopped when you send again"
            raise InputError([error("server", self._book.path, message, hint)])


@contextmanager
def _stoppable() -> Iterator[threading.Event]:
    """An event that Ctrl-C or SIGTERM sets: the message on its way is finished. The second time they interrupt."""
    stop = threading.Event()

    def note(_number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
