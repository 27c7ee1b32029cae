"""The LangGraph graphs that wire the minds together.

`kitchen_team` is entered once per event of an agent's life, never per tick: a message to understand and remember, an
understood message to answer, a macro action to choose, the wishes of earlier games. What has to be counted out goes to
the graph `solver`. Its state is plain data (msgpack and JSON), what it needs for a run comes
in as context, and it is exported without persistence, so that it runs in `langgraph dev` and as a subgraph of other
programs.
"""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

from brigade.agents import telemetry
from brigade.agents.graph.kitchen_solving import Background, work_out
from brigade.agents.graph.player_memory import PlayerMemory
from brigade.agents.hierarchy import wording as say
from brigade.agents.hierarchy.demands import Verdict, allowed, next_towards, settle
from brigade.agents.hierarchy.executor import MACROS, Surroundings, legal_macros, macro_of
from brigade.agents.hierarchy.fast_mind import FastMind, fast_habits
from brigade.agents.hierarchy.intent import Agenda, Demand, Intent, Kind
from brigade.agents.hierarchy.partner import Belief
from brigade.agents.hierarchy.planning import next_macro
from brigade.agents.hierarchy.script import WANTED, ScriptPlanner
from brigade.agents.hierarchy.situation import Situation
from brigade.agents.hierarchy.slow_mind import SlowMind, Understanding, tidy
from brigade.agents.models import ModelOptions, load_model
from brigade.agents.privacy import Boundary
from brigade.agents.settings import DEFAULT_FAST, DEFAULT_SLOW
from brigade.envs.kitchen import HlaKitchen, HlaView, parse_layout
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from typing_extensions import TypedDict

Event = Literal["message", "answer", "decide", "recall"]
Planner = Literal["script", "schedule"]


class TeamState(TypedDict, total=False):
    """One event of an agent's life, and what came of it."""

    event: Event
    """`message`: understand it; `answer`: reply to it; `decide`: choose a macro action; `recall`: what the player of
    this game wanted in earlier ones."""
    kitchen: dict[str, Any]
    """The moment: see `snapshot`."""
    cook: int
    """Whose event it is."""
    message: str
    """What the partner said: to understand, to answer, or, while it is not yet understood, to decide by."""
    previous: dict[str, Any] | None
    """The intent of the message before."""
    agenda: list[dict[str, Any]]
    """The open demands."""
    avoid: list[str]
    """Macro actions that just failed."""
    partners: dict[str, dict[str, Any]]
    """What each partner, by its number as text, seems to be like: see `Belief`."""
    unasked: list[str]
    """Macro actions that should not be done now unless the partner wants them."""
    at: str | None
    """The macro action that this cook is carrying out."""
    purpose: dict[str, Any] | None
    """The open demand that it is for."""
    tally: dict[str, int]
    """How often this cook has finished each macro action."""
    fulfilled: list[dict[str, Any]]
    """The demands that were done, oldest first."""
    verdicts: list[dict[str, Any]]
    """What becomes of each demand of the message: see `Verdict`."""
    seed: int
    """The session's."""
    intent: dict[str, Any]
    """What the message means."""
    understood_by: str
    """`lexicon`, `model`, `program` or `memory`."""
    worked_out: dict[str, Any] | None
    """How a program came to it: see `WorkedOut.how`; with `says`, the answer to a question."""
    game: str
    """The game's name, as the source of what is remembered."""
    remembered: int
    """Candidate facts that were put into the review queue."""
    reply: str
    """What to say back."""
    topics: list[str]
    """What the reply is about."""
    worded_by: str
    """`model`, `plain` or `program`."""
    macro: str | None
    """The macro action chosen; None to wait."""
    probabilities: dict[str, float]
    """Of every legal macro action."""
    overruled: str | None
    """What the Fast Mind would have chosen, where the partner wants something else."""
    saw: str
    """What the Fast Mind was shown."""
    seconds: float
    """How long the mind took, its plan included."""


@dataclass(frozen=True)
class Minds:
    """The minds of an agent, ready to think."""

    slow: SlowMind
    fast: FastMind


@dataclass(frozen=True)
class TeamContext:
    """What a run needs besides its state: ready minds, or the names of their models."""

    slow: str = DEFAULT_SLOW
    fast: str = DEFAULT_FAST
    minds: Minds | None = None
    planner: Planner = "schedule"
    """What gives the Fast Mind its plan: the script's next choice, or a schedule of everybody's jobs."""
    player: PlayerMemory | None = None
    """What is remembered of whom it cooks with, and the knowledge base."""

    def background(self, minds: Minds) -> Background:
        """What programs may use besides the kitchen."""
        if self.player is None:
            return Background(minds.slow.model)
        return Background(minds.slow.model, self.player.knowledge, self.player.functions)


@lru_cache(maxsize=4)
def _load_minds(slow: str, fast: str) -> Minds:
    options = ModelOptions(egress=Boundary())
    return Minds(SlowMind(load_model(slow, options)), FastMind(load_model(fast, options), fast_habits(fast)))


async def _minds(runtime: Runtime[TeamContext]) -> Minds:
    context = runtime.context or TeamContext()
    if context.minds is not None:
        return context.minds
    return await asyncio.to_thread(_load_minds, context.slow, context.fast)


def snapshot(view: HlaView, tick_seconds: float) -> dict[str, Any]:
    """A moment of a kitchen as plain data, for `TeamState.kitchen`."""
    return {"layout": view.layout.source_text(), "tick_seconds": tick_seconds, "state": view.state_dict()}


@lru_cache(maxsize=16)
def _kitchen(layout: str, tick_seconds: float) -> HlaKitchen:
    return HlaKitchen(parse_layout(layout), tick_seconds=tick_seconds)


def view_of(moment: dict[str, Any]) -> HlaView:
    """The view that a snapshot holds.

    Raises:
        ValueError: it does not describe a moment of a kitchen.
    """
    kitchen = _kitchen(json.dumps(moment["layout"]), moment["tick_seconds"])
    return kitchen.rules.view(kitchen.rules.from_dict(moment["state"]))


async def _view(state: TeamState) -> HlaView:
    """The moment of an event; on a thread, since the first one of a layout compiles kernels and reads files."""
    return await asyncio.to_thread(view_of, state["kitchen"])


async def interpret(state: TeamState, runtime: Runtime[TeamContext]) -> TeamState:
    """Slow Mind: what the message means, and the agenda after it. What has to be counted out goes to the solver."""
    context, minds = runtime.context or TeamContext(), await _minds(runtime)
    view, start = await _view(state), time.perf_counter()
    message = tidy(state["message"])
    counted = await work_out(message, view, context.background(minds))
    if counted is not None:
        understanding = Understanding(counted.intent, "program", time.perf_counter() - start)
    else:
        before = state.get("previous")
        understanding = await minds.slow.interpret(
            message,
            orders=[order.recipe.name for order in view.orders],
            previous=Intent.from_dict(before) if before else None,
        )
    telemetry.took("brigade.decision.seconds", understanding.seconds, event="message", by=understanding.by)
    how = None if counted is None else {**counted.how, "says": counted.says}
    return {**_taken_up(state, understanding, view), "worked_out": how}


def _taken_up(state: TeamState, understanding: Understanding, view: HlaView) -> TeamState:
    """An intent and the agenda after it."""
    here = Surroundings(view, state["cook"])
    agenda, verdicts = settle(Agenda.from_list(state.get("agenda", [])), understanding.intent, here)
    return {
        "intent": understanding.intent.to_dict(),
        "agenda": agenda.to_list(),
        "verdicts": [verdict.to_dict() for verdict in verdicts],
        "understood_by": understanding.by,
        "seconds": understanding.seconds,
    }


async def remember(state: TeamState, runtime: Runtime[TeamContext]) -> TeamState:
    """What the player wants from now on, and tells of themselves, goes where people look at it."""
    player = runtime.context.player if runtime.context is not None else None
    if player is None:
        return {"remembered": 0}
    intent, source = Intent.from_dict(state["intent"]), state.get("game", "a game")
    return {"remembered": await asyncio.to_thread(player.remember, state["message"], intent, source)}


async def recall(state: TeamState, runtime: Runtime[TeamContext]) -> TeamState:
    """What the player wanted from now on in earlier games, as far as it can be done in this kitchen."""
    view, start = await _view(state), time.perf_counter()
    player = runtime.context.player if runtime.context is not None else None
    wanted = await asyncio.to_thread(player.standing) if player is not None else Intent(Kind.NONE)
    _, verdicts = settle(Agenda(), wanted, Surroundings(view, state["cook"]))
    able = tuple(verdict.demand for verdict in verdicts if verdict.kept)
    intent = replace(wanted, demands=able) if able else Intent(Kind.NONE)
    return _taken_up(state, Understanding(intent, "memory", time.perf_counter() - start), view)


async def answer(state: TeamState, runtime: Runtime[TeamContext]) -> TeamState:
    """Slow Mind: what to say back."""
    says = (state.get("worked_out") or {}).get("says")
    if says:
        return {"reply": say.sentence(says), "topics": ["counted"], "worded_by": "program", "seconds": 0.0}
    minds = await _minds(runtime)
    situation = situation_of(state, await _view(state))
    reply = await minds.slow.reply(
        state["message"],
        Intent.from_dict(state["intent"]),
        situation.view,
        situation.agenda,
        situation=situation,
        verdicts=[Verdict.from_dict(each) for each in state["verdicts"]] if "verdicts" in state else None,
    )
    telemetry.took("brigade.decision.seconds", reply.seconds, event="answer", by=reply.by)
    recalled = state.get("understood_by") == "memory"
    return {
        "reply": f"As you wanted last time: {reply.text}" if recalled else reply.text,
        "topics": list(reply.topics),
        "worded_by": reply.by,
        "seconds": reply.seconds,
    }


def situation_of(state: TeamState, view: HlaView) -> Situation:
    """What the cook of an event knows."""
    at, purpose = state.get("at"), state.get("purpose")
    return Situation(
        view,
        state["cook"],
        Agenda.from_list(state.get("agenda", [])),
        doing=macro_of(at) if at else None,
        purpose=Agenda.from_list([purpose]).open[0] if purpose else None,
        partners={other: belief.doing for other, belief in _partners(state).items() if belief.doing is not None},
        tally={macro_of(name): count for name, count in state.get("tally", {}).items()},
        fulfilled=tuple(Demand(macro_of(each["macro"]), each["count"]) for each in state.get("fulfilled", [])),
        seed=state.get("seed", 0),
    )


def _partners(state: TeamState) -> dict[int, Belief]:
    return {int(other): Belief.from_dict(seen) for other, seen in state.get("partners", {}).items()}


async def choose(state: TeamState, runtime: Runtime[TeamContext]) -> TeamState:
    """Fast Mind: the next macro action, among those that what the partner wants leaves open."""
    minds = await _minds(runtime)
    view, cook = await _view(state), state["cook"]
    here = Surroundings(view, cook)
    agenda, partners = Agenda.from_list(state.get("agenda", [])), _partners(state)
    avoid = {macro_of(name) for name in state.get("avoid", [])}
    legal = tuple(macro for macro in legal_macros(here) if macro not in avoid)
    unasked = {macro_of(name) for name in state.get("unasked", [])}
    busy = [belief.doing for belief in partners.values() if belief.doing is not None]
    open_to_it = allowed(legal, agenda, here, unasked=unasked, busy=busy)
    start = time.perf_counter()
    planner = ScriptPlanner(cook, view.layout.pace)
    planner.assume([other for other, belief in partners.items() if belief.idle])
    plan = planner.choose(view, set(MACROS) - set(open_to_it), agenda)
    if plan is not None and (runtime.context or TeamContext()).planner == "schedule":
        closed = set(MACROS) - set(open_to_it)
        plan = await asyncio.to_thread(next_macro, view, cook, partners, agenda=agenda, avoid=closed)
    if plan is None:
        return {"macro": None, "probabilities": {}, "overruled": None, "saw": "", "seconds": 0.0}
    decision = await minds.fast.choose(
        view,
        cook,
        legal,
        agenda=agenda,
        message=tidy(state.get("message", "")),
        prior=planner.scores(view) | dict.fromkeys(next_towards(agenda, here, legal), WANTED),
        partners=partners,
        plan=plan,
    )
    seconds = time.perf_counter() - start
    macro = max(open_to_it, key=decision.probabilities.__getitem__)
    telemetry.took("brigade.decision.seconds", seconds, event="decide", overruled=decision.macro != macro)
    return {
        "macro": macro.name,
        "probabilities": {each.name: p for each, p in decision.probabilities.items()},
        "overruled": decision.macro.name if decision.macro != macro else None,
        "saw": decision.saw,
        "seconds": seconds,
    }


_NODE_OF: dict[Event, str] = {"message": "interpret", "answer": "answer", "decide": "choose", "recall": "recall"}


def _route(state: TeamState) -> str:
    return _NODE_OF[state["event"]]


def build_kitchen_team() -> StateGraph[TeamState, TeamContext, TeamState, TeamState]:
    """The graph of a kitchen agent, not yet compiled: add persistence or make it a subgraph as you like."""
    graph = StateGraph(TeamState, context_schema=TeamContext)
    for node in (interpret, remember, answer, choose, recall):
        graph.add_node(node)
    graph.add_conditional_edges(START, _route, list(_NODE_OF.values()))
    graph.add_edge("interpret", "remember")
    for last in ("remember", "answer", "choose", "recall"):
        graph.add_edge(last, END)
    return graph


kitchen_team: CompiledStateGraph[TeamState, TeamContext, TeamState, TeamState] = build_kitchen_team().compile()
"""The kitchen agent, for `langgraph dev` and for sessions."""
