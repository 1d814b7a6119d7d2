"""A complaint that reached the bank by counter, phone or letter: staff register it with the customer present."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.use_cases import intake
from forms.checking import FormRejected
from web.asking import Asked, idempotency_key, typed
from web.current import actor, house
from web.identity import desk_only
from web.locale import gettext
from web.uploads import UploadRefused, read_uploads

pages = Blueprint("new_complaint", __name__, url_prefix="/desk/complaints")
pages.before_request(desk_only)

FORM = "staff_complaint"


@pages.get("/new")
def page() -> str:
    """The empty form."""
    return _form(Asked(house().forms.form(FORM)))


@pages.post("/new")
def register() -> Response | tuple[str, int]:
    """Register it; who registers it is its first owner."""
    asked = Asked(house().forms.form(FORM), typed=typed(request.form))
    try:
        uploads = read_uploads(request.files.getlist("files"))
        given = asked.answers()
    except (FormRejected, UploadRefused) as refused:
        return _form(asked.refused(refused)), 422
    submitted = intake.submit(
        house().ports,
        actor(),
        given,
        channel=given.values["channel"],
        key=idempotency_key("desk", uploads),
        attachments=uploads,
        staff=True,
    )
    flash(
        gettext(
            "Registered as %(number)s. The customer follows it with the secret %(secret)s.",
            number=submitted.number,
            secret=submitted.secret,
        )
    )
    return redirect(url_for("case.page", number=submitted.number), 303)


def _form(asked: Asked) -> str:
    return render_template("desk/new_complaint.html", asked=asked)
