"""The ticks of a running house: mail that leaves, and timers that fire."""

from datetime import timedelta

from engine.bootstrap import App
from engine.domain.actor import SYSTEM
from engine.domain.complaint import Channel
from engine.domain.notices import NoticeState
from engine.feel import Environment
from engine.runtime.clock import MovableClock
from engine.use_cases import intake
from engine.use_cases.intake import Submitted
from forms.checking import check
from tests.fakes.mailbox import free_port, serving
from tests.runtime.conftest import House

TYPED = {
    "text": "I was charged the yearly fee twice.",
    "wish": "The second fee back.",
    "customer_name": "Li Hua",
    "customer_email": "li@customer.example",
    "contact_by": "email",
}


def _complain(app: App) -> Submitted:
    answers = check(app.forms.form("complaint"), TYPED, environment=Environment(now=app.ports.clock.now()))
    return intake.submit(app.ports, SYSTEM, answers, channel=Channel.PORTAL, key="ticks:1", language="en")


def _states(app: App, complaint_id: int) -> set[NoticeState]:
    with app.ports.unit_of_work(SYSTEM) as work:
        return {notice.state for notice in work.notices.find(complaint_id=complaint_id)}


def test_a_customer_who_asked_for_mail_gets_it_once(house: House) -> None:
    with serving() as mailbox:
        app = house(REDRESS_SMTP_URL=mailbox.url, REDRESS_MAIL_FROM="care@bank.example")
        submitted = _complain(app)
        assert mailbox.received == []

        first = app.ticks()["outbox"]()
        second = app.ticks()["outbox"]()

    assert (first, second) == (len(mailbox.received), 0)
    assert first > 0
    assert {message["To"] for message in mailbox.received} == {"li@customer.example"}
    assert all(submitted.number in message.get_content() for message in mailbox.received)
    assert _states(app, submitted.complaint_id) == {NoticeState.SENT}


def test_mail_that_could_not_leave_leaves_later(house: House, clock: MovableClock) -> None:
    port = free_port()
    app = house(REDRESS_SMTP_URL=f"smtp://127.0.0.1:{port}")
    submitted = _complain(app)

    app.ticks()["outbox"]()
    assert _states(app, submitted.complaint_id) == {NoticeState.SENDING}
    clock.move_by(timedelta(minutes=6))
    app.ticks()["outbox"]()

    clock.move_by(timedelta(days=1))
    with app.ports.unit_of_work(SYSTEM) as work:
        (message, *_) = work.outbox(due_by=work.now, limit=10)
    assert message.attempts == 2
    assert message.last_error is not None
    assert "could not be reached" in message.last_error


def test_without_a_mail_server_notices_stand_on_the_page_alone(house: House) -> None:
    app = house()
    submitted = _complain(app)

    assert app.ticks()["outbox"]() == 0
    assert _states(app, submitted.complaint_id) == {NoticeState.WRITTEN}


def test_a_timer_fires_once_when_its_time_has_come(house: House, clock: MovableClock) -> None:
    app = house()
    _complain(app)
    assert app.ticks()["timers"]() == 0

    clock.move_by(timedelta(days=400))
    fired = app.ticks()["timers"]()

    assert fired > 0
    while app.ticks()["timers"]():
        pass
    assert app.reads.status().due_timers == 0


def test_ticks_missed_for_a_year_lose_no_timer(house: House, clock: MovableClock) -> None:
    """Nobody looked; the next process finds in the table what the last one would have fired."""
    app = house()
    _complain(app)
    clock.move_by(timedelta(days=400))
    app.close()

    later = house()

    assert later.ticks()["timers"]() > 0
