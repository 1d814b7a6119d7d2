"""A complaint: what a customer told the bank, and what the bank decided about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from engine.domain.errors import OutOfOrder, ValueRefused


class Grade(StrEnum):
    """How serious (domain.md §3); the order of the members is the order of seriousness."""

    GENERAL = "general"
    IMPORTANT = "important"
    URGENT = "urgent"
    MAJOR = "major"

    @property
    def rank(self) -> int:
        """0 for general to 3 for major: inboxes put higher ranks first."""
        return list(Grade).index(self)


class Channel(StrEnum):
    """How a complaint reached the bank (domain.md, link 1)."""

    MOBILE_BANK = "mobile_bank"
    WEB_BANK = "web_bank"
    APP = "app"
    WECHAT = "wechat"
    CHAT = "chat"
    EMAIL = "email"
    COUNTER = "counter"
    HOTLINE = "hotline"
    LETTER = "letter"
    REGULATOR = "regulator"
    PORTAL = "portal"


class Nature(StrEnum):
    """What kind of thing went wrong (domain.md, link 2)."""

    SERVICE_ATTITUDE = "service_attitude"
    BUSINESS_ERROR = "business_error"
    PRODUCT_DEFECT = "product_defect"
    FEE_DISPUTE = "fee_dispute"
    INFORMATION_SECURITY = "information_security"
    OTHER = "other"


class Stage(StrEnum):
    """Where the complaint stands on its road; the customer's page shows them as four plain steps."""

    RECEIVED = "received"
    TRIAGE = "triage"
    INVESTIGATION = "investigation"
    RESOLUTION = "resolution"
    DECISION = "decision"
    OFFER = "offer"
    CARRYING_OUT = "carrying_out"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How it ended; "not_a_complaint" is what triage and its second check agreed on."""

    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    NOT_UPHELD = "not_upheld"
    SETTLED_AT_ONCE = "settled_at_once"
    WITHDRAWN = "withdrawn"
    NOT_A_COMPLAINT = "not_a_complaint"
    DUPLICATE = "duplicate"


@dataclass(frozen=True)
class Complaint:
    """One complaint, whole. Times are aware, UTC; amounts are in `currency`; units and people are ids.

    `intake_key` is unique: the same message delivered twice makes one complaint. `secret_hash` proves the
    customer. `version` counts saves; a stale one is refused.
    """

    id: int
    number: str
    intake_key: str
    secret_hash: str
    channel: Channel
    language: str
    regime: str
    received_at: datetime
    registered_at: datetime
    text: str
    wish: str | None
    customer_name: str | None
    customer_email: str | None
    customer_phone: str | None
    contact_by: str
    receiving_unit_id: int
    responsible_unit_id: int | None = None
    handling_unit_id: int | None = None
    first_owner_id: int | None = None
    lead_department_id: int | None = None
    external_reference: str | None = None
    nature: Nature | None = None
    business_line: str | None = None
    product: str | None = None
    cause: str | None = None
    amount: Decimal | None = None
    currency: str = "CNY"
    people_affected: int = 1
    vulnerable: bool = False
    media: bool = False
    regulator: bool = False
    repeated: bool = False
    safety: bool = False
    security_incident: bool = False
    fraud: bool = False
    self_harm: bool = False
    complex: bool = False
    several_departments: bool = False
    restricted: bool = False
    accused_id: int | None = None
    grade: Grade | None = None
    grade_reason: str | None = None
    stage: Stage = Stage.RECEIVED
    outcome: Outcome | None = None
    root_cause: str | None = None
    satisfaction: int | None = None
    duplicate_of_id: int | None = None
    withdrawn_at: datetime | None = None
    closed_at: datetime | None = None
    archived_at: datetime | None = None
    version: int = 0

    @property
    def is_open(self) -> bool:
        """Whether somebody still owes the customer something."""
        return self.closed_at is None


@dataclass(frozen=True)
class Information:
    """Something added to a complaint after it was received: by the customer, staff or a regulator."""

    id: int
    complaint_id: int
    added_at: datetime
    added_by: str
    kind: str
    text: str


@dataclass(frozen=True)
class Attachment:
    """A file of a complaint. `stored_as` is its name in the file store; `sha256` is of its bytes."""

    id: int
    complaint_id: int
    name: str
    media_type: str
    size: int
    sha256: str
    stored_as: str
    added_at: datetime
    added_by: str


MOST_MONEY = Decimal(10) ** 12
MOST_PEOPLE = 10_000_000
AFTER_THE_END = frozenset({"satisfaction", "root_cause", "restricted"})
UNITS = {
    "responsible_unit": "responsible_unit_id",
    "handling_unit": "handling_unit_id",
    "lead_department": "lead_department_id",
}
PEOPLE = {"accused": "accused_id"}


def with_attribute(complaint: Complaint, name: str, value: Any) -> Complaint:
    """The complaint with one attribute changed by a form or a diagram; units and people come as ids.

    Raises ValueRefused naming the field when the attribute cannot be written or the value is not one it takes,
    OutOfOrder when the complaint is closed.
    """
    read = _READERS.get(name)
    if read is None:
        raise ValueRefused(
            f"complaint.{name} is not something a form or a diagram may write.", field=f"complaint.{name}"
        )
    if not complaint.is_open and name not in AFTER_THE_END:
        raise OutOfOrder(f"Complaint {complaint.number} is closed; complaint.{name} can no longer change.")
    try:
        taken = read(value)
    except _Refused as refused:
        raise ValueRefused(str(refused), field=f"complaint.{name}", value=str(value)[:200]) from None
    if name == "stage":
        return moved(complaint, taken)
    if name == "grade" and taken is None and complaint.grade is not None:
        raise ValueRefused("A grade can be changed but not taken away.", field="complaint.grade")
    return replace(complaint, **{UNITS.get(name) or PEOPLE.get(name) or name: taken})


def moved(complaint: Complaint, stage: Stage) -> Complaint:
    """The complaint at another stage; a closed one stays closed."""
    if not complaint.is_open and stage is not Stage.CLOSED:
        raise OutOfOrder(f"Complaint {complaint.number} is closed.")
    return replace(complaint, stage=stage)


def closed(complaint: Complaint, outcome: Outcome, now: datetime) -> Complaint:
    """The complaint at its end; closing it again changes nothing."""
    if not complaint.is_open:
        return complaint
    return replace(complaint, outcome=outcome, stage=Stage.CLOSED, closed_at=now)


def raised(complaint: Complaint, grade: Grade, reason: str) -> Complaint:
    """The complaint under a more serious grade; a lower one needs approval and goes another way."""
    if not complaint.is_open:
        raise OutOfOrder(f"Complaint {complaint.number} is closed.")
    if complaint.grade is not None and grade.rank <= complaint.grade.rank:
        raise ValueRefused(f"{grade} is not above {complaint.grade}.", field="complaint.grade")
    return replace(complaint, grade=grade, grade_reason=reason)


class _Refused(Exception):
    """Why a value is not taken, in a sentence."""


def _text(longest: int) -> Callable[[Any], str | None]:
    def read(value: Any) -> str | None:
        if value is None:
            return None
        if not isinstance(value, str):
            raise _Refused("Please enter words here.")
        words = value.strip()
        if len(words) > longest:
            raise _Refused(f"Please use at most {longest} characters.")
        return words or None

    return read


def _one_of(kind: type[StrEnum]) -> Callable[[Any], StrEnum | None]:
    def read(value: Any) -> StrEnum | None:
        if value is None or value == "":
            return None
        try:
            return kind(str(value))
        except ValueError:
            raise _Refused(f"Please choose one of: {', '.join(kind)}.") from None

    return read


def _required(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def read_something(value: Any) -> Any:
        taken = read(value)
        if taken is None:
            raise _Refused("Please enter a value here.")
        return taken

    return read_something


def _yes_or_no(value: Any) -> bool:
    if value is None:
        return False
    if not isinstance(value, bool):
        raise _Refused("Please answer yes or no.")
    return value


def _money(value: Any) -> Decimal | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        raise _Refused("Please enter an amount.")
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        raise _Refused("Please enter an amount.") from None
    if not amount.is_finite() or amount < 0:
        raise _Refused("An amount is zero or more.")
    if amount >= MOST_MONEY:
        raise _Refused(f"An amount is below {MOST_MONEY:,}.")
    if amount != amount.quantize(Decimal("0.01")):
        raise _Refused("An amount has at most two decimal places.")
    return amount.quantize(Decimal("0.01"))


def _whole(least: int, most: int) -> Callable[[Any], int | None]:
    def read(value: Any) -> int | None:
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not isinstance(value, int | Decimal | float) or value != int(value):
            raise _Refused(f"Please enter a whole number from {least} to {most}.")
        if not least <= value <= most:
            raise _Refused(f"Please enter a number from {least} to {most}.")
        return int(value)

    return read


def _currency(value: Any) -> str:
    if not isinstance(value, str) or len(value) != 3 or not value.isascii() or not value.isupper():
        raise _Refused("A currency is three capital letters, as CNY.")
    return value


def _id(value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise _Refused("This unit or person is not known.")
    return value


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "product": _text(120),
    "business_line": _text(120),
    "nature": _one_of(Nature),
    "cause": _text(200),
    "amount": _money,
    "currency": _currency,
    "people_affected": lambda value: _whole(1, MOST_PEOPLE)(value) or 1,
    "vulnerable": _yes_or_no,
    "media": _yes_or_no,
    "regulator": _yes_or_no,
    "repeated": _yes_or_no,
    "safety": _yes_or_no,
    "security_incident": _yes_or_no,
    "fraud": _yes_or_no,
    "self_harm": _yes_or_no,
    "complex": _yes_or_no,
    "several_departments": _yes_or_no,
    "restricted": _yes_or_no,
    "grade": _one_of(Grade),
    "grade_reason": _text(500),
    "outcome": _one_of(Outcome),
    "root_cause": _text(200),
    "satisfaction": _whole(1, 5),
    "wish": _text(4000),
    "stage": _required(_one_of(Stage)),
    "accused": _id,
    "responsible_unit": _id,
    "handling_unit": _id,
    "lead_department": _id,
}
WRITABLE = frozenset(_READERS)
