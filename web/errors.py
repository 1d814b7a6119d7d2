"""Errors become pages here, by one table: what was refused, its status, and a sentence with what to do."""

import structlog
from flask import Flask, g, render_template, request
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from markupsafe import escape
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from engine.domain.errors import (
    ChangedMeanwhile,
    DefinitionRefused,
    LimitExceeded,
    NotAllowed,
    NotFound,
    OnHold,
    OperationFailed,
    OutOfOrder,
    ProcessStuck,
    RedressError,
    TaskNotOpen,
    Unavailable,
    ValueRefused,
)
from web.locale import gettext, translate

log = structlog.get_logger()

STATUS: dict[type[RedressError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    TaskNotOpen: 409,
    ChangedMeanwhile: 409,
    OutOfOrder: 409,
    LimitExceeded: 413,
    ValueRefused: 422,
    DefinitionRefused: 422,
    ProcessStuck: 500,
    OperationFailed: 500,
    Unavailable: 503,
}


def status_of(error: RedressError) -> int:
    """The HTTP status of an error: its own, or that of the nearest kind above it."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def init(app: Flask) -> None:
    """Answer every error with a page of our own."""
    app.register_error_handler(RedressError, _refused)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(RateLimitExceeded, _too_many)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _broken)


def page(status: int, sentence: str, *, title: str | None = None) -> tuple[str, int]:
    """An error page: a title by status, and the sentence; a page that asked for a part of itself gets the sentence."""
    if request.headers.get("HX-Request"):
        return escape(sentence), status
    template = "errors/desk.html" if g.get("actor") else "errors/portal.html"
    return render_template(template, status=status, title=title or _title(status), sentence=sentence), status


def _refused(error: RedressError) -> tuple[str, int]:
    status = status_of(error)
    if status >= 500:
        log.warning("refused", code=error.code, message=error.message, path=_place())
    # The same page for what is not there and for what is out of sight: the sentence must not tell them apart.
    sentence = NotFound().message if isinstance(error, NotFound) else error.message
    title = gettext("This case is on hold") if isinstance(error, OnHold) else None
    return page(status, translate(sentence), title=title)


def _stale_form(_error: CSRFError) -> tuple[str, int]:
    sentence = gettext(
        "This page was open for too long, or its form came from elsewhere. Go back, reload it and send it again."
    )
    return page(400, sentence)


def _too_many(_error: RateLimitExceeded) -> tuple[str, int]:
    return page(429, gettext("Too many tries. Wait a minute, then try again."))


def _http(error: HTTPException) -> tuple[str, int] | Response:
    status = error.code or 500
    if status < 400:  # a redirect to the address with or without its last slash
        return error.get_response()
    sentences = {
        404: translate(NotFound().message),
        405: gettext("This address does not take what was sent to it."),
        413: gettext(
            "This is more than we can take in one piece: at most 10 files, 10 MB each, 25 MB together."
        ),
    }
    return page(
        status, sentences.get(status, gettext("We could not read what was sent. Go back and try again."))
    )


def _broken(error: Exception) -> tuple[str, int]:
    log.exception("page failed", path=_place(), exc_info=error)
    return page(
        500,
        gettext(
            "Something broke on our side. Nothing of what you sent was half kept; try again in a moment."
        ),
    )


def _place() -> str:
    """Where it happened, for the log: a secret in the address stays out of it."""
    secret = (request.view_args or {}).get("secret")
    return request.path.replace(secret, "…") if secret else request.path


def _title(status: int) -> str:
    titles = {
        400: gettext("That did not arrive whole"),
        403: gettext("Not yours to do"),
        404: gettext("Nothing here"),
        409: gettext("Someone was faster"),
        413: gettext("Too large"),
        422: gettext("A value does not fit"),
        429: gettext("Slow down for a minute"),
        503: gettext("Busy right now"),
    }
    return titles.get(status, gettext("Something went wrong"))
