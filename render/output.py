"""Outputs appear whole or not at all: a temporary file beside the target, fsync, rename."""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from .problems import Problem, error, reason_of

_PART = re.compile(r"\..+\.[0-9a-f]{16}\.part")
_YOUNG = 2
"""Seconds within which an empty file may be one that is about to be locked."""


def write(path: Path, data: bytes) -> Path:
    """Put ``data`` at ``path``, making its folder. Until the rename an older file stays as it was.

    Raises OSError with ``path`` as its file name (a full disk, a read-only folder); the temporary file is gone by then.
    """
    try:
        return _write(path, data, os.fsync)
    except OSError as failure:
        raise OSError(failure.errno, failure.strerror, str(path)) from failure


@contextmanager
def written(path: Path) -> Iterator[BinaryIO]:
    """A file to be written piece by piece, which appears at ``path`` when the block ends without an exception."""
    try:
        with _part(path, os.fsync) as file:
            yield file
    except OSError as failure:
        raise OSError(failure.errno, failure.strerror, str(path)) from failure


def put(path: Path, data: bytes) -> Path:
    """Like ``write``, but the system chooses when it reaches the disk: for what can be made again."""
    return _write(path, data, lambda _: None)


def sweep(folder: Path) -> None:
    """Remove what runs that were killed left of files half written. Whoever writes holds a lock."""
    with suppress(OSError):
        for part in [path for path in folder.iterdir() if _PART.fullmatch(path.name)]:
            with suppress(OSError), part.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if file.seek(0, os.SEEK_END) or time.time() - part.stat().st_mtime > _YOUNG:
                    part.unlink()


def unwritten(failure: OSError) -> Problem:
    """The problem that a file which could not be written is."""
    reason = reason_of(failure)
    return error("not-written", str(failure.filename), f"the file cannot be written: {reason}")


def _write(path: Path, data: bytes, settle: Callable[[int], None]) -> Path:
    with _part(path, settle) as file:
        file.write(data)
    return path


@contextmanager
def _part(path: Path, settle: Callable[[int], None]) -> Iterator[BinaryIO]:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name[:40]}.{secrets.token_hex(8)}.part")
    try:
        with part.open("xb") as file:
            with suppress(OSError):  # some network file systems know no locks
                fcntl.flock(file, fcntl.LOCK_EX)
            yield file
            file.flush()
            settle(file.fileno())
            part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
