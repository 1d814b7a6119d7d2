"""Files nobody should be made to wait for: very large, very deep, very tangled, or no diagrams at all."""

import random
from collections.abc import Callable, Mapping
from itertools import chain

from tests.builders.checking import line
from tests.builders.diagrams import (
    HEAD,
    ad_hoc,
    boundary,
    diagram,
    end,
    error,
    event_subprocess,
    flow,
    flows,
    link,
    named_message,
    node,
    process,
    script,
    start,
    undoing,
    user,
    zeebe,
)

ERROR = '<bpmn:error id="E" errorCode="X"/>'
OPEN = "=complaint.amount > 1"


def _chain(steps: list[str], *more: str) -> bytes:
    ids = [step.split('id="', 1)[1].split('"', 1)[0] for step in steps]
    return diagram(process("p", start(), *steps, end(), flows("start", *ids, "end"), *more), ERROR)


def tasks(count: int) -> bytes:
    """One after another."""
    return _chain([node("task", f"t{n}") for n in range(count)])


def scripts(count: int) -> bytes:
    """Each reads what the one before it wrote."""
    return _chain([script(f"t{n}", f"=x{n - 1} + {n}" if n else "=1", f"x{n}") for n in range(count)])


def scripts_backwards(count: int) -> bytes:
    """Each reads what only the one behind it writes."""
    return _chain([script(f"t{n}", f"=x{n + 1} + {n}", f"x{n}") for n in range(count)])


def unknown_names(count: int) -> bytes:
    """Each reads what nobody writes."""
    return _chain([script(f"t{n}", f"=lost{n} + 1", f"x{n}") for n in range(count)])


def blocks(kind: str, count: int) -> bytes:
    """Splits and joins, one after another."""
    is_open = kind != "parallelGateway"
    parts, before = [start(), end()], "start"
    for n in range(count):
        default = f"g{n}_a{n}" if is_open else None
        parts += [
            node(kind, f"g{n}", name="?", default=default),
            node("task", f"a{n}"),
            node("task", f"b{n}"),
        ]
        parts += [node(kind, f"j{n}"), flows(before, f"g{n}"), flow(f"g{n}", f"a{n}", name="A")]
        parts += [flow(f"g{n}", f"b{n}", OPEN if is_open else None, name="B"), flows(f"a{n}", f"j{n}")]
        parts.append(flows(f"b{n}", f"j{n}"))
        before = f"j{n}"
    return diagram(process("p", *parts, flows(before, "end")))


def star(kind: str, joining: str, count: int) -> bytes:
    """One gateway with very many ways, and one join behind them."""
    is_open = kind != "parallelGateway"
    ways = (
        flow("g", f"t{n}", f"=complaint.amount > {n}" if is_open and n else None, name="W")
        + flows(f"t{n}", "j")
        for n in range(count)
    )
    gateways = node(kind, "g", name="?", default="g_t0" if is_open else None) + node(joining, "j")
    steps = (node("task", f"t{n}") for n in range(count))
    return diagram(
        process("p", start(), end(), gateways, *steps, flows("start", "g"), *ways, flows("j", "end"))
    )


def starts(count: int) -> bytes:
    """Very many beginnings."""
    parts = chain.from_iterable((start(f"s{n}"), flows(f"s{n}", "end")) for n in range(count))
    return diagram(process("p", *parts, end()))


def events_on_one_task(count: int) -> bytes:
    """Very many boundary events, each for an error of its own."""
    events = (boundary(f"b{n}", "u", error(f"E{n}")) + flows(f"b{n}", "end") for n in range(count))
    errors = (f'<bpmn:error id="E{n}" errorCode="X{n}"/>' for n in range(count))
    return diagram(process("p", line(user("u")), *events), *errors)


def events_for_the_same(count: int) -> bytes:
    """Very many boundary events on one task, all for the same error."""
    events = (boundary(f"b{n}", "u", error("E")) + flows(f"b{n}", "end") for n in range(count))
    return _chain([user("u")], *events)


def links(count: int) -> bytes:
    """Leaps one after another."""
    parts, before = [start()], "start"
    for n in range(count):
        parts += [
            node("intermediateThrowEvent", f"l{n}", body=link(f"to {n}")) + flows(before, f"l{n}"),
            node("intermediateCatchEvent", f"a{n}", body=link(f"to {n}")),
        ]
        before = f"a{n}"
    return diagram(process("p", *parts, end(), flows(before, "end")))


def links_to_one_place(count: int) -> bytes:
    """Very many that leap to one place."""
    parts = [
        start(),
        end(),
        node("intermediateCatchEvent", "there", body=link("there")),
        flows("there", "end"),
    ]
    leaps = (
        node("intermediateThrowEvent", f"l{n}", body=link("there")) + flows("start", f"l{n}")
        for n in range(count)
    )
    return diagram(process("p", *parts, *leaps))


def undone(count: int) -> bytes:
    """Tasks that can all be undone, one after another."""
    steps = [node("task", f"t{n}") for n in range(count)]
    throw = node("intermediateThrowEvent", "throw", body="<bpmn:compensateEventDefinition/>")
    return _chain([*steps, throw], *(undoing(f"t{n}", f"h{n}") for n in range(count)))


def free_choice(count: int) -> bytes:
    """Very many tasks in one ad-hoc subprocess, of which none has to be done."""
    return _chain([ad_hoc("free", "".join(node("task", f"t{n}") for n in range(count)))])


def publishers(count: int) -> bytes:
    """Each publishes a message of its own, and waits for one nobody publishes."""
    steps, messages = [], []
    for n in range(count):
        sent = zeebe("publishMessage", correlationKey="=1")
        steps.append(node("sendTask", f"s{n}", sent, messageRef=f"M{n}", name=f"s{n}"))
        steps.append(node("receiveTask", f"r{n}", messageRef=f"N{n}", name=f"r{n}"))
        messages += [named_message(f"M{n}", f"sent {n}"), named_message(f"N{n}", f"awaited {n}", "=1")]
    ids = [step.split('id="', 1)[1].split('"', 1)[0] for step in steps]
    return diagram(process("p", start(), *steps, end(), flows("start", *ids, "end")), *messages)


def event_subprocesses(count: int) -> bytes:
    """Very many things that may happen at any time."""
    inside = (end(f"e{n}") + flows(f"esp{n}_start", f"e{n}") for n in range(count))
    return _chain(
        [user("u")], *(event_subprocess(f"esp{n}", error("E"), drawn) for n, drawn in enumerate(inside))
    )


def error_ends(count: int) -> bytes:
    """Very many ways to fail."""
    ways = (
        end(f"e{n}", error("E")) + flow("g", f"e{n}", OPEN if n else None, name="W") for n in range(count)
    )
    gateway = node("exclusiveGateway", "g", name="?", default="g_e0")
    return diagram(process("p", start(), gateway, flows("start", "g"), *ways), ERROR)


def calls_in_a_row(count: int) -> bytes:
    """Processes that call the next one, the last of which fails."""
    last = process("p", start("s"), script("z", "=gone", "q"), end("e", error("E")), flows("s", "z", "e"))
    calls = (
        process(
            f"p{n}",
            start(f"s{n}"),
            node(
                "callActivity",
                f"c{n}",
                zeebe("calledElement", processId=f"p{n + 1}" if n + 1 < count else "p"),
            ),
            end(f"e{n}"),
            flows(f"s{n}", f"c{n}", f"e{n}"),
        )
        for n in range(count)
    )
    return diagram(*calls, last, ERROR)


def calls_in_a_ring(count: int) -> bytes:
    """Processes that call each other round and round."""
    calls = (
        process(
            f"p{n}",
            start(f"s{n}"),
            node("callActivity", f"c{n}", zeebe("calledElement", processId=f"p{(n + 1) % count}")),
            end(f"e{n}"),
            flows(f"s{n}", f"c{n}", f"e{n}"),
        )
        for n in range(count)
    )
    return diagram(*calls)


def calls_with_many_variables(count: int) -> bytes:
    """Very many calls from a process with very many variables."""
    call = zeebe("calledElement", processId="q")
    steps = [
        part
        for n in range(count)
        for part in (node("callActivity", f"c{n}", call), script(f"x{n}", "=1", f"v{n}"))
    ]
    called = process("q", start("sq"), script("w", "=1", "y"), end("eq"), flows("sq", "w", "eq"))
    return _chain(steps).replace(b"</bpmn:definitions>", called.encode() + b"</bpmn:definitions>")


def tangle(count: int) -> bytes:
    """Gateways that lead anywhere."""
    chance = random.Random(1)
    kinds = ("exclusiveGateway", "parallelGateway", "inclusiveGateway", "task")
    parts = [start(), end(), flows("start", "n0")]
    for n in range(count):
        targets = [f"n{n + 1}" if n + 1 < count else "end", f"n{chance.randrange(count)}"]
        parts.append(node(chance.choice(kinds), f"n{n}", name="?"))
        parts += [flow(f"n{n}", target, OPEN, id=f"f{n}_{k}", name="W") for k, target in enumerate(targets)]
    return diagram(process("p", *parts))


def much_feel(count: int) -> bytes:
    """Scripts that are long, and very many of them."""
    return _chain(
        [
            script(f"t{n}", "=" + "+".join(f"complaint.amount+{n}" for _ in range(700)), "x")
            for n in range(count)
        ]
    )


def nested(count: int) -> bytes:
    """A subprocess in a subprocess in a subprocess."""
    opening = "".join(f'<bpmn:subProcess id="s{n}">' for n in range(count))
    return f'{HEAD}<bpmn:process id="p">{opening}{"</bpmn:subProcess>" * count}</bpmn:process></bpmn:definitions>'.encode()


def data_objects(count: int) -> bytes:
    """Data objects referred to from two levels below, by references that lead nowhere or to each other."""
    outer = "".join(
        f'<bpmn:dataObject id="o{n}"/><bpmn:dataObjectReference id="r{n}" dataObjectRef="o{n}"/>'
        for n in range(count)
    )
    rings = "".join(
        f'<bpmn:dataObjectReference id="q{n}" dataObjectRef="q{(n + 1) % count}"/>' for n in range(count)
    )
    lost = '<bpmn:dataObjectReference id="lost" dataObjectRef="nowhere"/>'
    link = '<bpmn:dataInputAssociation id="x"><bpmn:sourceRef>r0</bpmn:sourceRef></bpmn:dataInputAssociation>'
    deep = start("s2") + node("task", "t", body=link) + end("e2") + flows("s2", "t", "e2") + lost + rings
    inner = start("s1") + node("subProcess", "deep", body=deep) + end("e1") + flows("s1", "deep", "e1")
    return _chain([node("subProcess", "sub", body=inner)], outer)


def attached_in_a_ring(count: int) -> bytes:
    """Boundary events that are attached to each other, and one to itself."""
    events = (boundary(f"b{n}", f"b{(n + 1) % count}", error("E")) for n in range(count))
    return _chain([node("task", "t")], *events, boundary("itself", "itself", error("E")))


LARGE: Mapping[str, tuple[Callable[[int], bytes], frozenset[str]]] = {
    "tasks": (tasks, frozenset()),
    "scripts": (scripts, frozenset()),
    "scripts backwards": (scripts_backwards, frozenset({"early", "name"})),
    "unknown names": (unknown_names, frozenset({"name"})),
    "exclusive blocks": (lambda n: blocks("exclusiveGateway", n // 4), frozenset()),
    "parallel blocks": (lambda n: blocks("parallelGateway", n // 4), frozenset()),
    "inclusive blocks": (lambda n: blocks("inclusiveGateway", n // 4), frozenset()),
    "exclusive star": (lambda n: star("exclusiveGateway", "exclusiveGateway", n), frozenset()),
    "parallel star": (lambda n: star("parallelGateway", "parallelGateway", n), frozenset()),
    "inclusive star": (lambda n: star("inclusiveGateway", "inclusiveGateway", n), frozenset()),
    "mismatched star": (lambda n: star("inclusiveGateway", "parallelGateway", n), frozenset({"deadlock"})),
    "starts": (starts, frozenset()),
    "events on one task": (events_on_one_task, frozenset({"catch", "form"})),
    "events for the same": (events_for_the_same, frozenset({"catch", "error", "form"})),
    "links": (lambda n: links(n // 2), frozenset()),
    "links to one place": (links_to_one_place, frozenset()),
    "tasks that are undone": (lambda n: undone(n // 3), frozenset()),
    "free choice": (free_choice, frozenset()),
    "publishers": (lambda n: publishers(n // 2), frozenset({"message"})),
    "event subprocesses": (event_subprocesses, frozenset({"catch", "form"})),
    "error ends": (error_ends, frozenset({"catch"})),
    "calls in a row": (lambda n: calls_in_a_row(n // 4), frozenset({"catch"})),
    "calls in a ring": (lambda n: calls_in_a_ring(n // 4), frozenset()),
    "calls with many variables": (lambda n: calls_with_many_variables(n // 3), frozenset()),
    "much FEEL": (lambda n: much_feel(max(100, n // 20)), frozenset({"feel"})),
    "nested subprocesses": (lambda n: nested(1_000), frozenset({"xml"})),
    "data objects": (lambda n: data_objects(n // 4), frozenset({"data"})),
    "attached in a ring": (
        lambda n: attached_in_a_ring(n // 4),
        frozenset({"boundary", "implicit-end", "unreachable", "catch"}),
    ),
}
"""Makers of a file of about so many nodes, and the rules it must be told of: these, and no others but "many"."""

SLOW = frozenset(
    {
        *("scripts", "scripts backwards", "unknown names", "much FEEL", "publishers", "error ends"),
        *("exclusive star", "inclusive star", "mismatched star", "event subprocesses"),
    }
)
"""Those that take more than a second or so with ten thousand nodes."""
