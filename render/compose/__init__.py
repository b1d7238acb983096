"""Dossier, Layout -> Sheet: the HTML of one dossier and the stylesheets it names (Jinja2, sandboxed).

Drawings stand in HTML and CSS as ``art:`` addresses, fonts as ``font:`` ones; ``standalone`` puts the
bytes themselves in their place.
"""

from __future__ import annotations

import base64
import re
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import jinja2
from markupsafe import Markup

from .. import copyfit, filters
from ..fonts import Face
from ..layouts import Layout
from ..problems import InputError, Where
from ..record import Citation, Dossier, Family, Matter, Place, Record, Reference, Sheet, Value
from ..settings import Archive
from ..text import Text
from . import templates
from .drawings import Drawings
from .styles import Setting, names, styles

__all__ = ["Setting", "Shown", "compose", "document_of", "matter", "standalone", "without_spare"]

SPECIMEN = "specimen:"
"""What links within a book begin with: where they lead, binding knows."""

MARK = "mark:"
"""What places begin with that binding writes into: a page number, a running head."""


class Shown(str):
    """A record's string in a template: printed it is marked-up HTML, in every other use its plain reading."""

    __slots__ = ("_html",)
    _html: Markup

    def __html__(self) -> Markup:
        return self._html


def compose(dossier: Dossier, archive: Archive, setting: Setting) -> Sheet:
    """One dossier's sheet. Raises InputError when a template of the layout fails."""
    lang = dossier.record.lang
    layout = setting.layout
    sheets = styles(setting, lang)
    drawings = Drawings(layout.theme(setting.theme), layout.voices)
    book = bool(layout.book)
    show = _show(dossier, drawings, _page_of(layout, lang), book=book)
    known = names(setting, lang, drawings) | {
        "dossier": _dossier(dossier, show, book=book),
        "archive": archive.shown(),
        "lang": lang,
    }
    environment = templates.environment(layout)
    try:
        sections = [
            _section(environment, layout, key, show(value), known) for key, value in dossier.record.sections.items()
        ]
        html = environment.get_template("document.html").render(known, sections=sections)
    except templates.FAILURES as failure:
        raise InputError([templates.problem(failure, layout)]) from failure
    return Sheet(
        slug=dossier.record.slug,
        html=html,
        styles=sheets,
        art=ChainMap(drawings.drawn, sheets.art),
        density=copyfit.predict(dossier, setting.layout, setting.paper),
        lang=lang,
        read=layout.files | {face.path for face in setting.faces} | {dossier.record.path, archive.path},
        places=tuple(_places(dossier.record)),
        coarse=layout.coarse,
    )


def matter(piece: Matter, archive: Archive, setting: Setting) -> Sheet:
    """A piece of a book as a sheet, set in normal density. Raises InputError when its template fails."""
    layout = setting.layout
    sheets = styles(setting, piece.lang)
    drawings = Drawings(layout.theme(setting.theme), layout.voices)
    show = _shower(piece.key, drawings, {}, {}, {}, _nothing, piece.lang)
    known = names(setting, piece.lang, drawings) | {
        "matter": {"key": piece.key, "title": show(piece.title), **show(piece.data)},
        "archive": archive.shown() | dict(piece.data.get("book", {})),
        "lang": piece.lang,
    }
    try:
        html = templates.environment(layout).get_template(f"matter/{piece.template}.html").render(known)
    except templates.FAILURES as failure:
        raise InputError([templates.problem(failure, layout)]) from failure
    return Sheet(
        slug=piece.key,
        html=html,
        styles=sheets,
        art=ChainMap(drawings.drawn, sheets.art),
        density="normal",
        lang=piece.lang,
        read=layout.files | {face.path for face in setting.faces} | {archive.path},
    )


def without_spare(sheet: Sheet) -> Sheet:
    """The sheet without the furniture that typesetting found no room for (``Part.spared``)."""
    return replace(
        sheet, html=sheet.html.replace("</head>", "<style>[data-spare],[data-alone]{display:none}</style></head>", 1)
    )


def document_of(text: str, style: str, art: Mapping[str, str], lang: str) -> Sheet:
    """A sheet from HTML that was put together elsewhere, with one stylesheet."""
    return Sheet("document", text, {"normal": style}, art, "normal", lang)


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


def _page_of(layout: Layout, lang: str) -> Callable[[str], Markup]:
    """What follows a link in running text: in a book the place for its page, by the words ``pages: {aside: …}``."""
    pattern = str(layout.words(lang).get("pages", {}).get("aside", ""))
    if not (layout.book and pattern and layout.furniture.get("page_references")):
        return _nothing
    address, shown = f"?align=right&text={quote(pattern)}", pattern.replace("{}", "000")

    def page(slug: str) -> Markup:
        return Markup('\N{NO-BREAK SPACE}<a class="mark aside" href="{}page/{}{}">{}</a>').format(
            MARK, slug, address, shown
        )

    return page


def _nothing(_: str) -> Markup:
    return Markup("")


def _show(dossier: Dossier, drawings: Drawings, page: Callable[[str], Markup], *, book: bool) -> Callable[[Value], Any]:
    urls = {slug: _href(slug, url, book=book) for slug, url in dossier.urls.items()}
    return _shower(dossier.record.slug, drawings, urls, dossier.titles, dossier.tongues, page, dossier.record.lang)


def _shower(
    seed: str,
    drawings: Drawings,
    urls: Mapping[str, str],
    titles: Mapping[str, Text],
    tongues: Mapping[str, str],
    page: Callable[[str], Markup],
    lang: str,
) -> Callable[[Value], Any]:
    """Turns values into what a template holds: the same shape, every ``Text`` a ``Shown``."""

    def bar(width: float) -> Markup:
        return drawings.img("redaction", "redacted", "redaction", seed=seed, w=width)

    def show(value: Value) -> Any:
        match value:
            case Text():
                shown = Shown(value)
                shown._html = filters.inline(
                    value, bar=bar, urls=urls, titles=titles, tongues=tongues, page=page, lang=lang
                )
                return shown
            case Mapping():
                return {key: show(inner) for key, inner in value.items()}
            case list() | tuple():
                return [show(inner) for inner in value]
            case _:
                return value

    return show


def _dossier(dossier: Dossier, show: Callable[[Value], Any], *, book: bool) -> dict[str, Any]:
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
        "related": [_reference(reference, show, book=book) for reference in dossier.related],
        "cited": [_citation(citation, show, book=book) for citation in dossier.cited],
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


def _reference(reference: Reference, show: Callable[[Value], Any], *, book: bool) -> dict[str, Any]:
    return {
        "title": show(reference.title),
        "summary": show(reference.summary),
        "match": reference.match,
        "slug": reference.slug,
        "url": _web(reference.url),
        "href": _href(reference.slug, reference.url, book=book),
        "file_number": reference.file_number,
        "lang": reference.lang,
    }


def _citation(citation: Citation, show: Callable[[Value], Any], *, book: bool) -> dict[str, Any]:
    return {
        "slug": citation.slug,
        "title": show(citation.title),
        "file_number": citation.file_number,
        "href": _href(citation.slug, citation.url, book=book),
        "lang": citation.lang,
    }


def _href(slug: str, url: str, *, book: bool) -> str:
    """Where a link to a specimen leads: to its page once it is bound, else to its URL."""
    return f"{SPECIMEN}{slug}" if book and slug else _web(url)


def _web(address: str) -> str:
    """The address if it leads to the web, else none: archive.yaml makes it of what it likes."""
    return address if address.lower().startswith(("https://", "http://")) else ""
