"""The book as one document of HTML: for a browser, and for measuring what binding saves.

Every sheet that would become a part is set in a section of its own; a mark becomes the number of the page that its link
leads to. Folios run straight through, and what binding puts on each page is left to the page's corner.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from .compose import document_of, standalone
from .fonts import Face
from .record import Sheet

_HEAD = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_BODY = re.compile(r"<body[^>]*>(.*)</body>", re.DOTALL)
_MARK = re.compile(r'<a class="(mark[^"]*)" href="mark:([^"]*)">[^<]*</a>')
_LINK = re.compile(r'href="(specimen|matter):([^"]*)"')
_PAGE_RULE = re.compile(r"@page\s+([\w-]+)\s*\{")
_NAMED = re.compile(r"([^{}@;]+)\{([^{}]*\bpage:\s*([\w-]+)[^{}]*)\}")

_CLOSING = """
@page{@bottom-right{content:counter(page)}}
.mark::before{content:attr(data-before) target-counter(attr(href), page) attr(data-after)}
.mark.nowhere::before{content:none}
.slips{columns:2;column-gap:6mm}
.slips .letter,.slips .headword{page:auto;break-before:auto;break-inside:avoid}
"""


@dataclass(frozen=True, slots=True)
class Leafed:
    """A sheet of the book, the density it is set in, and its name: a slug or ``matter:KEY``."""

    key: str
    sheet: Sheet
    density: str


def unbound(sheets: Sequence[Leafed], faces: Sequence[Face], urls: Mapping[str, str], title: str) -> str:
    """One self-contained document. Sheets of another density than the first one's bring what differs."""
    there = {one.key for one in sheets}
    usual = sheets[0].density
    styles = sheets[0].sheet.styles
    rules = [styles[usual]]
    rules += [
        _differing(styles[usual], styles[other], other) for other in sorted({one.density for one in sheets} - {usual})
    ]
    bodies = []
    for number, one in enumerate(sheets):
        own, body = _taken_apart(one.sheet.html)
        rules.append(_scoped(own, number, styles[usual]))
        kind = " slips" if one.key.startswith("matter:index-letter") else ""
        name = html.escape(_anchor(one.key))
        bodies.append(
            f'<div class="part part{number} set-{one.density}{kind}" id="{name}">{_led(body, there, urls)}</div>'
        )
    lang = sheets[0].sheet.lang
    head = f"<title>{html.escape(title)}</title>"
    text = (
        f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8">{head}</head><body>\n'
        + "\n".join(bodies)
        + "\n</body></html>"
    )
    art = {address: svg for one in sheets for address, svg in one.sheet.art.items()}
    return standalone(document_of(text, "\n".join(rules) + _CLOSING, art, lang), "normal", faces)


def _taken_apart(page: str) -> tuple[str, str]:
    """A sheet's own rules and what is in its body."""
    body = _BODY.search(page)
    return "\n".join(_HEAD.findall(page)), body[1] if body else ""


def _differing(usual: str, other: str, density: str) -> str:
    """The rules that another density changes, for the parts set in it; cascade layers stay."""
    found, layer = [], ""
    for before, after in zip(usual.splitlines(), other.splitlines(), strict=True):
        if after.startswith("@layer"):
            layer = after
        elif before != after and not after.lstrip().startswith("@"):
            found.append(f"{layer}.set-{density}{{{after}}}}}")
    return "\n".join(found)


def _scoped(own: str, number: int, usual: str) -> str:
    """A sheet's own rules, for its part alone: its pages get names of their own."""
    names = set(_PAGE_RULE.findall(own))
    for name in names:
        base = "".join(_balanced(usual, match.start()) for match in re.finditer(rf"@page\s+{name}\b", usual))
        own = re.sub(rf"@page\s+{name}\b", f"@page {name}-{number}", own)
        own = re.sub(rf"@page\s+{name}\b", f"@page {name}-{number}", base) + own
    pages, rest = [], own
    while match := re.search(r"@page\b", rest):
        rule = _balanced(rest, match.start())
        pages.append(rule)
        rest = rest[: match.start()] + rest[match.start() + len(rule) :]
    moved = [
        f"{selector.strip()}{{page:{name}-{number}}}" for selector, _, name in _NAMED.findall(usual) if name in names
    ]
    inner = rest.strip() + "".join(moved)
    return "".join(pages) + (f".part{number}{{{inner}}}" if inner else "")


def _balanced(text: str, start: int) -> str:
    """A rule from where it starts to the brace that closes it."""
    depth = 0
    for place in range(text.index("{", start), len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if not depth:
            return text[start : place + 1]
    return text[start:]


def _led(body: str, there: Iterable[str], urls: Mapping[str, str]) -> str:
    """A body whose links lead within the document, or to the web; marks count pages."""
    known = frozenset(there)

    def mark(match: re.Match[str]) -> str:
        split = urlsplit(html.unescape(match[2]))
        kind, _, name = unquote(split.path).partition("/")
        key = f"matter:{name}" if kind == "matter" else name
        before, _, after = parse_qs(split.query).get("text", ["{}"])[0].partition("{}")
        if key not in known:
            return f'<span class="{match[1]} nowhere"></span>'
        said = f'data-before="{html.escape(before)}" data-after="{html.escape(after)}"'
        return f'<a class="{match[1]}" href="#{html.escape(_anchor(key))}" {said}></a>'

    def link(match: re.Match[str]) -> str:
        key = f"matter:{match[2]}" if match[1] == "matter" else match[2]
        target = f"#{_anchor(key)}" if key in known else urls.get(match[2], "")
        return f'href="{html.escape(target)}"'

    return _LINK.sub(link, _MARK.sub(mark, body))


def _anchor(key: str) -> str:
    return key.replace(":", "-")
