"""Receipts: for every request what was decided and why, what left this machine and what came back.

Kept in SQL. What is in clear are kinds, counts, times and names that tell nothing (HMAC); what left, what came back,
and the values that placeholders stand for are encrypted. A receipt is written before anything is sent, so that nothing
leaves without one, and closed when the answer is complete or has failed.
"""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from brigade.agents.privacy.keys import Sealer
from brigade.agents.privacy.vault import Vault
from sqlalchemy import (
    JSON,
    Engine,
    Float,
    FromClause,
    Integer,
    LargeBinary,
    String,
    Table,
    bindparam,
    create_engine,
    event,
    select,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry


class AuditFailed(OSError):
    """A receipt that cannot be written or read; then nothing may be sent."""


class _Base(DeclarativeBase):
    pass


class _ReceiptRow(_Base):
    __tablename__ = "receipts"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    opened: Mapped[float] = mapped_column(Float, index=True)
    caller: Mapped[str] = mapped_column(String(32), index=True)
    conversation: Mapped[str] = mapped_column(String(32))
    route: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(16))
    error: Mapped[str] = mapped_column(String(64))
    withheld: Mapped[dict[str, int]] = mapped_column(JSON)
    prompt_tokens: Mapped[int] = mapped_column(Integer)
    completion_tokens: Mapped[int] = mapped_column(Integer)
    remote_tokens: Mapped[int] = mapped_column(Integer)
    cost: Mapped[float] = mapped_column(Float)
    seconds: Mapped[float] = mapped_column(Float)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class _VaultRow(_Base):
    __tablename__ = "vaults"

    conversation: Mapped[str] = mapped_column(String(32), primary_key=True)
    changed: Mapped[float] = mapped_column(Float, index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class _Put:
    """The statements that write a row, whether it is there or not: a fifth of the time that an ORM session takes.

    Args:
        table: where; it has one column as its key.
    """

    def __init__(self, table: FromClause) -> None:
        assert isinstance(table, Table)
        (key,) = table.primary_key.columns
        values = {column.name: bindparam(f"{column.name}_", type_=column.type) for column in table.columns}
        self.update = table.update().where(key == values.pop(key.name)).values(values)
        self.insert = table.insert()


_RECEIPTS, _VAULTS = _Put(_ReceiptRow.__table__), _Put(_VaultRow.__table__)


@dataclass(slots=True)
class Receipt:
    """What became of one request."""

    caller: str
    conversation: str
    route: str = "none"
    reason: str = ""
    status: str = "open"
    """`open`, `done`, `refused` (by the boundary), `failed`, or `cut` (the client left, or the stream broke)."""
    error: str = ""
    """The code of the error, never its text."""
    withheld: dict[str, int] = field(default_factory=dict)
    """How many private pieces of each kind did not leave."""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    remote_tokens: int = 0
    """Tokens of the answer that a remote model chose."""
    cost: float = 0.0
    sent: list[str] = field(default_factory=list)
    """Every body that left, exactly."""
    received: str = ""
    """What came back, before values were put in."""
    seconds: float = 0.0
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    opened: float = field(default_factory=time.time)

    def to_dict(self) -> dict[str, Any]:
        """Everything, as JSON has it."""
        return {name: getattr(self, name) for name in self.__slots__}


class Ledger:
    """Receipts and vaults in a database.

    Args:
        url: of SQLAlchemy, such as `sqlite:///receipts.db`.
        sealer: encrypts.

    Raises:
        AuditFailed: the database cannot be opened.
    """

    def __init__(self, url: str, sealer: Sealer) -> None:
        self._sealer = sealer
        self._lock = threading.Lock()
        try:
            self._engine = create_engine(_with_driver(url))
            if self._engine.dialect.name == "sqlite":
                event.listen(self._engine, "connect", _lasting)
            _Base.metadata.create_all(self._engine)
        except SQLAlchemyError as error:
            raise AuditFailed(f"the database of receipts cannot be opened: {_reason(error)}") from None
        except ModuleNotFoundError as error:  # a kind of database whose driver nobody installed
            raise AuditFailed(f"the database of receipts cannot be opened: {error}; use postgresql://...") from None

    @property
    def engine(self) -> Engine:
        """The database."""
        return self._engine

    def write(self, receipt: Receipt) -> None:
        """Write a receipt as it is now; one that is there already is written anew.

        Raises:
            AuditFailed: it cannot be written.
        """
        self._put(_RECEIPTS, self._columns(receipt))

    def latest(self, count: int = 50, caller: str | None = None) -> list[Receipt]:
        """The last receipts, newest first; of one caller, if that is asked.

        Raises:
            AuditFailed: they cannot be read.
        """
        query = select(_ReceiptRow).order_by(_ReceiptRow.opened.desc()).limit(count)
        if caller is not None:
            query = query.where(_ReceiptRow.caller == caller)
        with self._session() as session:
            return [self._receipt(row) for row in session.scalars(query)]

    def find(self, identity: str) -> Receipt | None:
        """The receipt with this id.

        Raises:
            AuditFailed: it cannot be read.
        """
        with self._session() as session:
            row = session.get(_ReceiptRow, identity)
            return self._receipt(row) if row is not None else None

    def vault(self, conversation: str) -> Vault:
        """The vault of a conversation; an empty one for a new conversation.

        Raises:
            AuditFailed: it cannot be read.
        """
        with self._session() as session:
            row = session.get(_VaultRow, conversation)
            return Vault.from_json(self._sealer.open(row.sealed)) if row is not None else Vault()

    def keep_vault(self, conversation: str, vault: Vault) -> None:
        """Store the vault of a conversation.

        Raises:
            AuditFailed: it cannot be written.
        """
        sealed = self._sealer.seal(vault.to_json())
        self._put(_VAULTS, {"conversation": conversation, "changed": time.time(), "sealed": sealed})

    def _put(self, into: _Put, row: Mapping[str, Any]) -> None:
        try:
            with self._lock, self._engine.begin() as connection:
                if not connection.execute(into.update, {f"{name}_": value for name, value in row.items()}).rowcount:
                    connection.execute(into.insert, row)
        except SQLAlchemyError as failure:
            raise AuditFailed(f"receipts cannot be written: {_reason(failure)}") from None

    def close_database(self) -> None:
        """Give the database's connections back."""
        self._engine.dispose()

    def _columns(self, receipt: Receipt) -> dict[str, Any]:
        columns = receipt.to_dict()
        private = {"sent": columns.pop("sent"), "received": columns.pop("received")}
        columns["reason"] = columns["reason"][:200]
        return columns | {"sealed": self._sealer.seal(json.dumps(private, ensure_ascii=False))}

    def _receipt(self, row: _ReceiptRow) -> Receipt:
        private: Mapping[str, Any] = json.loads(self._sealer.open(row.sealed))
        names = [name for name in Receipt.__slots__ if name not in ("sent", "received")]
        sent: Sequence[str] = private["sent"]
        return Receipt(**{name: getattr(row, name) for name in names}, sent=list(sent), received=private["received"])

    def _session(self) -> _Committing:
        return _Committing(self._engine, self._lock)


class _Committing:
    """One transaction at a time; what goes wrong in it is an AuditFailed without the values of the statement."""

    def __init__(self, engine: Engine, lock: threading.Lock) -> None:
        self._engine, self._lock = engine, lock

    def __enter__(self) -> Session:
        self._lock.acquire()
        self._session = Session(self._engine, expire_on_commit=False)
        return self._session

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        try:
            if kind is None:
                self._session.commit()
        except SQLAlchemyError as failure:
            raise AuditFailed(f"receipts cannot be written: {_reason(failure)}") from None
        finally:
            self._session.close()
            self._lock.release()
        if isinstance(error, SQLAlchemyError):
            raise AuditFailed(f"receipts cannot be read: {_reason(error)}") from None


def _lasting(connection: Any, record: ConnectionPoolEntry) -> None:
    """SQLite: readers do not wait for the writer, and a commit is on disk before a power cut can take it."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA busy_timeout=5000")


def _reason(error: SQLAlchemyError) -> str:
    """What went wrong without the statement's values, which may be private."""
    original = getattr(error, "orig", None)
    return f"{type(original or error).__name__}: {str(original)[:120]}" if original else type(error).__name__


def _with_driver(url: str) -> str:
    """PostgreSQL's address with the driver that is installed."""
    kind, found, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if found and kind in ("postgres", "postgresql") else url


def open_ledger(folder: Path, sealer: Sealer, url: str | None = None) -> Ledger:
    """The ledger at this URL, or in this folder.

    Raises:
        AuditFailed: it cannot be opened.
    """
    if url is None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise AuditFailed(f"the folder {folder} for receipts cannot be made: {error.strerror}") from None
        url = f"sqlite:///{folder / 'receipts.db'}"
    return Ledger(url, sealer)
