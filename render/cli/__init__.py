"""Parse, call, print."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence

from ..problems import InputError, SetupError, UsageError, error
from .arguments import parser
from .commands import FAILED, report

MISUSED, INTERRUPTED = 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Exit status: 0 done, 1 problems in the input, 2 a command that cannot be meant."""
    options = argparse.Namespace(format="text")
    try:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        parser().parse_args(arguments, options)
        status = int(options.run(options))
        sys.stdout.flush()
    except UsageError as misuse:
        return _complain(misuse, MISUSED)
    except InputError as failure:
        return report((), failure.problems, options.format)
    except SetupError as lack:
        return _complain(lack, FAILED)
    except KeyboardInterrupt:
        return _complain("interrupted", INTERRUPTED)
    except BrokenPipeError:
        # Whoever read has gone; what is still in the buffer must not complain when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except OSError as failure:
        reason = (failure.strerror or str(failure)).lower()
        return report((), [error("system", str(failure.filename or "output"), reason)], options.format)
    return status


def _complain(what: object, status: int) -> int:
    print(f"dossier: {what}", file=sys.stderr)
    return status
