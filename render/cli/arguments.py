"""The commands and their options."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from .. import __version__
from . import commands as do

Run = Callable[[argparse.Namespace], int]

_STATUS = "exit status: 0 done, 1 problems in the input, 2 a command that cannot be meant"


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="dossier",
        description="The press that turns YAML records into printed dossiers.",
        epilog=f"{_STATUS}\n`dossier COMMAND --help` says more of each.",
        formatter_class=_Help,
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"dossier {__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", dest="command", required=True)

    def command(name: str, run: Run, brief: str, more: str, *examples: str) -> argparse.ArgumentParser:
        made = commands.add_parser(
            name,
            help=brief,
            description=f"{brief[0].upper()}{brief[1:]}. {more}",
            epilog="\n  ".join(("examples:", *examples)),
            formatter_class=_Help,
            allow_abbrev=False,
        )
        made.set_defaults(run=run)
        return made

    render = command(
        "render",
        do.render,
        "make a PDF of each specimen",
        "With slugs, only of those; then problems elsewhere in the archive do not matter. "
        "Without, of every sound record, and the others are reported. PDFs go to DIR/dossiers/SLUG.pdf.",
        "dossier render",
        "dossier render family:ai-and-data --exclude tag:draft",
        "dossier render sdet --theme mono --paper letter",
        "dossier render --output proofs --html proofs/html",
    )
    _specimens(render)
    _archive(render)
    _setting(render)
    render.add_argument("--output", metavar="DIR", type=Path, default=Path("out"), help="where results go (out)")
    render.add_argument("--html", metavar="DIR", type=Path, help="also write what is set, as self-contained HTML")
    render.add_argument(
        "--fit", choices=("on", "off"), default="on", help="try the density that fills the pages best (on)"
    )
    render.add_argument("--explain", action="store_true", help="say of each dossier what changed since the last run")
    render.add_argument("--watch", action="store_true", help="make them again whenever a file they come from is saved")
    _work(render)
    _cache(render)
    _format(render)

    check = command(
        "check",
        do.check,
        "validate records without setting them",
        "Reports every problem of every file in one run, each with its line and column. "
        "With slugs, looks at those records and what they name.",
        "dossier check",
        "dossier check sdet enterprise-architect",
        "dossier check --pages",
        "dossier check --format json",
    )
    _specimens(check)
    _archive(check)
    _setting(check)
    check.add_argument(
        "--pages", action="store_true", help="typeset, too, and look at the pages: overflow, short pages, codes"
    )
    check.add_argument("--output", metavar="DIR", type=Path, default=Path("out"), help="where results are (out)")
    _work(check)
    _cache(check)
    _format(check)

    intake = command(
        "intake",
        do.intake,
        "turn records in plain text into YAML",
        "What had to be guessed, and what could not be understood, stands as a comment in the file. "
        "A file that is there already stays as it is.",
        "dossier intake role.txt -o specimens",
        "dossier intake texts/ -o specimens --family ai-and-data --force",
    )
    intake.add_argument("files", metavar="FILE", nargs="+", type=Path, help="text records, or folders of them (*.txt)")
    intake.add_argument("-o", "--output", metavar="DIR", type=Path, required=True, help="where the YAML goes")
    intake.add_argument("--family", metavar="KEY", default="unfiled", help="the family they belong to (unfiled)")
    intake.add_argument("--force", action="store_true", help="replace files that are there")
    _archive(intake)
    _format(intake)

    new = command(
        "new",
        do.new,
        "begin a specimen",
        "Writes SLUG.yaml with every section as a comment to fill in, and the schemas that editors read.",
        "dossier new prompt-archaeologist",
    )
    new.add_argument("slug", metavar="SLUG", help="its name: lower-case letters, digits and single hyphens")
    _archive(new)
    _shelves(new)

    init = command(
        "init",
        do.init,
        "begin an archive that renders at once",
        "Writes archive.yaml, a specimen to change, and the schemas that editors read.",
        "dossier init registry",
    )
    init.add_argument("folder", metavar="DIR", type=Path, help="a folder that is new or empty")
    init.add_argument("--synthetic", metavar="N", type=_count, help="fill it with N made-up specimens, for trials")

    clean = command(
        "clean",
        do.clean,
        "remove what is kept of former runs",
        "Results stay where they are; the next run typesets everything again.",
        "dossier clean",
    )
    clean.add_argument("--output", metavar="DIR", type=Path, default=Path("out"), help="where results are (out)")
    clean.add_argument("--cache", metavar="DIR", type=Path, help="the folder, if it is not DIR/.cache")

    doctor = command(
        "doctor",
        do.doctor,
        "see whether all is there that the press needs",
        "Lists versions, libraries, fonts and room, and says of what is missing how to install it. "
        "Exit status 1 when something is.",
        "dossier doctor",
    )
    doctor.add_argument("--output", metavar="DIR", type=Path, default=Path("out"), help="where results go (out)")
    doctor.add_argument(
        "--cache", metavar="DIR", type=Path, help="where finished parts are kept (.cache in the output)"
    )
    _fonts(doctor)
    _format(doctor)

    listing = command(
        "layouts",
        do.layouts,
        "list the layouts",
        "Shows the papers, themes and sections of each.",
        "dossier layouts",
        "dossier layouts --layouts shelf",
    )
    _shelves(listing)
    _format(listing)

    taxonomy = command(
        "taxonomy",
        do.taxonomy,
        "print the tree of divisions and families",
        "Each with how many specimens are filed under it. The keys are those that family:KEY and division:KEY take.",
        "dossier taxonomy",
        "dossier taxonomy --specimens",
    )
    taxonomy.add_argument("--specimens", action="store_true", help="list the specimens of each family, too")
    _archive(taxonomy)
    _format(taxonomy)

    schema = command(
        "schema",
        do.schema,
        "print a JSON Schema for editors",
        "That of a specimen is put together from the sections of a layout.",
        "dossier schema > specimen.json",
        "dossier schema archive > archive.json",
    )
    schema.add_argument("of", choices=("specimen", "archive"), nargs="?", default="specimen", help="of what (specimen)")
    schema.add_argument("--layout", metavar="NAME", default="folder", help="whose sections (folder)")
    _shelves(schema)

    completion = command(
        "completion",
        _completion,
        "print the completion script of a shell",
        "The shell reads it at its start.",
        "dossier completion bash > ~/.local/share/bash-completion/completions/dossier",
        "dossier completion zsh > ~/.zfunc/_dossier",
    )
    completion.add_argument("shell", choices=("bash", "zsh"), help="which shell")
    return top


class _Help(argparse.HelpFormatter):
    """Wraps paragraphs and leaves indented lines, the examples, as they stand."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog)
        self._action_max_length = len("    completion")  # argparse forgets how deep commands are indented

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        lines = text.splitlines()
        return "\n".join(
            line if line[:1] == " " else super(_Help, self)._fill_text(line, width, indent) for line in lines
        )


def _folder(name: str) -> Path:
    path = Path(name)
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {name}")
    return path


def _specimens(command: argparse.ArgumentParser) -> None:
    """What is meant: slugs and sets of them, see ``editions``."""
    command.add_argument(
        "specimens",
        metavar="SPECIMEN",
        nargs="*",
        help="a slug (its file without .yaml), family:KEY, division:KEY or tag:NAME (all)",
    )
    for option, brief in (("--only", "of them, only these"), ("--exclude", "leave these out")):
        command.add_argument(
            option, metavar="SPECIMEN", nargs="+", action="extend", default=[], help=f"{brief}; said the same way"
        )


def _archive(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--archive", metavar="DIR", type=Path, help="the folder of archive.yaml (the nearest upward, else ./specimens)"
    )


def _shelves(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--layouts",
        metavar="DIR",
        type=_folder,
        action="append",
        default=[],
        help="a shelf of your own layouts and sections; can be given again",
    )


def _setting(command: argparse.ArgumentParser) -> None:
    command.add_argument("--layout", metavar="NAME", default="", help="the layout (see: dossier layouts)")
    command.add_argument("--theme", metavar="THEME", default="", help="colour or mono, which saves ink")
    command.add_argument(
        "--paper", metavar="PAPER", default="", help='a4, letter, a5, 5.5x8.5in, 6x9in or "148mm 210mm"'
    )
    _shelves(command)
    _fonts(command)


def _fonts(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--font-dir",
        metavar="DIR",
        type=_folder,
        action="append",
        default=[],
        help="fonts of your own, for more scripts; can be given again",
    )


def _work(command: argparse.ArgumentParser) -> None:
    command.add_argument("--jobs", metavar="N", type=_count, help="how many processes typeset (as many as cores)")
    command.add_argument(
        "--timeout", metavar="S", type=_count, default=60, help="seconds that one dossier may take (60)"
    )
    command.add_argument(
        "--memory", metavar="MIB", type=_count, default=1024, help="memory that one dossier may take (1024)"
    )


def _cache(command: argparse.ArgumentParser) -> None:
    where = command.add_mutually_exclusive_group()
    where.add_argument("--cache", metavar="DIR", type=Path, help="where finished parts are kept (.cache in the output)")
    where.add_argument("--no-cache", action="store_true", help="keep nothing and use nothing that was kept")
    command.add_argument(
        "--cache-size", metavar="SIZE", type=_size, default=2 << 30, help="what it may grow to, such as 500M (2G)"
    )


def _count(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text} is not a whole number above 0")
    return int(text)


def _size(text: str) -> int:
    """Bytes, with K, M or G for their powers of 1024."""
    number, unit = (text[:-1], text[-1].upper()) if text[-1:].isalpha() else (text, "")
    if not number.isdecimal() or unit not in ("", "K", "M", "G"):
        raise argparse.ArgumentTypeError(f"{text} is not a size such as 500M or 2G")
    return int(number) << {"": 0, "K": 10, "M": 20, "G": 30}[unit]


def _format(command: argparse.ArgumentParser) -> None:
    command.add_argument("--format", choices=("text", "json"), default="text", help="how results are printed (text)")


def _completion(options: argparse.Namespace) -> int:
    import shtab

    top = parser()
    commands = next(action for action in top._actions if isinstance(action, argparse._SubParsersAction))
    for made in commands.choices.values():
        for action in made._actions:
            if action.metavar in ("DIR", "FILE"):
                action.complete = shtab.FILE if action.metavar == "FILE" else shtab.DIRECTORY
    print(shtab.complete(top, options.shell))
    return do.OK
