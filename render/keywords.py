"""What each keyword of JSON Schema expects of a value, as a clause: ``it must be at most 100``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import wording

if TYPE_CHECKING:
    from jsonschema_rs import KeywordValidator


class Rising:
    """``x-rising: [from, to]``: of two numbers in a mapping the second is not below the first."""

    def __init__(self, _parent: Mapping[str, Any], value: Any, _path: Sequence[str | int]) -> None:
        if not (isinstance(value, list) and len(value) == 2 and all(isinstance(name, str) for name in value)):
            raise ValueError("x-rising names two keys")
        self.low, self.high = value

    def validate(self, instance: Any) -> None:
        """Raises ValueError when they fall."""
        low, high = (instance.get(name) if isinstance(instance, dict) else None for name in (self.low, self.high))
        if isinstance(low, int | float) and isinstance(high, int | float) and low > high:
            raise ValueError(f"{self.low} ({low}) must not be more than {self.high} ({high})")


OWN: dict[str, type[KeywordValidator]] = {"x-rising": Rising}
"""Keywords that JSON Schema does not have, by their names."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A keyword that a value did not satisfy."""

    told: Any
    """The library's ``ValidationErrorKind``, with the keyword's own values."""
    part: Mapping[str, Any]
    """The schema object that the keyword stands in."""
    value: Any
    message: str


@dataclass(frozen=True, slots=True)
class About:
    """The problem's code, what is expected, and a hint."""

    code: str
    expected: str
    hint: str = ""


def about(failure: Failure) -> About:
    tell = _KEYWORDS.get(type(failure.told).__name__)
    return tell(failure) if tell else About("invalid", failure.message)


def _type(failure: Failure) -> About:
    wanted = failure.told.types
    hint = wording.type_hint(failure.value, wanted)
    free = failure.part.get("additionalProperties") is True
    if "object" in wanted and not hint and not free and (keys := failure.part.get("properties")):
        hint = f"its keys are {wording.joined(keys)}"
    return About("wrong-type", f"it must be {wording.types(wanted)}", hint)


def _enum(failure: Failure) -> About:
    options = failure.told.options
    known = [option for option in options if isinstance(option, str)]
    hint = wording.meant(failure.value, known) if isinstance(failure.value, str) else ""
    return About("not-an-option", f"it must be {wording.options(options)}", hint)


def _const(failure: Failure) -> About:
    return About("not-an-option", f"it must be {wording.options([failure.told.expected_value])}")


def _pattern(failure: Failure) -> About:
    import jsonschema_rs

    pattern, part, value = failure.told.pattern, failure.part, failure.value
    expected = part.get("x-message") or f"it must match {pattern}"
    if "x-message" not in part and "description" in part:
        expected = f"expected is {wording.clause(part['description'])}"
    judge = jsonschema_rs.Draft202012Validator({"pattern": pattern})
    hyphened = value.replace("_", "-")
    tries = (value.strip(), value.upper(), value.lower(), value.replace(".", ":"), hyphened, hyphened.lower())
    better = next((attempt for attempt in tries if judge.is_valid(attempt)), "")
    return About("wrong-form", str(expected), f"write {better}" if better else "")


def _range(word: str) -> Callable[[Failure], About]:
    return lambda failure: About("out-of-range", f"it must be {word} {failure.told.limit}")


def _length(word: str) -> Callable[[Failure], About]:
    return lambda failure: About("wrong-length", wording.length(word, failure.told.limit, failure.value))


def _amount(word: str, what: str) -> Callable[[Failure], About]:
    return lambda failure: About("wrong-length", wording.amount(word, failure.told.limit, failure.value, what))


_KEYWORDS: dict[str, Callable[[Failure], About]] = {
    "Type": _type,
    "Enum": _enum,
    "Constant": _const,
    "Pattern": _pattern,
    "Maximum": _range("at most"),
    "Minimum": _range("at least"),
    "ExclusiveMaximum": _range("less than"),
    "ExclusiveMinimum": _range("more than"),
    "MinLength": _length("at least"),
    "MaxLength": _length("at most"),
    "MinItems": _amount("at least", "item"),
    "MaxItems": _amount("at most", "item"),
    "MinProperties": _amount("at least", "key"),
    "MaxProperties": _amount("at most", "key"),
    "MultipleOf": lambda f: About("out-of-range", f"it must be a multiple of {f.told.multiple_of}"),
    "Custom": lambda f: About("out-of-range", f.told.message, "exchange them"),
    "PropertyNames": lambda f: About("wrong-key", f"a key in it is not allowed: {f.told.error.message}"),
}
