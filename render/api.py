"""The press from Python: what the command line does, with what it needs given by name.

    from render import Archive

    archive = Archive("specimens", theme="mono")
    outcome = archive.render("sdet", output="out", progress=print)
    for problem in outcome.problems:
        print(problem)

Worker processes are spawned: a script that renders does so under ``if __name__ == "__main__":``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from . import anthology as binding
from . import editions, pipeline, presets, printer, proofread, settings, watch
from .anthology import Book
from .executors import Limits
from .orders import Keeping, Order, Outcome, Progress
from .printer import Job, Printed

Place = str | os.PathLike[str]
Said = str | Iterable[str]
"""A set of specimens as on the command line: ``"sdet"``, ``"family:ai-and-data tag:governance"``."""


class Archive:
    """A folder with archive.yaml and its specimens, and how they are set. Empty values leave it to archive.yaml.

    ``standard`` is what files claim to be: ``a-3a`` (PDF/A-3a and PDF/UA-1, the default), ``ua-1``, ``none`` …
    ``rendition`` thins the layout out: ``mail`` is the lean one, whose PDFs go to ``output/dossiers-mail/``.
    ``shelves`` are folders of layouts and sections of one's own, ``fonts`` folders of fonts for more scripts.
    ``executor`` is ``dask://HOST:PORT`` when another machine, or many, shall typeset.
    """

    def __init__(
        self,
        folder: Place,
        *,
        layout: str = "",
        theme: str = "",
        paper: str = "",
        standard: str = "",
        rendition: str = "",
        shelves: Iterable[Place] = (),
        fonts: Iterable[Place] = (),
        executor: str = "",
    ) -> None:
        self._order = Order(
            archive=Path(folder),
            layout=layout,
            theme=theme,
            paper=paper,
            standard=standard,
            rendition=rendition,
            shelves=tuple(map(Path, shelves)),
            font_dirs=tuple(map(Path, fonts)),
            executor=executor,
        )

    @property
    def folder(self) -> Path:
        """Where archive.yaml is."""
        return self._order.archive

    def specimens(self) -> list[str]:
        """The slugs on file, sorted. Raises InputError for a file whose name is no slug."""
        return [path.stem for path in settings.specimens(self.folder)]

    def check(self, *specimens: str, only: Said = (), exclude: Said = (), relations: bool = False) -> Outcome:
        """Validate without typesetting (none named: everything). Raises UsageError for a name nobody knows.

        What is odd between sound records is a warning; with ``relations``, so is a related specimen that does not
        name the one that names it.
        """
        return pipeline.check(replace(self._asked(specimens, only, exclude), relations=relations))

    def proofread(
        self,
        *specimens: str,
        only: Said = (),
        exclude: Said = (),
        jobs: int = 0,
        limits: Limits | None = None,
        keeping: Keeping | None = None,
        progress: Progress | None = None,
    ) -> Outcome:
        """Typeset and look at the pages: overflow, short pages, stranded headings, codes that no reader can read.

        Raises SetupError when the ``check`` extra is not installed.
        """
        asked = self._asked(specimens, only, exclude)
        return proofread.proofread(self._made(asked, "out", None, True, jobs, limits, keeping), progress)

    def render(
        self,
        *specimens: str,
        only: Said = (),
        exclude: Said = (),
        output: Place = "out",
        html: Place | None = None,
        fit: bool = True,
        jobs: int = 0,
        limits: Limits | None = None,
        keeping: Keeping | None = None,
        progress: Progress | None = None,
    ) -> Outcome:
        """Make ``output/dossiers/SLUG.pdf`` of each specimen (none named: of all).

        ``specimens`` are slugs or sets such as ``"family:ai-and-data"``; ``only`` and ``exclude`` narrow them.

        ``jobs`` processes typeset (0: one a core); ``progress(done, total, slug)`` is told after each dossier made.
        ``html`` is a folder for self-contained HTML of what is set. What is wrong with a record is in the
        outcome and keeps none of the others from being made. Raises UsageError for a name nobody knows,
        SetupError when a system library is missing.
        """
        asked = self._asked(specimens, only, exclude)
        return pipeline.render(self._made(asked, output, html, fit, jobs, limits, keeping), progress)

    def anthology(
        self,
        *,
        only: Said = (),
        exclude: Said = (),
        title: str = "",
        edition: str = "",
        cover: bool = True,
        file: Place | None = None,
        keep_going: bool = False,
        output: Place = "out",
        html: Place | None = None,
        fit: bool = True,
        jobs: int = 0,
        limits: Limits | None = None,
        keeping: Keeping | None = None,
        progress: Progress | None = None,
    ) -> Book:
        """Bind the archive, or what of it is chosen, as one book: ``output/anthology.pdf`` unless ``file`` says else.

        Layout and paper are those that archive.yaml names under ``anthology``. Nothing is bound while a dossier has
        errors, unless ``keep_going`` puts a sheet that says so in its place. ``html`` is a file for the book as one
        document of HTML. Raises UsageError for a name nobody knows, SetupError when a system library is missing.
        """
        asked = self._asked((), only, exclude)
        volume = binding.Volume(title, edition, cover, Path(file) if file is not None else None, keep_going)
        return binding.make(self._made(asked, output, html, fit, jobs, limits, keeping), volume, progress)

    def print(
        self,
        preset: str | Path,
        *specimens: str,
        only: Said = (),
        exclude: Said = (),
        stock: str = "",
        spine: float = 0.0,
        proof: bool = False,
        sheet: str = "",
        printable: float = -1.0,
        signature: int = 0,
        thickness: float = -1.0,
        output: Place = "out",
        jobs: int = 0,
        limits: Limits | None = None,
        keeping: Keeping | None = None,
        progress: Progress | None = None,
    ) -> Printed:
        """Make ``output/print/PRESET``: the book for print, or the dossiers named, each file checked after it is made.

        ``preset`` is the name of one that ships, or the path of one's own. Lengths are mm: the ``spine`` that a house
        gave, the margin that is ``printable`` nowhere, the ``thickness`` of a booklet's sheet; empty and negative
        values leave it to the preset. ``stock`` is the paper that a house prints on, ``sheet`` that of an office.
        Raises UsageError for a name nobody knows, InputError for a broken preset.
        """
        chosen = presets.read(preset) if isinstance(preset, Path) else presets.find(preset)
        order = self._made(self._asked(specimens, only, exclude), output, None, True, jobs, limits, keeping)
        folder = Path(output) / "print" / chosen.name
        job = Job(chosen, folder, stock, spine, proof, sheet, printable, signature, thickness)
        return (printer.dossiers if specimens else printer.make)(order, job, progress)

    def watch(
        self,
        *specimens: str,
        only: Said = (),
        exclude: Said = (),
        output: Place = "out",
        html: Place | None = None,
        fit: bool = True,
        jobs: int = 0,
        limits: Limits | None = None,
        keeping: Keeping | None = None,
    ) -> Iterator[tuple[Outcome, float]]:
        """Render, and again on every save of a file that had a part in it; each outcome with the seconds it took."""
        asked = self._asked(specimens, only, exclude)
        return watch.watch(self._made(asked, output, html, fit, jobs, limits, keeping))

    def _asked(self, specimens: tuple[str, ...], only: Said, exclude: Said) -> Order:
        return replace(self._order, edition=editions.edition(specimens, only, exclude))

    def _made(
        self,
        asked: Order,
        output: Place,
        html: Place | None,
        fit: bool,
        jobs: int,
        limits: Limits | None,
        keeping: Keeping | None,
    ) -> Order:
        return replace(
            asked,
            output=Path(output),
            html=Path(html) if html is not None else None,
            fit=fit,
            jobs=jobs or self._order.jobs,
            limits=limits or Limits(),
            keeping=keeping or Keeping(),
        )
