"""A campaign: a YAML file that says who gets which dossiers, with what words and through which server.

It is read as strictly as a record is; what is wrong in it, in its list of recipients and in its templates is told in
one go, with file, line and column.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .. import load, schema
from ..load import Source
from ..problems import InputError, Problem, Where, error
from ..settings import SCHEMAS
from . import addresses, people
from .addresses import Address
from .people import People, Recipient
from .phrases import Phrase, PhraseError

__all__ = ["Address", "Campaign", "Phrase", "PhraseError", "Recipient", "editor_schema", "inputs_of", "read"]

MAX_SIZE = 10_000_000
"""Bytes of a message that hardly any server refuses."""

OF_ENCLOSURES = ("attachments", "links", "previews", "part", "parts")
"""What bodies and subject know of a message beside its recipient's fields."""

OF_DOSSIERS = ("slug", "title", "summary", "file_number", "family")
"""What a file name knows of a dossier beside its recipient's fields."""

_UNITS = {"kb": 1000, "mb": 1000**2, "kib": 1 << 10, "mib": 1 << 20}


@dataclass(frozen=True)
class Campaign:
    """What a campaign says. ``inputs`` are digests of the files it was read from, by name."""

    path: Path
    name: str
    sender: Address
    subject: Phrase
    text: Phrase
    html: Phrase | None
    attach: Phrase
    filename: Phrase
    unsubscribe: Phrase | None
    recipients: tuple[Recipient, ...]
    reply_to: Address | None = None
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    rendition: str = ""
    theme: str = ""
    paper: str = ""
    preview: bool = True
    max_size: int = MAX_SIZE
    over_size: tuple[str, ...] = ()
    smtp: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[tuple[str | int, ...], Where] = field(default_factory=dict, repr=False)

    @property
    def ledger(self) -> Path:
        """Beside the campaign's own file, wherever links lead there from."""
        return self.path.resolve().with_name(f"{self.name}.ledger")

    def where(self, *path: str | int) -> Where:
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Where(str(self.path)))


def read(path: Path) -> Campaign:
    """Read a campaign. Raises InputError with all that is wrong in it and in the files it names."""
    source = load.load(path)
    data, problems = schema.check(source, _schema())
    if problems:
        raise InputError(problems)
    return _Reader(source, data).read()


def editor_schema() -> dict[str, Any]:
    """The JSON Schema of a campaign, for editors."""
    whole: dict[str, Any] = schema.for_editors(_schema())
    return whole


def inputs_of(campaign: Campaign) -> dict[str, str]:
    """The digests of the campaign's files as they are now."""
    return _digests(campaign.path, campaign.inputs)


@functools.cache
def _schema() -> dict[str, Any]:
    found: dict[str, Any] = load.load(SCHEMAS / "campaign.yaml").data
    return found


def _digests(campaign: Path, names: Iterable[str]) -> dict[str, str]:
    paths = {name: campaign.parent / name for name in names}
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in paths.items() if path.is_file()}


class _Reader:
    """One campaign's data, past the schema; what else is wrong is collected."""

    def __init__(self, source: Source, data: Mapping[str, Any]) -> None:
        self._source, self._data = source, data
        self._problems: list[Problem] = []
        self._files = [source.path.name]

    def read(self) -> Campaign:
        data = self._data
        found = self._people()
        fields = found.names
        message = fields and {*fields, *OF_ENCLOSURES}
        text = self._either("text", "text_file", message)
        html = self._either("html", "html_file", message)
        if text is None:
            hint = "add text: or text_file:"
            self._problems.append(error("missing-key", self._source.name, "the campaign has no text", hint))
        subject = self._phrase("subject", message)
        attach = self._phrase("attach", fields, "{{ specimens }}")
        filename = self._phrase("filename", fields and {*fields, *OF_DOSSIERS}, "{{ slug }}.pdf")
        unsubscribe = self._phrase("list_unsubscribe", fields) if "list_unsubscribe" in data else None
        sender = self._address("from", data["from"])
        reply_to = self._address("reply_to", data["reply_to"]) if "reply_to" in data else None
        cc, bcc = (tuple(filter(None, self._addresses(key))) for key in ("cc", "bcc"))
        if self._problems or sender is None or text is None:
            raise InputError(sorted(dict.fromkeys(self._problems), key=lambda problem: problem.where))
        return Campaign(
            path=self._source.path,
            name=data["name"],
            sender=sender,
            subject=subject,
            text=text,
            html=html,
            attach=attach,
            filename=filename,
            unsubscribe=unsubscribe,
            recipients=found.recipients,
            reply_to=reply_to,
            cc=cc,
            bcc=bcc,
            rendition=data.get("rendition", ""),
            theme=data.get("theme", ""),
            paper=data.get("paper", ""),
            preview=data.get("preview", True),
            max_size=self._size(data.get("max_size", "")),
            over_size=tuple(data.get("over_size", ())),
            smtp=data.get("smtp", {}),
            inputs=_digests(self._source.path, self._files),
            places=self._source.marks,
        )

    def _people(self) -> People:
        said = self._data["recipients"]
        if isinstance(said, list):
            return people.from_yaml(self._source, ("recipients",), _people_schema(), self._problems)
        path = self._file("recipients", said)
        if not path.is_file():
            return People((), frozenset())
        found = people.from_file(path, _people_schema(), self._problems)
        if not found.recipients and not self._problems:
            self._problems.append(error("no-recipients", path, "there are no recipients in this file"))
        return found

    def _file(self, key: str, name: str) -> Path:
        path = self._source.path.parent / name
        self._files.append(name)
        if not path.is_file():
            where = self._source.where((key,))
            self._problems.append(error("no-file", where, f"there is no file {name} beside the campaign"))
        return path

    def _phrase(self, key: str, known: Collection[str], otherwise: str = "") -> Phrase:
        text = self._data.get(key, otherwise)
        phrase = Phrase(key, text, self._source.where((key,)), self._source.lines, html=key == "html")
        self._problems += phrase.problems(known)
        return phrase

    def _either(self, inline: str, file: str, known: Collection[str]) -> Phrase | None:
        """A body that stands in the campaign or in a file of its own."""
        if inline in self._data and file in self._data:
            message = f"the campaign has {inline} and {file}; it can have only one"
            self._problems.append(error("too-much", self._source.keys[(file,)], message, "delete one of them"))
        if inline in self._data:
            return self._phrase(inline, known)
        if file not in self._data:
            return None
        path = self._file(file, self._data[file])
        try:
            text = load.text(path)
        except InputError as failure:
            self._problems += failure.problems if path.is_file() else ()
            return Phrase(inline, "", Where(str(path)), ())
        lines = tuple(load.BREAK.split(text))
        if not text.strip():
            self._problems.append(error("no-value", path, f"there is nothing in this file, the campaign's {inline}"))
        phrase = Phrase(inline, text, Where(str(path)), lines, html=inline == "html")
        self._problems += phrase.problems(known)
        return phrase

    def _addresses(self, key: str) -> list[Address | None]:
        said = self._data.get(key, [])
        if isinstance(said, str):
            return [self._address(key, said)]
        return [self._address(key, text, index) for index, text in enumerate(said)]

    def _address(self, key: str, text: str, *inner: int) -> Address | None:
        try:
            return addresses.parse(text)
        except ValueError as wrong:
            where = self._source.where((key, *inner))
            self._problems.append(error("address", where, f"{text} is no e-mail address: {wrong}"))
            return None

    def _size(self, text: str) -> int:
        match = re.fullmatch(r"([0-9.]+) ?([A-Za-z]+)", text)
        return int(float(match[1]) * _UNITS[match[2].lower()]) if match else MAX_SIZE


@functools.cache
def _people_schema() -> dict[str, Any]:
    """The schema of a list of recipients, on its own."""
    whole = _schema()
    return {**whole["$defs"]["people"], "$defs": whole["$defs"]}
