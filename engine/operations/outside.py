"""Doing jobs: the work of operations that happens outside any transaction, and what became of it in plain words."""

from collections.abc import Callable, Mapping

from marshmallow import ValidationError

from engine.domain.running import Job, JobEnd, JobOutcome
from engine.operations.registry import BpmnError, Operation
from engine.ports import GiveUp


def job_doer(operations: Mapping[str, Operation]) -> Callable[[Job], JobOutcome]:
    """Does a job by its operation; raises GiveUp where no try will ever help, and what the operation raises."""

    def do(job: Job) -> JobOutcome:
        operation = operations.get(job.type)
        if operation is None or operation.outside is None:
            raise GiveUp(f"There is no operation {job.type!r} that works outside.")
        try:
            inputs = operation.input().load(dict(job.inputs))
        except ValidationError as error:
            raise GiveUp(f"Its inputs do not fit any more: {error.messages}") from error
        try:
            outputs = operation.outside(job, inputs)
        except BpmnError as thrown:
            return JobOutcome(JobEnd.THROWN, code=thrown.code, message=thrown.message)
        return JobOutcome(JobEnd.DONE, dict(outputs or {}))

    return do
