"""Language and light or dark, kept in cookies for a year."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from web.locale import COOKIE, known

preferences = Blueprint("preferences", __name__)

YEAR = 365 * 24 * 3600
THEMES = ("auto", "light", "dark")


@preferences.post("/preferences")
def keep() -> Response:
    """Keep what was chosen and go back to the page it was chosen on."""
    answer = redirect(own_page(request.form.get("back")) or url_for("portal.start"))
    language, theme = known(request.form.get("language")), request.form.get("theme")
    if language:
        _keep(answer, COOKIE, language)
    if theme in THEMES:
        _keep(answer, "theme", theme)
    return answer


def own_page(path: str | None) -> str | None:
    """The path if it is one of this site; anything that could lead elsewhere is None."""
    if path and path.startswith("/") and not path.startswith(("//", "/\\")) and "\n" not in path:
        return path
    return None


def _keep(answer: Response, name: str, value: str) -> None:
    answer.set_cookie(name, value, max_age=YEAR, samesite="Lax", httponly=True)
