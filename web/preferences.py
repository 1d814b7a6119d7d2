"""Language and light or dark, kept in cookies for a year."""

from flask import Blueprint, current_app, redirect, request, url_for
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


def page_shown() -> str:
    """The path that shows this page again: its own, or for the answer to a form that of the page it stood on."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    pages, parts = current_app.create_url_adapter(request), request.path.split("/")
    while pages is not None and len(parts) > 1:
        path = "/".join(parts)
        if pages.test(path, "GET"):
            return path
        parts.pop()
    return ""


def own_page(path: str | None) -> str | None:
    """The path if it is one of this site; anything that could lead elsewhere is None."""
    # browsers drop tabs and line ends from an address, so that "/<tab>/elsewhere" is "//elsewhere" to them
    if path and path.isprintable() and path.startswith("/") and not path.startswith(("//", "/\\")):
        return path
    return None


def _keep(answer: Response, name: str, value: str) -> None:
    answer.set_cookie(name, value, max_age=YEAR, samesite="Lax", httponly=True)
