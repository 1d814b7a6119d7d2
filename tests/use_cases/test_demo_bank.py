"""The demo bank: its tree, its calendars, and somebody for every role's inbox."""

from datetime import date

import pytest

from engine.domain.errors import OutOfOrder
from engine.domain.organisation import Role, UnitKind
from engine.domain.permissions import SEES_CASES
from engine.use_cases import demo_bank
from engine.use_cases.calendars import calendar_of_country
from tests.builders.house import House


def test_it_has_a_head_office_two_branches_and_four_sub_branches() -> None:
    kinds = [unit.kind for unit in House().units.values()]

    assert [kinds.count(kind) for kind in (UnitKind.HEAD_OFFICE, UnitKind.BRANCH, UnitKind.SUB_BRANCH)] == [
        1,
        2,
        4,
    ]
    assert kinds.count(UnitKind.DEPARTMENT) == 14


def test_every_unit_lies_within_its_parent_and_the_head_office() -> None:
    house = House()
    by_id = {unit.id: unit for unit in house.units.values()}

    assert all(unit.is_within(house.units["HO"]) for unit in house.units.values())
    assert all(unit.is_within(by_id[unit.parent_id]) for unit in house.units.values() if unit.parent_id)
    assert not house.units["SH-XH"].is_within(house.units["INTL"])


def test_every_role_has_somebody_to_log_in_as() -> None:
    house = House()

    accounts = demo_bank.accounts(house.ports)

    assert [role for role, _ in accounts] == list(Role)


def test_every_department_can_be_asked_convene_and_handle() -> None:
    house = House()
    departments = [unit for unit in house.units.values() if unit.kind is UnitKind.DEPARTMENT]

    with house.work() as work:
        for department in departments:
            roles = {grant.role for grant in work.grants.find(unit_id=department.id)}
            assert {Role.CONTRIBUTOR, Role.COORDINATOR, Role.HANDLER, Role.HEAD} <= roles


def test_whole_bank_roles_reach_every_unit() -> None:
    house = House()

    for role in (Role.TRIAGE_OFFICER, Role.CONSUMER_PROTECTION, Role.EXECUTIVE, Role.QUALITY_OFFICER):
        somebody = house.somebody(role, "HO")
        assert all(somebody.covers(role, unit.id) for unit in house.units.values())


def test_names_and_logins_are_given_once() -> None:
    house = House()

    with house.work() as work:
        people = work.people.find()

    assert len({person.login for person in people}) == len(people) > 80
    assert all(person.name and person.name_zh for person in people)


def test_four_eyes_find_a_second_pair_for_every_working_role() -> None:
    house = House()

    with house.work() as work:
        for role in SEES_CASES - {Role.ANALYST, Role.LEGAL, Role.FINANCE, Role.APPEAL_REVIEWER}:
            assert len({grant.person_id for grant in work.grants.find(role=role)}) > 1


def test_seeding_again_changes_nothing() -> None:
    house = House()

    assert not demo_bank.seed_demo(house.ports, "other")


def test_another_bank_is_left_alone() -> None:
    house = House()
    with house.work() as work:
        work.put_setting(demo_bank.SETTING, "no")

    with pytest.raises(OutOfOrder):
        demo_bank.seed_demo(house.ports, "x")


def test_chinas_make_up_days_are_worked_and_its_holidays_not() -> None:
    china = calendar_of_country("CN", 2026)

    assert china.is_working_day(date(2026, 2, 14))  # a Saturday made up for the Spring Festival
    assert not china.is_working_day(date(2026, 2, 17))  # the Spring Festival
    assert china.published_until == date(2026, 12, 31)


def test_britain_and_america_have_holidays_of_their_own() -> None:
    assert not calendar_of_country("GB", 2026).is_working_day(date(2026, 8, 31))
    assert calendar_of_country("US", 2026).is_working_day(date(2026, 8, 31))
    assert not calendar_of_country("US", 2026).is_working_day(date(2026, 11, 26))
