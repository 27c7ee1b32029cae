"""The journal of remote calls: what was asked before a program was killed is not asked again.

A call is noted before it is made and its answer, encrypted, as soon as it is there. A call that was noted and has no
answer may or may not have arrived: nobody can know, so whoever goes on has to decide without asking.
"""

from __future__ import annotations

from dataclasses import dataclass

from brigade.agents.privacy.keys import Sealer
from brigade.agents.privacy.receipts import AuditFailed
from sqlalchemy import Engine, LargeBinary, String, delete
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class _Base(DeclarativeBase):
    pass


class _CallRow(_Base):
    __tablename__ = "calls"

    turn: Mapped[str] = mapped_column(String(32), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)


@dataclass(frozen=True, slots=True)
class Call:
    """A call that was made, or was about to be."""

    answer: str | None
    """None: it is not known whether the call arrived."""


class Journal:
    """Remote calls by their turn and a key of what was asked.

    Args:
        engine: the database of the receipts.
        sealer: encrypts answers.

    Raises:
        AuditFailed: the database cannot be written; here and in every method.
    """

    def __init__(self, engine: Engine, sealer: Sealer) -> None:
        self._engine = engine
        self._sealer = sealer
        try:
            _Base.metadata.create_all(engine)
        except SQLAlchemyError as error:
            raise AuditFailed(f"the journal of calls cannot be opened: {type(error).__name__}") from None

    def look(self, turn: str, key: str) -> Call | None:
        """The call, if it was made or about to be made."""
        try:
            with Session(self._engine) as session:
                row = session.get(_CallRow, (turn, key))
                if row is None:
                    return None
                return Call(None if row.sealed is None else self._sealer.open(row.sealed))
        except SQLAlchemyError as error:
            raise AuditFailed(f"the journal of calls cannot be read: {type(error).__name__}") from None

    def begin(self, turn: str, key: str) -> None:
        """The call is about to be made."""
        self._merge(_CallRow(turn=turn, key=key, sealed=None))

    def end(self, turn: str, key: str, answer: str) -> None:
        """The call was answered."""
        self._merge(_CallRow(turn=turn, key=key, sealed=self._sealer.seal(answer)))

    def forget(self, turn: str, key: str | None = None) -> None:
        """A call (all without an answer, if no key is given) failed, or may be made again."""
        query = delete(_CallRow).where(_CallRow.turn == turn)
        query = query.where(_CallRow.sealed.is_(None)) if key is None else query.where(_CallRow.key == key)
        try:
            with Session(self._engine) as session, session.begin():
                session.execute(query)
        except SQLAlchemyError as error:
            raise AuditFailed(f"the journal of calls cannot be written: {type(error).__name__}") from None

    def _merge(self, row: _CallRow) -> None:
        try:
            with Session(self._engine) as session, session.begin():
                session.merge(row)
        except SQLAlchemyError as error:
            raise AuditFailed(f"the journal of calls cannot be written: {type(error).__name__}") from None
