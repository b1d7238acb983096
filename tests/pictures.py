"""Reference pictures: pages compared with what they looked like when somebody last approved them.

``pytest --renew-pictures`` replaces the references; nothing else does. A failure leaves expected, found and
difference side by side in ``out/pictures/index.html``.
"""

from __future__ import annotations

import ctypes
import html
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops

from render import raster

REFERENCES = Path(__file__).parent / "references"
REPORT = Path(__file__).parent.parent / "out" / "pictures"
DPI = 60
TOLERANCE = 40
"""How far a channel may be off (of 255) before a pixel counts as different."""
ALLOWED = 0.0005
"""Share of a page's pixels that may differ: rasterizers round an edge differently now and then."""


@dataclass(frozen=True)
class Difference:
    name: str
    reason: str


def versions() -> dict[str, str]:
    """The libraries that decide where a glyph lands."""
    from weasyprint.text.ffi import pango

    harfbuzz = ctypes.CDLL("libharfbuzz.0.dylib" if sys.platform == "darwin" else "libharfbuzz.so.0")
    harfbuzz.hb_version_string.restype = ctypes.c_char_p
    number = pango.pango_version()
    return {
        "pango": f"{number // 10000}.{number // 100 % 100}.{number % 100}",
        "harfbuzz": harfbuzz.hb_version_string().decode(),
    }


def compare(name: str, pdf: bytes, *, renew: bool, only: Iterable[int] = ()) -> list[Difference]:
    """Compare every page of a PDF (or those of ``only``, from 1) with its reference; renew them when asked to."""
    chosen = set(only)
    found = {number: image for number, image in enumerate(raster.pages(pdf, DPI), 1) if not chosen or number in chosen}
    stored = {int(path.stem.rpartition("-")[2]): path for path in REFERENCES.glob(f"{name}-[0-9]*.png")}
    if renew:
        for path in stored.values():
            path.unlink()
        for number, image in found.items():
            REFERENCES.mkdir(exist_ok=True)
            image.save(REFERENCES / f"{name}-{number}.png", optimize=True)
        return []
    differences = [
        Difference(f"{name}-{number}", "there is no reference of this page" if number in found else "this page is gone")
        for number in sorted(found.keys() ^ stored.keys())
    ]
    for number in sorted(found.keys() & stored.keys()):
        expected = Image.open(stored[number]).convert("RGB")
        difference = _differ(f"{name}-{number}", expected, found[number])
        if difference:
            differences.append(difference)
    return differences


def _differ(name: str, expected: Image.Image, found: Image.Image) -> Difference | None:
    if expected.size != found.size:
        reason = f"the page measures {found.size}, not {expected.size} pixels"
        _keep(name, expected, found, found)
        return Difference(name, reason)
    off = ImageChops.difference(expected, found).convert("L").point(lambda value: 255 if value > TOLERANCE else 0)
    share = off.histogram()[255] / (off.width * off.height)
    if share <= ALLOWED:
        return None
    _keep(name, expected, found, off)
    return Difference(name, f"{share:.2%} of the page differs")


def _keep(name: str, expected: Image.Image, found: Image.Image, off: Image.Image) -> None:
    REPORT.mkdir(parents=True, exist_ok=True)
    for kind, image in (("expected", expected), ("found", found), ("difference", off)):
        image.save(REPORT / f"{name}.{kind}.png")
    names = sorted({path.name.split(".")[0] for path in REPORT.glob("*.found.png")})
    rows = "".join(
        f"<h2>{html.escape(name)}</h2><p>"
        + "".join(f'<img src="{name}.{kind}.png" title="{kind}">' for kind in ("expected", "found", "difference"))
        for name in names
    )
    head = '<!doctype html><meta charset="utf-8"><title>Pages that differ</title><style>img{width:32%}</style>'
    (REPORT / "index.html").write_text(head + rows, encoding="utf-8")


def record_versions() -> None:
    (REFERENCES / "versions.json").write_text(json.dumps(versions(), indent=1) + "\n", encoding="utf-8")


def same_versions() -> bool:
    path = REFERENCES / "versions.json"
    return path.is_file() and json.loads(path.read_text(encoding="utf-8")) == versions()
