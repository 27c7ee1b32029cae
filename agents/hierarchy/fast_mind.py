"""The Fast Mind: which macro action next, in one forward pass of a small model.

The 21 macro actions have a letter each; the model's probabilities of the letters, with those that cannot begin masked
out, are the decision. There is no free text and nothing to parse, so every decision is legal.

Source: HLA (Liu et al., AAMAS 2024), whose Fast Mind scores each action's text and adds the script's priorities with
a weight (0.2 while a demand is open, 100 otherwise). Here one pass over letters takes the place of one scoring per
action, and the weight stands for how far the model is trusted: an untrained one leans on the script, a trained one on
itself.
"""

from __future__ import annotations

import math
import string
from dataclasses import dataclass

from brigade.agents.hierarchy.describe import short_state
from brigade.agents.hierarchy.executor import MACROS, Macro
from brigade.agents.hierarchy.intent import Agenda
from brigade.agents.hierarchy.prompting import prompt
from brigade.agents.models import LanguageModel, Message
from brigade.envs.kitchen import HlaView

LETTERS = dict(zip(MACROS, string.ascii_uppercase, strict=False))
"""The letter of each macro action."""

UNTRAINED_PRIOR_WEIGHT = 40.0
"""How much one point of the script's score counts, in nats, with a model that has not learned the task."""


MAX_MESSAGE = 80
"""Characters of a message not yet understood that the model is shown."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A macro action, and how probable each legal one was."""

    macro: Macro
    probabilities: dict[Macro, float]
    saw: str
    """What the model was shown."""
    seconds: float
    """How long the model took."""


class FastMind:
    """Chooses macro actions with a language model.

    Args:
        model: any model; a small one, for it is asked often.
        prior_weight: nats that one point of the script's score adds; 0 for a model that has learned the task.
    """

    def __init__(self, model: LanguageModel, prior_weight: float = UNTRAINED_PRIOR_WEIGHT) -> None:
        self.model = model
        self.prior_weight = prior_weight
        actions = "\n".join(f"{letter} {macro}" for macro, letter in LETTERS.items())
        self._rules = Message("system", f"{prompt('fast')}\n{actions}", fixed=True)

    def warm(self) -> None:
        """Let the model read the rules once, so that the first decision is as fast as the others."""
        self.model.choose([self._rules, Message("user", "Ready?")], list(LETTERS.values()))

    async def choose(
        self,
        view: HlaView,
        cook: int,
        legal: tuple[Macro, ...],
        *,
        agenda: Agenda | None = None,
        message: str = "",
        prior: dict[Macro, float] | None = None,
    ) -> Decision:
        """The next macro action.

        Args:
            view: the kitchen now.
            cook: which cook decides.
            legal: the macro actions that can begin, at least one.
            agenda: what the partner wants.
            message: what the partner just said, while it is not yet understood.
            prior: the script's score of each macro action, 0 to 1; missing ones count 0.
        """
        saw = self.describe(view, cook, agenda or Agenda(), message)
        choice = await self.model.achoose([self._rules, Message("user", saw)], [LETTERS[macro] for macro in legal])
        scores = [
            math.log(max(p, 1e-12)) + self.prior_weight * (prior or {}).get(macro, 0.0)
            for macro, p in zip(legal, choice.probabilities, strict=True)
        ]
        weights = [math.exp(score - max(scores)) for score in scores]
        probabilities = {macro: weight / sum(weights) for macro, weight in zip(legal, weights, strict=True)}
        best = max(legal, key=probabilities.__getitem__)
        return Decision(best, probabilities, saw, choice.seconds)

    @staticmethod
    def describe(view: HlaView, cook: int, agenda: Agenda, message: str = "") -> str:
        """What the model is shown of a moment."""
        wanted = f'"{message[:MAX_MESSAGE]}"' if message else str(agenda) or "nothing"
        return f"{short_state(view, cook)} Wanted: {wanted}."
