"""The process engine as the use cases see it: rows and plain values in, rows and plain values out."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import PurePosixPath
from threading import Lock
from typing import Any

from engine.bpmn import bound_clocks
from engine.bpmn.command import Command, Registry
from engine.bpmn.definitions import Definitions
from engine.bpmn.evolving import evolve
from engine.bpmn.expressions import plain
from engine.bpmn.failures import Failed
from engine.bpmn.operating import Operations
from engine.bpmn.rows import resolve, write
from engine.bpmn.rules import Problem, check_files, refuse_errors
from engine.bpmn.run import Run
from engine.bpmn.scopes import ROOT, merged
from engine.bpmn.snapshot import load
from engine.bpmn.specs.activities import UserTask
from engine.bpmn.tokens import INCIDENT_ROW, TASK_ROW, TIMER_ROW, Token
from engine.domain.errors import NotFound, OperationFailed, TaskNotOpen
from engine.domain.organisation import Role
from engine.domain.running import Incident, Instance, InstanceState
from engine.domain.task import Task, TaskState
from engine.ports import Element, Subject, UnitOfWork

STEP_LIMIT = 10_000
HYDRATED = 2_000


class BpmnEngine:
    """Runs instances to their next wait state inside the caller's transaction.

    Hydrated instances are kept, at most `hydrated` of them. A copy is taken out of the keep while a command uses
    it and trusted only if its snapshot is byte for byte the one in the row.
    """

    def __init__(
        self,
        subject: Subject,
        operations: Operations,
        *,
        step_limit: int = STEP_LIMIT,
        hydrated: int = HYDRATED,
    ) -> None:
        self._subject = subject
        self._operations = operations
        self._step_limit = step_limit
        self._hydrated = hydrated
        self._definitions: dict[int, Definitions] = {}
        self._kept: OrderedDict[int, tuple[bytes, Run]] = OrderedDict()
        self._lock = Lock()
        self._registry = Registry()

    # commands

    def start(
        self,
        work: UnitOfWork,
        process: str,
        *,
        complaint_id: int | None = None,
        variables: Mapping[str, Any] | None = None,
        message: str | None = None,
    ) -> Instance:
        """Start a process of the current release; with `message`, at the start event that waits for it."""
        release = work.releases.current()
        definitions = self._definitions_of(work, release.id)
        spec = definitions.processes.get(process)
        if spec is None:
            raise NotFound(f"There is no process {process!r} in release {release.id}.")
        begin = spec.start_for(message)
        if begin is None:
            raise NotFound(f"The process {process!r} has no start event for {message or 'nothing'!r}.")
        instance = work.processes.add(Instance(0, release.id, process, complaint_id, work.now))
        run = Run(definitions, process)
        run.command = self._command(work, instance)
        run.command.record("process.started", begin.bpmn_id, {"process": process})
        try:
            run.begin(spec, begin, {name: plain(value) for name, value in (variables or {}).items()})
        except Failed as failed:
            raise OperationFailed(
                f"The process {process} cannot start: {failed.message}", process=process
            ) from failed
        return self._finish(run)

    def complete(self, work: UnitOfWork, task: Task, variables: Mapping[str, Any]) -> None:
        """Finish a user task. Keys "complaint.x" write through the domain, "a.b" into the context a."""
        run = self._open(work, task.instance_id)
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
        fired, payload = self._is_due(run, waiting)
        if not fired:
            self._keep(run)
            return False
        run.command.record("timer.fired", waiting.task_spec.bpmn_id, payload)
        run.fire(waiting, payload, repeats=payload is not None)
        self._finish(run)
        return True

    def publish(
        self, work: UnitOfWork, message: str, key: str, variables: Mapping[str, Any] | None = None
    ) -> bool:
        """Give a message to whoever waits for it under this key, each process of an instance once."""
        waiting: dict[int, list[int]] = {}
        for subscription in work.processes.subscriptions(message, key):
            waiting.setdefault(subscription.instance_id, []).append(subscription.token)
        heard = False
        for instance_id in sorted(waiting):
            run = self._open(work, instance_id)
            if run is not None:
                heard |= self._hear(run, sorted(waiting[instance_id]), message, variables)
        return heard

    def retry(self, work: UnitOfWork, incident: Incident) -> None:
        """Try the element of an incident again; raises NotFound if its token is gone."""
        run = self._open(work, incident.instance_id)
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

    def cancel(self, work: UnitOfWork, instance_id: int, reason: str) -> None:
        """End an instance where it stands: tasks, timers and subscriptions go."""
        run = self._open(work, instance_id)
        if run is None:
            return
        run.clear(run.levels[ROOT])
        run.ended = run.cancelled = True
        run.command.record("process.cancelled", None, {"reason": reason})
        self._write(run)

    def clocks_changed(self, work: UnitOfWork, complaint_id: int) -> None:
        """Compute anew the due moments of all timers bound to clocks of this complaint."""
        bound_clocks.recompute(work, complaint_id)

    def outline(self, release_id: int, process: str) -> Sequence[Element]:
        """The flow nodes of a process for screens."""
        definitions = self._definitions.get(release_id)
        if definitions is None:
            raise NotFound(f"Release {release_id} is not loaded.")
        return definitions.outline(process)

    def load(self, release_id: int, files: Mapping[str, bytes]) -> Definitions:
        """Read the files of a release, once; raises DefinitionRefused if any of them could not run."""
        found = self._definitions.get(release_id)
        if found is None:
            refuse_errors(self.check(files))
            found = self._definitions[release_id] = Definitions(release_id, files)
        return found

    def check(self, files: Mapping[str, bytes], context: Mapping[str, bytes] | None = None) -> list[Problem]:
        """Every problem of these files, against the operations, roles and forms there are."""
        everything = {**(context or {}), **files}
        forms = {PurePosixPath(file).stem for file in everything if file.endswith(".form")}
        return check_files(
            files,
            operations=self._operations,
            forms=forms or None,
            roles=[str(role) for role in Role],
            context=context,
        )

    # inside

    def _definitions_of(self, work: UnitOfWork, release_id: int) -> Definitions:
        found = self._definitions.get(release_id)
        return found if found is not None else self.load(release_id, work.releases.get(release_id).files)

    def _command(self, work: UnitOfWork, instance: Instance) -> Command:
        return Command(work, self._subject, self._operations, self._registry, instance)

    def _open(self, work: UnitOfWork, instance_id: int) -> Run | None:
        """The run of an instance, locked; None if it runs no more."""
        instance = work.processes.lock(instance_id)
        if instance.state is not InstanceState.RUNNING:
            return None
        with self._lock:
            kept = self._kept.pop(instance_id, None)
        if kept is not None and kept[0] == instance.tokens:
            run = kept[1]
        else:
            definitions = self._definitions_of(work, instance.release_id)
            run = load(definitions, instance.process, instance.tokens, work.processes.scopes(instance_id))
        run.command = self._command(work, instance)
        return run

    def _keep(self, run: Run) -> None:
        instance = run.command.instance
        del run.command
        with self._lock:
            self._kept[instance.id] = (instance.tokens, run)
            while len(self._kept) > self._hydrated:
                self._kept.popitem(last=False)

    def _to_rest(self, run: Run) -> None:
        run.to_rest(self._step_limit)

    def _finish(self, run: Run) -> Instance:
        self._to_rest(run)
        return self._write(run)

    def _write(self, run: Run) -> Instance:
        command = run.command
        instance = command.instance = write(run, command)
        if command.touched and instance.complaint_id is not None:
            bound_clocks.recompute(command.work, instance.complaint_id)
        if run.ended:
            del run.command
        else:
            self._keep(run)
        return instance

    def _answers(self, run: Run, token: Token, variables: Mapping[str, Any]) -> dict[str, Any]:
        got: dict[str, Any] = {}
        for key, value in variables.items():
            if "." not in key:
                got[key] = plain(value)
                continue
            root, *path = key.split(".")
            if root == "complaint":
                run.command.write_complaint(".".join(path), value)
            else:
                base = got[root] if root in got else run.scopes.find(token.scope, root)
                got[root] = merged(base, path, plain(value))
        return got

    def _is_due(self, run: Run, token: Token) -> tuple[bool, dict[str, Any] | None]:
        work, memo = run.command.work, token.memo
        complaint_id = run.command.instance.complaint_id
        clock = memo.get("clock")
        if clock is None:
            return datetime.fromisoformat(memo["due"]) <= work.now, None
        due = bound_clocks.due_of(work, complaint_id, clock)
        if due is None or due > work.now or complaint_id is None:
            bound_clocks.recompute(work, complaint_id or 0)
            return False, None
        if clock != bound_clocks.ANY:
            return True, None
        warning = bound_clocks.give_warning(work, complaint_id)
        run.command.forget_facts()
        return warning is not None, None if warning is None else {"warning": warning}

    def _hear(self, run: Run, tokens: list[int], message: str, variables: Mapping[str, Any] | None) -> bool:
        heard: set[str] = set()
        for id in tokens:
            token = run.tokens.get(id)
            if token is None or token.memo.get("message") != message or token.workflow.process in heard:
                continue
            heard.add(token.workflow.process)
            run.command.record("message.received", token.task_spec.bpmn_id, {"message": message})
            payload = {name: plain(value) for name, value in (variables or {}).items()}
            run.happen(token, payload)
        if heard:
            self._finish(run)
        else:
            self._keep(run)
        return bool(heard)
