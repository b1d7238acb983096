"""What a message says: the campaign's templates filled in for one recipient and what is enclosed for them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from ..campaign import Campaign, PhraseError, Recipient
from ..problems import InputError, Problem, error

LONGEST_SUBJECT = 400
"""Characters; encoded, a header stays far below what servers take."""

_ADDRESS = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture of a first page, as templates see it: ``src`` is its address within the message, sizes are pixels."""

    src: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Linked:
    """A dossier that is linked in place of being enclosed."""

    title: str
    url: str


@dataclass(frozen=True)
class Matter:
    """What one message brings: names of files, pictures of them, links instead of them; ``part`` of ``parts``."""

    attachments: Sequence[str] = ()
    previews: Sequence[Shown] = ()
    links: Sequence[Linked] = ()
    part: int = 1
    parts: int = 1


@dataclass(frozen=True, slots=True)
class Words:
    subject: str
    text: str
    html: str
    unsubscribe: str


def words(campaign: Campaign, recipient: Recipient, matter: Matter) -> Words:
    """Raises InputError when a template cannot be filled in, or makes a header that cannot be."""
    known: dict[str, object] = {
        **recipient.fields,
        "attachments": list(matter.attachments),
        "links": [link.url for link in matter.links],
        "previews": [
            {"src": shown.src, "alt": shown.alt, "width": shown.width, "height": shown.height}
            for shown in matter.previews
        ],
        "part": matter.part,
        "parts": matter.parts,
    }
    try:
        subject = _subject(campaign, recipient, known, matter)
        text = campaign.text.fill(known)
        if matter.links and not campaign.text.uses("links"):
            text = text.rstrip() + "\n\n" + "".join(f"{link.title}: {link.url}\n" for link in matter.links)
        html = campaign.html.fill(known) if campaign.html else _page(subject, text, matter)
        if campaign.html and matter.links and not campaign.html.uses("links"):
            html = _before_end(html, _list(matter.links))
        unsubscribe = campaign.unsubscribe.fill(known).strip().strip("<>") if campaign.unsubscribe else ""
    except PhraseError as failure:
        raise InputError([_for(recipient, failure.problem)]) from failure
    if unsubscribe and not re.fullmatch(r"(https?://|mailto:)[!-;=?-~]{1,800}", unsubscribe):
        message = "list_unsubscribe must come out as one https:// or mailto: address in ASCII"
        raise InputError([_for(recipient, error("unsubscribe", campaign.where("list_unsubscribe"), message))])
    return Words(subject, text, html, unsubscribe)


def _subject(campaign: Campaign, recipient: Recipient, known: Mapping[str, object], matter: Matter) -> str:
    subject = campaign.subject.fill(known).strip()
    if matter.parts > 1 and not campaign.subject.uses("part"):
        subject += f" ({matter.part}/{matter.parts})"
    wrong = ""
    if any(ord(letter) < 0x20 or letter in "\x7f\x85\u2028\u2029" for letter in subject):
        wrong = "has a line break or a control character; it is one line"
    elif not subject:
        wrong = "comes out empty"
    elif len(subject) > LONGEST_SUBJECT:
        wrong = f"has {len(subject)} characters; it must have at most {LONGEST_SUBJECT}"
    if wrong:
        found = error("subject", campaign.where("subject"), f"the subject {wrong}")
        raise InputError([_for(recipient, found)])
    return subject


def _for(recipient: Recipient, problem: Problem) -> Problem:
    """The same problem, with the recipient for whom it arises."""
    place = recipient.where()
    hint = f"for {recipient.address.wire}, {place}" + (f"; {problem.hint}" if problem.hint else "")
    return error(problem.code, problem.where, problem.message, hint)


def _page(subject: str, text: str, matter: Matter) -> str:
    """The text as HTML, paragraph by paragraph, and the pictures below it."""
    paragraphs = [_linked(paragraph) for paragraph in re.split(r"\n\s*\n", text.strip())]
    shown = [
        f'<p><img src="{escape(one.src)}" alt="{escape(one.alt)}" width="{one.width}" height="{one.height}"'
        ' style="border:1px solid #b9b3a4"></p>'
        for one in matter.previews
    ]
    body = "\n".join([*(f"<p>{paragraph}</p>" for paragraph in paragraphs), *shown])
    head = f'<meta charset="utf-8"><title>{escape(subject)}</title>'
    return f"<!doctype html>\n<html>\n<head>{head}</head>\n<body>\n{body}\n</body>\n</html>\n"


def _linked(paragraph: str) -> str:
    pieces, at = [], 0
    for match in _ADDRESS.finditer(paragraph):
        pieces += [escape(paragraph[at : match.start()]), Markup('<a href="{0}">{0}</a>').format(match[0])]
        at = match.end()
    pieces.append(escape(paragraph[at:]))
    return "".join(pieces).replace("\n", "<br>\n")


def _list(links: Sequence[Linked]) -> str:
    return "".join(Markup('<p>{}: <a href="{}">{}</a></p>\n').format(link.title, link.url, link.url) for link in links)


def _before_end(html: str, more: str) -> str:
    at = html.lower().rfind("</body>")
    return html[:at] + more + html[at:] if at >= 0 else html + more
