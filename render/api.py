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

from . import pipeline, proofread, settings, watch
from .executors import Limits
from .orders import Keeping, Order, Outcome, Progress

Place = str | os.PathLike[str]


class Archive:
    """A folder with archive.yaml and its specimens, and how they are set. Empty values leave it to archive.yaml.

    ``shelves`` are folders of layouts and sections of one's own, ``fonts`` folders of fonts for more scripts.
    """

    def __init__(
        self,
        folder: Place,
        *,
        layout: str = "",
        theme: str = "",
        paper: str = "",
        shelves: Iterable[Place] = (),
        fonts: Iterable[Place] = (),
    ) -> None:
        self._order = Order(
            archive=Path(folder),
            layout=layout,
            theme=theme,
            paper=paper,
            shelves=tuple(map(Path, shelves)),
            font_dirs=tuple(map(Path, fonts)),
        )

    @property
    def folder(self) -> Path:
        """Where archive.yaml is."""
        return self._order.archive

    def specimens(self) -> list[str]:
        """The slugs on file, sorted. Raises InputError for a file whose name is no slug."""
        return [path.stem for path in settings.specimens(self.folder)]

    def check(self, *slugs: str) -> Outcome:
        """Validate without typesetting (no slug: everything). Raises UsageError for a name nobody knows."""
        return pipeline.check(self._asked(slugs))

    def proofread(
        self,
        *slugs: str,
        jobs: int = 0,
        limits: Limits | None = None,
        keeping: Keeping | None = None,
        progress: Progress | None = None,
    ) -> Outcome:
        """Typeset and look at the pages: overflow, short pages, stranded headings, codes that no reader can read.

        Raises SetupError when the ``check`` extra is not installed.
        """
        return proofread.proofread(self._made(slugs, "out", None, True, jobs, limits, keeping), progress)

    def render(
        self,
        *slugs: str,
        output: Place = "out",
        html: Place | None = None,
        fit: bool = True,
        jobs: int = 0,
        limits: Limits | None = None,
        keeping: Keeping | None = None,
        progress: Progress | None = None,
    ) -> Outcome:
        """Make ``output/dossiers/SLUG.pdf`` of each specimen (no slug: of all).

        ``jobs`` processes typeset (0: one a core); ``progress(done, total, slug)`` is told after each dossier made.
        ``html`` is a folder for self-contained HTML of what is set. What is wrong with a record is in the
        outcome and keeps none of the others from being made. Raises UsageError for a name nobody knows,
        SetupError when a system library is missing.
        """
        return pipeline.render(self._made(slugs, output, html, fit, jobs, limits, keeping), progress)

    def watch(
        self,
        *slugs: str,
        output: Place = "out",
        html: Place | None = None,
        fit: bool = True,
        jobs: int = 0,
        limits: Limits | None = None,
        keeping: Keeping | None = None,
    ) -> Iterator[tuple[Outcome, float]]:
        """Render, and again on every save of a file that had a part in it; each outcome with the seconds it took."""
        return watch.watch(self._made(slugs, output, html, fit, jobs, limits, keeping))

    def _asked(self, slugs: tuple[str, ...]) -> Order:
        return replace(self._order, slugs=tuple(dict.fromkeys(slugs)))

    def _made(
        self,
        slugs: tuple[str, ...],
        output: Place,
        html: Place | None,
        fit: bool,
        jobs: int,
        limits: Limits | None,
        keeping: Keeping | None,
    ) -> Order:
        return replace(
            self._asked(slugs),
            output=Path(output),
            html=Path(html) if html is not None else None,
            fit=fit,
            jobs=jobs or self._order.jobs,
            limits=limits or Limits(),
            keeping=keeping or Keeping(),
        )
