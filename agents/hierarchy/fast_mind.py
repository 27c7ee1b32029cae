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
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from brigade.agents.hierarchy.describe import agenda_in_short, options_in_short, short_state
from brigade.agents.hierarchy.executor import MACROS, Macro, Surroundings
from brigade.agents.hierarchy.habits import habits_of
from brigade.agents.hierarchy.intent import Agenda
from brigade.agents.hierarchy.partner import Belief
from brigade.agents.hierarchy.prompting import prompt
from brigade.agents.models import LanguageModel, Message
from brigade.envs.kitchen import HlaView
from pydantic import BaseModel, ConfigDict, Field

LETTERS = dict(zip(MACROS, string.ascii_uppercase, strict=False))
"""The letter of each macro action."""

MAX_MESSAGE = 80
"""Characters of a message not yet understood that the model is shown."""


class Habits(BaseModel):
    """How a model is asked: an untrained one by default; a fine-tuned one brings its own in `brigade.json`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    prior_weight: float = Field(default=40.0, ge=0)
    """How much one point of the script's score counts, in nats; 0 for a model that has learned the job."""
    temperature: float = Field(default=1.0, gt=0)
    """What the logarithms of the model's probabilities are divided by, so that they say how often it is right."""
    shows_rules: bool = True
    """Whether the model is told the rules and the letters; one that has learned them need not be."""
    reads_messages: bool = True
    """Whether it is shown what the partner just said, while that is not yet understood."""


def fast_habits(model_name: str) -> Habits:
    """How the model of this name is asked; raises ModelError if its adapter says nonsense."""
    return habits_of(model_name, "fast_mind", Habits)


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
        habits: how it is asked.
    """

    def __init__(self, model: LanguageModel, habits: Habits | None = None) -> None:
        self.model = model
        self.habits = habits or Habits()
        self._rules = Message("system", rules_for(self.habits), fixed=True)

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
        partners: Mapping[int, Belief] | None = None,
        plan: Macro | None = None,
    ) -> Decision:
        """The next macro action.

        Args:
            view: the kitchen now.
            cook: which cook decides.
            legal: the macro actions that can begin, at least one.
            agenda: what the partner wants.
            message: what the partner just said, while it is not yet understood.
            prior: the script's score of each macro action, 0 to 1; missing ones count 0.
            partners: what each partner seems to be like.
            plan: what the planner would do.
        """
        heard = message if self.habits.reads_messages else ""
        saw = self.describe(view, cook, legal, agenda or Agenda(), message=heard, partners=partners, plan=plan)
        choice = await self.model.achoose([self._rules, Message("user", saw)], [LETTERS[macro] for macro in legal])
        priors = [self.habits.prior_weight * (prior or {}).get(macro, 0.0) for macro in legal]
        shares = tempered(choice.probabilities, self.habits.temperature, priors)
        probabilities = dict(zip(legal, shares, strict=True))
        best = max(legal, key=probabilities.__getitem__)
        return Decision(best, probabilities, saw, choice.seconds)

    @staticmethod
    def describe(
        view: HlaView,
        cook: int,
        legal: Iterable[Macro],
        agenda: Agenda,
        *,
        message: str = "",
        partners: Mapping[int, Belief] | None = None,
        plan: Macro | None = None,
    ) -> str:
        """What the model is shown of a moment."""
        wanted = f'"{message[:MAX_MESSAGE]}"' if message else agenda_in_short(agenda)
        can = options_in_short(legal, Surroundings(view, cook), LETTERS)
        planned = "" if plan is None else f" Plan {LETTERS[plan]}."
        return f"{short_state(view, cook, partners)} Can {can}. Wanted: {wanted}.{planned}"


def tempered(probabilities: Sequence[float], temperature: float, priors: Sequence[float] = ()) -> list[float]:
    """Probabilities at another temperature, with something added to their logarithms, in nats."""
    added = priors or [0.0] * len(probabilities)
    scores = [math.log(max(p, 1e-12)) / temperature + prior for p, prior in zip(probabilities, added, strict=True)]
    weights = [math.exp(score - max(scores)) for score in scores]
    return [weight / sum(weights) for weight in weights]


def rules_for(habits: Habits) -> str:
    """The fixed beginning of every prompt: the job, and for a model that has not learned it the rules and letters."""
    if not habits.shows_rules:
        return prompt("fast_trained")
    actions = "\n".join(f"{letter} {macro}" for macro, letter in LETTERS.items())
    return f"{prompt('fast')}\n{actions}"
