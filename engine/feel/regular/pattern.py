"""The grammar of XPath regular expressions, read to a program (XML Schema part 2, F)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from engine.feel.regular import classes
from engine.feel.regular.classes import Test

LARGEST_PROGRAM = 5_000
DEEPEST = 30
_SINGLE = {"n": "\n", "r": "\r", "t": "\t"}
_META = frozenset("\\|.-^?*+{}()[]$")
_FLAGS = frozenset("smixq")
_SPACE = frozenset(" \t\n\r")


class BadPattern(Exception):
    """The text is no regular expression."""


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction: ``test``, ``split``, ``jump``, ``save``, ``same``, ``start``, ``end`` or ``found``."""

    kind: str
    test: Test | None = None
    first: int = 0
    second: int = 0


@dataclass(frozen=True, slots=True)
class Program:
    """A compiled expression."""

    steps: tuple[Step, ...]
    groups: int
    ignore_case: bool
    multiline: bool
    looks_back: bool
    _starts: dict[str, bool] = field(default_factory=dict, compare=False)

    def may_start(self, character: str) -> bool:
        """Whether a match can begin with this character; worked out once for each character met."""
        known = self._starts.get(character)
        if known is None:
            known = self._starts[character] = self._can_begin(character)
            if len(self._starts) > _REMEMBERED:
                self._starts.clear()
        return known

    def _can_begin(self, character: str) -> bool:
        pending, seen = [0], set[int]()
        while pending:
            place = pending.pop()
            if place in seen:
                continue
            seen.add(place)
            step = self.steps[place]
            if step.kind == "test":
                if step.test is not None and step.test(character):
                    return True
            elif step.kind == "split":
                pending += (step.first, step.second)
            elif step.kind == "jump":
                pending.append(step.first)
            elif step.kind == "save":
                pending.append(place + 1)
            else:  # an edge, an earlier group or the end itself: anything may stand here
                return True
        return False


_REMEMBERED = 4_000

Part = Callable[[list[Step]], None]


class Reader:
    """One pattern on its way to a program."""

    def __init__(self, text: str, flags: str) -> None:
        self.text = text
        self.at = 0
        self.ignore_case = "i" in flags
        self.dot_all = "s" in flags
        self.multiline = "m" in flags
        self.groups = 0
        self.closed: set[int] = set()
        self.depth = 0
        self.looks_back = False

    def program(self) -> Program:
        """The whole pattern."""
        part = self.alternatives()
        if self.at < len(self.text):
            raise BadPattern
        steps: list[Step] = []
        part(steps)
        steps.append(Step("found"))
        return Program(tuple(steps), self.groups, self.ignore_case, self.multiline, self.looks_back)

    def peek(self) -> str:
        """The character here."""
        return self.text[self.at : self.at + 1]

    def alternatives(self) -> Part:
        self.depth += 1
        if self.depth > DEEPEST:
            raise BadPattern
        branches = [self.branch()]
        while self.peek() == "|":
            self.at += 1
            branches.append(self.branch())
        self.depth -= 1
        return branches[0] if len(branches) == 1 else _either(branches)

    def branch(self) -> Part:
        parts: list[Part] = []
        while self.peek() not in ("", "|", ")"):
            parts.append(self.piece())
        return _sequence(parts)

    def piece(self) -> Part:
        part = self.atom()
        character = self.peek()
        if character in ("?", "*", "+"):
            self.at += 1
            low, high = {"?": (0, 1), "*": (0, None), "+": (1, None)}[character]
        elif character == "{":
            low, high = self.counts()
        else:
            return part
        lazy = self.peek() == "?"
        if lazy:
            self.at += 1
        if self.peek() in ("?", "*", "+", "{"):
            raise BadPattern
        return _repeat(part, low, high, lazy)

    def counts(self) -> tuple[int, int | None]:
        end = self.text.find("}", self.at)
        inner = self.text[self.at + 1 : end] if end > 0 else ""
        low, comma, high = inner.partition(",")
        if not low.isascii() or not low.isdigit() or (high and not (high.isascii() and high.isdigit())):
            raise BadPattern
        if len(low) > 5 or len(high) > 5:
            raise BadPattern
        self.at = end + 1
        most = int(low) if not comma else int(high) if high else None
        if most is not None and most < int(low):
            raise BadPattern
        return int(low), most

    def atom(self) -> Part:
        character = self.peek()
        self.at += 1
        if character == "(":
            return self.group()
        if character == "[":
            return _test(self.character_class())
        if character == ".":
            return _test(_anything if self.dot_all else _not_line_end)
        if character == "^":
            return lambda steps: steps.append(Step("start"))
        if character == "$":
            return lambda steps: steps.append(Step("end"))
        if character == "\\":
            return self.escaped()
        if character in "?*+{}])":
            raise BadPattern
        return _test(classes.literal(character, self.ignore_case))

    def group(self) -> Part:
        if self.text.startswith("?:", self.at):
            self.at += 2
            part = self.alternatives()
            self.close()
            return part
        if self.peek() == "?":
            raise BadPattern
        self.groups += 1
        number = self.groups
        part = self.alternatives()
        self.close()
        self.closed.add(number)
        return _captured(part, number)

    def close(self) -> None:
        if self.peek() != ")":
            raise BadPattern
        self.at += 1

    def escaped(self) -> Part:
        character = self.text[self.at : self.at + 1]
        if character.isascii() and character.isdigit():
            return self.back_reference()
        return _test(self.escape())

    def back_reference(self) -> Part:
        number = int(self.text[self.at])
        self.at += 1
        if number == 0:
            raise BadPattern
        while self.at < len(self.text) and self.text[self.at] in "0123456789":
            longer = number * 10 + int(self.text[self.at])
            if longer > self.groups:
                break
            number = longer
            self.at += 1
        if number not in self.closed:
            raise BadPattern
        self.looks_back = True
        return lambda steps: steps.append(Step("same", first=number))

    def escape(self) -> Test:
        """What stands after a backslash, as a test."""
        character = self.text[self.at : self.at + 1]
        self.at += 1
        if character in _SINGLE:
            return classes.literal(_SINGLE[character], False)
        if character and character in _META:
            return classes.literal(character, False)
        if character in ("p", "P"):
            return self.category(character == "P")
        found = classes.escape(character) if character else None
        if found is None:
            raise BadPattern
        return found

    def category(self, negated: bool) -> Test:
        end = self.text.find("}", self.at)
        if self.text[self.at : self.at + 1] != "{" or end < 0:
            raise BadPattern
        name = self.text[self.at + 1 : end]
        self.at = end + 1
        found = classes.category(name)
        if found is None:
            raise BadPattern
        return classes.negated(found) if negated else found

    def character_class(self, depth: int = 0) -> Test:
        """What stands after an opening square bracket, to the closing one."""
        if depth > DEEPEST:
            raise BadPattern
        negative = self.text.startswith("^", self.at)
        self.at += negative
        tests: list[Test] = []
        removed: Test | None = None
        while not self.text.startswith("]", self.at):
            if self.at >= len(self.text) or removed is not None:
                raise BadPattern
            if self.text.startswith("-[", self.at) and tests:
                self.at += 2
                removed = self.character_class(depth + 1)
            else:
                tests.append(self.class_member())
        self.at += 1
        if not tests:
            raise BadPattern
        base = classes.negated(classes.either(tests)) if negative else classes.either(tests)
        return base if removed is None else classes.without(base, removed)

    def class_member(self) -> Test:
        """A character, a range or a class escape; a hyphen stands for itself where it can begin no range."""
        hyphen = self.text.startswith("-", self.at)
        start = self.class_character()
        if callable(start):
            return start
        ranged = self.text.startswith("-", self.at) and self.text[self.at + 1 : self.at + 2] not in ("]", "[")
        if not ranged:
            return classes.literal(start, self.ignore_case)
        self.at += 1
        hyphen = hyphen or self.text.startswith("-", self.at)
        end = self.class_character()
        if hyphen or callable(end) or end < start:
            raise BadPattern
        return classes.span(start, end, self.ignore_case)

    def class_character(self) -> str | Test:
        """One character of a class, or a class escape."""
        character = self.text[self.at : self.at + 1]
        if character == "\\":
            self.at += 1
            letter = self.text[self.at : self.at + 1]
            if letter in _SINGLE or (letter and letter in _META):
                self.at += 1
                return _SINGLE.get(letter, letter)
            return self.escape()
        if character in ("", "["):
            raise BadPattern
        self.at += 1
        return character


def read(text: str, flags: str) -> Program:
    """The program of a pattern; raises BadPattern."""
    if not _FLAGS.issuperset(flags):
        raise BadPattern
    if "q" in flags:
        text = "".join("\\" + c if c in _META else c for c in text)
        flags = "".join(flag for flag in flags if flag == "i")
    elif "x" in flags:
        text = _without_space(text)
    return Reader(text, flags).program()


def _without_space(text: str) -> str:
    """With the flag x white space does not count, but for that inside of classes."""
    kept: list[str] = []
    inside = 0
    escaped = False
    for character in text:
        if not inside and character in _SPACE:
            continue
        if not escaped:
            inside += (character == "[") - (character == "]" and inside > 0)
        escaped = character == "\\" and not escaped
        kept.append(character)
    return "".join(kept)


def _anything(character: str) -> bool:
    return True


def _not_line_end(character: str) -> bool:
    return character not in "\n\r"


def _test(test: Test) -> Part:
    return lambda steps: _add(steps, Step("test", test))


def _add(steps: list[Step], step: Step) -> None:
    if len(steps) >= LARGEST_PROGRAM:
        raise BadPattern
    steps.append(step)


def _sequence(parts: list[Part]) -> Part:
    def emit(steps: list[Step]) -> None:
        for part in parts:
            part(steps)

    return emit


def _either(branches: list[Part]) -> Part:
    def emit(steps: list[Step]) -> None:
        jumps: list[int] = []
        for branch in branches[:-1]:
            split = _reserve(steps)
            branch(steps)
            jumps.append(_reserve(steps))
            steps[split] = Step("split", first=split + 1, second=len(steps))
        branches[-1](steps)
        for jump in jumps:
            steps[jump] = Step("jump", first=len(steps))

    return emit


def _reserve(steps: list[Step]) -> int:
    _add(steps, Step("jump"))
    return len(steps) - 1


def _captured(part: Part, number: int) -> Part:
    def emit(steps: list[Step]) -> None:
        _add(steps, Step("save", first=2 * number))
        part(steps)
        _add(steps, Step("save", first=2 * number + 1))

    return emit


def _repeat(part: Part, low: int, high: int | None, lazy: bool) -> Part:
    def split(place: int, body: int, after: int) -> Step:
        return Step("split", first=after, second=body) if lazy else Step("split", first=body, second=after)

    def emit(steps: list[Step]) -> None:
        for _ in range(low):
            part(steps)
        if high is None:
            loop = _reserve(steps)
            part(steps)
            _add(steps, Step("jump", first=loop))
            steps[loop] = split(loop, loop + 1, len(steps))
            return
        splits = []
        for _ in range(high - low):
            splits.append(_reserve(steps))
            part(steps)
        for place in splits:
            steps[place] = split(place, place + 1, len(steps))

    return emit
