"""The inbox: what waits for this person, most urgent first, with a preview beside the list."""

from typing import Any

from flask import Blueprint, render_template, request, url_for

from engine.domain.complaint import Grade
from engine.domain.errors import NotFound
from engine.domain.events import HistoryEvent
from engine.domain.permissions import Sight
from engine.reads.case import CaseView
from engine.reads.inbox import InboxRow
from web.current import actor, house
from web.drawing import story_of
from web.identity import desk_only
from web.numbers import page_asked, row_number
from web.telling import worth_telling

pages = Blueprint("inbox", __name__, url_prefix="/desk")
pages.before_request(desk_only)

VIEWS = ("mine", "role", "late", "watch")
SORTS = ("urgency", "due", "newest")
FILTERS = ("view", "role", "grade", "q", "sort", "page")


@pages.get("/")
def page() -> str:
    """One view of the inbox; `selected` is the task previewed."""
    wanted = _wanted()
    found = house().reads.inbox(actor(), **_as_asked(wanted))
    if "view" not in request.args and wanted["view"] == "mine" and not found.rows and found.counts.role:
        wanted["view"] = "role"
        found = house().reads.inbox(actor(), **_as_asked(wanted))
    selected = request.args.get("selected") or (_key(found.rows[0]) if found.rows else None)
    return render_template(
        "desk/inbox.html",
        found=found,
        wanted=wanted,
        selected=selected,
        preview=_preview(selected),
        chosen_by_hand="selected" in request.args,
        views=VIEWS,
        sorts=SORTS,
        grades=list(Grade),
        link=lambda **changed: _link(wanted, **changed),
        latest=latest,
    )


@pages.get("/preview/<int:instance_id>-<int:token>")
def preview(instance_id: int, token: int) -> str:
    """The preview alone, for the list to load beside itself."""
    key = f"{instance_id}-{token}"
    return render_template("desk/_preview.html", preview=_preview(key), latest=latest)


def _wanted() -> dict[str, Any]:
    ask = request.args
    return {
        "view": ask.get("view") if ask.get("view") in VIEWS else "mine",
        "role": ask.get("role") or None,
        "grade": ask.get("grade") if ask.get("grade") in list(Grade) else None,
        "q": ask.get("q", "").strip() or None,
        "sort": ask.get("sort") if ask.get("sort") in SORTS else "urgency",
        "page": page_asked(request),
    }


def _as_asked(wanted: dict[str, Any]) -> dict[str, Any]:
    return {("text" if name == "q" else name): value for name, value in wanted.items()}


def _link(wanted: dict[str, Any], **changed: Any) -> str:
    values = {**wanted, "page": None, **changed}
    if values.get("page") == 1:
        values["page"] = None
    return url_for("inbox.page", **{name: value for name, value in values.items() if value})


def _key(row: InboxRow) -> str:
    return f"{row.instance_id}-{row.token}"


def _preview(key: str | None) -> Any:
    """The task with its case; None when it is gone, because someone was faster."""
    if not key:
        return None
    instance_id, token = (row_number(part) for part in key.partition("-")[::2])
    if instance_id is None or token is None:
        return None
    try:
        view = house().reads.task(actor(), instance_id, token)
    except NotFound:
        return None
    case = case_beside(view.number)
    return view, case, story_of(case) if case else None


def case_beside(number: str | None) -> CaseView | None:
    """The case of a task as far as this person sees it; None where they see only the task."""
    try:
        view = house().reads.case(actor(), number) if number else None
    except NotFound:
        return None
    return view if view is not None and view.sight is Sight.WHOLE else None


def latest(view: CaseView) -> list[HistoryEvent]:
    """The last three things worth telling."""
    return worth_telling(view.events)[:3]
