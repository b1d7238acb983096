"""What each drawing is tried with: data as a template would hand it in."""

from __future__ import annotations

import hashlib
from typing import Any

from render import art, layouts

THEMES = ("colour", "mono")
SEED = "junior-ai-lifecycle-management-best-practices-specialist"
A4 = {"pw": 210.0, "ph": 297.0}
BOOK = {"pw": 152.4, "ph": 228.6}
STAMP = {"lines": [("OTIOSE", 1.62), ("HANDLE WITH INDIFFERENCE", 0.52)], "size": 10.5}
ORG = {
    "subject": "THE SUBJECT",
    "file_number": "OR-529-B818",
    "pressure": "PRESSURE",
    "extraction": "EXTRACTION",
}
PAY = {"label": "SUBJECT", "benchmark_label": "REAL ENGINEER", "withheld": "FIGURE WITHHELD (b)(4)"}
MAP = {
    "links": [(0, 1), (1, 0), (0, 3), (2, 3), (1, 3)],
    "families": [0, 0, 1, 1],
    "titles": ["Agile Coach", "Scrum Master", "Futurist", "Vice President of Strategic Initiatives"],
    **BOOK,
    "top": 40.0,
    "bottom": 20.0,
    "outer": 14.0,
}

SAMPLES: dict[str, dict[str, Any]] = {
    "barcode": {"data": "OR-529-B818"},
    "blank": {**BOOK, "words": "THIS PAGE INTENTIONALLY LEFT OTIOSE"},
    "cardrule": {},
    "checklist": {"n": 11, "w": 106.0, "pitch": 5.29},
    "clip": {},
    "coversheet": BOOK,
    "datedue": {},
    "daybar": {"entries": [(540, 600), (780, 840), (785, 790), (1380, 60)]},
    "ean": {"data": "978-3-16-148410-0"},
    "fichestrip": {"seed": SEED},
    "field": {**BOOK, "left": 19.0, "right": 14.0, "top": 19.0, "bottom": 17.0},
    "folder": {**A4, "slot": 2},
    "gauge": {"percent": 85},
    "hazard": {},
    "labelframe": {"w": 120.0, "h": 92.0},
    "leader": {},
    "matrix": {"shade": 3},
    "meter": {"percent": 91},
    "orgchart": {"seed": SEED, **ORG},
    "paybar": {"amount": 95000, "figure": "$95,000", **PAY},
    "portrait": {"seed": SEED, "words": "WITHHELD"},
    "pocket": {},
    "qr": {"data": "https://otiose.example/specimens/sdet"},
    "rangemap": {"seed": SEED, "n": 3},
    "redaction": {"seed": SEED, "w": 5.0},
    "relations": {**MAP, "side": "left"},
    "riskbar": {"percent": 85},
    "round_stamp": {"seed": SEED, "top": "RECEIVED", "date": "14 SEP 2025", "bottom": "CENTRAL FILES"},
    "scorch": {"seed": SEED},
    "scribble": {"kind": "ring", "w": 30.0, "h": 10.0},
    "seal": {},
    "sheet": {**A4, "inner": 26.0, "outer": 14.0, "top": 22.0, "bottom": 17.0, "holes": (108.5, 188.5)},
    "slip": {},
    "stamp": {**STAMP, "seed": SEED},
    "tagbody": {"w": 54.0},
    "tagcap": {"w": 54.0},
    "tagcorner": {},
    "tageye": {},
    "tape": {"seed": SEED},
    "threadkey": {"kind": "across"},
    "thumb": {**BOOK, "part": 2, "parts": 9, "label": "3"},
    "tickbox": {"seed": SEED},
    "torn": {"seed": SEED},
    "tractor": {},
    "warning": {},
}


def palette(theme: str) -> dict[str, str]:
    return layouts.find("folder").theme(theme)


def digest() -> str:
    """One hash over every drawing in both themes."""
    whole = hashlib.sha256()
    for theme in THEMES:
        for name, data in sorted(SAMPLES.items()):
            whole.update(art.draw(name, palette(theme), **data).encode())
    return whole.hexdigest()


if __name__ == "__main__":
    print(digest())
