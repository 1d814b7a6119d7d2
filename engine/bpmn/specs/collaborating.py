"""Service tasks of the engine's own: one more item for a multi-instance that runs, or one of its items let go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from engine.bpmn.failures import Failed
from engine.bpmn.specs.activities import Activity
from engine.bpmn.specs.multi_instance import MultiInstance
from engine.bpmn.throwing import throw

if TYPE_CHECKING:
    from engine.bpmn.run import Run
    from engine.bpmn.tokens import Token

NOT_RUNNING = "multi_instance.not_running"
NOT_FOUND = "multi_instance.no_item"


class ItemTask(Activity):
    """Changes the items of a multi-instance activity (`element`) that runs in this instance, by an `item`.

    Of several with this name the nearest outwards is meant. Where none runs it throws the error
    "multi_instance.not_running", which the diagram may catch.
    """

    def work(self, token: Token) -> bool | None:
        run = token.workflow.run
        element = run.scopes.find(token.scope, "element")
        item = run.scopes.find(token.scope, "item")
        for other in _nearest_first(run, token):
            spec = other.task_spec
            if isinstance(spec, MultiInstance) and spec.bpmn_id == element and is_running(other):
                if not self.change(spec, other, item):
                    self._throw(token, NOT_FOUND, f"The multi-instance {element!r} has no such item.")
                    return None
                run.changed[other.id] = other
                return self.conclude_safely(token, None)
        self._throw(token, NOT_RUNNING, f"The multi-instance {element!r} does not run here any more.")
        return None

    def change(self, spec: MultiInstance, token: Token, item: Any) -> bool:
        """Do it; False if there is no such item."""
        raise AssertionError(f"{self} changes nothing")

    def _throw(self, token: Token, code: str, message: str) -> None:
        if not throw(token.workflow.run, token, "error", code, {"code": code, "message": message}):
            raise Failed(code, message)


class AddItem(ItemTask):
    """`multi_instance.add`: one more item, last in its list."""

    TYPE: ClassVar[str] = "multi_instance.add"

    def change(self, spec: MultiInstance, token: Token, item: Any) -> bool:
        spec.add(token, item)
        return True


class LetItemGo(ItemTask):
    """`multi_instance.let_go`: ends the item with this value; it counts as terminated."""

    TYPE: ClassVar[str] = "multi_instance.let_go"

    def change(self, spec: MultiInstance, token: Token, item: Any) -> bool:
        return spec.let_go(token, item)


BUILT_IN = {task.TYPE: task for task in (AddItem, LetItemGo)}


def is_running(token: Token) -> bool:
    """Whether a multi-instance has begun its items and waits for them."""
    return "n" in token.memo and token.is_waiting


def _nearest_first(run: Run, token: Token) -> Iterator[Token]:
    """The tokens of the level it stands in, of those around, then all others."""
    here: Token | None = token
    while here is not None:
        yield from list(here.workflow.tasks.values())
        here = here.workflow.owner
    yield from list(run.tokens.values())
