"""Which class lives in which table."""

from typing import Any, TypeVar

from engine.domain.archive import Volume
from engine.domain.clocks import Clock
from engine.domain.complaint import Attachment, Complaint, Information
from engine.domain.department_requests import DepartmentRequest
from engine.domain.events import HistoryEvent
from engine.domain.notices import Notice
from engine.domain.organisation import Person, RoleGrant, Unit
from engine.domain.redress import Answer, Plan
from engine.domain.running import (
    BufferedMessage,
    CommandDone,
    HeldMessage,
    Incident,
    Instance,
    Migration,
    OutboxMessage,
    Scope,
    StartTimer,
    Subscription,
    Timer,
    VersionTag,
)
from engine.domain.steering import Bulk, BulkItem
from engine.domain.task import Draft, Task
from engine.store import tables
from engine.store.mapping import Shape
from engine.store.row_classes import (
    CalendarRow,
    Content,
    ReleaseFile,
    ReleaseRow,
    Setting,
    SpecialDayRow,
)

T = TypeVar("T")

TABLES = {
    Answer: tables.answer,
    BufferedMessage: tables.buffered_message,
    Bulk: tables.bulk,
    BulkItem: tables.bulk_item,
    CalendarRow: tables.calendar,
    Content: tables.content,
    ReleaseFile: tables.release_file,
    ReleaseRow: tables.release,
    Setting: tables.setting,
    SpecialDayRow: tables.special_day,
    Attachment: tables.attachment,
    Clock: tables.clock,
    CommandDone: tables.command,
    Complaint: tables.complaint,
    DepartmentRequest: tables.department_request,
    Draft: tables.draft,
    HeldMessage: tables.held_message,
    HistoryEvent: tables.history,
    Incident: tables.incident,
    Information: tables.information,
    Instance: tables.instance,
    Migration: tables.migration,
    Notice: tables.notice,
    OutboxMessage: tables.outbox,
    Person: tables.person,
    Plan: tables.plan,
    RoleGrant: tables.role_grant,
    Scope: tables.scope,
    StartTimer: tables.start_timer,
    Subscription: tables.subscription,
    Task: tables.task,
    Timer: tables.timer,
    Unit: tables.unit,
    VersionTag: tables.version_tag,
    Volume: tables.volume,
}


def shape_of(row_class: type[T], dialect: str) -> Shape[T]:
    """The shape of a class on this database."""
    shape = _SHAPES.get((row_class, dialect))
    if shape is None:
        shape = _SHAPES[row_class, dialect] = Shape(row_class, TABLES[row_class], dialect)
    return shape


_SHAPES: dict[tuple[type[Any], str], Shape[Any]] = {}
