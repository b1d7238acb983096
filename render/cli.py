"""Parse, call, print. Results go to stdout, talk to stderr."""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import __version__
from .problems import InputError, Problem, SetupError, Severity, UsageError, error

if TYPE_CHECKING:
    from .layouts import Layout
    from .pipeline import Order

OK, FAILED, MISUSED, INTERRUPTED = 0, 1, 2, 130

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
        _render,
        "make a PDF of each specimen",
        "With slugs, only of those; then problems elsewhere in the archive do not matter. "
        "Without, of every sound record, and the others are reported. PDFs go to DIR/dossiers/SLUG.pdf.",
        "dossier render",
        "dossier render sdet --theme mono --paper letter",
        "dossier render --output proofs --html proofs/html",
    )
    _slugs(render)
    _archive(render)
    _setting(render)
    render.add_argument("--output", metavar="DIR", type=Path, default=Path("out"), help="where results go (out)")
    render.add_argument("--html", metavar="DIR", type=Path, help="also write what is set, as self-contained HTML")
    render.add_argument(
        "--fit", choices=("on", "off"), default="on", help="try the density that fills the pages best (on)"
    )
    _format(render)

    check = command(
        "check",
        _check,
        "validate records without setting them",
        "Reports every problem of every file in one run, each with its line and column. "
        "With slugs, looks at those records and what they name.",
        "dossier check",
        "dossier check sdet enterprise-architect",
        "dossier check --format json",
    )
    _slugs(check)
    _archive(check)
    _setting(check)
    _format(check)

    intake = command(
        "intake",
        _intake,
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
        _new,
        "begin a specimen",
        "Writes SLUG.yaml with every section as a comment to fill in, and the schemas that editors read.",
        "dossier new prompt-archaeologist",
    )
    new.add_argument("slug", metavar="SLUG", help="its name: lower-case letters, digits and single hyphens")
    _archive(new)
    _shelves(new)

    init = command(
        "init",
        _init,
        "begin an archive that renders at once",
        "Writes archive.yaml, a specimen to change, and the schemas that editors read.",
        "dossier init registry",
    )
    init.add_argument("folder", metavar="DIR", type=Path, help="a folder that is new or empty")

    listing = command(
        "layouts",
        _layouts,
        "list the layouts",
        "Shows the papers, themes and sections of each.",
        "dossier layouts",
        "dossier layouts --layouts shelf",
    )
    _shelves(listing)
    _format(listing)

    schema = command(
        "schema",
        _schema,
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
        return _report((), failure.problems, options.format)
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
        return _report((), [error("system", str(failure.filename or "output"), reason)], options.format)
    return status


def _complain(what: object, status: int) -> int:
    print(f"dossier: {what}", file=sys.stderr)
    return status


def _render(options: argparse.Namespace) -> int:
    from . import pipeline

    outcome = pipeline.render(_order(options), _progress)
    return _report(outcome.files, outcome.problems, options.format)


def _check(options: argparse.Namespace) -> int:
    from . import pipeline

    outcome = pipeline.check(_order(options))
    return _report(outcome.files, outcome.problems, options.format)


def _intake(options: argparse.Namespace) -> int:
    from . import pipeline

    outcome = pipeline.intake(
        options.files, options.output, _archive_of(options), options.family, replace=options.force
    )
    return _report(outcome.files, outcome.problems, options.format)


def _new(options: argparse.Namespace) -> int:
    from . import settings, starter

    archive = settings.read(_archive_of(options))
    made = starter.new(options.slug, archive, _layout(archive.layout, options))
    print(made.relative_to(Path.cwd()) if made.is_relative_to(Path.cwd()) else made)
    return OK


def _init(options: argparse.Namespace) -> int:
    from . import layouts, starter

    for path in starter.init(options.folder, layouts.find("folder")):
        print(path)
    return OK


def _layouts(options: argparse.Namespace) -> int:
    from . import layouts, pipeline

    with pipeline.sound_layout("data"):
        listed = [_described(layouts.find(name, options.layouts)) for name in layouts.names(options.layouts)]
    if options.format == "json":
        return _print_json(listed)
    for layout in listed:
        print(f"{layout['name']}: {layout['title']}")
        print(f"  papers:   {', '.join(layout['papers'])}")
        print(f"  themes:   {', '.join(layout['themes'])}")
        print("  sections:")
        for section in layout["sections"]:
            print(f"    {section['number'] or '--'}  {section['key']:<16}  {section['title']}")
    return OK


def _schema(options: argparse.Namespace) -> int:
    from . import settings, validate

    if options.of == "archive":
        return _print_json(settings.editor_schema())
    return _print_json(validate.editor_schema(_layout(options.layout, options).sections))


def _completion(options: argparse.Namespace) -> int:
    import shtab

    top = parser()
    commands = next(action for action in top._actions if isinstance(action, argparse._SubParsersAction))
    for made in commands.choices.values():
        for action in made._actions:
            if action.metavar in ("DIR", "FILE"):
                action.complete = shtab.FILE if action.metavar == "FILE" else shtab.DIRECTORY
    print(shtab.complete(top, options.shell))
    return OK


def _order(options: argparse.Namespace) -> Order:
    from . import pipeline

    return pipeline.Order(
        archive=_archive_of(options),
        slugs=tuple(dict.fromkeys(options.slugs)),
        layout=options.layout,
        theme=options.theme,
        paper=options.paper,
        shelves=tuple(options.layouts),
        font_dirs=tuple(options.font_dir),
        output=getattr(options, "output", Path("out")),
        html=getattr(options, "html", None),
        fit=getattr(options, "fit", "on") == "on",
    )


def _archive_of(options: argparse.Namespace) -> Path:
    """The folder that --archive names, else the nearest."""
    from . import settings

    named: Path | None = options.archive
    if named is None:
        return settings.find(Path.cwd())
    if not (named / settings.ARCHIVE).is_file():
        raise UsageError(f"there is no {settings.ARCHIVE} in {named}; dossier init DIR makes an archive")
    return named


def _layout(name: str, options: argparse.Namespace) -> Layout:
    from . import layouts

    return layouts.find(name, options.layouts)


def _described(layout: Layout) -> dict[str, Any]:
    return {
        "name": layout.name,
        "title": layout.title,
        "papers": list(layout.papers()),
        "themes": layout.themes(),
        "sections": [{"key": s.key, "number": s.number, "title": s.title} for s in layout.sections.values()],
    }


def _report(files: Iterable[Path], problems: Iterable[Problem], form: str) -> int:
    """Print what was made and what is wrong; the exit status that goes with it."""
    from . import complain

    listed = complain.ordered(problems)
    if form == "json":
        _print_json({"files": [str(path) for path in files], "problems": [complain.as_data(one) for one in listed]})
    else:
        for path in files:
            print(path)
        sys.stdout.flush()
        complain.print_problems(listed)
    return FAILED if any(problem.severity is Severity.ERROR for problem in listed) else OK


def _print_json(data: object) -> int:
    in_full = (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")
    print(json.dumps(data, indent=2, ensure_ascii=not in_full))
    return OK


def _progress(done: int, total: int, slug: str) -> None:
    if total > 1:
        print(f"{done}/{total} {slug}", file=sys.stderr)


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


def _slugs(command: argparse.ArgumentParser) -> None:
    command.add_argument("slugs", metavar="SLUG", nargs="*", help="a specimen's name: its file without .yaml (all)")


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
    command.add_argument(
        "--font-dir",
        metavar="DIR",
        type=_folder,
        action="append",
        default=[],
        help="fonts of your own, for more scripts; can be given again",
    )


def _format(command: argparse.ArgumentParser) -> None:
    command.add_argument("--format", choices=("text", "json"), default="text", help="how results are printed (text)")
