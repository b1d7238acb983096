"""What templates may call: typography, inline markup as HTML, numbers, and choices that a slug decides."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from jinja2 import Undefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from . import locales
from .art.pen import key as letter
from .locales import Quotes
from .text import Emphasis, Link, Plain, Redacted, Span, Strong, Text, fill

_NBSP = "\N{NO-BREAK SPACE}"
_OPENING_SINGLE = re.compile(r"(^|[\s(\[{—–/“\"])'(?=[^\s\d])")
_OPENING_DOUBLE = re.compile(r"(^|[\s(\[{—–/‘])\"(?=\S)")
_DASH = re.compile(r"(?<=\S) -- (?=\S)")
_RANGE = re.compile(r"(?<![\w.-])(\d{1,4})\s?-\s?(\d{1,4})(?![\w-]|\.\d)")
_LATIN = re.compile(r"\b(e\.g\.|i\.e\.),? ")
_STUB = re.compile(r"(?<=\S) (\S{1,4})$")
_INITIALS = re.compile(r"\b([a-zäöü]\.) (?=[A-Za-zÄÖÜäöü]\.)")
_UNSPACED = ("ja", "zh", "th", "lo", "km", "my")
"""Languages whose words are not parted: a mark that opens stands behind a letter."""

_PAIR = re.compile(r'"([^"]*)"')
_OPENS, _CLOSES = str.maketrans("\"'", "(("), str.maketrans("\"'", "))")
_WITHIN = re.compile(r"(?<=\w)'(?=\w)")
_FRENCH = re.compile(r"(?<=\S) (?=[:;?!»](?!\w))|(?<=«) (?=\S)")


def educate(text: str, lang: str = "en", before: str = "", after: str = "") -> str:
    """Typographer's quotes, dashes and spaces. ``before`` and ``after`` are what stands around ``text`` on the line."""
    if before or after:
        # A quotation mark around would be changed, and could not be cut off again.
        front, back = before[-1:].translate(_OPENS), after[:1].translate(_CLOSES)
        whole = educate(front + text + back, lang)
        return whole[len(front) : len(whole) - len(back)]
    quotes = locales.quotes(lang)
    if "'" in text:
        text = _single(text, quotes)
    if '"' in text and lang.partition("-")[0] in _UNSPACED:
        text = _PAIR.sub(rf"{quotes[0]}\1{quotes[1]}", text)
    if '"' in text:
        text = _OPENING_DOUBLE.sub(rf"\1{quotes[0]}", text).replace('"', quotes[1])
    if "-" in text:
        text = _RANGE.sub("\\1–\\2", _DASH.sub(f"{_NBSP}{locales.dash(lang)} ", text))
    if ".g." in text or ".e." in text:
        text = _LATIN.sub(lambda match: match[0].rstrip() + _NBSP, text)
    language = lang.partition("-")[0]
    if language == "de" and ". " in text:
        text = _INITIALS.sub(rf"\1{_NBSP}", text)
    if language == "fr":
        text = _FRENCH.sub(_NBSP, text)
    return text


def _single(text: str, quotes: Quotes) -> str:
    """Single quotation marks, and apostrophes, which look alike in every language."""
    text = _OPENING_SINGLE.sub(rf"\1{quotes[2]}", _WITHIN.sub("’", text))
    opened, *rest = text.split("'")
    for piece in rest:
        inside = opened.rfind(quotes[2]) > opened.rfind(quotes[3])
        opened += (quotes[3] if inside else "’") + piece
    return opened


def bind(text: str) -> str:
    """Bind a short last word to its neighbour, so that no paragraph ends on a stub."""
    return _STUB.sub(rf"{_NBSP}\1", text) if text.count(" ") > 3 else text


def plain(text: str, lang: str = "en") -> str:
    """The plain reading, educated: for titles, attributes and the texts of drawings."""
    return educate(str(text), lang)


def tongue(lang: str, around: str) -> Markup:
    """The ``lang`` attribute, with a space before it, of words that stand among words of another language."""
    return Markup(' lang="{}"').format(lang) if lang not in ("", around) else Markup("")


@dataclass(frozen=True, slots=True)
class _Setter:
    bar: Callable[[float], Markup]
    urls: Mapping[str, str]
    titles: Mapping[str, Text]
    tongues: Mapping[str, str]
    page: Callable[[str], str]
    lang: str


def inline(
    text: Text,
    *,
    bar: Callable[[float], Markup],
    urls: Mapping[str, str],
    titles: Mapping[str, Text],
    tongues: Mapping[str, str] = MappingProxyType({}),
    page: Callable[[str], str] = lambda _: "",
    lang: str = "en",
) -> Markup:
    """A record's string as HTML. ``bar`` draws a redaction of so many em; a link without URL stays words.

    ``tongues`` are the languages of ``titles``, where a link shows one. ``page`` gives the HTML that follows a link to
    a slug: a place for its page number.
    """
    return _spans(text.spans, _Setter(bar, urls, titles, tongues, page, lang), "", "")


def _spans(spans: Sequence[Span], setter: _Setter, before: str, after: str) -> Markup:
    pieces: list[str] = []
    for number, span in enumerate(spans):
        following = _reading(spans[number + 1 : number + 2]) or after
        match span:
            case Plain(text):
                shown = educate(text, setter.lang, before, following)
                pieces.append(escape(shown if following else bind(shown)))
            case Redacted(width):
                pieces.append(setter.bar(width))
            case Link(slug, inner):
                own = _reading(inner)
                said = setter.lang if own else setter.tongues.get(slug) or setter.lang
                words = educate(own or str(setter.titles.get(slug, slug)), said, before, following)
                mark, url = tongue(said, setter.lang), setter.urls.get(slug, "")
                if url:
                    pieces.append(Markup('<a href="{}"{}>{}</a>').format(url, mark, words) + setter.page(slug))
                else:
                    pieces.append(Markup("<span{}>{}</span>").format(mark, words) if mark else escape(words))
            case Emphasis(inner) | Strong(inner):
                tag = "em" if isinstance(span, Emphasis) else "strong"
                pieces.append(f"<{tag}>{_spans(inner, setter, before, following)}</{tag}>")
        before = _reading((span,)) or before
    return Markup("".join(pieces))


def _reading(spans: Sequence[Span]) -> str:
    """The words of spans, a letter for what is redacted."""
    parts = []
    for span in spans:
        match span:
            case Plain(text):
                parts.append(text)
            case Redacted():
                parts.append("x")
            case Emphasis(inner) | Strong(inner):
                parts.append(_reading(inner))
            case Link(_, inner):
                parts.append(_reading(inner))
    return "".join(parts)


def pick(choices: Sequence[Any], seed: str, count: int = 1) -> Any:
    """One of the choices, or a list of ``count`` different ones, the same for the same seed."""
    dice = random.Random(int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8]))
    return dice.choice(choices) if count == 1 else dice.sample(list(choices), min(count, len(choices)))


def minutes(clock_time: str) -> int:
    """``H:MM`` as minutes since midnight."""
    hours, _, rest = clock_time.partition(":")
    return int(hours) * 60 + int(rest)


def clock(total: int) -> str:
    """Minutes as ``3 h 05 min``."""
    return f"{total // 60}{_NBSP}h {total % 60:02d}{_NBSP}min"


def band(percent: int) -> str:
    """The third of the risk scale a percentage falls in: low, mid from 40, high from 70."""
    return "high" if percent >= 70 else "mid" if percent >= 40 else "low"


def _lang(context: Context) -> str:
    return str(context.get("lang", "en"))


@pass_context
def _plain(context: Context, text: str) -> str:
    return plain(text, _lang(context))


@pass_context
def _money(context: Context, amount: float | Mapping[str, float], currency: str) -> str:
    """An amount, or a range with ``from`` and ``to``."""
    if not isinstance(amount, Mapping):
        return locales.money(amount, currency, _lang(context))
    return locales.span(amount["from"], amount["to"], currency, _lang(context), str(context["words"]["range"]))


@pass_context
def _number(context: Context, value: float) -> str:
    return locales.number(value, _lang(context))


@pass_context
def _percent(context: Context, value: int) -> str:
    return locales.percent(value, _lang(context))


@pass_context
def _date(context: Context, iso: str) -> str:
    """A day as the words have it under ``date``."""
    return locales.date(iso, _lang(context), str(context["words"]["date"]))


@pass_context
def _tongue(context: Context, lang: Any, around: Any = "") -> Markup:
    """The attribute of an element whose words are in another language than those ``around``, which is the page's
    unless it is said; nothing for the same or none.
    """
    words, others = ("" if isinstance(one, Undefined) else str(one) for one in (lang, around))
    return tongue(words, others or _lang(context))


FILTERS: Mapping[str, Callable[..., Any]] = {
    "plain": _plain,
    "fill": fill,
    "pick": pick,
    "letter": letter,
    "money": _money,
    "number": _number,
    "percent": _percent,
    "date": _date,
    "decimal": locales.decimal,
    "direction": locales.direction,
    "tongue": _tongue,
    "minutes": minutes,
    "clock": clock,
    "band": band,
}
