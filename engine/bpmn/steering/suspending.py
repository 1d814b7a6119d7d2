"""On hold and back: tasks leave the inboxes, time and messages wait, and what came meanwhile is made up for in order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from engine.bpmn.buffer import hear_first, unhear
from engine.bpmn.firing import fire_if_due, moment_of
from engine.bpmn.jobs import Jobs
from engine.bpmn.limits import kept_all
from engine.bpmn.publishing import Publishing, waiting_for
from engine.bpmn.run import Run
from engine.bpmn.tokens import INCIDENT_ROW, TIMER_ROW
from engine.domain.evolving import evolve
from engine.domain.running import HeldMessage, InstanceState
from engine.domain.steering import Why
from engine.domain.task import TaskState, resumed, suspended
from engine.ports import UnitOfWork


class Suspending(Publishing, Jobs):
    """Suspends and resumes instances; a second time is a quiet no."""

    def suspend(self, work: UnitOfWork, instance_id: int, why: Why) -> bool:
        """Put an instance on hold: its tasks leave the inboxes, nothing in it moves. False if it is on hold already."""
        instance = self._alive(work, instance_id)
        if instance.state is InstanceState.SUSPENDED:
            return False
        for task in work.tasks.find(instance_id=instance_id, state=(TaskState.OPEN, TaskState.CLAIMED)):
            work.tasks.save(suspended(task))
        self._command(work, instance).record("process.suspended", None, why.detail)
        work.processes.save(evolve(instance, state=InstanceState.SUSPENDED))
        return True

    def resume(self, work: UnitOfWork, instance_id: int, why: Why) -> bool:
        """Let an instance go on; what came while it was on hold happens now, in its order. False if it runs already.

        Timers that came due and messages that were kept are taken by their moments, as they would have come; a cycle
        that was missed several times fires once.
        """
        run = self._open_at_rest(work, instance_id)
        command = run.command
        if command.instance.state is InstanceState.RUNNING:
            self._keep(run)
            return False
        command.instance = evolve(command.instance, state=InstanceState.RUNNING)
        command.record("process.resumed", None, why.detail)
        for task in work.tasks.find(instance_id=instance_id, state=TaskState.SUSPENDED):
            work.tasks.save(command.ranked(resumed(task)))
        run.release_held()
        self._to_rest(run)
        self._end_held_jobs(run)
        for token in list(run.tokens.values()):
            if "message" in token.memo and hear_first(run, token):
                self._to_rest(run)
        for message in work.steering.held_messages(instance_id):
            self._fire_due(run, message.published_at)
            self._give_held(run, message)
        self._fire_due(run, command.now)
        self._write(run)
        return True

    def _fire_due(self, run: Run, by: datetime) -> None:
        """Fire what came due by then, the earliest first."""
        fired: set[tuple[int, str]] = set()
        while not run.ended:
            due = min(_due(run, by, fired), default=None)
            if due is None:
                return
            moment, id = due
            token = run.tokens[id]
            fired.add((id, moment.isoformat()))
            if fire_if_due(run, token):
                self._to_rest(run)

    def _give_held(self, run: Run, message: HeldMessage) -> None:
        steering = run.command.work.steering
        steering.drop_held_message(message.id)
        if run.ended:
            return
        waiting = waiting_for(run, message.name, message.key)
        if self.hear(run, waiting, message.name, kept_all(message.variables), set()):
            self._to_rest(run)
        else:
            self._unheard(run, message)

    def _unheard(self, run: Run, message: HeldMessage) -> None:
        """Nobody here waits for it any more, as it can be with one that comes a moment later."""
        work = run.command.work
        run.command.record("message.unheard", None, {"message": message.name})
        if message.buffered_id is not None:
            unhear(work, message.name, message.key, message.buffered_id, run.process)

    def _end_held_jobs(self, run: Run) -> None:
        """Jobs that ended on hold end now, and those that were not begun may begin."""
        for token in list(run.tokens.values()):
            if token.id not in run.tokens or "job" not in token.memo or token.rows & INCIDENT_ROW:
                continue
            outcome = token.memo.pop("outcome", None)
            if outcome is None:
                self.begin_held(run, token)
            else:
                self.end_held(run, token, outcome)
                self._to_rest(run)


def _due(run: Run, by: datetime, fired: set[tuple[int, str]]) -> Iterator[tuple[datetime, int]]:
    for token in run.tokens.values():
        if token.rows & TIMER_ROW:
            moment = moment_of(run, token)
            if moment is not None and moment <= by and (token.id, moment.isoformat()) not in fired:
                yield moment, token.id
