"""Parse, call, print. Results go to stdout, talk to stderr."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from . import __version__

if TYPE_CHECKING:
    from .layouts import Layout
    from .pipeline import Order, Outcome

OK, FAILED, MISUSED, INTERRUPTED = 0, 1, 2, 130


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="dossier", description="The press that turns YAML records into printed dossiers."
    )
    top.add_argument("--version", action="version", version=f"dossier {__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", dest="command", required=True)

    render = commands.add_parser("render", help="make one PDF per specimen (none named: all)")
    _slugs(render)
    _archive(render)
    _setting(render)
    render.add_argument("--output", metavar="DIR", type=Path, default=Path("out"), help="where results go (out)")
    render.add_argument("--html", metavar="DIR", type=Path, help="also write what is set, as self-contained HTML")
    render.add_argument(
        "--fit", choices=("on", "off"), default="on", help="choose the density that fills the pages best"
    )
    _format(render)
    render.set_defaults(run=_render)

    check = commands.add_parser("check", help="validate records without setting them (none named: all)")
    _slugs(check)
    _archive(check)
    _setting(check)
    _format(check)
    check.set_defaults(run=_check)

    intake = commands.add_parser("intake", help="turn records in plain text into YAML")
    intake.add_argument("files", metavar="FILE", nargs="+", type=Path, help="text records, or folders of them")
    intake.add_argument("-o", "--output", metavar="DIR", type=Path, required=True, help="where the YAML goes")
    intake.add_argument("--family", metavar="KEY", default="unfiled", help="the family they belong to (unfiled)")
    intake.add_argument("--force", action="store_true", help="replace files that are there")
    _archive(intake)
    _format(intake)
    intake.set_defaults(run=_intake)

    new = commands.add_parser("new", help="begin a specimen: a file with every section, ready to fill in")
    new.add_argument("slug", metavar="SLUG", help="its name: lower-case letters, digits and hyphens")
    _archive(new)
    _shelves(new)
    new.set_defaults(run=_new)

    init = commands.add_parser("init", help="begin an archive that renders at once")
    init.add_argument("folder", metavar="DIR", type=Path, help="a folder that is new or empty")
    init.set_defaults(run=_init)

    listing = commands.add_parser("layouts", help="list the layouts, their papers, themes and sections")
    _shelves(listing)
    _format(listing)
    listing.set_defaults(run=_layouts)

    schema = commands.add_parser("schema", help="print the JSON Schema of a specimen, for editors")
    schema.add_argument("of", choices=("specimen", "archive"), nargs="?", default="specimen", help="of what (specimen)")
    schema.add_argument("--layout", metavar="NAME", default="folder", help="whose sections (folder)")
    _shelves(schema)
    schema.set_defaults(run=_schema)

    completion = commands.add_parser("completion", help="print the completion script of a shell")
    completion.add_argument("shell", choices=("bash", "zsh", "tcsh"))
    completion.set_defaults(run=_completion)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Exit status: 0 done, 1 problems in the input, 2 a command that cannot be meant."""
    options = parser().parse_args(arguments)
    from .problems import InputError, SetupError, UsageError

    try:
        return int(options.run(options))
    except UsageError as misuse:
        return _complain(misuse, MISUSED)
    except InputError as failure:
        from . import complain

        complain.print_problems(failure.problems, form=getattr(options, "format", "text"))
        return FAILED
    except SetupError as lack:
        return _complain(lack, FAILED)
    except KeyboardInterrupt:
        return _complain("interrupted", INTERRUPTED)
    except BrokenPipeError:
        sys.stderr.close()
        return FAILED
    except OSError as failure:
        return _complain(f"{failure.filename or 'output'}: {failure.strerror or failure}", FAILED)


def _complain(what: object, status: int) -> int:
    print(f"dossier: {what}", file=sys.stderr)
    return status


def _render(options: argparse.Namespace) -> int:
    from . import pipeline

    return _report(pipeline.render(_order(options), _progress), options.format)


def _check(options: argparse.Namespace) -> int:
    from . import pipeline

    return _report(pipeline.check(_order(options)), options.format)


def _intake(options: argparse.Namespace) -> int:
    from . import pipeline, settings

    archive = settings.find(options.archive or Path.cwd())
    outcome = pipeline.intake(options.files, options.output, archive, options.family, replace=options.force)
    return _report(outcome, options.format)


def _new(options: argparse.Namespace) -> int:
    from . import settings, starter

    print(starter.new(options.slug, settings.find(options.archive or Path.cwd()), _layout(options)))
    return OK


def _init(options: argparse.Namespace) -> int:
    from . import layouts, starter

    for path in starter.init(options.folder, layouts.find("folder")):
        print(path)
    return OK


def _layouts(options: argparse.Namespace) -> int:
    from . import layouts

    found = [layouts.find(name, options.layouts) for name in layouts.names(options.layouts)]
    if options.format == "json":
        print(json.dumps([_described(layout) for layout in found], indent=2, ensure_ascii=False))
        return OK
    for layout in found:
        print(f"{layout.name}: {layout.title}")
        print(f"  papers:   {', '.join(layout.papers())}")
        print(f"  themes:   {', '.join(layout.themes())}")
        print(f"  sections: {', '.join(layout.sections)}")
    return OK


def _schema(options: argparse.Namespace) -> int:
    from . import settings, validate

    whole = settings.editor_schema() if options.of == "archive" else validate.editor_schema(_layout(options).sections)
    print(json.dumps(whole, indent=2, ensure_ascii=False))
    return OK


def _completion(options: argparse.Namespace) -> int:
    import shtab

    print(shtab.complete(parser(), options.shell))
    return OK


def _order(options: argparse.Namespace) -> Order:
    from . import pipeline, settings

    return pipeline.Order(
        archive=settings.find(options.archive or Path.cwd()),
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


def _layout(options: argparse.Namespace) -> Layout:
    from . import layouts

    return layouts.find(getattr(options, "layout", "") or "folder", options.layouts)


def _described(layout: Layout) -> dict[str, object]:
    return {
        "name": layout.name,
        "title": layout.title,
        "papers": list(layout.papers()),
        "themes": layout.themes(),
        "sections": [{"key": s.key, "number": s.number, "title": s.title} for s in layout.sections.values()],
    }


def _report(outcome: Outcome, form: str) -> int:
    from . import complain

    if form == "json":
        problems = [complain.as_data(problem) for problem in outcome.problems]
        print(
            json.dumps(
                {"files": [str(path) for path in outcome.files], "problems": problems}, indent=2, ensure_ascii=False
            )
        )
    else:
        for path in outcome.files:
            print(path)
        complain.print_problems(outcome.problems)
    return FAILED if outcome.failed else OK


def _progress(done: int, total: int, slug: str) -> None:
    if total > 1:
        print(f"{done}/{total} {slug}", file=sys.stderr)


def _slugs(command: argparse.ArgumentParser) -> None:
    command.add_argument("slugs", metavar="SLUG", nargs="*", help="a specimen's name: its file without .yaml")


def _archive(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--archive", metavar="DIR", type=Path, help="the folder of archive.yaml (the nearest upward, else ./specimens)"
    )


def _shelves(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--layouts",
        metavar="DIR",
        type=Path,
        action="append",
        default=[],
        help="a shelf of your own layouts and sections",
    )


def _setting(command: argparse.ArgumentParser) -> None:
    command.add_argument("--layout", metavar="NAME", default="", help="the layout (see: dossier layouts)")
    command.add_argument("--theme", metavar="THEME", default="", help="colour or mono")
    command.add_argument(
        "--paper", metavar="PAPER", default="", help='a4, letter, a5, 5.5x8.5in, 6x9in or "148mm 210mm"'
    )
    _shelves(command)
    command.add_argument(
        "--font-dir", metavar="DIR", type=Path, action="append", default=[], help="fonts of your own, for more scripts"
    )


def _format(command: argparse.ArgumentParser) -> None:
    command.add_argument("--format", choices=("text", "json"), default="text", help="how results are printed (text)")
