"""The templates of a campaign: Jinja2 in its sandbox, strict, with the place of every mistake."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterator, Mapping, Sized
from dataclasses import dataclass, field
from typing import Any

import jinja2
from jinja2 import meta, nodes
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from .. import wording
from ..problems import Problem, Where, error

_FAILURES = (
    *(jinja2.TemplateError, ArithmeticError, AttributeError, LookupError),
    *(RecursionError, TypeError, ValueError, MemoryError),
)


class PhraseError(Exception):
    """Carries the problem of a template that cannot be read or filled in."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


@dataclass(frozen=True)
class Phrase:
    """A template, what it is called, and the file's lines from which its places are told."""

    called: str
    text: str
    where: Where
    lines: tuple[str, ...] = field(repr=False)
    html: bool = False

    def problems(self, known: Collection[str]) -> list[Problem]:
        """What is wrong whatever it is filled in with: its grammar, and names that are not ``known``, if any are."""
        try:
            tree = _environment(html=self.html).parse(self.text)
        except jinja2.TemplateSyntaxError as failure:
            return [error("template", self._place(failure.lineno), f"{self.called} is no template: {failure.message}")]
        if not known:
            return []
        unknown = meta.find_undeclared_variables(tree) - set(known) - {"range", "dict", "cycler", "joiner", "namespace"}
        return [self._unknown(name, line, known) for name, line in _first_uses(tree, unknown)]

    def fill(self, values: Mapping[str, object]) -> str:
        """The text with values in it. Raises PhraseError."""
        try:
            return _compiled(self.text, self.html).render(values)
        except _FAILURES as failure:
            line = getattr(failure, "lineno", None) or 1
            trace = failure.__traceback__
            while trace is not None:
                if trace.tb_frame.f_code.co_filename == "<template>":
                    line = trace.tb_lineno
                trace = trace.tb_next
            message = f"{self.called} cannot be filled in: {failure}"
            raise PhraseError(error("template", self._place(line), message)) from failure

    def uses(self, name: str) -> bool:
        return name in meta.find_undeclared_variables(_environment(html=self.html).parse(self.text))

    def _unknown(self, name: str, line: int, known: Collection[str]) -> Problem:
        near = wording.nearest(name, known)
        hint = f"did you mean {near}?" if near else f"there are {wording.joined(sorted(known))}"
        return error("undefined", self._place(line, name), f"{self.called} uses {name}, which nobody knows", hint)

    def _place(self, line: int, name: str = "") -> Where:
        """The place in the file of a line of the template. A block scalar begins a line below its mark."""
        if not self.where.line:
            return self._found(Where(self.where.file, line, 1), name)
        first = self.lines[self.where.line - 1][self.where.column - 1 :][:1] if self.lines else ""
        number = self.where.line + line - (0 if first in ("|", ">") else 1)
        if number == self.where.line and not name:
            return self.where
        return self._found(Where(self.where.file, min(number, len(self.lines) or 1), 1), name)

    def _found(self, where: Where, name: str) -> Where:
        """The first use of a name from a line on; the line itself where it cannot be found."""
        if name:
            for number, line in enumerate(self.lines[where.line - 1 :], where.line):
                for match in re.finditer(rf"\b{re.escape(name)}\b", line):
                    if re.search(r"\{[{%](?:(?![}%]\}).)*$", line[: match.start()]):
                        return Where(where.file, number, match.start() + 1)
        return where


def _first_uses(tree: nodes.Template, names: set[str]) -> Iterator[tuple[str, int]]:
    seen = set()
    for node in tree.find_all(nodes.Name):
        if node.name in names and node.name not in seen:
            seen.add(node.name)
            yield node.name, node.lineno


class _Sandbox(ImmutableSandboxedEnvironment):
    """Products and powers have an upper end: one of them can take all memory, or hours, in a single step."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        swapped = operator == "*" and isinstance(left, int)
        what, times = (right, left) if swapped else (left, right)
        repeats = isinstance(times, int) and (operator == "**" or isinstance(what, Sized))
        if repeats and _bits(what) * abs(times) > _MOST_BITS:
            raise OverflowError("a product or power in it is too large")
        return super().call_binop(context, operator, left, right)


_MOST_BITS = 8_000_000
"""A megabyte."""


def _bits(value: Any) -> int:
    """Of a whole number, or of a sequence by a byte an item."""
    return value.bit_length() if isinstance(value, int) else 8 * len(value) if isinstance(value, Sized) else 0


@functools.cache
def _environment(*, html: bool) -> jinja2.Environment:
    made = _Sandbox(
        undefined=jinja2.StrictUndefined,
        autoescape=html,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    del made.filters["random"], made.globals["lipsum"]  # never the same twice
    return made


@functools.lru_cache(16)
def _compiled(text: str, html: bool) -> jinja2.Template:
    return _environment(html=html).from_string(text)
