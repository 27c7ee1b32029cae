"""FMOA: the fast model alone; nothing understands what people say, their words go to it as they are.

Source: HLA's baseline `L1l`, whose fast model scores macro actions by the raw message and then chats. The scoring is
our Fast Mind's: the model's distribution over letters, and the script's scores with the weight that the release gives
them: 100 without a message, 0.2 with one, which is 1/500 of our usual weight. A model that has learned the job has
weight 0, here as in HLA.
"""

from __future__ import annotations

from brigade.agents.hierarchy.ablations.lone import (
    REPLY_TOKENS,
    Said,
    Situation,
    about,
    cut,
    first_line,
    with_examples,
    yes,
)
from brigade.agents.hierarchy.executor import MACROS
from brigade.agents.hierarchy.fast_mind import Decision, FastMind, Habits
from brigade.agents.hierarchy.intent import Agenda
from brigade.agents.hierarchy.prompting import prompt
from brigade.agents.hierarchy.script import ScriptPlanner
from brigade.agents.models import LanguageModel, Message

WHILE_TOLD = 0.2 / 100
"""Published: the script's weight while a demand is open, as a share of its weight otherwise."""


class FastOnly:
    """Chooses, judges and talks with one small model.

    Args:
        model: any model; a small one.
        habits: how it is asked; see FastMind.
    """

    def __init__(self, model: LanguageModel, habits: Habits | None = None) -> None:
        habits = habits or Habits()
        told = habits.model_copy(update={"prior_weight": habits.prior_weight * WHILE_TOLD, "reads_messages": True})
        self.model = model
        self._free, self._told = FastMind(model, habits), FastMind(model, told)
        self._judging = with_examples("satisfied")
        self._talking = Message("system", prompt("fmoa_reply"), fixed=True)

    async def choose(self, situation: Situation) -> Decision | None:
        """The next macro action by the model, by the words of the latest open message if there is one."""
        view, legal = situation.view, situation.legal
        planner = ScriptPlanner(situation.cook, view.layout.pace)
        planner.assume([other for other, belief in situation.partners.items() if belief.idle])
        plan = planner.choose(view, set(MACROS) - set(legal))
        mind = self._told if situation.said else self._free
        if not legal or (plan is None and not situation.said):
            return None
        message = situation.said[-1].text if situation.said else ""
        return await mind.choose(
            view, situation.cook, legal, agenda=Agenda(), message=message, prior=planner.scores(view),
            partners=situation.partners, plan=plan,
        )  # fmt: skip

    async def satisfied(self, said: Said) -> bool:
        """Whether the model believes that what was said has been done."""
        return await yes(self.model, [*self._judging, Message("user", about(said))])

    async def reply(self, text: str, situation: Situation) -> str:
        """A sentence for the partner; the model knows no more than what was said."""
        turn = Message("user", cut(text))
        answer = await self.model.agenerate([self._talking, turn], max_tokens=REPLY_TOKENS, stop=("\n",))
        return first_line(answer.text)
