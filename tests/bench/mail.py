"""A campaign of a thousand messages against a bare smtplib loop that sends the same bytes to the same server, in turn.

    python tests/bench/mail.py [--quick]

The server is aiosmtpd on this machine, in a process of its own. Each message encloses one cached dossier. The loop is a
whole process, as the press is; it opens one connection and calls ``sendmail`` for each message.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]

from command import BIN, archive  # noqa: E402 - tests/ is no package
from postoffice import Office, office  # noqa: E402

LOOP = """\
import smtplib, sys
from pathlib import Path

with smtplib.SMTP("127.0.0.1", int(sys.argv[1])) as server:
    for path in sorted(Path(sys.argv[2]).glob("*.eml")):
        server.sendmail("files@otiose.example", ["nobody@x.example"], path.read_bytes())
"""
CAMPAIGN = """\
name: bench
from: "Central Files <files@otiose.example>"
subject: "Your file, {{ name }}"
text: "Dear {{ name }}, enclosed: {{ attachments | join(', ') }}."
recipients: people.csv
preview: false
"""


def timed(*command: str | Path, folder: Path) -> float:
    begun = time.perf_counter()
    subprocess.run([str(one) for one in command], cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - begun


def planned(folder: Path, post: Office, count: int) -> None:
    """An archive and a campaign for one more than ``count``: the first message goes alone."""
    archive(folder, {"clerk": "habitat: [A desk.]\n"})
    (folder / "_mail").mkdir()
    smtp = post.smtp(security="none", user=None, ca_file=None)
    (folder / "_mail" / "bench.yaml").write_text(CAMPAIGN + smtp)
    people = "".join(f"p{number:05}@x.example,P{number},clerk\n" for number in range(count + 1))
    (folder / "_mail" / "people.csv").write_text("address,name,specimens\n" + people)
    seconds = timed(BIN / "dossier", "mail", "plan", "_mail/bench.yaml", folder=folder)
    print(f"planning {count + 1} messages, the dossier typeset on the way: {seconds:.2f} s", flush=True)


def sent(folder: Path) -> float:
    """Seconds for all but the first message, with a ledger of its own."""
    command = (BIN / "dossier", "mail", "send", "_mail/bench.yaml", "--send", "--yes")
    (folder / "_mail" / "bench.ledger").unlink()
    timed(*command, "--new-ledger", folder=folder)
    return timed(*command, folder=folder)


def main(count: int, rounds: int) -> None:
    openssl = shutil.which("openssl")
    assert openssl, "openssl is not installed"
    with (
        tempfile.TemporaryDirectory(prefix="dossier-bench-") as place,
        office(Path(place, "office"), openssl, "--plain") as post,
    ):
        folder, same = Path(place, "bureau"), Path(place, "same")
        folder.mkdir()
        same.mkdir()
        planned(folder, post, count)
        ours, bare = [], []
        for _ in range(rounds):
            for path in post.folder.glob("*.eml"):
                path.unlink()
            ours.append(count / sent(folder))
            made = sorted(post.folder.glob("*.eml"))[1:]
            assert len(made) == count
            for number, path in enumerate(made):
                shutil.copy(path, same / f"{number:05}.eml")
            bare.append(count / timed(sys.executable, "-c", LOOP, str(post.port), str(same), folder=folder))
        size = sum(path.stat().st_size for path in same.iterdir()) / count
        ratio = median(a / b for a, b in zip(ours, bare, strict=True))
        print(f"{count} messages of {size / 1000:.0f} kB, {rounds} rounds in turn, {os.cpu_count()} cores")
        rates = f"{median(ours):.1f} messages a second against {median(bare):.1f} bare"
        print(f"  {rates}; ratio {ratio:.2f} (at least 0.5)")


if __name__ == "__main__":
    main(*((200, 1) if "--quick" in sys.argv else (1000, 3)))
