"""What each command does: call, and print what came of it. Results go to stdout, talk to stderr."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..problems import Problem, Severity, UsageError

if TYPE_CHECKING:
    from ..api import Archive
    from ..layouts import Layout
    from ..orders import Outcome

OK, FAILED = 0, 1

CACHE = ".cache"
"""The folder beside the results where finished parts are kept."""


def render(options: argparse.Namespace) -> int:
    from ..progress import Counter

    if options.watch:
        return _watch(options)
    counter = Counter("typesetting")
    try:
        outcome = archive_of(options).render(*options.specimens, **_chosen(options), **work(options), progress=counter)
    finally:
        counter.close()
    return _report_run(outcome, options)


def _watch(options: argparse.Namespace) -> int:
    for outcome, seconds in archive_of(options).watch(*options.specimens, **_chosen(options), **work(options)):
        _report_run(outcome, options)
        print(f"{seconds:.2f} s; waiting for a change (Ctrl-C ends)", file=sys.stderr, flush=True)
    return OK


def check(options: argparse.Namespace) -> int:
    from ..progress import Counter

    archive = archive_of(options)
    problems = archive.check(*options.specimens, **_chosen(options), relations=options.relations).problems
    if options.pages:
        counter = Counter("looking")
        try:
            looked = archive.proofread(*options.specimens, **_chosen(options), **processes(options), progress=counter)
        finally:
            counter.close()
        problems = [*problems, *looked.problems]
    return report((), _held(problems, options), options.format)


def _held(problems: Iterable[Problem], options: argparse.Namespace) -> list[Problem]:
    """Problems as seriously as they are to be taken."""
    return [replace(one, severity=Severity.ERROR) if options.strict else one for one in problems]


def doctor(options: argparse.Namespace) -> int:
    from .. import doctor as surgery

    found = surgery.report(options.output, options.cache, tuple(options.font_dir))
    if options.format == "json":
        print_json(surgery.as_data(found))
    else:
        print(surgery.as_text(found))
    return surgery.status(found)


def intake(options: argparse.Namespace) -> int:
    from ..intake.batch import take_in

    outcome = take_in(options.files, options.output, folder_of(options), options.family, replace=options.force)
    return report(outcome.files, outcome.problems, options.format)


def new(options: argparse.Namespace) -> int:
    from .. import settings, starter

    archive = settings.read(folder_of(options))
    made = starter.new(options.slug, archive, _layout(archive.layout, options))
    print(made.relative_to(Path.cwd()) if made.is_relative_to(Path.cwd()) else made)
    return OK


def init(options: argparse.Namespace) -> int:
    if options.synthetic:
        return _synthetic(options)
    from .. import layouts, starter

    for path in starter.init(options.folder, layouts.find("folder")):
        print(path)
    return OK


def _synthetic(options: argparse.Namespace) -> int:
    from .. import layouts, starter, synthetic

    made = synthetic.archive(options.folder, options.synthetic)
    starter.write_schemas(options.folder, layouts.find("folder"))
    print(made[0])
    print(f"{len(made) - 1} made-up specimens", file=sys.stderr)
    return OK


def layouts(options: argparse.Namespace) -> int:
    from .. import layouts, pipeline

    with pipeline.sound_layout("data"):
        listed = [_described(layouts.find(name, options.layouts)) for name in layouts.names(options.layouts)]
    if options.format == "json":
        return print_json(listed)
    for layout in listed:
        print(f"{layout['name']}: {layout['title']}")
        print(f"  papers:   {', '.join(layout['papers'])}")
        print(f"  themes:   {', '.join(layout['themes'])}")
        print("  sections:")
        for section in layout["sections"]:
            print(f"    {section['number'] or '--'}  {section['key']:<16}  {section['title']}")
    return OK


def taxonomy(options: argparse.Namespace) -> int:
    from .. import pipeline
    from .. import taxonomy as filing

    found, problems = pipeline.taxonomy(folder_of(options))
    shown = found if options.specimens else filing.in_outline(found)
    if options.format == "text":
        for line in filing.as_text(shown):
            print(line)
    return report((), problems, options.format, {"taxonomy": filing.as_data(shown)})


def schema(options: argparse.Namespace) -> int:
    from .. import campaign, settings, validate

    if options.of == "campaign":
        return print_json(campaign.editor_schema())
    if options.of == "archive":
        return print_json(settings.editor_schema())
    return print_json(validate.editor_schema(_layout(options.layout, options).sections))


def clean(options: argparse.Namespace) -> int:
    from ..cache import Cache

    gone = Cache(options.cache or options.output / CACHE).remove()
    print(f"{len(gone)} files removed", file=sys.stderr)
    return OK


def _report_run(outcome: Outcome, options: argparse.Namespace) -> int:
    if options.explain and options.format == "text":
        for reason in outcome.reasons:
            print(reason)
    more = {"explain": {reason.slug: list(reason.changes) for reason in outcome.reasons}} if options.explain else {}
    return report(outcome.files, outcome.problems, options.format, more)


def _chosen(options: argparse.Namespace) -> dict[str, Any]:
    """What narrows the specimens asked for."""
    return {"only": options.only, "exclude": options.exclude}


def work(options: argparse.Namespace) -> dict[str, Any]:
    """How a run is carried out, as the options say."""
    return {"output": options.output, "html": options.html, "fit": options.fit == "on", **processes(options)}


def processes(options: argparse.Namespace) -> dict[str, Any]:
    """Who does the work, within which limits, and what is kept of it."""
    from ..executors import Limits
    from ..orders import Keeping

    kept = Keeping() if options.no_cache else Keeping(options.cache or options.output / CACHE, options.cache_size)
    return {
        "jobs": options.jobs or 0,
        "limits": Limits(options.timeout, options.memory),
        "keeping": kept,
    }


def archive_of(options: argparse.Namespace) -> Archive:
    """The archive asked for, and the setting."""
    from ..api import Archive

    return Archive(
        folder_of(options),
        layout=options.layout,
        theme=options.theme,
        paper=options.paper,
        standard=getattr(options, "standard", ""),
        rendition=getattr(options, "rendition", ""),
        shelves=options.layouts,
        fonts=options.font_dir,
        executor=options.executor or "",
    )


def folder_of(options: argparse.Namespace) -> Path:
    """The folder that --archive names, else the nearest."""
    from .. import settings

    named: Path | None = options.archive
    if named is None:
        return settings.find(Path.cwd())
    if not (named / settings.ARCHIVE).is_file():
        raise UsageError(f"there is no {settings.ARCHIVE} in {named}; dossier init DIR makes an archive")
    return named


def _layout(name: str, options: argparse.Namespace) -> Layout:
    from .. import layouts

    return layouts.find(name, options.layouts)


def _described(layout: Layout) -> dict[str, Any]:
    return {
        "name": layout.name,
        "title": layout.title,
        "papers": list(layout.papers()),
        "themes": layout.themes(),
        "sections": [{"key": s.key, "number": s.number, "title": s.title} for s in layout.sections.values()],
    }


def report(
    files: Iterable[Path], problems: Iterable[Problem], form: str, more: Mapping[str, object] | None = None
) -> int:
    """Print what was made and what is wrong, in JSON with what ``more`` holds; the exit status that goes with it."""
    from .. import complain

    listed = complain.ordered(problems)
    if form == "json":
        print_json(
            {
                "files": [str(path) for path in files],
                "problems": [complain.as_data(one) for one in listed],
                **(more or {}),
            }
        )
    else:
        for path in files:
            print(path)
        sys.stdout.flush()
        complain.print_problems(listed)
    return FAILED if any(problem.severity is Severity.ERROR for problem in listed) else OK


def print_json(data: object) -> int:
    in_full = (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")
    print(json.dumps(data, indent=2, ensure_ascii=not in_full))
    return OK
