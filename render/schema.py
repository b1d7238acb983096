"""JSON Schema (2020-12) over a ``Source``, with messages for people.

The schema decides; this module only says what it decided: what is wrong, what was found, what is
expected, and a hint, at the line and column of the value, or of the key where the key is the mistake.

Two keywords of our own shape the messages: ``x-message`` beside any other keyword replaces what is
expected (``it must be a time such as 09:30``); ``description`` explains a pattern or a missing key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from . import wording
from .load import Path_, Source
from .problems import Problem, Where, error

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator, ValidationError

Schema = Mapping[str, Any] | bool

_validators: dict[int, tuple[Schema, Draft202012Validator]] = {}


def check(source: Source, schema: Schema, at: Path_ = ()) -> tuple[Any, list[Problem]]:
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
    """The compiled schema; compiled once for each schema object. Raises ``ValueError``."""
    known = _validators.get(id(schema))
    if known is not None:
        return known[1]
    import jsonschema_rs

    try:
        compiled = jsonschema_rs.Draft202012Validator(schema if isinstance(schema, bool) else dict(schema))
    except jsonschema_rs.ValidationError as reason:
        place = "/".join(map(str, reason.instance_path))
        raise ValueError(f"at {place or 'its root'}: {reason.message}") from None
    _validators[id(schema)] = (schema, compiled)  # the schema is kept, so its id stays its own
    return compiled


def _wanting_text(fault: ValidationError, source: Source, at: Path_) -> Iterable[Path_]:
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


def _replaced(value: Any, path: Path_, text: str) -> Any:
    """A copy of ``value`` with ``text`` at ``path``; only what lies on the way is copied."""
    if not path:
        return text
    copy = value.copy()
    copy[path[0]] = _replaced(value[path[0]], path[1:], text)
    return copy


def _without(source: Source, at: Path_, paths: set[Path_]) -> Source:
    lexemes = {path: text for path, text in source.lexemes.items() if path[len(at) :] not in paths or path[: len(at)] != at}
    return Source(source.path, source.name, source.lines, source.data, source.marks, source.keys, lexemes)


class _Teller:
    """Turns the library's errors into problems."""

    def __init__(self, source: Source, schema: Schema, at: Path_, value: Any) -> None:
        self.source = source
        self.schema = schema
        self.at = at
        self.value = value

    def tell(self, errors: Sequence[ValidationError]) -> list[Problem]:
        """Problems of errors that hold together; missing keys of one mapping are one problem."""
        problems: list[Problem] = []
        missing: dict[Path_, list[str]] = {}
        renamed: set[tuple[Path_, str]] = set()
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

    def _where(self, path: Path_) -> Where:
        return self.source.where(self.at + path)

    def _key_where(self, path: Path_) -> Where:
        return self.source.keys.get(self.at + path) or self._where(path)

    def _name(self, path: Path_) -> str:
        return wording.named(self.at + path)

    def _found(self, path: Path_) -> str:
        return wording.shown(self._value(path), self.source.lexemes.get(self.at + path))

    def _value(self, path: Path_) -> Any:
        value = self.value
        for step in path:
            value = value[step]
        return value

    def _part(self, fault: ValidationError) -> Mapping[str, Any]:
        """The schema object that holds the keyword that failed."""
        return _resolved(self.schema, _reached(self.schema, fault.schema_path[:-1]))

    # ---- single keywords

    def _single(self, fault: ValidationError, path: Path_, kind: str) -> Problem:
        part = self._part(fault)
        expected, code, hint = self._expected(fault, path, kind, part)
        where = self._where(path)
        if message := part.get("x-message"):
            expected = str(message)
        subject = self._name(path)
        if self.source.lexemes.get(self.at + path) == "":
            return error("no-value", where, f"{subject} has no value; {expected}", "write it, or delete the line")
        return error(code, where, f"{subject} is {self._found(path)}; {expected}", hint)

    def _expected(
        self, fault: ValidationError, path: Path_, kind: str, part: Mapping[str, Any]
    ) -> tuple[str, str, str]:
        """What is expected of a value, the problem's code, and a hint."""
        told: Any = fault.kind
        value = self._value(path)
        match kind:
            case "Type":
                return f"it must be {wording.types(told.types)}", "wrong-type", _type_hint(value, told.types)
            case "Enum":
                known = [option for option in told.options if isinstance(option, str)]
                hint = wording.meant(value, known) if isinstance(value, str) else ""
                return f"it must be {wording.options(told.options)}", "not-an-option", hint
            case "Constant":
                return f"it must be {wording.options([told.expected_value])}", "not-an-option", ""
            case "Maximum" | "Minimum" | "ExclusiveMaximum" | "ExclusiveMinimum":
                word = {"Maximum": "at most", "Minimum": "at least"}.get(kind)
                word = word or ("less than" if kind == "ExclusiveMaximum" else "more than")
                return f"it must be {word} {told.limit}", "out-of-range", ""
            case "MultipleOf":
                return f"it must be a multiple of {told.multiple_of}", "out-of-range", ""
            case "Pattern":
                described = part.get("description")
                expected = f"it must be {described}" if described else f"it must match {told.pattern}"
                return expected, "wrong-form", ""
            case "MinLength" | "MaxLength":
                return _length(kind, told.limit, value), "wrong-length", ""
            case "MinItems" | "MaxItems" | "MinProperties" | "MaxProperties":
                what = "item" if kind.endswith("Items") else "key"
                return _count(kind, told.limit, len(value), what), "wrong-length", ""
            case "UniqueItems":
                twice = next((item for index, item in enumerate(value) if item in value[:index]), None)
                return f"it holds {wording.shown(twice)} twice", "repeated-item", "delete one of them"
            case "Contains":
                return self._contains(part, value), "wrong-items", ""
            case "OneOfMultipleValid":
                return self._several(told, part), "too-much", "delete what does not belong"
            case "Not":
                keys = told.schema.get("required", []) if isinstance(told.schema, dict) else []
                expected = f"{wording.joined(keys)} cannot stand in it" + (" together" if len(keys) > 1 else "")
                return (expected if keys else "that is not allowed"), "not-allowed", ""
            case "FalseSchema":
                return "nothing can stand here", "not-allowed", "delete it"
            case "PropertyNames":
                return f"a key in it cannot be called that: {told.error.message}", "wrong-key", ""
            case _:
                return fault.message, "invalid", ""

    def _contains(self, part: Mapping[str, Any], value: list[Any]) -> str:
        wanted = part.get("contains", True)
        least, most = part.get("minContains", 1), part.get("maxContains")
        judge = validator(wanted)
        count = sum(1 for item in value if judge.is_valid(item))
        number = f"exactly {least}" if least == most else f"at least {least}" if count < least else f"at most {most}"
        number = number.replace("exactly 1", "exactly one").replace("at least 1", "at least one")
        number = number.replace("at most 1", "at most one")
        sort = wording.form(_resolved(self.schema, wanted))
        sort = sort.removeprefix("a mapping ").removeprefix("something ")
        amount = "none" if count == 0 else str(count)
        noun = "item" if number.endswith("one") else "items"
        return f"it must hold {number} {noun} {sort}, and holds {amount}"

    def _several(self, told: Any, part: Mapping[str, Any]) -> str:
        branches = [_resolved(self.schema, branch) for branch in part.get("oneOf", ())]
        fitting = [branch for branch, errors in zip(branches, told.context, strict=False) if not errors]
        keys = [key for branch in fitting for key in branch.get("required", ())[:1]]
        if len(set(keys)) > 1:
            return f"it can have {wording.joined(dict.fromkeys(keys), 'or')}, not both"
        return f"it can be only one of: {wording.joined((wording.form(branch) for branch in fitting), 'or')}"

    # ---- keys

    def _unknown(self, fault: ValidationError, path: Path_, key: str) -> tuple[Problem, str]:
        known = list(_properties(self.schema, self._part(fault)))
        present = self._value(path)
        near = wording.nearest(key, (name for name in known if name not in present))
        where = self._key_where((*path, key))
        holder = self._name(path)
        if near:
            hint = f'did you mean "{near}"?'
        elif wording.nearest(key, known):
            hint = f'"{wording.nearest(key, known)}" is there already'
        else:
            hint = f"it can have {wording.joined(known, 'and')}" if known and len(known) <= 12 else ""
        whole = not (self.at + path)
        message = f"{key} is not known" if whole else f"{key} is not known in {holder}"
        return error("unknown-key", where, message, hint), near

    def _missing(self, errors: Sequence[ValidationError], path: Path_, keys: Sequence[str]) -> Problem:
        fault = next(f for f in errors if tuple(f.instance_path) == path and type(f.kind).__name__ == "Required")
        part = self._part(fault)
        lacking = "no " + wording.joined(keys, "and no")
        message = f"{self._name(path)} has {lacking}"
        if len(keys) == 1:
            about = _resolved(self.schema, _properties(self.schema, part).get(keys[0], {}))
            described = about.get("description") or about.get("x-message", "").removeprefix("it must be ")
            message += f"; {keys[0]} is {described}" if described else ""
        return error("missing-key", self._key_where(path), message, f"add {keys[0]}:" if len(keys) == 1 else "")

    # ---- unions

    def _union(self, fault: ValidationError, path: Path_) -> list[Problem]:
        """anyOf and oneOf: the errors of the one form that was meant, else one sentence about all of them."""
        told: Any = fault.kind
        part = self._part(fault)
        branches = [_resolved(self.schema, branch) for branch in part.get(str(fault.schema_path[-1]), ())]
        pairs = [
            (branch, errors)
            for branch, errors in zip(branches, told.context, strict=False)
            if not any(_misses_shape(inner, path) for inner in errors)
        ]
        if "x-message" not in part:
            if len(pairs) == 1:
                return self.tell(pairs[0][1])
            if pairs and (best := self._closest(pairs, path)) is not None:
                return self.tell(best)
        if self.source.lexemes.get(self.at + path) == "":
            found = f"{self._name(path)} has no value"
        else:
            found = f"{self._name(path)} is {self._found(path)}"
        if message := part.get("x-message"):
            return [error("wrong-form", self._where(path), f"{found}; {message}")]
        if pairs and all(branch.get("required") for branch, _ in pairs):
            needs = [wording.joined(branch["required"]) for branch, _ in pairs]
            message = f"{self._name(path)} needs {', or '.join(needs)}"
            return [error("missing-key", self._key_where(path), message)]
        forms = wording.joined(dict.fromkeys(wording.form(branch) for branch in branches), "or")
        value = self._value(path)
        hint = _type_hint(value, [str(branch.get("type")) for branch in branches])
        return [error("wrong-form", self._where(path), f"{found}; it must be {forms}", hint)]

    def _closest(
        self, pairs: Sequence[tuple[Mapping[str, Any], list[ValidationError]]], path: Path_
    ) -> list[ValidationError] | None:
        """The errors of the form that fits best; None when nothing tells the forms apart."""

        def misfit(pair: tuple[Mapping[str, Any], list[ValidationError]]) -> tuple[int, int, int]:
            branch, errors = pair
            strangers = sum(
                len(getattr(inner.kind, "unexpected", ())) + (type(inner.kind).__name__ in ("Constant", "Not"))
                for inner in errors
            )
            value = self._value(path)
            present = [key for key in branch.get("required", ()) if isinstance(value, dict) and key in value]
            return strangers, -len(present), len(errors)

        ranked = sorted(pairs, key=misfit)
        if misfit(ranked[0])[:2] == misfit(ranked[1])[:2]:
            return None
        return ranked[0][1]


def _misses_shape(fault: ValidationError, path: Path_) -> bool:
    """Whether a form of a union is of another type, or another fixed value, than what was found."""
    return tuple(fault.instance_path) == path and type(fault.kind).__name__ in ("Type", "Constant", "Enum")


def _type_hint(value: Any, wanted: Sequence[str]) -> str:
    if isinstance(value, str):
        if ("number" in wanted or "integer" in wanted) and (number := wording.as_number(value)):
            return f"write {number}"
        if "array" in wanted:
            return 'begin each item on a line of its own, with "- "'
    if "string" in wanted:
        if isinstance(value, list) and len(value) == 1 and isinstance(value[0], list):
            return "text that begins with [[ needs quotes"
        if isinstance(value, dict) and len(value) == 1:
            return 'text with ": " in it needs quotes'
    return ""


def _length(kind: str, limit: int, value: str) -> str:
    if kind == "MinLength":
        return "it must not be empty" if limit == 1 else f"it must have at least {limit} characters"
    return f"it must have at most {limit} characters, and has {len(value)}"


def _count(kind: str, limit: int, count: int, what: str) -> str:
    word = "at least" if kind.startswith("Min") else "at most"
    amount = f"one {what}" if limit == 1 else f"{limit} {what}s"
    return f"it must have {word} {amount}" + (f", and has {count}" if count else "")


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
