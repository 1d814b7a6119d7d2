"""Variables and tokens of an instance changed by hand: what the process alone cannot mend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from engine.bpmn.expressions import RESERVED, plain
from engine.bpmn.failures import Failed
from engine.bpmn.instances import Instances
from engine.bpmn.limits import kept_all
from engine.bpmn.run import Run
from engine.bpmn.scopes import merged
from engine.bpmn.specs.ad_hoc import AdHoc, AdHocFlow
from engine.bpmn.specs.multi_instance import MultiInstance
from engine.bpmn.steering.cancelling import cancel_token, require_alone, tokens_at
from engine.bpmn.steering.placing import Place, place_for, require_flow
from engine.bpmn.tokens import Token
from engine.domain.errors import OperationFailed, ValueRefused
from engine.domain.steering import Why
from engine.feel import FeelError
from engine.ports import UnitOfWork

LONGEST_TOLD = 2_000
"""Characters of a variable's value that the history keeps when it is changed by hand."""


class Modifying(Instances):
    """Changes instances that run or are on hold; on hold, an added token waits where it was added."""

    def set_variables(
        self, work: UnitOfWork, instance_id: int, scope: int, values: Mapping[str, Any], why: Why
    ) -> Mapping[str, Any]:
        """Set variables in this very scope (0: the root); what stood there before. "a.b" is an entry of the context a.

        Keys "complaint.x" write through the domain. Raises ValueRefused, LimitExceeded.
        """
        run = self._open_at_rest(work, instance_id)
        if scope not in run.scopes:
            raise ValueRefused(f"Instance {instance_id} has no scope {scope} now.", field="scope")
        kept = kept_all(values)
        before = {name: self._set(run, scope, name, values[name], new) for name, new in kept.items()}
        for name, old in before.items():
            detail = {"scope": scope, "name": name, "before": _told(old), "after": _told(kept[name])}
            run.command.record("variable.set", _element_of(run, scope), {**detail, **why.detail})
        self._finish(run)
        return before

    def add_token(
        self,
        work: UnitOfWork,
        instance_id: int,
        element: str,
        why: Why,
        *,
        inside: int | None = None,
        flow: str | None = None,
    ) -> int:
        """Add a token at an element; the number of the token. Subprocesses around it that are not open are opened.

        `inside` is the token of the activity in whose level it is added, `flow` the flow it comes by.
        """
        run = self._open_at_rest(work, instance_id)
        place = place_for(run, element, inside)
        require_flow(place, flow)
        made = self._add(run, place, element, flow, why)
        self._finish(run)
        return made.id

    def cancel_token(self, work: UnitOfWork, instance_id: int, token: int, why: Why) -> bool:
        """Take a token away with its events, inner levels, tasks, timers and subscriptions; False if it is gone."""
        run = self._open_at_rest(work, instance_id)
        found = run.tokens.get(token)
        if found is None:
            past = 0 < token <= run.counter
            self._keep(run)
            if past:
                return False
            raise ValueRefused(f"Instance {instance_id} never had a token {token}.", field="token")
        require_alone(found)
        self._cancel(run, [found], why)
        self._finish(run)
        return True

    def terminate(self, work: UnitOfWork, instance_id: int, element: str, why: Why) -> int:
        """Take all tokens at an element away; how many there were."""
        run = self._open_at_rest(work, instance_id)
        found = tokens_at(run, element)
        if not found:
            self._keep(run)
            return 0
        self._cancel(run, found, why)
        self._finish(run)
        return len(found)

    def move(
        self, work: UnitOfWork, instance_id: int, element: str, to: str, why: Why, *, flow: str | None = None
    ) -> int:
        """Move all tokens at an element to another one: those are added first, then these cancelled; how many."""
        run = self._open_at_rest(work, instance_id)
        found = tokens_at(run, element)
        if not found:
            self._keep(run)
            return 0
        for token in found:
            beside = token.workflow.spec.task_specs.get(to)
            inside = token.workflow.owner.id if token.workflow.owner is not None else 0
            place = place_for(run, to, inside if beside is not None else None)
            require_flow(place, flow)
            self._add(run, place, to, flow, why)
        self._cancel(run, found, why, moved=True)
        self._finish(run)
        return len(found)

    def _add(self, run: Run, place: Place, element: str, flow: str | None, why: Why) -> Token:
        memo: dict[str, Any] | None = None
        if isinstance(place.spec, AdHocFlow):
            memo = {"element": element}
        elif place.begin:
            memo = {"begin": list(place.begin)}
        made = Token(place.level, place.spec, flow=flow, memo=memo)
        owner = place.level.owner
        detail = {"token": made.id, "inside": owner.id if owner is not None else 0}
        run.command.record("token.added", element, {**detail, **why.detail})
        return made

    def _cancel(self, run: Run, tokens: list[Token], why: Why, *, moved: bool = False) -> None:
        with _refusing():
            for token in tokens:
                if token.id in run.tokens:
                    run.command.record(
                        "token.cancelled", token.task_spec.bpmn_id, {"token": token.id, **why.detail}
                    )
                    cancel_token(run, token, moved=moved)
        if run.cancelled:
            run.command.record("process.cancelled", None, why.detail)

    def _set(self, run: Run, scope: int, key: str, given: Any, value: Any) -> Any:
        """Set one variable; what it was before."""
        root, *path = key.split(".")
        if root == "complaint" and path:
            name = ".".join(path)
            before = (run.command.facts() or {}).get(name)
            with _refusing(), run.command.savepoint():
                run.command.write_complaint(name, given)
            return before
        _require_free(run, scope, root, path, value)
        whole = run.scopes[scope].values.get(root)
        run.scopes.put(scope, root, merged(whole, path, value))
        return _entry(whole, path)


@contextmanager
def _refusing() -> Iterator[None]:
    """What fails inside is refused in its own words."""
    try:
        yield
    except (Failed, FeelError) as error:
        raise OperationFailed(str(error)) from error


def _require_free(run: Run, scope: int, name: str, path: list[str], value: Any) -> None:
    """Refuse names that are not variables, and values a multi-instance could not go on with."""
    if name in RESERVED or not name or not all(path):
        raise ValueRefused(f"{name!r} is not the name of a variable.", field=name or "name")
    token = run.tokens.get(scope)
    if token is None:
        return
    spec = token.task_spec
    if isinstance(spec.around, MultiInstance) and name == "loopCounter":
        raise ValueRefused("loopCounter is counted by the multi-instance.", field=name)
    if isinstance(spec, MultiInstance | AdHoc) and name == spec.result_name:
        right = isinstance(value, list) and (isinstance(spec, AdHoc) or len(value) == token.memo.get("n"))
        if path or not right:
            raise ValueRefused(
                f"{name} collects the results of {spec.bpmn_id}: it stays a list with one entry each.",
                field=name,
            )


def _entry(value: Any, path: list[str]) -> Any:
    """What stands at a path of a context."""
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _element_of(run: Run, scope: int) -> str | None:
    token = run.tokens.get(abs(scope))
    return None if token is None else token.task_spec.bpmn_id


def _told(value: Any) -> Any:
    """A value as the history keeps it: one that is very long is cut."""
    told = plain(value)
    text = str(told)
    return told if len(text) <= LONGEST_TOLD else f"{text[:LONGEST_TOLD]}…"
