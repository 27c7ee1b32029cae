"""The graph of a kitchen agent: plain state in, plain state out, usable alone, as a subgraph, and by name."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from brigade.agents.graph import Minds, TeamContext, TeamState, build_kitchen_team, kitchen_team, snapshot, view_of
from brigade.agents.hierarchy.executor import MACROS, Verb, macro_of
from brigade.agents.hierarchy.fast_mind import LETTERS, FastMind
from brigade.agents.hierarchy.partner import Belief
from brigade.agents.hierarchy.planning import next_macro
from brigade.agents.hierarchy.slow_mind import SlowMind
from brigade.agents.models import LanguageModel
from langgraph.graph import END, START, StateGraph
from scenes import arrange

REPOSITORY = Path(__file__).parents[3]


def context(embedded: LanguageModel) -> TeamContext:
    return TeamContext(minds=Minds(SlowMind(None), FastMind(embedded)))


def moment() -> dict[str, Any]:
    return snapshot(arrange("ring", squares={(0, 2): "ChoppedTomato"}).view(), 0.1)


def test_a_snapshot_is_plain_and_exact() -> None:
    kitchen = arrange("ring", squares={(3, 4): "CharredTomato-Fire"})
    for _ in range(7):
        kitchen.step([1, 3])
    view = kitchen.view()
    again = view_of(json.loads(json.dumps(snapshot(view, 0.1))))
    assert again.state_dict() == view.state_dict()


async def test_a_message_becomes_an_intent_and_an_agenda(embedded: LanguageModel) -> None:
    state = await kitchen_team.ainvoke(
        {"event": "message", "kitchen": moment(), "cook": 0, "message": "chop two onions"}, context=context(embedded)
    )
    assert state["agenda"] == [{"macro": "Chop Onion", "count": 2, "done": 0}]
    assert state["understood_by"] == "lexicon"
    assert json.loads(json.dumps(state)) == state
    answered = await kitchen_team.ainvoke(cast(TeamState, {**state, "event": "answer"}), context=context(embedded))
    assert "chop two onions" in answered["reply"]
    assert (answered["topics"], answered["worded_by"]) == (["short_term"], "plain")


async def test_a_decision_follows_the_agenda(embedded: LanguageModel) -> None:
    agenda = [{"macro": "Chop Onion", "count": 1, "done": 0}]
    state = await kitchen_team.ainvoke(
        {"event": "decide", "kitchen": moment(), "cook": 0, "agenda": agenda}, context=context(embedded)
    )
    assert state["macro"] == "Chop Onion"
    assert sum(state["probabilities"].values()) > 0.99
    assert json.loads(json.dumps(state)) == state


async def test_what_just_failed_is_avoided(embedded: LanguageModel) -> None:
    names = ["Chop Tomato", "Chop Onion"]
    state = await kitchen_team.ainvoke(
        {"event": "decide", "kitchen": moment(), "cook": 0, "avoid": names}, context=context(embedded)
    )
    assert state["macro"] == "Chop Lettuce"


async def test_the_fast_mind_is_given_a_schedule_as_its_plan_rather_than_the_next_choice_of_the_script(
    embedded: LanguageModel,
) -> None:
    kitchen = arrange(
        "ring",
        cooks=[((1, 1), None), ((3, 6), None)],
        squares={(3, 4): "CookedLettuce-CookedTomato"},
        timers={(3, 4): 12.0},
        orders=["Bob", "Alice", "Cathy"],
    )
    seen = Belief(macro_of("Plate Bob Soup"), False, {}, proven=frozenset(Verb))
    state: TeamState = {"event": "decide", "kitchen": snapshot(kitchen.view(), 0.1), "cook": 0}
    state["partners"] = {"1": seen.to_dict()}
    own = context(embedded)
    usual = await kitchen_team.ainvoke(state, context=replace(own, planner="script"))
    planned = await kitchen_team.ainvoke(state, context=own)
    told, scheduled = usual["saw"].rpartition(" Plan "), planned["saw"].rpartition(" Plan ")
    assert told[0] == scheduled[0]
    assert scheduled[2] == f"{LETTERS[next_macro(kitchen.view(), 0, {1: seen}) or MACROS[0]]}."


def test_no_node_blocks_the_event_loop(tmp_path: Path) -> None:
    """What `langgraph dev` refuses: here in a new process with nothing compiled yet, since compiling blocks too."""
    program = (
        "import asyncio, json, sys\n"
        "from blockbuster import blockbuster_ctx\n"
        "from brigade.agents.graph import Minds, TeamContext, kitchen_team\n"
        "from brigade.agents.hierarchy.slow_mind import SlowMind\n"
        "context = TeamContext(minds=Minds(SlowMind(None), None))\n"
        "with blockbuster_ctx():\n"
        "    state = asyncio.run(kitchen_team.ainvoke(json.loads(sys.argv[1]), context=context))\n"
        "print(state['agenda'])\n"
    )
    event = json.dumps({"event": "message", "kitchen": moment(), "cook": 0, "message": "chop two onions"})
    fresh = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", program, event], capture_output=True, text=True, env=fresh)
    assert "Chop Onion" in done.stdout, done.stderr


async def test_it_runs_as_a_subgraph(embedded: LanguageModel) -> None:
    outer = StateGraph(TeamState, context_schema=TeamContext)
    outer.add_node("team", build_kitchen_team().compile())
    outer.add_edge(START, "team")
    outer.add_edge("team", END)
    state = await outer.compile().ainvoke(
        {"event": "decide", "kitchen": moment(), "cook": 0}, context=context(embedded)
    )
    assert state["macro"]


async def test_models_can_be_named_instead_of_handed_over(tmp_path: Path) -> None:
    file = tmp_path / "answers.yaml"
    file.write_text("- choose: C\n  say: Yes, chef!\n")
    named = TeamContext(slow=f"script:{file}", fast=f"script:{file}")
    state = await kitchen_team.ainvoke({"event": "decide", "kitchen": moment(), "cook": 0}, context=named)
    assert state["macro"]


def test_langgraph_json_names_graphs_that_exist() -> None:
    config = json.loads((REPOSITORY / "langgraph.json").read_text())
    for target in config["graphs"].values():
        file, _, variable = target.partition(":")
        assert (REPOSITORY / file).is_file()
        assert f"\n{variable}: " in (REPOSITORY / file).read_text()
    assert kitchen_team.checkpointer is None
    assert kitchen_team.store is None
    schema = kitchen_team.get_input_jsonschema()
    assert "event" in json.dumps(schema)
