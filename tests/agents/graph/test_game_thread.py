"""A cook's thread survives a kill, in SQLite and in PostgreSQL: its demands, and the message it was thinking about."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path

import postgres
import pytest
from brigade.agents.graph import TeamState, snapshot
from playing import events, killed_at_the_last
from scenes import arrange


@pytest.fixture(params=["sqlite", "postgresql"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A folder for a thread, which may say that it is kept in PostgreSQL."""
    if request.param == "sqlite":
        yield tmp_path
        return
    server: postgres.Server = request.getfixturevalue("postgresql")
    url = server.new_database()
    (tmp_path / "database").write_text(url)
    yield tmp_path
    server.drop(url)


def message(text: str, agenda: list[dict[str, object]]) -> TeamState:
    return {
        "event": "message", "kitchen": snapshot(arrange("ring").view(), 0.1), "cook": 0, "message": text,
        "agenda": agenda, "previous": None,
    }  # fmt: skip


async def test_a_killed_cook_goes_on_with_what_it_knew(folder: Path) -> None:
    onions = [{"macro": "Chop Onion", "count": 2, "done": 1}]
    said = [message("chop a tomato", onions), message("and keep chopping lettuce", onions)]
    process = get_context("spawn").Process(target=killed_at_the_last, args=(folder, said))
    process.start()
    process.join(240)
    assert process.exitcode == -signal.SIGKILL
    known = await events(folder, [])
    assert known is not None
    assert known.unheard == ("and keep chopping lettuce",)
    assert known.agenda.to_list() == onions
    finished = await events(folder, said[1:])
    assert finished is not None
    assert not finished.unheard
    assert [each["macro"] for each in finished.agenda.to_list()] == ["Chop Onion", "Chop Lettuce"]


async def test_a_game_that_never_was_knows_nothing(tmp_path: Path) -> None:
    assert await events(tmp_path, []) is None
