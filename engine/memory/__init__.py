"""The store in memory, behind the same ports as the one on a database: for simulations and tests, gone with its process."""

from engine.memory.files import FilesInMemory
from engine.memory.store import Store
from engine.memory.tables import Tables
from engine.memory.unit_of_work import MemoryUnitOfWork

__all__ = ["FilesInMemory", "MemoryUnitOfWork", "Store", "Tables"]
