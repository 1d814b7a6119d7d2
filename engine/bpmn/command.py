"""One command on one instance: the open unit of work, what was noted on the way, and the doors out of the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from engine.bpmn.bindings import DEPLOYMENT, TAGGED, Binding
from engine.bpmn.expressions import plain
from engine.bpmn.failures import Escalated, Failed
from engine.bpmn.opening import opened
from engine.bpmn.operating import Operations, backoff_of, gathered, operate, tries_of
from engine.bpmn.registry import Registry
from engine.bpmn.specs.happenings import signal_name
from engine.dmn import DmnError
from engine.domain.complaint import Grade
from engine.domain.events import WHY, HistoryEvent
from engine.domain.evolving import evolve
from engine.domain.running import Instance, OutboxMessage
from engine.domain.task import Task, TaskState
from engine.feel import Environment, Expression
from engine.ports import Subject, UnitOfWork

if TYPE_CHECKING:
    from engine.bpmn.definitions import Definitions
    from engine.bpmn.run import Run
    from engine.bpmn.specs.activities import ServiceTask, UserTask
    from engine.bpmn.tokens import Token

UNKNOWN = {"process": "call.unknown", "decision": "decision.unknown", "form": "form.unknown"}
_RANKS = {str(grade): grade.rank for grade in Grade}


class Command:
    """What the specs may do to the world while a command runs."""

    def __init__(
        self,
        work: UnitOfWork,
        subject: Subject,
        operations: Operations,
        registry: Registry,
        instance: Instance,
        released: Callable[[UnitOfWork, int], Definitions],
    ) -> None:
        self.work = work
        self.subject = subject
        self.operations = operations
        self.registry = registry
        self.instance = instance
        self.now: datetime = work.now
        self.released = released
        self.tasks: dict[int, Task] = {}
        self.touched = False
        self._facts: Mapping[str, Any] | None = None
        self._plain: Environment | None = None
        self._full: Environment | None = None
        self._rank: int | None = None
        self._done_by: dict[str, str] | None = None
        self.newest: Definitions | None = None
        """The definitions of the newest release, once somebody asked for them."""

    # reading

    def current(self) -> Definitions:
        """The definitions of the newest release."""
        if self.newest is None:
            self.newest = self.released(self.work, self.work.newest_release())
        return self.newest

    def bound(self, binding: Binding, kind: str, name: str, own: Definitions) -> Definitions:
        """The release a process, decision or form is taken from; raises Failed where it has none of this name."""
        if binding.kind == DEPLOYMENT:
            found = own
        elif binding.kind == TAGGED:
            release = self.work.publications.tagged(kind, name, binding.tag or "")
            if release is None:
                raise Failed(UNKNOWN[kind], f"No release has a {kind} {name!r} with the tag {binding.tag!r}.")
            found = self.released(self.work, release)
        else:
            found = self.current()
        if not found.has(kind, name):
            raise Failed(UNKNOWN[kind], f"There is no {kind} {name!r} in release {found.release_id}.")
        return found

    def facts(self) -> Mapping[str, Any] | None:
        """The complaint as expressions see it now."""
        if self._facts is None and self.instance.complaint_id is not None:
            self._facts = self.subject.read(self.work, self.instance.complaint_id)
        return self._facts

    def forget_facts(self) -> None:
        """The complaint may have changed."""
        self._facts = None

    def done_by(self) -> Mapping[str, str]:
        """Who did each task of this instance last, by element: logins, for four eyes."""
        if self._done_by is None:
            done = self.work.tasks.find(instance_id=self.instance.id, state=TaskState.DONE)
            people = self.work.people
            self._done_by = {
                task.element: people.get(task.closed_by_id).login
                for task in sorted(done, key=lambda task: task.token)
                if task.closed_by_id is not None
            }
        return self._done_by

    def environment(self, expression: Expression) -> Environment:
        """The clock, and the calendar functions for those who call them."""
        if expression.functions:
            return self.with_calendars()
        if self._plain is None:
            self._plain = Environment(now=self.now)
        return self._plain

    def with_calendars(self) -> Environment:
        """The clock and the calendar functions."""
        if self._full is None:
            functions = self.subject.functions(self.work, self.instance.complaint_id)
            self._full = Environment(now=self.now, functions=functions)
        return self._full

    def rank(self) -> int:
        """How serious the complaint is."""
        facts = self.facts()
        return 0 if facts is None else _RANKS.get(str(facts.get("grade")), 0)

    # changing

    def savepoint(self) -> AbstractContextManager[None]:
        """What is written inside is undone if the block raises."""
        self._touch()
        return self.work.savepoint()

    def _touch(self) -> None:
        """Rows may change from here on: remember how serious the complaint was."""
        if not self.touched:
            self.touched = True
            self._rank = self.rank()

    @property
    def grade_changed(self) -> bool:
        """Whether the complaint is more or less serious than before the command."""
        return self.touched and self.rank() != self._rank

    def write_complaint(self, name: str, value: Any) -> None:
        """Set an attribute of the complaint."""
        if self.instance.complaint_id is None:
            raise Failed("complaint.none", f"complaint.{name} cannot be set: this process has no complaint.")
        self._touch()
        self.subject.write(self.work, self.instance.complaint_id, name, value)
        self.forget_facts()

    def record(self, kind: str, element: str | None = None, detail: Mapping[str, Any] | None = None) -> None:
        """A fact for the history."""
        actor = self.work.actor
        self.work.record(
            HistoryEvent(
                self.now,
                kind,
                actor.name,
                self.instance.complaint_id,
                self.instance.id,
                element,
                actor.person_id,
                detail or {},
            )
        )

    def signal(self, name: str, token: int, variables: Mapping[str, Any]) -> None:
        """A signal reaches every instance that waits for it, by commands of their own."""
        self._send_message(
            f"signal-{self.instance.id}-{token}",
            {"message": signal_name(name), "key": "", "variables": dict(variables)},
        )

    def publish_later(
        self,
        name: str,
        key: str,
        variables: Mapping[str, Any],
        token: int,
        *,
        message_id: str | None,
        ttl: timedelta,
    ) -> None:
        """A message to other instances, published by a command of its own."""
        self._send_message(
            f"publish-{self.instance.id}-{token}",
            {
                "message": name,
                "key": key,
                "variables": dict(variables),
                "message_id": message_id,
                "ttl_seconds": ttl.total_seconds(),
            },
        )

    def _send_message(self, key: str, payload: Mapping[str, Any]) -> None:
        self.work.send(OutboxMessage("message", key, payload, self.now, self.instance.complaint_id))

    def happens_outside(self, type_: str) -> bool:
        """Whether the work of this operation is done outside, by a job."""
        operation = self.operations.get(type_)
        return operation is not None and operation.outside is not None

    def send_job(self, token: Token, type_: str, spec: ServiceTask) -> None:
        """Put the work of an operation into the outbox; the token remembers the key of its job."""
        run: Run = token.workflow.run
        number, memo = token.scope, token.memo
        inputs = gathered(self.operations[type_], run.visible(number).get, spec.about.extensions.headers)
        backoff = backoff_of(spec.backoff, lambda value: run.evaluate(value, number), self.now)
        memo["jobs"] = memo.get("jobs", 0) + 1
        memo["job"] = f"job-{self.instance.id}-{token.id}-{memo['jobs']}"
        payload = {
            "instance_id": self.instance.id,
            "token": token.id,
            "type": type_,
            "inputs": inputs,
            "retries": tries_of(run.evaluate(spec.retries, number)),
            "backoff_seconds": None if backoff is None else backoff.total_seconds(),
        }
        self.work.send(OutboxMessage("job", memo["job"], payload, self.now, self.instance.complaint_id))
        self.record("operation.asked", spec.bpmn_id, {"type": type_, "key": memo["job"]})

    def operate(self, token: Token, type_: str, spec: ServiceTask) -> Mapping[str, Any] | Escalated | None:
        """Call an operation; inside a savepoint."""
        run: Run = token.workflow.run
        retries = run.evaluate(spec.retries, token.scope)
        find: Callable[[str], Any] = run.visible(token.scope).get
        result = operate(
            self.operations,
            type_,
            self.work,
            self.instance.complaint_id,
            find,
            spec.about.extensions.headers,
            retries,
            backoff_of(spec.backoff, lambda value: run.evaluate(value, token.scope), self.now),
        )
        self.forget_facts()
        self.record("operation.done", spec.bpmn_id, {"type": type_})
        return result

    def decide(self, definitions: Definitions, decision: str, names: Mapping[str, Any], element: str) -> Any:
        """Ask a decision of this release, which has it."""
        model = definitions.decisions[decision]
        try:
            needed = definitions.decision_names(decision)
            inputs = {name: names.get(name) for name in needed}
            explained = model.evaluate(decision, inputs, self.with_calendars())
        except DmnError as error:
            raise Failed(error.code, str(error)) from error
        outputs = plain(explained.value)
        rules = [rule.id for table in explained.record.tables for rule in table.matched]
        why = explained.record.sentences(longest=WHY)
        self.record(
            "decision.made", element, {"decision": decision, "outputs": outputs, "rules": rules, "why": why}
        )
        return outputs

    def open_task(self, token: Token, spec: UserTask) -> None:
        """A task for the inbox; it is written at the end of the command."""
        self.tasks[token.id] = opened(self, token, spec)

    def ranked(self, task: Task) -> Task:
        """The task with the grade as it is at the end of the command."""
        rank = self.rank()
        return task if task.grade_rank == rank else evolve(task, grade_rank=rank)
