"""How much of each process the scenarios passed: its elements, and its sequence flows; how many rules of each decision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.bpmn.definitions import Definitions
from engine.dmn.walking import tables_of
from engine.simulation.tracing import Passed


@dataclass(frozen=True, slots=True)
class ProcessCoverage:
    """Shares from 0 to 1; what nothing passed, by id."""

    id: str
    flow_coverage: float
    element_coverage: float
    flows: int
    missed_flows: tuple[str, ...]
    missed_elements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DecisionCoverage:
    """The share of a decision's rules that matched something, from 0 to 1."""

    id: str
    rule_coverage: float
    rules: int
    missed_rules: tuple[str, ...]


class Covered:
    """What was passed so far, of all scenarios."""

    def __init__(self) -> None:
        self.flows: set[tuple[str, str]] = set()
        self.elements: set[tuple[str, str]] = set()
        self.rules: set[tuple[str, str]] = set()

    def add(self, steps: Iterable[Passed]) -> None:
        """The way of one scenario."""
        for step in steps:
            self.elements.add((step.process, step.element))
            self.flows |= {(step.process, flow) for flow in step.flows}

    def add_rules(self, decision: str, rules: Iterable[str]) -> None:
        """The rules that matched when a decision was asked, those of the decisions it asks among them."""
        self.rules |= {(decision, rule) for rule in rules}

    def processes(self, definitions: Definitions) -> list[ProcessCoverage]:
        """Each process by itself, by its id."""
        found = []
        for id in sorted(definitions.processes):
            flows = [flow.id for flow in definitions.flows(id)]
            elements = list(dict.fromkeys(element.id for element in definitions.outline(id)))
            missed_flows = tuple(flow for flow in flows if (id, flow) not in self.flows)
            missed_elements = tuple(element for element in elements if (id, element) not in self.elements)
            found.append(
                ProcessCoverage(
                    id,
                    _share(flows, missed_flows),
                    _share(elements, missed_elements),
                    len(flows),
                    missed_flows,
                    missed_elements,
                )
            )
        return found

    def decisions(self, definitions: Definitions) -> list[DecisionCoverage]:
        """Each decision that has rules, by its id; a decision asked by another counts for itself."""
        matched = {
            (owner, rule)
            for decision, rule in self.rules
            for owner in definitions.decisions[decision].decisions
        }
        found = []
        for id, model in sorted(definitions.decisions.items()):
            rules = [rule.id for table in tables_of(model.decisions[id].expression) for rule in table.rules]
            if rules:
                missed = tuple(rule for rule in rules if (id, rule) not in matched)
                found.append(DecisionCoverage(id, _share(rules, missed), len(rules), missed))
        return found


def _share(all_: Sequence[str], missed: Sequence[str]) -> float:
    return 1.0 if not all_ else round((len(all_) - len(missed)) / len(all_), 4)
