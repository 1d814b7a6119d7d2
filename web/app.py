"""The Flask application: joins pages, identity, languages, security and errors; knows no rule of the domain."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask, g, request, url_for

from engine.bootstrap import App
from engine.domain.organisation import Role
from web import arriving, errors, identity, locale, moments, security, words
from web.asking import new_key
from web.bundles import bundled
from web.calendars import zone_name
from web.coordination import board
from web.current import EXTENSION
from web.desk import case, cases, diagrams, files, inbox, new_complaint, sign_in, tasks
from web.health import health
from web.numbers import RowNumber
from web.portal import follow, start, submit
from web.preferences import page_shown, preferences
from web.uploads import ACCEPTED

HERE = Path(__file__).parent
PAGES = (
    start.pages,
    submit.pages,
    follow.pages,
    preferences,
    health,
    sign_in.pages,
    inbox.pages,
    tasks.pages,
    new_complaint.pages,
    cases.pages,
    case.pages,
    diagrams.pages,
    files.pages,
    board.pages,
)


def create_app(house: App) -> Flask:
    """The web application over joined rooms."""
    # Flask would look for an instance folder by the package, and a namespace package has no one place
    app = Flask(__name__, root_path=str(HERE), instance_path=str(house.settings.home.absolute()))
    app.extensions[EXTENSION] = house
    app.config.update(
        SECRET_KEY=house.ports.secret_key,
        SESSION_COOKIE_NAME="redress",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=house.settings.base_url.startswith("https://"),
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        MAX_CONTENT_LENGTH=40 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_DEFAULT_LOCALE=locale.ENGLISH,
        BABEL_TRANSLATION_DIRECTORIES=str(HERE / "translations"),
    )
    app.url_map.converters["int"] = RowNumber
    locale.babel.init_app(app, locale_selector=locale.chosen, timezone_selector=zone_name)
    arriving.init(app)
    identity.init(app)
    security.init(app)
    errors.init(app)
    for pages in PAGES:
        app.register_blueprint(pages)
    _teach_templates(app)
    return app


def _teach_templates(app: Flask) -> None:
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        moment=moments.moment,
        day=moments.day,
        left=moments.left,
        ago=moments.ago,
        by_when=moments.by_when,
        word=lambda value, table: words.word(table, value),
        translate=locale.translate,
        called=locale.called,
        amount=words.amount,
    )
    app.jinja_env.globals.update(
        urgency=moments.urgency,
        local=locale.local,
        new_key=new_key,
        accepted_files=ACCEPTED,
        used=moments.used,
        grade_icon=words.GRADE_ICONS.get,
        languages=locale.LANGUAGES,
        asset=lambda name: url_for("static", filename=bundled(name)),
    )
    app.context_processor(_page_words)


def _page_words() -> dict[str, Any]:
    person, actor = g.get("person"), g.get("actor")
    roles = actor.roles if actor else frozenset()
    return {
        "person": person,
        "actor": actor,
        "may_coordinate": bool(roles & {Role.COORDINATOR, Role.CONSUMER_PROTECTION, Role.CONTRIBUTOR}),
        "language": locale.chosen(),
        "language_tag": locale.TAGS[locale.chosen()],
        "theme": request.cookies.get("theme", "auto"),
        "here": page_shown(),
        "is_partial": request.headers.get("HX-Request") == "true",
    }
