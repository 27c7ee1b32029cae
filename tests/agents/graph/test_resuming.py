"""A thread whose process is killed in any node goes on: no remote call is made twice, and no turn is lost."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import postgres
import psycopg
import pytest
from brigade.agents.graph.threads import ThreadsUnusable, open_threads
from brigade.agents.privacy.keys import load_sealer
from brigade.agents.privacy.receipts import AuditFailed, open_ledger
from killing import database_of, killed_in, take_turn
from langgraph.types import Command
from server import Behaviour, serving

NODES = ("boundary", "recall", "strategy", "route", "approve", "answer", "remember", "receipt")
QUESTION = {
    "question": "I am Marta Kowalczyk. Say hello to bob@example.com in the friendliest way that you know, please"
}
ANSWER = "Hello bob@example.com, from Marta Kowalczyk"


def die_in(node: str, when: str, folder: Path, url: str, given: dict[str, Any], *, local: bool = False) -> None:
    context = get_context("forkserver")
    context.set_forkserver_preload(["killing"])
    process = context.Process(target=killed_in, args=(node, when, folder, url, given, local))
    process.start()
    process.join(240)
    assert process.exitcode == -signal.SIGKILL


@pytest.fixture
def in_postgres(postgresql: postgres.Server, tmp_path: Path) -> Iterator[str]:
    """A new database, which receipts and threads of the folder are kept in."""
    url = postgresql.new_database()
    (tmp_path / "database").write_text(url)
    yield url
    postgresql.drop(url)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("node", NODES)
async def test_a_turn_that_was_killed_is_finished(node: str, when: str, tmp_path: Path) -> None:
    await finish_what_was_killed(node, when, tmp_path)


@pytest.mark.parametrize(("node", "when"), [("recall", "after"), ("answer", "after"), ("receipt", "before")])
async def test_so_is_one_whose_thread_is_in_postgresql(node: str, when: str, tmp_path: Path, in_postgres: str) -> None:
    await finish_what_was_killed(node, when, tmp_path)
    assert not (tmp_path / "threads.db").exists()
    with psycopg.connect(in_postgres) as connection:
        kept = connection.execute("SELECT checkpoint::text FROM checkpoints").fetchall()
        blobs = connection.execute("SELECT blob FROM checkpoint_blobs UNION ALL SELECT blob FROM checkpoint_writes")
        everything = str(kept) + "".join(bytes(row[0] or b"").decode("latin-1") for row in blobs)
    assert kept
    assert "Kowalczyk" not in everything


async def test_what_somebody_wrote_into_the_database_is_not_taken_for_ours(tmp_path: Path, in_postgres: str) -> None:
    with serving(Behaviour(text="Hello <PERSON_1>")) as url:
        await take_turn(tmp_path, url, QUESTION)
        with psycopg.connect(in_postgres, autocommit=True) as connection:
            connection.execute("DELETE FROM checkpoint_blobs WHERE channel = 'question'")
            connection.execute(
                "UPDATE checkpoints SET checkpoint = jsonb_set(checkpoint, '{channel_values,question}', '\"forged\"')"
            )
        with pytest.raises(ValueError, match="not encrypted"):
            await take_turn(tmp_path, url, None)


async def test_a_database_that_cannot_be_reached_is_told_in_words(tmp_path: Path) -> None:
    for url, why in (("postgresql://nobody@127.0.0.1:1/x", "cannot be kept there"), ("mysql://x", "in mysql")):
        with pytest.raises(ThreadsUnusable, match=why):
            async with open_threads(url, load_sealer(tmp_path)):
                pass
        with pytest.raises(AuditFailed, match="cannot be opened"):
            open_ledger(tmp_path, load_sealer(tmp_path), url)


async def finish_what_was_killed(node: str, when: str, tmp_path: Path) -> None:
    behaviour = Behaviour(text="Hello <EMAIL_1>, from <PERSON_1>")
    with serving(behaviour) as url:
        die_in(node, when, tmp_path, url, QUESTION)
        done = await take_turn(tmp_path, url, None)
        assert done["answer"] == ANSWER
        assert [each["role"] for each in done["messages"]] == ["user", "assistant"]
        assert len(behaviour.requests) == 1
        following = await take_turn(tmp_path, url, {"question": "and now to the whole big world, if you please"})
    assert [each["content"] for each in following["messages"]][:2] == [QUESTION["question"], ANSWER]
    assert len(following["messages"]) == 4
    assert len(behaviour.requests) == 2
    ledger = open_ledger(tmp_path, load_sealer(tmp_path), database_of(tmp_path))
    receipts = ledger.latest()
    ledger.close_database()
    assert [each.status for each in receipts] == ["done", "done"]
    assert "Marta" not in str(behaviour.requests)


def _dying_while_asked(behaviour: Behaviour, folder: Path) -> Behaviour:
    """The server kills the process that asks it, once it has been asked."""

    class Killing(list[dict[str, Any]]):
        def append(self, request: dict[str, Any]) -> None:
            super().append(request)
            if len(self) == 1:
                os.kill(int((folder / "pid").read_text()), signal.SIGKILL)

    behaviour.requests = Killing()
    return behaviour


async def test_a_call_whose_answer_is_lost_is_not_made_again_and_the_local_model_answers(tmp_path: Path) -> None:
    behaviour = _dying_while_asked(Behaviour(text="too late"), tmp_path)
    with serving(behaviour) as url:
        die_in("", "", tmp_path, url, QUESTION, local=True)
        done = await take_turn(tmp_path, url, None, local=True)
    assert (done["answer"], done["route"]) == ("written here", "local")
    assert "its answer is lost" in done["reason"]
    assert len(behaviour.requests) == 1


async def test_without_a_local_model_only_the_user_lets_the_call_be_made_again(tmp_path: Path) -> None:
    behaviour = _dying_while_asked(Behaviour(text="Hello <EMAIL_1>, from <PERSON_1>"), tmp_path)
    with serving(behaviour) as url:
        die_in("", "", tmp_path, url, QUESTION)
        stopped = await take_turn(tmp_path, url, None)
        assert stopped["__interrupt__"][0].value["ask_again"]
        assert len(behaviour.requests) == 1
        done = await take_turn(tmp_path, url, Command(resume=True))
    assert done["answer"] == ANSWER
    assert len(behaviour.requests) == 2


async def test_a_program_that_the_cloud_wrote_is_not_written_again(tmp_path: Path) -> None:
    behaviour = Behaviour(text="```python\nanswer = 6 * 7\n```")
    given = {"question": "Marta Kowalczyk has six bags of seven; what does she have?", "asked_strategy": "code"}
    with serving(behaviour) as url:
        die_in("answer", "after", tmp_path, url, given)
        done = await take_turn(tmp_path, url, None)
    assert (done["answer"], done["strategy"]) == ("42", "code")
    assert len(behaviour.requests) == 1
    assert "Marta" not in str(behaviour.requests)


async def test_nothing_private_lies_open_on_the_disk(tmp_path: Path) -> None:
    with serving(Behaviour(text="<PERSON_1>")) as url:
        await take_turn(tmp_path, url, QUESTION)
    with sqlite3.connect(tmp_path / "threads.db") as connection:
        kept = "".join(map(str, connection.iterdump()))
    connection.close()
    for file in tmp_path.glob("*.db*"):
        kept += file.read_bytes().decode("latin-1")
    assert "checkpoints" in kept
    assert "Kowalczyk" not in kept
    assert b"Kowalczyk".hex() not in kept.lower()
