"""Holding something that has no row yet: PostgreSQL's advisory locks; SQLite's writer is alone anyway."""

from sqlalchemy import BigInteger, Text, bindparam, func, literal_column, select

from engine.store.statements import prepare, prepared
from engine.store.wire import Wire


def hold(wire: Wire, what: str) -> None:
    """Wait until no other transaction holds this, then hold it until this transaction ends."""
    if wire.dialect == "sqlite":
        return
    key = ("hold", wire.dialect)
    number = func.hashtextextended(bindparam("what", type_=Text), literal_column("0"), type_=BigInteger)
    statement = prepared(key) or prepare(key, select(func.pg_advisory_xact_lock(number)), wire.dialect)
    wire.read(statement, (what,))
