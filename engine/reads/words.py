"""Looking for words in the inbox: common ones are met on the way through it, rare ones are looked up in the index of words.

Either way the texts themselves are looked at, and only where the actor may read them.
"""

from dataclasses import replace

from engine.domain.actor import Actor
from engine.reads.branches import Branches, Found, Key, Wanted
from engine.reads.counting import LIMIT, UpTo
from engine.reads.reading import Reading
from engine.reads.selection import holding, selected
from engine.store.word_index import look_up

FIRST_LOOK = 180
"""Tasks looked at before the index may be asked."""
NEAR = 8
"""The end of the page is near if so many times the way so far leads there."""
FURTHER = 4
"""How much further the next look goes at most."""


def with_words(
    reading: Reading, actor: Actor, branches: Branches, wanted: Wanted, typed: str, total: UpTo
) -> tuple[list[Key], UpTo]:
    """The tasks whose complaints have the words, up to the end of the page and one more, and how many there are; more
    than that are not counted. `total` is how many there are with other words too."""
    needed = wanted.page * wanted.size + 1
    plain = replace(wanted, text=None)
    held: list[Key] = []
    looked_at, limit, is_asked = 0, FIRST_LOOK, False
    while True:
        tasks = list(branches.tasks(plain, limit, total))
        held += _holding(reading, actor, typed, tasks[looked_at:])
        if len(held) >= needed:
            return held[:needed], UpTo(needed, limit=needed - 1)
        if len(tasks) < limit:
            return held, UpTo(len(held))
        if not is_asked and len(held) * NEAR < needed:
            is_asked, few = True, look_up(reading.wire, typed, LIMIT + 1)
            if few is not None and len(few) <= LIMIT:
                keys = selected(reading, actor, wanted, LIMIT + 1, few)
                return keys[:needed], UpTo(len(keys))
        looked_at, limit = limit, _next_limit(limit, len(held), needed)


def _next_limit(limit: int, held: int, needed: int) -> int:
    """As far as the end of the page seems to be, and a little more, but not too far at once."""
    seems = limit * needed * 5 // (held * 4) if held else limit * FURTHER
    return min(max(seems, limit + FIRST_LOOK), limit * FURTHER)


def _holding(reading: Reading, actor: Actor, typed: str, tasks: list[Found]) -> list[Key]:
    """Those of the tasks whose complaints have the words."""
    complaints = sorted({task[2] for task in tasks if task[2] is not None})
    found = holding(reading, actor, typed, complaints)
    return [(instance_id, token) for instance_id, token, complaint_id in tasks if complaint_id in found]
