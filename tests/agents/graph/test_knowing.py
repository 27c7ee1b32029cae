"""The knowledge base as the assistant's memory."""

from __future__ import annotations

from pathlib import Path

from brigade.agents.cli.private_records import private_parts
from brigade.agents.graph.knowing import KnowledgeMemory
from brigade.agents.graph.memory import Candidate, Memory
from brigade.knowledge import Fact, KnowledgeBase, Status


async def test_what_is_known_is_recalled_and_counted_as_used(tmp_path: Path) -> None:
    base = KnowledgeBase(tmp_path / "base.db")
    base.add_fact("spider", "number_of_legs", 8, source="a zoo's guide")
    base.add_fact("Leeds", "river", "Aire")
    memory = KnowledgeMemory(base)
    assert isinstance(memory, Memory)
    recalled = await memory.recall("how many legs does a spider have?")
    assert (recalled[0].text, recalled[0].source) == ("spider number of legs: 8", "a zoo's guide")
    assert base.find("spider")[0].uses == 1
    assert not await memory.recall("qwertz?")


async def test_what_was_told_waits_for_review_once_and_is_private(tmp_path: Path) -> None:
    where = str(tmp_path / "base.db")
    memory = KnowledgeMemory.open(where)
    told = [Candidate("my sister Agata lives in Leeds", "r1")]
    assert await memory.remember(told) == 1
    assert await memory.remember([Candidate("My sister  Agata lives in Leeds", "r2")]) == 0
    assert not await memory.recall("where does Agata live?"), "nobody has looked at it yet"
    (waiting,) = memory.base.waiting()
    assert isinstance(waiting, Fact)
    assert (waiting.status, waiting.source) == (Status.PROPOSED, "receipt r1")
    assert any(
        "Agata" in part for part in [*private_parts(where)[1], *(fact.value for fact in private_parts(where)[0])]
    )
    memory.base.accept(waiting)
    assert [each.text for each in await memory.recall("where does Agata live?")] == ["my sister Agata lives in Leeds"]


async def test_what_a_person_refused_is_not_put_up_again(tmp_path: Path) -> None:
    memory = KnowledgeMemory.open(str(tmp_path / "base.db"))
    told = [Candidate("I never eat nuts", "r1")]
    await memory.remember(told)
    memory.base.reject(memory.base.waiting()[0])
    assert await memory.remember(told) == 0
    assert not memory.base.waiting()
