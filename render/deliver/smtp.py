"""SMTP: one connection, kept as long as the server likes, over TLS unless it is said otherwise."""

from __future__ import annotations

import smtplib
import socket
import ssl
import unicodedata
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from ..problems import InputError, Where, error
from .carriers import DeferredError, Envelope, LostError, RefusedError, UncertainError

PORTS = {"starttls": 587, "tls": 465, "none": 25}
TIMEOUT, FINAL_TIMEOUT = 60, 600
"""Seconds to wait for an answer, and for the one after a message (RFC 5321, 4.5.3.2.6)."""

LONGEST_WORDS = 300
_OK, _GO_AHEAD, _GOODBYE, _TOO_LARGE = 250, 354, 421, 552


@dataclass(frozen=True)
class Server:
    """Where mail is handed in. ``where`` is the place that names it; ``timeout`` 0 takes the usual ones, in seconds."""

    host: str
    port: int
    security: str
    where: Where
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None
    timeout: int = 0

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class Post:
    """A carrier over SMTP. It connects when something is offered, and again after the connection was lost."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._smtp: smtplib.SMTP | None = None
        self._notes: list[str] = []
        self._is_amid = False
        """Whether a message is half handed over: then nothing can be said but by hanging up."""

    def offer(self, envelope: Envelope) -> None:
        """MAIL and RCPT. Raises InputError when this server takes nothing from us at all."""
        smtp = self._smtp or self._connect()
        self._notes = []
        try:
            self._offer(smtp, envelope)
        except (OSError, smtplib.SMTPServerDisconnected) as failure:
            raise self._lost(failure) from failure

    def hand_over(self, message: bytes) -> str:
        """DATA. The message counts as handed over from the moment its end is written."""
        smtp = self._smtp
        assert smtp is not None, "nothing was offered"
        try:
            self._expect(smtp.docmd("DATA"), _GO_AHEAD)
            self._is_amid = True
            smtp.send(_dotted(message))
        except (OSError, smtplib.SMTPServerDisconnected) as failure:
            raise self._lost(failure) from failure
        try:
            if smtp.sock:
                smtp.sock.settimeout(self._server.timeout or FINAL_TIMEOUT)
            smtp.send(b".\r\n")
            answer = smtp.getreply()
            if smtp.sock:
                smtp.sock.settimeout(self._server.timeout or TIMEOUT)
        except (OSError, smtplib.SMTPServerDisconnected) as failure:
            self._drop()
            raise UncertainError(f"no answer after the message: {_told(failure)}") from failure
        self._is_amid = False
        self._expect(answer, _OK)
        return "; ".join([_words(answer), *self._notes])

    def close(self) -> None:
        if self._smtp and not self._is_amid:
            with suppress(OSError, smtplib.SMTPException):
                self._smtp.quit()
        self._drop()

    def _offer(self, smtp: smtplib.SMTP, envelope: Envelope) -> None:
        options = []
        if smtp.has_extn("size"):
            most = smtp.esmtp_features["size"].strip()
            if most.isdecimal() and 0 < int(most) < envelope.size:
                raise RefusedError(
                    f"{self._server} takes messages up to {int(most):,} bytes; this has {envelope.size:,}"
                )
            options.append(f"SIZE={envelope.size}")
        if envelope.international:
            if not smtp.has_extn("smtputf8"):
                raise RefusedError(f"{self._server} does not know international addresses (SMTPUTF8)")
            options += ["BODY=8BITMIME", "SMTPUTF8"]
        answer = smtp.mail(envelope.sender, options)
        if 500 <= answer[0] < 600 and answer[0] != _TOO_LARGE:
            self._reset()
            raise self._hopeless(f"refuses the sender {envelope.sender}: {_words(answer)}")
        self._expect(answer, _OK)
        first, *copies = envelope.recipients
        self._expect(smtp.rcpt(first), _OK)
        for copy in copies:
            answer = smtp.rcpt(copy)
            if answer[0] == _GOODBYE:
                self._expect(answer, _OK)
            if answer[0] // 100 != 2:
                self._notes.append(f"no copy to {copy}: {_words(answer)}")

    def _expect(self, answer: tuple[int, bytes], wanted: int) -> None:
        """Raises what an answer means that is not of the kind that is wanted."""
        code, words = answer[0], _words(answer)
        if code // 100 == wanted // 100:
            return
        if code in (_GOODBYE, -1):
            self._drop()
            raise LostError(words)
        self._reset()
        if 500 <= code < 600:
            raise RefusedError(words)
        raise DeferredError(words)

    def _connect(self) -> smtplib.SMTP:
        """Raises LostError for what may pass, InputError for what will not."""
        server = self._server
        try:
            smtp = self._open()
            self._smtp = smtp
            smtp.ehlo_or_helo_if_needed()
            if server.security == "starttls":
                smtp.starttls(context=self._context())
                smtp.ehlo()
            if server.user:
                smtp.login(server.user, server.password)
        except ssl.SSLCertVerificationError as failure:
            hint = "ca_file: names the certificate to trust, if it is your own"
            raise self._hopeless(f"has no certificate to be trusted: {failure.verify_message}", hint) from failure
        except ssl.SSLError as failure:
            hint = "port 465 is for security: tls, 587 for starttls"
            raise self._hopeless(f"does not speak TLS here: {failure.reason or failure}", hint) from failure
        except smtplib.SMTPNotSupportedError as failure:
            what = "the login" if "auth" in str(failure).lower() else "STARTTLS"
            raise self._hopeless(f"does not offer {what}", "see security: and user: under smtp:") from failure
        except UnicodeEncodeError as failure:
            raise self._hopeless("cannot be told a user or password with letters beyond ASCII") from failure
        except smtplib.SMTPResponseException as failure:
            answer = (failure.smtp_code, _raw(failure.smtp_error))
            if 500 <= failure.smtp_code < 600:
                what = "the login" if isinstance(failure, smtplib.SMTPAuthenticationError) else "the connection"
                raise self._hopeless(f"refuses {what}: {_words(answer)}") from failure
            self._drop()
            raise LostError(_words(answer)) from failure
        except (OSError, smtplib.SMTPException) as failure:
            raise self._lost(failure) from failure
        return smtp

    def _open(self) -> smtplib.SMTP:
        server = self._server
        name = socket.gethostname()
        local = name if "." in name and name.isascii() else "[127.0.0.1]"
        timeout = server.timeout or TIMEOUT
        if server.security == "tls":
            return smtplib.SMTP_SSL(server.host, server.port, local, timeout=timeout, context=self._context())
        return smtplib.SMTP(server.host, server.port, local, timeout=timeout)

    def _context(self) -> ssl.SSLContext:
        try:
            return ssl.create_default_context(cafile=str(self._server.ca_file) if self._server.ca_file else None)
        except OSError as failure:
            message = f"the certificates in {self._server.ca_file} cannot be read: {_told(failure)}"
            raise InputError([error("ca-file", self._server.where, message)]) from failure

    def _hopeless(self, what: str, hint: str = "") -> InputError:
        self._drop()
        return InputError([error("smtp", self._server.where, f"{self._server} {what}", hint)])

    def _lost(self, failure: Exception) -> LostError:
        self._drop()
        return LostError(f"{self._server}: {_told(failure)}")

    def _reset(self) -> None:
        """Make the connection ready for another message; a server that cannot is left."""
        if self._smtp:
            try:
                self._smtp.rset()
            except (OSError, smtplib.SMTPException):
                self._drop()

    def _drop(self) -> None:
        if self._smtp:
            self._smtp.close()
        self._smtp = None
        self._is_amid = False


def _dotted(message: bytes) -> bytes:
    """The message as DATA wants it (RFC 5321, 4.5.2), up to its end but without it."""
    dotted = message.replace(b"\r\n.", b"\r\n..")
    dotted = b"." + dotted if dotted.startswith(b".") else dotted
    return dotted if dotted.endswith(b"\r\n") else dotted + b"\r\n"


def _words(answer: tuple[int, bytes]) -> str:
    """An answer in one line that a terminal can show."""
    text = f"{answer[0]} {answer[1].decode('utf-8', 'replace')}"
    clean = "".join(letter if unicodedata.category(letter)[0] != "C" else " " for letter in text)
    return " ".join(clean.split())[:LONGEST_WORDS]


def _raw(words: bytes | str) -> bytes:
    return words if isinstance(words, bytes) else words.encode()


def _told(failure: Exception) -> str:
    if isinstance(failure, TimeoutError):
        return "no answer in time"
    reason = failure.strerror if isinstance(failure, OSError) else None
    return (reason or str(failure) or type(failure).__name__).lower()
