"""Where the time of one dossier goes, in a warm process: the seed on A4, normal density, medians."""

from __future__ import annotations

import functools
import gc
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import weasyprint.pdf
import weasyprint.pdf.tags
from pydyf import PDF
from weasyprint import HTML, images
from weasyprint.document import Document

from render import art, compose, fonts, layouts, link, load, settings, validate
from render.typeset import Typesetter, archival, drawn, inspect

ROOT = Path(__file__).resolve().parent.parent.parent
SLUG = "junior-ai-lifecycle-management-best-practices-specialist"
RUNS = 15

PARTS: dict[str, list[tuple[Any, str]]] = {
    "drawings as SVG": [(art, "draw")],
    "parsing HTML": [(HTML, "__init__")],
    "layout": [(HTML, "render")],
    "painting and writing": [(Document, "write_pdf")],
    "  drawings, with text": [(images.SVGImage, "draw")],
    "  drawings, bare": [(drawn.Drawing, "draw")],
    "  fonts": [(weasyprint.pdf, "build_fonts_dictionary")],
    "  tags": [(weasyprint.pdf, "add_tags")],
    "  running heads as artifacts": [(archival, "mark_heads")],
    "  structure tree mended": [(archival, "mend")],
    "  the file": [(PDF, "write")],
    "looking at the pages": [(inspect, "inspect")],
}


def main() -> None:
    layout = layouts.find("folder")
    archive = settings.read(ROOT / "specimens")
    records = [
        validate.validate(load.load(path), archive, layout.sections) for path in settings.specimens(archive.root)
    ]
    dossier = next(one for one in link.link(records, archive) if one.record.slug == SLUG)
    setting = compose.Setting(layout, "colour", layout.paper("a4"), fonts.faces())
    typesetter = Typesetter(setting.faces)

    def once() -> None:
        typesetter.typeset(compose.compose(dossier, archive, setting), density="normal")

    once()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    plain = [_timed(once) for _ in range(RUNS)]
    print(f"one dossier, warm: {1000 * median(plain):.0f} ms (median of {RUNS})")
    spent: dict[str, list[float]] = defaultdict(list)
    running: dict[str, float] = defaultdict(float)
    for part, places in PARTS.items():
        for home, name in places:
            _watch(home, name, part, running)
    for _ in range(RUNS):
        running.clear()
        once()
        for part in PARTS:
            spent[part].append(running[part])
    for part in PARTS:
        print(f"  {part:28} {1000 * median(spent[part]):6.1f} ms")


def _timed(work: Callable[[], None]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _watch(home: Any, name: str, part: str, running: dict[str, float]) -> None:
    """Count the time spent in a function, whoever calls it."""
    inner = getattr(home, name)

    @functools.wraps(inner)
    def counted(*arguments: Any, **options: Any) -> Any:
        begun = time.perf_counter()
        try:
            return inner(*arguments, **options)
        finally:
            running[part] += time.perf_counter() - begun

    setattr(home, name, counted)


if __name__ == "__main__":
    main()
