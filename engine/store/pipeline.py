"""Statements to PostgreSQL in libpq's pipeline mode: changes wait until something is asked, and then all go in one journey.

A command asks two or three times and changes six or seven rows; a journey to the server for each of them would be most of
what it costs. See https://www.postgresql.org/docs/current/libpq-pipeline-mode.html.
"""

import select
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import psycopg
from psycopg.abc import Buffer
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGresult

from engine.domain.errors import ChangedMeanwhile, Unavailable
from engine.store.statements import Composed, Prepared, Row
from engine.store.wire import Values, Wire

WRONG = {ExecStatus.FATAL_ERROR, ExecStatus.PIPELINE_ABORTED}
MEETING = "WITH met AS ({} RETURNING 1) SELECT 1 / count(*) FROM met"
"""A change that fails where it meets no row, so that what is sent behind it does not run either."""
SAVEPOINT = "SAVEPOINT"
Dumped = Sequence[Buffer | None]
Formats = Sequence[Format] | None


class Statement(NamedTuple):
    """One statement of a journey; `again` says that it will be asked again, so that the server keeps it under a name."""

    text: str
    values: Values = ()
    again: bool = True


class Line:
    """One connection as it is used here, as long as it lives: which statements its server knows by which name."""

    def __init__(self, connection: psycopg.Connection[Any], begin: str = "BEGIN") -> None:
        """`begin` is how its transactions begin."""
        # Else psycopg, once it has a name of its own, would have the server forget all names at a rollback.
        connection.prepare_threshold = None
        self._begin = Statement(begin)
        self._server = connection.pgconn
        self._values = Transformer(connection)
        self._names: dict[str, bytes] = {}
        self._named = 0
        self._poll = select.poll()
        self._poll.register(self._server.socket)

    def journey(self, statements: Sequence[Statement]) -> list[PGresult]:
        """What the server says to each of them, in one journey; begins a transaction if none is open."""
        server, begins = self._server, self.is_idle
        # Values first: one that cannot be sent is told while nothing is under way.
        ready = [self._dumped(each) for each in ((self._begin, *statements) if begins else statements)]
        server.enter_pipeline_mode()
        news = [self._send(*each) for each in ready]
        answers = self._answers()
        server.exit_pipeline_mode()
        answers = self._learned(news, answers)
        return answers[1:] if begins else answers

    @property
    def is_idle(self) -> bool:
        """Whether it is outside of any transaction."""
        return self._server.transaction_status == TransactionStatus.IDLE

    def rows_of(self, answer: PGresult) -> list[Row]:
        """The rows of an answer as Python values."""
        self._values.set_pgresult(answer)
        return self._values.load_rows(0, answer.ntuples, tuple)

    def _dumped(self, statement: Statement) -> tuple[Statement, Dumped, Formats]:
        """A statement with its values as they are sent; raises psycopg.DataError for one that cannot be."""
        values = statement.values
        if not values:
            return statement, (), None
        formats = [PyFormat.BINARY if type(value) is bytes else PyFormat.TEXT for value in values]
        return statement, self._values.dump_sequence(values, formats), self._values.formats

    def _send(self, statement: Statement, dumped: Dumped, formats: Formats) -> str | None:
        """Send one statement; the text, if the server has to learn its name first."""
        text = statement.text
        if not statement.again:
            self._server.send_query_params(_numbered(text), dumped, param_formats=formats)
            return None
        name, news = self._names.get(text), None
        if name is None:
            self._named += 1
            news = text
            name = self._names[text] = f"redress_{self._named}".encode()
            self._server.send_prepare(name, _numbered(text))
        self._server.send_query_prepared(name, dumped, formats)
        return news

    def _answers(self) -> list[PGresult]:
        """Everything the server says, in the order of what was sent."""
        server = self._server
        found: list[PGresult] = []
        server.pipeline_sync()
        while server.flush():
            self._wait(select.POLLIN | select.POLLOUT)
        while True:
            while server.is_busy():
                self._wait(select.POLLIN)
            result = server.get_result()
            if result is not None and result.status == ExecStatus.PIPELINE_SYNC:
                return found
            if result is not None:
                found.append(result)
            elif server.status == ConnStatus.BAD:  # else it stands between the answers to two statements
                raise psycopg.OperationalError("The connection is lost.")

    def _learned(self, news: Sequence[str | None], answers: Sequence[PGresult]) -> list[PGresult]:
        """The answers without those to new names; raises the first error, and forgets the names that were not learned."""
        found: list[PGresult] = []
        rest = iter(answers)
        for text in news:
            if text is not None and next(rest).status in WRONG:
                del self._names[text]
            found.append(next(rest))
        for answer in answers:
            if answer.status in WRONG:
                raise error_from_result(answer)
        return found

    def _wait(self, events: int) -> None:
        self._poll.modify(self._server.socket, events)
        self._poll.poll()
        self._server.consume_input()


class Pipeline(Wire):
    """The wire of one transaction on PostgreSQL, which begins with the first journey."""

    dialect = "postgresql"

    def __init__(self, line: Line) -> None:
        super().__init__(None)
        self._line = line
        self._waiting: list[Statement] = []
        self._foreseen: dict[str, PGresult | None] = {}

    def read(self, statement: Prepared | Composed, values: Values = ()) -> list[Row]:
        """The rows a question gives."""
        answer = self._foreseen.pop(statement.text, None)
        if answer is None:
            self._waiting.append(Statement(statement.text, values, isinstance(statement, Prepared)))
            answer = self._travel()
        return self._line.rows_of(answer)

    def foresee(self, statement: Prepared) -> None:
        """Have this question go along with the next journey."""
        if statement.text not in self._foreseen:
            self._foreseen[statement.text] = None

    def write(self, statement: Prepared, values: Values = ()) -> None:
        """Have a change run before the next question."""
        self._change(statement.text, [values])

    def write_many(self, statement: Prepared, rows: Sequence[Values]) -> None:
        """Have one change run with many rows of values."""
        self._change(statement.text, rows)

    def change_many(self, statement: Prepared, rows: Sequence[Values]) -> None:
        """The same where each of them has to meet a row."""
        self._change(MEETING.format(statement.text), rows)

    def count(self, statement: Prepared, values: Values = ()) -> int:
        """Run a change now; how many rows it met."""
        self._change(statement.text, [values])
        return self._travel().command_tuples or 0

    def insert(self, statement: Prepared, values: Values) -> Row:
        """Run a change that returns one row."""
        self._change(statement.text, [values])
        return self._line.rows_of(self._travel())[0]

    def settle(self) -> None:
        """Have everything that waits run."""
        if self._waiting:
            self._travel()

    def finish(self, text: str) -> None:
        """Have everything that waits run, and behind it what ends the transaction, all in one journey."""
        if not self._waiting and self._line.is_idle:
            return
        self._foreseen.clear()
        self._waiting.append(Statement(text))
        # PostgreSQL says "ROLLBACK" to "COMMIT" where something had failed and nobody told.
        if self._travel().command_status != text.encode():
            self.failed = Unavailable(reason="Something in this transaction had failed.")
            raise self.failed

    def end(self) -> None:
        """The transaction is over, and the connection somebody else's."""
        del self._line
        self._waiting = []

    def mark(self) -> None:
        """Want a savepoint here; what was written before is answered, so that its errors are not taken for later ones."""
        self.settle()
        super().mark()

    def undo_to_mark(self) -> None:
        """Take back what was written since the newest mark; what still waits is not even sent."""
        self._waiting = [each for each in self._waiting if each.text.startswith(SAVEPOINT)]
        self._foreseen.clear()
        super().undo_to_mark()

    def _run(self, text: str) -> None:
        self._waiting.append(Statement(text))

    def _change(self, text: str, rows: Sequence[Values]) -> None:
        self._set_savepoints()
        self._foreseen.clear()  # it may be otherwise now
        self._waiting.extend([Statement(text, values) for values in rows])

    def _travel(self) -> PGresult:
        """Send what waits, and before the last of it what is foreseen; the answer to the last.

        Raises what the server found wrong: ChangedMeanwhile where a change met no row.
        """
        asked = [text for text, answer in self._foreseen.items() if answer is None]
        sent, self._waiting = self._waiting, []
        sent[-1:-1] = [Statement(text) for text in asked]
        try:
            *before, last = self._line.journey(sent)
        except psycopg.errors.DivisionByZero as error:
            raise ChangedMeanwhile() from error
        except psycopg.Error as error:
            raise self._named(error) from error
        self._foreseen.update(zip(asked, before[len(before) - len(asked) :], strict=True))
        return last


@lru_cache(maxsize=1024)
def _numbered(text: str) -> bytes:
    """The text as the server takes it: parameters by their numbers."""
    first, *others = text.replace("%%", "%").split("%s")
    return (first + "".join(f"${number}{other}" for number, other in enumerate(others, start=1))).encode()
