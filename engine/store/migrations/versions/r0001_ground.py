"""The ground: the bank, definitions, the register of complaints, running processes.

Revision 0001.
"""

import sqlalchemy as sa
from alembic import op

from engine.store.column_types import ExactDecimal, Id, Json, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the first tables."""
    op.create_table(
        "calendar",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("weekend", Json, nullable=False),
        sa.Column("hours", Json, nullable=False),
        sa.Column("published_until", sa.Date(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_calendar"),
    )
    op.create_table(
        "command",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("answer", Json, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_command"),
    )
    op.create_table(
        "content",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_content"),
    )
    op.create_table(
        "number_series",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name="pk_number_series"),
    )
    op.create_table(
        "release",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("released_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_release"),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_setting"),
    )
    op.create_table(
        "unit",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("parent_id", Id, autoincrement=False, nullable=True),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("calendar", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name="fk_unit_parent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_unit"),
        sa.UniqueConstraint("code", name="uq_unit_code"),
    )
    op.create_table(
        "person",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("unit_id", Id, autoincrement=False, nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_person_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("login", name="uq_person_login"),
    )
    op.create_table(
        "release_file",
        sa.Column("release_id", Id, autoincrement=False, nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name="fk_release_file_release_id"),
        sa.ForeignKeyConstraint(["sha256"], ["content.sha256"], name="fk_release_file_sha256"),
        sa.PrimaryKeyConstraint("release_id", "path", name="pk_release_file"),
    )
    op.create_table(
        "special_day",
        sa.Column("calendar", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["calendar"], ["calendar.code"], name="fk_special_day_calendar"),
        sa.PrimaryKeyConstraint("calendar", "day", name="pk_special_day"),
    )
    op.create_table(
        "complaint",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("intake_key", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("regime", sa.Text(), nullable=False),
        sa.Column("received_at", UtcDateTime, nullable=False),
        sa.Column("registered_at", UtcDateTime, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("wish", sa.Text(), nullable=True),
        sa.Column("customer_name", sa.Text(), nullable=True),
        sa.Column("customer_email", sa.Text(), nullable=True),
        sa.Column("customer_phone", sa.Text(), nullable=True),
        sa.Column("contact_by", sa.Text(), nullable=False),
        sa.Column("receiving_unit_id", Id, autoincrement=False, nullable=False),
        sa.Column("responsible_unit_id", Id, autoincrement=False, nullable=True),
        sa.Column("handling_unit_id", Id, autoincrement=False, nullable=True),
        sa.Column("first_owner_id", Id, autoincrement=False, nullable=True),
        sa.Column("lead_department_id", Id, autoincrement=False, nullable=True),
        sa.Column("external_reference", sa.Text(), nullable=True),
        sa.Column("nature", sa.Text(), nullable=True),
        sa.Column("business_line", sa.Text(), nullable=True),
        sa.Column("product", sa.Text(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("amount", ExactDecimal, nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("people_affected", sa.Integer(), nullable=False),
        sa.Column("vulnerable", sa.Boolean(), nullable=False),
        sa.Column("media", sa.Boolean(), nullable=False),
        sa.Column("regulator", sa.Boolean(), nullable=False),
        sa.Column("repeated", sa.Boolean(), nullable=False),
        sa.Column("safety", sa.Boolean(), nullable=False),
        sa.Column("security_incident", sa.Boolean(), nullable=False),
        sa.Column("fraud", sa.Boolean(), nullable=False),
        sa.Column("self_harm", sa.Boolean(), nullable=False),
        sa.Column("complex", sa.Boolean(), nullable=False),
        sa.Column("several_departments", sa.Boolean(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("accused_id", Id, autoincrement=False, nullable=True),
        sa.Column("grade", sa.Text(), nullable=True),
        sa.Column("grade_reason", sa.Text(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("root_cause", sa.Text(), nullable=True),
        sa.Column("satisfaction", sa.Integer(), nullable=True),
        sa.Column("duplicate_of_id", Id, autoincrement=False, nullable=True),
        sa.Column("withdrawn_at", UtcDateTime, nullable=True),
        sa.Column("closed_at", UtcDateTime, nullable=True),
        sa.Column("archived_at", UtcDateTime, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["accused_id"], ["person.id"], name="fk_complaint_accused_id"),
        sa.ForeignKeyConstraint(["duplicate_of_id"], ["complaint.id"], name="fk_complaint_duplicate_of_id"),
        sa.ForeignKeyConstraint(["first_owner_id"], ["person.id"], name="fk_complaint_first_owner_id"),
        sa.ForeignKeyConstraint(["handling_unit_id"], ["unit.id"], name="fk_complaint_handling_unit_id"),
        sa.ForeignKeyConstraint(["lead_department_id"], ["unit.id"], name="fk_complaint_lead_department_id"),
        sa.ForeignKeyConstraint(["receiving_unit_id"], ["unit.id"], name="fk_complaint_receiving_unit_id"),
        sa.ForeignKeyConstraint(
            ["responsible_unit_id"], ["unit.id"], name="fk_complaint_responsible_unit_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_complaint"),
        sa.UniqueConstraint("intake_key", name="uq_complaint_intake_key"),
        sa.UniqueConstraint("number", name="uq_complaint_number"),
    )
    op.create_index(
        "ix_complaint_accused_id",
        "complaint",
        ["accused_id"],
        unique=False,
        sqlite_where=sa.text("accused_id IS NOT NULL"),
        postgresql_where=sa.text("accused_id IS NOT NULL"),
    )
    op.create_index(
        "ix_complaint_first_owner_id",
        "complaint",
        ["first_owner_id"],
        unique=False,
        sqlite_where=sa.text("first_owner_id IS NOT NULL AND closed_at IS NULL"),
        postgresql_where=sa.text("first_owner_id IS NOT NULL AND closed_at IS NULL"),
    )
    op.create_index(
        "ix_complaint_handling_unit_id",
        "complaint",
        ["handling_unit_id"],
        unique=False,
        sqlite_where=sa.text("handling_unit_id IS NOT NULL"),
        postgresql_where=sa.text("handling_unit_id IS NOT NULL"),
    )
    op.create_index("ix_complaint_receiving_unit_id", "complaint", ["receiving_unit_id"], unique=False)
    op.create_index(
        "ix_complaint_responsible_unit_id",
        "complaint",
        ["responsible_unit_id"],
        unique=False,
        sqlite_where=sa.text("responsible_unit_id IS NOT NULL"),
        postgresql_where=sa.text("responsible_unit_id IS NOT NULL"),
    )
    op.create_index(
        "ix_complaint_restricted",
        "complaint",
        ["first_owner_id"],
        unique=False,
        sqlite_where=sa.text("restricted"),
        postgresql_where=sa.text("restricted"),
    )
    op.create_table(
        "role_grant",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("person_id", Id, autoincrement=False, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("unit_id", Id, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_role_grant_person_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_role_grant_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_role_grant"),
        sa.UniqueConstraint("person_id", "role", "unit_id", name="uq_role_grant_person_id_role_unit_id"),
    )
    op.create_table(
        "attachment",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("complaint_id", Id, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("stored_as", sa.Text(), nullable=False),
        sa.Column("added_at", UtcDateTime, nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="fk_attachment_complaint_id"),
        sa.PrimaryKeyConstraint("id", name="pk_attachment"),
    )
    op.create_index("ix_attachment_complaint_id", "attachment", ["complaint_id"], unique=False)
    op.create_table(
        "department_request",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("complaint_id", Id, autoincrement=False, nullable=False),
        sa.Column("department_id", Id, autoincrement=False, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("may_see", sa.Text(), nullable=False),
        sa.Column("asked_at", UtcDateTime, nullable=False),
        sa.Column("asked_by_id", Id, autoincrement=False, nullable=True),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("accepted_at", UtcDateTime, nullable=True),
        sa.Column("answered_at", UtcDateTime, nullable=True),
        sa.Column("answered_by_id", Id, autoincrement=False, nullable=True),
        sa.Column("returned_reason", sa.Text(), nullable=True),
        sa.Column("better_addressee", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("responsibility", sa.Text(), nullable=True),
        sa.Column("proposed_measure", sa.Text(), nullable=True),
        sa.Column("proposed_amount", ExactDecimal, nullable=True),
        sa.Column("let_go_reason", sa.Text(), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name="fk_department_request_answered_by_id"
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name="fk_department_request_asked_by_id"),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name="fk_department_request_complaint_id"
        ),
        sa.ForeignKeyConstraint(["department_id"], ["unit.id"], name="fk_department_request_department_id"),
        sa.PrimaryKeyConstraint("id", name="pk_department_request"),
    )
    op.create_index(
        "ix_department_request_complaint_id_department_id",
        "department_request",
        ["complaint_id", "department_id"],
        unique=False,
    )
    op.create_index(
        "ix_department_request_department_id", "department_request", ["department_id"], unique=False
    )
    op.create_table(
        "information",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("complaint_id", Id, autoincrement=False, nullable=False),
        sa.Column("added_at", UtcDateTime, nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="fk_information_complaint_id"),
        sa.PrimaryKeyConstraint("id", name="pk_information"),
    )
    op.create_index("ix_information_complaint_id", "information", ["complaint_id"], unique=False)
    op.create_table(
        "instance",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("release_id", Id, autoincrement=False, nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("complaint_id", Id, autoincrement=False, nullable=True),
        sa.Column("started_at", UtcDateTime, nullable=False),
        sa.Column("tokens", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ended_at", UtcDateTime, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="fk_instance_complaint_id"),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name="fk_instance_release_id"),
        sa.PrimaryKeyConstraint("id", name="pk_instance"),
    )
    op.create_index(
        "ix_instance_complaint_id",
        "instance",
        ["complaint_id"],
        unique=False,
        sqlite_where=sa.text("complaint_id IS NOT NULL"),
        postgresql_where=sa.text("complaint_id IS NOT NULL"),
    )
    op.create_table(
        "notice",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("complaint_id", Id, autoincrement=False, nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_at", UtcDateTime, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sent_at", UtcDateTime, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="fk_notice_complaint_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
    )
    op.create_index("ix_notice_complaint_id", "notice", ["complaint_id"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("payload", Json, nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.Column("complaint_id", Id, autoincrement=False, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("sent_at", UtcDateTime, nullable=True),
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="fk_outbox_complaint_id"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
    )
    op.create_index(
        "ix_outbox_due_at",
        "outbox",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "plan",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("complaint_id", Id, autoincrement=False, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("author_id", Id, autoincrement=False, nullable=True),
        sa.Column("drafted_at", UtcDateTime, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("measures", sa.Text(), nullable=False),
        sa.Column("amount", ExactDecimal, nullable=False),
        sa.Column("carry_out_by", sa.Text(), nullable=False),
        sa.Column("complete_by", UtcDateTime, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("approver_role", sa.Text(), nullable=True),
        sa.Column("approved_by_id", Id, autoincrement=False, nullable=True),
        sa.Column("approved_at", UtcDateTime, nullable=True),
        sa.Column("returns", sa.Integer(), nullable=False),
        sa.Column("return_reason", sa.Text(), nullable=True),
        sa.Column("instruction", sa.Text(), nullable=True),
        sa.Column("carried_out_at", UtcDateTime, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["approved_by_id"], ["person.id"], name="fk_plan_approved_by_id"),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name="fk_plan_author_id"),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="fk_plan_complaint_id"),
        sa.PrimaryKeyConstraint("id", name="pk_plan"),
    )
    op.create_index("ix_plan_complaint_id", "plan", ["complaint_id"], unique=False)
    op.create_table(
        "volume",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("complaint_id", Id, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sealed_at", UtcDateTime, nullable=False),
        sa.Column("sealed_by", sa.Text(), nullable=False),
        sa.Column("stored_as", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("previous_link", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="fk_volume_complaint_id"),
        sa.PrimaryKeyConstraint("id", name="pk_volume"),
        sa.UniqueConstraint("complaint_id", "number", name="uq_volume_complaint_id_number"),
        sa.UniqueConstraint("previous_link", name="uq_volume_previous_link"),
    )
    op.create_table(
        "answer",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("complaint_id", Id, autoincrement=False, nullable=False),
        sa.Column("plan_id", Id, autoincrement=False, nullable=True),
        sa.Column("author_id", Id, autoincrement=False, nullable=True),
        sa.Column("written_at", UtcDateTime, nullable=False),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("what_we_do", sa.Text(), nullable=False),
        sa.Column("appeal_path", sa.Text(), nullable=False),
        sa.Column("checked_by_id", Id, autoincrement=False, nullable=True),
        sa.Column("sent_at", UtcDateTime, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name="fk_answer_author_id"),
        sa.ForeignKeyConstraint(["checked_by_id"], ["person.id"], name="fk_answer_checked_by_id"),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="fk_answer_complaint_id"),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name="fk_answer_plan_id"),
        sa.PrimaryKeyConstraint("id", name="pk_answer"),
    )
    op.create_index("ix_answer_complaint_id", "answer", ["complaint_id"], unique=False)
    op.create_table(
        "clock",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("complaint_id", Id, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("started_at", UtcDateTime, nullable=False),
        sa.Column("start_rule", sa.Text(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("day_type", sa.Text(), nullable=False),
        sa.Column("calendar", sa.Text(), nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=True),
        sa.Column("pausable", sa.Boolean(), nullable=False),
        sa.Column("extendable", sa.Boolean(), nullable=False),
        sa.Column("paused_at", UtcDateTime, nullable=True),
        sa.Column("paused_seconds", sa.Integer(), nullable=False),
        sa.Column("extensions", Json, nullable=False),
        sa.Column("warnings", Json, nullable=False),
        sa.Column("stopped_at", UtcDateTime, nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("request_id", Id, autoincrement=False, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pauses", Json, nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="fk_clock_complaint_id"),
        sa.ForeignKeyConstraint(["request_id"], ["department_request.id"], name="fk_clock_request_id"),
        sa.PrimaryKeyConstraint("id", name="pk_clock"),
    )
    op.create_index("ix_clock_complaint_id", "clock", ["complaint_id"], unique=False)
    op.create_table(
        "draft",
        sa.Column("instance_id", Id, autoincrement=False, nullable=False),
        sa.Column("token", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", Id, autoincrement=False, nullable=False),
        sa.Column("typed", Json, nullable=False),
        sa.Column("saved_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name="fk_draft_instance_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_draft_person_id"),
        sa.PrimaryKeyConstraint("instance_id", "token", "person_id", name="pk_draft"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "history",
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("complaint_id", Id, autoincrement=False, nullable=True),
        sa.Column("instance_id", Id, autoincrement=False, nullable=True),
        sa.Column("element", sa.Text(), nullable=True),
        sa.Column("person_id", Id, autoincrement=False, nullable=True),
        sa.Column("detail", Json, nullable=False),
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="fk_history_complaint_id"),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name="fk_history_instance_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_history_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_history"),
    )
    op.create_index(
        "ix_history_complaint_id",
        "history",
        ["complaint_id"],
        unique=False,
        sqlite_where=sa.text("complaint_id IS NOT NULL"),
        postgresql_where=sa.text("complaint_id IS NOT NULL"),
    )
    op.create_table(
        "incident",
        sa.Column("instance_id", Id, autoincrement=False, nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("retries_left", sa.Integer(), nullable=False),
        sa.Column("retry_at", UtcDateTime, nullable=True),
        sa.Column("complaint_id", Id, autoincrement=False, nullable=True),
        sa.Column("resolved_at", UtcDateTime, nullable=True),
        sa.Column("resolved_by", sa.Text(), nullable=True),
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="fk_incident_complaint_id"),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name="fk_incident_instance_id"),
        sa.PrimaryKeyConstraint("id", name="pk_incident"),
    )
    op.create_index(
        "ix_incident_complaint_id",
        "incident",
        ["complaint_id"],
        unique=False,
        sqlite_where=sa.text("complaint_id IS NOT NULL"),
        postgresql_where=sa.text("complaint_id IS NOT NULL"),
    )
    op.create_index(
        "ix_incident_retry_at",
        "incident",
        ["retry_at"],
        unique=False,
        sqlite_where=sa.text("resolved_at IS NULL AND retry_at IS NOT NULL"),
        postgresql_where=sa.text("resolved_at IS NULL AND retry_at IS NOT NULL"),
    )
    op.create_index(
        "uq_incident_open",
        "incident",
        ["instance_id", "token"],
        unique=True,
        sqlite_where=sa.text("resolved_at IS NULL"),
        postgresql_where=sa.text("resolved_at IS NULL"),
    )
    op.create_table(
        "scope",
        sa.Column("instance_id", Id, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("parent", sa.Integer(), nullable=True),
        sa.Column("values", Json, nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name="fk_scope_instance_id"),
        sa.PrimaryKeyConstraint("instance_id", "number", name="pk_scope"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "subscription",
        sa.Column("instance_id", Id, autoincrement=False, nullable=False),
        sa.Column("token", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name="fk_subscription_instance_id"),
        sa.PrimaryKeyConstraint("instance_id", "token", name="pk_subscription"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_subscription_message_key", "subscription", ["message", "key"], unique=False)
    op.create_table(
        "task",
        sa.Column("instance_id", Id, autoincrement=False, nullable=False),
        sa.Column("token", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("complaint_id", Id, autoincrement=False, nullable=True),
        sa.Column("release_id", Id, autoincrement=False, nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("unit_id", Id, autoincrement=False, nullable=True),
        sa.Column("opened_at", UtcDateTime, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("grade_rank", sa.SmallInteger(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=True),
        sa.Column("follow_up_at", UtcDateTime, nullable=True),
        sa.Column("assignee_id", Id, autoincrement=False, nullable=True),
        sa.Column("excluded", Json, nullable=False),
        sa.Column("inputs", Json, nullable=False),
        sa.Column("closed_at", UtcDateTime, nullable=True),
        sa.Column("closed_by_id", Id, autoincrement=False, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assignee_id"], ["person.id"], name="fk_task_assignee_id"),
        sa.ForeignKeyConstraint(["closed_by_id"], ["person.id"], name="fk_task_closed_by_id"),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="fk_task_complaint_id"),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name="fk_task_instance_id"),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name="fk_task_release_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_task_unit_id"),
        sa.PrimaryKeyConstraint("instance_id", "token", name="pk_task"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_task_claimed",
        "task",
        ["assignee_id", "grade_rank", "due_at", "complaint_id", "state"],
        unique=False,
        sqlite_where=sa.text("state = 'claimed'"),
        postgresql_where=sa.text("state = 'claimed'"),
    )
    op.create_index(
        "ix_task_complaint_id",
        "task",
        ["complaint_id"],
        unique=False,
        sqlite_where=sa.text("complaint_id IS NOT NULL"),
        postgresql_where=sa.text("complaint_id IS NOT NULL"),
    )
    op.create_index(
        "ix_task_of_role",
        "task",
        ["role", "grade_rank", "due_at", "unit_id", "complaint_id", "state"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_task_of_unit",
        "task",
        ["role", "unit_id", "grade_rank", "due_at", "complaint_id", "state"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "timer",
        sa.Column("instance_id", Id, autoincrement=False, nullable=False),
        sa.Column("token", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=True),
        sa.Column("complaint_id", Id, autoincrement=False, nullable=True),
        sa.Column("clock", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="fk_timer_complaint_id"),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name="fk_timer_instance_id"),
        sa.PrimaryKeyConstraint("instance_id", "token", name="pk_timer"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_timer_complaint_id",
        "timer",
        ["complaint_id"],
        unique=False,
        sqlite_where=sa.text("complaint_id IS NOT NULL"),
        postgresql_where=sa.text("complaint_id IS NOT NULL"),
    )
    op.create_index(
        "ix_timer_due_at",
        "timer",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    # ### end Alembic commands ###


def downgrade() -> None:
    """Leave nothing."""
    op.drop_table("timer")
    op.drop_table("task")
    op.drop_table("subscription")
    op.drop_table("scope")
    op.drop_table("incident")
    op.drop_table("history")
    op.drop_table("draft")
    op.drop_table("clock")
    op.drop_table("answer")
    op.drop_table("volume")
    op.drop_table("plan")
    op.drop_table("outbox")
    op.drop_table("notice")
    op.drop_table("instance")
    op.drop_table("information")
    op.drop_table("department_request")
    op.drop_table("attachment")
    op.drop_table("role_grant")
    op.drop_table("complaint")
    op.drop_table("special_day")
    op.drop_table("release_file")
    op.drop_table("person")
    op.drop_table("unit")
    op.drop_table("setting")
    op.drop_table("release")
    op.drop_table("number_series")
    op.drop_table("content")
    op.drop_table("command")
    op.drop_table("calendar")
