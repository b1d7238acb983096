"""Where a campaign stands: its plan held against its ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .. import campaign as campaigns
from .. import ledger
from ..campaign import Campaign
from ..ledger import DEFERRED, FAILED, SENDING, SENT, UNKNOWN, Delivery, Key
from ..problems import InputError, error
from .plan import folder_of
from .spool import Plan, Planned, Spool

PENDING, CHANGED = "pending", "changed"
STATES = (SENT, PENDING, FAILED, UNKNOWN, CHANGED, SENDING)


@dataclass(frozen=True)
class Line:
    """One message: what is planned, what the ledger has of it, and what that comes to.

    ``state`` is pending, sent, failed, unknown, sending (by another process, now) or changed (sent, but what is planned
    now has other enclosures).
    """

    state: str
    planned: Planned | None
    row: Delivery | None

    @property
    def address(self) -> str:
        return self.planned.to.wire if self.planned else self.row.address if self.row else ""


@dataclass(frozen=True)
class Account:
    campaign: Campaign
    spool: Spool
    plan: Plan
    lines: tuple[Line, ...]

    def count(self, state: str) -> int:
        return sum(line.state == state for line in self.lines)

    @property
    def is_begun(self) -> bool:
        """Whether anything may have reached anybody."""
        return any(line.row and line.row.state in (SENT, SENDING, UNKNOWN) for line in self.lines)


def opened(path: Path, results: Path) -> tuple[Campaign, Spool, Plan]:
    """A campaign and its plan. Raises InputError when there is no plan, or one that the campaign has outgrown."""
    campaign = campaigns.read(path)
    spool = Spool(folder_of(campaign, results))
    plan = spool.read()
    now = campaigns.inputs_of(campaign)
    changed = sorted(name for name in plan.inputs.keys() | now.keys() if plan.inputs.get(name) != now.get(name))
    if changed:
        message = f"{', '.join(changed)} changed since the campaign was planned"
        raise InputError([error("outdated-plan", path, message, "dossier mail plan takes it in")])
    return campaign, spool, plan


def account(path: Path, results: Path) -> Account:
    """How a campaign stands now. Raises InputError."""
    campaign, spool, plan = opened(path, results)
    return Account(campaign, spool, plan, lines(plan, ledger.read(campaign.ledger, campaign.name)))


def lines(plan: Plan, rows: Mapping[Key, Delivery]) -> tuple[Line, ...]:
    """Every planned message with its row, then the rows of messages that are no longer planned."""
    planned = {one.key for one in plan.messages}
    beside: dict[str, list[Delivery]] = {}
    for each in rows.values():
        beside.setdefault(each.address, []).append(each)
    listed = []
    for one in plan.messages:
        row = rows.get(one.key)
        listed.append(Line(_state(one, row, beside.get(one.to.key, [])), one, row))
    gone = (row for key, row in rows.items() if key not in planned)
    return (*listed, *(Line(PENDING if each.state == DEFERRED else each.state, None, each) for each in gone))


def _state(one: Planned, row: Delivery | None, beside: list[Delivery]) -> str:
    """A recipient whose files came in another number of messages has all of them changed, not one missing."""
    if row is None or row.state == DEFERRED:
        other = any(each.state in (SENT, UNKNOWN, SENDING) and each.parts != one.parts for each in beside)
        return CHANGED if other else PENDING
    if row.state == SENT and (row.attachments != one.hashes or row.parts != one.parts):
        return CHANGED
    return row.state
