"""What an evaluation leaves behind: each decision's value, each table's inputs and the rules that matched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from engine.feel import to_json
from engine.feel.formatting import format_literal


@dataclass(frozen=True, slots=True)
class SeenInput:
    """What a table asked, and the value it saw."""

    label: str
    text: str
    value: Any


@dataclass(frozen=True, slots=True)
class MatchedRule:
    """A rule that matched: its id, its number from 1, what it answered, and what its author noted."""

    id: str
    number: int
    outputs: Mapping[str, Any]
    annotations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableRecord:
    """One table at work."""

    decision: str
    table: str
    hit_policy: str
    inputs: tuple[SeenInput, ...]
    matched: tuple[MatchedRule, ...]
    used_default: bool
    problem: str


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """One decision and its value."""

    id: str
    name: str
    value: Any


@dataclass(slots=True)
class Record:
    """Everything in the order it happened."""

    decisions: list[DecisionRecord] = field(default_factory=list)
    tables: list[TableRecord] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON, as it is kept in a history."""
        return {
            "decisions": [{"id": d.id, "name": d.name, "value": to_json(d.value)} for d in self.decisions],
            "tables": [_table_json(table) for table in self.tables],
        }

    def sentences(self, longest: int | None = None) -> list[str]:
        """What happened, in words a person reads; each cut off at `longest` characters, for an input may be a long story."""
        told = [sentence for table in self.tables for sentence in _table_sentences(table)]
        return told if longest is None else [_short(sentence, longest) for sentence in told]


class Explanation(NamedTuple):
    """The value of a decision and how it came about."""

    value: Any
    record: Record


def _short(sentence: str, longest: int) -> str:
    return sentence if len(sentence) <= longest else sentence[: longest - 1] + "…"


def _table_json(table: TableRecord) -> dict[str, Any]:
    return {
        "decision": table.decision,
        "table": table.table,
        "hit_policy": table.hit_policy,
        "inputs": [{"label": i.label, "text": i.text, "value": to_json(i.value)} for i in table.inputs],
        "matched": [
            {
                "rule": rule.id,
                "number": rule.number,
                "outputs": {name: to_json(value) for name, value in rule.outputs.items()},
                "annotations": list(rule.annotations),
            }
            for rule in table.matched
        ],
        "used_default": table.used_default,
        "problem": table.problem,
    }


def _table_sentences(table: TableRecord) -> list[str]:
    seen = ", ".join(f"{i.label or i.text} was {format_literal(i.value)}" for i in table.inputs)
    lines = [f"{table.decision}: {seen}." if seen else f"{table.decision}:"]
    for rule in table.matched:
        answer = ", ".join(
            f"{name} = {format_literal(value)}" if name else format_literal(value)
            for name, value in rule.outputs.items()
        )
        note = "; ".join(note.strip() for note in rule.annotations if note.strip())
        lines.append(f"Rule {rule.number} matched: {answer}." + (f" ({note})" if note else ""))
    if table.used_default:
        lines.append("No rule matched; the default was used.")
    elif not table.matched:
        lines.append("No rule matched.")
    if table.problem:
        lines.append(table.problem)
    return lines
