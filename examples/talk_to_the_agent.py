"""One message, from words to a macro action, through the LangGraph graph of a kitchen agent.

python examples/talk_to_the_agent.py "chop two onions, please"
"""

from __future__ import annotations

import asyncio
import sys

from brigade.agents.graph import TeamContext, TeamState, kitchen_team, snapshot
from brigade.envs.kitchen import HlaKitchen


async def talk(message: str) -> None:
    kitchen = HlaKitchen("ring")
    moment = snapshot(kitchen.reset(seed=0), tick_seconds=0.1)
    minds = TeamContext(slow="embedded", fast="embedded")
    state: TeamState = {"event": "message", "kitchen": moment, "cook": 0, "message": message}

    understood = await kitchen_team.ainvoke(state, context=minds)
    print("means:  ", understood["intent"])
    state = {**state, "agenda": understood["agenda"], "intent": understood["intent"]}

    answered = await kitchen_team.ainvoke({**state, "event": "answer"}, context=minds)
    print("says:   ", answered["reply"])

    decided = await kitchen_team.ainvoke({**state, "event": "decide", "message": ""}, context=minds)
    print("does:   ", decided["macro"], f"(decided in {1000 * decided['seconds']:.0f} ms)")


if __name__ == "__main__":
    asyncio.run(talk(" ".join(sys.argv[1:]) or "chop two onions, please"))
