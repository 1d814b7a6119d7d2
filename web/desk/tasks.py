"""One task: its form, what is known beside it, and what can be done with it."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.domain.errors import (
    ChangedMeanwhile,
    NotFound,
    OnHold,
    OutOfOrder,
    RedressError,
    TaskNotOpen,
    ValueRefused,
)
from engine.domain.organisation import Person
from engine.domain.permissions import Action, may
from engine.domain.task import TaskState
from engine.reads.task import TaskView
from engine.use_cases import inbox
from forms.checking import FormRejected
from web.asking import Asked, typed
from web.current import actor, house, now
from web.desk.inbox import case_beside
from web.errors import status_of
from web.identity import desk_only
from web.locale import called, gettext, local, translate
from web.moments import ago, moment

pages = Blueprint("tasks", __name__, url_prefix="/desk/tasks/<int:instance_id>-<int:token>")
pages.before_request(desk_only)
TOO_LATE = (TaskNotOpen, ChangedMeanwhile, OutOfOrder)


@pages.get("")
def page(instance_id: int, token: int) -> str:
    """The task with its form; what this person typed before is still there."""
    view = house().reads.task(actor(), instance_id, token)
    return _page(view, _asked(view, view.draft.typed if view.draft else None))


@pages.post("/claim")
def claim(instance_id: int, token: int) -> Response | tuple[str, int]:
    """Take it out of the role's inbox."""
    try:
        inbox.claim(house().ports, actor(), instance_id, token)
    except TOO_LATE as refused:
        return _too_late(instance_id, token, refused)
    return redirect(url_for("tasks.page", instance_id=instance_id, token=token), 303)


@pages.post("/put-back")
def put_back(instance_id: int, token: int) -> Response | tuple[str, int]:
    """Give it back to the role's inbox."""
    try:
        inbox.put_back(house().ports, actor(), instance_id, token)
    except TOO_LATE as refused:
        return _too_late(instance_id, token, refused)
    flash(gettext("Put back into the role's inbox."))
    return redirect(url_for("inbox.page"), 303)


@pages.post("/hand-over")
def hand_over(instance_id: int, token: int) -> Response | tuple[str, int]:
    """Give it to another person of the same role."""
    try:
        inbox.hand_over(house().ports, actor(), instance_id, token, request.form.get("to", ""))
    except TOO_LATE as refused:
        return _too_late(instance_id, token, refused)
    flash(gettext("Handed over."))
    return redirect(url_for("inbox.page"), 303)


@pages.post("/draft")
def save_draft(instance_id: int, token: int) -> Response | str | tuple[str, int]:
    """Keep what was typed so far; the page asks by itself, the button asks without JavaScript."""
    try:
        inbox.save_draft(house().ports, actor(), instance_id, token, typed(request.form))
    except TOO_LATE as refused:
        if request.headers.get("HX-Request"):
            raise  # one sentence beside the button; the page still has the text
        return _too_late(instance_id, token, refused)
    saved = gettext("Draft saved %(moment)s", moment=moment(now()))
    if request.headers.get("HX-Request"):
        return saved
    flash(saved)
    return redirect(url_for("tasks.page", instance_id=instance_id, token=token), 303)


@pages.post("/complete")
def complete(instance_id: int, token: int) -> Response | str | tuple[str, int]:
    """Finish the task with its answers; what was typed is never lost, whatever is refused."""
    if request.form.get("then") == "draft":
        return save_draft(instance_id, token)
    view = house().reads.task(actor(), instance_id, token)
    if not view.task.is_open:
        on_hold = view.task.state is TaskState.SUSPENDED
        return _too_late(instance_id, token, OnHold() if on_hold else TaskNotOpen())
    asked = _asked(view, request.form)
    try:
        inbox.complete(
            house().ports,
            actor(),
            instance_id,
            token,
            asked.answers(),
            version=request.form.get("version", view.task.version, type=int),
            form_hash=request.form.get("form_hash"),
        )
    except FormRejected as refused:
        if view.may_complete:  # so that changing the language, or leaving, loses nothing
            with suppress(RedressError):
                inbox.save_draft(house().ports, actor(), instance_id, token, asked.typed)
        return _page(view, asked.refused(refused)), 422
    except ValueRefused as refused:
        return _page(
            view, asked.with_error(str(refused.details.get("field", "")), translate(refused.message))
        ), 422
    except TOO_LATE as refused:
        return _too_late(instance_id, token, refused)
    flash(gettext("Done: %(task)s, %(number)s", task=translate(view.task.name), number=view.number))
    return redirect(url_for("inbox.page"), 303)


def _asked(view: TaskView, given: Mapping[str, Any] | None = None) -> Asked:
    form = house().forms_of(view.task.release_id).form(view.task.form or "")
    context = dict(view.context)
    if "departments" in form.names:
        context.setdefault("departments", _departments())
    return Asked(form, typed=typed(given or {}), context=context)


def _departments() -> list[dict[str, str]]:
    return [{"value": unit.code, "label": called(unit)} for unit in house().reads.departments()]


def _page(view: TaskView, asked: Asked) -> str:
    task, case = view.task, case_beside(view.number)
    return render_template(
        "desk/task.html",
        view=view,
        task=task,
        case=case,
        written=_written(view),
        may_add=case is not None and may(actor(), Action.ADD_INFORMATION, case.complaint),
        asked=asked,
        closed_by=_person(task.closed_by_id) if task.closed_by_id else None,
        version=request.form.get("version", task.version),
        colleagues=house().reads.able_to(task) if view.may_hand_over else [],
    )


def _written(view: TaskView) -> list[tuple[str, str]]:
    """What this person had typed into a task that nobody needs any more, in words."""
    if not view.task.is_closed or view.draft is None:
        return []
    return _in_words(view, _filled(view.draft.typed))


def _filled(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value not in ("", ["", ""])}


def _too_late(instance_id: int, token: int, error: RedressError) -> tuple[str, int]:
    """Somebody was faster, or the case is on hold: say so, give back what was typed, and keep it where it can be."""
    try:
        view = house().reads.task(actor(), instance_id, token)
    except NotFound:  # done, and out of sight since
        view = None
    kept = view is not None and view.may_write and _kept(instance_id, token)
    given = _filled(typed(request.form))
    page = render_template(
        "desk/too_late.html",
        view=view,
        sentence=_who_was_faster(view, error),
        given=_in_words(view, given),
        kept=kept,
    )
    return page, status_of(error)


def _kept(instance_id: int, token: int) -> bool:
    """Whether what was typed is a draft now."""
    written = typed(request.form)
    if not any(written.values()):
        return False
    with suppress(RedressError):
        inbox.save_draft(house().ports, actor(), instance_id, token, written)
        return True
    return False


def _who_was_faster(view: TaskView | None, error: RedressError) -> str:
    if view is None or isinstance(error, OnHold):
        return translate(error.message)
    task = view.task
    if task.closed_by_id is not None and task.closed_by_id == actor().person_id:
        return gettext(
            "You completed this task yourself %(when)s, in another window.", when=ago(task.closed_at)
        )
    if task.closed_by_id is not None:
        who = called(_person(task.closed_by_id))
        return gettext("%(name)s completed this task %(when)s.", name=who, when=ago(task.closed_at))
    if task.state is TaskState.CANCELLED:
        return translate("This task is no longer needed: the complaint moved on.")
    if not task.is_open:
        return gettext("This task was closed %(when)s.", when=ago(task.closed_at))
    if view.assignee_name and task.assignee_id != actor().person_id:
        return gettext("%(name)s works on this task now.", name=local(view, "assignee_name"))
    return translate(error.message)


def _person(person_id: int) -> Person | None:
    return next((one for one in house().reads.people() if one.id == person_id), None)


def _in_words(view: TaskView | None, given: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The answers as the form puts them; as they were sent where the task is out of sight."""
    if view is None or not view.task.form:
        return [
            (name, value if isinstance(value, str) else ", ".join(value)) for name, value in given.items()
        ]
    asked = _asked(view, given)
    return [(asked.label(name), asked.in_words(name, value)) for name, value in given.items()]
