"""Alembic's migrations: how a database of an older version becomes one of this version."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, text

HEAD = "0002"
"""The newest revision; a test compares it with the files."""


def is_current(connection: Connection) -> bool:
    """Whether the database has this version's tables; quick, without Alembic."""
    if not connection.dialect.has_table(connection, "alembic_version"):
        return False
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == HEAD


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Bring the database up to date, in the transaction that has been begun."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
