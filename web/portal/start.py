"""The customer's first page: complain, or follow a complaint."""

from flask import Blueprint, render_template

pages = Blueprint("portal", __name__)


@pages.get("/")
def start() -> str:
    """What this place is for, and the two ways on."""
    return render_template("portal/start.html")
