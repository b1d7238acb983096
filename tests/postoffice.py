"""A mail server in a process of its own, and what a campaign says to reach it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

USER, PASSWORD = "clerk", "rubber & stamp"


@dataclass(frozen=True)
class Office:
    """A server that runs; its folder holds what it took."""

    port: int
    folder: Path
    process: subprocess.Popen[str]

    def messages(self) -> list[tuple[dict[str, Any], bytes]]:
        """Envelope and bytes of everything that was taken, in order."""
        found = sorted(self.folder.glob("*.json"))
        return [(json.loads(path.read_text()), path.with_suffix(".eml").read_bytes()) for path in found]

    def recipients(self) -> list[str]:
        """Whom each message was for, in order."""
        return [json.loads(path.read_text())["to"][0] for path in sorted(self.folder.glob("*.json"))]

    def smtp(self, **changed: object) -> str:
        """The key ``smtp`` of a campaign."""
        said = {"host": "127.0.0.1", "port": self.port, "security": "starttls", "user": USER}
        whole = {**said, "ca_file": str(self.folder / "cert.pem"), **changed}
        return f"smtp: {json.dumps({key: value for key, value in whole.items() if value is not None})}\n"


@contextmanager
def office(folder: Path, openssl: str, *arguments: str) -> Iterator[Office]:
    """Start a server; it has ended when this does. ``openssl`` is the program that makes its certificate."""
    folder.mkdir(parents=True)
    make = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    alternative = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run([*make, *alternative, *files], check=True, capture_output=True)
    program = Path(__file__).with_name("mailserver.py")
    command = [sys.executable, "-W", "ignore", str(program), str(folder), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield Office(int(process.stdout.readline()), folder, process)
        finally:
            process.kill()
