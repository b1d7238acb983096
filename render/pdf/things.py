"""What parts of a book may share: images, forms, patterns, profiles, each known by the digest of all it is made of."""

from __future__ import annotations

import hashlib
from typing import Any

import pikepdf

from .leaf import FONTS, Thing


class Things:
    """The shared objects of one part. Pieces of syntax are bytes; where a reference goes stands the digest instead."""

    def __init__(self) -> None:
        self.kept: dict[str, Thing] = {}
        self._known: dict[tuple[int, int], str] = {}

    def resources(self, source: Any) -> list[Any]:
        """The page's resources as pieces; an XObject dictionary is always there, for what binding adds."""
        pieces: list[Any] = [b"<<"]
        for key in sorted(source.keys()):
            if key == "/Font":
                continue
            value = source[key]
            if key == "/XObject":
                pieces.append(b"/XObject<<")
                for name in sorted(value.keys()):
                    pieces += [name.encode() + b" ", self.of(value[name])]
                pieces.append(b">>")
            else:
                pieces += [key.encode() + b" ", *self._inlined(value)]
        if "/XObject" not in source:
            pieces.append(b"/XObject<<>>")
        return [*pieces, b"/Font ", FONTS, b">>"]

    def of(self, source: Any) -> str:
        """The digest of an object that parts may share; it is kept among the things."""
        if not source.is_indirect:
            return self._keep(self._direct(source), None)
        if source.objgen not in self._known:
            stream = isinstance(source, pikepdf.Stream)
            pieces = self._direct(source.stream_dict if stream else source)
            self._known[source.objgen] = self._keep(pieces, source.read_raw_bytes() if stream else None)
        return self._known[source.objgen]

    def _inlined(self, value: Any) -> list[Any]:
        """A value as pieces of syntax: a reference as the digest of what it leads to, all else as it is."""
        return [self.of(value)] if getattr(value, "is_indirect", False) else self._direct(value)

    def _direct(self, value: Any) -> list[Any]:
        """The value itself, not a reference to it. A stream's length is written with its bytes."""
        if isinstance(value, pikepdf.Dictionary):
            pieces: list[Any] = [b"<<"]
            for key in sorted(value.keys() - {"/Length"}):
                pieces += [key.encode() + b" ", *([FONTS] if key == "/Font" else self._inlined(value[key]))]
            return [*pieces, b">>"]
        if isinstance(value, pikepdf.Array):
            return [b"[", *(piece for item in value for piece in (*self._inlined(item), b" ")), b"]"]
        return [plain(value)]

    def _keep(self, pieces: list[Any], data: bytes | None) -> str:
        text = b"".join(b"%d 0 R" if isinstance(one, str) else one.replace(b"%", b"%%") for one in pieces)
        refs = tuple(one for one in pieces if isinstance(one, str))
        marked = b"\0".join((text, *(ref.encode() for ref in refs)))
        name = hashlib.sha256(marked + b"\0\0" + (data or b"")).hexdigest()[:32]
        self.kept.setdefault(name, Thing(text, refs, data))
        return name


def plain(value: Any) -> bytes:
    """A value that refers to nothing, as PDF writes it."""
    if hasattr(value, "unparse"):
        return bytes(value.unparse(resolved=True))
    if isinstance(value, bool):
        return b"true" if value else b"false"
    return b"null" if value is None else str(value).encode()
