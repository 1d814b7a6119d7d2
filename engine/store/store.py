"""The store of one database: opens units of work for changes and gives the engine that reads use."""

from sqlalchemy import Engine, exc, inspect, text

from engine.domain.actor import Actor
from engine.domain.errors import Unavailable
from engine.ports import Clockwork
from engine.store.connections import Connections
from engine.store.database import reading_engine, writing_engine
from engine.store.migrations import newest, upgrade
from engine.store.tables import metadata
from engine.store.transactions import Alone, Transactions
from engine.store.turns import Turns
from engine.store.unit_of_work import Known, SqlUnitOfWork


class Store:
    """One database, by its URL ("sqlite:////var/redress.db", "postgresql://…")."""

    def __init__(self, database_url: str, clock: Clockwork, *, durable: bool = True) -> None:
        """Not `durable`, SQLite may lose the last commits with the machine's power, never its consistency."""
        self.url = database_url
        self.clock = clock
        self.writing: Engine = writing_engine(database_url, durable=durable)
        self.reading: Engine = reading_engine(database_url)
        connections = Connections(self.writing)
        self._transactions: Transactions = (
            Turns(connections) if self.writing.dialect.name == "sqlite" else Alone(connections)
        )
        self._known = Known()

    def unit_of_work(self, actor: Actor) -> SqlUnitOfWork:
        """The one transaction of a command."""
        return SqlUnitOfWork(self._transactions, self.clock.now(), actor, self._known)

    def upgrade(self) -> None:
        """Bring the tables to the newest migration."""
        upgrade(self.url)

    def is_current(self) -> bool:
        """Whether the tables are those of the newest migration; raises Unavailable."""
        try:
            with self.reading.connect() as connection:
                if not inspect(connection).has_table("alembic_version"):
                    return False
                revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
        except exc.OperationalError as error:
            raise Unavailable(reason=str(error)) from error
        return bool(revision == newest())

    def create_all(self) -> None:
        """Make all tables at once, without migrations: for tests and measurements."""
        metadata.create_all(self.writing)

    def close(self) -> None:
        """Close all connections."""
        self._transactions.close()
        self.writing.dispose()
        self.reading.dispose()
