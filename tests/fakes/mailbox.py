"""A real SMTP server in this process, that keeps what arrives or answers what the test wants answered."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


class Mailbox:
    """What arrived, and what the server says to a recipient and to a message."""

    def __init__(self) -> None:
        self.answer_recipient = "250 OK"
        self.answer_data = "250 OK"
        self.received: list[EmailMessage] = []
        self.url = ""

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """The answer to a recipient."""
        await asyncio.sleep(0)
        if self.answer_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer_recipient

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """The answer to a message."""
        await asyncio.sleep(0)
        if self.answer_data.startswith("250"):
            self.received.append(message_from_bytes(envelope.content, policy=policy.default))
        return self.answer_data


@contextmanager
def serving() -> Iterator[Mailbox]:
    """A server at `mailbox.url` while the block runs."""
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    box.url = f"smtp://127.0.0.1:{controller.port}"
    try:
        yield box
    finally:
        controller.stop()


def free_port() -> int:
    """A port that nothing listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
