"""Multi-instance: one activity for each item of a list, all at once or one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from engine.bpmn.expressions import Value, plain, value
from engine.bpmn.failures import Failed
from engine.bpmn.specs.activities import Activity, Payload
from engine.bpmn.specs.base import About

if TYPE_CHECKING:
    from engine.bpmn.specs.process import ProcessSpec
    from engine.bpmn.tokens import Token


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

    @property
    def is_undoable_inside(self) -> bool:
        return self.inner.is_undoable_inside

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
            self._open_next(token)
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
            item.memo["enough"] = self._is_enough(token, item.id, active=-1, completed=1)

    def _is_enough(self, token: Token, number: int, *, active: int = 0, completed: int = 0) -> bool:
        """Whether the completion condition holds, with what is about to change counted already."""
        if self.completion is None:
            return False
        memo = token.memo
        counts = {
            "numberOfInstances": memo["n"],
            "numberOfActiveInstances": len(self._items(token)) + active,
            "numberOfCompletedInstances": memo["done"] + completed,
            "numberOfTerminatedInstances": memo["cut"],
        }
        return token.workflow.run.evaluate(self.completion, number, counts) is True

    def item_done(self, token: Token, item: Token) -> None:
        """An item is done: end, or go on with the next one."""
        token.memo["done"] += 1
        self._go_on(token, item, enough=bool(item.memo.get("enough")))

    def _go_on(self, token: Token, over: Token | None, *, enough: bool) -> None:
        run, memo = token.workflow.run, token.memo
        if enough:
            for other in self._items(token):
                if other is not over:
                    memo["cut"] += 1
                    run.cancel(other)
            self._finish(token)
        elif memo["done"] + memo["cut"] >= memo["n"]:
            self._finish(token)
        elif self.sequential and not any(item is not over for item in self._items(token)):
            self._open_next(token)

    def _open_next(self, token: Token) -> None:
        memo = token.memo
        place = memo.get("next", memo["done"] + memo["cut"])
        while place in memo.get("skipped", ()):
            place += 1
        memo["next"] = place + 1
        self._open_item(token, place + 1, memo["items"][place])

    def let_go(self, token: Token, wanted: Any) -> bool:
        """End an item before it is done; False if none has this value. It counts as terminated."""
        item = next((item for item in self._items(token) if self._value(item) == wanted), None)
        if item is None and not self._skip(token, wanted):
            return False
        self.end_item(token, item)
        return True

    def is_last(self, token: Token) -> bool:
        """Whether one item is left that is neither done nor let go."""
        memo = token.memo
        return bool(memo["done"] + memo["cut"] + 1 >= memo["n"])

    def end_item(self, token: Token, item: Token | None) -> None:
        """An item ends before it is done, or is passed over; it counts as terminated."""
        if item is not None:
            token.workflow.run.cancel(item)
        token.memo["cut"] += 1
        self._go_on(token, item, enough=self._is_enough(token, token.id))

    def _value(self, item: Token) -> Any:
        values = item.workflow.run.scopes[item.id].values
        return values.get(self.item_name) if self.item_name else values["loopCounter"]

    def _skip(self, token: Token, wanted: Any) -> bool:
        """One of a sequential list whose turn has not come: it is passed over."""
        memo = token.memo
        skipped = memo.get("skipped", [])
        for place, item in enumerate(memo.get("items", ())):
            value = item if self.item_name else place + 1
            if place >= memo["next"] and place not in skipped and value == wanted:
                memo["skipped"] = [*skipped, place]
                return True
        return False

    def _items(self, token: Token) -> list[Token]:
        return [hosted for hosted in token.hosted if hosted.task_spec is self.inner]

    def _finish(self, token: Token) -> None:
        for name in ("items", "next", "skipped"):
            token.memo.pop(name, None)
        token.memo["got"] = None
        token.resume()

    def conclude(self, token: Token, payload: Payload | None) -> Literal[True]:
        scopes = token.workflow.run.scopes
        if self.result_name:
            scopes.write(token.workflow.number, self.result_name, scopes[token.id].values[self.result_name])
        token.going = self.choose(token)
        return True
