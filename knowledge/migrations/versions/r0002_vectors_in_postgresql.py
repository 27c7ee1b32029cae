"""Vectors in a column of pgvector's type, on a PostgreSQL that offers the extension; elsewhere nothing changes.

A server that comes to offer it later is taken up by `brigade know index`.
"""

from __future__ import annotations

from alembic import op
from brigade.knowledge.retrieval.pgvector import adopt

revision = "0002"
down_revision: str | None = "0001"


def upgrade() -> None:
    """Make the table, and move what vectors there are."""
    adopt(op.get_bind())


def downgrade() -> None:
    """Take the table away; the vectors are made anew by `brigade know index`."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TABLE IF EXISTS near")
