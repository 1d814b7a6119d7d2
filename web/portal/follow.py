"""Following a complaint: prove the secret, then see the steps, add to it, answer the offer, withdraw."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.domain.actor import Actor, customer_of
from engine.domain.errors import NotFound, RedressError
from engine.use_cases import case
from web.asking import idempotency_key
from web.current import house
from web.errors import status_of
from web.identity import follow_complaint, followed, stop_following
from web.locale import gettext, translate
from web.security import limit_guesses
from web.uploads import UploadRefused, read_uploads

pages = Blueprint("follow", __name__)


@pages.get("/follow")
def page() -> str:
    """Ask for number and secret."""
    return render_template("portal/track.html", number="", wrong=False)


@pages.post("/follow")
@limit_guesses
def prove() -> Response | tuple[str, int]:
    """Open the complaint's page to whoever knows its number and secret."""
    number, secret = request.form.get("number", "").strip().upper(), request.form.get("secret", "").strip()
    customer = house().reads.customer_by(number, secret)
    if customer is None:
        return render_template("portal/track.html", number=number, wrong=True), 422
    follow_complaint(customer, number)
    return redirect(url_for("follow.mine"), 303)


@pages.get("/follow/<number>/<secret>")
@limit_guesses
def by_link(number: str, secret: str) -> Response | tuple[str, int]:
    """The secret link of the thank-you page and the notices."""
    customer = house().reads.customer_by(number, secret)
    if customer is None:
        return render_template("portal/track.html", number=number, wrong=True), 404
    follow_complaint(customer, number)
    return redirect(url_for("follow.mine"), 303)


@pages.get("/my-complaint")
def mine() -> Response | str:
    """Where the complaint stands."""
    customer = _customer()
    if customer is None:
        return redirect(url_for("follow.page"))
    return _page(customer)


@pages.post("/my-complaint/information")
def add_information() -> Response | tuple[str, int]:
    """Add words and files to the complaint."""
    text = request.form.get("text", "").strip()
    if not text:
        return _again(gettext("Write what you want to add, then send it."), field="text")
    try:
        uploads = read_uploads(request.files.getlist("files"))
    except UploadRefused as refused:
        return _again(" ".join(refused.messages), field="files")
    return _act(
        lambda customer, complaint_id: case.add_information(
            house().ports, customer, complaint_id, text, uploads, idempotency_key("information", uploads)
        ),
        gettext("Thank you, it is with your complaint now."),
    )


@pages.post("/my-complaint/offer")
def answer_offer() -> Response | tuple[str, int]:
    """Accept or reject what the bank offers."""
    verdict = request.form.get("verdict")
    if verdict not in ("accept", "reject"):
        return _again(gettext("Choose whether you accept the offer or not."), field="verdict")
    comment = request.form.get("comment", "").strip()
    return _act(
        lambda customer, complaint_id: case.answer_offer(
            house().ports, customer, complaint_id, verdict == "accept", comment, idempotency_key("offer")
        ),
        gettext("Thank you, we have your answer."),
    )


@pages.post("/my-complaint/rating")
def rate() -> Response | tuple[str, int]:
    """Say how it was handled, once it is closed."""
    stars = request.form.get("stars", type=int)
    if stars is None or not 1 <= stars <= 5:
        return _again(gettext("Choose one to five."), field="stars")
    comment = request.form.get("comment", "").strip()
    return _act(
        lambda customer, complaint_id: case.rate(house().ports, customer, complaint_id, stars, comment),
        gettext("Thank you, this helps us."),
    )


@pages.get("/my-complaint/withdraw")
def confirm_withdrawal() -> Response | str:
    """Ask once more: this cannot be undone."""
    customer = _customer()
    if customer is None:
        return redirect(url_for("follow.page"))
    view = house().reads.customer_case(customer)
    return render_template("portal/withdraw.html", view=view)


@pages.post("/my-complaint/withdraw")
def withdraw() -> Response | tuple[str, int]:
    """Withdraw the complaint."""
    reason = request.form.get("reason", "").strip()
    return _act(
        lambda customer, complaint_id: case.withdraw(
            house().ports, customer, complaint_id, reason, idempotency_key("withdrawal")
        ),
        gettext("Your complaint is withdrawn."),
    )


@pages.post("/my-complaint/leave")
def leave() -> Response:
    """Forget the complaint on this browser."""
    stop_following()
    return redirect(url_for("portal.start"), 303)


def _customer() -> Actor | None:
    kept = followed()
    return customer_of(kept["id"]) if kept else None


def _act(change: Callable[[Actor, int], object], thanks: str) -> Response | tuple[str, int]:
    """Carry out what the customer asked and show their page; a refusal stands on top of it, typed text kept."""
    customer = _customer()
    if customer is None or customer.complaint_id is None:
        return redirect(url_for("follow.page"))
    try:
        change(customer, customer.complaint_id)
    except NotFound:
        raise
    except RedressError as refused:
        if status_of(refused) >= 500:
            raise
        return _page(customer, problem=translate(refused.message)), status_of(refused)
    flash(thanks)
    return redirect(url_for("follow.mine"), 303)


def _again(problem: str, *, field: str) -> Response | tuple[str, int]:
    customer = _customer()
    if customer is None:
        return redirect(url_for("follow.page"))
    return _page(customer, problem=problem, field=field), 422


def _page(customer: Actor, *, problem: str | None = None, field: str | None = None) -> str:
    view = house().reads.customer_case(customer)
    return render_template(
        "portal/complaint.html", view=view, problem=problem, field=field, typed=request.form
    )
