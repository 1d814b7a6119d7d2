"""One command on one instance: the open unit of work, what was noted on the way, and the doors out of the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from engine.bpmn.bindings import DEPLOYMENT, TAGGED, Binding
from engine.bpmn.evolving import evolve
from engine.bpmn.expressions import plain
from engine.bpmn.failures import Escalated, Failed
from engine.bpmn.operating import Operations, backoff_of, gathered, operate, tries_of
from engine.bpmn.specs.happenings import signal_name
from engine.bpmn.timers import moment
from engine.dmn import DmnError
from engine.domain.complaint import Grade
from engine.domain.events import WHY, HistoryEvent
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


class Registry:
    """Ids of units and people by their code and login; these never change, so they are looked up once."""

    def __init__(self) -> None:
        self._units: dict[str, int] = {}
        self._people: dict[str, int] = {}

    def unit(self, work: UnitOfWork, code: str) -> int:
        """The id of a unit."""
        found = self._units.get(code)
        if found is None:
            rows = work.units.find(code=code)
            if not rows:
                raise Failed("task.unit", f"There is no unit {code!r}.")
            found = self._units[code] = rows[0].id
        return found

    def person(self, work: UnitOfWork, login: str) -> int:
        """The id of a person."""
        found = self._people.get(login)
        if found is None:
            rows = work.people.find(login=login)
            if not rows:
                raise Failed("task.person", f"There is nobody with the login {login!r}.")
            found = self._people[login] = rows[0].id
        return found


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
        self._current: Definitions | None = None

    # reading

    def current(self) -> Definitions:
        """The definitions of the newest release."""
        if self._current is None:
            self._current = self.released(self.work, self.work.releases.current().id)
        return self._current

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
        if not expression.functions:
            if self._plain is None:
                self._plain = Environment(now=self.now)
            return self._plain
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
            functions = self.subject.functions(self.work, self.instance.complaint_id)
            inputs = {name: names.get(name) for name in needed}
            explained = model.evaluate(decision, inputs, Environment(now=self.now, functions=functions))
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
        run: Run = token.workflow.run
        number, instance = token.scope, self.instance
        role = run.evaluate(spec.role, number) if spec.role is not None else ""
        if not isinstance(role, str):
            raise Failed("task.role", f"The role of the task is not a text: {role!r}.")
        form = None if spec.form is None else str(run.evaluate(spec.form, number))
        if form is not None:
            own_definitions = token.workflow.definitions
            release = self.bound(spec.form_binding, "form", form, own_definitions).release_id
        else:
            release = instance.release_id
        named = () if spec.candidates is None else self._named(run.evaluate(spec.candidates, number))
        assignee = self._person(run.evaluate(spec.assignee, number)) if spec.assignee is not None else None
        own = run.scopes[token.id].values if token.id in run.scopes else {}
        self.tasks[token.id] = Task(
            instance_id=instance.id,
            token=token.id,
            complaint_id=instance.complaint_id,
            release_id=release,
            process=token.workflow.process,
            element=spec.bpmn_id,
            name=spec.about.name,
            form=form,
            role=role,
            unit_id=self._unit(run, spec, number),
            opened_at=self.now,
            state=TaskState.OPEN if assignee is None else TaskState.CLAIMED,
            grade_rank=self.rank(),
            priority=50 if spec.priority is None else _priority(run.evaluate(spec.priority, number)),
            due_at=None if spec.due is None else _moment(run.evaluate(spec.due, number)),
            follow_up_at=None if spec.follow_up is None else _moment(run.evaluate(spec.follow_up, number)),
            assignee_id=assignee,
            excluded=() if spec.not_by is None else self._excluded(run.evaluate(spec.not_by, number)),
            inputs=dict(own),
            candidates=named,
        )

    def ranked(self, task: Task) -> Task:
        """The task with the grade as it is at the end of the command."""
        rank = self.rank()
        return task if task.grade_rank == rank else evolve(task, grade_rank=rank)

    def _unit(self, run: Run, spec: UserTask, number: int) -> int | None:
        code: Any = None
        if spec.unit is not None:
            code = run.evaluate(spec.unit, number)
        if code is None:
            facts = self.facts()
            code = None if facts is None else facts.get("handling_unit") or facts.get("receiving_unit")
        return None if code is None else self.registry.unit(self.work, str(code))

    def _person(self, login: Any) -> int | None:
        return None if login is None else self.registry.person(self.work, str(login))

    def _named(self, logins: Any) -> tuple[int, ...]:
        """People by their logins: a list, or one text with commas."""
        listed = logins if isinstance(logins, list) else str(logins).split(",") if logins is not None else []
        names = [str(login).strip() for login in listed if login is not None and str(login).strip()]
        return tuple(dict.fromkeys(self.registry.person(self.work, login) for login in names))

    def _excluded(self, logins: Any) -> tuple[int, ...]:
        listed = logins if isinstance(logins, list) else [logins]
        return tuple(self.registry.person(self.work, str(login)) for login in listed if login is not None)


def _moment(found: Any) -> datetime | None:
    read = moment(found)
    if read is None and found is not None:
        raise Failed("task.due", f"The date of the task cannot be read: {found!r}.")
    return read


def _priority(found: Any) -> int:
    try:
        return max(0, min(100, int(found)))
    except (TypeError, ValueError):
        raise Failed("task.priority", f"The priority of the task is not a number: {found!r}.") from None
