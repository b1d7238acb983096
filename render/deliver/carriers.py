"""What carries a message away, and the ways in which that can end.

A carrier is first offered an envelope, which costs nothing, and then handed the message. Between the two the caller
writes down that it is about to happen.
"""

from __future__ import annotations

import hashlib
import os
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from .. import output


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who sends how many bytes, to whom. ``international`` needs SMTPUTF8."""

    sender: str
    recipients: tuple[str, ...]
    size: int
    international: bool = False


class Carrier(Protocol):
    def offer(self, envelope: Envelope) -> None:
        """Ask whether a message will be taken. Raises RefusedError, DeferredError, LostError or InputError."""

    def hand_over(self, message: bytes) -> str:
        """Give the message that was offered; what was answered. Raises RefusedError, DeferredError, LostError,
        UncertainError.
        """

    def close(self) -> None: ...


class NotTakenError(Exception):
    """The message was not taken; ``words`` are the server's, or ours where it said nothing."""

    def __init__(self, words: str) -> None:
        self.words = words
        super().__init__(words)


class RefusedError(NotTakenError):
    """It never will be (5xx)."""


class DeferredError(NotTakenError):
    """It may be later (4xx)."""


class LostError(NotTakenError):
    """The connection is gone, and the message certainly was not taken."""


class UncertainError(Exception):
    """The connection went when all had been handed over: nobody knows whether the message was taken."""

    def __init__(self, words: str) -> None:
        self.words = words
        super().__init__(words)


class Maildir:
    """A folder of messages that mail programs read. A message that comes again takes its own place again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for name in ("tmp", "new", "cur"):
            (folder / name).mkdir(parents=True, exist_ok=True)

    def offer(self, envelope: Envelope) -> None:
        """Everything is taken."""

    def hand_over(self, message: bytes) -> str:
        """Raises OSError when it cannot be written."""
        head = message.partition(b"\r\n\r\n")[0]
        named = next((line for line in head.split(b"\r\n") if line.lower().startswith(b"message-id:")), head)
        name = f"{hashlib.sha256(named).hexdigest()[:32]}.{socket.gethostname().replace('/', '_').replace(':', '_')}"
        part = output.write(self._folder / "tmp" / name, message)
        os.replace(part, self._folder / "new" / name)  # noqa: PTH105 - both names are ours
        return f"written to {self._folder / 'new' / name}"

    def close(self) -> None:
        pass
