"""Parse, call, print."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from ..problems import InputError, SetupError, UsageError, error, reason_of
from .arguments import parser
from .commands import FAILED, report

MISUSED, INTERRUPTED = 2, 130
_STANDARD_ERROR = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Exit status: 0 done, 1 problems in the input, 2 a command that cannot be meant."""
    _open_streams()
    options = argparse.Namespace(format="text")
    try:
        status = _run(arguments, options)
        sys.stdout.flush()
    except OSError as failure:
        # Whoever read has gone, or has no room; what is still in the buffer must not complain when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        with suppress(OSError):
            return FAILED if isinstance(failure, BrokenPipeError) else _complain(reason_of(failure), FAILED)
        return FAILED
    return status


def _run(arguments: Sequence[str] | None, options: argparse.Namespace) -> int:
    """Raises OSError where not even what is wrong can be told."""
    try:
        parser().parse_args(arguments, options)
        return int(options.run(options))
    except UsageError as misuse:
        return _complain(misuse, MISUSED)
    except InputError as failure:
        return report((), failure.problems, options.format)
    except SetupError as lack:
        return _complain(lack, FAILED)
    except KeyboardInterrupt:
        return _complain("interrupted", INTERRUPTED)
    except BrokenPipeError:
        raise
    except OSError as failure:
        return report((), [error("system", str(failure.filename or "output"), reason_of(failure))], options.format)


def _open_streams() -> None:
    """Streams that whoever started us had closed lead nowhere; else the next file opened would stand in for them."""
    while (spare := os.open(os.devnull, os.O_RDWR)) <= _STANDARD_ERROR:
        pass
    os.close(spare)
    sys.stdout = sys.stdout or os.fdopen(1, "w", closefd=False)
    sys.stderr = sys.stderr or os.fdopen(_STANDARD_ERROR, "w", closefd=False)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _complain(what: object, status: int) -> int:
    print(f"dossier: {what}", file=sys.stderr)
    return status
