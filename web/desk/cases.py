"""The list of complaints this person may see, with a search."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.domain.complaint import Grade, Stage
from web.current import actor, house
from web.identity import desk_only
from web.numbers import page_asked

pages = Blueprint("cases", __name__, url_prefix="/desk/complaints")
pages.before_request(desk_only)


@pages.get("")
def page() -> str | Response:
    """Complaints by words or number, stage and grade, newest first."""
    text = request.args.get("q", "").strip() or None
    stage = request.args.get("stage") if request.args.get("stage") in list(Stage) else None
    grade = request.args.get("grade") if request.args.get("grade") in list(Grade) else None
    number = page_asked(request)
    found = house().reads.cases(actor(), text=text, stage=stage, grade=grade, page=number)
    if text and len(found.rows) == 1 and found.rows[0].number == text.upper():
        return redirect(url_for("case.page", number=found.rows[0].number))
    wanted = {"q": text, "stage": stage, "grade": grade}
    return render_template(
        "desk/cases.html",
        found=found,
        wanted=wanted,
        link=lambda **changed: url_for("cases.page", **{k: v for k, v in {**wanted, **changed}.items() if v}),
        stages=list(Stage),
        grades=list(Grade),
    )
