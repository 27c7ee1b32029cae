"""How far a chooser agrees with the teacher on moments that it was not trained on.

Top-1 agreement is with the teacher's best option; the value loss is the points that the chosen option is worth less
than the best one, both among the options that the label allows. A demand is followed when the chosen option is one of
those towards it. Intervals are bootstrap intervals over moments.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from brigade.agents.hierarchy.fast_mind import Habits, rules_for
from brigade.agents.models import LanguageModel, Message
from brigade.agents.sessions.report import mean_interval
from brigade.agents.training.fast.data import Moment

Chooser = Callable[[Moment], str]
"""The letter that is chosen."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a chooser is worth on some moments."""

    moments: int
    top1: float
    """Share of moments at which the teacher's best option is chosen."""
    top1_interval: tuple[float, float] | None
    value_loss: float
    """Mean points below the best option."""
    value_loss_interval: tuple[float, float] | None
    followed: float
    """Share of moments at which the chosen option is one that the label allows at all."""


def agreement(moments: Sequence[Moment], choose: Chooser) -> Agreement:
    """Compare a chooser with the teacher; needs at least one moment."""
    hits, losses, followed = [], [], []
    for moment in moments:
        chosen = moment.options.index(choose(moment))
        allowed = [i for i in range(len(moment.options)) if moment.label[i] > 0]
        best = max(allowed, key=lambda i: moment.values[i])
        hits.append(float(moment.values[chosen] >= moment.values[best] and chosen in allowed))
        losses.append(max(0.0, moment.values[best] - moment.values[chosen]))
        followed.append(float(chosen in allowed))
    return Agreement(
        moments=len(moments),
        top1=statistics.mean(hits),
        top1_interval=mean_interval(hits),
        value_loss=statistics.mean(losses),
        value_loss_interval=mean_interval(losses),
        followed=statistics.mean(followed),
    )


def by_model(model: LanguageModel, habits: Habits) -> Chooser:
    """What a model chooses on its own, without a prior."""
    rules = Message("system", rules_for(habits), fixed=True)

    def choose(moment: Moment) -> str:
        return moment.options[model.choose([rules, Message("user", moment.text)], list(moment.options)).best]

    return choose


def by_script(moment: Moment) -> str:
    """What the script chooses where nothing is wanted; the first option where it would wait."""
    return moment.script or moment.options[0]
