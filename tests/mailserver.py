"""The mail server that tests send to, as a program: AUTH and STARTTLS, keeps what it takes, fails on request.

``python mailserver.py FOLDER [--tls] [--plain] [--size N] [--no-utf8]`` prints its port. Each message becomes
``FOLDER/<number>.eml`` with ``<number>.json`` (its envelope) beside it, both there before it is acknowledged. The local
part of an address says what happens, as ``MISHAPS`` has it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import ssl
import time
from collections import Counter
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult

USER, PASSWORD = "clerk", "rubber & stamp"

MISHAPS = {
    "refused": "550 5.1.1 no such mailbox",
    "full": "452 4.2.2 mailbox full",
    "fulltwice": "452 4.2.2 mailbox full",
    "goodbye": "421 4.3.2 shutting down",
    "spam": "554 5.7.1 not wanted",
    "drop": "",
    "dropdata": "",
    "dropend": "",
    "slow": "",
}
"""What is answered at RCPT, or at the end of the message. ``drop`` hangs up at RCPT and ``dropdata`` at DATA,
once; ``dropend`` takes the message and hangs up without a word; ``slow`` takes a second and a half to answer.
"""


class Clerk:
    """Takes messages. One for all connections."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seen: Counter[str] = Counter()
        self.number = 0

    async def handle_RCPT(self, server: Any, _session: Any, envelope: Any, address: str, _: Any) -> str:  # noqa: N802
        what = kind(address)
        self.seen[address] += 1
        times = self.seen[address]
        if what in ("refused", "full") or (what == "fulltwice" and times <= 2):
            return MISHAPS[what]
        if what == "goodbye" and times == 1:
            asyncio.get_running_loop().call_later(0.05, server.transport.close)
            return MISHAPS[what]
        if what == "drop" and times == 1:
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        what = kind(envelope.rcpt_tos[0])
        if what == "spam":
            return MISHAPS[what]
        if what == "slow":
            await asyncio.sleep(1.5)
        self.number += 1
        name = self.folder / f"{self.number:05}"
        said = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "options": envelope.mail_options,
            "tls": server.transport.get_extra_info("ssl_object") is not None,
            "user": session.auth_data.decode() if session.auth_data else "",
            "peer": session.peer[1],
            "time": time.time(),
        }
        name.with_suffix(".eml").write_bytes(envelope.original_content)
        name.with_suffix(".part").write_text(json.dumps(said))
        name.with_suffix(".part").replace(name.with_suffix(".json"))
        if what == "dropend":
            server.transport.abort()
        return "250 2.0.0 filed"


class Desk(SMTP):
    """SMTP that can lose its temper as a message begins."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        tos = self.envelope.rcpt_tos
        seen = self.event_handler.seen
        if tos and kind(tos[0]) == "dropdata" and not seen["at DATA"]:
            seen["at DATA"] += 1
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


def kind(address: str) -> str:
    return address.partition("@")[0].partition("+")[0]


def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    good = data.login == USER.encode() and data.password == PASSWORD.encode()
    return AuthResult(success=good, handled=False, auth_data=data.login)


async def serve(options: argparse.Namespace) -> None:
    clerk = Clerk(options.folder)
    context = None
    login: dict[str, Any] = {}
    if not options.plain:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(options.folder / "cert.pem", options.folder / "key.pem")
        login = {"authenticator": authenticate, "auth_required": True, "auth_require_tls": not options.tls}

    def desk() -> Desk:
        return Desk(
            clerk,
            hostname="postoffice.example",
            data_size_limit=options.size,
            enable_SMTPUTF8=not options.no_utf8,
            tls_context=None if options.tls else context,
            require_starttls=bool(context) and not options.tls,
            command_call_limit={"*": 100_000},
            **login,
        )

    made = await asyncio.get_running_loop().create_server(desk, "127.0.0.1", 0, ssl=context if options.tls else None)
    print(made.sockets[0].getsockname()[1], flush=True)
    await made.serve_forever()


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--size", type=int, default=64 << 20)
    parser.add_argument("--no-utf8", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    asyncio.run(serve(parsed()))
