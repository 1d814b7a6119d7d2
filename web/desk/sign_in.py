"""Signing in and out of the desk."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from web import identity
from web.preferences import own_page
from web.security import limit_guesses

pages = Blueprint("sign_in", __name__, url_prefix="/desk")


@pages.get("/sign-in")
def page() -> str | Response:
    """Ask for login and password."""
    if g.actor is not None:
        return redirect(url_for("inbox.page"))
    return render_template(
        "desk/sign_in.html", login="", wrong=False, next=own_page(request.args.get("next")) or ""
    )


@pages.post("/sign-in")
@limit_guesses
def sign_in() -> Response | tuple[str, int]:
    """Open the desk, at the page that was wanted."""
    login, wanted = request.form.get("login", "").strip(), own_page(request.form.get("next"))
    if not identity.sign_in(login, request.form.get("password", "")):
        return render_template("desk/sign_in.html", login=login, wrong=True, next=wanted or ""), 401
    return redirect(wanted or url_for("inbox.page"), 303)


@pages.post("/sign-out")
def sign_out() -> Response:
    """Close the session."""
    identity.sign_out()
    return redirect(url_for("sign_in.page"), 303)
