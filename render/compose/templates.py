"""Jinja2 as the press uses it: sandboxed, strict, and finding templates where a layout has them."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from .. import filters, settings
from ..cache import Cache
from ..layouts import Layout
from ..problems import Problem, Where, error

FAILURES = (
    jinja2.TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What a layout's author can provoke: templates are code, and their mistakes are named with their line."""


@functools.lru_cache(16)
def environment(layout: Layout) -> jinja2.Environment:
    """The sandbox that a layout's templates run in."""
    made = ImmutableSandboxedEnvironment(
        loader=_Loader(layout),
        bytecode_cache=_compiled(),
        autoescape=lambda name: not (name or "").startswith("css:"),
        undefined=jinja2.StrictUndefined,
        finalize=_value,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= filters.FILTERS
    del made.filters["random"], made.globals["lipsum"]  # never the same twice
    made.template_class = _Template
    return made


def _compiled() -> jinja2.BytecodeCache | None:
    """Compiled templates, kept from process to process like Python's own; to compile them takes a tenth of a second.

    They are code that is run as it is: only a folder that is ours alone will do. Its name tells what compiled them,
    so that a mended sandbox is not passed by, nor a filter that asks for more than it did.
    """
    own = (Path(file).read_bytes() for file in (__file__, filters.__file__))
    compiler = hashlib.sha256(b"".join((jinja2.__version__.encode(), *own))).hexdigest()[:12]
    folder = settings.own_cache() / "templates" / compiler
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if settings.is_private(folder):
            return Compiled(Cache(folder))
    return None


@dataclass(frozen=True)
class Compiled(jinja2.BytecodeCache):
    """Keeps compiled templates as parts are kept: one that is damaged is none, and a full disk keeps none."""

    cache: Cache

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        kept = self.cache.get(_key(bucket))
        if kept is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        self.cache.put(_key(bucket), bucket.bytecode_to_string())


def _key(bucket: jinja2.bccache.Bucket) -> str:
    return hashlib.sha256(bucket.key.encode()).hexdigest()


def _value(printed: object) -> object:
    """What a template prints, if it is data: an object would print its place in memory, which is never the same."""
    if isinstance(printed, str | int | float | list | tuple | dict | None | jinja2.Undefined):
        return printed
    raise TypeError(f"it prints something that is no value ({type(printed).__name__})")


class _Template(jinja2.Template):
    """A template whose imports begin afresh each time: Jinja2 would carry their variables from dossier to dossier."""

    def _get_default_module(self, ctx: jinja2.runtime.Context | None = None) -> jinja2.environment.TemplateModule:
        self._module = None
        return super()._get_default_module(ctx)


@dataclass(eq=False)
class _Loader(jinja2.BaseLoader):
    """Finds templates through a layout's roots; ``base/NAME`` asks for base's own, ``css:PATH`` for a stylesheet."""

    layout: Layout
    has_source_access: bool = field(default=True, init=False)

    def get_source(
        self,
        environment: jinja2.Environment,  # noqa: ARG002 - the loader's interface
        template: str,
    ) -> tuple[str, str, Callable[[], bool]]:
        path = self._path(template)
        if path is None:
            raise jinja2.TemplateNotFound(template)
        stamp = path.stat().st_mtime_ns
        try:
            source = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as failure:
            raise jinja2.TemplateSyntaxError("it is not UTF-8", 1, filename=str(path)) from failure
        return source, str(path), lambda: path.is_file() and path.stat().st_mtime_ns == stamp

    def _path(self, template: str) -> Path | None:
        if template.startswith("css:"):
            path = Path(template.removeprefix("css:"))
            return path if path in self.layout.stylesheets else None
        parts = jinja2.loaders.split_template_path(template)
        roots = self.layout.roots
        if parts[0] == "base":
            roots, parts = self.layout.bases, parts[1:]
        for root in roots:
            path = root.joinpath(*parts)
            if path.is_file() and path.resolve().is_relative_to(root.resolve()):
                return path
        return None


def problem(failure: Exception, layout: Layout) -> Problem:
    """What went wrong in a template, with its file and line."""
    place = layout.roots[0]
    line = getattr(failure, "lineno", 0) or 0
    trace = failure.__traceback__
    filename = getattr(failure, "filename", None)
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if any(name.startswith(str(root)) for root in layout.roots):
            filename, line = name, trace.tb_lineno
        trace = trace.tb_next
    said = f"there is no {failure}" if type(failure) is jinja2.TemplateNotFound else str(failure)
    return error("template", Where(str(filename or place), line, 1 if line else 0), f"the template fails: {said}")
