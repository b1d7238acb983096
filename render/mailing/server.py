"""Which mail server takes a campaign: what the campaign says of it, else archive.yaml, else the environment."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .. import settings
from ..campaign import Campaign
from ..deliver import PORTS, Server
from ..problems import InputError, Where, error
from ..settings import Archive

SECURITY = "starttls"


def server(campaign: Campaign, archive: Archive) -> Server:
    """The server, yet without a password. Raises InputError when none is named, or a password would go in the clear."""
    layers: list[tuple[Mapping[str, Any], Path, Where]] = [
        (campaign.smtp, campaign.path.parent, campaign.where("smtp")),
        (archive.smtp, archive.root, archive.where("smtp")),
        (settings.smtp_surroundings(), Path.cwd(), Where("DOSSIER_SMTP_HOST")),
    ]
    host = next((str(said["host"]) for said, _, _ in layers if "host" in said), "")
    if not host:
        hint = "add smtp: {host: …} to the campaign or to archive.yaml, or set DOSSIER_SMTP_HOST"
        raise InputError([error("no-server", campaign.where("smtp"), "no mail server is named", hint)])
    # What is said of another host, a user above all, is not meant for this one.
    layers = [layer for layer in layers if layer[0].get("host", host) == host]
    found: dict[str, Any] = {}
    for said, folder, _ in reversed(layers):
        found |= said
        if "ca_file" in said:
            found["ca_file"] = folder / str(said["ca_file"])
    where = next(where for said, _, where in layers if "host" in said)
    security = str(found.get("security", SECURITY))
    port = str(found.get("port") or PORTS.get(security, ""))
    if security not in PORTS or not port.isdecimal() or not 0 < int(port) < 65536:
        message = "DOSSIER_SMTP_SECURITY must be starttls, tls or none, and DOSSIER_SMTP_PORT a number up to 65535"
        raise InputError([error("smtp", where, message)])
    user = str(found.get("user", ""))
    if user and security == "none" and not _is_here(host):
        hint = "say security: starttls or tls"
        raise InputError([error("clear-password", where, f"the password would go to {host} in the clear", hint)])
    return Server(
        host, int(port), security, where, user, ca_file=found.get("ca_file"), timeout=int(found.get("timeout", 0))
    )


def _is_here(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
