"""The assistant's graph: it stops before anything leaves, and what leaves has placeholders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from brigade.agents.models import ModelOptions, load_model
from brigade.agents.privacy import Boundary
from brigade.agents.privacy.graph import AssistantContext, build_private_assistant, private_assistant
from brigade.agents.privacy.patterns import PatternDetector
from brigade.agents.privacy.redact import Redactor
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command
from people import private_set
from server import Behaviour, serving

QUESTION = "I am Marta Kowalczyk, mail bob@example.com for me, as I wrote in the long letter of last week"


def context(url: str, **more: Any) -> AssistantContext:
    cloud = load_model("openai:m", ModelOptions(base_url=url, egress=Boundary(private_set()), remote=True))
    return AssistantContext(cloud=cloud, redactor=Redactor(private_set(), (PatternDetector(),)), **more)


async def test_it_shows_what_would_leave_and_waits() -> None:
    behaviour = Behaviour(text="Dear <PERSON_1>: done, <EMAIL_1>")
    with serving(behaviour) as url:
        graph = build_private_assistant().compile(checkpointer=InMemorySaver())
        config: Any = {"configurable": {"thread_id": "1"}}
        stopped = await graph.ainvoke({"question": QUESTION}, config, context=context(url))
        shown = stopped["__interrupt__"][0].value
        assert shown["would_send"].startswith("I am <PERSON_1>, mail <EMAIL_1>")
        assert behaviour.requests == []
        done = await graph.ainvoke(Command(resume=True), config, context=context(url))
    assert done["answer"] == "Dear Marta Kowalczyk: done, bob@example.com"
    assert behaviour.requests[0]["messages"][0]["content"] == shown["would_send"]


async def test_a_no_means_that_nothing_leaves(tmp_path: Path) -> None:
    script = tmp_path / "local.yaml"
    script.write_text("- say: written here\n")
    behaviour = Behaviour()
    with serving(behaviour) as url:
        graph = build_private_assistant().compile(checkpointer=InMemorySaver())
        for thread, local in enumerate((None, load_model(f"script:{script}"))):
            config: Any = {"configurable": {"thread_id": str(thread)}}
            await graph.ainvoke({"question": QUESTION}, config, context=context(url, local=local))
            done = await graph.ainvoke(Command(resume="no"), config, context=context(url, local=local))
            assert done["answer"] == ("written here" if local else "")
            assert done["reason"] == "the user did not let it be sent"
    assert behaviour.requests == []


async def test_without_confirmation_it_goes_through_and_keeps_its_placeholders() -> None:
    behaviour = Behaviour(text="<PERSON_1>")
    with serving(behaviour) as url:
        ready = context(url, confirm=False)
        first = await private_assistant.ainvoke({"question": QUESTION}, context=ready)
        assert first["answer"] == "Marta Kowalczyk"
        again = await private_assistant.ainvoke(
            {
                "question": "Tell carl@example.com and bob@example.com about all of this, please, and then tell me",
                "vault": first["vault"],
            },
            context=ready,
        )
    assert again["outgoing"].startswith("Tell <EMAIL_2> and <EMAIL_1>")
