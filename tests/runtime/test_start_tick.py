"""The looks at start timers and kept messages: what is due starts, what expired is forgotten, one that breaks keeps nobody."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from engine.runtime.clock import MovableClock
from engine.runtime.start_tick import MessageTick, StartTick
from tests.builders.diagrams import diagram, end, flows, message, node, process, start, timer
from tests.builders.durable import DurableBank


@pytest.fixture
def bank(sqlite_url: str, clock: MovableClock) -> Iterator[DurableBank]:
    opened = DurableBank(sqlite_url, clock)
    yield opened
    opened.close()


def test_due_processes_start_each_once(bank: DurableBank) -> None:
    drawn = [
        process(
            id,
            start(f"{id}_begin", timer("Duration", after)),
            end(f"{id}_end"),
            flows(f"{id}_begin", f"{id}_end"),
        )
        for id, after in (("p", "PT1H"), ("q", "PT1H"), ("later", "PT2H"))
    ]
    bank.release(diagram(*drawn))
    tick = StartTick(bank.ports)
    assert tick() == 0

    bank.clock.move_by(timedelta(hours=1))

    assert (tick(), tick()) == (2, 0)
    assert bank.path == ["p_begin", "p_end", "q_begin", "q_end"]


def test_one_that_cannot_start_is_set_aside_and_the_others_start(bank: DurableBank) -> None:
    ear = (
        '<bpmn:subProcess id="esp" triggeredByEvent="true">'
        + start("heard", message("M"))
        + end("z")
        + flows("heard", "z")
        + "</bpmn:subProcess>"
    )
    deaf = process(
        "a", start("a_begin", timer("Duration", "PT1H")), node("task", "t"), ear, flows("a_begin", "t")
    )
    good = process("p", start("p_begin", timer("Duration", "PT1H")), end("p_end"), flows("p_begin", "p_end"))
    key = '<bpmn:extensionElements><zeebe:subscription correlationKey="=nothing"/></bpmn:extensionElements>'
    bank.release(diagram(deaf, good, f'<bpmn:message id="M" name="note">{key}</bpmn:message>'))
    bank.clock.move_by(timedelta(hours=1))
    tick = StartTick(bank.ports)

    assert (tick(), tick()) == (1, 0)

    assert bank.path == ["p_begin", "p_end"]
    bank.clock.move_by(timedelta(minutes=6))
    assert tick() == 0


def test_expired_messages_are_forgotten(bank: DurableBank) -> None:
    bank.release(diagram(process("p", start(), end(), flows("start", "end"))))
    bank.keep("note", "a", timedelta(hours=1))
    bank.keep("note", "b", timedelta(hours=2))
    tick = MessageTick(bank.ports)
    assert tick() == 0

    bank.clock.move_by(timedelta(hours=1))

    assert (tick(), tick()) == (1, 0)
