"""Submitting: one message, one complaint, one process, and the same answer however often it comes."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.domain.actor import SYSTEM
from engine.domain.complaint import Channel
from engine.domain.errors import ChangedMeanwhile, LimitExceeded, NotAllowed, ValueRefused
from engine.domain.intake import NewComplaint
from engine.domain.organisation import Role
from engine.domain.tracking import is_secret
from engine.use_cases.intake import MOST_FILES, Submitted, Upload, register, submit
from forms.checking import Answers
from tests.builders.cases import a_person
from tests.builders.house import House

VALUES = {
    "text": "The machine kept 500.",
    "amount": Decimal("500.00"),
    "customer_name": "Alice",
    "contact_by": "email",
}


def answers(**changes: Any) -> Answers:
    return Answers({**VALUES, "customer_email": "alice@mail.example", **changes}, "complaint", "hash")


def sent(house: House, key: str = "portal:1", **options: Any) -> Submitted:
    return submit(house.ports, SYSTEM, answers(), channel="portal", key=key, **options)


def test_a_complaint_gets_a_number_a_secret_and_its_process() -> None:
    house = House()

    given = sent(house)

    complaint = house.now_complaint(given.complaint_id)
    assert complaint.number == given.number
    assert is_secret(given.secret, complaint.secret_hash)
    assert [(process, message) for process, message, _ in house.engine.started] == [
        ("complaint", "complaint received")
    ]
    assert (Decimal("500.00"), "CNY", "CN", "en") == (
        complaint.amount,
        complaint.currency,
        complaint.regime,
        complaint.language,
    )


def test_a_customer_may_name_another_currency_than_the_units() -> None:
    house = House()

    given = submit(house.ports, SYSTEM, answers(currency="HKD"), channel="portal", key="portal:1")

    assert house.now_complaint(given.complaint_id).currency == "HKD"
    with pytest.raises(ValueRefused, match="three capital letters"):
        submit(house.ports, SYSTEM, answers(currency="dollars"), channel="portal", key="portal:2")
    assert len(house.engine.started) == 1


def test_the_same_message_again_gives_the_first_ones_answer() -> None:
    house = House()
    first = sent(house)

    again = sent(house)

    assert (first.number, first.secret, True) == (again.number, again.secret, again.repeated)
    assert len(house.engine.started) == 1
    assert len({sent(house, "portal:2").number, first.number}) == 2


def test_a_complaint_whose_process_does_not_start_is_not_registered() -> None:
    house = House()
    house.engine.raises = ChangedMeanwhile()

    with pytest.raises(ChangedMeanwhile):
        sent(house)

    with house.work() as work:
        assert work.complaints.find() == []
    house.engine.raises = None
    assert not sent(house).repeated


def test_the_receiving_unit_says_regime_and_currency() -> None:
    house = House()

    in_new_york = house.now_complaint(sent(house, "1", unit="INTL-NYC").complaint_id)
    in_london = house.now_complaint(sent(house, "2", unit="INTL-LON").complaint_id)

    assert [(c.regime, c.currency) for c in (in_new_york, in_london)] == [("US", "USD"), ("UK", "GBP")]
    with pytest.raises(ValueRefused):
        sent(house, "3", unit="MARS")


def test_staff_register_at_their_unit_and_become_first_owner() -> None:
    house = House()
    clerk = house.somebody("first_owner", "SH-XH")
    typed = answers(channel="counter", settle_now=True)

    given = submit(house.ports, clerk, typed, channel="portal", key="staff:1", staff=True)

    complaint = house.now_complaint(given.complaint_id)
    assert (Channel.COUNTER, clerk.person_id) == (complaint.channel, complaint.first_owner_id)
    assert house.units["SH-XH"].id == complaint.receiving_unit_id
    process, message, variables = house.engine.started[0]
    assert (process, message, variables["settle_now"]) == ("complaint", None, True)


def test_a_complaint_received_earlier_keeps_its_day_but_none_comes_from_the_future() -> None:
    house = House()
    clerk = house.somebody("first_owner", "SH-XH")
    today = house.store.now.date()

    def received(day: date, key: str) -> Submitted:
        return submit(house.ports, clerk, answers(received_on=day), channel="letter", key=key, staff=True)

    earlier = house.now_complaint(received(today - timedelta(days=3), "1").complaint_id)

    assert today - timedelta(days=3) == earlier.received_at.date()
    assert house.store.now == earlier.registered_at
    with pytest.raises(ValueRefused):
        received(today + timedelta(days=1), "2")


def test_only_people_of_the_bank_use_the_staff_form() -> None:
    house = House()

    with pytest.raises(NotAllowed):
        submit(house.ports, a_person(9), answers(), channel="counter", key="1", staff=True)
    submit(
        house.ports,
        a_person(9, Role.CONTRIBUTOR),
        answers(),
        channel="counter",
        key="1",
        staff=True,
        unit="HO",
    )


def test_attachments_are_stored_and_entered() -> None:
    house = House()
    photo = Upload("slip.jpg", "image/jpeg", b"a photo")

    given = sent(house, attachments=[photo])

    with house.work() as work:
        (attachment,) = work.attachments.find(complaint_id=given.complaint_id)
    assert house.files.get(attachment.stored_as) == b"a photo"
    assert (attachment.name, attachment.size) == ("slip.jpg", 7)


def test_too_many_or_too_large_files_are_refused_before_anything_is_written() -> None:
    house = House()
    small = Upload("a", "text/plain", b"a")

    with pytest.raises(LimitExceeded):
        sent(house, attachments=[small] * (MOST_FILES + 1))
    with pytest.raises(LimitExceeded):
        sent(house, attachments=[Upload("a", "text/plain", b"a" * 27_000_000)])
    assert house.files.kept == {}


def test_the_language_follows_the_words_when_nobody_chose() -> None:
    house = House()

    new = NewComplaint(text="自助机吞了我的卡 ATM", channel=Channel.LETTER)

    given = register(house.ports, SYSTEM, new, key="1")
    assert house.now_complaint(given.complaint_id).language == "zh_Hans_CN"


@pytest.mark.parametrize("text", ["", "  \n", "x" * 50_001])
def test_a_complaint_needs_words_but_not_a_library(text: str) -> None:
    with pytest.raises(ValueRefused):
        NewComplaint(text=text, channel=Channel.LETTER)


def test_an_unknown_channel_is_refused() -> None:
    house = House()

    with pytest.raises(ValueRefused):
        submit(house.ports, SYSTEM, answers(), channel="pigeon", key="1")
