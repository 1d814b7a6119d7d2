"""What keeps pages safe: content security policy and other headers, CSRF tokens, limits on guessing."""

from flask import Flask, Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect

POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
GUESSES = "10 per minute; 100 per hour"

csrf = CSRFProtect()
limiter = Limiter(get_remote_address, storage_uri="memory://")


def init(app: Flask) -> None:
    """Put the guards around the application."""
    csrf.init_app(app)
    limiter.init_app(app)
    app.after_request(_add_headers)


# A secret is guessed by link as well as by form. Only wrong guesses count: who knows the secret is never locked out by it.
limit_guesses = limiter.limit(
    GUESSES, methods=["GET", "POST"], deduct_when=lambda answer: answer.status_code in (401, 404, 422)
)


def _add_headers(answer: Response) -> Response:
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    if request.endpoint == "static":
        if "/dist/" in request.path:  # the names carry a hash of the content
            answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    else:
        answer.headers.setdefault("Cache-Control", "no-store")
    return answer
