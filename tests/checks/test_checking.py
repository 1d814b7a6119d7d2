"""All checks together: what ships is clean, problems come in order, and no file has more than can be read."""

from engine.bootstrap import shipped_definitions
from engine.checks import check
from engine.checks.checking import MOST_PROBLEMS
from tests.builders.checking import a_form, line, said_of, short
from tests.builders.diagrams import diagram, end, process, script, start, user


def test_what_ships_gives_nothing_to_say() -> None:
    assert [str(problem) for problem in check(shipped_definitions(), {})] == []


def test_files_are_checked_together_and_only_they_are_told_of() -> None:
    parent = diagram(process("p", line(user("u", form="ask"))))
    form = a_form("ask", "complaint.wihs")

    assert [p.file for p in check({"x.bpmn": parent, **form}, {})] == ["forms/ask.form"]
    assert check({"x.bpmn": parent}, form) == []


def test_problems_come_by_file_and_line_and_read_as_one_line_each() -> None:
    content = diagram(process("p", line(script("b", "=lost", "x"), script("a", "=gone", "y"))))

    found = check({"b.bpmn": content, "a.bpmn": diagram(process("q", start(), end()))}, {})

    assert [(p.file, p.line) for p in found] == sorted((p.file, p.line) for p in found)
    assert str(found[-1]).startswith(
        "b.bpmn:6: a: name: script: nothing that can be seen here is called 'gone'"
    )


def test_a_warning_says_so_in_its_line() -> None:
    (problem,) = [p for p in said_of(diagram(process("p", line(user("u"))))) if p.rule == "form"]

    assert str(problem).startswith("x.bpmn:5: u: form: warning: it has no form")


def test_a_file_with_very_many_problems_is_told_of_up_to_a_limit() -> None:
    steps = [script(f"s{number}", f"=lost{number}", "x") for number in range(MOST_PROBLEMS + 50)]

    found = said_of(diagram(process("p", line(*steps))))

    assert len(found) == MOST_PROBLEMS + 1
    assert short([problem for problem in found if problem.rule == "many"]) == [("many", "")]


def test_a_line_can_be_printed_whatever_stands_in_it() -> None:
    content = diagram(process("p", line(script("s", "=lost", "x").replace('id="s"', 'id="s&#10;&#x85;é"'))))
    text = content.decode().replace('targetRef="s"', 'targetRef="s&#10;&#x85;é"')

    lines = [str(problem) for problem in said_of(text.encode())]

    assert lines
    assert all(line.isprintable() for line in lines)
