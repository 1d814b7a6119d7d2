"""Notices by e-mail, over SMTP."""

import smtplib
import ssl
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from hashlib import sha256
from urllib.parse import unquote, urlsplit

from engine.ports import GiveUp, TryLater

SECONDS = 20


class Email:
    """One mail server; implements `engine.ports.Channel`."""

    def __init__(self, url: str, sender: str, now: Callable[[], datetime]) -> None:
        self._server = urlsplit(url)
        self._sender = sender
        self._now = now

    def send(self, *, key: str, recipient: str, subject: str, body: str, language: str) -> None:
        """Send one notice. The same key gives the same Message-ID, so a repeated one can be told."""
        message = self._written(key, recipient, subject, body, language)
        try:
            with self._connection() as connection:
                refused = connection.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            raise _verdict(*next(iter(error.recipients.values()))) from error
        except smtplib.SMTPAuthenticationError as error:
            raise TryLater("The mail server does not accept our name and password.") from error
        except smtplib.SMTPResponseException as error:
            raise _verdict(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPNotSupportedError as error:
            raise GiveUp(f"The mail server cannot take this message: {error}.") from error
        except (smtplib.SMTPException, OSError) as error:
            raise TryLater(f"The mail server could not be reached: {error}.") from error
        if refused:
            raise _verdict(*next(iter(refused.values())))

    def _written(self, key: str, recipient: str, subject: str, body: str, language: str) -> EmailMessage:
        domain = parseaddr(self._sender)[1].rpartition("@")[2] or "localhost"
        message = EmailMessage()
        try:
            message["From"] = self._sender
            message["To"] = recipient
            message["Subject"] = subject
        except (ValueError, IndexError) as error:
            raise GiveUp(f"This address or subject cannot stand in an e-mail: {error}.") from error
        message["Message-ID"] = f"<{sha256(key.encode()).hexdigest()[:32]}@{domain}>"
        message["Date"] = format_datetime(self._now())
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(body)
        # after the content, which clears every Content-* header
        message["Content-Language"] = language.replace("_", "-")
        return message

    def _connection(self) -> smtplib.SMTP:
        host = self._server.hostname or "localhost"
        connection: smtplib.SMTP
        if self._server.scheme == "smtps":
            connection = smtplib.SMTP_SSL(
                host, self._server.port or 465, timeout=SECONDS, context=ssl.create_default_context()
            )
        else:
            connection = smtplib.SMTP(host, self._server.port or 25, timeout=SECONDS)
        try:
            if self._server.username:
                if self._server.scheme == "smtp":
                    connection.starttls(context=ssl.create_default_context())
                connection.login(unquote(self._server.username), unquote(self._server.password or ""))
        except BaseException:
            connection.close()
            raise
        return connection


def _verdict(code: int, text: bytes | str) -> TryLater | GiveUp:
    """RFC 5321: 4xx may work later, 5xx never will."""
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    sentence = f"The mail server answered {code}: {words}"
    return GiveUp(sentence) if code >= 500 else TryLater(sentence)
