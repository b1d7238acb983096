"""One press: composes and typesets. A worker sets it up once and makes dossier after dossier with it."""

from __future__ import annotations

import errno
import gc
import itertools
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from . import fonts, layouts
from .desk import Desk, sound_layout
from .home import Moves
from .orders import Order
from .problems import InputError, Problem, SetupError, error
from .record import Dossier, Item, Matter, Part, Sheet
from .settings import Archive
from .standards import DEFAULT, Standard


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
    moved: Moves = ()
    """Where folders that layouts name lie here, when this is not the machine they are on."""
    standard: Standard = DEFAULT
    """The parts of a book are all made in the default: binding says what the book claims."""

    @classmethod
    def of(cls, order: Order, desk: Desk, stamp: str) -> Brief:
        """What an order asks of its presses."""
        return cls(
            stamp,
            desk.archive,
            desk.layout.name,
            desk.theme,
            desk.paper_name,
            order.shelves,
            order.font_dirs,
            order.fit,
            standard=DEFAULT if desk.layout.book else desk.standard,
        )


@dataclass(frozen=True)
class Made:
    """What came of one dossier: a part, or the problems that kept it from becoming one."""

    part: Part | None
    problems: tuple[Problem, ...] = ()


class Press:
    """Raises what setting up raises: UsageError, InputError, SetupError."""

    def __init__(self, brief: Brief) -> None:
        # A process that only hands out work need not load what does it.
        try:
            from . import compose
            from .typeset import Typesetter
        except ImportError as lack:
            raise SetupError(f"a Python package is missing or broken ({lack}); install the press again") from lack

        self.brief = brief
        layout = layouts.find(brief.layout, brief.shelves)
        faces = fonts.faces(brief.font_dirs)
        self._compose = compose
        self._leaf = _as_leaf if layout.book else _as_it_is
        self._setting = compose.Setting(layout, brief.theme, layout.paper(brief.paper), faces)
        self._typesetter = Typesetter(faces, (brief.archive.root, *layout.roots), brief.moved, brief.standard)

    def make(self, item: Item) -> Made:
        """Compose and typeset a dossier or a piece of a book. Whatever goes wrong is that item's problem alone."""
        try:
            with sound_layout(self.brief.layout):
                sheet = self._sheet(item)
            fits = self.brief.fit and isinstance(item, Dossier)
            return Made(self._leaf(self._typesetter.typeset(sheet, density="" if fits else sheet.density), item))
        except InputError as failure:
            return Made(None, failure.problems)
        except (MemoryError, SetupError):
            raise
        except Exception as failure:  # strangers' layouts reach libraries in ways nobody listed
            if isinstance(failure, OSError) and failure.errno in _FULL:
                raise OSError(failure.errno, failure.strerror, failure.filename or tempfile.gettempdir()) from failure
            message = f"it cannot be typeset: {type(failure).__name__}: {failure}"
            return Made(None, (error("typesetting", item.place, message[:300]),))

    def _sheet(self, item: Item) -> Sheet:
        if isinstance(item, Dossier):
            return self._compose.compose(item, self.brief.archive, self._setting)
        return self._compose.matter(item, self.brief.archive, self._setting)


def _as_it_is(part: Part, _: Item) -> Part:
    return part


def _as_leaf(part: Part, item: Item) -> Part:
    """The part as binding takes it: its PDF taken to pieces."""
    from .pdf.digest import digest

    slips = range(len(part.laid)) if isinstance(item, Matter) and item.slips else ()
    return replace(part, pdf=digest(part.pdf, item.slug, slips).pack())


_FULL = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EMFILE, errno.ENFILE))
"""The machine's lacks, which every other dossier will meet, too."""

_set_up: list[Press] = []

_SWEEP = 4
"""Dossiers between two collections: a layout is a web of cycles, of which some 3 MB a dossier would stay for ever."""

_since = itertools.count(1)


def warm(brief: Brief) -> None:
    """Set up this process's press, and let the garbage collector leave it alone."""
    _set_up[:] = [Press(brief)]
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def make(job: tuple[Brief, Item]) -> Made:
    """Make an item with this process's press, set up anew when the brief has changed."""
    brief, item = job
    if not _set_up or _set_up[0].brief.stamp != brief.stamp:
        _forget()
        warm(brief)
    made = _set_up[0].make(item)
    _sweep()
    return made


def _sweep() -> None:
    if next(_since) % _SWEEP == 0:
        gc.collect()


def _forget() -> None:
    """Read the files of layouts and fonts anew."""
    from .compose.styles import styles
    from .compose.templates import environment

    layouts.forget()
    for cached in (styles, environment, fonts.faces, fonts.points):
        cached.cache_clear()
