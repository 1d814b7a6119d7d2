"""The health page for whoever watches the service: 200 while the database answers, else 503."""

from flask import Blueprint, jsonify
from werkzeug.wrappers import Response

from engine.domain.errors import Unavailable
from web.current import house

health = Blueprint("health", __name__)


@health.get("/healthz")
def page() -> tuple[Response, int]:
    """Whether Redress can work right now; no figures, for anyone may ask."""
    try:
        house().reads.status()
    except Unavailable:
        return jsonify(status="unavailable"), 503
    return jsonify(status="ok"), 200
