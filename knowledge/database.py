"""The database behind a knowledge base: opening it, and transactions that read and that write.

SQLite (a file, in WAL) and PostgreSQL. One writer at a time, readers never wait: SQLite's write lock is taken when a
transaction begins, PostgreSQL has an advisory lock for it; so what a writer decides upon cannot change under it, and
two that write at once wait for each other instead of failing. Every writing transaction has a moment of its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from brigade.knowledge import schema
from brigade.knowledge.moments import new_id, now
from sqlalchemy import Connection, Engine, create_engine, event, insert, make_url, select, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

PATIENCE = 300.0
"""Seconds that a writer waits for others before it gives up."""
_LOCK = 0x42524947
"""The number of PostgreSQL's advisory lock."""
_WRITES = "brigade_writes"


class KnowledgeError(OSError):
    """A knowledge base that cannot be opened, read or written: says which and why."""


class Transaction:
    """A writing transaction.

    Attributes:
        connection: the database's.
        at: its moment; no other transaction has it, and later ones have later ones.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        row = connection.execute(
            select(schema.changes.c.at, schema.changes.c.last_id).order_by(schema.changes.c.at.desc()).limit(1)
        ).first()
        last_at: int = row.at if row else 0
        self._last_id: int = row.last_id if row else 0
        self.at = max(now(), last_at + 1)
        self._given = False

    def new_id(self) -> int:
        """An identity that no record has."""
        self._last_id = self._last_id + 1 if self._given else new_id(self._last_id, self.at)
        self._given = True
        return self._last_id

    def seen_id(self, identity: int) -> None:
        """Note an identity that comes from elsewhere: those to come are above it."""
        self._last_id = max(self._last_id, identity)

    def note(self, author: str, what: str) -> None:
        """Write what was done into the journal; once, at the end."""
        row = {"at": self.at, "last_id": self._last_id, "author": author, "what": what}
        self.connection.execute(insert(schema.changes), row)


class Database:
    """A database with the tables of a knowledge base; made, or brought up to date, when it is opened.

    Args:
        where: a file of SQLite, `:memory:`, or a URL of SQLAlchemy.

    Raises:
        KnowledgeError: it cannot be opened, or is no knowledge base.
    """

    def __init__(self, where: str | Path) -> None:
        self.url = _url_of(where)
        try:
            self.engine = _engine(self.url)
            self.sqlite = self.engine.dialect.name == "sqlite"
            self._migrate()
        except (SQLAlchemyError, ModuleNotFoundError) as error:
            raise KnowledgeError(f"the knowledge base {self.shown} cannot be opened: {reason(error)}") from None

    @property
    def shown(self) -> str:
        """Its address, without a password."""
        return self.url.render_as_string(hide_password=True) if self.url.host else str(self.url.database)

    def _migrate(self) -> None:
        from brigade.knowledge.migrations import is_current, upgrade

        with self.engine.connect() as connection:
            if is_current(connection):
                return
        with self.engine.execution_options(**{_WRITES: True}).connect() as connection, connection.begin():
            lock(connection)
            upgrade(connection)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that reads one state.

        Raises:
            KnowledgeError: the database fails.
        """
        try:
            with self.engine.connect() as connection:
                yield connection
        except DBAPIError as error:
            raise KnowledgeError(f"{self.shown}: {reason(error)}") from None

    @contextmanager
    def writing(self, author: str, what: str | Callable[[], str] | None) -> Iterator[Transaction]:
        """A transaction; all of it is kept, or nothing. What is done goes into the journal, if it is said.

        Raises:
            KnowledgeError: the database fails, or others write for too long.
        """
        try:
            with self._begun() as connection, connection.begin():
                lock(connection)
                transaction = Transaction(connection)
                yield transaction
                if what is not None:
                    transaction.note(author, what if isinstance(what, str) else what())
        except DBAPIError as error:
            raise KnowledgeError(f"{self.shown}: {reason(error)}") from None

    def _begun(self) -> Connection:
        return self.engine.connect().execution_options(**{_WRITES: True})

    def close(self) -> None:
        """Let go of its connections."""
        self.engine.dispose()


def reason(error: Exception) -> str:
    """What went wrong, in one line, without the statement."""
    inner = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    return " ".join(str(inner).split())[:300]


def lock(connection: Connection) -> None:
    """Wait until nobody else writes (SQLite has done so when the transaction began)."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))


def _url_of(where: str | Path) -> Any:
    try:
        if isinstance(where, str) and "://" in where:
            url = make_url(where)
            return url.set(drivername="postgresql+psycopg") if url.drivername in ("postgres", "postgresql") else url
        if str(where) != ":memory:" and not Path(where).parent.is_dir():
            raise KnowledgeError(f"the knowledge base {where} cannot be opened: its folder does not exist")
        return make_url("sqlite://").set(database=str(where))
    except ArgumentError:
        raise KnowledgeError(f"{where} is neither a file nor a database's URL") from None


def _engine(url: Any) -> Engine:
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise KnowledgeError(f"{url.get_backend_name()} is not supported; use a file (SQLite) or postgresql://...")
    if url.get_backend_name() == "postgresql":
        engine = create_engine(url)
        event.listen(engine, "connect", _patient_postgres)
        return engine
    memory = url.database in (None, "", ":memory:")
    arguments = {"check_same_thread": False, "timeout": PATIENCE}
    engine = create_engine(url, connect_args=arguments, **({"poolclass": StaticPool} if memory else {}))
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _patient_postgres(connection: Any, _: ConnectionPoolEntry) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{int(PATIENCE * 1000)}ms'")
    connection.commit()


def _set_up_sqlite(connection: Any, _: ConnectionPoolEntry) -> None:
    """WAL: readers do not wait for the writer. NORMAL: a power cut may cost the last commits, never the database."""
    connection.isolation_level = None  # transactions are begun by us: see _begin_sqlite
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "cache_size=-65536", "temp_store=MEMORY", "mmap_size=0"):
        _patiently(connection, f"PRAGMA {pragma}")


def _patiently(connection: Any, statement: str) -> None:
    """Turning WAL on needs the file for itself, and does not wait by itself where two processes do it at once."""
    import sqlite3

    until = time.monotonic() + 30
    while True:
        try:
            connection.execute(statement).fetchall()
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
