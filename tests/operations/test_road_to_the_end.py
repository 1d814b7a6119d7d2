"""Plan, answer, redress, harm, people, notices and archive, as the road meets them."""

import json
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from marshmallow import ValidationError

from engine.domain.archive import first_break, sha256_of
from engine.domain.errors import OperationFailed, OutOfOrder
from engine.domain.notices import Notice, NoticeState
from engine.domain.redress import Plan, PlanState
from engine.domain.running import Scope
from engine.use_cases.case import add_information
from engine.use_cases.intake import Upload
from tests.builders.cases import a_task
from tests.builders.house import House
from tests.builders.operating import run

PLAN = {"outcome": "upheld", "measures": "Refund.", "amount": 100, "carry_out_by": "FIN", "complete_days": 3}
ANSWER = {
    "finding": "The machine was at fault.",
    "basis": "Its journal.",
    "reasons": "No notes were paid out.",
    "what_we_do": "We refund 100.",
    "appeal_path": "Ask for a review within 30 days.",
}
TEMPLATES = {
    name: {
        "en": {
            "subject": "{complaint.number}: " + name,
            "body": "Dear {complaint.customer.name}, {complaint.received_on}, {complaint.plan.amount}, {extra.text}.",
        },
        "zh_Hans_CN": {"subject": "{complaint.number}", "body": "{complaint.received_on}"},
    }
    for name in ("received", "decision")
}


@pytest.fixture
def house() -> House:
    house = House()
    with house.work() as work:
        work.releases.add({"templates/notices.json": json.dumps(TEMPLATES).encode()})
    return house


def plan_of(house: House) -> Plan:
    with house.work() as work:
        found: Plan = work.plans.find()[-1]
        return found


def notices_of(house: House) -> list[Notice]:
    with house.work() as work:
        found: list[Notice] = work.notices.find()
        return found


# plan


def test_a_returned_plan_is_written_over_and_counts_its_returns(house: House) -> None:
    complaint = house.complaint()
    handler, approver = house.somebody("handler", "OPS"), house.somebody("approver", "RISK")
    run(house, "plan.record", complaint.id, handler, plan=PLAN)
    run(house, "plan.approve", complaint.id, approver, verdict="return", reason="Show the sum.")

    run(house, "plan.record", complaint.id, handler, plan={**PLAN, "amount": 80})

    plan = plan_of(house)
    assert (1, 1, PlanState.DRAFTED, Decimal(80)) == (plan.round, plan.returns, plan.state, plan.amount)


def test_a_better_offer_is_a_new_round(house: House) -> None:
    complaint = house.complaint()
    run(house, "plan.record", complaint.id, plan=PLAN)
    run(house, "plan.approve", complaint.id, verdict="change", amount=90)
    run(house, "plan.offer", complaint.id)
    run(house, "plan.resolve", complaint.id, accepted=False)

    run(house, "plan.record", complaint.id, plan={**PLAN, "amount": 120})

    assert (plan_of(house).round, plan_of(house).state) == (2, PlanState.DRAFTED)


def test_ones_own_authority_signs_for_nobody(house: House) -> None:
    complaint = house.complaint()
    handler = house.somebody("handler", "OPS")
    run(house, "plan.record", complaint.id, handler, plan=PLAN)

    run(house, "plan.approve", complaint.id, handler, verdict="approve")

    assert (plan_of(house).state, plan_of(house).approved_by_id) == (PlanState.APPROVED, None)


def test_a_plan_that_cannot_be_is_refused(house: House) -> None:
    complaint = house.complaint()

    with pytest.raises(ValidationError):
        run(house, "plan.record", complaint.id, plan={**PLAN, "amount": -1})
    with pytest.raises(OperationFailed):
        run(house, "plan.approve", complaint.id, verdict="approve")
    run(house, "plan.record", complaint.id, plan=PLAN)
    with pytest.raises(OperationFailed):
        run(house, "plan.approve", complaint.id, verdict="change")


# answer


def test_a_whole_answer_is_sent_once_as_the_decision(house: House) -> None:
    complaint = house.complaint()
    run(house, "answer.record", complaint.id, answer=ANSWER)

    assert run(house, "answer.check", complaint.id)["problems"] == []
    assert len(run(house, "answer.send", complaint.id)["notice_ids"]) == 1
    assert run(house, "answer.send", complaint.id)["notice_ids"] == []

    assert [notice.event for notice in notices_of(house)] == ["decision"]


def test_an_answer_without_the_way_to_appeal_does_not_go_out(house: House) -> None:
    complaint = house.complaint()
    run(house, "answer.record", complaint.id, answer={**ANSWER, "appeal_path": ""})

    assert run(house, "answer.check", complaint.id)["problems"] == ["The appeal path is missing."]
    with pytest.raises(OutOfOrder):
        run(house, "answer.send", complaint.id)


def test_an_unsent_answer_is_written_over_and_a_sent_one_kept(house: House) -> None:
    complaint = house.complaint()
    run(house, "answer.record", complaint.id, answer=ANSWER)
    run(house, "answer.record", complaint.id, answer={**ANSWER, "basis": "The camera."})
    run(house, "answer.send", complaint.id)
    run(house, "answer.record", complaint.id, answer=ANSWER)

    with house.work() as work:
        assert [answer.basis for answer in work.answers.find()] == ["The camera.", "Its journal."]


def test_nothing_is_sent_before_it_is_written(house: House) -> None:
    complaint = house.complaint()

    assert run(house, "answer.check", complaint.id)["problems"] == ["There is no answer yet."]
    with pytest.raises(OperationFailed):
        run(house, "answer.send", complaint.id)


# redress and harm


def waiting(house: House) -> list[tuple[str, Any]]:
    return [(message.kind, message.payload) for message in house.store.tables.outbox.values()]


def test_a_payment_is_instructed_through_the_outbox_each_try_under_its_own_key(house: House) -> None:
    complaint = house.complaint()
    run(house, "plan.record", complaint.id, plan=PLAN)
    run(house, "plan.approve", complaint.id, verdict="approve")

    first = run(house, "redress.instruct", complaint.id)["instruction"]
    run(house, "redress.fail", complaint.id, reason="The account is closed.")
    second = run(house, "redress.instruct", complaint.id)["instruction"]
    run(house, "redress.confirm", complaint.id, receipt="P-1")
    run(house, "redress.confirm", complaint.id, receipt="P-1")

    assert first != second
    assert [kind for kind, _ in waiting(house)] == ["bank.instruct"] * 2
    assert (waiting(house)[0][1]["amount"], waiting(house)[0][1]["currency"]) == ("100", "CNY")
    assert plan_of(house).state == PlanState.CARRIED_OUT
    assert house.kinds().count("redress.carried_out") == 1


def test_a_promise_without_money_is_confirmed_by_a_message(house: House) -> None:
    complaint = house.complaint()
    run(house, "plan.record", complaint.id, plan={**PLAN, "amount": 0})

    run(house, "plan.approve", complaint.id, verdict="approve")
    run(house, "redress.instruct", complaint.id)

    ((kind, payload),) = waiting(house)
    assert ("message", "carried out", str(complaint.id)) == (kind, payload["message"], payload["key"])


def test_harm_is_stopped_only_where_a_product_is_known(house: House) -> None:
    known, unknown = house.complaint(product="debit_card"), house.complaint()

    assert run(house, "harm.stop", known.id, reason="fraud")["stopped"]
    assert not run(house, "harm.stop", unknown.id, reason="fraud")["stopped"]
    assert [kind for kind, _ in waiting(house)] == ["bank.freeze"]


# people


def test_escalating_puts_open_tasks_on_top_and_says_who_is_told(house: House) -> None:
    complaint = house.complaint()
    with house.work() as work:
        work.tasks.add(a_task(complaint_id=complaint.id))

    run(
        house,
        "people.remind",
        complaint.id,
        warning={"clock": "decision", "rung": "remind", "kind": "regulatory"},
    )
    run(
        house,
        "people.escalate",
        complaint.id,
        warning={"clock": "decision", "rung": "office", "kind": "regulatory"},
    )
    run(house, "people.alert", complaint.id, roles=["head", "head", "legal"], event="major complaint")

    with house.work() as work:
        assert work.tasks.get(1, 1).priority == 95
    told = [event.detail["role"] for event in house.store.events() if "role" in event.detail]
    assert told == ["consumer_protection", "head", "legal"]


# notices


def test_a_notice_is_written_in_the_customers_language_and_mailed(house: House) -> None:
    complaint = house.complaint()

    run(house, "notices.send", complaint.id, event="received", extra={"text": "Thank you"})

    (notice,) = notices_of(house)
    assert f"{complaint.number}: received" == notice.subject
    assert notice.body == "Dear Alice, 2 March 2026, , Thank you."
    assert (notice.state, notice.recipient) == (NoticeState.SENDING, "alice@mail.example")
    assert [("email", {"notice_id": notice.id})] == waiting(house)


def test_a_chinese_customer_without_mail_reads_it_on_the_page(house: House) -> None:
    complaint = house.complaint(language="zh_Hans_CN", customer_email=None, contact_by="phone")

    run(house, "notices.send", complaint.id, event="received")

    (notice,) = notices_of(house)
    assert (notice.body, notice.state, notice.channel) == ("2026年3月2日", NoticeState.WRITTEN, "page")
    assert waiting(house) == []


def test_a_notice_without_a_template_fails_by_name(house: House) -> None:
    complaint = house.complaint()

    with pytest.raises(OperationFailed, match="nothing"):
        run(house, "notices.send", complaint.id, event="nothing")
    assert notices_of(house) == []


# archive


def test_a_volume_holds_the_whole_case_and_links_into_the_chain(house: House) -> None:
    first, second = house.complaint(), house.complaint()
    photo = Upload("slip.jpg", "image/jpeg", b"photo")
    add_information(house.ports, house.somebody("triage_officer"), first.id, "The slip.", [photo])
    with house.work() as work:
        (instance,) = work.processes.of_complaint(first.id)
        work.processes.put_scope(Scope(instance.id, 1, None, {"finding": {"basis": "The camera."}}))

    output = run(house, "archive.seal", first.id)
    run(house, "archive.seal", second.id)

    with house.work() as work:
        volumes = work.volumes.find()
    assert first_break(volumes) is None
    with ZipFile(BytesIO(house.files.get(volumes[0].stored_as))) as archive:
        manifest = archive.read("manifest.json")
        case = json.loads(archive.read("case.json"))
        names = set(archive.namelist())
    assert output["sha256"] == sha256_of(manifest)
    assert {"case.json", "manifest.json"} < names
    assert any(name.endswith("slip.jpg") for name in names)
    assert case["information"][0]["text"] == "The slip."
    assert case["investigation"][0]["variables"] == {"finding": {"basis": "The camera."}}
    assert "secret_hash" not in case["complaint"]


def test_sealing_again_makes_a_further_volume_only_if_something_happened(house: House) -> None:
    complaint = house.complaint()

    first = run(house, "archive.seal", complaint.id)
    again = run(house, "archive.seal", complaint.id)
    run(house, "people.alert", complaint.id, roles=["head"], event="appeal")
    further = run(house, "archive.seal", complaint.id)

    assert first == again
    assert (first["volume"], further["volume"]) == (1, 2)
    with house.work() as work:
        assert first_break(work.volumes.find()) is None
