"""Dossier, Layout -> Sheet: the HTML of one dossier and the stylesheets it names (Jinja2, sandboxed).

Drawings stand in HTML and CSS as ``art:`` addresses, fonts as ``font:`` ones; ``standalone`` puts the
bytes themselves in their place.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from . import art, copyfit, filters, fonts
from .art import lettering
from .fonts import Face
from .layouts import Layout, Paper
from .problems import InputError, Problem, Where, error
from .record import Dossier, Family, Place, Record, Reference, Sheet, Value
from .settings import Archive
from .text import Text

TEMPLATE_FAILURES = (
    jinja2.TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What a layout's author can provoke: templates are code, and their mistakes are named with their line."""


@dataclass(frozen=True)
class Setting:
    """What a dossier is set in: the same for all dossiers of a run."""

    layout: Layout
    theme: str
    paper: Paper
    faces: tuple[Face, ...]


class Shown(str):
    """A record's string in a template: printed it is marked-up HTML, in every other use its plain reading."""

    __slots__ = ("_html",)
    _html: Markup

    def __html__(self) -> Markup:
        return self._html


class Drawings:
    """``art`` in templates: drawings by name in the theme's palette, kept under their addresses."""

    def __init__(self, palette: Mapping[str, str]) -> None:
        self._palette = palette
        self.drawn: dict[str, str] = {}

    def url(self, name: str, **data: Any) -> str:
        """The address of a drawing, for CSS ``url()``."""
        svg = art.draw(name, self._palette, **data)
        address = f"art:{hashlib.sha256(svg.encode()).hexdigest()[:16]}"
        self.drawn[address] = svg
        return address

    def img(self, name: str, alt: str, cls: str = "", **data: Any) -> Markup:
        """An ``<img>`` of a drawing; ``alt`` says what it shows and cannot be empty."""
        if not alt.strip():
            raise ValueError(f"the drawing {name} has no alt; what only decorates belongs into the stylesheet")
        attribute = Markup(' class="{}"').format(cls) if cls else Markup("")
        return Markup('<img src="{}" alt="{}"{}>').format(self.url(name, **data), filters.plain(alt), attribute)

    def height(self, name: str, **data: Any) -> float:
        """The height in mm of a drawing that finds its own."""
        return art.height(name, **data)

    def fit(
        self, text: str, role: str, sizes: Sequence[float], width: float, height: float, leading: float = 1.2
    ) -> dict[str, Any]:
        """The largest size in pt whose greedy wrap fits a box in mm, with the lines it makes."""
        size = lettering.fit(str(text), role, sizes, width, height, leading)
        return {"size": size, "lines": lettering.wrap(str(text), role, size * lettering.PT, width)}


def compose(dossier: Dossier, archive: Archive, setting: Setting) -> Sheet:
    """One dossier's sheet. Raises InputError when a template of the layout fails."""
    lang = dossier.record.lang
    layout = setting.layout
    styles, style_art = _styles(setting, lang)
    drawings = Drawings(layout.theme(setting.theme))
    show = _show(dossier, drawings)
    names = _names(setting, lang, drawings) | {
        "dossier": _dossier(dossier, show),
        "archive": archive.shown(),
        "lang": lang,
    }
    environment = _environment(layout)
    try:
        sections = [
            _section(environment, layout, key, show(value), names) for key, value in dossier.record.sections.items()
        ]
        html = environment.get_template("document.html").render(names, sections=sections)
    except TEMPLATE_FAILURES as failure:
        raise InputError([_template_problem(failure, layout)]) from failure
    return Sheet(
        slug=dossier.record.slug,
        html=html,
        styles=styles,
        art=style_art | drawings.drawn,
        density=copyfit.predict(dossier, setting.layout, setting.paper),
        lang=lang,
        read=layout.files | {face.path for face in setting.faces} | {dossier.record.path, archive.path},
        places=tuple(_places(dossier.record)),
    )


def standalone(sheet: Sheet, density: str, faces: Sequence[Face]) -> str:
    """The sheet as one self-contained file, which a browser shows and WeasyPrint sets in the same pages."""
    style = Markup("<style>\n{}</style>").format(Markup(sheet.styles[density].replace("</", "<\\/")))
    html = sheet.html.replace("</head>", f"{style}</head>", 1)

    def svg(match: re.Match[str]) -> str:
        if match[0] not in sheet.art:
            return match[0]
        return "data:image/svg+xml," + quote(sheet.art[match[0]], safe="~*!.:/,=@$ ").replace(" ", "%20")

    def font(match: re.Match[str]) -> str:
        if int(match[1]) >= len(faces):
            return match[0]
        path = faces[int(match[1])].path
        return f'url("data:font/{path.suffix[1:]};base64,{base64.b64encode(path.read_bytes()).decode()}")'

    return re.sub(r'url\("font:(\d+)"\)', font, re.sub(r"art:[0-9a-f]{16}", svg, html))


def _places(record: Record) -> Iterator[Place]:
    """The file, title and summary, then each section with the strings it holds."""

    def strings(value: Value, path: tuple[str | int, ...]) -> Iterator[Place]:
        match value:
            case str():
                yield Place(str(path[0]), str(value), record.where(*path))
            case Mapping():
                for key, inner in value.items():
                    yield from strings(inner, (*path, key))
            case list() | tuple():
                for index, inner in enumerate(value):
                    yield from strings(inner, (*path, index))

    yield Place("", "", Where(str(record.path)))
    yield Place("", str(record.title), record.where("title"))
    yield Place("", str(record.summary), record.where("summary"))
    for key, value in record.sections.items():
        yield Place(key, "", record.where(key))
        yield from strings(value, (key,))


def _section(environment: jinja2.Environment, layout: Layout, key: str, value: Any, names: dict[str, Any]) -> Any:
    section = layout.sections[key]
    words = layout.section_words(key, names["lang"])
    own = {
        **names,
        "section": value,
        "words": words,
        "key": key,
        "number": section.number,
        "title": words.get("title", section.title),
        "pair": section.pair,
    }
    body = environment.get_template(f"sections/{key}/section.html").render(own)
    html = environment.get_template("section.html").render(own, body=Markup(body))
    return {name: own[name] for name in ("key", "number", "title", "pair")} | {"html": Markup(html)}


def _show(dossier: Dossier, drawings: Drawings) -> Callable[[Value], Any]:
    """Turns a record's values into what a template holds: the same shape, every ``Text`` a ``Shown``."""

    urls = {slug: _web(url) for slug, url in dossier.urls.items()}

    def bar(width: float) -> Markup:
        return drawings.img("redaction", "redacted", "redaction", seed=dossier.record.slug, w=width)

    def show(value: Value) -> Any:
        match value:
            case Text():
                shown = Shown(value)
                shown._html = filters.inline(value, bar=bar, urls=urls, titles=dossier.titles)
                return shown
            case Mapping():
                return {key: show(inner) for key, inner in value.items()}
            case list() | tuple():
                return [show(inner) for inner in value]
            case _:
                return value

    return show


def _dossier(dossier: Dossier, show: Callable[[Value], Any]) -> dict[str, Any]:
    record = dossier.record
    return {
        "slug": record.slug,
        "title": show(record.title),
        "summary": show(record.summary),
        "family": _family(dossier.family, show),
        "file_number": record.file_number,
        "fiche": record.fiche,
        "lang": record.lang,
        "tags": list(record.tags),
        "url": _web(dossier.url),
        "related": [_reference(reference, show) for reference in dossier.related],
        "sections": {key: show(value) for key, value in record.sections.items()},
    }


def _family(family: Family, show: Callable[[Value], Any]) -> dict[str, Any]:
    return {
        "key": family.key,
        "title": show(family.title),
        "note": show(family.note),
        "division": family.division,
        "division_title": show(family.division_title),
    }


def _reference(reference: Reference, show: Callable[[Value], Any]) -> dict[str, Any]:
    return {
        "title": show(reference.title),
        "summary": show(reference.summary),
        "match": reference.match,
        "slug": reference.slug,
        "url": _web(reference.url),
        "file_number": reference.file_number,
    }


def _web(address: str) -> str:
    """The address if it leads to the web, else none: archive.yaml makes it of what it likes."""
    return address if address.lower().startswith(("https://", "http://")) else ""


def _names(setting: Setting, lang: str, drawings: Drawings) -> dict[str, Any]:
    """What every template and stylesheet has in reach."""
    layout = setting.layout
    return {
        "art": drawings,
        "layout": {"name": layout.name, **layout.furniture},
        "words": layout.words(lang),
        "theme": layout.theme(setting.theme),
        "paper": _geometry(setting.paper),
    }


def _geometry(paper: Paper) -> dict[str, Any]:
    names = ("name", "width", "height", "top", "bottom", "left", "right", "holes", "wide", "text", "area")
    return {name: getattr(paper, name) for name in names}


@functools.lru_cache(32)
def _styles(setting: Setting, lang: str) -> tuple[dict[str, str], dict[str, str]]:
    """CSS by density, and the drawings it names. One cascade layer for base, one for sections, one for the layout."""
    layout = setting.layout
    drawings = Drawings(layout.theme(setting.theme))
    environment = _environment(layout)
    names = _names(setting, lang, drawings) | {
        "fonts": [
            {"family": face.family, "weight": face.weight, "style": face.style, "url": f"font:{number}"}
            for number, face in enumerate(setting.faces)
        ],
        "stack": {voice: _stack(voice, setting.faces) for voice in fonts.STACKS},
        "lang": lang,
    }
    layers = {"base": layout.base_styles, "sections": layout.section_styles, "layout": layout.own_styles}
    styles = {}
    try:
        for name, density in layout.densities(setting.paper).items():
            sheets = [
                f"@layer {layer}{{\n"
                + "".join(_css(environment, path, names | {"density": density}) for path in paths)
                + "}\n"
                for layer, paths in layers.items()
            ]
            styles[name] = "".join(sheets)
    except TEMPLATE_FAILURES as failure:
        raise InputError([_template_problem(failure, layout)]) from failure
    return styles, drawings.drawn


def _css(environment: jinja2.Environment, path: Path, names: dict[str, Any]) -> str:
    template = environment.get_template(f"css:{path}")
    return template.render(names) + "\n"


def _stack(voice: str, faces: Sequence[Face]) -> Markup:
    return Markup(", ".join(json.dumps(family) for family in fonts.families(voice, faces)))


@functools.lru_cache(16)
def _environment(layout: Layout) -> jinja2.Environment:
    environment = ImmutableSandboxedEnvironment(
        loader=_Loader(layout),
        autoescape=lambda name: not (name or "").startswith("css:"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= filters.FILTERS
    del environment.filters["random"], environment.globals["lipsum"]  # never the same twice
    environment.template_class = _Template
    return environment


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


def _template_problem(failure: Exception, layout: Layout) -> Problem:
    place = layout.roots[0]
    line = getattr(failure, "lineno", 0) or 0
    trace = failure.__traceback__
    filename = getattr(failure, "filename", None)
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if any(name.startswith(str(root)) for root in layout.roots):
            filename, line = name, trace.tb_lineno
        trace = trace.tb_next
    return error("template", Where(str(filename or place), line, 1 if line else 0), f"the template fails: {failure}")
