"""What a plan leaves for sending: every message without its date, every body and every attachment once, by hash.

    out/mail/<campaign>/plan.json  attachments/<sha256>.pdf  bodies/<sha256>.{txt,html}  previews/<sha256>.png

``plan.json`` is written last and whole, so a plan that was broken off leaves the former one as it was. What is read is
held against its hash: nothing that was altered can be sent.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from .. import output
from ..campaign import Address
from ..deliver import Enclosure, Letter
from ..problems import InputError, error

FOLDER = "mail"
"""The folder of the output that holds a spool a campaign."""

PLAN = "plan.json"
_VERSION = 1
_KINDS = {"pdf": "attachments", "png": "previews", "txt": "bodies", "html": "bodies"}


@dataclass(frozen=True)
class Planned:
    """A message: whom it is for, and the hashes of what is in it. ``size`` is what it has on the wire, in bytes.

    ``measures`` says what was done to keep it within the size that a message may have.
    """

    to: Address
    part: int
    parts: int
    subject: str
    text: str
    html: str
    enclosures: tuple[Enclosure, ...]
    pictures: tuple[Enclosure, ...]
    size: int = 0
    unsubscribe: str = ""
    measures: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, int]:
        return self.to.key, self.part

    @property
    def hashes(self) -> tuple[str, ...]:
        return tuple(enclosure.sha for enclosure in self.enclosures)


@dataclass(frozen=True)
class Plan:
    """All messages of a campaign. ``inputs`` are the digests of the files that say so."""

    campaign: str
    sender: Address
    messages: tuple[Planned, ...]
    reply_to: Address | None = None
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    inputs: Mapping[str, str] = field(default_factory=dict)


class Spool:
    """A campaign's folder in the output."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def is_there(self) -> bool:
        return (self.folder / PLAN).is_file()

    def put(self, data: bytes, kind: str) -> str:
        """Keep bytes; their hash. Raises OSError when they cannot be written."""
        sha = hashlib.sha256(data).hexdigest()
        path = self._path(sha, kind)
        if not _is_whole(path, sha):
            try:
                output.put(path, data)
            except OSError as failure:
                raise OSError(failure.errno, failure.strerror, str(path)) from failure
        return sha

    def take(self, made: Path) -> str:
        """Keep a finished PDF, as a link to it where that can be had; its hash. Raises OSError."""
        data = made.read_bytes()
        sha = hashlib.sha256(data).hexdigest()
        path = self._path(sha, "pdf")
        if not _is_whole(path, sha):
            with suppress(OSError):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.unlink(missing_ok=True)
                os.link(made, path)
                return sha
        return self.put(data, "pdf")

    def contents(self, sha: str, kind: str) -> bytes:
        """What has that hash. Raises InputError when it is gone, or is no longer what was planned."""
        path = self._path(sha, kind)
        with suppress(OSError):
            data = path.read_bytes()
            if hashlib.sha256(data).hexdigest() == sha:
                return data
        message = "this part of the spool is missing or altered"
        raise InputError([error("spool", path, message, "dossier mail plan makes it again")])

    def enclosed(self, sha: str) -> bytes:
        """What is enclosed or shown under a hash."""
        return self.contents(sha, "pdf" if self._path(sha, "pdf").is_file() else "png")

    def letter(self, plan: Plan, one: Planned) -> Letter:
        """A planned message with its words. Raises InputError."""
        return Letter(
            campaign=plan.campaign,
            to=one.to,
            sender=plan.sender,
            subject=one.subject,
            text=self.contents(one.text, "txt").decode(),
            html=self.contents(one.html, "html").decode() if one.html else "",
            enclosures=one.enclosures,
            pictures=one.pictures,
            part=one.part,
            parts=one.parts,
            reply_to=plan.reply_to,
            cc=plan.cc,
            bcc=plan.bcc,
            unsubscribe=one.unsubscribe,
        )

    def write(self, plan: Plan) -> Path:
        """Make a plan the one that counts, and remove what it has no use for. Raises OSError."""
        data = json.dumps({"version": _VERSION, **asdict(plan)}, ensure_ascii=False, indent=0)
        path = output.write(self.folder / PLAN, data.encode())
        used = {sha for one in plan.messages for sha in (*one.hashes, one.text, one.html)}
        used |= {picture.sha for one in plan.messages for picture in one.pictures}
        for name in sorted(set(_KINDS.values())):
            output.sweep(self.folder / name)
            for stray in (self.folder / name).glob("*.*"):
                if stray.stem not in used and stray.suffix[1:] in _KINDS:
                    stray.unlink(missing_ok=True)
        return path

    def read(self) -> Plan:
        """The plan that counts. Raises InputError when there is none that can be read."""
        path = self.folder / PLAN
        try:
            data = json.loads(path.read_bytes())
            if data.pop("version") != _VERSION:
                raise ValueError
            return _plan(data)
        except FileNotFoundError:
            message = "the campaign is not planned yet"
            raise InputError([error("no-plan", path, message, "dossier mail plan does that")]) from None
        except (ValueError, KeyError, TypeError) as failure:
            message = "this plan cannot be read"
            raise InputError([error("spool", path, message, "dossier mail plan makes it again")]) from failure

    def _path(self, sha: str, kind: str) -> Path:
        return self.folder / _KINDS[kind] / f"{sha}.{kind}"


def _is_whole(path: Path, sha: str) -> bool:
    with suppress(OSError):
        return hashlib.sha256(path.read_bytes()).hexdigest() == sha
    return False


def _plan(data: Mapping[str, Any]) -> Plan:
    return Plan(
        campaign=data["campaign"],
        sender=Address(**data["sender"]),
        messages=tuple(map(_planned, data["messages"])),
        reply_to=Address(**data["reply_to"]) if data["reply_to"] else None,
        cc=tuple(Address(**one) for one in data["cc"]),
        bcc=tuple(Address(**one) for one in data["bcc"]),
        inputs=data["inputs"],
    )


def _planned(data: Mapping[str, Any]) -> Planned:
    files = {key: tuple(Enclosure(**one) for one in data[key]) for key in ("enclosures", "pictures")}
    return Planned(**{**data, **files, "to": Address(**data["to"]), "measures": tuple(data["measures"])})
