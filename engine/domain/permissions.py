"""Who may do what: one table of action × role, and what follows from it for a single complaint."""

from collections.abc import Iterable, Mapping
from enum import IntEnum, StrEnum

from engine.domain.actor import Actor, ActorKind
from engine.domain.complaint import Complaint
from engine.domain.errors import NotAllowed, NotFound
from engine.domain.organisation import Role


class Action(StrEnum):
    """What people may or may not do beside the tasks of their inbox."""

    SEE_CASE = "see_case"
    SUBMIT_FOR_CUSTOMER = "submit_for_customer"
    ADD_INFORMATION = "add_information"
    WITHDRAW = "withdraw"
    ANSWER_OFFER = "answer_offer"
    RATE = "rate"
    RAISE_GRADE = "raise_grade"
    INVITE = "invite"
    LET_GO = "let_go"
    NUDGE = "nudge"
    EXTEND = "extend"
    LEAD_TASKS = "lead_tasks"
    RETRY_INCIDENT = "retry_incident"
    SEE_STATUS = "see_status"
    ADMINISTER = "administer"
    DESIGN = "design"
    SEE_INSTANCES = "see_instances"
    STEER = "steer"
    MIGRATE = "migrate"
    CORRECT_FACTS = "correct_facts"


R = Role
EVERYBODY = frozenset(Role)
SEES_CASES = frozenset(
    {
        R.FIRST_OWNER,
        R.TRIAGE_OFFICER,
        R.HANDLER,
        R.COORDINATOR,
        R.APPROVER,
        R.QUALITY_OFFICER,
        R.CUSTOMER_CARE,
        R.CONSUMER_PROTECTION,
        R.HEAD,
        R.LEGAL,
        R.FINANCE,
        R.APPEAL_REVIEWER,
        R.EXECUTIVE,
        R.ANALYST,
    }
)
SEES_RESTRICTED = frozenset({R.CONSUMER_PROTECTION})

POLICY: Mapping[Action, frozenset[Role]] = {
    Action.SEE_CASE: SEES_CASES,
    Action.SUBMIT_FOR_CUSTOMER: EVERYBODY,
    Action.ADD_INFORMATION: SEES_CASES - {R.ANALYST},
    Action.WITHDRAW: frozenset(
        {R.FIRST_OWNER, R.TRIAGE_OFFICER, R.HANDLER, R.CUSTOMER_CARE, R.CONSUMER_PROTECTION}
    ),
    Action.ANSWER_OFFER: frozenset({R.FIRST_OWNER, R.HANDLER, R.CUSTOMER_CARE}),
    Action.RATE: frozenset(),
    Action.RAISE_GRADE: frozenset(
        {R.FIRST_OWNER, R.TRIAGE_OFFICER, R.HANDLER, R.COORDINATOR, R.HEAD, R.CONSUMER_PROTECTION, R.LEGAL}
    ),
    Action.INVITE: frozenset({R.COORDINATOR, R.CONSUMER_PROTECTION}),
    Action.LET_GO: frozenset({R.COORDINATOR, R.CONSUMER_PROTECTION}),
    Action.NUDGE: frozenset({R.COORDINATOR, R.CONSUMER_PROTECTION, R.HANDLER}),
    Action.EXTEND: frozenset({R.APPROVER, R.CONSUMER_PROTECTION}),
    Action.LEAD_TASKS: frozenset({R.HEAD, R.CONSUMER_PROTECTION, R.ADMINISTRATOR}),
    Action.RETRY_INCIDENT: frozenset({R.ADMINISTRATOR, R.PROCESS_DESIGNER}),
    Action.SEE_STATUS: frozenset({R.ADMINISTRATOR, R.PROCESS_DESIGNER, R.CONSUMER_PROTECTION}),
    Action.ADMINISTER: frozenset({R.ADMINISTRATOR}),
    Action.DESIGN: frozenset({R.PROCESS_DESIGNER}),
    Action.SEE_INSTANCES: frozenset({R.ADMINISTRATOR, R.PROCESS_DESIGNER}),
    Action.STEER: frozenset({R.ADMINISTRATOR}),
    Action.MIGRATE: frozenset({R.ADMINISTRATOR}),
    Action.CORRECT_FACTS: frozenset({R.TRIAGE_OFFICER, R.HANDLER, R.CONSUMER_PROTECTION}),
}
OF_CUSTOMER = frozenset(
    {Action.SEE_CASE, Action.ADD_INFORMATION, Action.WITHDRAW, Action.ANSWER_OFFER, Action.RATE}
)


class Sight(IntEnum):
    """How much of a complaint somebody sees; more includes less."""

    NOTHING = 0
    STATUS = 1
    ASKED = 2
    WHOLE = 3


def may(actor: Actor, action: Action, complaint: Complaint | None = None, asked: Iterable[int] = ()) -> bool:
    """Whether the actor may do this, with this complaint; `asked` are the departments asked about it."""
    if actor.kind is ActorKind.SYSTEM:
        return True
    if actor.kind is ActorKind.CUSTOMER:
        return complaint is not None and actor.complaint_id == complaint.id and action in OF_CUSTOMER
    if complaint is None:
        return bool(POLICY[action] & actor.roles)
    if sight(actor, complaint, asked) < Sight.WHOLE:
        return False
    first_owner = complaint.first_owner_id == actor.person_id and R.FIRST_OWNER in POLICY[action]
    return first_owner or any(
        actor.covers(role, unit) for role in POLICY[action] for unit in units_of(complaint)
    )


def require(
    actor: Actor, action: Action, complaint: Complaint | None = None, asked: Iterable[int] = ()
) -> None:
    """Refuse what the actor may not do; what is out of sight is not found at all."""
    if may(actor, action, complaint, asked):
        return
    if complaint is not None and sight(actor, complaint, asked) is Sight.NOTHING:
        raise NotFound
    raise NotAllowed


def sight(actor: Actor, complaint: Complaint, asked: Iterable[int] = (), named: Iterable[int] = ()) -> Sight:
    """How much of the complaint the actor sees.

    `asked` are the departments asked about it, `named` the people who hold or held one of its tasks: a
    restricted complaint is seen by name only, and nobody sees more than the status of one about themselves.
    """
    if actor.kind is ActorKind.SYSTEM:
        return Sight.WHOLE
    if actor.kind is ActorKind.CUSTOMER:
        return Sight.WHOLE if actor.complaint_id == complaint.id else Sight.NOTHING
    if complaint.accused_id is not None and complaint.accused_id == actor.person_id:
        return Sight.STATUS
    if complaint.first_owner_id is not None and complaint.first_owner_id == actor.person_id:
        return Sight.WHOLE
    if complaint.restricted:
        by_name = actor.person_id in set(named) or bool(SEES_RESTRICTED & actor.roles)
        return Sight.WHOLE if by_name else Sight.NOTHING
    if any(actor.covers(role, unit) for role in SEES_CASES & actor.roles for unit in units_of(complaint)):
        return Sight.WHOLE
    if any(actor.covers(R.CONTRIBUTOR, unit) for unit in asked):
        return Sight.ASKED
    return Sight.NOTHING


def units_of(complaint: Complaint) -> list[int]:
    """The units a complaint stands at: receiving, responsible, handling, leading."""
    ids = (
        complaint.receiving_unit_id,
        complaint.responsible_unit_id,
        complaint.handling_unit_id,
        complaint.lead_department_id,
    )
    return [unit for unit in ids if unit is not None]
