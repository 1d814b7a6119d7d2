"""Who works here: units in a tree, people, and the roles they hold at a unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from engine.domain.errors import ValueRefused


class Role(StrEnum):
    """What a person does at the desk (domain.md, "Who works here"); the words a diagram uses in candidateGroups."""

    FIRST_OWNER = "first_owner"
    TRIAGE_OFFICER = "triage_officer"
    HANDLER = "handler"
    COORDINATOR = "coordinator"
    CONTRIBUTOR = "contributor"
    APPROVER = "approver"
    QUALITY_OFFICER = "quality_officer"
    CUSTOMER_CARE = "customer_care"
    CONSUMER_PROTECTION = "consumer_protection"
    HEAD = "head"
    LEGAL = "legal"
    FINANCE = "finance"
    APPEAL_REVIEWER = "appeal_reviewer"
    EXECUTIVE = "executive"
    ANALYST = "analyst"
    PROCESS_DESIGNER = "process_designer"
    ADMINISTRATOR = "administrator"


class UnitKind(StrEnum):
    """Level of a unit in the bank's tree."""

    HEAD_OFFICE = "head_office"
    BRANCH = "branch"
    SUB_BRANCH = "sub_branch"
    DEPARTMENT = "department"


@dataclass(frozen=True)
class Unit:
    """A place in the bank's tree. `path` is the ids from the root, as "/1/4/": a unit is below every prefix of it."""

    id: int
    code: str
    name: str
    name_zh: str
    kind: UnitKind
    parent_id: int | None
    path: str
    calendar: str

    def is_within(self, other: "Unit") -> bool:
        """Whether this unit is `other` or stands somewhere below it."""
        return self.path.startswith(other.path)


def units_below(units: Sequence[Unit], code: str) -> list[int]:
    """The ids of the unit with this code and of all below it; raises ValueRefused where there is none."""
    top = next((unit for unit in units if unit.code == code), None)
    if top is None:
        raise ValueRefused(f"There is no unit with the code {code}.", field="unit")
    return [unit.id for unit in units if unit.is_within(top)]


@dataclass(frozen=True)
class Person:
    """Somebody who works at the bank. `language` is a locale ("en", "zh_Hans_CN"); `theme` is "light", "dark" or "auto"."""

    id: int
    login: str
    name: str
    name_zh: str
    unit_id: int
    email: str | None
    password_hash: str
    language: str
    active: bool = True


@dataclass(frozen=True)
class RoleGrant:
    """One role held at one unit; it reaches the unit and everything below it."""

    id: int
    person_id: int
    role: Role
    unit_id: int
