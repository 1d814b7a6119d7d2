"""`redress instances …`: what people see and what programs get, one or many at a time."""

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import Result

from engine import bootstrap
from engine.bootstrap import App
from engine.cli.instances.group import instances
from engine.domain.actor import SYSTEM
from engine.domain.organisation import Role
from engine.settings import Settings
from engine.use_cases import releases
from tests.builders.cases import a_complaint
from tests.builders.steered_house import CHANGED, PROCESS
from tests.cli.conftest import Redress

WHY = ("--because", "core system down")


@pytest.fixture
def app(home: Path) -> Iterator[App]:
    """The house beside the commands."""
    opened = bootstrap.build(Settings.from_env({"REDRESS_HOME": str(home)}))
    yield opened
    opened.close()


@pytest.fixture
def admin(app: App) -> str:
    """The login of an administrator."""
    return app.reads.people(Role.ADMINISTRATOR)[0].login


@pytest.fixture
def cases(app: App) -> list[int]:
    """Three instances on the release of a small process."""
    release(app, PROCESS)
    made = []
    with app.ports.unit_of_work(SYSTEM) as work:
        (unit,) = work.units.find(code="HO")
        for number in range(3):
            values = {
                "number": f"C-2026-90000{number}",
                "intake_key": str(number),
                "receiving_unit_id": unit.id,
            }
            complaint = work.complaints.add(a_complaint(**values))
            made.append(app.ports.engine.start(work, "p", complaint_id=complaint.id).id)
    return made


def release(app: App, content: bytes) -> int:
    """Make a process "p" part of the current release."""
    with app.ports.unit_of_work(SYSTEM) as work:
        files = {**work.releases.current().files, "p.bpmn": content}
        return releases.release(app.ports, work, files).id


@pytest.fixture
def steer(redress: Redress, admin: str) -> Redress:
    """`redress instances …` in the name of an administrator."""

    def called(*arguments: Any) -> Result:
        return redress("instances", *arguments, "--as", admin)

    return called


def found(result: Result) -> Any:
    """What a program reads."""
    assert result.exit_code in (0, 1), result.output
    return json.loads(result.stdout)


def states(steer: Redress) -> Mapping[int, str]:
    """The state of each instance."""
    listed = found(steer("list", "--process", "p", "--state", "running", "--state", "suspended", "--json"))
    return {row["id"]: row["state"] for row in listed}


@pytest.mark.parametrize("name", sorted(instances.commands))
def test_every_command_shows_an_example_in_its_own_help(redress: Redress, name: str) -> None:
    shown = redress("instances", name, "--help").stdout

    assert re.search(rf"Example: redress instances {name}\b", shown)


def test_the_help_shows_the_verbs_at_work(redress: Redress) -> None:
    shown = redress("instances", "--help").stdout

    for name in instances.commands:
        assert f"\n  {name} " in shown


EXAMPLES = sorted(
    {
        line.partition("#")[0].strip()
        for text in [
            *((Path(__file__).parents[2] / "docs" / name).read_text() for name in ("administrators.md",)),
            instances.epilog or "",
            *(command.help or "" for command in instances.commands.values()),
        ]
        for line in re.findall(r"redress instances [a-z].*", text)
        if "`" not in line
    }
)


@pytest.mark.parametrize("example", EXAMPLES)
def test_what_documents_and_help_show_is_understood(example: str) -> None:
    """Every option and argument is one the command takes; nothing is done."""
    command: click.Command = instances
    arguments = shlex.split(example)[2:]
    while isinstance(command, click.Group):
        command = command.commands[arguments.pop(0)]

    assert command.make_context(str(command.name), arguments).params["login"] == "ada"


def test_a_list_for_people_and_for_programs(cases: list[int], steer: Redress) -> None:
    lines = steer("list", "--at", "u", "--limit", "2").stdout.splitlines()
    rows = found(steer("list", "--number", "C-2026-900001", "--json"))

    assert lines[1].split() == [str(cases[0]), "p", "2", "running", "C-2026-900000", "u"]
    assert lines[-1] == "2 of 3."
    assert [(row["id"], row["elements"], row["number"]) for row in rows] == [
        (cases[1], ["u"], "C-2026-900001")
    ]


def test_one_is_shown_with_its_tokens_and_variables(cases: list[int], steer: Redress) -> None:
    shown = steer("show", cases[0]).stdout
    as_json = found(steer("show", cases[0], "--json"))

    assert shown.startswith(f"Instance {cases[0]}: p, release 2, running, since ")
    assert "task of handler (open)" in shown
    assert [(token["token"], token["element"]) for token in as_json["tokens"]] == [(2, "u")]
    assert as_json["scopes"] == [{"number": 0, "parent": None, "names": [], "values": None}]


def test_instances_named_by_number_are_done_at_once(cases: list[int], steer: Redress) -> None:
    first = steer("suspend", cases[0], cases[1], *WHY)
    second = steer("suspend", cases[0], *WHY, "--json")

    assert first.stdout == f"Instance {cases[0]} is on hold.\nInstance {cases[1]} is on hold.\n"
    assert found(second) == [
        {
            "instance": cases[0],
            "result": "not_needed",
            "sentence": f"Instance {cases[0]} was on hold already.",
        }
    ]
    assert found(steer("bulk", "list", "--json")) == []
    assert steer("resume", cases[0], *WHY).stdout == f"Instance {cases[0]} goes on.\n"


def test_chosen_by_a_filter_they_become_a_job_that_is_worked_off(cases: list[int], steer: Redress) -> None:
    done = steer("suspend", "--process", "p", "--at", "u", *WHY)
    listed = found(steer("bulk", "list", "--json"))
    shown = found(steer("bulk", "show", 1, "--json"))

    assert done.stdout == "Bulk 1 (finished): suspend on 3: 3 done.\n"
    assert set(states(steer).values()) == {"suspended"}
    assert [(job["verb"], job["reason"], job["done"], job["state"]) for job in listed] == [
        ("suspend", "core system down", 3, "finished")
    ]
    assert [item["sentence"] for item in shown["items"]] == [f"Instance {id} is on hold." for id in cases]


def test_a_job_for_later_waits_until_it_is_run_or_stopped(cases: list[int], steer: Redress) -> None:
    later = found(steer("suspend", "--process", "p", *WHY, "--later", "--json"))
    assert (later["state"], later["waiting"]) == ("running", 3)
    assert set(states(steer).values()) == {"running"}

    assert steer("bulk", "run", later["bulk"]).stdout == "Bulk 1 (finished): suspend on 3: 3 done.\n"
    again = found(steer("resume", "--process", "p", *WHY, "--later", "--json"))
    assert steer("bulk", "stop", again["bulk"], *WHY).stdout == "Bulk 2 is stopped.\n"
    assert steer("bulk", "stop", again["bulk"], *WHY).stdout == "Bulk 2 was over already.\n"
    assert set(states(steer).values()) == {"suspended"}


def test_the_worker_does_what_was_left_for_later(cases: list[int], steer: Redress, redress: Redress) -> None:
    steer("suspend", "--process", "p", *WHY, "--later")

    assert "bulk: 3\n" in redress("worker", "--once").stdout

    assert set(states(steer).values()) == {"suspended"}


def test_what_is_refused_says_why_and_ends_with_one(cases: list[int], steer: Redress) -> None:
    one = steer("add-token", "nowhere", cases[0], *WHY)
    many = steer("add-token", "nowhere", "--process", "p", *WHY)

    assert one.exit_code == 1
    assert (
        one.stderr == f"Instance {cases[0]}: There is no element 'nowhere' in the process p as it stands.\n"
    )
    assert many.exit_code == 1
    assert many.stdout.startswith("Bulk 1 (finished): add_token on 3: 3 refused.\n")
    assert many.stdout.count("There is no element 'nowhere'") == 3


def test_tokens_are_added_moved_and_taken_away(cases: list[int], steer: Redress) -> None:
    one = cases[0]

    added = steer("add-token", "v", one, *WHY)
    moved = steer("move", "u", "v", one, *WHY)
    gone = steer("cancel-token", 3, one, *WHY)
    ended = steer("terminate", "v", one, *WHY)

    assert added.stdout == f"Token 3 was added at v in instance {one}.\n"
    assert moved.stdout == f"1 moved from u to v in instance {one}.\n"
    assert gone.stdout == f"Token 3 of instance {one} is cancelled.\n"
    assert ended.stdout == f"1 ended at v in instance {one}.\n"
    assert found(steer("list", "--state", "cancelled", "--json"))[0]["id"] == one


def test_variables_are_set_in_feel_and_stuck_ones_tried_again(
    cases: list[int], steer: Redress, app: App
) -> None:
    with app.ports.unit_of_work(SYSTEM) as work:
        (task,) = work.tasks.find(instance_id=cases[0])
        app.ports.engine.complete(work, task, {"x": 2})

    put = steer("set", cases[0], "--set", "y=1 + 1", "--set", 'deep.a=date("2026-01-01")', *WHY)
    retried = steer("retry", "--code", "gateway.no_way", "--set", "x=1", *WHY)

    assert put.stdout == f"y, deep.a set in instance {cases[0]}.\n"
    assert retried.stdout == "Bulk 1 (finished): retry on 1: 1 done.\n"
    with app.ports.unit_of_work(SYSTEM) as work:
        (scope,) = work.processes.scopes(cases[0])
    assert scope.values == {"x": 1, "y": 2, "deep": {"a": "2026-01-01"}}


def test_a_migration_is_told_done_and_taken_back(cases: list[int], steer: Redress, app: App) -> None:
    new = release(app, CHANGED)

    without = steer("migrate", "--process", "p", "--to", "current", "--dry-run")
    planned = found(steer("migrate", cases[0], "--to", new, "--map", "u=u2", "--dry-run", "--json"))
    done = steer("migrate", "--process", "p", "--to", "current", "--map", "u=u2", *WHY)
    again = found(steer("migrate", cases[0], "--to", "current", "--map", "p:u=u2", *WHY, "--json"))
    back = steer("take-back", "--bulk", 1, *WHY)

    assert f"Instance {cases[0]}: cannot go from release 2 to {new}.\n" in without.stdout
    assert "say with the mapping where it goes" in without.stdout
    assert without.stdout.endswith("3 looked at, 0 can go.\n")
    (plan,) = planned
    assert (plan["possible"], [step["sentence"] for step in plan["steps"]]) == (
        True,
        ["Token 2 goes from u to u2."],
    )
    assert done.stdout == "Bulk 1 (finished): migrate on 3: 3 done.\n"
    assert again[0]["sentence"] == f"Instance {cases[0]} is on release {new} already."
    assert back.stdout == "Bulk 2 (finished): take_back on 3: 3 done.\n"
    assert {row["release_id"] for row in found(steer("list", "--process", "p", "--json"))} == {2}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("suspend", *WHY), "Name instances by number, or choose them by a filter"),
        (("suspend", 1, "--process", "p", *WHY), "not both"),
        (("suspend", 1), "Missing option '--because'"),
        (("set", 1, "--set", "5000", *WHY), "NAME=FEEL"),
        (("migrate", 1, "--to", "current"), "Say with --because why, or ask with --dry-run first"),
        (("migrate", 1, "--to", "newest", "--dry-run"), "is no release"),
        (
            ("migrate", "--grade", "major", "--to", "1", "--map", "a=b", "--dry-run"),
            "Say of which process a is",
        ),
        (("migrate", "--process", "p", "--to", "1", "--map", "ab", "--dry-run"), "write OLD=NEW"),
        (("list", "--state", "asleep"), "Invalid value for '--state'"),
    ],
)
def test_wrong_use_is_told(cases: list[int], steer: Redress, arguments: tuple[Any, ...], words: str) -> None:
    result = steer(*arguments)

    assert result.exit_code == 2
    assert words in " ".join(result.stderr.split())


NO_ROW = "9" * 20


@pytest.mark.parametrize(
    "arguments",
    [
        ("suspend", NO_ROW, *WHY),
        ("show", NO_ROW),
        ("list", "--release", NO_ROW),
        ("list", "--bulk", NO_ROW),
        ("list", "--after", NO_ROW),
        ("list", "--limit", NO_ROW),
        ("bulk", "show", NO_ROW),
        ("bulk", "run", NO_ROW),
        ("cancel-token", NO_ROW, "1", *WHY),
        ("add-token", "v", "1", "--inside", NO_ROW, *WHY),
        ("migrate", "1", "--to", NO_ROW, "--dry-run"),
        # half a byte of something that was once text
        ("list", "--process", "\udcff"),
        ("list", "--at", "\udcff"),
        ("suspend", "--process", "p", "--because", "was \udcff"),
    ],
    ids=lambda said: " ".join(said[:3]).encode("ascii", "replace").decode(),
)
def test_numbers_and_bytes_that_can_be_nothing_here_are_wrong_use(
    cases: list[int], steer: Redress, arguments: tuple[str, ...]
) -> None:
    result = steer(*arguments)

    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_words_that_look_like_markup_are_shown_as_they_are(cases: list[int], steer: Redress) -> None:
    steer("suspend", "--process", "p", "--because", "see [/note] :bank: [red]")

    listed = steer("bulk", "list")
    moved = steer("move", "u[/b]", "v", str(cases[0]), *WHY)

    assert "see [/note] :bank: [red]" in listed.output
    assert "No token stands at u[/b]" in moved.output


def test_nobody_acts_in_the_name_of_an_unknown_or_without_the_role(
    cases: list[int], redress: Redress, app: App
) -> None:
    handler = app.reads.people(Role.HANDLER)[0].login

    unknown = redress("instances", "list", "--as", "nobody")
    without = redress("instances", "suspend", "--process", "p", *WHY, "--as", handler)

    assert unknown.stderr == "redress: Nobody here has the login nobody.\n"
    assert without.stderr == "redress: Your role does not allow this here.\n"
    assert (unknown.exit_code, without.exit_code) == (1, 1)
