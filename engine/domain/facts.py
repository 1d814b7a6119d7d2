"""What expressions see as `complaint`: the rows of a case as plain values, each looked up only when asked for."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from engine.domain.clocks import Clock, is_late, percent_used
from engine.domain.complaint import Complaint, Information
from engine.domain.department_requests import DepartmentRequest
from engine.domain.notices import Notice
from engine.domain.organisation import Person, Unit
from engine.domain.permissions import Sight
from engine.domain.redress import Answer, Plan
from engine.domain.working_time import Calendar


class CaseRows(Protocol):
    """Where the facts of one case come from: the open transaction."""

    @property
    def complaint(self) -> Complaint: ...
    @property
    def now(self) -> datetime: ...
    def unit(self, id: int) -> Unit: ...
    def person(self, id: int) -> Person: ...
    def requests(self) -> Sequence[DepartmentRequest]: ...
    def plans(self) -> Sequence[Plan]: ...
    def answers(self) -> Sequence[Answer]: ...
    def clocks(self) -> Sequence[Clock]: ...
    def notices(self) -> Sequence[Notice]: ...
    def information(self) -> Sequence[Information]: ...
    def calendar(self, code: str) -> Calendar: ...


@dataclass(frozen=True)
class Facts(Mapping[str, Any]):
    """The complaint as FEEL sees it, read anew at every look, so that it never lags behind the rows."""

    rows: CaseRows

    def __getitem__(self, key: str) -> Any:
        read = READERS.get(key)
        if read is None:
            raise KeyError(key)
        return read(self.rows)

    def __contains__(self, key: object) -> bool:
        return key in READERS

    def __iter__(self) -> Iterator[str]:
        return iter(READERS)

    def __len__(self) -> int:
        return len(READERS)


def _plain(name: str) -> Callable[[CaseRows], Any]:
    return lambda rows: getattr(rows.complaint, name)


def _word(name: str) -> Callable[[CaseRows], Any]:
    def read(rows: CaseRows) -> str | None:
        value = getattr(rows.complaint, name)
        return None if value is None else str(value)

    return read


def _unit(name: str) -> Callable[[CaseRows], Any]:
    return lambda rows: _code(rows, getattr(rows.complaint, name))


def _person(name: str) -> Callable[[CaseRows], Any]:
    return lambda rows: _login(rows, getattr(rows.complaint, name))


def _code(rows: CaseRows, unit_id: int | None) -> str | None:
    return None if unit_id is None else rows.unit(unit_id).code


def _login(rows: CaseRows, person_id: int | None) -> str | None:
    return None if person_id is None else rows.person(person_id).login


def _received_on(rows: CaseRows) -> Any:
    calendar = rows.calendar(rows.unit(rows.complaint.receiving_unit_id).calendar)
    return rows.complaint.received_at.astimezone(calendar.zone).date()


def _customer(rows: CaseRows) -> dict[str, Any]:
    complaint = rows.complaint
    return {
        "name": complaint.customer_name,
        "email": complaint.customer_email,
        "phone": complaint.customer_phone,
        "contact_by": complaint.contact_by,
    }


def _requests(rows: CaseRows) -> list[dict[str, Any]]:
    return [request_facts(rows, request) for request in rows.requests()]


def request_facts(rows: CaseRows, request: DepartmentRequest) -> dict[str, Any]:
    """One department request as expressions and multi-instance items see it."""
    return {
        "id": request.id,
        "department": _code(rows, request.department_id),
        "department_name": rows.unit(request.department_id).name,
        "question": request.question,
        "may_see": request.may_see,
        "state": str(request.state),
        "round": request.round,
        "due_at": request.due_at,
        "asked_at": request.asked_at,
        "accepted_at": request.accepted_at,
        "answered_at": request.answered_at,
        "returned_reason": request.returned_reason,
        "better_addressee": request.better_addressee,
        "answer": request.answer,
        "cause": request.cause,
        "responsibility": None if request.responsibility is None else str(request.responsibility),
        "proposed_measure": request.proposed_measure,
        "proposed_amount": request.proposed_amount,
    }


def _plan(rows: CaseRows) -> dict[str, Any] | None:
    plans = rows.plans()
    if not plans:
        return None
    plan = plans[-1]
    return {
        "id": plan.id,
        "round": plan.round,
        "author": _login(rows, plan.author_id),
        "outcome": plan.outcome,
        "measures": plan.measures,
        "amount": plan.amount,
        "carry_out_by": plan.carry_out_by,
        "complete_by": plan.complete_by,
        "state": str(plan.state),
        "approver_role": plan.approver_role,
        "approved_by": _login(rows, plan.approved_by_id),
        "returns": plan.returns,
        "return_reason": plan.return_reason,
    }


def _answer(rows: CaseRows) -> dict[str, Any] | None:
    answers = rows.answers()
    if not answers:
        return None
    answer = answers[-1]
    return {
        "finding": answer.finding,
        "basis": answer.basis,
        "reasons": answer.reasons,
        "what_we_do": answer.what_we_do,
        "appeal_path": answer.appeal_path,
        "author": _login(rows, answer.author_id),
        "sent_at": answer.sent_at,
    }


@dataclass(frozen=True)
class Lazy(Mapping[str, Any]):
    """A context whose entries are worked out when asked for."""

    readers: Mapping[str, Callable[[], Any]]

    def __getitem__(self, key: str) -> Any:
        return self.readers[key]()

    def __iter__(self) -> Iterator[str]:
        return iter(self.readers)

    def __len__(self) -> int:
        return len(self.readers)


def _clocks(rows: CaseRows) -> dict[str, Any]:
    return {clock.name: _clock(rows, clock) for clock in rows.clocks()}


def _clock(rows: CaseRows, clock: Clock) -> Lazy:
    return Lazy(
        {
            "kind": lambda: str(clock.kind),
            "started_at": lambda: clock.started_at,
            "due_at": lambda: clock.due_at,
            "percent": lambda: percent_used(clock, rows.calendar(clock.calendar), rows.now),
            "paused": lambda: clock.paused_at is not None,
            "stopped": lambda: clock.stopped_at is not None,
            "late": lambda: is_late(clock, rows.now),
        }
    )


def _notices(rows: CaseRows) -> list[dict[str, Any]]:
    return [{"event": notice.event, "at": notice.written_at} for notice in rows.notices()]


def _information(rows: CaseRows) -> list[dict[str, Any]]:
    return [{"kind": added.kind, "at": added.added_at, "text": added.text} for added in rows.information()]


READERS: Mapping[str, Callable[[CaseRows], Any]] = {
    **{
        name: _plain(name)
        for name in [
            "id",
            "number",
            "language",
            "regime",
            "received_at",
            "text",
            "wish",
            "product",
            "business_line",
            "cause",
            "amount",
            "currency",
            "people_affected",
            "vulnerable",
            "media",
            "regulator",
            "repeated",
            "safety",
            "security_incident",
            "fraud",
            "self_harm",
            "complex",
            "several_departments",
            "restricted",
            "grade_reason",
            "root_cause",
            "satisfaction",
            "is_open",
            "external_reference",
            "withdrawn_at",
            "closed_at",
            "archived_at",
        ]
    },
    **{name: _word(name) for name in ("channel", "nature", "grade", "stage", "outcome")},
    **{
        name: _unit(name + "_id")
        for name in ("receiving_unit", "responsible_unit", "handling_unit", "lead_department")
    },
    "first_owner": _person("first_owner_id"),
    "accused": _person("accused_id"),
    "received_on": _received_on,
    "staff_form": lambda rows: rows.complaint.first_owner_id is not None,
    "customer": _customer,
    "requests": _requests,
    "plan": _plan,
    "answer": _answer,
    "clocks": _clocks,
    "notices": _notices,
    "information": _information,
}

FACTS_FOR_THE_ASKED = (
    "id",
    "number",
    "text",
    "wish",
    "product",
    "nature",
    "business_line",
    "grade",
    "stage",
    "regime",
    "language",
    "received_on",
    "is_open",
)
"""What a department that is only asked reads of a complaint."""


def for_a_form(inputs: Mapping[str, Any], facts: Mapping[str, Any], sight: Sight) -> Mapping[str, Any]:
    """What the form of a task reads: the task's own variables, and the complaint as far as its holder sees it."""
    names = FACTS_FOR_THE_ASKED if sight is Sight.ASKED else tuple(facts)
    return {**inputs, "complaint": {name: facts[name] for name in names}}


INNER: Mapping[str, frozenset[str]] = {
    "customer": frozenset({"name", "email", "phone", "contact_by"}),
    "requests": frozenset(
        {
            *("id", "department", "department_name", "question", "may_see", "state", "round", "due_at"),
            *("asked_at", "accepted_at", "answered_at", "returned_reason", "better_addressee", "answer"),
            *("cause", "responsibility", "proposed_measure", "proposed_amount"),
        }
    ),
    "plan": frozenset(
        {
            *("id", "round", "author", "outcome", "measures", "amount", "carry_out_by", "complete_by"),
            *("state", "approver_role", "approved_by", "returns", "return_reason"),
        }
    ),
    "answer": frozenset({"finding", "basis", "reasons", "what_we_do", "appeal_path", "author", "sent_at"}),
    "notices": frozenset({"event", "at"}),
    "information": frozenset({"kind", "at", "text"}),
}
"""The members of those facts that have some; of a list, the members of its items. Clocks stand under their own names."""
