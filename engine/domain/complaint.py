"""A complaint: what a customer told the bank, and what the bank decided about it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


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


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Information:
    """Something added to a complaint after it was received: by the customer, staff or a regulator."""

    id: int
    complaint_id: int
    added_at: datetime
    added_by: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
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
