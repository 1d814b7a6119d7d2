"""Ad-hoc subprocesses: a list says which of the activities inside begin, each in a flow and with variables of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from engine.bpmn.expressions import Value, plain, value
from engine.bpmn.extensions import NONE
from engine.bpmn.failures import Failed
from engine.bpmn.specs.activities import Payload
from engine.bpmn.specs.base import About
from engine.bpmn.specs.subprocesses import Subprocess

if TYPE_CHECKING:
    from engine.bpmn.specs.process import ProcessSpec
    from engine.bpmn.tokens import Token


class AdHoc(Subprocess):
    """Holds a level with one token for each flow that began, and the event subprocesses beside them.

    `inner` is that level's spec. It is done when its completion condition holds after a flow ended, or, without
    one, when no flow is open any more; with nothing begun it stays open until an event ends it.
    """

    flow: AdHocFlow
    completion: Value | None = None
    cancels_remaining = True

    def __init__(self, wf_spec: ProcessSpec, name: str, about: About) -> None:
        super().__init__(wf_spec, name, about)
        self.active = value(about.extensions.get("adHoc", "activeElementsCollection"))
        self.result_name = about.extensions.get("adHoc", "outputCollection")
        self.result = value(about.extensions.get("adHoc", "outputElement"))

    def work(self, token: Token) -> bool | None:
        run = token.workflow.run
        chosen = self._chosen(token)
        if self.result_name:
            run.scopes.put(token.id, self.result_name, [])
        level = run.open_empty_level(self.inner, token, token.id, arm=True)
        for element in chosen:
            run.new_token(level, self.flow, memo={"element": element})
        return None

    def _chosen(self, token: Token) -> list[str]:
        if self.active is None:
            return []
        found = plain(token.workflow.run.evaluate(self.active, token.id))
        there = self.flow.beginnings
        if not isinstance(found, list) or not all(isinstance(element, str) for element in found):
            raise Failed("ad_hoc.no_list", f"{self.active.text} is not a list of element ids.")
        unknown = sorted(set(found) - there)
        if unknown:
            raise Failed(
                "ad_hoc.unknown_element",
                f"{', '.join(unknown)} cannot begin here; these can: {', '.join(sorted(there))}.",
            )
        return found

    def may_close(self, token: Token) -> bool:
        return self.completion is None or "enough" in token.memo or "interrupted" in token.memo

    def conclude(self, token: Token, payload: Payload | None) -> Literal[True]:
        if self.result_name:
            scopes = token.workflow.run.scopes
            scopes.write(self.outwards(token), self.result_name, scopes[token.id].values[self.result_name])
        return super().conclude(token, payload)


class AdHocFlow(Subprocess):
    """One flow inside an ad-hoc subprocess: from the activity it began with to where its tokens end."""

    shown = False

    def __init__(self, wf_spec: ProcessSpec, around: AdHoc, inner: ProcessSpec, handlers: set[str]) -> None:
        about = around.about
        super().__init__(
            wf_spec, f"{around.name}.flow", About(about.element, about.name, "flow", about.lane, NONE)
        )
        self.holder = around
        self.inner = inner
        around.flow = self
        self.handlers = handlers

    @property
    def beginnings(self) -> frozenset[str]:
        """The elements a flow may begin with: those no flow leads into."""
        inside = self.inner.task_specs.values()
        attached = {id(event) for spec in inside for event in spec.attached}
        return frozenset(
            spec.bpmn_id
            for spec in inside
            if spec.shown
            and not spec.incoming
            and spec.around is None
            and id(spec) not in attached
            and spec.name not in self.handlers
        )

    def open_locals(self, token: Token) -> None:
        super().open_locals(token)
        scopes, result = token.workflow.run.scopes, self.holder.result
        scopes.walls.add(token.id)
        if result is not None and result.name and result.name not in scopes[token.id].values:
            scopes.put(token.id, result.name, None)

    def work(self, token: Token) -> bool | None:
        run = token.workflow.run
        level = run.open_empty_level(self.inner, token, token.id)
        run.new_token(level, self.inner.task_specs[token.memo["element"]])
        return None

    def conclude(self, token: Token, payload: Payload | None) -> Literal[True]:
        run, owner, holder = token.workflow.run, token.workflow.owner, self.holder
        assert owner is not None
        if holder.result_name:
            found = None if holder.result is None else plain(run.evaluate(holder.result, token.id))
            collected = run.scopes[owner.id].values[holder.result_name]
            run.scopes.put(owner.id, holder.result_name, [*collected, found])
        if holder.completion is not None and run.evaluate(holder.completion, token.id) is True:
            token.memo["enough"] = 1
        token.going = []
        return True

    def _on_complete(self, token: Token) -> None:
        run, owner = token.workflow.run, token.workflow.owner
        if "enough" in token.memo and owner is not None:
            owner.memo["enough"] = 1
            if self.holder.cancels_remaining:
                run.clear(token.workflow, but=token)
        super()._on_complete(token)
