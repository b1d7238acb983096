"""A message as it is planned, and the bytes it goes over the wire as.

Written for the wire rather than handed to a generator: what is enclosed is encoded once however many get it, a file
name stands in both ways that mail programs read, and the same letter with the same date is the same bytes. Everything
is 7-bit with lines of at most 998 characters (RFC 5322, 2.1.1).
"""

from __future__ import annotations

import base64
import datetime as dt
import email.policy
import hashlib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from email.headerregistry import Address as Mailbox
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import quote

from ..campaign import Address

Contents = Callable[[str], bytes]
"""The bytes that a SHA-256 in hex stands for."""

_POLICY = email.policy.SMTP.clone(cte_type="7bit")
_POLICY_UTF8 = _POLICY.clone(utf8=True)
_CRLF = b"\r\n"
_LATIN = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D"}
    | {"–": "-", "—": "-", "‘": "'", "’": "'", "“": "'", "”": "'"}
)
"""Letters that do not fall apart into an ASCII one and its accent."""
LONGEST_NAME = 120
"""Characters of a file name; with them percent-encoded, a header's line stays below 998."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that is enclosed, or shown within the HTML if it has a ``cid``."""

    sha: str
    name: str
    media: str = "application/pdf"
    cid: str = ""


@dataclass(frozen=True)
class Letter:
    """One message: all of it but its date. ``text`` and ``html`` are what they say, ``html`` may be empty."""

    campaign: str
    to: Address
    sender: Address
    subject: str
    text: str
    html: str = ""
    enclosures: tuple[Enclosure, ...] = ()
    pictures: tuple[Enclosure, ...] = ()
    part: int = 1
    parts: int = 1
    reply_to: Address | None = None
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    unsubscribe: str = ""

    def message_id(self, edition: int = 0) -> str:
        """Derived from what the letter is, so that one which comes twice is known. ``edition`` counts its changes."""
        said = [self.campaign, self.to.key, str(self.part)] + ([str(edition)] if edition else [])
        digest = hashlib.sha256("\n".join(said).encode()).hexdigest()
        return f"<{digest[:40]}@{self.sender.domain}>"

    @property
    def envelope(self) -> tuple[Address, ...]:
        """Everybody it goes to, whom it is for first."""
        return (self.to, *self.cc, *self.bcc)

    @property
    def international(self) -> bool:
        """Whether only a server with SMTPUTF8 can take it."""
        return not all(address.ascii for address in (self.sender, *self.envelope))


class Writer:
    """Makes bytes of letters; ``contents`` knows what is enclosed. What was encoded is kept, up to ``room`` bytes."""

    def __init__(self, contents: Contents, room: int = 256 << 20) -> None:
        self._contents = contents
        self._room = room
        self._encoded: dict[str, bytes] = {}

    def write(self, letter: Letter, date: dt.datetime, message_id: str) -> bytes:
        """The message, with CR LF at the end of every line."""
        head = [
            *_addresses(letter),
            _header("Subject", letter.subject, letter),
            f"Date: {format_datetime(date)}\r\n".encode(),
            f"Message-ID: {message_id}\r\n".encode(),
        ]
        if letter.unsubscribe:
            head.append(f"List-Unsubscribe: <{letter.unsubscribe}>\r\n".encode())
        return b"".join([*head, b"MIME-Version: 1.0\r\n", self._body(letter, message_id)])

    def draft(self, letter: Letter) -> bytes:
        """A message that a mail program opens for a person to complete and send."""
        head = [_header("To", _mailbox(letter.to), letter), _header("Subject", letter.subject, letter)]
        return b"".join([*head, b"X-Unsent: 1\r\nMIME-Version: 1.0\r\n", self._body(letter, letter.message_id())])

    def _body(self, letter: Letter, seed: str) -> bytes:
        body = _text(letter.text, "plain")
        if letter.html:
            shown = _text(letter.html, "html")
            if letter.pictures:
                shown = _multipart("related", f"{seed} related", [shown, *map(self._part, letter.pictures)])
            body = _multipart("alternative", f"{seed} alternative", [body, shown])
        if letter.enclosures:
            body = _multipart("mixed", f"{seed} mixed", [body, *map(self._part, letter.enclosures)])
        return body

    def _part(self, enclosure: Enclosure) -> bytes:
        plain = ascii_name(enclosure.name)
        head = [f'Content-Type: {enclosure.media};\r\n name="{plain}"']
        head.append("Content-Transfer-Encoding: base64")
        place = f'Content-Disposition: {"inline" if enclosure.cid else "attachment"};\r\n filename="{plain}"'
        if plain != enclosure.name:
            place += f";\r\n filename*=UTF-8''{quote(enclosure.name, safe='')}"
        head.append(place)
        if enclosure.cid:
            head.append(f"Content-ID: <{enclosure.cid}>")
        return "\r\n".join([*head, "", ""]).encode() + self._base64(enclosure.sha)

    def _base64(self, sha: str) -> bytes:
        if sha not in self._encoded:
            data = base64.encodebytes(self._contents(sha)).replace(b"\n", _CRLF)
            while self._encoded and sum(map(len, self._encoded.values())) + len(data) > self._room:
                del self._encoded[next(iter(self._encoded))]
            self._encoded[sha] = data
        return self._encoded[sha]


def file_name(text: str) -> str:
    """A name that every system can give a file: no path, no device, no control character; ends in ``.pdf``."""
    text = unicodedata.normalize("NFC", text)
    text = "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in text)
    text = re.sub(r'[/\\:*?"<>|]+', "-", text)
    stem = re.sub(r"\.pdf$", "", re.sub(r" {2,}", " ", text).strip(), flags=re.IGNORECASE)[: LONGEST_NAME - 4]
    stem = stem.strip(" .") or "dossier"
    if re.fullmatch(r"(?i)con|prn|aux|nul|com[0-9]|lpt[0-9]", stem):
        stem = f"_{stem}"
    return f"{stem}.pdf"


def ascii_name(name: str) -> str:
    """The same name for programs that know ASCII only."""
    letters = unicodedata.normalize("NFKD", name.translate(_LATIN))
    plain = "".join("" if unicodedata.combining(letter) else letter for letter in letters)
    plain = re.sub(r'[^ -~]+|["\\]', "_", plain)
    return plain if plain.removesuffix(".pdf").strip("_ ") else "dossier.pdf"


def _addresses(letter: Letter) -> list[bytes]:
    head = [_header("From", _mailbox(letter.sender), letter), _header("To", _mailbox(letter.to), letter)]
    if letter.cc:
        head.append(_header("Cc", tuple(map(_mailbox, letter.cc)), letter))
    if letter.reply_to:
        head.append(_header("Reply-To", _mailbox(letter.reply_to), letter))
    return head


def _mailbox(address: Address) -> Mailbox:
    local, _, domain = address.wire.rpartition("@")
    return Mailbox(address.name, local, domain)


def _header(name: str, value: str | Mailbox | tuple[Mailbox, ...], letter: Letter) -> bytes:
    """A header, folded; words that are not ASCII are encoded unless the letter can only go as UTF-8 anyway."""
    policy = _POLICY_UTF8 if letter.international else _POLICY
    message = EmailMessage(policy)
    message[name] = value
    return policy.fold_binary(name, message[name])


def _text(text: str, kind: str) -> bytes:
    part = EmailMessage(_POLICY)
    part.set_content("\n".join(text.splitlines()) + "\n", subtype=kind, charset="utf-8")
    del part["MIME-Version"]
    return part.as_bytes()


def _multipart(kind: str, seed: str, parts: list[bytes]) -> bytes:
    """``=_`` can begin no line of quoted-printable or base64, so the boundary is in none of the parts."""
    boundary = f"=_{hashlib.sha256(seed.encode()).hexdigest()[:40]}"
    edge = f"\r\n--{boundary}\r\n".encode()
    head = f'Content-Type: multipart/{kind};\r\n boundary="{boundary}"\r\n'.encode()
    return b"".join([head, edge, edge.join(part.rstrip(_CRLF) for part in parts), f"\r\n--{boundary}--\r\n".encode()])
