"""SMOA: the slow model does everything alone, every macro action included.

Source: HLA's baseline `Hl`, which sums up, talks, judges whether the demand is satisfied, and then picks a macro
action from the list of those that can begin, in four turns. Differences: the pick is constrained decoding over the
list, so that nothing has to be parsed and nothing illegal can come out; the summary of what was done is counted
instead of asked for; it acts first and talks while its hands work, which only helps it. Examples are
part of the prompt: without them the embedded model takes the first action of the list, whatever it is (of 33 moments
it then agrees with the script on 12 %, with them on 61 %).
"""

from __future__ import annotations

import time

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
from brigade.agents.hierarchy.describe import item_words, orders_in_words, pots_in_words, short_name
from brigade.agents.hierarchy.executor import Macro, Surroundings
from brigade.agents.hierarchy.fast_mind import Decision
from brigade.agents.hierarchy.nearness import is_nearer, walk
from brigade.agents.hierarchy.prompting import prompt
from brigade.agents.models import LanguageModel, Message
from brigade.envs.kitchen import Tile
from brigade.envs.kitchen.hla.items import EXTINGUISHER


class SlowOnly:
    """Chooses, judges and talks with one model, told everything in words.

    Args:
        model: any model.
    """

    def __init__(self, model: LanguageModel) -> None:
        self.model = model
        self._rules = with_examples("smoa")
        self._judging = with_examples("satisfied")
        self._talking = Message("system", prompt("smoa_reply"), fixed=True)

    async def choose(self, situation: Situation) -> Decision | None:
        """The most probable of the macro actions that can begin, by their names."""
        legal = situation.legal
        if not legal:
            return None
        start = time.perf_counter()
        saw = f"{in_words(situation)}\n{_choices(situation)}"
        choice = await self.model.achoose([*self._rules, Message("user", saw)], [macro.name for macro in legal])
        probabilities = dict(zip(legal, choice.probabilities, strict=True))
        return Decision(legal[choice.best], probabilities, saw, time.perf_counter() - start)

    async def satisfied(self, said: Said) -> bool:
        """Whether the model believes that what was said has been done."""
        return await yes(self.model, [*self._judging, Message("user", about(said))])

    async def reply(self, text: str, situation: Situation) -> str:
        """A sentence for the partner."""
        turn = Message("user", f'{in_words(situation)}\nYour partner says: "{cut(text)}"')
        answer = await self.model.agenerate([self._talking, turn], max_tokens=REPLY_TOKENS, stop=("\n",))
        return first_line(answer.text)


def in_words(situation: Situation) -> str:
    """The whole situation in sentences: orders, pots, things lying about, hands, the partners, what people want."""
    view, here = situation.view, Surroundings(situation.view, situation.cook)
    lying = [
        item_words(square.item) + ("" if square.cell in here.reach else " (only your partner can reach it)")
        for square in view.squares
        if square.tile != Tile.POT and square.item.code != EXTINGUISHER
    ]
    counts = {words: lying.count(words) for words in dict.fromkeys(lying)}
    things = ", ".join(words if count == 1 else f"{count} x {words}" for words, count in counts.items())
    lines = [
        f"Orders: {orders_in_words(view)}.",
        f"Pots: {pots_in_words(view)}.",
        f"Lying about: {things or 'nothing'}.",
        f"In your hand: {item_words(here.held)}.",
    ]
    for other in here.others:
        belief = situation.partners.get(other)
        busy = f", busy with {short_name(belief.doing)}" if belief and belief.doing else ""
        lines.append(f"Your partner holds {item_words(view.held(other))}{busy}.")
    lines += [about(said) for said in situation.said]
    return "\n".join(lines)


def _choices(situation: Situation) -> str:
    here = Surroundings(situation.view, situation.cook)
    others = [Surroundings(situation.view, other) for other in here.others]

    def line(macro: Macro) -> str:
        near = any(is_nearer(macro, there, here) for there in others)
        return f"{macro.name} ({walk(macro, here)} steps{', partner nearer' if near else ''})"

    return f"You can: {', '.join(map(line, situation.legal))}."
