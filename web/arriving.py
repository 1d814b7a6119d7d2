"""What arrives with a request, before any page reads it: text without the null character, which no database column keeps."""

from flask import Flask, abort, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

NULL = "\0"


def init(app: Flask) -> None:
    """Clean what every request brings."""
    app.before_request(_without_nulls)


def _without_nulls() -> None:
    """Nobody types a null character; what was typed around it is kept. An address with one leads nowhere."""
    if NULL in request.path:
        abort(404)
    if _holds_one(request.args):
        request.args = _cleaned(request.args)
    if _holds_one(request.form):
        request.form = _cleaned(request.form)


def _holds_one(given: MultiDict[str, str]) -> bool:
    return any(NULL in name or NULL in value for name, value in given.items(multi=True))


def _cleaned(given: MultiDict[str, str]) -> ImmutableMultiDict[str, str]:
    return ImmutableMultiDict(
        [(name.replace(NULL, ""), value.replace(NULL, "")) for name, value in given.items(multi=True)]
    )
