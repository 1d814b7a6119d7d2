"""One complaint: what happened, what is known, where it stands, and what can be done about it."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.domain.complaint import Grade
from engine.domain.errors import NotFound, RedressError
from engine.domain.permissions import Action, Sight, may
from engine.reads.case import CaseView
from engine.use_cases import case, incidents
from web.asking import idempotency_key
from web.current import actor, house
from web.drawing import drawings, story_of
from web.errors import status_of
from web.identity import desk_only
from web.locale import gettext, translate
from web.preferences import own_page
from web.telling import worth_telling
from web.uploads import UploadRefused, read_uploads
from web.words import FLAGS

pages = Blueprint("case", __name__, url_prefix="/desk/complaints/<number>")
pages.before_request(desk_only)

TABS = ("facts", "evidence", "plan", "people", "diagram", "archive")


@pages.get("")
def page(number: str) -> str:
    """The case with one of its tabs open."""
    return _page(number)


@pages.post("/grade")
def raise_grade(number: str) -> Response | tuple[str, int]:
    """Raise the grade, with a reason; lowering it goes to the consumer-protection office by itself."""
    grade, reason = request.form.get("grade", ""), request.form.get("reason", "").strip()
    if grade not in list(Grade) or not reason:
        return _page(number, problem=gettext("Choose the grade and say why."), panel="grade"), 422
    return _act(
        number,
        lambda complaint_id: case.raise_grade(house().ports, actor(), complaint_id, Grade(grade), reason),
        gettext("The new grade is with the process."),
        panel="grade",
    )


@pages.post("/information")
def add_information(number: str) -> Response | tuple[str, int]:
    """Add what the customer or somebody else told the bank."""
    text = request.form.get("text", "").strip()
    try:
        uploads = read_uploads(request.files.getlist("files"))
    except UploadRefused as refused:
        return _page(number, problem=" ".join(refused.messages), panel="information"), 422
    if not text and not uploads:
        return _page(number, problem=gettext("Write what you want to add."), panel="information"), 422
    return _act(
        number,
        lambda complaint_id: case.add_information(
            house().ports, actor(), complaint_id, text, uploads, idempotency_key("desk-information", uploads)
        ),
        gettext("Added to the case."),
        panel="information",
    )


@pages.post("/incidents/<int:incident_id>/retry")
def retry(number: str, incident_id: int) -> Response | tuple[str, int]:
    """Let a step that failed try again, with a reason."""
    reason = request.form.get("reason", "")

    def retry_own(_complaint_id: int) -> None:
        if incident_id not in [incident.id for incident in house().reads.case(actor(), number).incidents]:
            raise NotFound
        incidents.retry(house().ports, actor(), incident_id, reason)

    return _act(
        number,
        retry_own,
        gettext("Tried again; see the diagram for where it stands now."),
        panel="incidents",
        tab="diagram",
    )


def _act(
    number: str, change: Callable[[int], object], done: str, *, panel: str, tab: str | None = None
) -> Response | tuple[str, int]:
    view = house().reads.case(actor(), number)
    try:
        change(view.complaint.id)
    except NotFound:
        raise
    except RedressError as refused:
        if status_of(refused) >= 500:
            raise
        return _page(number, problem=translate(refused.message), panel=panel), status_of(refused)
    flash(done)
    return redirect(own_page(request.form.get("back")) or url_for("case.page", number=number, tab=tab), 303)


def _page(number: str, *, problem: str | None = None, panel: str | None = None) -> str:
    view = house().reads.case(actor(), number)
    complaint, tab = view.complaint, request.args.get("tab")
    everything = bool(request.args.get("all"))
    return render_template(
        "desk/case.html",
        view=view,
        complaint=complaint,
        story=story_of(view),
        events=worth_telling(view.events, everything),
        everything=everything,
        sees_all=view.sight is Sight.WHOLE,
        tab=tab if tab in TABS else TABS[0],
        flags=[flag for flag in FLAGS if getattr(complaint, flag)],
        grades=[grade for grade in Grade if complaint.grade is None or grade.rank > complaint.grade.rank],
        problem=problem,
        panel=panel,
        typed=request.form,
        may_raise=complaint.is_open and may(actor(), Action.RAISE_GRADE, complaint),
        may_add=complaint.is_open and may(actor(), Action.ADD_INFORMATION, complaint),
        may_retry=may(actor(), Action.RETRY_INCIDENT),
        **(_drawn(view) if tab == "diagram" else {}),
    )


def _drawn(view: CaseView) -> dict[str, Any]:
    drawn, wanted = drawings(view), request.args.get("drawing")
    shown = next((one for one in drawn if one.key == wanted), drawn[0] if drawn else None)
    return {"drawn": drawn, "shown": shown}
