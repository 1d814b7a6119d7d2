"""The process engine as the use cases see it: rows and plain values in, rows and plain values out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from engine.bpmn import bound_clocks
from engine.bpmn.firing import fire_if_due
from engine.bpmn.limits import kept_all
from engine.bpmn.rows import resolve
from engine.bpmn.run import Run
from engine.bpmn.scopes import ROOT, merged
from engine.bpmn.specs.activities import UserTask
from engine.bpmn.steering.migrating import Migrating
from engine.bpmn.steering.modifying import Modifying
from engine.bpmn.steering.standing import elements
from engine.bpmn.steering.suspending import Suspending
from engine.bpmn.tokens import INCIDENT_ROW, TASK_ROW, TIMER_ROW, Token
from engine.domain.errors import NotFound, OnHold, TaskNotOpen
from engine.domain.evolving import evolve
from engine.domain.running import Incident, Instance, InstanceState
from engine.domain.steering import ALIVE, Why
from engine.domain.task import Task, TaskState
from engine.ports import Element, UnitOfWork


class BpmnEngine(Suspending, Modifying, Migrating):
    """Runs instances to their next wait state inside the caller's transaction."""

    def complete(self, work: UnitOfWork, task: Task, variables: Mapping[str, Any]) -> None:
        """Finish a user task. Keys "complaint.x" write through the domain, "a.b" into the context a."""
        run = self._open(work, task.instance_id)
        if run is None:
            self._require_not_on_hold(work, task.instance_id)
        token = None if run is None else run.tokens.get(task.token)
        if (
            run is None
            or token is None
            or not token.rows & TASK_ROW
            or not isinstance(token.task_spec, UserTask)
        ):
            raise TaskNotOpen()
        command = run.command
        got = self._answers(run, token, variables)
        work.tasks.save(
            evolve(task, state=TaskState.DONE, closed_at=work.now, closed_by_id=work.actor.person_id)
        )
        command.record(
            "task.completed", task.element, {"token": task.token, "name": task.name, "form": task.form}
        )
        token.rows = 0
        token.memo["got"] = got
        token.resume()
        self._finish(run)

    def fire(self, work: UnitOfWork, instance_id: int, token: int) -> bool:
        """Let a due timer fire; False if it is gone, dormant or not due any more: a quiet no."""
        run = self._open(work, instance_id)
        if run is None:
            return False
        waiting = run.tokens.get(token)
        if waiting is None or not waiting.rows & TIMER_ROW:
            self._keep(run)
            return False
        if not fire_if_due(run, waiting):
            self._keep(run)
            return False
        self._finish(run)
        return True

    def retry(self, work: UnitOfWork, incident: Incident) -> None:
        """Try the element of an incident again; raises NotFound if its token is gone, OnHold while it has to wait."""
        run = self._open(work, incident.instance_id)
        if run is None:
            self._require_not_on_hold(work, incident.instance_id)
        token = None if run is None else run.tokens.get(incident.token)
        if run is None or token is None or not token.rows & INCIDENT_ROW:
            raise NotFound()
        token.resume()
        self._to_rest(run)
        if token.id in run.tokens and token.id not in run.failures:
            token.memo.pop("failed", None)
            token.rows &= ~INCIDENT_ROW
            resolve(run.command, token.id, token.task_spec.bpmn_id)
            run.changed[token.id] = token
        self._write(run)

    def cancel(self, work: UnitOfWork, instance_id: int, why: Why) -> bool:
        """End an instance where it stands: tasks, timers and subscriptions go. False if it is over already."""
        instance = work.processes.lock(instance_id)
        if instance.state not in ALIVE:
            return False
        run = self._at_rest(work, instance)
        run.clear(run.levels[ROOT])
        run.ended = run.cancelled = True
        run.command.record("process.cancelled", None, why.detail)
        self._write(run)
        return True

    def clocks_changed(self, work: UnitOfWork, complaint_id: int) -> None:
        """Compute anew the due moments of all timers bound to clocks of this complaint."""
        bound_clocks.recompute(work, complaint_id)

    def elements(self, instance: Instance) -> Collection[str]:
        """The elements at which a token of an instance stands."""
        return elements(instance.tokens)

    def outline(self, release_id: int, process: str) -> Sequence[Element]:
        """The flow nodes of a process for screens."""
        definitions = self._definitions.get(release_id)
        if definitions is None:
            raise NotFound(f"Release {release_id} is not loaded.")
        return definitions.outline(process)

    # inside

    def _require_not_on_hold(self, work: UnitOfWork, instance_id: int) -> None:
        if work.processes.lock(instance_id).state is InstanceState.SUSPENDED:
            raise OnHold

    def _answers(self, run: Run, token: Token, variables: Mapping[str, Any]) -> dict[str, Any]:
        got: dict[str, Any] = {}
        for key, value in kept_all(variables).items():
            if "." not in key:
                got[key] = value
                continue
            root, *path = key.split(".")
            if root == "complaint":
                run.command.write_complaint(".".join(path), variables[key])
            else:
                base = got[root] if root in got else run.scopes.find(token.scope, root)
                got[root] = merged(base, path, value)
        return got
