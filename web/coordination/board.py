"""The board of collaborations: one row each, a card for every department that was asked."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.domain.department_requests import RequestState
from engine.domain.errors import NotFound, RedressError
from engine.domain.organisation import Unit
from engine.domain.permissions import Action, may
from engine.reads.board import Board, BoardCard
from engine.use_cases import collaboration
from web.current import actor, house
from web.errors import status_of
from web.identity import desk_only
from web.locale import gettext, translate

pages = Blueprint("board", __name__, url_prefix="/desk/collaborations")
pages.before_request(desk_only)

COLUMN = {
    RequestState.ASKED: "asked",
    RequestState.ACCEPTED: "accepted",
    RequestState.ANSWERED: "answered",
    RequestState.RETURNED: "asked",
    RequestState.LET_GO: "gone",
    RequestState.CANCELLED: "gone",
}


@pages.get("")
def page() -> str:
    """All collaborations in sight, the one that is most late first."""
    return render_template("coordination/collaborations.html", found=house().reads.collaborations(actor()))


@pages.get("/<number>")
def one(number: str) -> str:
    """One collaboration in columns: asked, accepted, answered, late."""
    return _board(number)


@pages.post("/<number>/nudge/<int:request_id>")
def nudge(number: str, request_id: int) -> Response | tuple[str, int]:
    """Remind a department."""
    return _act(
        number,
        lambda _complaint: collaboration.nudge(house().ports, actor(), request_id),
        gettext("Reminded."),
    )


@pages.post("/<number>/let-go/<int:request_id>")
def let_go(number: str, request_id: int) -> Response | tuple[str, int]:
    """Do without a department's answer, with a reason."""
    reason = request.form.get("reason", "").strip()
    if not reason:
        return _board(number, problem=gettext("Say why their answer is not needed."), at=request_id), 422
    return _act(
        number,
        lambda _complaint: collaboration.let_go(house().ports, actor(), request_id, reason),
        gettext("Let go."),
    )


@pages.post("/<number>/invite")
def invite(number: str) -> Response | tuple[str, int]:
    """Ask one more department while the others answer."""
    department, question = request.form.get("department", ""), request.form.get("question", "").strip()
    days = request.form.get("days", 0, type=int)
    if not department or not question or not 1 <= days <= 10:
        problem = gettext("Choose a department, write the question, and give 1 to 10 working days.")
        return _board(number, problem=problem, at="invite"), 422
    on_hold = house().reads.collaboration(actor(), number).is_on_hold
    return _act(
        number,
        lambda complaint_id: collaboration.invite(
            house().ports, actor(), complaint_id, department, question, days
        ),
        gettext("Invited; they are asked when the case goes on.") if on_hold else gettext("Invited."),
    )


def _act(number: str, change: Callable[[int], object], done: str) -> Response | tuple[str, int]:
    board = house().reads.collaboration(actor(), number)
    try:
        change(board.complaint_id)
    except NotFound:
        raise
    except RedressError as refused:
        if status_of(refused) >= 500:
            raise
        return _board(number, problem=translate(refused.message)), status_of(refused)
    flash(done)
    return redirect(url_for("board.one", number=number), 303)


def _board(number: str, *, problem: str | None = None, at: Any = None) -> str:
    board = house().reads.collaboration(actor(), number)
    if not board.requests:
        raise NotFound
    return render_template(
        "coordination/board.html",
        board=board,
        columns=_columns(board.requests),
        departments=_not_asked_yet(board),
        may_act=board.sees_case and may(actor(), Action.INVITE),
        problem=problem,
        at_form=at,
        typed=request.form,
    )


def _columns(cards: Sequence[BoardCard]) -> dict[str, list[BoardCard]]:
    """The cards by column; what is late stands there and nowhere else."""
    columns: dict[str, list[BoardCard]] = {
        "asked": [],
        "accepted": [],
        "answered": [],
        "late": [],
        "gone": [],
    }
    for card in cards:
        columns["late" if card.is_late else COLUMN[card.state]].append(card)
    return columns


def _not_asked_yet(board: Board) -> list[Unit]:
    asked = {
        card.department_id
        for card in board.requests
        if card.state in (RequestState.ASKED, RequestState.ACCEPTED)
    }
    return [unit for unit in house().reads.departments() if unit.id not in asked]
