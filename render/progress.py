"""What long work tells: a line that counts on a terminal, plain lines elsewhere. Always on stderr."""

from __future__ import annotations

import sys
import time
from typing import TextIO

from .settings import terminal

_EVERY = 0.1
"""Seconds between two repaints of the line."""


class Counter:
    """Told after each piece of work; says how much is done, and from a few on how long the rest will take."""

    def __init__(self, what: str, stream: TextIO | None = None) -> None:
        self._what = what
        self._stream = stream or sys.stderr
        self._width = terminal(self._stream).width
        self._begun = self._shown = time.monotonic()
        self._written = False

    def __call__(self, done: int, total: int, name: str) -> None:
        if total < 2:
            return
        if not self._width:
            print(f"{done}/{total} {name}", file=self._stream, flush=True)
            return
        now = time.monotonic()
        if done == total:
            self.close()
        elif now - self._shown >= _EVERY:
            self._shown = now
            line = f"{self._what} {done}/{total}{self._left(now, done, total)}  {name}"[: self._width - 1]
            self._stream.write(f"\r\x1b[K{line}")
            self._stream.flush()
            self._written = True

    def close(self) -> None:
        """Wipe the line, so that what is printed next stands alone."""
        if self._written:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._written = False

    def _left(self, now: float, done: int, total: int) -> str:
        if done < 5:
            return ""
        seconds = round((now - self._begun) / done * (total - done))
        return f", {seconds // 60}:{seconds % 60:02d} left"
