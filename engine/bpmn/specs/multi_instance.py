"""Multi-instance: one activity for each item of a list, all at once or one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from engine.bpmn.expressions import Value, plain, value
from engine.bpmn.failures import Failed
from engine.bpmn.specs.activities import Activity, Payload
from engine.bpmn.specs.base import About
from engine.bpmn.throwing import throw

if TYPE_CHECKING:
    from engine.bpmn.specs.process import ProcessSpec
    from engine.bpmn.tokens import Token

NOT_RUNNING = "multi_instance.not_running"


class MultiInstance(Activity):
    """Stands around an activity; its token hosts those of the items.

    The wrapper has the boundary events and the flows, the activity inside has the mappings. `memo` counts: `n`
    items, `done`, `cut` (let go before they were done); a sequential one keeps its `items`.
    """

    def __init__(
        self,
        wf_spec: ProcessSpec,
        name: str,
        about: About,
        inner: Activity,
        *,
        sequential: bool,
        collection: Value,
        completion: Value | None,
    ) -> None:
        super().__init__(wf_spec, name, about)
        self.inputs_map, self.outputs_map, self.writes_complaint = [], [], False
        loop = about.extensions.elements["loopCharacteristics"]
        self.inner = inner
        inner.around = self
        self.sequential = sequential
        self.collection = collection
        self.completion = completion
        self.item_name = loop.get("inputElement") or None
        self.result_name = loop.get("outputCollection") or None
        self.result = value(loop.get("outputElement"))

    def work(self, token: Token) -> bool | None:
        run = token.workflow.run
        items = plain(run.evaluate(self.collection, token.workflow.number))
        if not isinstance(items, list):
            raise Failed("multi_instance.no_list", f"{self.collection.text} is not a list.")
        run.scopes.open(token.id, token.workflow.number)
        if self.result_name:
            run.scopes.put(token.id, self.result_name, [None] * len(items))
        token.memo.update(n=len(items), done=0, cut=0)
        if not items:
            return self.conclude(token, None)
        if self.sequential:
            token.memo["items"] = items
            self._open_item(token, 1, items[0])
        else:
            for number, item in enumerate(items, 1):
                self._open_item(token, number, item)
        return None

    def _open_item(self, token: Token, number: int, item: Any) -> None:
        run = token.workflow.run
        made = run.new_token(token.workflow, self.inner, host=token)
        variables: dict[str, Any] = {"loopCounter": number}
        if self.item_name:
            variables[self.item_name] = item
        if self.result is not None and self.result.name:
            variables.setdefault(self.result.name, None)
        run.scopes.open(made.id, token.id, variables)

    def add(self, token: Token, item: Any) -> None:
        """One more item while it runs."""
        memo, scopes = token.memo, token.workflow.run.scopes
        memo["n"] += 1
        if self.result_name:
            found = scopes[token.id].values[self.result_name]
            scopes.put(token.id, self.result_name, [*found, None])
        if self.sequential:
            memo["items"] = [*memo["items"], item]
        else:
            self._open_item(token, memo["n"], item)

    def collect(self, item: Token) -> None:
        """An item is about to be done: keep its result and see whether that is enough."""
        token = item.host
        assert token is not None
        run = token.workflow.run
        if self.result_name:
            found = None if self.result is None else plain(run.evaluate(self.result, item.id))
            results = list(run.scopes[token.id].values[self.result_name])
            results[run.scopes[item.id].values["loopCounter"] - 1] = found
            run.scopes.put(token.id, self.result_name, results)
        if self.completion is not None:
            memo = token.memo
            counts = {
                "numberOfInstances": memo["n"],
                "numberOfActiveInstances": len(self._items(token)) - 1,
                "numberOfCompletedInstances": memo["done"] + 1,
                "numberOfTerminatedInstances": memo["cut"],
            }
            item.memo["enough"] = run.evaluate(self.completion, item.id, counts) is True

    def item_done(self, token: Token, item: Token) -> None:
        """An item is done: end, or go on with the next one."""
        run, memo = token.workflow.run, token.memo
        memo["done"] += 1
        if item.memo.get("enough"):
            for other in self._items(token):
                if other is not item:
                    memo["cut"] += 1
                    run.cancel(other)
            self._finish(token)
        elif memo["done"] + memo["cut"] >= memo["n"]:
            self._finish(token)
        elif self.sequential:
            number = memo["done"] + memo["cut"]
            self._open_item(token, number + 1, memo["items"][number])

    def _items(self, token: Token) -> list[Token]:
        return [hosted for hosted in token.hosted if hosted.task_spec is self.inner]

    def _finish(self, token: Token) -> None:
        token.memo.pop("items", None)
        token.memo["got"] = None
        token.resume()

    def conclude(self, token: Token, payload: Payload | None) -> Literal[True]:
        scopes = token.workflow.run.scopes
        if self.result_name:
            scopes.write(token.workflow.number, self.result_name, scopes[token.id].values[self.result_name])
        token.going = self.choose(token)
        return True


class AddItem(Activity):
    """`multi_instance.add`, drawn as a service task: one more item for a multi-instance that runs in this instance.

    Where none runs it throws the error "multi_instance.not_running", which the diagram may catch.
    """

    TYPE: ClassVar[str] = "multi_instance.add"

    def work(self, token: Token) -> bool | None:
        run = token.workflow.run
        element, item = run.scopes.find(token.scope, "element"), run.scopes.find(token.scope, "item")
        for other in run.tokens.values():
            spec = other.task_spec
            if (
                isinstance(spec, MultiInstance)
                and spec.bpmn_id == element
                and "n" in other.memo
                and other.is_waiting
            ):
                spec.add(other, item)
                run.changed[other.id] = other
                return self.conclude_safely(token, None)
        message = f"The multi-instance {element!r} does not run here any more."
        if not throw(run, token, "error", NOT_RUNNING, {"code": NOT_RUNNING, "message": message}):
            raise Failed(NOT_RUNNING, message)
        return None
