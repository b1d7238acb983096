"""The command that binds a book."""

from __future__ import annotations

import argparse
import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import commands as do
from . import options as option

if TYPE_CHECKING:
    from ..anthology import Book, Stats


def add(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Declare ``anthology``."""
    anthology = command(
        "anthology",
        _anthology,
        "bind the archive as a book",
        "Dossiers are typeset once each and bound with contents, dividers, register and index; an edit makes one anew. "
        "The book goes to DIR/anthology.pdf, a selection to DIR/anthology-SELECTION.pdf.",
        "dossier anthology",
        "dossier anthology --only family:ai-and-data --paper a5 --theme mono",
        "dossier anthology --html out/anthology.html --stats",
    )
    option.selection(anthology)
    option.archive(anthology)
    option.setting(anthology)
    option.standard(anthology)
    anthology.add_argument(
        "--title", metavar="WORDS", default="", help="what the book is called (archive.yaml's title)"
    )
    anthology.add_argument("--edition", metavar="WORDS", default="", help="which edition it is (archive.yaml's)")
    anthology.add_argument(
        "--cover", choices=("on", "off"), default="on", help="a front and a back cover round the pages (on)"
    )
    anthology.add_argument("-o", dest="file", metavar="FILE", type=Path, help="where the book goes")
    anthology.add_argument(
        "--output", metavar="DIR", type=Path, default=Path("out"), help="where results go without -o (out)"
    )
    anthology.add_argument(
        "--html", metavar="FILE", type=Path, help="also write the book as one self-contained document of HTML"
    )
    anthology.add_argument(
        "--fit", choices=("on", "off"), default="on", help="try the density that fills the pages best (on)"
    )
    anthology.add_argument(
        "--keep-going", action="store_true", help="bind a sheet that says so in place of a dossier that cannot be made"
    )
    anthology.add_argument("--stats", action="store_true", help="say how much was typeset and how much was kept")
    anthology.add_argument("--explain", action="store_true", help="say what changed since the book was bound last")
    option.work(anthology)
    option.cache(anthology)
    option.form(anthology)


def _anthology(options: argparse.Namespace) -> int:
    from ..progress import Counter

    counter = Counter("typesetting")
    try:
        book = do.archive_of(options).anthology(
            only=options.only,
            exclude=options.exclude,
            title=options.title,
            edition=options.edition,
            cover=options.cover == "on",
            file=options.file,
            keep_going=options.keep_going,
            progress=counter,
            **do.work(options),
        )
    finally:
        counter.close()
    return _report(book, options)


def _report(book: Book, options: argparse.Namespace) -> int:
    more: dict[str, Any] = {}
    if options.stats:
        more["stats"] = _as_data(book.stats)
    if options.explain:
        more["explain"] = {reason.slug: list(reason.changes) for reason in book.outcome.reasons}
    if options.format == "text":
        if options.explain:
            for reason in book.outcome.reasons:
                print(reason)
        if options.stats:
            print(_as_text(book.stats), file=sys.stderr)
    return do.report(book.outcome.files, book.outcome.problems, options.format, more)


def _as_data(stats: Stats) -> dict[str, Any]:
    return {
        "typeset": {"dossiers": sorted(stats.dossiers), "pieces": sorted(stats.pieces)},
        "kept": stats.taken,
        "pages": stats.pages,
        "blank": stats.blanks,
    }


def _as_text(stats: Stats) -> str:
    if not stats.pages:
        return "nothing changed; nothing was typeset or bound"
    counted = functools.partial(_counted, shown=3)
    return (
        f"typeset: {counted(stats.dossiers, 'dossier')}, {counted(stats.pieces, 'other piece')}; "
        f"kept: {stats.taken}; bound: {stats.pages} pages, {stats.blanks} of them blank"
    )


def _counted(names: list[str], noun: str, shown: int) -> str:
    listed = f" ({', '.join(sorted(names))})" if 0 < len(names) <= shown else ""
    return f"{len(names)} {noun}{'' if len(names) == 1 else 's'}{listed}"
