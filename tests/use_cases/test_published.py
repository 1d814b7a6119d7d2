"""What is said to be published is what is published: every use case, the outbox and the operations, name by name."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from engine.bpmn.bound_clocks import give_warning
from engine.domain.actor import SYSTEM, customer_of
from engine.domain.redress import PlanState
from engine.domain.running import OutboxMessage
from engine.ports import GiveUp
from engine.use_cases import case, collaboration, intake, outbox
from engine.use_cases.outbox import Senders
from engine.use_cases.published import MESSAGES, STARTS, WARNING
from forms.checking import Answers
from tests.builders.cases import a_plan, a_request
from tests.builders.house import House
from tests.builders.operating import run


class Bank:
    """A core that pays, or never will."""

    def __init__(self, *, refuses: bool = False) -> None:
        self.refuses = refuses

    def freeze(self, reference: str, reason: str) -> str:
        return "frozen"

    def pay(self, reference: str, amount: str, currency: str) -> str:
        if self.refuses:
            raise GiveUp("The account is closed.")
        return "R-1"


def names(found: Any) -> Any:
    """The names of a context and of the contexts in it; None for a plain value."""
    return {name: names(inner) for name, inner in found.items()} if isinstance(found, Mapping) else None


def inform(house: House) -> None:
    complaint = house.complaint()
    case.add_information(house.ports, customer_of(complaint.id), complaint.id, "I found the slip.")


def withdraw(house: House) -> None:
    complaint = house.complaint()
    case.withdraw(house.ports, customer_of(complaint.id), complaint.id, "Solved.")


def answer(house: House) -> None:
    complaint = house.complaint()
    case.answer_offer(house.ports, customer_of(complaint.id), complaint.id, True)


def raise_grade(house: House) -> None:
    complaint = house.complaint()
    case.raise_grade(house.ports, house.somebody("triage_officer"), complaint.id, "major", "The press asks.")


def asked(house: House) -> tuple[int, int]:
    complaint = house.complaint(lead_department_id=house.units["RETAIL"].id)
    with house.work() as work:
        request = work.requests.add(a_request(complaint_id=complaint.id, department_id=house.units["OPS"].id))
    return complaint.id, request.id


def invite(house: House) -> None:
    complaint_id, _ = asked(house)
    collaboration.invite(house.ports, house.somebody("coordinator", "RETAIL"), complaint_id, "IT", "Why?", 2)


def let_go(house: House) -> None:
    _, request_id = asked(house)
    collaboration.let_go(house.ports, house.somebody("coordinator", "RETAIL"), request_id, "Known already.")


def instruct(house: House, *, refuses: bool = False) -> None:
    complaint = house.complaint()
    payload = {"plan_id": 1, "amount": "50.00", "currency": "CNY"}
    with house.work() as work:
        work.send(OutboxMessage("bank.instruct", "key", payload, work.now, complaint.id))
    outbox.deliver(house.ports, Senders(Bank(refuses=refuses)))


def instruct_nothing(house: House) -> None:
    complaint = house.complaint()
    with house.work() as work:
        plan = work.plans.add(a_plan(complaint_id=complaint.id, author_id=None))
        work.plans.save(replace(plan, amount=plan.amount * 0, state=PlanState.ACCEPTED))
    run(house, "redress.instruct", complaint.id, SYSTEM)
    outbox.deliver(house.ports, Senders(Bank()))


SENDING: Mapping[str, tuple[Callable[[House], None], ...]] = {
    "information added": (inform,),
    "withdrawn": (withdraw,),
    "offer answered": (answer,),
    "raised": (raise_grade,),
    "invite": (invite,),
    "let go": (let_go,),
    "carried out": (instruct, instruct_nothing),
    "carrying out failed": (lambda house: instruct(house, refuses=True),),
}


def test_every_message_is_sent_by_somebody() -> None:
    assert set(SENDING) == set(MESSAGES)


@pytest.mark.parametrize(
    ("message", "send"), [(name, send) for name, sending in SENDING.items() for send in sending]
)
def test_a_message_brings_the_names_it_is_said_to_bring(message: str, send: Callable[[House], None]) -> None:
    house = House()

    send(house)

    assert [(name, names(variables)) for name, _, variables in house.engine.published] == [
        (message, MESSAGES[message])
    ]


def test_a_warning_brings_the_names_it_is_said_to_bring() -> None:
    house = House()
    complaint = house.complaint()
    limit = {
        **{"name": "decision", "kind": "regulatory", "length": 15, "day_type": "calendar_days"},
        **{"start_rule": "next_day", "warnings": "50:remind"},
    }
    run(house, "clocks.set", complaint.id, SYSTEM, limits=[limit])
    house.store.now += timedelta(days=10)

    with house.work() as work:
        warning = give_warning(work, complaint.id)

    assert names(warning) == WARNING


def test_the_process_of_a_complaint_begins_with_the_names_it_is_said_to_begin_with() -> None:
    house = House()
    answers = Answers({"text": "My card.", "channel": "counter", "settle_now": True}, "staff_complaint", "")

    intake.submit(house.ports, house.somebody("first_owner"), answers, channel="counter", key="1", staff=True)

    ((process, message, variables),) = house.engine.started
    start = STARTS[process]
    assert message is None
    assert set(variables) - {"settle_now", "intake"} == set(start.names)
    assert variables["intake"] == {"settle_now": True}
    assert {"text", "channel", "received_on"} <= start.not_passed_on
