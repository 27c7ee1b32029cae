"""The assistant as a graph: one turn of a conversation in which nothing private leaves.

boundary -> recall -> strategy -> route -> approve -> answer -> remember -> receipt. Killed in any of them, a thread
goes on where it stopped (`ainvoke(None, ...)`): calls that were made are not made again, and no turn is lost. It stops
with an `interrupt` only for approvals: before something is sent, if `confirm` is set, and before the cloud is asked a
second time because its first answer was lost; `Command(resume=True)` approves. The state is plain data with private
text in it: keep it with `open_threads`, and trace no graph that holds this one.
"""

from __future__ import annotations

import asyncio
import operator
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal
from weakref import WeakKeyDictionary

from brigade.agents import telemetry
from brigade.agents.assistant.office import Case, Office
from brigade.agents.assistant.opening import OfficeSpec, open_office
from brigade.agents.assistant.shapes import ApiError, upstream_error
from brigade.agents.assistant.turns import Turn, Turns, restored, would_send
from brigade.agents.assistant.upstream import UpstreamSpec
from brigade.agents.graph.memory import Memory, NoMemory, StoreMemory, told_facts
from brigade.agents.graph.solving import SolverContext, ready_means, solver
from brigade.agents.models import load_model
from brigade.agents.privacy.detectors import detectors
from brigade.agents.privacy.keys import data_folder
from brigade.agents.privacy.routes import Decision, Route
from brigade.agents.reasoning.choosing import of_message
from brigade.agents.reasoning.lmulator.writing import Collection
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.types import Command, interrupt
from typing_extensions import TypedDict

CALLS = 40
"""Model calls that a program or a decomposition may make for one turn."""


class AssistantState(TypedDict, total=False):
    """A conversation, and the turn that is on its way."""

    messages: Annotated[list[dict[str, str]], operator.add]
    """The turns so far: `{"role": "user" | "assistant", "content": ...}`."""
    question: str
    """What the user says in this turn, with all that is private in it."""
    conversation: str
    """Its name: who shares placeholders. The thread's by default."""
    asked_route: Route | None
    asked_strategy: str
    """`auto`, or a strategy."""
    turn: str
    """The id of the turn's receipt."""
    recalled: list[dict[str, str]]
    """What memory knows about the question: `{"text", "source"}`."""
    strategy: str
    strategy_reason: str
    route: Route
    reason: str
    withheld: dict[str, int]
    would_send: list[dict[str, Any]]
    """The messages as they would leave; empty on the route `local`."""
    answer: str
    trace: dict[str, Any]
    """Of the strategy."""
    error: dict[str, str]
    """Why there is no answer: `{"code", "message"}`; empty if there is one."""
    remembered: int
    """Candidate facts that were put into the review queue."""
    receipt: dict[str, Any]


@dataclass(frozen=True)
class AssistantContext:
    """What a run needs besides its state: a ready office and memory, or what they are made of."""

    upstream: str | None = None
    """Address of a cloud model that speaks OpenAI's protocol."""
    upstream_model: str | None = None
    api_key: str | None = field(default=None, repr=False)
    local: str = "embedded"
    """The local model, or `none`."""
    profile: str | None = None
    """The file that says what is private."""
    detect: str = "none"
    """Detectors besides patterns: see `brigade ask --detect`."""
    data: str | None = None
    """Where key, receipts and vaults are; the user's data folder by default."""
    confirm: bool = False
    office: Office | None = None
    memory: Memory | None = None
    """By default the store that the graph is run with, if there is one."""

    def names(self) -> tuple[str | bool | None, ...]:
        """What two contexts that open the same office have in common."""
        return (self.upstream, self.upstream_model, self.api_key, self.local, self.profile, self.detect, self.data)


_OFFICES: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Any, Office]] = WeakKeyDictionary()
"""An office's connections belong to an event loop."""


def _open(context: AssistantContext) -> Office:
    upstream = UpstreamSpec(context.upstream, context.upstream_model, context.api_key) if context.upstream else None
    return open_office(
        OfficeSpec(
            upstream=upstream,
            profile=Path(context.profile) if context.profile else None,
            local=None if context.local == "none" else lambda: load_model(context.local),
            detectors=detectors(context.detect),
            data=Path(context.data) if context.data else data_folder(),
        )
    )


async def _turns(runtime: Runtime[AssistantContext]) -> Turns:
    context = runtime.context or AssistantContext()
    if context.office is not None:
        return Turns(context.office)
    known = _OFFICES.setdefault(asyncio.get_running_loop(), {})
    if context.names() not in known:
        known[context.names()] = await asyncio.to_thread(_open, context)
    return Turns(known[context.names()])


def _memory(runtime: Runtime[AssistantContext]) -> Memory:
    if runtime.context is not None and runtime.context.memory is not None:
        return runtime.context.memory
    return StoreMemory(runtime.store) if runtime.store is not None else NoMemory()


def _turn(state: AssistantState) -> Turn:
    spoken = (*state.get("messages", []), {"role": "user", "content": state["question"]})
    recalled = tuple(each["text"] for each in state.get("recalled", []))
    return Turn(state["turn"], spoken, state["conversation"], state.get("asked_route"), recalled)


def _failed(error: ApiError) -> AssistantState:
    return {"answer": "", "error": {"code": error.code, "message": error.message}}


async def boundary(state: AssistantState, runtime: Runtime[AssistantContext]) -> Command[Literal["recall", "receipt"]]:
    """Open the receipt and find what is private."""
    turns = await _turns(runtime)
    info = runtime.execution_info
    task = info.task_id if info is not None else uuid.uuid4().hex  # of a task that is taken again it is the same
    thread = info.thread_id if info is not None else None
    fresh: AssistantState = {
        "conversation": state.get("conversation") or thread or task,
        "turn": turns.office.turn_name(task),
        "recalled": [], "answer": "", "error": {}, "trace": {}, "remembered": 0, "would_send": [], "withheld": {},
    }  # fmt: skip
    try:
        case = await turns.open(_turn({**state, **fresh}))
    except ApiError as error:
        return Command(goto="receipt", update={**fresh, **_failed(error)})
    return Command(goto="recall", update={**fresh, "withheld": dict(case.receipt.withheld)})


async def recall(state: AssistantState, runtime: Runtime[AssistantContext]) -> AssistantState:
    """What memory knows that bears on the question."""
    found = await _memory(runtime).recall(state["question"])
    return {"recalled": [{"text": each.text, "source": each.source} for each in found]}


async def strategy(state: AssistantState) -> AssistantState:
    """Whether it is answered directly, or worked out by a program or in steps, which the solver chooses."""
    asked = state.get("asked_strategy", "auto")
    if asked != "auto":
        return {"strategy": asked, "strategy_reason": "asked for"}
    chosen, reason = await asyncio.to_thread(of_message, state["question"], Collection())
    return {"strategy": chosen, "strategy_reason": reason}


async def route(state: AssistantState, runtime: Runtime[AssistantContext]) -> Command[Literal["approve", "receipt"]]:
    """Where it is answered, and what would leave."""
    turns = await _turns(runtime)
    try:
        case = await turns.open(_turn(state))
        if _needs_memory(state) and turns.office.has_local:  # what is remembered is told to the local model alone
            case.take(Decision("local", "it is worked out here, with what is remembered"))
        await turns.keep(case)
    except ApiError as error:
        return Command(goto="receipt", update=_failed(error))
    leaves = [] if case.decision.route == "local" else [dict(each) for each in would_send(case)]
    told: AssistantState = {"route": case.decision.route, "reason": case.decision.reason, "would_send": leaves}
    return Command(goto="approve", update=told)


def _needs_memory(state: AssistantState) -> bool:
    """Whether something is worked out for which memory may matter, and the user left open where."""
    return state["strategy"] != "direct" and bool(state["recalled"]) and state.get("asked_route") is None


async def approve(state: AssistantState, runtime: Runtime[AssistantContext]) -> Command[Literal["answer", "receipt"]]:
    """Show what would be sent; nothing before the interrupt has an effect, since the node runs again."""
    context = runtime.context or AssistantContext()
    if state["route"] == "local" or not context.confirm:
        return Command(goto="answer")
    shown = {"route": state["route"], "reason": state["reason"], "would_send": state["would_send"]}
    if interrupt(shown) is True:
        return Command(goto="answer")
    turns = await _turns(runtime)
    refused = "the user did not let it be sent"
    if turns.office.has_local:
        return Command(goto="answer", update={"route": "local", "reason": refused, "would_send": []})
    return Command(goto="receipt", update={"answer": "", "error": {"code": "not_confirmed", "message": refused}})


async def answer(
    state: AssistantState, runtime: Runtime[AssistantContext]
) -> Command[Literal["remember", "again", "receipt"]]:
    """Answer it; a call that an earlier attempt made is not made again."""
    turns = await _turns(runtime)
    try:
        case = await turns.resume(_turn(state), Decision(state["route"], state["reason"]))
    except ApiError as error:
        return Command(goto="receipt", update=_failed(error))
    try:
        told = await _answered(state, turns, case)
    except ApiError as error:
        if error.code == "answer_lost":
            return Command(goto="again")
        case.fail(error)
        return Command(goto="receipt", update=_failed(error))
    finally:
        await turns.keep(case)
    told |= {"route": case.decision.route, "reason": case.decision.reason}
    return Command(goto="remember", update=told)


async def _answered(state: AssistantState, turns: Turns, case: Case) -> AssistantState:
    if state["strategy"] == "direct":
        return {"answer": await turns.answer(case)}
    model, question = await turns.model_for(case)
    means = ready_means(model, CALLS)
    facts = [] if model.remote else [each["text"] for each in state["recalled"]]
    solved = await solver.ainvoke(
        {"question": question, "strategy": state["strategy"], "facts": facts}, context=SolverContext(means=means)
    )
    if solved.get("answer") is None:
        return {"answer": await turns.answer(case), "strategy": "direct", "strategy_reason": solved.get("message", "")}
    return {
        "answer": restored(case, str(solved["answer"])),
        "strategy": solved["chosen"],
        "strategy_reason": solved["reason"],
        "trace": solved.get("trace", {}),
    }


async def again(state: AssistantState, runtime: Runtime[AssistantContext]) -> Command[Literal["answer", "receipt"]]:
    """The cloud was asked, and its answer is lost: only the user can let it be asked a second time."""
    lost = "the cloud was asked before a break, and its answer is lost"
    if interrupt({"reason": lost, "would_send": state["would_send"], "ask_again": True}) is not True:
        return Command(goto="receipt", update=_failed(upstream_error(409, lost, "answer_lost")))
    turns = await _turns(runtime)
    await turns.office.ask_again(state["turn"])
    return Command(goto="answer")


async def remember(state: AssistantState, runtime: Runtime[AssistantContext]) -> AssistantState:
    """What the user told goes where people look at it; nothing becomes a fact by itself."""
    found = told_facts(state["question"], state["turn"])
    return {"remembered": await _memory(runtime).remember(found) if found else 0}


async def receipt(state: AssistantState, runtime: Runtime[AssistantContext]) -> AssistantState:
    """Close the receipt, and add the turn to the conversation."""
    turns = await _turns(runtime)
    error = state.get("error") or {}
    status = "failed" if error else "done"
    closed = await turns.close(state["turn"], status, error.get("code", ""))
    spoken = [{"role": "user", "content": state["question"]}]
    if not error:
        spoken.append({"role": "assistant", "content": state["answer"]})
    return {"receipt": closed, "messages": spoken, "asked_route": None, "asked_strategy": "auto"}


def build_assistant() -> StateGraph[AssistantState, AssistantContext, AssistantState, AssistantState]:
    """The graph, not yet compiled: compile it with a checkpointer to resume threads."""
    graph = StateGraph(AssistantState, context_schema=AssistantContext)
    for node in (boundary, recall, strategy, route, approve, answer, again, remember, receipt):
        graph.add_node(node.__name__, telemetry.traced(f"brigade.assistant.{node.__name__}")(node))
    graph.add_edge(START, "boundary")
    graph.add_edge("recall", "strategy")
    graph.add_edge("strategy", "route")
    graph.add_edge("remember", "receipt")
    graph.add_edge("receipt", END)
    return graph


assistant: CompiledStateGraph[AssistantState, AssistantContext, AssistantState, AssistantState] = (
    build_assistant().compile()
)
"""The assistant, for `langgraph dev` and as a subgraph."""
