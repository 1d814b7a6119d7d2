"""How processes start: asked for, by their timers, and what a release arms and remembers when it becomes the current one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.bpmn.definitions import Definitions
from engine.bpmn.failures import Failed
from engine.bpmn.instances import Instances
from engine.bpmn.limits import kept_all
from engine.bpmn.rules import refuse_errors
from engine.bpmn.run import Run
from engine.bpmn.specs.events import StartEvent
from engine.bpmn.timers import armed, next_round
from engine.bpmn.xml import refused
from engine.domain.errors import NotFound, OperationFailed
from engine.domain.running import Instance, Release, StartTimer, VersionTag
from engine.feel import Environment, FeelError
from engine.ports import UnitOfWork


class Starting(Instances):
    """Starts instances of the current release."""

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
        return self._begin(work, definitions, process, begin, kept_all(variables), complaint_id=complaint_id)

    def released(self, work: UnitOfWork, release: Release) -> None:
        """Arm the timer start events of this release instead of the earlier ones, and remember its version tags."""
        earlier = work.publications.start_timers()
        if earlier and all(timer.release_id == release.id for timer in earlier):
            return
        refuse_errors(self.check(release.files))
        # Not kept: if this transaction does not commit, another release may get this id.
        definitions = Definitions(release.id, release.files)
        for timer in earlier:
            work.publications.drop_start_timer(timer.process, timer.element)
        for process, spec in definitions.processes.items():
            for start in spec.starts:
                if start.happening.kind == "timer":
                    work.publications.put_start_timer(self._armed(work, release.id, process, start))
        for tagged in definitions.tags:
            work.publications.put_tag(VersionTag(tagged.kind, tagged.name, tagged.tag, release.id))

    def fire_start(self, work: UnitOfWork, process: str, element: str) -> bool:
        """Start a process whose timer is due; False if it is gone or not due any more: a quiet no."""
        found = work.publications.start_timers(process=process, element=element)
        if not found or found[0].due_at is None or found[0].due_at > work.now:
            return False
        timer = found[0]
        definitions = self._definitions_of(work, timer.release_id)
        start = definitions.processes[process].task_specs[element]
        assert isinstance(start, StartEvent)
        memo = {"due": timer.due_at.isoformat(), **timer.cycle} if timer.due_at is not None else {}
        again = next_round(memo, work.now) if timer.cycle else None
        work.publications.save_start_timer(_timer(process, element, timer.release_id, again, timer.version))
        self._begin(work, definitions, process, start, {})
        return True

    def _armed(self, work: UnitOfWork, release_id: int, process: str, start: StartEvent) -> StartTimer:
        happening = start.happening
        environment = Environment(now=work.now, functions=self._subject.functions(work, None))
        try:
            if happening.text is None:
                raise Failed("timer.unreadable", "A timer that starts a process needs a time of its own.")
            found = happening.text.of({"now": work.now}, environment)
            memo = armed(happening.shape or "date", found, work.now)
        except (Failed, FeelError) as error:
            raise refused(str(error), start.process.file, element=start.bpmn_id, rule="timer") from error
        return _timer(process, start.bpmn_id, release_id, memo, 0)

    def _begin(
        self,
        work: UnitOfWork,
        definitions: Definitions,
        process: str,
        start: StartEvent,
        variables: Mapping[str, Any],
        *,
        complaint_id: int | None = None,
        start_key: str | None = None,
    ) -> Instance:
        made = Instance(0, definitions.release_id, process, complaint_id, work.now, start_key=start_key)
        run = Run(definitions, process)
        run.visits = self._visits
        run.command = self._command(work, work.processes.add(made))
        run.command.record("process.started", start.bpmn_id, {"process": process})
        try:
            run.begin(definitions.processes[process], start, dict(variables))
        except Failed as failed:
            raise OperationFailed(
                f"The process {process} cannot start: {failed.message}", process=process
            ) from failed
        return self._finish(run)


def _timer(
    process: str, element: str, release_id: int, memo: Mapping[str, Any] | None, version: int
) -> StartTimer:
    if memo is None:
        return StartTimer(process, element, release_id, None, {}, version)
    cycle = {name: memo[name] for name in ("every", "left") if name in memo}
    return StartTimer(process, element, release_id, datetime.fromisoformat(memo["due"]), cycle, version)
