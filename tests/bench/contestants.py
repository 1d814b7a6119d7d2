"""Who is measured: the program, its script and what it is told. `{folder}` is a scratch folder of its own, `{sqlite}` and
`{postgresql}` the URL of a new database."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.bench import w1_diagram
from tests.bench.others import HERE, NPM, python_of

OURS = sys.executable
VIEWFLOW, BKFLOW = python_of("viewflow"), python_of("bkflow")
NODE = "node"
MANY = "32"
"""People at once: as many as the server has threads."""


@dataclass(frozen=True)
class Contestant:
    """One program to run. `cases` is enough to be measured; `files` are laid into its folder; `has_two_cores` where it
    starts processes itself and says which has which core. `small` is added for a quick run, to see that it works."""

    program: str
    script: str
    arguments: Sequence[str]
    cases: int = 1
    files: Mapping[str, bytes] = field(default_factory=dict)
    has_two_cores: bool = False
    small: Sequence[str] = ()

    def command(self, places: Mapping[str, str]) -> list[str]:
        """The command line, with its places filled in."""
        told = {"cases": str(self.cases), **places}
        return [
            self.program,
            str(HERE / self.script),
            *(argument.format(**told) for argument in self.arguments),
        ]

    @property
    def wants(self) -> str:
        """The arguments before they are filled in."""
        return " ".join(self.arguments)


def redress(process: str, people: str, database: str, cases: int) -> Contestant:
    """A workload on Redress."""
    arguments = ("{folder}", "{cases}", people, process, f"{{{database}}}")
    return Contestant(OURS, "bench_redress.py", arguments, cases)


def spiffworkflow(process: str, variant: str, cases: int) -> Contestant:
    """A workload on SpiffWorkflow as it comes."""
    return Contestant(OURS, "bench_spiffworkflow.py", ("{folder}", "{cases}", process, variant), cases)


def bpmn_engine(variant: str) -> Contestant:
    """W1 on bpmn-engine."""
    arguments = ("{folder}/w1.bpmn", "{cases}", variant)
    files = {"w1.bpmn": w1_diagram.bpmn_engine()}
    return Contestant(NODE, str(NPM / "bpmn_engine.cjs"), arguments, 40, files)


def dispute(people: str, database: str) -> Contestant:
    """Roots of fifty disputes on Redress."""
    return Contestant(OURS, "bench_dispute.py", ("{folder}", "{cases}", people, f"{{{database}}}"), 20)


def cold_load(database: str) -> Contestant:
    """An instance read from its rows."""
    return Contestant(OURS, "bench_cold_load.py", ("{folder}", f"{{{database}}}"), small=("10", "2"))


def an_inbox(database: str) -> Contestant:
    """The inbox at several sizes."""
    return Contestant(OURS, "bench_inbox.py", ("{folder}", f"{{{database}}}"), small=("2", "60", "80"))


def postgresql_limit(variant: str) -> Contestant:
    """What bare SQL comes to on PostgreSQL."""
    return Contestant(OURS, "bench_postgresql.py", ("{postgresql}", "{cases}", MANY, variant), 250)


W1: Mapping[str, Contestant] = {
    "redress-sqlite": redress("w1", MANY, "sqlite", 250),
    "redress-sqlite-alone": redress("w1", "1", "sqlite", 250),
    "redress-postgresql": redress("w1", MANY, "postgresql", 400),
    "spiffworkflow-memory": spiffworkflow("w1", "memory", 250),
    "spiffworkflow-json": spiffworkflow("w1", "json", 100),
    "viewflow": Contestant(VIEWFLOW, "bench_viewflow.py", ("{folder}", "{cases}"), 25),
    "bpmn-engine-memory": bpmn_engine("memory"),
    "bpmn-engine-json": bpmn_engine("json"),
    "bpmn-server-memory": Contestant(
        NODE,
        str(NPM / "bpmn_server.cjs"),
        ("{folder}/w1.bpmn", "{cases}"),
        20,
        {"w1.bpmn": w1_diagram.bpmn_server()},
    ),
}
LIMITS: Mapping[str, Contestant] = {
    "sqlite": Contestant(OURS, "bench_store.py", ("{folder}", "{cases}"), 250),
    "postgresql": postgresql_limit("plain"),
    "postgresql-pipeline": postgresql_limit("pipeline"),
}
"""The stores' own limits: no engine, bare SQL."""
MULTI_INSTANCE: Mapping[str, Contestant] = {
    "redress-sqlite": redress("several", MANY, "sqlite", 200),
    "redress-sqlite-alone": redress("several", "1", "sqlite", 200),
    "spiffworkflow-memory": spiffworkflow("several", "memory", 100),
}
DISPUTE_50: Mapping[str, Contestant] = {
    "redress-sqlite": dispute(MANY, "sqlite"),
    "redress-sqlite-alone": dispute("1", "sqlite"),
    "redress-postgresql": dispute(MANY, "postgresql"),
    "redress-postgresql-alone": dispute("1", "postgresql"),
}
COLD_LOAD: Mapping[str, Contestant] = {
    "redress-sqlite": cold_load("sqlite"),
    "redress-postgresql": cold_load("postgresql"),
}
HTTP = Contestant(OURS, "bench_http.py", ("{folder}", "{cases}"), 120, has_two_cores=True)
INBOX: Mapping[str, Contestant] = {
    "sqlite": an_inbox("sqlite"),
    "postgresql": an_inbox("postgresql"),
}
SCALE = Contestant(OURS, "bench_scale.py", ("{folder}",), small=("100", "200", "100", "2"))
FEEL = Contestant(OURS, "bench_feel.py", ())
BKFLOW_FEEL = Contestant(BKFLOW, "bench_bkflow.py", ())
