"""JSON Schema (2020-12) over a ``Source``, with messages for people.

The schema decides; this module only says what it decided: what is wrong, what was found, what is
expected, and a hint, at the line and column of the value, or of the key where the key is the mistake.

A keyword of our own shapes the messages: ``x-message`` beside ``pattern``, ``contains``, ``not`` or a union is the
clause that says what is expected (``a time is H:MM or HH:MM``). ``description`` explains a missing key.
``x-rising: [from, to]`` asks two numbers of a mapping to be in that order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from . import keywords, wording
from .load import Source, Steps
from .problems import Problem, Where, error

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator, ValidationError

Schema = Mapping[str, Any] | bool

_validators: dict[int, tuple[Schema, Draft202012Validator]] = {}


def check(source: Source, schema: Schema, at: Steps = ()) -> tuple[Any, list[Problem]]:
    """Hold the value at ``at`` against ``schema``.

    Returns the value with plain scalars turned into their own text where text is wanted (``title:
    1984``), and the problems found, in the order of the file. Raises ``ValueError`` for a schema that is none.
    """
    value: Any = source.data
    for step in at:
        value = value[step]
    judge = validator(schema)
    if judge.is_valid(value):
        return value, []
    errors = list(judge.iter_errors(value))
    while True:
        wanted = {path for fault in errors for path in _wanting_text(fault, source, at)}
        if not wanted:
            break
        for path in sorted(wanted, key=str):
            value = _replaced(value, path, source.lexemes[at + path])
        source = _without(source, at, wanted)
        errors = list(judge.iter_errors(value))
    teller = _Teller(source, schema, at, value)
    found = dict.fromkeys(problem for problem in teller.tell(errors))
    return value, sorted(found, key=lambda problem: problem.where)


def validator(schema: Schema) -> Draft202012Validator:
    """The compiled schema, compiled once for each schema object; a reference out of it is not followed.

    Raises ``ValueError`` for a schema that is none.
    """
    known = _validators.get(id(schema))
    if known is not None:
        return known[1]
    import jsonschema_rs

    try:
        compiled = jsonschema_rs.Draft202012Validator(
            schema if isinstance(schema, bool) else dict(schema), offline=True, keywords=keywords.OWN
        )
    except jsonschema_rs.ValidationError as reason:
        place = "/".join(map(str, reason.instance_path))
        raise ValueError(f"at {place or 'its root'}: {reason.message}") from None
    _validators[id(schema)] = (schema, compiled)  # the schema is kept, so its id stays its own
    return compiled


def for_editors(part: Any) -> Any:
    """A schema as editors read it: yaml-language-server shows ``errorMessage`` where we show ``x-message``."""
    if isinstance(part, list):
        return [for_editors(item) for item in part]
    if not isinstance(part, Mapping):
        return part
    return {
        "errorMessage" if key == "x-message" else key: for_editors(value)
        for key, value in part.items()
        if key not in keywords.OWN
    }


def _wanting_text(fault: ValidationError, source: Source, at: Steps) -> Iterable[Steps]:
    """Paths (below ``at``) of plain scalars that the schema would accept as text."""
    kind = fault.kind
    context = getattr(kind, "context", None)
    if context is not None:
        for branch in context:
            for inner in branch:
                yield from _wanting_text(inner, source, at)
        return
    path = tuple(fault.instance_path)
    lexeme = source.lexemes.get(at + path)
    if not lexeme:
        return
    options = getattr(kind, "options", None) or [getattr(kind, "expected_value", None)]
    if "string" in getattr(kind, "types", ()) or lexeme in options:
        yield path


def _replaced(value: Any, path: Steps, text: str) -> Any:
    """A copy of ``value`` with ``text`` at ``path``; only what lies on the way is copied."""
    if not path:
        return text
    copy = value.copy()
    copy[path[0]] = _replaced(value[path[0]], path[1:], text)
    return copy


def _without(source: Source, at: Steps, paths: set[Steps]) -> Source:
    gone = {at + path for path in paths}
    lexemes = {path: text for path, text in source.lexemes.items() if path not in gone}
    return Source(source.path, source.name, source.lines, source.data, source.marks, source.keys, lexemes)


class _Teller:
    """Turns the library's errors into problems."""

    def __init__(self, source: Source, schema: Schema, at: Steps, value: Any) -> None:
        self.source = source
        self.schema = schema
        self.at = at
        self.value = value

    def tell(self, errors: Sequence[ValidationError]) -> list[Problem]:
        """Problems of errors that hold together; missing keys of one mapping are one problem."""
        problems: list[Problem] = []
        missing: dict[Steps, list[str]] = {}
        renamed: set[tuple[Steps, str]] = set()
        for fault in errors:
            path = tuple(fault.instance_path)
            name = type(fault.kind).__name__
            if name == "Required":
                missing.setdefault(path, []).append(fault.kind.property)  # type: ignore[attr-defined]
            elif name in ("AdditionalProperties", "UnevaluatedProperties"):
                for key in fault.kind.unexpected:  # type: ignore[attr-defined]
                    problem, near = self._unknown(fault, path, key)
                    problems.append(problem)
                    renamed.add((path, near))
            elif name in ("AnyOf", "OneOfNotValid"):
                problems += self._union(fault, path)
            else:
                problems.append(self._single(fault, path, name))
        for path, keys in missing.items():
            left = [key for key in dict.fromkeys(keys) if (path, key) not in renamed]
            if left:
                problems.append(self._missing(errors, path, left))
        return problems

    # ---- places and names

    def _where(self, path: Steps) -> Where:
        return self.source.where(self.at + path)

    def _key_where(self, path: Steps) -> Where:
        return self.source.keys.get(self.at + path) or self._where(path)

    def _name(self, path: Steps) -> str:
        return wording.named(self.at + path)

    def _found(self, path: Steps) -> str:
        whole_is_nothing = not self.at + path and self.value is None
        return (
            "empty" if whole_is_nothing else wording.shown(self._value(path), self.source.lexemes.get(self.at + path))
        )

    def _value(self, path: Steps) -> Any:
        value = self.value
        for step in path:
            value = value[step]
        return value

    def _part(self, fault: ValidationError) -> Mapping[str, Any]:
        """The schema object that holds the keyword that failed."""
        return _resolved(self.schema, _reached(self.schema, fault.schema_path[:-1]))

    # ---- single keywords

    def _single(self, fault: ValidationError, path: Steps, kind: str) -> Problem:
        where = self._where(path)
        subject = self._name(path)
        if self._is_empty(path):
            about = self._about(fault, path)
            return error("no-value", where, f"{subject} has no value; {about.expected}", "write it, or delete the line")
        if kind in _WHOLE:
            return _WHOLE[kind](self, fault, path)
        about = self._about(fault, path)
        return error(about.code, where, f"{subject} is {self._found(path)}; {about.expected}", about.hint)

    def _is_empty(self, path: Steps) -> bool:
        """Whether nothing at all stands after the key."""
        return self.source.lexemes.get(self.at + path) == ""

    def _about(self, fault: ValidationError, path: Steps) -> keywords.About:
        return keywords.about(keywords.Failure(fault.kind, self._part(fault), self._value(path), fault.message))

    def _too_short(self, fault: ValidationError, path: Steps) -> Problem:
        about = self._about(fault, path)
        if not self._value(path):
            message = f"{self._name(path)} is empty"
            return error("no-value", self._where(path), message, "write it, or leave the key out")
        return error(about.code, self._where(path), f"{self._name(path)} is {self._found(path)}; {about.expected}")

    def _repeated(self, _: ValidationError, path: Steps) -> Problem:
        value = self._value(path)
        index = next(index for index, item in enumerate(value) if item in value[:index])
        message = f"{self._name(path)} holds {wording.shown(value[index])} twice"
        return error("repeated-item", self._where((*path, index)), message, "delete one of them")

    def _contains(self, fault: ValidationError, path: Steps) -> Problem:
        part, value = self._part(fault), self._value(path)
        judge = validator(part.get("contains", True))
        fitting = [index for index, item in enumerate(value) if judge.is_valid(item)]
        least, most = part.get("minContains", 1), part.get("maxContains")
        few = len(fitting) < least
        where = self._key_where(path) if few or most is None else self._where((*path, fitting[most]))
        amount = {0: "none", 1: "one"}.get(len(fitting), str(len(fitting)))
        here = f"here there {'is' if len(fitting) < 2 else 'are'} {amount}"
        if message := part.get("x-message"):
            return error("wrong-items", where, f"{message}; {here}")
        sort = wording.form(_resolved(self.schema, part.get("contains"))).split(" with ", 1)[-1]
        limit = f"exactly {least}" if least == most else f"at least {least}" if few else f"at most {most}"
        message = f"{self._name(path)} must hold {limit} item{'' if limit.endswith(' 1') else 's'} with {sort}; {here}"
        return error("wrong-items", where, message)

    def _forbidden(self, fault: ValidationError, path: Steps) -> Problem:
        told, part = fault.kind, self._part(fault)
        banned = getattr(told, "schema", None)
        keys = banned.get("required", []) if isinstance(banned, dict) else []
        if keys:
            together = " together" if len(keys) > 1 else ""
            message = f"{self._name(path)} cannot have {wording.joined(keys)}{together}"
            return error("not-allowed", self._key_where((*path, keys[-1])), message, str(part.get("x-message", "")))
        message = f"{self._name(path)} cannot stand here"
        return error("not-allowed", self._key_where(path), message, str(part.get("x-message", "delete it")))

    def _several(self, fault: ValidationError, path: Steps) -> Problem:
        told: Any = fault.kind
        part = self._part(fault)
        branches = [_resolved(self.schema, branch) for branch in part.get("oneOf", ())]
        fitting = [branch for branch, errors in zip(branches, told.context, strict=False) if not errors]
        keys = list(dict.fromkeys(key for branch in fitting for key in branch.get("required", ())[:1]))
        if len(keys) < 2:
            forms = wording.joined((wording.form(branch) for branch in fitting), "or")
            return error("too-much", self._where(path), f"{self._name(path)} can be only one of: {forms}")
        message = f"{self._name(path)} has {wording.joined(keys)}; " + part.get("x-message", "it can have only one")
        place = self._key_where((*path, keys[-1]))
        return error("too-much", place, message, f"delete {wording.joined(keys, 'or')}")

    # ---- keys

    def _unknown(self, fault: ValidationError, path: Steps, key: str) -> tuple[Problem, str]:
        known = list(_properties(self.schema, self._part(fault)))
        present = self._value(path)
        near = wording.nearest(key, known)
        where = self._key_where((*path, key))
        holder = self._name(path)
        if near:
            hint = f'"{near}" is there already' if near in present else f'did you mean "{near}"?'
        else:
            hint = f"it can have {wording.joined(known)}" if known and len(known) <= 20 else ""
        if key == "<<":
            hint = "merge keys are no part of YAML 1.2; write the keys out"
        whole = not (self.at + path)
        called = wording.named((key,))
        message = f"{called} is not known" if whole else f"{called} is not known in {holder}"
        return error("unknown-key", where, message, hint), near

    def _missing(self, errors: Sequence[ValidationError], path: Steps, keys: Sequence[str]) -> Problem:
        fault = next(f for f in errors if tuple(f.instance_path) == path and type(f.kind).__name__ == "Required")
        part = self._part(fault)
        message = f"{self._name(path)} has no {wording.joined(keys, 'or')}"
        hint = ""
        if len(keys) == 1:
            about = _resolved(self.schema, _properties(self.schema, part).get(keys[0], {}))
            hint = f"add {keys[0]}: {wording.clause(str(about.get('description', '')))}".removesuffix(" ")
        return error("missing-key", self._key_where(path), message, hint)

    # ---- unions

    def _union(self, fault: ValidationError, path: Steps) -> list[Problem]:
        """anyOf and oneOf: the errors of the one form that was meant, else one sentence about all of them."""
        told: Any = fault.kind
        part = self._part(fault)
        branches = [_resolved(self.schema, branch) for branch in part.get(str(fault.schema_path[-1]), ())]
        pairs = [
            (branch, errors)
            for branch, errors in zip(branches, told.context, strict=False)
            if not any(_misses_shape(inner, path) for inner in errors)
        ]
        if len(pairs) == 1:
            return self.tell(pairs[0][1])
        if pairs and (best := self._closest(pairs, path)) is not None:
            return self.tell(best)
        message = part.get("x-message")
        if pairs and all(self._strangers(errors) for _, errors in pairs):
            what = message or f"it must be {wording.joined((wording.form(branch) for branch, _ in pairs), 'or')}"
            return [error("too-much", self._where(path), f"{self._name(path)} mixes two forms; {what}")]
        if pairs and all(branch.get("required") for branch, _ in pairs):
            needs = ", or ".join(wording.joined(branch["required"]) for branch, _ in pairs)
            what = message or f"it needs {needs}"
            return [error("missing-key", self._key_where(path), f"{self._name(path)} is incomplete; {what}")]
        forms = wording.joined(dict.fromkeys(wording.form(branch) for branch in branches), "or")
        found = "has no value" if self._is_empty(path) else f"is {self._found(path)}"
        hint = wording.type_hint(self._value(path), [str(branch.get("type")) for branch in branches])
        what = message or f"it must be {forms}"
        return [error("wrong-form", self._where(path), f"{self._name(path)} {found}; {what}", hint)]

    def _strangers(self, errors: Sequence[ValidationError]) -> int:
        """How much of a value has no place in a form of a union."""
        return sum(
            len(getattr(inner.kind, "unexpected", ())) + (type(inner.kind).__name__ in ("Constant", "Not"))
            for inner in errors
        )

    def _closest(
        self, pairs: Sequence[tuple[Mapping[str, Any], list[ValidationError]]], path: Steps
    ) -> list[ValidationError] | None:
        """The errors of the form that fits best; None when nothing tells the forms apart."""

        def misfit(pair: tuple[Mapping[str, Any], list[ValidationError]]) -> tuple[int, int, int]:
            branch, errors = pair
            value = self._value(path)
            present = [key for key in branch.get("required", ()) if isinstance(value, dict) and key in value]
            return self._strangers(errors), -len(present), len(errors)

        ranked = sorted(pairs, key=misfit)
        if misfit(ranked[0])[:2] == misfit(ranked[1])[:2]:
            return None
        return ranked[0][1]


_WHOLE: dict[str, Callable[[_Teller, ValidationError, Steps], Problem]] = {
    "Contains": _Teller._contains,
    "FalseSchema": _Teller._forbidden,
    "MinLength": _Teller._too_short,
    "Not": _Teller._forbidden,
    "OneOfMultipleValid": _Teller._several,
    "UniqueItems": _Teller._repeated,
}
"""Keywords whose messages are not ``X is Y; it must be Z``."""


def _misses_shape(fault: ValidationError, path: Steps) -> bool:
    """Whether a form of a union is of another type, or another fixed value, than what was found."""
    return tuple(fault.instance_path) == path and type(fault.kind).__name__ in ("Type", "Constant", "Enum")


def _reached(schema: Any, path: Sequence[str | int]) -> Any:
    for step in path:
        try:
            schema = schema[step]
        except (KeyError, IndexError, TypeError):
            return {}
    return schema


def _resolved(root: Schema, part: Any) -> Mapping[str, Any]:
    """``part`` with a ``$ref`` into its own document followed."""
    for _ in range(8):
        if not isinstance(part, Mapping) or "$ref" not in part or not part["$ref"].startswith("#"):
            break
        target = _reached(root, [step for step in part["$ref"][1:].split("/") if step])
        part = {**target, **{key: value for key, value in part.items() if key != "$ref"}}
    return part if isinstance(part, Mapping) else {}


def _properties(root: Schema, part: Mapping[str, Any], depth: int = 0) -> dict[str, Any]:
    """Every property a schema object knows, with those of the schemas it is put together from."""
    found = dict(part.get("properties", {}))
    if depth < 8:
        inner = [*part.get("allOf", ()), *part.get("anyOf", ()), *part.get("oneOf", ())]
        inner += [part[key] for key in ("if", "then", "else") if key in part]
        for one in inner:
            found = _properties(root, _resolved(root, one), depth + 1) | found
    return found
