"""The tables: one an entity, columns named as the fields of its frozen dataclass. Nothing is asked or written here."""

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from engine.store.column_types import ExactDecimal, Id, Json, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _number() -> Column[Any]:
    return Column("id", Id, primary_key=True, autoincrement=True)


def _refers(name: str, to: str, *, nullable: bool = False, key: bool = False) -> Column[Any]:
    return Column(name, Id, ForeignKey(to), nullable=nullable, primary_key=key, autoincrement=False)


def _words(name: str, *, nullable: bool = False, key: bool = False) -> Column[Any]:
    return Column(name, Text, nullable=nullable, primary_key=key)


def _moment(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, UtcDateTime, nullable=nullable)


def _count(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, Integer, nullable=nullable)


def _flag(name: str) -> Column[Any]:
    return Column(name, Boolean, nullable=False)


BY_HAND = " OR ".join(
    f"kind = '{kind}'"
    for kind in (
        "process.suspended",
        "process.resumed",
        "process.cancelled",
        "process.migrated",
        "process.migration_taken_back",
        "incident.retried",
        "token.added",
        "token.cancelled",
        "variable.set",
    )
)
"""That an event is one of those steering writes, as SQL. SQLite gathers a list anew for every row it might index."""


def _where(condition: str) -> dict[str, Any]:
    """A partial index: rows that do not meet the condition cost it nothing."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


# The bank

unit = Table(
    "unit",
    metadata,
    _number(),
    _words("code"),
    _words("name"),
    _words("name_zh"),
    _words("kind"),
    _refers("parent_id", "unit.id", nullable=True),
    _words("path"),
    _words("calendar"),
    UniqueConstraint("code"),
)

person = Table(
    "person",
    metadata,
    _number(),
    _words("login"),
    _words("name"),
    _words("name_zh"),
    _refers("unit_id", "unit.id"),
    _words("email", nullable=True),
    _words("password_hash"),
    _words("language"),
    _flag("active"),
    UniqueConstraint("login"),
)

role_grant = Table(
    "role_grant",
    metadata,
    _number(),
    _refers("person_id", "person.id"),
    _words("role"),
    _refers("unit_id", "unit.id"),
    UniqueConstraint("person_id", "role", "unit_id"),
)

calendar = Table(
    "calendar",
    metadata,
    _words("code", key=True),
    _words("name"),
    _words("zone"),
    Column("weekend", Json, nullable=False),
    Column("hours", Json, nullable=False),
    Column("published_until", Date, nullable=False),
    Column("edition", Integer, nullable=False),
)

special_day = Table(
    "special_day",
    metadata,
    Column("calendar", Text, ForeignKey("calendar.code"), primary_key=True),
    Column("day", Date, primary_key=True),
    _flag("working"),
    _words("name"),
)

setting = Table("setting", metadata, _words("name", key=True), _words("value"))

# Definitions

content = Table(
    "content",
    metadata,
    _words("sha256", key=True),
    Column("body", LargeBinary, nullable=False),
)

release = Table(
    "release",
    metadata,
    _number(),
    _words("sha256"),
    _moment("released_at"),
)

release_file = Table(
    "release_file",
    metadata,
    _refers("release_id", "release.id", key=True),
    _words("path", key=True),
    Column("sha256", Text, ForeignKey("content.sha256"), nullable=False),
)

# The register of complaints

number_series = Table(
    "number_series",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    _count("last"),
)

complaint = Table(
    "complaint",
    metadata,
    _number(),
    _words("number"),
    _words("intake_key"),
    _words("secret_hash"),
    _words("channel"),
    _words("language"),
    _words("regime"),
    _moment("received_at"),
    _moment("registered_at"),
    _words("text"),
    _words("wish", nullable=True),
    _words("customer_name", nullable=True),
    _words("customer_email", nullable=True),
    _words("customer_phone", nullable=True),
    _words("contact_by"),
    _refers("receiving_unit_id", "unit.id"),
    _refers("responsible_unit_id", "unit.id", nullable=True),
    _refers("handling_unit_id", "unit.id", nullable=True),
    _refers("first_owner_id", "person.id", nullable=True),
    _refers("lead_department_id", "unit.id", nullable=True),
    _words("external_reference", nullable=True),
    _words("nature", nullable=True),
    _words("business_line", nullable=True),
    _words("product", nullable=True),
    _words("cause", nullable=True),
    Column("amount", ExactDecimal),
    _words("currency"),
    _count("people_affected"),
    _flag("vulnerable"),
    _flag("media"),
    _flag("regulator"),
    _flag("repeated"),
    _flag("safety"),
    _flag("security_incident"),
    _flag("fraud"),
    _flag("self_harm"),
    _flag("complex"),
    _flag("several_departments"),
    _flag("restricted"),
    _refers("accused_id", "person.id", nullable=True),
    _words("grade", nullable=True),
    _words("grade_reason", nullable=True),
    _words("stage"),
    _words("outcome", nullable=True),
    _words("root_cause", nullable=True),
    _count("satisfaction", nullable=True),
    _refers("duplicate_of_id", "complaint.id", nullable=True),
    _moment("withdrawn_at", nullable=True),
    _moment("closed_at", nullable=True),
    _moment("archived_at", nullable=True),
    _count("version"),
    UniqueConstraint("number"),
    UniqueConstraint("intake_key"),
    Index(None, "receiving_unit_id"),
    Index(None, "responsible_unit_id", **_where("responsible_unit_id IS NOT NULL")),
    Index(None, "handling_unit_id", **_where("handling_unit_id IS NOT NULL")),
    Index(None, "first_owner_id", **_where("first_owner_id IS NOT NULL AND closed_at IS NULL")),
    Index(None, "accused_id", **_where("accused_id IS NOT NULL")),
    Index("ix_complaint_restricted", "first_owner_id", **_where("restricted")),
)

information = Table(
    "information",
    metadata,
    _number(),
    _refers("complaint_id", "complaint.id"),
    _moment("added_at"),
    _words("added_by"),
    _words("kind"),
    _words("text"),
    Index(None, "complaint_id"),
)

attachment = Table(
    "attachment",
    metadata,
    _number(),
    _refers("complaint_id", "complaint.id"),
    _words("name"),
    _words("media_type"),
    _count("size"),
    _words("sha256"),
    _words("stored_as"),
    _moment("added_at"),
    _words("added_by"),
    Index(None, "complaint_id"),
)

department_request = Table(
    "department_request",
    metadata,
    _number(),
    _refers("complaint_id", "complaint.id"),
    _refers("department_id", "unit.id"),
    _words("question"),
    _words("may_see"),
    _moment("asked_at"),
    _refers("asked_by_id", "person.id", nullable=True),
    _moment("due_at"),
    _words("state"),
    _count("round"),
    _moment("accepted_at", nullable=True),
    _moment("answered_at", nullable=True),
    _refers("answered_by_id", "person.id", nullable=True),
    _words("returned_reason", nullable=True),
    _words("better_addressee", nullable=True),
    _words("answer", nullable=True),
    _words("cause", nullable=True),
    _words("responsibility", nullable=True),
    _words("proposed_measure", nullable=True),
    Column("proposed_amount", ExactDecimal),
    _words("let_go_reason", nullable=True),
    _count("reminders"),
    _count("version"),
    Index(None, "complaint_id", "department_id"),
    Index(None, "department_id"),
)

clock = Table(
    "clock",
    metadata,
    _number(),
    _refers("complaint_id", "complaint.id"),
    _words("name"),
    _words("kind"),
    _words("rule"),
    _moment("started_at"),
    _words("start_rule"),
    _count("length"),
    _words("day_type"),
    _words("calendar"),
    _moment("due_at", nullable=True),
    _flag("pausable"),
    _flag("extendable"),
    _moment("paused_at", nullable=True),
    _count("paused_seconds"),
    Column("extensions", Json, nullable=False),
    Column("warnings", Json, nullable=False),
    _moment("stopped_at", nullable=True),
    _flag("provisional"),
    _refers("request_id", "department_request.id", nullable=True),
    _count("version"),
    Column("pauses", Json, nullable=False),
    Index(None, "complaint_id"),
)

plan = Table(
    "plan",
    metadata,
    _number(),
    _refers("complaint_id", "complaint.id"),
    _count("round"),
    _refers("author_id", "person.id", nullable=True),
    _moment("drafted_at"),
    _words("outcome"),
    _words("measures"),
    Column("amount", ExactDecimal, nullable=False),
    _words("carry_out_by"),
    _moment("complete_by", nullable=True),
    _words("state"),
    _words("approver_role", nullable=True),
    _refers("approved_by_id", "person.id", nullable=True),
    _moment("approved_at", nullable=True),
    _count("returns"),
    _words("return_reason", nullable=True),
    _words("instruction", nullable=True),
    _moment("carried_out_at", nullable=True),
    _count("version"),
    Index(None, "complaint_id"),
)

answer = Table(
    "answer",
    metadata,
    _number(),
    _refers("complaint_id", "complaint.id"),
    _refers("plan_id", "plan.id", nullable=True),
    _refers("author_id", "person.id", nullable=True),
    _moment("written_at"),
    _words("finding"),
    _words("basis"),
    _words("reasons"),
    _words("what_we_do"),
    _words("appeal_path"),
    _refers("checked_by_id", "person.id", nullable=True),
    _moment("sent_at", nullable=True),
    _count("version"),
    Index(None, "complaint_id"),
)

notice = Table(
    "notice",
    metadata,
    _number(),
    _refers("complaint_id", "complaint.id"),
    _words("event"),
    _words("channel"),
    _words("language"),
    _words("recipient", nullable=True),
    _words("subject"),
    _words("body"),
    _moment("written_at"),
    _words("state"),
    _moment("sent_at", nullable=True),
    _count("version"),
    Index(None, "complaint_id"),
)

volume = Table(
    "volume",
    metadata,
    _number(),
    _refers("complaint_id", "complaint.id"),
    _count("number"),
    _moment("sealed_at"),
    _words("sealed_by"),
    _words("stored_as"),
    _words("sha256"),
    _words("previous_link"),
    _words("link"),
    UniqueConstraint("complaint_id", "number"),
    UniqueConstraint("previous_link"),
)

# Running processes

instance = Table(
    "instance",
    metadata,
    _number(),
    _refers("release_id", "release.id"),
    _words("process"),
    _refers("complaint_id", "complaint.id", nullable=True),
    _moment("started_at"),
    Column("tokens", LargeBinary, nullable=False),
    _words("state"),
    _moment("ended_at", nullable=True),
    _count("version"),
    _words("start_key", nullable=True),
    Index(None, "complaint_id", **_where("complaint_id IS NOT NULL")),
    # Those that steer instances look through the living ones alone.
    Index("ix_instance_alive", "id", **_where("state IN ('running', 'suspended')")),
    # A message starts at most one instance of a process at a time.
    Index(
        "uq_instance_started",
        *("process", "start_key"),
        unique=True,
        **_where("start_key IS NOT NULL AND state IN ('running', 'suspended')"),
    ),
)

scope = Table(
    "scope",
    metadata,
    _refers("instance_id", "instance.id", key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _count("parent", nullable=True),
    Column("values", Json, nullable=False),
    sqlite_with_rowid=False,
)

task = Table(
    "task",
    metadata,
    _refers("instance_id", "instance.id", key=True),
    Column("token", Integer, primary_key=True, autoincrement=False),
    _refers("complaint_id", "complaint.id", nullable=True),
    _refers("release_id", "release.id"),
    _words("process"),
    _words("element"),
    _words("name"),
    _words("form", nullable=True),
    _words("role"),
    _refers("unit_id", "unit.id", nullable=True),
    _moment("opened_at"),
    _words("state"),
    Column("grade_rank", SmallInteger, nullable=False),
    Column("priority", SmallInteger, nullable=False),
    _moment("due_at", nullable=True),
    _moment("follow_up_at", nullable=True),
    _refers("assignee_id", "person.id", nullable=True),
    Column("excluded", Json, nullable=False),
    Column("inputs", Json, nullable=False),
    _moment("closed_at", nullable=True),
    _refers("closed_by_id", "person.id", nullable=True),
    _count("version"),
    Column("candidates", Json, nullable=False, server_default=text("'[]'")),
    Column("oldest_version", Integer, nullable=False, server_default=text("0")),
    Index(None, "complaint_id", **_where("complaint_id IS NOT NULL")),
    # The inbox: by unit for people of few units, by role for those of many, and by role the newest first. Only open tasks
    # are in these, so a finished case pays nothing for them; the last columns let pages and counts be made from the index
    # alone.
    Index(
        "ix_task_of_unit",
        *("role", "unit_id", "grade_rank", "due_at", "complaint_id", "state"),
        **_where("state = 'open'"),
    ),
    Index(
        "ix_task_of_role",
        *("role", "grade_rank", "due_at", "unit_id", "complaint_id", "state"),
        **_where("state = 'open'"),
    ),
    Index(
        "ix_task_newest",
        *("role", "opened_at", "unit_id", "grade_rank", "due_at", "complaint_id", "state"),
        **_where("state = 'open'"),
    ),
    Index(
        "ix_task_claimed",
        "assignee_id",
        "grade_rank",
        "due_at",
        "complaint_id",
        "state",
        **_where("state = 'claimed'"),
    ),
    sqlite_with_rowid=False,
)

# The people a task names as candidates, once more as rows, so that their inboxes find it.
candidate = Table(
    "candidate",
    metadata,
    _refers("instance_id", "instance.id", key=True),
    Column("token", Integer, primary_key=True, autoincrement=False),
    _refers("person_id", "person.id", key=True),
    Index(None, "person_id"),
    sqlite_with_rowid=False,
)

draft = Table(
    "draft",
    metadata,
    _refers("instance_id", "instance.id", key=True),
    Column("token", Integer, primary_key=True, autoincrement=False),
    _refers("person_id", "person.id", key=True),
    Column("typed", Json, nullable=False),
    _moment("saved_at"),
    sqlite_with_rowid=False,
)

timer = Table(
    "timer",
    metadata,
    _refers("instance_id", "instance.id", key=True),
    Column("token", Integer, primary_key=True, autoincrement=False),
    _words("element"),
    _moment("due_at", nullable=True),
    _refers("complaint_id", "complaint.id", nullable=True),
    _words("clock", nullable=True),
    Index(None, "due_at", **_where("due_at IS NOT NULL")),
    Index(None, "complaint_id", **_where("complaint_id IS NOT NULL")),
    sqlite_with_rowid=False,
)

subscription = Table(
    "subscription",
    metadata,
    _refers("instance_id", "instance.id", key=True),
    Column("token", Integer, primary_key=True, autoincrement=False),
    _words("element"),
    _words("message"),
    _words("key", nullable=True),
    _words("process", nullable=True),
    Index(None, "message", "key"),
    sqlite_with_rowid=False,
)

buffered_message = Table(
    "buffered_message",
    metadata,
    _number(),
    _words("name"),
    _words("key"),
    _words("message_id", nullable=True),
    Column("variables", Json, nullable=False),
    _moment("published_at"),
    _moment("expires_at"),
    _refers("complaint_id", "complaint.id", nullable=True),
    Column("heard", Json, nullable=False),
    Index(None, "name", "key"),
    Index(None, "expires_at"),
    Index(
        "uq_buffered_message_once",
        *("name", "key", "message_id"),
        unique=True,
        **_where("message_id IS NOT NULL"),
    ),
)

held_message = Table(
    "held_message",
    metadata,
    _number(),
    _refers("instance_id", "instance.id"),
    _words("name"),
    _words("key"),
    Column("variables", Json, nullable=False),
    _moment("published_at"),
    Column("buffered_id", Id, nullable=True),
    Index(None, "instance_id"),
)

migration = Table(
    "migration",
    metadata,
    _number(),
    _refers("instance_id", "instance.id"),
    _moment("at"),
    _words("actor"),
    _words("reason"),
    _refers("from_release_id", "release.id"),
    _refers("to_release_id", "release.id"),
    Column("mapping", Json, nullable=False),
    Column("before", Json, nullable=False),
    _count("left_version", nullable=True),
    _moment("taken_back_at", nullable=True),
    Index(None, "instance_id"),
)

bulk = Table(
    "bulk",
    metadata,
    _number(),
    _moment("at"),
    _words("actor"),
    _refers("person_id", "person.id", nullable=True),
    _words("reason"),
    _words("verb"),
    Column("act", Json, nullable=False),
    Column("wanted", Json, nullable=False),
    _count("total"),
    _words("state"),
    _count("done"),
    _count("not_needed"),
    _count("refused"),
    _moment("ended_at", nullable=True),
    _words("ended_by", nullable=True),
    _count("version"),
    Index("ix_bulk_running", "id", **_where("state = 'running'")),
)

bulk_item = Table(
    "bulk_item",
    metadata,
    _refers("bulk_id", "bulk.id", key=True),
    _refers("instance_id", "instance.id", key=True),
    _words("state"),
    _moment("at", nullable=True),
    _words("sentence"),
    Index("ix_bulk_item_waiting", "bulk_id", "instance_id", **_where("state = 'waiting'")),
    Index(None, "instance_id"),
    sqlite_with_rowid=False,
)

start_timer = Table(
    "start_timer",
    metadata,
    _words("process", key=True),
    _words("element", key=True),
    _refers("release_id", "release.id"),
    _moment("due_at", nullable=True),
    Column("cycle", Json, nullable=False),
    _count("version"),
    Index(None, "due_at", **_where("due_at IS NOT NULL")),
)

version_tag = Table(
    "version_tag",
    metadata,
    _words("kind", key=True),
    _words("name", key=True),
    _words("tag", key=True),
    _refers("release_id", "release.id"),
)

incident = Table(
    "incident",
    metadata,
    _refers("instance_id", "instance.id"),
    _count("token"),
    _words("element"),
    _moment("at"),
    _words("code"),
    _words("message"),
    _count("retries_left"),
    _moment("retry_at", nullable=True),
    _refers("complaint_id", "complaint.id", nullable=True),
    _moment("resolved_at", nullable=True),
    _words("resolved_by", nullable=True),
    _number(),
    Index("uq_incident_open", "instance_id", "token", unique=True, **_where("resolved_at IS NULL")),
    Index(None, "retry_at", **_where("resolved_at IS NULL AND retry_at IS NOT NULL")),
    Index(None, "complaint_id", **_where("complaint_id IS NOT NULL")),
)

history = Table(
    "history",
    metadata,
    _moment("at"),
    _words("kind"),
    _words("actor"),
    _refers("complaint_id", "complaint.id", nullable=True),
    _refers("instance_id", "instance.id", nullable=True),
    _words("element", nullable=True),
    _refers("person_id", "person.id", nullable=True),
    Column("detail", Json, nullable=False),
    _number(),
    Index(None, "complaint_id", **_where("complaint_id IS NOT NULL")),
    # Instances without a complaint are found by what was done to them by hand; the rest of their history costs nothing.
    Index("ix_history_by_hand", "instance_id", **_where(f"complaint_id IS NULL AND ({BY_HAND})")),
)

outbox = Table(
    "outbox",
    metadata,
    _words("kind"),
    _words("key"),
    Column("payload", Json, nullable=False),
    _moment("due_at"),
    _refers("complaint_id", "complaint.id", nullable=True),
    _words("state"),
    _count("attempts"),
    _words("last_error", nullable=True),
    _moment("sent_at", nullable=True),
    _number(),
    UniqueConstraint("key"),
    Index(None, "due_at", **_where("state = 'waiting'")),
)

command = Table(
    "command",
    metadata,
    _words("key", key=True),
    _moment("at"),
    Column("answer", Json, nullable=False),
)
