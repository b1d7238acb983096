"""Outputs appear whole or not at all: a temporary file beside the target, fsync, rename."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from .problems import Problem, error


def write(path: Path, data: bytes) -> Path:
    """Put ``data`` at ``path``, making its folder. Until the rename an older file stays as it was.

    Raises OSError with ``path`` as its file name (a full disk, a read-only folder); the temporary file is gone by then.
    """
    try:
        return _write(path, data)
    except OSError as failure:
        raise OSError(failure.errno, failure.strerror, str(path)) from failure


def unwritten(failure: OSError) -> Problem:
    """The problem that a file which could not be written is."""
    reason = (failure.strerror or str(failure)).lower()
    return error("not-written", str(failure.filename), f"the file cannot be written: {reason}")


def _write(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o666 & ~_umask())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return path


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
