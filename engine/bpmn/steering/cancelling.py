"""Taking tokens away: with all that hangs from them, and with the levels in which nothing is left."""

from __future__ import annotations

from engine.bpmn.run import Run
from engine.bpmn.specs.multi_instance import MultiInstance
from engine.bpmn.specs.subprocesses import Trigger
from engine.bpmn.tokens import Token
from engine.domain.errors import OutOfOrder


def cancel_token(run: Run, token: Token, *, moved: bool = False) -> None:
    """Cancel a token; a level in which it was the last one ends with the activity it is in, an instance too.

    An item of a multi-instance is let go: it counts as terminated, and the others go on. The last one that `moved`
    elsewhere takes the multi-instance along, which would otherwise go on behind itself besides.
    """
    host = token.host
    if host is not None and is_item(token):
        assert isinstance(host.task_spec, MultiInstance)
        if moved and host.task_spec.is_last(host):
            cancel_token(run, host, moved=True)
            return
        host.task_spec.end_item(host, token)
        run.changed[host.id] = host
        return
    level = token.workflow
    run.cancel(token)
    if len(level.tasks) > level.triggers:
        return
    if level.owner is None:
        run.clear(level)
        run.ended = run.cancelled = True
    else:
        cancel_token(run, level.owner, moved=moved)


def is_item(token: Token) -> bool:
    """Whether it is an item of a multi-instance."""
    host = token.host
    return (
        host is not None
        and isinstance(host.task_spec, MultiInstance)
        and token.task_spec.around is host.task_spec
    )


def stands_alone(token: Token) -> bool:
    """Whether it is a thread of its own: not an event that only waits beside an activity, a gateway or a level."""
    if isinstance(token.task_spec, Trigger):
        return False
    return token.host is None or is_item(token)


def require_alone(token: Token) -> None:
    """Refuse to cancel what waits beside something else."""
    if stands_alone(token):
        return
    host = token.host
    at = token.task_spec.bpmn_id
    if host is None:
        raise OutOfOrder(
            f"{at} only listens for its event; it ends with the process or subprocess around it."
        )
    raise OutOfOrder(
        f"{at} only waits beside {host.task_spec.bpmn_id}: cancel the token there.", token=host.id
    )


def tokens_at(run: Run, element: str) -> list[Token]:
    """The tokens that stand at an element, without those inside another one of them."""
    found = [t for t in run.tokens.values() if t.task_spec.bpmn_id == element and stands_alone(t)]
    ids = {token.id for token in found}
    return [token for token in found if not _is_inside(token, ids)]


def _is_inside(token: Token, ids: set[int]) -> bool:
    here: Token | None = token
    while here is not None:
        here = here.host or here.workflow.owner
        if here is not None and here.id in ids:
            return True
    return False
