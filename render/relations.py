"""Which specimens a record names: as relatives in [11], and with ``[[slug]]`` in running text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from .load import Steps
from .record import Value
from .text import Link, Plain, Span, Text

AUTO = "auto"
"""What stands for relatives that are chosen from the whole archive."""


def related(sections: Mapping[str, Value]) -> Iterator[tuple[str, Steps]]:
    """Slugs that [11] names, with the paths they stand at."""
    found = sections.get("related")
    if isinstance(found, list):
        for index, item in enumerate(found):
            if isinstance(item, Mapping) and isinstance(slug := item.get("specimen"), str) and slug:
                yield str(slug), ("related", index, "specimen")


def is_auto(sections: Mapping[str, Value]) -> bool:
    """Whether [11] takes what is closest in the archive."""
    return sections.get("related") == AUTO


def links(summary: Text, sections: Mapping[str, Value]) -> Iterator[tuple[str, Steps]]:
    """Slugs that ``[[…]]`` names, with the paths of the strings they stand in."""
    yield from _links_in(summary, ("summary",))
    for key, value in sections.items():
        yield from _links_in(value, (key,))


def named(summary: Text, sections: Mapping[str, Value]) -> frozenset[str]:
    """Every slug that is named, whichever way."""
    return frozenset([*(slug for slug, _ in related(sections)), *(slug for slug, _ in links(summary, sections))])


def slugs(spans: Iterable[Span]) -> Iterator[str]:
    """The slugs that links among spans lead to."""
    for span in spans:
        if isinstance(span, Link):
            yield span.slug
        if not isinstance(span, Plain):
            yield from slugs(getattr(span, "spans", ()))


def _links_in(value: Value, path: Steps) -> Iterator[tuple[str, Steps]]:
    if isinstance(value, Text):
        if len(value.spans) > 1 or (value.spans and not isinstance(value.spans[0], Plain)):
            for slug in slugs(value.spans):
                yield slug, path
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _links_in(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _links_in(inner, (*path, index))
