"""What goes to printers, and what looks at files for print: the commands and their options."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..problems import InputError, Problem, UsageError, error, reason_of
from . import commands as do
from . import options as option

if TYPE_CHECKING:
    from ..preflight import Report
    from ..presets import Preset
    from ..printer import Printed


def add(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Declare ``print`` and ``preflight``."""
    _print(command)
    _preflight(command)


def _print(command: Callable[..., argparse.ArgumentParser]) -> None:
    made = command(
        "print",
        _make,
        "make files for a printer or a printing house",
        "Without slugs, the book: for a house its interior and its cover, for the office sheets on both sides, or a "
        "booklet to be folded. With slugs, those dossiers for the office. Each file is checked after it is made; exit "
        "status 1 when a check fails. Files go to DIR/print/PRESET.",
        "dossier print --for kdp --paper-stock cream",
        "dossier print --for ingramspark --spine 14.2mm --proof",
        "dossier print --for booklet --sheet letter --signature 16",
        "dossier print sdet scrum-master --for office --printer second-floor",
    )
    option.specimens(made)
    option.archive(made)
    option.setting(made)
    _which(made)
    made.add_argument("--paper-stock", metavar="NAME", default="", help="what the book is printed on, for the spine")
    made.add_argument(
        "--spine", metavar="WIDTH", type=_Length(300), default=0.0, help="a spine's width that the house gave"
    )
    made.add_argument("--proof", action="store_true", help="draw folds, cuts and safe areas on the cover, to look at")
    made.add_argument("--sheet", metavar="NAME", default="", help="the sheet of an office or booklet: a4 or letter")
    made.add_argument(
        "--printable", metavar="WIDTH", type=_Length(50), default=-1.0, help="what the printer leaves blank (5mm)"
    )
    made.add_argument(
        "--signature", metavar="N", type=option.count, default=0, help="pages of a sewn section (all in one)"
    )
    made.add_argument(
        "--thickness", metavar="WIDTH", type=_Length(5), default=-1.0, help="of a sheet, for creep (0.1mm)"
    )
    made.add_argument("--printer", metavar="NAME", default="", help="send it to this printer, by way of CUPS")
    made.add_argument("--output", metavar="DIR", type=Path, default=Path("out"), help="where results go (out)")
    made.add_argument("--stats", action="store_true", help="say how much was typeset, and what was computed")
    option.work(made)
    option.cache(made)
    option.form(made)


def _preflight(command: Callable[..., argparse.ArgumentParser]) -> None:
    made = command(
        "preflight",
        _check,
        "check a PDF for print",
        "Reads the file itself: boxes, fonts, colours, ink, lines, type, pictures, margins. "
        "Exit status 1 when something fails.",
        "dossier preflight out/print/kdp/interior.pdf --for kdp",
        "dossier preflight cover.pdf --for lulu --part cover --format json",
    )
    made.add_argument("files", metavar="FILE", nargs="+", type=Path, help="PDFs, whoever made them")
    _which(made)
    made.add_argument(
        "--part",
        choices=("interior", "cover", "sheets"),
        default="",
        help="what the file is (by its name, else interior)",
    )
    option.form(made)


def _which(command: argparse.ArgumentParser) -> None:
    which = command.add_mutually_exclusive_group(required=True)
    which.add_argument(
        "--for",
        dest="preset",
        metavar="PRESET",
        default="",
        help="kdp, lulu, ingramspark, generic, office or booklet",
    )
    which.add_argument("--preset", dest="preset_file", metavar="FILE", type=Path, help="a preset of your own")


def _make(options: argparse.Namespace) -> int:
    from ..progress import Counter

    preset = _chosen(options)
    if options.printer and preset.kind == "house":
        raise UsageError(f"--printer is for office and booklet; {preset.name} is a house that takes files")
    counter = Counter("typesetting")
    try:
        printed = do.archive_of(options).print(
            options.preset_file or options.preset,
            *options.specimens,
            only=options.only,
            exclude=options.exclude,
            stock=options.paper_stock,
            spine=options.spine,
            proof=options.proof,
            sheet=options.sheet,
            printable=options.printable,
            signature=options.signature,
            thickness=options.thickness,
            output=options.output,
            progress=counter,
            **do.processes(options),
        )
    finally:
        counter.close()
    return _report(printed, preset, options)


def _report(printed: Printed, preset: Preset, options: argparse.Namespace) -> int:
    from ..printer import spool

    for remark in printed.remarks:
        print(remark, file=sys.stderr)
    if options.stats and printed.stats:
        print(", ".join(f"{name}: {value}" for name, value in printed.stats.items()), file=sys.stderr)
    if options.format == "text":
        for report in printed.reports:
            print(report.table())
    more = {"preflight": [report.data() for report in printed.reports], "stats": printed.stats}
    failures = [problem for report in printed.reports for problem in report.problems()]
    listed = [*printed.outcome.problems, *(failures if options.format == "json" else ())]
    status = do.report(printed.files, listed, options.format, more)
    if not printed.passed:
        return do.FAILED
    if options.printer:
        kind = preset.office or preset.booklet
        paper = options.sheet or (kind.paper if kind else "")
        for path in printed.files:
            print(spool.send(path, options.printer, printed.sides, paper), file=sys.stderr)
    return status


def _check(options: argparse.Namespace) -> int:
    from .. import preflight

    preset = _chosen(options)
    reports: list[Report] = []
    problems: list[Problem] = []
    for path in options.files:
        try:
            data = path.read_bytes()
            reports.append(preflight.judge(data, str(path), preset, options.part or _part(path, preset)))
        except InputError as unread:
            problems += unread.problems
        except OSError as failure:
            problems.append(error("system", path, reason_of(failure)))
    if options.format == "json":
        do.print_json([report.data() for report in reports])
    else:
        for report in reports:
            print(report.table())
    passed = all(report.passed for report in reports)
    return do.OK if do.report((), problems, "text") == do.OK and passed else do.FAILED


def _part(path: Path, preset: Preset) -> str:
    if preset.interior is None:
        return "sheets"
    return "cover" if "cover" in path.stem else "interior"


def _chosen(options: argparse.Namespace) -> Preset:
    from .. import presets

    return presets.read(options.preset_file) if options.preset_file else presets.find(options.preset)


@dataclass(frozen=True)
class _Length:
    """Reads a length of at most so many mm: more is a slip of the pen, and would be set for hours."""

    most: float

    def __call__(self, text: str) -> float:
        from .. import presets

        try:
            length = round(float(presets.length(text)), 4)
        except ValueError as reason:
            raise argparse.ArgumentTypeError(str(reason)) from reason
        if length > self.most:
            raise argparse.ArgumentTypeError(f"{text} is too much; it must be at most {self.most:g}mm")
        return length
