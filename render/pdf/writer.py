"""Writes a PDF from front to back, with object streams and a cross-reference stream (ISO 32000-1, 7.5.7 and 7.5.8).

Nothing is kept of what was written but where it stands, so a book of any length takes a few bytes an object.
"""

from __future__ import annotations

import hashlib
import itertools
import struct
import zlib
from array import array
from collections.abc import Sequence
from typing import BinaryIO

LEVEL = 6
"""Of compression: the next three levels take twice the time for a hundredth of the size."""

_HEAD = b"%PDF-1.7\n%\xf0\x9f\x93\x81\n"
_ROW = struct.Struct(">BIH")
_FREE, _PLAIN, _INSIDE = 0, 1, 2


class Writer:
    """Objects have numbers before they have a body: reserve first, write in any order."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._place = 0
        self._digest = hashlib.sha256()
        self._kind = bytearray([_FREE])
        self._first = array("Q", [0])
        self._second = array("H", [65535])
        self._put(_HEAD)

    def reserve(self, count: int = 1) -> int:
        """The first of so many numbers in a row."""
        first = len(self._kind)
        self._kind.extend(bytes(count))
        self._first.extend(itertools.repeat(0, count))
        self._second.extend(itertools.repeat(0, count))
        return first

    def stream(self, number: int, entries: bytes, data: bytes) -> None:
        """A stream with the entries of its dictionary, all but the length."""
        self._kind[number], self._first[number] = _PLAIN, self._place
        self._put(b"%d 0 obj\n<<%b/Length %d>>\nstream\n%b\nendstream\nendobj\n" % (number, entries, len(data), data))

    def deflated(self, number: int, entries: bytes, data: bytes) -> None:
        """A stream that is compressed on its way."""
        self.stream(number, entries + b"/Filter/FlateDecode", zlib.compress(data, LEVEL))

    def objects(self, numbers: Sequence[int], bodies: Sequence[bytes]) -> None:
        """Objects that are no streams, together in one object stream."""
        holder = self.reserve()
        places = itertools.accumulate(map(len, bodies), lambda place, size: place + size + 1, initial=0)
        head = b" ".join(b"%d %d" % pair for pair in zip(numbers, places, strict=False)) + b"\n"
        for index, number in enumerate(numbers):
            self._kind[number], self._first[number], self._second[number] = _INSIDE, holder, index
        entries = b"/Type/ObjStm/N %d/First %d" % (len(numbers), len(head))
        self.deflated(holder, entries, head + b"\n".join(bodies))

    def finish(self, root: int, info: int) -> None:
        """The cross-reference stream and the trailer. The file's identifier is the digest of all before."""
        number = self.reserve()
        self._kind[number], self._first[number] = _PLAIN, self._place
        rows = b"".join(map(_ROW.pack, self._kind, self._first, self._second))
        name = self._digest.hexdigest()[:32].encode()
        entries = b"/Type/XRef/Size %d/W[1 4 2]/Root %d 0 R/Info %d 0 R/ID[<%b><%b>]" % (
            len(self._kind),
            root,
            info,
            name,
            name,
        )
        start = self._place
        self.deflated(number, entries, rows)
        self._put(b"startxref\n%d\n%%%%EOF\n" % start)

    def _put(self, data: bytes) -> None:
        self._file.write(data)
        self._digest.update(data)
        self._place += len(data)
