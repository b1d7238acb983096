"""From a ``Source`` to a ``Record``: the core's schema, each section's own, and running text.

All problems of a file are found in one go. What leaves here is clean: strings are ``Text``, redacted
words are gone, derived numbers are filled in.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .. import load, relations, schema, wording
from ..load import Source
from ..problems import InputError, Problem, error
from ..record import Record, Value
from ..relations import slugs
from ..scalars import resolve
from ..settings import SCHEMAS, Archive
from ..text import Text
from .reader import Covered, Reader, not_on_file

if TYPE_CHECKING:
    from ..layouts import Section

__all__ = [
    "CORE", "Filed", "Heading", "editor_schema", "fiche", "file_number", "filed", "heading", "heading_of",
    "misfiled", "not_on_file", "strings", "validate",
]  # fmt: skip

_LINES = re.compile(r"[ \t]*[\r\n]\s*")
CORE = ("title", "summary", "family", "file_number", "tags", "lang")


@dataclass(frozen=True, slots=True)
class Filed:
    """Where a specimen belongs: all that choosing an edition asks of it. Empty where the file does not say."""

    slug: str
    family: str = ""
    tags: tuple[str, ...] = ()
    title: Text = Text("")


@dataclass(frozen=True, slots=True)
class Heading:
    """What other records show of a specimen, readable even when the rest of its file is not sound."""

    slug: str
    title: Text
    summary: Text
    file_number: str
    words: tuple[str, ...] = ()
    """Every other string, as plain reading: what a computed match compares."""
    tags: tuple[str, ...] = ()
    family: str = ""
    names: frozenset[str] = frozenset()
    """The slugs it names, on file or not."""
    auto: bool = False
    """Whether its related specimens are those closest to it."""
    lang: str = ""


def validate(
    source: Source,
    archive: Archive,
    sections: Mapping[str, Section],
    covered: Covered | None = None,
    *,
    on_file: Collection[str] | None = None,
) -> Record:
    """The record a file holds.

    ``covered`` says whether some font has a code point. With ``on_file``, the slugs of the archive, a record that
    names another one is held against them here already: so a broken record's wrong names are found with the rest.
    Raises ``InputError`` with everything that is wrong in the file.
    """
    core, problems = _core(source, sections)
    reader = Reader(source, covered, on_file)
    values: dict[str, Value] = {}
    for key, section in sections.items():
        if isinstance(source.data, dict) and key in source.data:
            value, found = _section(source, section)
            problems += found
            values[key] = reader.value(value, (key,))
    reader.relatives(values.get("related"))
    title, summary, file_number = _heading(reader, core, archive)
    family = core.get("family", "")
    if isinstance(family, str) and family and family not in {known.key for known in archive.families}:
        problems.append(_unknown_family(source, archive, family))
    tags, lang = core.get("tags", ()), core.get("lang", archive.lang)
    problems += reader.problems
    if problems:
        raise InputError(sorted(dict.fromkeys(problems), key=lambda problem: problem.where))
    return Record(
        slug=source.path.stem,
        path=source.path,
        title=title,
        summary=summary,
        family=family,
        file_number=file_number,
        fiche=fiche(source.path.stem),
        lang=lang,
        tags=tuple(tags),
        sections=values,
        places=source.marks,
    )


def heading(source: Source, archive: Archive) -> Heading:
    """Title, summary and number of a specimen, whatever its sections are like.

    Raises ``InputError`` when title or summary is wrong.
    """
    core, problems = schema.check(source, _part_of_core("title", "summary"))
    number, wrong = schema.check(source, _part_of_core("file_number"))
    reader = Reader(source, None)
    if not problems:
        own = None if wrong else number.get("file_number")
        title, summary, file_number = _heading(reader, {**core, "file_number": own}, archive)
        problems += reader.problems
    if problems:
        raise InputError(problems)
    place, sections = filed(source), _raw_sections(source)
    names, auto = relations.named(summary, sections), relations.is_auto(sections)
    return Heading(
        place.slug,
        title,
        summary,
        file_number,
        _words(sections),
        place.tags,
        place.family,
        names,
        auto,
        _lang(source, archive),
    )


def filed(source: Source) -> Filed:
    """Family, tags and title of a specimen, whatever else is wrong in its file; what is wrong in them is left out."""
    slug = source.path.stem
    if not isinstance(source.data, dict):
        return Filed(slug)
    core, problems = schema.check(source, _part_of_core("family", "tags"))
    title, wrong = schema.check(source, _part_of_core("title"))
    family, tags = core.get("family"), core.get("tags")
    return Filed(
        slug,
        family if isinstance(family, str) else "",
        tuple(tags) if isinstance(tags, list) and not problems else (),
        Text("") if wrong else Reader(source, None).text(_LINES.sub(" ", title["title"]), ("title",)),
    )


def misfiled(source: Source, archive: Archive) -> list[Problem]:
    """What is wrong with a specimen's place in the taxonomy."""
    if not isinstance(source.data, dict):
        return _core(source, {})[1]
    core, problems = schema.check(source, _part_of_core("family"))
    if not problems and core["family"] not in {family.key for family in archive.families}:
        problems = [_unknown_family(source, archive, core["family"])]
    return problems


def heading_of(record: Record) -> Heading:
    """The same of a sound record."""
    words, names = _words(record.sections), relations.named(record.summary, record.sections)
    return Heading(
        record.slug,
        record.title,
        record.summary,
        record.file_number,
        words,
        record.tags,
        record.family,
        names,
        relations.is_auto(record.sections),
        record.lang,
    )


def _lang(source: Source, archive: Archive) -> str:
    """The language of a file that may be wrong in it; then it is the archive's."""
    said = source.data.get("lang", archive.lang)
    return said if said == archive.lang or not schema.check(source, _part_of_core("lang"))[1] else archive.lang


def strings(value: Value) -> Iterator[str]:
    """Every string in a value, in the order of the file."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from strings(inner)


def file_number(slug: str, prefix: str) -> str:
    """The number a file gets that names none: ``OR-529-B818``."""
    digest = _digest(slug)
    return f"{prefix}-{int(digest[:3], 16) % 900 + 100}-{digest[3:7]}".upper()


def fiche(slug: str) -> str:
    """The microfiche a file is on: ``47/C08``."""
    digest = _digest(slug)
    return f"{int(digest[7:9], 16) % 90 + 10}/{digest[9]}{int(digest[10:12], 16) % 12 + 1:02d}".upper()


def editor_schema(sections: Mapping[str, Section]) -> dict[str, Any]:
    """The JSON Schema of a whole specimen file, for editors: the core and each section's own."""
    core = _core_schema()
    properties = dict(core["properties"])
    definitions: dict[str, Any] = {}
    for key, section in sections.items():
        definitions[key] = _moved(section.schema, f"#/$defs/{key}")
        properties[key] = {"$ref": f"#/$defs/{key}", "description": section.title}
    whole: dict[str, Any] = schema.for_editors({**core, "properties": properties, "$defs": definitions})
    return whole


def _section(source: Source, section: Section) -> tuple[Any, list[Problem]]:
    try:
        return schema.check(source, section.schema, (section.key,))
    except ValueError as reason:
        where = section.folder / "section.yaml"
        return None, [error("section-schema", where, f"the schema of {section.key} is none: {reason}")]


def _digest(slug: str) -> str:
    return hashlib.sha256(slug.encode()).hexdigest()


def _moved(part: Any, place: str) -> Any:
    """A schema whose references into itself hold at its new place in a larger one."""
    if isinstance(part, list):
        return [_moved(item, place) for item in part]
    if not isinstance(part, Mapping):
        return part
    moved = {key: _moved(value, place) for key, value in part.items() if key != "$schema"}
    if isinstance(moved.get("$ref"), str) and moved["$ref"].startswith("#"):
        moved["$ref"] = place + moved["$ref"][1:]
    return moved


@functools.cache
def _core_schema() -> dict[str, Any]:
    found: dict[str, Any] = load.load(SCHEMAS / "record.yaml").data
    return found


@functools.cache
def _part_of_core(*keys: str) -> dict[str, Any]:
    """A schema that looks at a few keys of the core and lets every other one be."""
    core = _core_schema()
    required = [key for key in keys if key in core["required"]]
    return {"type": "object", "required": required, "properties": {key: core["properties"][key] for key in keys}}


@functools.lru_cache(32)
def _core_with(keys: tuple[str, ...]) -> dict[str, Any]:
    """The core's schema, which leaves the values of sections alone."""
    core = _core_schema()
    return {**core, "properties": {**core["properties"], **dict.fromkeys(keys, True)}}


def _core(source: Source, sections: Mapping[str, Section]) -> tuple[dict[str, Any], list[Problem]]:
    """The core's values, and what is wrong with them or with the keys beside them."""
    data = source.data
    if not isinstance(data, dict):
        what = "the file is empty" if data is None else f"the file holds {wording.shown(data)}"
        message = f"{what}; a record is a mapping"
        return {}, [error("not-a-record", source.where(()), message, "begin with title: …")]
    shell = {key: None if key in sections else value for key, value in data.items()}
    bare = Source(source.path, source.name, source.lines, shell, source.marks, source.keys, source.lexemes)
    core, problems = schema.check(bare, _core_with(tuple(sections)))
    return core, problems


def _heading(reader: Reader, core: Mapping[str, Any], archive: Archive) -> tuple[Text, Text, str]:
    words = [core.get(key) for key in ("title", "summary")]
    title, summary = (
        reader.text(_LINES.sub(" ", value), (key,)) if isinstance(value, str) else Text("")
        for key, value in zip(("title", "summary"), words, strict=True)
    )
    if any(slugs(title.spans)):
        where = reader.source.where(("title",))
        reader.problems.append(error("link-in-title", where, "title has a link in it", "put the link in a section"))
    number = core.get("file_number")
    return title, summary, number if isinstance(number, str) else file_number(reader.source.path.stem, archive.prefix)


def _unknown_family(source: Source, archive: Archive, family: str) -> Problem:
    known = [one.key for one in archive.families]
    near = wording.nearest(family, [*known, *(str(one.title) for one in archive.families)])
    by_title = {str(one.title): one.key for one in archive.families}
    hint = "add it to the taxonomy in archive.yaml, or use unfiled"
    if near:
        hint = f'did you mean "{by_title.get(near, near)}"?'
    message = f"family is {wording.shown(family)}; the taxonomy in archive.yaml has no such key"
    return error("unknown-family", source.where(("family",)), message, hint)


def _raw_sections(source: Source) -> dict[str, Value]:
    """Everything outside the core, as far as it can be read."""
    reader = Reader(source, None)
    return {key: reader.value(value, (key,)) for key, value in source.data.items() if key not in CORE}


def _words(sections: Mapping[str, Value]) -> tuple[str, ...]:
    """Strings that describe a specimen: not its relatives, and no figures, which may or may not be text."""
    found = (words for key, value in sections.items() if key != "related" for words in strings(value))
    return tuple(words for words in found if _is_text(words))


def _is_text(words: str) -> bool:
    try:
        return isinstance(resolve(words), str)
    except ValueError:
        return False
