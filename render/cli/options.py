"""Options that commands share, and how a command presents itself."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from ..problems import UsageError

Run = Callable[[argparse.Namespace], int]


def add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Run,
    brief: str,
    more: str,
    *examples: str,
) -> argparse.ArgumentParser:
    """A command, with its help put together."""
    made = commands.add_parser(
        name,
        help=brief,
        description=f"{brief[0].upper()}{brief[1:]}. {more}",
        epilog="\n  ".join(("examples:", *examples)),
        formatter_class=Help,
        allow_abbrev=False,
    )
    made.set_defaults(run=run)
    return made


class Help(argparse.HelpFormatter):
    """Wraps paragraphs and leaves indented lines, the examples, as they stand."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog)
        self._action_max_length = len("    completion")  # argparse forgets how deep commands are indented

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        lines = text.splitlines()
        return "\n".join(
            line if line[:1] == " " else super(Help, self)._fill_text(line, width, indent) for line in lines
        )


def folder(name: str) -> Path:
    path = Path(name)
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {name}")
    return path


def room(name: str) -> Path:
    """A folder that need not be there yet."""
    path = Path(name)
    if path.exists() and not path.is_dir():
        raise argparse.ArgumentTypeError(f"{name} is a file; name a folder")
    return path


def specimens(command: argparse.ArgumentParser) -> None:
    """What is meant: slugs and sets of them, see ``editions``."""
    command.add_argument(
        "specimens",
        metavar="SPECIMEN",
        nargs="*",
        help="a slug (its file without .yaml), family:KEY, division:KEY or tag:NAME (all)",
    )
    selection(command)


def selection(command: argparse.ArgumentParser) -> None:
    """What of all that is on file, or of all that was named."""
    for option, brief in (("--only", "of them, only these"), ("--exclude", "leave these out")):
        command.add_argument(
            option, metavar="SPECIMEN", nargs="+", action="extend", default=[], help=f"{brief}; said the same way"
        )


def archive(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--archive", metavar="DIR", type=Path, help="the folder of archive.yaml (the nearest upward, else ./specimens)"
    )


def shelves(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--layouts",
        metavar="DIR",
        type=folder,
        action="append",
        default=[],
        help="a shelf of your own layouts and sections; can be given again",
    )


def setting(command: argparse.ArgumentParser) -> None:
    command.add_argument("--layout", metavar="NAME", default="", help="the layout (see: dossier layouts)")
    command.add_argument("--theme", metavar="THEME", default="", help="colour or mono, which saves ink")
    command.add_argument(
        "--paper", metavar="PAPER", default="", help='a4, letter, a5, 5.5x8.5in, 6x9in or "148mm 210mm"'
    )
    shelves(command)
    fonts(command)


def standard(command: argparse.ArgumentParser) -> None:
    """What files claim to be."""
    brief = "what files claim: a-3a (with UA-1), a-3b, a-3u, a-2a (with UA-1), a-2b, a-2u, ua-1, none (a-3a)"
    command.add_argument("--standard", metavar="NAME", default="", help=brief)


def purpose(command: argparse.ArgumentParser) -> None:
    """Which rendition of the layout."""
    brief = "a rendition of the layout: mail is the lean one (to DIR/dossiers-mail)"
    command.add_argument("--for", metavar="PURPOSE", dest="rendition", default="", help=brief)


def fonts(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--font-dir",
        metavar="DIR",
        type=folder,
        action="append",
        default=[],
        help="fonts of your own, for more scripts; can be given again",
    )


def work(command: argparse.ArgumentParser) -> None:
    command.add_argument("--jobs", metavar="N", type=count, help="how many processes typeset (as many as cores)")
    command.add_argument("--executor", metavar="URL", type=executor, help="typeset on a Dask cluster: dask://HOST:PORT")
    command.add_argument(
        "--timeout", metavar="S", type=count, default=60, help="seconds that one dossier may take (60)"
    )
    command.add_argument(
        "--memory", metavar="MIB", type=count, default=1024, help="memory that one dossier may take (1024)"
    )


def cache(command: argparse.ArgumentParser) -> None:
    where = command.add_mutually_exclusive_group()
    where.add_argument("--cache", metavar="DIR", type=room, help="where finished parts are kept (.cache in the output)")
    where.add_argument("--no-cache", action="store_true", help="keep nothing and use nothing that was kept")
    command.add_argument(
        "--cache-size", metavar="SIZE", type=size, default=2 << 30, help="what it may grow to, such as 500M (2G)"
    )


def executor(text: str) -> str:
    from ..executors import scheduler

    try:
        scheduler(text)
    except UsageError as misuse:
        raise argparse.ArgumentTypeError(str(misuse)) from misuse
    return text


def count(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text} is not a whole number above 0")
    return int(text)


def size(text: str) -> int:
    """Bytes, with K, M or G for their powers of 1024."""
    number, unit = (text[:-1], text[-1].upper()) if text[-1:].isalpha() else (text, "")
    if not number.isdecimal() or unit not in ("", "K", "M", "G"):
        raise argparse.ArgumentTypeError(f"{text} is not a size such as 500M or 2G")
    return int(number) << {"": 0, "K": 10, "M": 20, "G": 30}[unit]


def form(command: argparse.ArgumentParser) -> None:
    command.add_argument("--format", choices=("text", "json"), default="text", help="how results are printed (text)")
