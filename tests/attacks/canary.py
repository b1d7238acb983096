"""What must never be reached: files with a mark in them that notice being opened, and a port that notices a call.

Opening is noticed twice: by Python's own audit events, and on Linux by inotify, which sees other processes and
libraries in C as well.
"""

from __future__ import annotations

import ctypes
import io
import os
import socket
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2
from finished import opened_bytes
from PIL import Image

MARK = "MAGPIE-IN-THE-CHIMNEY"
_IN_OPEN = 0x20
_NETWORK = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "ftplib.connect"}
_PROGRAMS = {"os.system", "subprocess.Popen", "os.exec", "os.posix_spawn", "os.fork"}
_ears: list[list[str]] = []
"""Lists that audit events are written into; a hook cannot be taken off again."""


def _listen(event: str, arguments: tuple[object, ...]) -> None:
    for ear in _ears:
        if event == "open" and isinstance(arguments[0], str | bytes):
            ear.append(os.path.realpath(os.fsdecode(arguments[0])))
        elif event in _NETWORK or event in _PROGRAMS:
            ear.append(event)


sys.addaudithook(_listen)


@dataclass
class Canary:
    """``folder`` holds the files, ``host`` is the address of the port; ``sung`` tells what was reached since."""

    folder: Path
    host: str
    _port: socket.socket = field(repr=False)
    _watch: int = field(repr=False)

    def sung(self) -> list[str]:
        found = []
        try:
            self._port.accept()[0].close()
            found.append(f"a call to {self.host}")
        except BlockingIOError:
            pass
        try:
            while data := os.read(self._watch, 1 << 16) if self._watch >= 0 else b"":
                found.append("inotify: " + " ".join(_names(data)))
        except BlockingIOError:
            pass
        return found

    @contextmanager
    def guarding(self) -> Iterator[list[str]]:
        """Whatever is done meanwhile must leave the list empty; it is filled at the end."""
        self.sung()
        found: list[str] = []
        heard: list[str] = []
        _ears.append(heard)
        try:
            yield found
        finally:
            _ears.remove(heard)
            inside = os.path.realpath(self.folder)
            found += [name for name in heard if not name.startswith("/") or name.startswith((inside, "/etc/host"))]
            found += self.sung()


@contextmanager
def nest(folder: Path) -> Iterator[Canary]:
    """A canary in a new folder."""
    lay(folder)
    port = socket.create_server(("127.0.0.1", 0), backlog=64)
    port.setblocking(False)
    watch = _watch(folder)
    try:
        yield Canary(folder, f"127.0.0.1:{port.getsockname()[1]}", port, watch)
    finally:
        port.close()
        if watch >= 0:
            os.close(watch)


def lay(folder: Path) -> None:
    """One file of every kind that could be asked for, each of which would work, and would show the mark."""
    section = folder / "section"
    section.mkdir(parents=True)
    (folder / "themes").mkdir()
    files = {
        "secret.txt": f"{MARK}\n",
        "secret.html": f"<p>{MARK}</p>\n",
        "secret.css": f'h1::after{{content:"{MARK}"}}\n',
        "secret.js": f"'{MARK}'\n",
        "secret.svg": (
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 90 9">'
            f'<text id="a" x="0" y="9" font-family="Courier Prime">{MARK}</text></svg>\n'
        ),
        "secret.yaml": f"title: {MARK}\nsummary: {MARK}\nfamily: unfiled\nwords: {MARK}\nink: '{MARK}'\n",
        "archive.yaml": f"title: {MARK}\n",
        "layout.yaml": f"title: {MARK}\nextends: base\n",
        "document.html": f"<p>{MARK}</p>\n",
        "themes/secret.yaml": f"ink: '{MARK}'\n",
        "section/section.yaml": f"title: {MARK}\nschema: {{type: string}}\n",
        "section/section.html": f"<p>{MARK} {{{{ section }}}}</p>\n",
        "section/section.css": f'h1::after{{content:"{MARK}"}}\n',
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    for name, form in (("secret.png", "png"), ("secret.jpg", "jpeg")):
        (folder / name).write_bytes(picture(form) + MARK.encode())


def picture(form: str) -> bytes:
    """A small picture, red as an alarm."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (255, 0, 0)).save(out, form)
    return out.getvalue()


def shown(pdf: bytes) -> str:
    """All that a file says: its text as a reader takes it out, and its bytes, unpacked."""
    document = pypdfium2.PdfDocument(pdf)
    words = []
    for page in document:
        textpage = page.get_textpage()
        words.append(textpage.get_text_range())
        textpage.close()
        page.close()
    document.close()
    return "\n".join(words) + opened_bytes(pdf).decode("latin-1")


def _watch(folder: Path) -> int:
    """An inotify descriptor for every file below a folder; -1 where the system has none."""
    if sys.platform != "linux":
        return -1
    libc = ctypes.CDLL(None, use_errno=True)
    watch = int(libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))
    paths = [path for path in folder.rglob("*") if path.is_file()]
    assert watch >= 0
    assert paths
    for path in paths:
        assert libc.inotify_add_watch(watch, os.fsencode(path), _IN_OPEN) >= 0, path
    return watch


def _names(data: bytes) -> Iterator[str]:
    place = 0
    while place < len(data):
        number, mask, _, length = struct.unpack_from("iIII", data, place)
        place += 16 + length
        yield f"{number}/{mask:x}"
