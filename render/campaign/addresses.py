"""E-mail addresses: what can be one, and what makes two of them the same.

The grammar is RFC 5321's Mailbox without quoted local parts and address literals, with the letters that RFC 6531
adds; lengths are RFC 5321's, 4.5.3.1.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LOCAL, WHOLE, LABEL = 64, 254, 63
"""Octets that a local part, an address and a label of a domain may have."""

_ATOM = r"[\w!#$%&'*+/=?^`{|}~\-\u00b7\u0300-\u036f]+"
_ATOMS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_PLAIN_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_NAMED = re.compile(r"\s*(?P<name>[^<>]*?)\s*<\s*(?P<address>[^<>]*?)\s*>\s*")
_DEVIANT = "\u00df\u03c2\u200c\u200d"
"""Letters that the two standards for international domains spell differently (UTS 46, deviations)."""


@dataclass(frozen=True, slots=True)
class Address:
    """``wire`` is how it stands in an envelope; its domain is ASCII, its local part only if ``ascii`` says so."""

    wire: str
    name: str = ""

    @property
    def key(self) -> str:
        """What is equal for two spellings of one mailbox."""
        return unicodedata.normalize("NFC", self.wire).casefold()

    @property
    def ascii(self) -> bool:
        return self.wire.isascii()

    @property
    def domain(self) -> str:
        return self.wire.rpartition("@")[2]


def parse(text: str) -> Address:
    """``files@otiose.example`` or ``Central Files <files@otiose.example>``. Raises ValueError with what is wrong."""
    match = _NAMED.fullmatch(text)
    if match is None:
        return Address(wire(text.strip()))
    name = match["name"]
    if len(name) > 1 and name[0] == name[-1] == '"':
        name = re.sub(r"\\(.)", r"\1", name[1:-1])
    return Address(wire(match["address"]), one_line(name))


def one_line(text: str) -> str:
    """Text that may stand in a header. Raises ValueError for one with line breaks or control characters."""
    if any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in text):
        raise ValueError("it has a line break or a control character")
    return text.strip()


def wire(text: str) -> str:
    """The address as it goes over the wire. Raises ValueError with what is wrong with it."""
    text = unicodedata.normalize("NFC", text)
    local, at, domain = text.rpartition("@")
    if not text:
        raise ValueError("it is empty")
    if not at:
        raise ValueError("it has no @")
    if re.search(r"[\s,;<>()\[\]\\\":]", text) or "@" in local:
        raise ValueError("it holds more than one address, or a character that none may have")
    if not local or not _ATOMS.fullmatch(local):
        raise ValueError("what stands before the @ cannot be a mailbox")
    if len(local.encode()) > LOCAL:
        raise ValueError(f"what stands before the @ is longer than {LOCAL} bytes")
    found = f"{local}@{_domain(domain)}"
    if len(found.encode()) > WHOLE:
        raise ValueError(f"it is longer than {WHOLE} bytes")
    return found


def _domain(text: str) -> str:
    if any(letter in text for letter in _DEVIANT):
        raise ValueError(f"the domain {text} can be read in two ways; write it in ASCII, as xn--…")
    try:
        ascii_ = text.lower() if text.isascii() else text.encode("idna").decode().lower()
    except UnicodeError:
        raise ValueError(f"{text or 'nothing'} cannot be a domain") from None
    labels = ascii_.split(".")
    if len(labels) < 2 or not all(_PLAIN_LABEL.fullmatch(label) and len(label) <= LABEL for label in labels):
        raise ValueError(f"{text or 'nothing'} cannot be a domain")
    if labels[-1].isdecimal():
        raise ValueError(f"{text} is no domain but a number")
    return ascii_
