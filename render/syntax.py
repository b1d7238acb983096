"""Mistakes in YAML's own grammar, in plain words.

libyaml says ``mapping values are not allowed in this context``; a person wants to hear that a value
with a colon in it needs quotes. What is not in the table keeps the parser's words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import yaml

from .problems import Problem, Where, error

QUOTE = "put the whole value in quotes"
_CLOSERS = {"[": ("]", "list"), "{": ("}", "mapping")}


def explain(reason: yaml.MarkedYAMLError, name: str, lines: Sequence[str]) -> Problem:
    """The problem a parser stumbled over, at the place where a person would look for it."""
    mark = reason.problem_mark or reason.context_mark
    if mark is None:
        return error("syntax", name, f"this is not YAML: {reason.problem}")
    at = _At(name, lines, mark.line, mark.column)
    opened = None
    if reason.context_mark is not None:
        opened = _At(name, lines, reason.context_mark.line, reason.context_mark.column)
    return _explain(reason.problem or "", reason.context or "", at, opened or at)


class _At:
    """A place the parser named, with the line it is in. Line and column count from 0."""

    def __init__(self, name: str, lines: Sequence[str], line: int, column: int) -> None:
        if line >= len(lines) - 1 and not any(lines[line:]):
            # the parser ran out of text: a person looks where the text ends
            line = max((number for number, text in enumerate(lines) if text.strip()), default=0)
            column = len(lines[line]) if lines else 0
        self.text = lines[line] if line < len(lines) else ""
        self.above = lines[line - 1] if 0 < line <= len(lines) else ""
        self.before = self.text[:column]
        self.rest = self.text[column:]
        self.line = line
        self.where = Where(name, line + 1, column + 1)


def _say(at: _At, message: str, hint: str = "") -> Problem:
    return error("syntax", at.where, message, hint)


def _explain(problem: str, context: str, at: _At, opened: _At) -> Problem:
    if problem in _SIMPLE:
        return _say(at, *_SIMPLE[problem])
    if problem in _AT_THE_PLACE:
        return _AT_THE_PLACE[problem](at)
    if problem in _AT_THE_OPENING:
        return _AT_THE_OPENING[problem](opened)
    words = f"{context}: {problem}" if context else problem
    return _say(at, f"this is not YAML ({words})", "quotes round a value often help")


_SIMPLE = {
    "did not find expected hexdecimal number": (
        "the digits of this escape are not hexadecimal",
        "write \\x41, \\u0041 or \\U00000041",
    ),
    "found invalid Unicode character escape code": ("this escape names no character", "write the character itself"),
    "did not find expected '-' indicator": (
        "this line is in a list, but is no item of it",
        'begin it with "- ", or indent it under the item above',
    ),
    "did not find expected <document start>": (
        "this stands outside the document",
        "lines of one mapping begin in the same column",
    ),
    "block sequence entries are not allowed in this context": (
        "a list cannot begin on the line of its key",
        f"begin it on the next line, or {QUOTE}",
    ),
    "found unexpected ':'": ('a ":" inside a list or mapping in brackets', QUOTE),
    "found a tab character that violates indentation": (
        "a tab stands where YAML wants spaces",
        "indent with spaces",
    ),
    "found a tab character where an indentation space is expected": (
        "a tab stands where YAML wants spaces",
        "indent with spaces",
    ),
    "mapping keys are not allowed in this context": ('a value cannot begin with "? "', QUOTE),
    "found unknown directive name": ("this directive is not known", "delete the line; files are read as YAML 1.2"),
    "found incompatible YAML document": ("this version of YAML is not known", "delete the line; files are YAML 1.2"),
}


def _start(at: _At) -> Problem:
    if at.rest.startswith("\t"):
        return _say(at, "a tab stands where YAML wants spaces", "indent with spaces")
    return _say(at, f'a value cannot begin with "{at.rest[:1]}"', QUOTE)


def _escape(at: _At) -> Problem:
    hint = "in double quotes a backslash is written \\\\; in single quotes it is itself"
    return _say(at, f'"{at.rest[:2]}" is not an escape that YAML knows', hint)


def _nothing(at: _At) -> Problem:
    return _say(at, f'a value is missing before "{at.rest[:1]}"' if at.rest else "a value is missing here")


def _tag(at: _At) -> Problem:
    return error("tag", at.where, "a tag is not allowed", f"delete it, or {QUOTE}")


def _endless(opened: _At) -> Problem:
    return _say(opened, "this quoted text is never closed", f"add the closing {opened.rest[:1]}")


def _neither(opened: _At) -> Problem:
    return _say(opened, "this line is neither a key nor part of a value", "write KEY: VALUE, or check the indentation")


def _colon(at: _At) -> Problem:
    if len(at.before) > 1024:
        return _say(at, "a key is longer than 1,024 characters", QUOTE)
    if ":" in at.before:
        return _say(at, 'a second ": " in one value', QUOTE)
    indent = len(at.text) - len(at.text.lstrip(" "))
    above = len(at.above) - len(at.above.lstrip(" "))
    if indent <= above and ":" not in at.above:
        return _say(at, "the line above has no colon after its key", "write KEY: VALUE")
    return _say(at, "this line does not fit the one above", "keys of one mapping begin in the same column")


def _marker(opened: _At) -> Problem:
    sign = opened.rest[:1]
    if sign == "*":
        return _say(opened, "a value cannot begin with an asterisk: YAML reads it as an alias", QUOTE)
    return _say(opened, 'a value cannot begin with "&": YAML reads it as an anchor', QUOTE)


def _block(opened: _At) -> Problem:
    sign = opened.rest[:1]
    if opened.rest.startswith("||"):
        return _say(opened, 'a value cannot begin with "||": YAML reads it as block text', QUOTE)
    return _say(opened, f'text after "{sign}" begins on the next line', f"move it there, indented, or {QUOTE}")


def _key(at: _At) -> Problem:
    sign = at.rest[:1]
    if sign and sign in "]}":
        return _say(at, f'"{sign}" closes nothing', f"delete it, or {QUOTE}")
    if at.before.rstrip()[-1:] in ("'", '"'):
        hint = "quotes go round the whole value; \" inside '…' is itself"
        return _say(at, "there is text after the closing quote", hint)
    if at.before.rstrip().endswith("]") and "[[" in at.before:
        return _say(at, "a value cannot begin with [[: YAML reads it as a list", QUOTE)
    if at.before.rstrip()[-1:] in ("]", "}"):
        return _say(at, "there is text after a closed list or mapping", f"delete it, or {QUOTE}")
    if at.rest.startswith("- ") or at.rest == "-":
        return _say(at, "a list item stands where a key is wanted", "indent the list under its key")
    return _say(at, "a key is wanted here", "keys of one mapping begin in the same column")


def _unclosed(opened: _At) -> Problem:
    sign = opened.rest[:1]
    if opened.rest.startswith("[["):
        return _say(opened, "a value cannot begin with [[: YAML reads it as a list", QUOTE)
    closer, what = _CLOSERS.get(sign, ("]", "list"))
    message = f'this {what} is not closed with "{closer}", or a comma is missing in it'
    return _say(opened, message, "text that begins so needs quotes")


_AT_THE_PLACE: dict[str, Callable[[_At], Problem]] = {
    "mapping values are not allowed in this context": _colon,
    "found character that cannot start any token": _start,
    "found unknown escape character": _escape,
    "did not find expected key": _key,
    "did not find expected node content": _nothing,
    "found undefined tag handle": _tag,
}
_AT_THE_OPENING: dict[str, Callable[[_At], Problem]] = {
    "found unexpected end of stream": _endless,
    "found unexpected document indicator": _endless,
    "did not find expected alphabetic or numeric character": _marker,
    "did not find expected comment or line break": _block,
    "could not find expected ':'": _neither,
    "did not find expected ',' or ']'": _unclosed,
    "did not find expected ',' or '}'": _unclosed,
}
