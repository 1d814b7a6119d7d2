"""A workload on SpiffWorkflow as it comes: in memory, or with its full JSON written to SQLite after every step.

Started by run.py; prints one line of JSON. The JSON variant keeps its workflow in memory between the steps, which is
the kind reading: a web application would have to load it each time too.
"""

import sqlite3
import sys
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.serializer.workflow import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from tests.bench.measuring import Watch, answers, sqlite_bytes
from tests.bench.workloads import WORKLOADS


class Keep:
    """Where a step becomes durable: nowhere, or as JSON in SQLite."""

    def __init__(self, database: str | None) -> None:
        self._serializer = BpmnWorkflowSerializer()
        self._connection: sqlite3.Connection | None = None
        if database:
            self._connection = sqlite3.connect(database, isolation_level=None)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.execute("CREATE TABLE instance (id INTEGER PRIMARY KEY, state TEXT)")

    def keep(self, case: int, workflow: Any) -> None:
        """Write the whole workflow, if anywhere."""
        if self._connection is not None:
            state = self._serializer.serialize_json(workflow)
            self._connection.execute("INSERT OR REPLACE INTO instance VALUES (?, ?)", (case, state))


def main(folder: str, cases: int, process: str, variant: str) -> None:
    """Work so many cases from their start to their end."""
    database = str(Path(folder) / "spiffworkflow.sqlite") if variant == "json" else None
    parser = BpmnParser()
    workload = WORKLOADS[process]
    parser.add_bpmn_xml(etree.parse(BytesIO(workload.plain)))
    spec, subprocesses = parser.get_spec(process), parser.get_subprocess_specs(process)
    keep, watch = Keep(database), Watch()

    def start(case: int) -> Any:
        workflow = BpmnWorkflow(spec, subprocesses)
        for task in workflow.get_tasks(state=TaskState.READY):
            task.data.update(workload.variables)
        workflow.do_engine_steps()
        workflow.refresh_waiting_tasks()
        keep.keep(case, workflow)
        return workflow

    def complete(case: int, workflow: Any, task: Any, typed: dict[str, Any]) -> None:
        task.data.update(typed)
        task.run()
        workflow.do_engine_steps()
        workflow.refresh_waiting_tasks()
        keep.keep(case, workflow)

    for case in range(cases):
        workflow = watch.time(partial(start, case), counts=workload.counts_start)
        while not workflow.is_completed():
            task = next(t for t in workflow.get_tasks(state=TaskState.READY) if t.task_spec.manual)
            typed = answers(case, task.task_spec.name)
            watch.time(partial(complete, case, workflow, task, typed))
    if len(watch.steps) != cases * workload.commands:
        raise SystemExit(f"{len(watch.steps)} commands in {cases} cases")
    watch.report(cases, sqlite_bytes(database) if database else 0)


main(sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4])
