"""A complaint comes in: every channel hands it to the same two functions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.domain import working_time
from engine.domain.actor import Actor, ActorKind
from engine.domain.archive import sha256_of
from engine.domain.complaint import Attachment, Channel, Complaint, with_attribute
from engine.domain.errors import ChangedMeanwhile, LimitExceeded, ValueRefused
from engine.domain.events import HistoryEvent
from engine.domain.intake import CURRENCIES, REGIMES, NewComplaint, contact_of, language_of
from engine.domain.organisation import Unit
from engine.domain.permissions import Action, require
from engine.domain.tracking import hash_of, secret_of
from engine.ports import Files, Ports, UnitOfWork
from forms.checking import Answers

PROCESS = "complaint"
MESSAGE = "complaint received"
MOST_FILES, MOST_BYTES = 10, 25 * 1024 * 1024
KNOWN = (
    "text",
    "wish",
    "product",
    "amount",
    "customer_name",
    "customer_email",
    "customer_phone",
    "contact_by",
    "external_reference",
    "currency",
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it arrived: its name, the type it was found to be, its bytes."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Submitted:
    """What the sender is told; `repeated` when this message had made its complaint before."""

    number: str
    secret: str
    complaint_id: int
    repeated: bool


def submit(
    ports: Ports,
    actor: Actor,
    answers: Answers,
    *,
    channel: Channel | str,
    key: str,
    attachments: Sequence[Upload] = (),
    received_at: datetime | None = None,
    staff: bool = False,
    unit: str | None = None,
    language: str | None = None,
) -> Submitted:
    """Register the complaint a form's answers tell of; the same key again gives the first one's answer."""
    values = dict(answers.values)
    chosen = values.pop("channel", None) if staff else None
    received_on = values.pop("received_on", None)
    new = NewComplaint(
        channel=_channel(chosen or channel),
        received_at=received_at,
        unit=unit,
        language=language,
        **{name: _plain(values.pop(name, None)) for name in KNOWN},
        further=values,
    )
    return register(ports, actor, new, key=key, attachments=attachments, staff=staff, received_on=received_on)


def register(
    ports: Ports,
    actor: Actor,
    new: NewComplaint,
    *,
    key: str,
    attachments: Sequence[Upload] = (),
    staff: bool = False,
    received_on: date | None = None,
) -> Submitted:
    """Enter a complaint into the register and start its process, once for every key."""
    if staff:
        require(actor, Action.SUBMIT_FOR_CUSTOMER)
    stored = store_files(ports.files, attachments)
    try:
        return _register(ports, actor, new, key, attachments, stored, staff, received_on)
    except ChangedMeanwhile:
        return _register(ports, actor, new, key, attachments, stored, staff, received_on)


def _register(
    ports: Ports,
    actor: Actor,
    new: NewComplaint,
    key: str,
    attachments: Sequence[Upload],
    stored: Sequence[str],
    staff: bool,
    received_on: date | None,
) -> Submitted:
    secret = secret_of(ports.secret_key, key)
    with ports.unit_of_work(actor) as work:
        before = work.complaints.by_intake_key(key)
        if before is not None:
            return Submitted(before.number, secret, before.id, repeated=True)
        complaint = enter(work, actor, new, key, secret, staff=staff, received_on=received_on)
        add_attachments(work, complaint.id, attachments, stored)
        ports.engine.start(
            work,
            PROCESS,
            complaint_id=complaint.id,
            variables={"staff": staff, "intake": dict(new.further), **new.further},
            message=None if staff else MESSAGE,
        )
        return Submitted(complaint.number, secret, complaint.id, repeated=False)


def enter(
    work: UnitOfWork,
    actor: Actor,
    new: NewComplaint,
    key: str,
    secret: str,
    *,
    staff: bool = False,
    received_on: date | None = None,
) -> Complaint:
    """A new row in the register, and the fact that it was received; no process is started."""
    complaint = work.complaints.add(_complaint(work, actor, new, key, secret, staff, received_on))
    work.record(
        HistoryEvent(
            at=work.now,
            kind="complaint.received",
            actor=actor.name,
            complaint_id=complaint.id,
            person_id=actor.person_id,
            detail={"channel": complaint.channel, "received_at": complaint.received_at.isoformat()},
        )
    )
    return complaint


def _complaint(
    work: UnitOfWork,
    actor: Actor,
    new: NewComplaint,
    key: str,
    secret: str,
    staff: bool,
    received_on: date | None,
) -> Complaint:
    unit = _receiving_unit(work, actor, new.unit)
    calendar = work.calendar(unit.calendar)
    today = working_time.local_day(calendar, work.now)
    received_at = new.received_at or work.now
    if received_on is not None and received_on != today:
        received_at = working_time.opening(calendar, received_on)
    if received_at > work.now:
        raise ValueRefused("A complaint cannot be received in the future.", field="received_on")
    regime = new.regime or REGIMES.get(unit.calendar, "CN")
    complaint = Complaint(
        id=0,
        number=work.complaints.next_number(today.year),
        intake_key=key,
        secret_hash=hash_of(secret),
        channel=new.channel,
        language=new.language or language_of(new.text),
        regime=regime,
        received_at=received_at,
        registered_at=work.now,
        text=new.text.strip(),
        wish=None,
        customer_name=new.customer_name,
        customer_email=new.customer_email,
        customer_phone=new.customer_phone,
        contact_by=new.contact_by or contact_of(new.customer_email, new.customer_phone),
        receiving_unit_id=unit.id,
        handling_unit_id=unit.id,
        first_owner_id=actor.person_id if staff else None,
        external_reference=new.external_reference,
        regulator=new.channel is Channel.REGULATOR,
        currency=CURRENCIES.get(regime, "CNY"),
    )
    for name in ("wish", "product", "amount"):
        complaint = with_attribute(complaint, name, getattr(new, name))
    if new.currency is not None:
        complaint = with_attribute(complaint, "currency", new.currency)
    return complaint


def _receiving_unit(work: UnitOfWork, actor: Actor, code: str | None) -> Unit:
    if code is not None:
        units = work.units.find(code=code)
        if not units:
            raise ValueRefused(f"There is no unit with the code {code}.", field="unit")
        return units[0]
    if actor.kind is ActorKind.PERSON and actor.unit_id is not None:
        return work.units.get(actor.unit_id)
    return work.units.find(parent_id=None)[0]


def store_files(files: Files, uploads: Sequence[Upload]) -> list[str]:
    """Put the files where files live, before the transaction; the same bytes are kept once."""
    if len(uploads) > MOST_FILES:
        raise LimitExceeded(f"Please attach at most {MOST_FILES} files at a time.")
    if sum(len(upload.content) for upload in uploads) > MOST_BYTES:
        raise LimitExceeded(f"Please attach at most {MOST_BYTES // 1024 // 1024} MB at a time.")
    return [files.put(upload.content, name=upload.name) for upload in uploads]


def add_attachments(
    work: UnitOfWork, complaint_id: int, uploads: Sequence[Upload], stored: Sequence[str]
) -> None:
    """Enter stored files as attachments of the complaint."""
    for upload, stored_as in zip(uploads, stored, strict=True):
        work.attachments.add(
            Attachment(
                id=0,
                complaint_id=complaint_id,
                name=upload.name,
                media_type=upload.media_type,
                size=len(upload.content),
                sha256=sha256_of(upload.content),
                stored_as=stored_as,
                added_at=work.now,
                added_by=work.actor.name,
            )
        )


def _channel(value: Channel | str) -> Channel:
    try:
        return Channel(value)
    except ValueError:
        raise ValueRefused(f"There is no channel named {value}.", field="channel") from None


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return Decimal(str(value))
    return value.strip() or None if isinstance(value, str) else value
