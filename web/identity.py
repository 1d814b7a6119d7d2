"""Who is asking: sign-in of bank people with Flask-Login, and the customer's proof kept in the session."""

from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import Flask, g, redirect, request, session, url_for
from flask_login import LoginManager, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from engine.domain.actor import Actor
from engine.domain.organisation import Person
from web.current import house

manager = LoginManager()
hasher = PasswordHasher()
# Verified when the login is unknown, so that an unknown login takes as long as a wrong password.
NOBODY = hasher.hash("nobody has this password")


class SignedIn:
    """A signed-in person as Flask-Login wants it; the session keeps the login."""

    is_authenticated = is_active = True
    is_anonymous = False

    def __init__(self, person: Person, actor: Actor | None = None) -> None:
        self.person = person
        self.actor = actor

    def get_id(self) -> str:
        """What the session keeps."""
        return self.person.login


def init(app: Flask) -> None:
    """Load the person of the session before each page that needs one."""
    # an error page must not ask the database who is signed in: it may be the database that is gone
    manager.init_app(app, add_context_processor=False)
    manager.user_loader(_load)
    app.before_request(_know_actor)


def sign_in(login: str, password: str) -> bool:
    """Open a session for this person if the password is theirs and they still work here."""
    person = house().reads.login(login)
    if not _is_password(person.password_hash if person else NOBODY, password):
        return False
    if person is None or not person.active:
        return False
    session.clear()
    session.permanent = True
    login_user(SignedIn(person))
    return True


def sign_out() -> None:
    """Forget everything this browser's session knew."""
    logout_user()
    session.clear()


def desk_only() -> Response | None:
    """Run before pages of the desk: whoever is not signed in goes to the sign-in page and comes back after."""
    if g.get("actor") is not None:
        return None
    back = request.full_path.rstrip("?") if request.method == "GET" else ""
    target = url_for("sign_in.page", next=back or None)
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": target})
    return redirect(target)


def _know_actor() -> None:
    g.person, g.actor = None, None
    if request.endpoint == "static" or not current_user.is_authenticated:
        return
    g.person, g.actor = current_user.person, current_user.actor


def _load(login: str) -> SignedIn | None:
    found = house().reads.signed_in(login)
    return None if found is None else SignedIn(*found)


def _is_password(kept: str, typed: str) -> bool:
    try:
        return hasher.verify(kept, typed)
    except (VerificationError, InvalidHashError):
        return False


def follow_complaint(customer: Actor, number: str) -> None:
    """The customer of this browser proved to hold the secret of this complaint."""
    session["complaint"] = {"id": customer.complaint_id, "number": number}


def followed() -> dict[str, Any] | None:
    """The complaint this browser follows, if it proved to hold its secret."""
    kept = session.get("complaint")
    return kept if isinstance(kept, dict) else None


def stop_following() -> None:
    """Forget the complaint on this browser, and the secret its thank-you page shows."""
    session.pop("complaint", None)
    session.pop("submitted", None)
