"""The commands and their options."""

from __future__ import annotations

import argparse
import functools
from pathlib import Path

from .. import __version__
from . import binding, mail_options, printing
from . import commands as do
from . import options as option

_STATUS = "exit status: 0 done, 1 problems in the input, 2 a command that cannot be meant"


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="dossier",
        description="The press that turns YAML records into printed dossiers.",
        epilog=f"{_STATUS}\n`dossier COMMAND --help` says more of each.",
        formatter_class=option.Help,
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"dossier {__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", dest="command", required=True)

    command = functools.partial(option.add, commands)

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
    option.specimens(render)
    option.archive(render)
    option.setting(render)
    option.standard(render)
    render.add_argument("--output", metavar="DIR", type=Path, default=Path("out"), help="where results go (out)")
    option.purpose(render)
    render.add_argument("--html", metavar="DIR", type=Path, help="also write what is set, as self-contained HTML")
    render.add_argument(
        "--fit", choices=("on", "off"), default="on", help="try the density that fills the pages best (on)"
    )
    render.add_argument("--explain", action="store_true", help="say of each dossier what changed since the last run")
    render.add_argument("--watch", action="store_true", help="make them again whenever a file they come from is saved")
    option.work(render)
    option.cache(render)
    option.form(render)

    binding.add(command)
    printing.add(command)

    check = command(
        "check",
        do.check,
        "validate records without setting them",
        "Reports every problem of every file in one run, each with its line and column. "
        "With slugs, looks at those records and what they name. Warns of names and passages that two records share, "
        "of summaries that are too long, and of families without a specimen.",
        "dossier check",
        "dossier check sdet enterprise-architect",
        "dossier check --pages",
        "dossier check --format json",
    )
    option.specimens(check)
    option.archive(check)
    option.setting(check)
    check.add_argument(
        "--pages", action="store_true", help="typeset, too, and look at the pages: overflow, short pages, codes"
    )
    check.add_argument(
        "--relations", action="store_true", help="tell of related specimens that do not name each other, too"
    )
    check.add_argument("--strict", action="store_true", help="take warnings for errors")
    check.add_argument("--output", metavar="DIR", type=Path, default=Path("out"), help="where results are (out)")
    option.work(check)
    option.cache(check)
    option.form(check)

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
    option.archive(intake)
    option.form(intake)

    new = command(
        "new",
        do.new,
        "begin a specimen",
        "Writes SLUG.yaml with every section as a comment to fill in, and the schemas that editors read.",
        "dossier new prompt-archaeologist",
    )
    new.add_argument("slug", metavar="SLUG", help="its name: lower-case letters, digits and single hyphens")
    option.archive(new)
    option.shelves(new)

    init = command(
        "init",
        do.init,
        "begin an archive that renders at once",
        "Writes archive.yaml, a specimen to change, and the schemas that editors read.",
        "dossier init registry",
    )
    init.add_argument("folder", metavar="DIR", type=Path, help="a folder that is new or empty")
    init.add_argument(
        "--synthetic", metavar="N", type=option.count, help="fill it with N made-up specimens, for trials"
    )

    mail_options.add(commands)

    clean = command(
        "clean",
        do.clean,
        "remove what is kept of former runs",
        "Results stay where they are; the next run typesets everything again.",
        "dossier clean",
    )
    clean.add_argument("--output", metavar="DIR", type=Path, default=Path("out"), help="where results are (out)")
    clean.add_argument("--cache", metavar="DIR", type=option.room, help="the folder, if it is not DIR/.cache")

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
        "--cache", metavar="DIR", type=option.room, help="where finished parts are kept (.cache in the output)"
    )
    option.fonts(doctor)
    option.form(doctor)

    listing = command(
        "layouts",
        do.layouts,
        "list the layouts",
        "Shows the papers, themes and sections of each.",
        "dossier layouts",
        "dossier layouts --layouts shelf",
    )
    option.shelves(listing)
    option.form(listing)

    taxonomy = command(
        "taxonomy",
        do.taxonomy,
        "print the tree of divisions and families",
        "Each with how many specimens are filed under it. The keys are those that family:KEY and division:KEY take.",
        "dossier taxonomy",
        "dossier taxonomy --specimens",
    )
    taxonomy.add_argument("--specimens", action="store_true", help="list the specimens of each family, too")
    option.archive(taxonomy)
    option.form(taxonomy)

    schema = command(
        "schema",
        do.schema,
        "print a JSON Schema for editors",
        "That of a specimen is put together from the sections of a layout.",
        "dossier schema > specimen.json",
        "dossier schema archive > archive.json",
    )
    schema.add_argument(
        "of", choices=("specimen", "archive", "campaign"), nargs="?", default="specimen", help="of what (specimen)"
    )
    schema.add_argument("--layout", metavar="NAME", default="folder", help="whose sections (folder)")
    option.shelves(schema)

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
