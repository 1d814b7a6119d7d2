"""What a request works with: the joined rooms, the actor, the present moment."""

from datetime import datetime
from typing import cast

from flask import current_app, g

from engine.bootstrap import App
from engine.domain.actor import Actor

EXTENSION = "redress"


def house() -> App:
    """The rooms joined by bootstrap."""
    return cast(App, current_app.extensions[EXTENSION])


def actor() -> Actor:
    """The signed-in person; only pages behind `identity.desk_only` ask."""
    return cast(Actor, g.actor)


def now() -> datetime:
    """The present moment, by the clock the use cases go by."""
    return house().ports.clock.now()
