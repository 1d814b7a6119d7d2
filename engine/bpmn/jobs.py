"""Jobs: the work of operations that happens outside comes back as a command of its own, once, and never too late."""

from __future__ import annotations

from engine.bpmn.failures import Failed
from engine.bpmn.instances import Instances
from engine.bpmn.operating import outputs_of
from engine.bpmn.run import FAILURES, Run
from engine.bpmn.specs.activities import ServiceTask
from engine.bpmn.tokens import INCIDENT_ROW, Token
from engine.domain.running import Job, JobEnd, JobOutcome
from engine.ports import UnitOfWork


class Jobs(Instances):
    """What becomes of a job: its token goes on, throws, or is an incident; a repeated or late end is a quiet no."""

    def wants_job(self, work: UnitOfWork, job: Job) -> bool:
        """Whether the token of this job still waits for it."""
        run = self._open(work, job.instance_id)
        if run is None:
            return False
        waits = _waiting(run, job) is not None
        self._keep(run)
        return waits

    def finish_job(self, work: UnitOfWork, job: Job, outcome: JobOutcome) -> bool:
        """Let the token of a job go on, throw, or become an incident; False if it does not wait for this any more."""
        run = self._open(work, job.instance_id)
        if run is None:
            return False
        token = _waiting(run, job)
        if token is None:
            self._keep(run)
            return False
        spec = token.task_spec
        assert isinstance(spec, ServiceTask)
        token.memo.pop("job")
        run.changed[token.id] = token
        try:
            self._end(run, token, spec, job, outcome)
        except FAILURES as error:
            run.fail(token, error)
        self._finish(run)
        return True

    def _end(self, run: Run, token: Token, spec: ServiceTask, job: Job, outcome: JobOutcome) -> None:
        if outcome.end is JobEnd.THROWN:
            spec.throw_error(token, job.type, outcome.code, outcome.message)
        elif outcome.end is JobEnd.FAILED:
            raise Failed(outcome.code or "operation.failed", f"{job.type}: {outcome.message}")
        else:
            operation = self._operations[job.type]
            outputs = outputs_of(operation, outcome.outputs)
            run.command.record("operation.done", spec.bpmn_id, {"type": job.type})
            token.memo["got"] = spec.named(outputs)
            token.resume()


def _waiting(run: Run, job: Job) -> Token | None:
    token = run.tokens.get(job.token)
    if token is None or token.memo.get("job") != job.key or token.rows & INCIDENT_ROW:
        return None
    return token
