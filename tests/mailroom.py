"""Campaigns to try mail with: an archive of three short records, a list of people, and the real command."""

from __future__ import annotations

import hashlib
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from command import HEAD, archive, as_json, dossier
from postoffice import PASSWORD

RECORDS = {
    "clerk": "tags: [desk]\nhabitat: [A desk.]\n",
    "archivist": "tags: [desk, cellar]\nhabitat: [A cellar.]\n",
    "courier": "habitat: [A corridor.]\n",
}
CAMPAIGN = """\
name: spring
from: "Central Files <files@otiose.example>"
subject: "Your file, {{ name }}"
text: |
  Dear {{ name }},

  Enclosed: {{ attachments | join(", ") }}.
recipients: people.csv
preview: false
"""
PEOPLE = "address,name,specimens\nada@x.example,Ada,clerk\nbob@x.example,Bob,tag:desk\neve@y.example,Eve,courier\n"


@dataclass(frozen=True)
class Room:
    """A folder with an archive and a campaign, ``_mail/spring.yaml``. ``shared`` is a cache for all of them."""

    folder: Path
    shared: Path

    @property
    def campaign(self) -> Path:
        return self.folder / "_mail" / "spring.yaml"

    @property
    def ledger(self) -> Path:
        return self.folder / "_mail" / "spring.ledger"

    @property
    def spool(self) -> Path:
        return self.folder / "out" / "mail" / "spring"

    def write(self, more: str = "", people: str = PEOPLE, campaign: str = CAMPAIGN) -> None:
        """Lay the campaign down; ``more`` is put below it and takes the place of keys that are there."""
        for key in re.findall(r"^(\w+):", more, re.MULTILINE):
            campaign = re.sub(rf"^{key}:.*\n(?:[ ]+.*\n|\n)*", "", campaign, flags=re.MULTILINE)
        self.campaign.parent.mkdir(exist_ok=True)
        self.campaign.write_text(campaign + more, "utf-8")
        (self.folder / "_mail" / "people.csv").write_text(people, "utf-8", newline="")

    def mail(self, verb: str, *arguments: str, **changed: str) -> subprocess.CompletedProcess[str]:
        """``dossier mail VERB`` on the campaign; the password is in the environment."""
        return dossier("mail", verb, "_mail/spring.yaml", *arguments, folder=self.folder, **surroundings(changed))

    def plan(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.mail("plan", "--cache", str(self.shared), *arguments)

    def planned(self) -> None:
        done = self.plan()
        assert done.returncode == 0, done.stderr

    def status(self) -> dict[str, Any]:
        found: dict[str, Any] = as_json(self.mail("status", "--format", "json"))
        return found

    def states(self) -> dict[str, str]:
        """What became of each address's messages."""
        return {one["address"]: one["state"] for one in self.status()["deliveries"]}

    def rows(self) -> list[tuple[str, ...]]:
        """The ledger's rows as SQLite has them: address, part, state, reply."""
        with sqlite3.connect(self.ledger) as connection:
            return connection.execute("SELECT address, part, state, reply FROM delivery ORDER BY 1, 2").fetchall()


def surroundings(changed: Mapping[str, str]) -> dict[str, str]:
    return {"DOSSIER_SMTP_PASSWORD": PASSWORD, **changed}


def room(folder: Path, shared: Path) -> Room:
    archive(folder, RECORDS, HEAD)
    made = Room(folder, shared)
    made.write()
    return made


def unpacked(program: str, message: bytes, folder: Path) -> dict[str, str]:
    """What ripmime finds in a message: the SHA-256 of every file, by name."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder.parent / "message.eml").write_bytes(message)
    subprocess.run([program, "-i", str(folder.parent / "message.eml"), "-d", str(folder)], check=True, timeout=30)
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}
