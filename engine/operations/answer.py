"""Operations on the bank's answer to the customer: record, check, send."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from marshmallow import fields

from engine.domain import redress as rules
from engine.domain.errors import OperationFailed, OutOfOrder
from engine.domain.redress import Answer
from engine.operations.notices import send_of
from engine.operations.registry import Inputs, Operations, complaint_of, operation, record, says
from engine.ports import UnitOfWork

PARTS = ("finding", "basis", "reasons", "what_we_do", "appeal_path")


class AnswerFields(Inputs):
    finding = fields.String(
        load_default="", allow_none=True, metadata=says("What is established, and by what.")
    )
    basis = fields.String(
        load_default="", allow_none=True, metadata=says("The rule or contract the answer rests on.")
    )
    reasons = fields.String(
        load_default="", allow_none=True, metadata=says("Why it comes out so, in plain words.")
    )
    what_we_do = fields.String(load_default="", allow_none=True, metadata=says("What the bank does now."))
    appeal_path = fields.String(
        load_default="",
        allow_none=True,
        metadata=says("Where the customer goes if this does not satisfy them."),
    )


class RecordInput(Inputs):
    answer = fields.Nested(
        AnswerFields,
        required=True,
        metadata=says("The parts of the answer: finding, basis, reasons, what_we_do, appeal_path."),
    )


@operation("answer.record", input=RecordInput)
def record_answer(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> None:
    """Write down the answer; one not sent yet is written over."""
    complaint = complaint_of(work, complaint_id)
    plans = work.plans.find(complaint_id=complaint.id)
    before = _latest(work, complaint.id)
    parts = {part: inputs["answer"][part] or "" for part in PARTS}
    answer = Answer(
        id=0,
        complaint_id=complaint.id,
        plan_id=plans[-1].id if plans else None,
        author_id=work.actor.person_id,
        written_at=work.now,
        finding=parts["finding"],
        basis=parts["basis"],
        reasons=parts["reasons"],
        what_we_do=parts["what_we_do"],
        appeal_path=parts["appeal_path"],
    )
    if before is not None and before.sent_at is None:
        answer = work.answers.save(replace(answer, id=before.id, version=before.version))
    else:
        answer = work.answers.add(answer)
    record(work, complaint.id, "answer.drafted", answer=answer.id)


class CheckOutput(Inputs):
    problems = fields.List(fields.String())


@operation("answer.check", output=CheckOutput)
def check(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> Mapping[str, Any]:
    """What keeps the answer from going out: parts missing, placeholders left, sentences too long to follow."""
    answer = _latest(work, complaint_of(work, complaint_id).id)
    problems = ["There is no answer yet."] if answer is None else rules.problems_of(answer)
    if problems:
        record(work, complaint_id, "answer.faulted", problems=problems)
    return {"problems": problems}


class SendOutput(Inputs):
    notice_ids = fields.List(fields.Integer())


def operations(told: Operations) -> Operations:
    """The operations on answers; sending one is telling the customer the decision."""
    notices = send_of(told)

    @operation("answer.send", output=SendOutput)
    def send(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> Mapping[str, Any]:
        """Send the answer with the decision; an answer with a fault does not go out."""
        answer = _latest(work, complaint_of(work, complaint_id).id)
        if answer is None:
            raise OperationFailed("There is no answer to send.")
        if answer.sent_at is not None:
            return {"notice_ids": []}
        problems = rules.problems_of(answer)
        if problems:
            raise OutOfOrder(" ".join(problems))
        checker = work.actor.person_id if work.actor.person_id != answer.author_id else None
        work.answers.save(replace(answer, sent_at=work.now, checked_by_id=answer.checked_by_id or checker))
        record(work, complaint_id, "answer.sent", answer=answer.id)
        told = notices.run(work, complaint_id, {"event": "decision", "extra": {}})
        return told if isinstance(told, Mapping) else {"notice_ids": []}

    return Operations((record_answer, check, send))


def _latest(work: UnitOfWork, complaint_id: int) -> Answer | None:
    answers = work.answers.find(complaint_id=complaint_id)
    return answers[-1] if answers else None
