"""The private assistant as a LangGraph graph: redact, decide, show what would leave, send, put values back.

Before anything is sent the graph stops with an `interrupt` that shows it (if `confirm` is set); resume it with
`Command(resume=True)` to send it, or with anything else to stop. The state is plain data; models come in as context. A
program that traces its graphs would send this state away, private text and all: trace no graph that holds this one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from brigade.agents.models import LanguageModel, Message
from brigade.agents.privacy.patterns import PatternDetector
from brigade.agents.privacy.private_set import PrivateSet
from brigade.agents.privacy.redact import Redactor
from brigade.agents.privacy.restore import restore
from brigade.agents.privacy.routes import Facts, Route, decide, is_personal
from brigade.agents.privacy.vault import Vault, placeholders_in
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.types import Command, interrupt
from typing_extensions import TypedDict

MAX_TOKENS = 512


class AssistantState(TypedDict, total=False):
    """One question on its way."""

    question: str
    """What the user asks, with all that is private in it."""
    asked_route: Route | None
    vault: str
    """The conversation's placeholders, as `Vault.to_json` writes them; hand it on to the next question."""
    outgoing: str
    """What would leave."""
    withheld: dict[str, int]
    route: Route
    reason: str
    answer: str


@dataclass(frozen=True)
class AssistantContext:
    """What a run needs besides its state."""

    cloud: LanguageModel | None = None
    """A remote model; one of the registry, with the boundary as its egress."""
    local: LanguageModel | None = None
    redactor: Redactor = field(default_factory=lambda: Redactor(PrivateSet(), (PatternDetector(),)))
    confirm: bool = True


def _redact(state: AssistantState, runtime: Runtime[AssistantContext]) -> dict[str, Any]:
    vault = Vault.from_json(state.get("vault") or "{}")
    (outgoing,), counts = runtime.context.redactor.redact([state["question"]], vault)
    return {"outgoing": outgoing, "withheld": dict(counts), "vault": vault.to_json()}


def _decide(state: AssistantState, runtime: Runtime[AssistantContext]) -> dict[str, Any]:
    question, outgoing, context = state["question"], state["outgoing"], runtime.context
    facts = Facts(
        words=len(question.split()),
        private_words=sum(bool(placeholders_in([word])) for word in outgoing.split()),
        withheld=state["withheld"],
        personal=is_personal(question),
        tools=False,
        upstream=context.cloud is not None,
        local=context.local is not None,
        profile=False,  # the graph is told no profile, so it takes no sketch
        fusible=False,
    )
    decision = decide(facts, state.get("asked_route"))
    return {"route": decision.route, "reason": decision.reason}


def _confirm(state: AssistantState, runtime: Runtime[AssistantContext]) -> Command[Literal["send", "write", "__end__"]]:
    """Stop and show what would be sent; nothing before the interrupt has an effect, since the node runs again."""
    if state["route"] == "local":
        return Command(goto="write")
    shown = {"route": state["route"], "reason": state["reason"], "would_send": state["outgoing"]}
    if not runtime.context.confirm or interrupt(shown) is True:
        return Command(goto="send")
    if runtime.context.local is not None:
        return Command(goto="write", update={"route": "local", "reason": "the user did not let it be sent"})
    return Command(goto="__end__", update={"answer": "", "reason": "the user did not let it be sent"})


async def _send(state: AssistantState, runtime: Runtime[AssistantContext]) -> dict[str, Any]:
    if runtime.context.cloud is None:
        raise AssertionError("the router takes no remote route without a cloud model")
    told = await runtime.context.cloud.agenerate([Message("user", state["outgoing"])], max_tokens=MAX_TOKENS)
    known = Vault.from_json(state["vault"]).placeholders()
    values = {each: known[each] for each in placeholders_in([state["outgoing"]]) if each in known}
    return {"answer": restore(told.text, values)}


async def _write(state: AssistantState, runtime: Runtime[AssistantContext]) -> dict[str, Any]:
    if runtime.context.local is None:
        raise AssertionError("the router takes no local route without a local model")
    told = await runtime.context.local.agenerate([Message("user", state["question"])], max_tokens=MAX_TOKENS)
    return {"answer": told.text}


def build_private_assistant() -> StateGraph[AssistantState, AssistantContext, AssistantState, AssistantState]:
    """The graph, not compiled; compile it with a checkpointer to use `confirm`."""
    graph = StateGraph(AssistantState, context_schema=AssistantContext)
    graph.add_node("redact", _redact)
    graph.add_node("decide", _decide)
    graph.add_node("confirm", _confirm)
    graph.add_node("send", _send)
    graph.add_node("write", _write)
    graph.add_edge(START, "redact")
    graph.add_edge("redact", "decide")
    graph.add_edge("decide", "confirm")
    graph.add_edge("send", END)
    graph.add_edge("write", END)
    return graph


private_assistant: CompiledStateGraph[AssistantState, AssistantContext, AssistantState, AssistantState] = (
    build_private_assistant().compile()
)
"""Without persistence, as `langgraph dev` wants it."""
