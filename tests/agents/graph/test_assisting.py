"""The assistant's graph: what leaves has placeholders, approvals stop it, memory is asked and taught; plain state."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from brigade.agents.graph import AssistantContext, AssistantState, StoreMemory, build_assistant
from brigade.agents.graph import assistant as graph
from brigade.agents.graph.memory import FACTS, REVIEW, told_facts
from killing import office_in
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.store.memory import InMemoryStore
from langgraph.types import Command
from server import Behaviour, serving

QUESTION = "I am Marta Kowalczyk, mail bob@example.com for me, as I wrote in the long letter of last week"


async def test_it_shows_what_would_leave_and_waits(tmp_path: Path) -> None:
    behaviour = Behaviour(text="Dear <PERSON_1>: done, <EMAIL_1>")
    with serving(behaviour) as url:
        context = AssistantContext(office=office_in(tmp_path, url), confirm=True)
        kept = build_assistant().compile(checkpointer=InMemorySaver())
        config: Any = {"configurable": {"thread_id": "1"}}
        stopped = await kept.ainvoke({"question": QUESTION}, config, context=context)
        shown = stopped["__interrupt__"][0].value["would_send"]
        assert shown[-1]["content"].startswith("I am <PERSON_1>, mail <EMAIL_1>")
        assert behaviour.requests == []
        done = await kept.ainvoke(Command(resume=True), config, context=context)
    assert done["answer"] == "Dear Marta Kowalczyk: done, bob@example.com"
    assert behaviour.requests[0]["messages"] == shown
    assert done["receipt"]["withheld"] == {"PERSON": 1, "EMAIL": 1}


@pytest.mark.parametrize("local", [True, False])
async def test_a_no_means_that_nothing_leaves(tmp_path: Path, local: bool) -> None:
    behaviour = Behaviour()
    with serving(behaviour) as url:
        context = AssistantContext(office=office_in(tmp_path, url, local=local), confirm=True)
        kept = build_assistant().compile(checkpointer=InMemorySaver())
        config: Any = {"configurable": {"thread_id": "1"}}
        await kept.ainvoke({"question": QUESTION, "asked_route": None}, config, context=context)
        done = await kept.ainvoke(Command(resume="no"), config, context=context)
    assert done["answer"] == ("written here" if local else "")
    assert "the user did not let it be sent" in (done["reason"] if local else done["error"]["message"])
    assert behaviour.requests == []


async def test_memory_is_told_to_the_local_model_alone_and_learns_through_review(tmp_path: Path) -> None:
    store = InMemoryStore()
    store.put(FACTS, "1", {"text": "The bakery on the corner closes at six", "source": "note 4"})
    store.put(FACTS, "2", {"text": "Cats purr"})
    behaviour = Behaviour(text="1. Go early")
    with serving(behaviour) as url:
        context = AssistantContext(office=office_in(tmp_path, url, local=True), memory=StoreMemory(store))
        done = await graph.ainvoke(
            {"question": "My sister lives in Lyon. When should someone like me go to the bakery?"}, context=context
        )
    assert done["recalled"] == [{"text": "The bakery on the corner closes at six", "source": "note 4"}]
    assert done["route"] == "sketch"
    assert "six" not in str(behaviour.requests)
    assert done["remembered"] == 1
    assert [each.value["text"] for each in store.search(REVIEW)] == ["My sister lives in Lyon"]
    assert len(store.search(FACTS)) == 2


def test_only_what_is_told_is_a_candidate() -> None:
    told = told_facts("Remember that the oven runs hot. Is my oven hot? I prefer tea. What now?", "r")
    assert [each.text for each in told] == ["the oven runs hot", "I prefer tea"]


async def test_a_counting_question_is_answered_by_a_program(tmp_path: Path) -> None:
    with serving(Behaviour(text="```python\nanswer = sum([3, 4])\n```")) as url:
        context = AssistantContext(office=office_in(tmp_path, url))
        done = await graph.ainvoke({"question": "What is the sum of the numbers three and four?"}, context=context)
    assert (done["answer"], done["strategy"], done["route"]) == ("7", "code", "cloud")
    assert json.loads(json.dumps(done)) == done


async def test_a_failure_of_the_upstream_is_told_and_the_thread_goes_on(tmp_path: Path) -> None:
    behaviour = Behaviour(statuses=[500, 200])
    with serving(behaviour) as url:
        context = AssistantContext(office=office_in(tmp_path, url))
        kept = build_assistant().compile(checkpointer=InMemorySaver())
        config: Any = {"configurable": {"thread_id": "1"}}
        failed = await kept.ainvoke({"question": "hello there"}, config, context=context)
        assert (failed["answer"], failed["receipt"]["status"]) == ("", "failed")
        assert failed["error"]["message"]
        done = await kept.ainvoke({"question": "hello there"}, config, context=context)
    assert done["answer"] == "Hello!"
    assert done["error"] == {}


async def test_it_runs_as_a_subgraph(tmp_path: Path) -> None:
    outer = StateGraph(AssistantState, context_schema=AssistantContext)
    outer.add_node("assistant", graph)
    outer.add_edge(START, "assistant")
    outer.add_edge("assistant", END)
    with serving(Behaviour()) as url:
        context = AssistantContext(office=office_in(tmp_path, url))
        done = await outer.compile().ainvoke({"question": "hello there"}, context=context)
    assert done["answer"] == "Hello!"


async def test_an_office_can_be_named_instead_of_handed_over(tmp_path: Path) -> None:
    script = tmp_path / "say.yaml"
    script.write_text("- say: At your service\n")
    named = AssistantContext(local=f"script:{script}", data=str(tmp_path))
    done = await graph.ainvoke({"question": "hello there"}, context=named)
    assert (done["answer"], done["route"]) == ("At your service", "local")
