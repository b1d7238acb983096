"""The inline markup of a record's strings: ``*emphasis*``, ``**strong**``, ``||redacted||``, ``[[slug|words]]``.

One pass with a stack of our own. A mark of emphasis opens before a word and closes after one; any
other asterisk is itself (``5 * 3``, ``C* developer``, ``**kwargs``). An unclosed ``||`` or ``[[`` is an error:
what somebody meant to black out must not be printed because of a typing slip. Redacted words end here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from .text import REDACTED, Emphasis, Link, Plain, Redacted, Span, Strong, Text

_MARK = re.compile(r"\\[*|\[\]\\]|\*+|\|\||\[\[|\]\]|\|")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

DEEPEST = 16
"""Marks that can be open at once; one more is an ordinary character. What reads spans may recurse."""


class MarkError(ValueError):
    """A mark that cannot be understood. ``offset`` counts characters of the string from 0."""

    def __init__(self, message: str, offset: int, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.hint = hint


def parse(text: str, slug: str, position: Sequence[str | int]) -> Text:
    """A string as running text. ``slug`` and ``position`` (its path in the record) decide how wide bars are.

    Raises ``MarkError`` for an unclosed ``||`` or ``[[`` and for a link without a slug.
    """
    if not _MARK.search(text):
        return Text(text)
    spans = _Parser(text, f"{slug}/{'/'.join(map(str, position))}").parse()
    return Text(plain(spans), spans)


def plain(spans: Sequence[Span]) -> str:
    """The plain reading of spans; a link without shown words reads as its slug."""
    return "".join(_plain(span) for span in spans)


def _plain(span: Span) -> str:
    match span:
        case Plain(text):
            return text
        case Redacted():
            return REDACTED
        case Link(slug, spans):
            return plain(spans) or slug
        case Emphasis(spans) | Strong(spans):
            return plain(spans)


def width(seed: str) -> float:
    """A bar's width in em, 3 to 9 in quarters, from the SHA-256 of where it stands."""
    return 3 + int(hashlib.sha256(seed.encode()).hexdigest()[:6], 16) % 25 / 4


class _Open:
    """A mark that waits for its partner, with what has been read since."""

    __slots__ = ("mark", "offset", "slug", "spans")

    def __init__(self, mark: str, offset: int, slug: str = "") -> None:
        self.mark = mark
        self.offset = offset
        self.slug = slug
        self.spans: list[Span | str] = []
        """Words are plain strings, joined when the mark is closed: to join them one by one takes the square of it."""


def _joined(spans: Sequence[Span | str]) -> tuple[Span, ...]:
    found: list[Span] = []
    words: list[str] = []
    for span in (*spans, None):
        if isinstance(span, str):
            words.append(span)
            continue
        if words:
            found.append(Plain("".join(words)))
            words.clear()
        if span is not None:
            found.append(span)
    return tuple(found)


class _Parser:
    def __init__(self, text: str, seed: str) -> None:
        self.text = text
        self.seed = seed
        self.bars = 0
        self.stack = [_Open("", 0)]

    def parse(self) -> tuple[Span, ...]:
        at = 0
        while match := _MARK.search(self.text, at):
            self._words(self.text[at : match.start()])
            mark = match[0]
            at = match.end()
            if mark[0] == "\\":
                self._words(mark[1])
            elif mark == "||":
                at = self._redact(match.start())
            elif mark == "[[":
                at = self._link(match.start())
            elif mark == "]]" and any(waiting.mark == "[[" for waiting in self.stack):
                self._close_link()
            elif mark[0] == "*":
                self._stars(mark, match.start())
            else:
                self._words(mark)
        self._words(self.text[at:])
        for waiting in self.stack:
            if waiting.mark == "[[":
                raise MarkError("a link is opened with [[ and not closed", waiting.offset, "add ]], or write \\[[")
        self._flatten(1)
        return _joined(self.stack[0].spans)

    def _words(self, words: str) -> None:
        if words:
            self.stack[-1].spans.append(words)

    def _redact(self, start: int) -> int:
        """Read a redaction to its end; nothing inside it is looked at but escapes."""
        at = start + 2
        while at < len(self.text):
            if self.text[at] == "\\":
                at += 2
            elif self.text.startswith("||", at):
                if at == start + 2:
                    raise MarkError("a redaction with no words in it", start, "write words between || and ||, or \\||")
                self.bars += 1
                self.stack[-1].spans.append(Redacted(width(f"{self.seed}#{self.bars}")))
                return at + 2
            else:
                at += 1
        raise MarkError("a redaction is opened with || and not closed", start, "add ||, or write \\|| for two bars")

    def _link(self, start: int) -> int:
        if any(waiting.mark == "[[" for waiting in self.stack):
            raise MarkError("a link inside a link", start, "close the first one with ]]")
        match = _SLUG.match(self.text, start + 2)
        end = match.end() if match else start + 2
        if not match or not self.text.startswith(("|", "]]"), end):
            if "]]" not in self.text[start:]:
                raise MarkError("a link is opened with [[ and not closed", start, "add ]], or write \\[[")
            raise MarkError("a link needs a slug", start, "write [[slug]] or [[slug|shown words]], or \\[[")
        self.stack.append(_Open("[[", start, match[0]))
        return end + 1 if self.text[end] == "|" else end

    def _close_link(self) -> None:
        index = next(i for i, waiting in enumerate(self.stack) if waiting.mark == "[[")
        self._flatten(index + 1)
        link = self.stack.pop()
        self.stack[-1].spans.append(Link(link.slug, _joined(link.spans)))

    def _stars(self, run: str, start: int) -> None:
        end = start + len(run)
        opens = end < len(self.text) and not self.text[end].isspace()
        closes = start > 0 and not self.text[start - 1].isspace()
        if opens and closes and self.text[start - 1].isalnum() and self.text[end].isalnum():
            opens = not self._waits("*") and not self._waits("**")
        while run:
            mark = self._due(run) if closes else ""
            if mark:
                self._close_stars(mark)
                run = run[len(mark) :]
            elif opens and len(run) <= 3 and len(self.stack) < DEEPEST:
                mark = "**" if len(run) >= 2 else "*"
                self.stack.append(_Open(mark, start))
                run = run[len(mark) :]
            else:
                self._words(run)
                return

    def _waits(self, mark: str) -> bool:
        """Whether ``mark`` is open, within the innermost link."""
        for waiting in reversed(self.stack):
            if waiting.mark == "[[":
                return False
            if waiting.mark == mark and waiting.mark:
                return True
        return False

    def _due(self, run: str) -> str:
        """Which open mark a run of asterisks closes first."""
        for waiting in reversed(self.stack):
            if waiting.mark == "[[":
                return ""
            if waiting.mark and len(waiting.mark) <= len(run) and (waiting.spans or waiting is not self.stack[-1]):
                return waiting.mark
        return ""

    def _close_stars(self, mark: str) -> None:
        index = max(i for i, waiting in enumerate(self.stack) if waiting.mark == mark)
        self._flatten(index + 1)
        done = self.stack.pop()
        kind = Strong if mark == "**" else Emphasis
        self.stack[-1].spans.append(kind(_joined(done.spans)))

    def _flatten(self, index: int) -> None:
        """Marks from ``index`` of the stack on found no partner: they are ordinary characters."""
        while len(self.stack) > index:
            waiting = self.stack.pop()
            self._words(waiting.mark)
            self.stack[-1].spans += waiting.spans
