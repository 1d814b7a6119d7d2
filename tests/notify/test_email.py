"""E-mail against a real SMTP server in this process."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from engine.notify.email import Email
from engine.ports import GiveUp, TryLater
from tests.fakes.mailbox import Mailbox, free_port, serving

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, Email]]:
    with serving() as box:
        yield box, Email(box.url, "Redress <care@bank.example>", lambda: NOW)


def _send(
    email: Email, *, recipient: str = "li@customer.example", subject: str = "投诉 C-2026-000184"
) -> None:
    email.send(
        key="notice-7",
        recipient=recipient,
        subject=subject,
        body="您好：\n我们已收到您的投诉。\n",
        language="zh_Hans_CN",
    )


def test_a_notice_arrives_with_its_words_its_language_and_no_reply_from_machines(
    mailbox: tuple[Mailbox, Email],
) -> None:
    box, email = mailbox

    _send(email)

    (message,) = box.received
    assert message["To"] == "li@customer.example"
    assert message["From"] == "Redress <care@bank.example>"
    assert message["Subject"] == "投诉 C-2026-000184"
    assert message["Date"] == "Mon, 23 Nov 2026 08:30:00 +0000"
    assert message["Content-Language"] == "zh-Hans-CN"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content().splitlines() == ["您好：", "我们已收到您的投诉。"]


def test_a_notice_sent_twice_carries_the_same_message_id(mailbox: tuple[Mailbox, Email]) -> None:
    box, email = mailbox

    _send(email)
    _send(email)

    first, second = box.received
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Message-ID"].endswith("@bank.example>")


@pytest.mark.parametrize(
    ("recipient", "data", "expected"),
    [
        ("450 mailbox busy", "250 OK", TryLater),  # greylisting and the like
        ("550 no such user", "250 OK", GiveUp),
        ("250 OK", "452 disk full", TryLater),
        ("250 OK", "554 we do not want this", GiveUp),
    ],
)
def test_what_the_server_answers_decides_whether_to_try_again(
    mailbox: tuple[Mailbox, Email], recipient: str, data: str, expected: type[Exception]
) -> None:
    box, email = mailbox
    box.answer_recipient, box.answer_data = recipient, data
    words = (data if recipient.startswith("250") else recipient)[4:]

    with pytest.raises(expected, match=words):
        _send(email)

    assert box.received == []


def test_a_server_that_is_not_there_is_tried_later() -> None:
    email = Email(f"smtp://127.0.0.1:{free_port()}", "care@bank.example", lambda: NOW)

    with pytest.raises(TryLater, match="could not be reached"):
        _send(email)


@pytest.mark.parametrize(
    ("recipient", "subject"),
    [
        ("li@customer.example\r\nBcc: all@bank.example", "Your complaint"),
        ("li@customer.example", "Your complaint\nBcc: all@bank.example"),
    ],
)
def test_a_line_break_cannot_add_a_recipient(
    mailbox: tuple[Mailbox, Email], recipient: str, subject: str
) -> None:
    box, email = mailbox

    with pytest.raises(GiveUp, match="cannot stand in an e-mail"):
        _send(email, recipient=recipient, subject=subject)

    assert box.received == []
