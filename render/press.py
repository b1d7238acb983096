"""One press: composes and typesets. A worker sets it up once and makes dossier after dossier with it."""

from __future__ import annotations

import gc
from dataclasses import dataclass
from pathlib import Path

from . import compose, fonts, layouts
from .problems import InputError, Problem
from .record import Dossier, Part
from .settings import Archive
from .typeset import Typesetter


@dataclass(frozen=True)
class Brief:
    """What a press is set up for. ``stamp`` is the digest of all of it, files included: two alike need one press."""

    stamp: str
    archive: Archive
    layout: str
    theme: str
    paper: str
    shelves: tuple[Path, ...] = ()
    font_dirs: tuple[Path, ...] = ()
    fit: bool = True
    html: bool = False


@dataclass(frozen=True)
class Made:
    """What came of one dossier: a part, or the problems that kept it from becoming one."""

    part: Part | None
    html: str = ""
    problems: tuple[Problem, ...] = ()


class Press:
    """Raises what setting up raises: UsageError, InputError, SetupError."""

    def __init__(self, brief: Brief) -> None:
        self.brief = brief
        layout = layouts.find(brief.layout, brief.shelves)
        faces = fonts.faces(brief.font_dirs)
        self._setting = compose.Setting(layout, brief.theme, layout.paper(brief.paper), faces)
        self._typesetter = Typesetter(faces, (brief.archive.root, *layout.roots))

    def make(self, dossier: Dossier) -> Made:
        """Compose and typeset one dossier."""
        try:
            sheet = compose.compose(dossier, self.brief.archive, self._setting)
            part = self._typesetter.typeset(sheet, density="" if self.brief.fit else sheet.density)
        except InputError as failure:
            return Made(None, problems=failure.problems)
        html = compose.standalone(sheet, part.density, self._setting.faces) if self.brief.html else ""
        return Made(part, html, part.problems)


_set_up: list[Press] = []


def warm(brief: Brief) -> None:
    """Set up this process's press, and let the garbage collector leave it alone."""
    _set_up[:] = [Press(brief)]
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def make(job: tuple[Brief, Dossier]) -> Made:
    """Make a dossier with this process's press, set up anew when the brief has changed."""
    brief, dossier = job
    if not _set_up or _set_up[0].brief.stamp != brief.stamp:
        layouts.forget()
        warm(brief)
    return _set_up[0].make(dossier)
