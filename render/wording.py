"""How values and what is expected of them are named in messages."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .scalars import resolve

_TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "null",
}
_REDACTED = re.compile(r"\|\|.*?(?:\|\||$)", re.DOTALL)
_DECORATION = re.compile(r"[\s$€£¥%,_']")
SHOWN = 48
"""Characters of a value that a message quotes."""


def joined(words: Iterable[str], last: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    listed = list(words)
    return f" {last} ".join([", ".join(listed[:-1]), listed[-1]] if len(listed) > 1 else listed)


def named(path: Sequence[str | int], whole: str = "the file") -> str:
    """What a value is called: its key, or ``item 2 of habitat``."""
    if not path:
        return whole
    last = path[-1]
    if isinstance(last, str):
        return quoted(last) or "the nameless key"
    return f"item {last + 1} of {named(path[:-1], 'the list')}"


def shown(value: Any, lexeme: str | None = None) -> str:
    """A value as a message shows it. Words that are to be redacted are not repeated."""
    if isinstance(value, str):
        if not value.strip():
            return "empty"
        return f'"{quoted(value)}"'
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    if isinstance(value, Mapping):
        return "a mapping" if value else "an empty mapping"
    if lexeme is not None:
        return lexeme[:SHOWN] or "empty"
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def quoted(words: str) -> str:
    """Words on one line, cut to what a message has room for, without those that are to be redacted."""
    text = _REDACTED.sub("||…||", " ".join(words.split()))
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def types(names: Iterable[str]) -> str:
    """``text or null`` for JSON Schema's type names."""
    ordered = sorted(names, key=list(_TYPES).index)
    if "number" in ordered:
        ordered = [name for name in ordered if name != "integer"]
    return joined((_TYPES[name] for name in ordered), "or")


def options(values: Iterable[Any]) -> str:
    """``pressure or extraction``; long lists are cut."""
    words = [value if isinstance(value, str) else shown(value) for value in values]
    return joined(words, "or") if len(words) <= 12 else ", ".join(words[:12]) + " …"


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant, or an empty string."""
    candidates = list(known)
    folded = {candidate.lower().replace("-", "_"): candidate for candidate in candidates}
    wanted = word.lower().replace("-", "_").replace(" ", "_")
    if wanted in folded:
        return folded[wanted]
    close = difflib.get_close_matches(wanted, folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else ""


def meant(word: str, known: Iterable[str]) -> str:
    """``did you mean "weaponry"?``, or an empty string."""
    near = nearest(word, known)
    return f'did you mean "{near}"?' if near else ""


def as_number(text: str) -> str:
    """What ``$95,000`` or ``85%`` would be as a YAML number, or an empty string."""
    bare = _DECORATION.sub("", text)
    if not bare or bare == text:
        return ""
    try:
        number = resolve(bare)
    except ValueError:
        return ""
    return bare if isinstance(number, int | float) and not isinstance(number, bool) else ""


def type_hint(value: Any, wanted: Sequence[str]) -> str:
    """What to do about a value of another type than ``wanted``."""
    if isinstance(value, str):
        if ("number" in wanted or "integer" in wanted) and (number := as_number(value)):
            return f"write {number}"
        if "array" in wanted:
            return 'begin each item on a line of its own, with "- "'
    if "string" in wanted:
        if isinstance(value, list):
            return "text that begins with a bracket needs quotes"
        if isinstance(value, dict) and len(value) == 1:
            return 'text with ": " in it needs quotes'
    return ""


def length(word: str, limit: int, value: str) -> str:
    """``it must have at most 80 characters, and has 94``."""
    return f"it must have {word} {limit} characters, and has {len(value)}"


def amount(word: str, limit: int, value: Sequence[Any] | Mapping[str, Any], what: str) -> str:
    """``it must have at least one item``."""
    number = f"one {what}" if limit == 1 else f"{limit} {what}s"
    return f"it must have {word} {number}" + (f", and has {len(value)}" if value else "")


def clause(sentence: str) -> str:
    """A sentence as part of another: ``Per cent; computed.`` is ``per cent; computed``."""
    bare = sentence.strip().removesuffix(".")
    return bare[:1].lower() + bare[1:] if bare[1:2].islower() or bare[1:2] == " " else bare


def form(schema: Any) -> str:
    """What a schema accepts, as a noun: ``a number``, ``a mapping with from and to``."""
    if not isinstance(schema, Mapping):
        return "something else"
    if "const" in schema:
        return options([schema["const"]])
    if "enum" in schema:
        return options(schema["enum"])
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return joined((form(branch) for branch in schema[key]), "or")
    kind = schema.get("type")
    if isinstance(kind, list):
        return types(kind)
    if kind in (None, "object"):
        fixed = [f"{key}: {options([part['const']])}" for key, part in _consts(schema)]
        needed = [*fixed, *(key for key in schema.get("required", ()) if key not in dict(_consts(schema)))]
        if needed:
            return f"{'a mapping' if kind else 'something'} with {joined(needed)}"
    return _TYPES.get(kind or "", "something else")


def _consts(schema: Mapping[str, Any]) -> list[tuple[str, Any]]:
    properties = schema.get("properties", {})
    return [(key, part) for key, part in properties.items() if isinstance(part, Mapping) and "const" in part]
