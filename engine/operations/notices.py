"""Telling the customer: which notices an event asks for is a decision, their words are templates of the release."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from json import loads
from typing import Any

from marshmallow import fields

from engine.dmn import DecisionModel, read_decisions
from engine.domain.complaint import Complaint
from engine.domain.errors import OperationFailed
from engine.domain.events import WHY
from engine.domain.notices import Notice, NoticeState, filled, one_line, wording
from engine.domain.running import OutboxMessage, Release
from engine.feel import Environment, Expression, FeelError, compile_expression
from engine.operations.registry import Inputs, Operation, Operations, complaint_of, operation, record, says
from engine.operations.wording import in_words
from engine.ports import UnitOfWork
from engine.use_cases import subject

TEMPLATES = "templates/notices.json"
DECISION_FILE, DECISION = "decisions/notices.dmn", "notices"


class SendInput(Inputs):
    event = fields.String(
        required=True, metadata=says("What happened: the decision notices says which notices that asks for.")
    )
    extra = fields.Dict(
        load_default=dict, allow_none=True, metadata=says("Further values the words of the notice use.")
    )


class SendOutput(Inputs):
    notice_ids = fields.List(fields.Integer())


def operations(*, mail: bool) -> Operations:
    """The operation that sends notices, by e-mail too if there is a mail server."""

    @operation("notices.send", input=SendInput, output=SendOutput)
    def send(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> Mapping[str, Any]:
        """Tell the customer what happened, on their page and by their channel, in their language."""
        complaint = complaint_of(work, complaint_id)
        event, extra = inputs["event"], dict(inputs["extra"] or {})
        release = work.releases.current()
        ids = []
        rows, why = _chosen(work, release, complaint, event)
        for row in rows:
            words = _words(work, release, complaint, str(row.get("template") or event), extra)
            channel = str(row.get("channel") or "page")
            by_mail = mail and channel == "email" and bool(complaint.customer_email)
            ids.append(_write(work, complaint, event, words, why, by_mail=by_mail))
        return {"notice_ids": ids}

    return Operations((send,))


def _write(
    work: UnitOfWork,
    complaint: Complaint,
    event: str,
    words: Mapping[str, str],
    why: Sequence[str],
    *,
    by_mail: bool,
) -> int:
    notice = work.notices.add(
        Notice(
            id=0,
            complaint_id=complaint.id,
            event=event,
            channel="email" if by_mail else "page",
            language=complaint.language,
            recipient=complaint.customer_email if by_mail else None,
            subject=one_line(words["subject"]),
            body=words["body"].strip(),
            written_at=work.now,
            state=NoticeState.SENDING if by_mail else NoticeState.WRITTEN,
        )
    )
    if by_mail:
        payload = {"notice_id": notice.id}
        work.send(OutboxMessage("email", f"notice-{notice.id}", payload, work.now, complaint.id))
    told = {"event": event, "notice": notice.id, "channel": notice.channel, "why": list(why)}
    record(work, complaint.id, "notice.written", **told)
    return notice.id


def _chosen(
    work: UnitOfWork, release: Release, complaint: Complaint, event: str
) -> tuple[list[Mapping[str, Any]], list[str]]:
    """The notices that the decision wants, each template once, and why it wants them."""
    model = _decision(release.id, release.files.get(DECISION_FILE))
    usual = {"template": event, "channel": "email" if complaint.contact_by == "email" else "page"}
    if model is None:
        return [usual], []
    inputs = {"event": event, "complaint": subject.read(work, complaint.id), "now": work.now}
    environment = Environment(now=work.now, functions=subject.functions(work, complaint.id))
    rows, asked = model.evaluate(DECISION, inputs, environment)
    if isinstance(rows, Mapping):
        rows = [rows]
    by_template: dict[str, Mapping[str, Any]] = {}
    for row in rows or []:
        by_template.setdefault(str(row.get("template")), row)
    return list(by_template.values()), asked.sentences(longest=WHY)


def _words(
    work: UnitOfWork, release: Release, complaint: Complaint, template: str, extra: Mapping[str, Any]
) -> Mapping[str, str]:
    words = wording(_templates(release.id, release.files.get(TEMPLATES)), template, complaint.language)
    calendar = subject.calendar_of(work, complaint.id)
    scope = {**extra, "extra": extra, "complaint": subject.read(work, complaint.id), "now": work.now}
    environment = Environment(now=work.now, functions=subject.functions(work, complaint.id))

    def value_of(path: str) -> str:
        try:
            value = _path(path).evaluate(scope, environment)
        except FeelError as error:
            raise OperationFailed(f"The notice {template} cannot fill {{{path}}}: {error.message}") from error
        return in_words(value, complaint.language, calendar.zone)

    return {part: filled(words[part], value_of) for part in ("subject", "body")}


@lru_cache(maxsize=2000)
def _path(text: str) -> Expression:
    return compile_expression(text)


@lru_cache(maxsize=8)
def _templates(release_id: int, content: bytes | None) -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    if content is None:
        raise OperationFailed(f"The release has no {TEMPLATES}.")
    templates: Mapping[str, Mapping[str, Mapping[str, str]]] = loads(content)
    return templates


@lru_cache(maxsize=8)
def _decision(release_id: int, content: bytes | None) -> DecisionModel | None:
    return None if content is None else read_decisions(content, DECISION_FILE)


def send_of(told: Operations) -> Operation:
    """The sending operation among these, for operations that tell the customer as part of their own step."""
    return next(each for each in told if each.name == "notices.send")
