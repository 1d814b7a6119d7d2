"""Complaining: three questions and files on one page, then a number and a secret link."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from engine.domain.actor import SYSTEM
from engine.domain.complaint import Channel
from engine.use_cases import intake
from forms.checking import FormRejected
from web.asking import Asked, idempotency_key, typed
from web.current import house
from web.locale import chosen, gettext
from web.uploads import UploadRefused, read_uploads

pages = Blueprint("submit", __name__)

FORM = "complaint"


@pages.get("/complain")
def page() -> str:
    """The empty form."""
    return _form(Asked(house().forms.form(FORM)))


@pages.post("/complain")
def submit() -> Response | tuple[str, int]:
    """Register the complaint; the same form sent twice gives the first one's answer."""
    asked = Asked(house().forms.form(FORM), typed=typed(request.form))
    try:
        uploads = read_uploads(request.files.getlist("files"))
        given = asked.answers()
    except (FormRejected, UploadRefused) as refused:
        return _form(asked.refused(refused)), 422
    submitted = intake.submit(
        house().ports,
        SYSTEM,
        given,
        channel=Channel.PORTAL,
        key=idempotency_key("portal", uploads),
        attachments=uploads,
        language=chosen(),
    )
    session["submitted"] = {"number": submitted.number, "secret": submitted.secret}
    return redirect(url_for("submit.thanks"), 303)


@pages.get("/complain/thanks")
def thanks() -> str | Response:
    """The number and the secret link: shown to the browser that complained, and to no other."""
    submitted = session.get("submitted")
    if not submitted:
        return redirect(url_for("portal.start"))
    link = url_for("follow.by_link", number=submitted["number"], secret=submitted["secret"], _external=True)
    return render_template(
        "portal/thanks.html", number=submitted["number"], secret=submitted["secret"], link=link
    )


def _form(asked: Asked) -> str:
    return render_template("portal/submit.html", asked=asked, title=gettext("Make a complaint"))
