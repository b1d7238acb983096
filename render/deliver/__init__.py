"""Mail: a letter as bytes, and what carries it away."""

from .carriers import (
    Carrier,
    DeferredError,
    Envelope,
    LostError,
    Maildir,
    NotTakenError,
    RefusedError,
    UncertainError,
)
from .letters import Enclosure, Letter, Writer, ascii_name, file_name
from .smtp import PORTS, Post, Server

__all__ = [
    "PORTS",
    "Carrier",
    "DeferredError",
    "Enclosure",
    "Envelope",
    "Letter",
    "LostError",
    "Maildir",
    "NotTakenError",
    "Post",
    "RefusedError",
    "Server",
    "UncertainError",
    "Writer",
    "ascii_name",
    "file_name",
]
