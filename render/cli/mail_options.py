"""The commands of ``dossier mail`` and their options."""

from __future__ import annotations

import argparse
from pathlib import Path

from . import mail
from . import options as option


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """``dossier mail`` with its own commands."""
    top = commands.add_parser(
        "mail",
        help="send dossiers by e-mail: plan, send, status, draft",
        description="Sends dossiers to a list of people, each message once. A campaign is a YAML file; what was sent"
        " stands in a ledger beside it.",
        epilog="examples:\n  dossier mail plan _mail/spring.yaml\n  dossier mail send _mail/spring.yaml --send",
        formatter_class=option.Help,
        allow_abbrev=False,
    )
    verbs = top.add_subparsers(title="commands", metavar="COMMAND", dest="verb", required=True)

    planning = option.add(
        verbs, "plan", mail.plan, "say who gets what, and make it ready",
        "Reads the campaign, renders what is needed and writes out/mail/NAME. Nothing is sent.",
        "dossier mail plan _mail/spring.yaml", "dossier mail plan _mail/spring.yaml --eml 3",
    )  # fmt: skip
    _campaign(planning)
    planning.add_argument("--eml", metavar="N", type=option.count, help="also write N messages to look at")
    option.archive(planning)
    planning.add_argument("--layout", metavar="NAME", default="", help="the layout (see: dossier layouts)")
    option.shelves(planning)
    option.fonts(planning)
    option.work(planning)
    option.cache(planning)
    option.form(planning)

    sending = option.add(
        verbs, "send", mail.send, "send what is left of a campaign",
        "Without --send it only says what it would do. The first --send sends one message; the next sends all that"
        " remain. Sending always goes on where it stopped.",
        "dossier mail send _mail/spring.yaml", "dossier mail send _mail/spring.yaml --test me@example.org",
        "dossier mail send _mail/spring.yaml --send --rate 30/min",
    )  # fmt: skip
    _campaign(sending)
    sending.add_argument("--send", action="store_true", help="really send")
    sending.add_argument("--yes", action="store_true", help="send all that remain without asking")
    sending.add_argument("--limit", metavar="N", type=option.count, default=0, help="at most N messages")
    sending.add_argument("--rate", metavar="N/min", type=_rate, default=0, help="at most N messages a minute")
    sending.add_argument("--test", metavar="ADDRESS", help="send the first message (or --limit N) to this address"
                         " instead; the ledger does not count it")  # fmt: skip
    sending.add_argument("--transport", metavar="KIND:PLACE", type=_transport, help="maildir:DIR writes messages there")
    sending.add_argument("--tries", metavar="N", type=option.count, default=5, help="how often to try what the server"
                         " puts off (5)")  # fmt: skip
    for name, brief in (
        ("--retry-failed", "send again what the server refused"),
        ("--retry-unknown", "send again where nobody knows whether it arrived; it may arrive twice"),
        ("--again-if-changed", "send again where the dossiers have changed since"),
        ("--new-ledger", "begin a ledger where there should be one: nothing was sent yet"),
    ):
        sending.add_argument(name, action="store_true", help=brief)
    option.archive(sending)
    option.form(sending)

    state = option.add(
        verbs, "status", mail.status, "show what was sent",
        "Counts what is sent, pending, failed and unknown, and repeats what the server said.",
        "dossier mail status _mail/spring.yaml", "dossier mail status _mail/spring.yaml --format json",
    )  # fmt: skip
    _campaign(state)
    option.form(state)

    drafting = option.add(
        verbs, "draft", mail.draft, "write a message to complete and send by hand",
        "Needs no campaign: the file opens in a mail program as a draft with the dossiers enclosed.",
        "dossier mail draft sdet --to somebody@example.org",
        "dossier mail draft family:ai-and-data --to somebody@example.org --for mail",
    )  # fmt: skip
    option.specimens(drafting)
    drafting.add_argument("--to", metavar="ADDRESS", required=True, help="whom it is for")
    drafting.add_argument("--subject", metavar="WORDS", default="", help="its subject (the titles)")
    drafting.add_argument("--text", metavar="WORDS", default="", help="what it says (a list of what is enclosed)")
    drafting.add_argument("-o", "--eml", metavar="FILE", type=Path, help="where it goes (out/mail/drafts/SLUG.eml)")
    drafting.add_argument("--output", metavar="DIR", type=Path, default=Path("out"), help="where results go (out)")
    option.purpose(drafting)
    option.archive(drafting)
    option.setting(drafting)
    option.work(drafting)
    option.cache(drafting)
    option.form(drafting)


def _campaign(command: argparse.ArgumentParser) -> None:
    command.add_argument("campaign", metavar="FILE", type=Path, help="the campaign's YAML file")
    command.add_argument("--output", metavar="DIR", type=Path, default=Path("out"), help="where results are (out)")


def _rate(text: str) -> float:
    number, _, unit = text.partition("/")
    if unit not in ("", "min") or not number.isdecimal() or not int(number):
        raise argparse.ArgumentTypeError(f"{text} is not a rate such as 30/min")
    return float(number)


def _transport(text: str) -> Path:
    kind, _, place = text.partition(":")
    if kind != "maildir" or not place:
        raise argparse.ArgumentTypeError(f"{text} is not maildir:DIR")
    return Path(place)
