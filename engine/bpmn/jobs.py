"""Jobs: the work of operations that happens outside comes back as a command of its own, once, and never too late."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from engine.bpmn.failures import Failed
from engine.bpmn.instances import Instances
from engine.bpmn.operating import outputs_of
from engine.bpmn.run import FAILURES, Run
from engine.bpmn.specs.activities import ServiceTask
from engine.bpmn.tokens import INCIDENT_ROW, Token
from engine.domain.errors import OnHold, RedressError
from engine.domain.evolving import evolve
from engine.domain.running import HELD_BACK, InstanceState, Job, JobEnd, JobOutcome
from engine.domain.steering import ALIVE
from engine.ports import UnitOfWork


class Jobs(Instances):
    """What becomes of a job: its token goes on, throws, or is an incident; a repeated or late end is a quiet no."""

    def wants_job(self, work: UnitOfWork, job: Job) -> bool:
        """Whether the token of this job still waits for it; raises OnHold while its instance is on hold."""
        instance = work.processes.lock(job.instance_id)
        if instance.state not in ALIVE:
            return False
        run = self._at_rest(work, instance)
        waits = _waiting(run, job) is not None
        self._keep(run)
        if waits and instance.state is InstanceState.SUSPENDED:
            raise OnHold
        return waits

    def finish_job(self, work: UnitOfWork, job: Job, outcome: JobOutcome) -> bool:
        """Let the token of a job go on, throw, or become an incident; False if it does not wait for this any more.

        On hold the end is remembered until the instance resumes.
        """
        instance = work.processes.lock(job.instance_id)
        if instance.state not in ALIVE:
            return False
        run = self._at_rest(work, instance)
        token = _waiting(run, job)
        if token is None:
            self._keep(run)
            return False
        if instance.state is InstanceState.SUSPENDED:
            token.memo["outcome"] = self._held(job, outcome)
            run.changed[token.id] = token
        else:
            outputs = outcome.outputs
            self._end(run, token, job.type, outcome, lambda: outputs_of(self._operations[job.type], outputs))
        self._finish(run)
        return True

    def _held(self, job: Job, outcome: JobOutcome) -> dict[str, Any]:
        """The end of a job as plain JSON, with outputs already as variables."""
        done = outcome.end is JobEnd.DONE
        try:
            outputs = outputs_of(self._operations[job.type], outcome.outputs) if done else {}
        except RedressError as error:
            outputs, outcome = {}, JobOutcome(JobEnd.FAILED, code=error.code, message=error.message)
        return {"type": job.type, **asdict(outcome), "outputs": outputs}

    def end_held(self, run: Run, token: Token, held: Mapping[str, Any]) -> None:
        """Let a job end that ended while its instance was on hold."""
        outcome = JobOutcome(JobEnd(held["end"]), held["outputs"], held["code"], held["message"])
        self._end(run, token, held["type"], outcome, lambda: held["outputs"])

    def begin_held(self, run: Run, token: Token) -> None:
        """Let a job begin that was held back while its instance was on hold."""
        work = run.command.work
        message = work.outbox_message(token.memo["job"])
        if message is not None and message.last_error == HELD_BACK:
            work.save_outbox(evolve(message, due_at=run.command.now, last_error=None))

    def _end(
        self,
        run: Run,
        token: Token,
        type_: str,
        outcome: JobOutcome,
        outputs: Callable[[], Mapping[str, Any]],
    ) -> None:
        spec = token.task_spec
        assert isinstance(spec, ServiceTask)
        token.memo.pop("job")
        run.changed[token.id] = token
        try:
            if outcome.end is JobEnd.THROWN:
                spec.throw_error(token, type_, outcome.code, outcome.message)
            elif outcome.end is JobEnd.FAILED:
                raise Failed(outcome.code or "operation.failed", f"{type_}: {outcome.message}")
            else:
                got = outputs()
                run.command.record("operation.done", spec.bpmn_id, {"type": type_})
                token.memo["got"] = spec.named(got)
                token.resume()
        except FAILURES as error:
            run.fail(token, error)


def _waiting(run: Run, job: Job) -> Token | None:
    token = run.tokens.get(job.token)
    if token is None or token.memo.get("job") != job.key or token.rows & INCIDENT_ROW:
        return None
    return None if "outcome" in token.memo else token
