"""Beginnings: an archive that renders at once, a specimen ready to fill in, and the schemas editors read."""

from __future__ import annotations

import json
import re
import textwrap
from pathlib import Path

from . import output, settings, validate
from .layouts import Layout
from .problems import UsageError
from .scalars import resolve

SCHEMAS = ".dossier"
"""The folder in an archive where its JSON Schemas lie; the archive's reader skips it."""

_ARCHIVE = """\
# yaml-language-server: $schema={schemas}/archive.json
title: {title}
subtitle: A Field Guide to Roles of Our Own
publisher: Central Files
prefix: {prefix}
# A QR code leads to base_url + slug; set it to where you publish.
base_url: https://files.example/
taxonomy:
  - key: general
    title: General Files
    families:
      - {{key: first-drawer, title: The First Drawer, note: Where everything starts and most of it stays.}}
"""

_SPECIMEN = """\
# yaml-language-server: $schema={schema}
title: {title}
summary: {summary}
family: {family}
"""


def init(folder: Path, layout: Layout) -> list[Path]:
    """Begin an archive in a new or empty folder. Raises UsageError when something is in it."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is not an empty folder; an archive begins in a folder of its own")
    title = folder.resolve().name.replace("-", " ").replace("_", " ").title() or "Archive"
    prefix = "".join(word[0] for word in re.findall(r"[A-Z][a-z]*", title))[:3] or "XX"
    archive = _ARCHIVE.format(schemas=SCHEMAS, title=_scalar(title), prefix=_scalar(prefix))
    written = [output.write(folder / "archive.yaml", archive.encode())]
    head = _SPECIMEN.format(
        schema=f"{SCHEMAS}/specimen.json",
        title="Junior AI Lifecycle Management & Best Practices Specialist",
        summary="Facilitates what others build, and keeps the minutes.",
        family="first-drawer",
    )
    sections = "".join(f"\n{_example(layout, key)}" for key in layout.sections)
    written.append(output.write(folder / "first-specimen.yaml", (head + sections).encode()))
    return written + write_schemas(folder, layout)


def new(slug: str, archive: settings.Archive, layout: Layout) -> Path:
    """Begin a specimen with every section as a comment. Raises UsageError for a bad slug or one that is taken."""
    if not settings.SLUG.fullmatch(slug) or len(slug) > settings.SLUG_LENGTH:
        better = settings.slug_from(slug)
        hint = f"; {better} can" if better else ""
        raise UsageError(f"{slug!r} cannot be a slug: lower-case letters a to z, digits and single hyphens{hint}")
    path = archive.root / f"{slug}.yaml"
    for other in settings.survey(archive.root).paths:
        if other.stem == slug:
            raise UsageError(f"there is already a specimen {slug}: {other}")
    if path.exists():
        raise UsageError(f"there is already a file {path}")
    title = slug.replace("-", " ").title()
    families = [family.key for family in archive.families]
    head = _SPECIMEN.format(
        schema=f"{SCHEMAS}/specimen.json",
        title=_scalar(title),
        summary=f"What a {title} does, in one sentence that a card elsewhere can show.",
        family=f"{families[0]}  # one of: {', '.join(families)}",
    )
    sections = "".join(f"\n{textwrap.indent(_example(layout, key), '# ')}" for key in layout.sections)
    write_schemas(archive.root, layout)
    return output.write(path, (head + "\n# Take the # from the sections this specimen has.\n" + sections).encode())


def write_schemas(folder: Path, layout: Layout) -> list[Path]:
    """Put the JSON Schemas of a specimen and of archive.yaml where the files' first lines name them."""
    schemas = {"specimen": validate.editor_schema(layout.sections), "archive": settings.editor_schema()}
    return [
        output.write(folder / SCHEMAS / f"{name}.json", json.dumps(schema, indent=1, ensure_ascii=False).encode())
        for name, schema in schemas.items()
    ]


def _example(layout: Layout, key: str) -> str:
    """A section's example under its key and number."""
    section = layout.sections[key]
    text = (section.folder / "example.yaml").read_text(encoding="utf-8") if section.has_example else "{}\n"
    title = " ".join(filter(None, (f"[{section.number}]" if section.number else "", section.title)))
    return f"{key}:  # {title}\n{textwrap.indent(text, '  ')}"


def _scalar(words: str) -> str:
    """Words as a YAML scalar that is text: plain where that is safe."""
    plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9 ]*", words) and isinstance(resolve(words), str)
    return words if plain else json.dumps(words, ensure_ascii=False)
