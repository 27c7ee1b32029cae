"""How far a chooser agrees with the teacher on moments that it was not trained on, and whether it knows how far.

Top-1 agreement is with the teacher's best option; the value loss is the points that the chosen option is worth less
than the best one, both among the options that the label allows. A demand is followed when the chosen option is one of
those towards it. Intervals are bootstrap intervals over moments. The expected calibration error (Guo et al., "On
Calibration of Modern Neural Networks", 2017) compares the probability of the chosen option with how often it agrees.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from brigade.agents.hierarchy.fast_mind import Habits, rules_for, tempered
from brigade.agents.models import LanguageModel, Message
from brigade.agents.sessions.report import mean_interval
from brigade.agents.training.fast.data import Moment

Chooser = Callable[[Moment], Sequence[float]]
"""The probability of each option."""
BINS = 10
"""Of equal width, for the calibration error."""


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
    calibration_error: float
    """Mean distance between the probability of what is chosen and how often that agrees, over ten bins."""


def agreement(moments: Sequence[Moment], choose: Chooser) -> Agreement:
    """Compare a chooser with the teacher; needs at least one moment."""
    hits, losses, followed, confidences = [], [], [], []
    for moment in moments:
        probabilities = choose(moment)
        chosen = _most_probable(probabilities)
        hits.append(float(_agrees(moment, chosen)))
        losses.append(max(0.0, moment.values[_best(moment)] - moment.values[chosen]))
        followed.append(float(moment.label[chosen] > 0))
        confidences.append(float(probabilities[chosen]))
    return Agreement(
        moments=len(moments),
        top1=statistics.mean(hits),
        top1_interval=mean_interval(hits),
        value_loss=statistics.mean(losses),
        value_loss_interval=mean_interval(losses),
        followed=statistics.mean(followed),
        calibration_error=calibration_error(confidences, hits),
    )


def calibration_error(confidences: Sequence[float], hits: Sequence[float]) -> float:
    """Expected calibration error: bins of equal width, each weighed by how many moments are in it."""
    bins = np.minimum((np.array(confidences) * BINS).astype(int), BINS - 1)
    gaps = np.array(hits) - np.array(confidences)
    return float(sum(abs(gaps[bins == each].sum()) for each in range(BINS)) / len(gaps))


def best_temperature(moments: Sequence[Moment], choose: Chooser) -> float:
    """The temperature at which a chooser's confidence says best how often it agrees, of a chooser at temperature 1.

    What is scored (log loss) is the probability of the chosen option against whether it agrees: the likelihood of the
    teacher's best option, the usual choice, is another matter where options are nearly as good as each other, and
    gave confidences 12 points too low here (soft labels, n = 300).
    """
    chosen = [(choose(moment), moment) for moment in moments]
    hits = np.array([_agrees(moment, _most_probable(shares)) for shares, moment in chosen])

    def surprise(temperature: float) -> float:
        confidence = np.clip([max(tempered(shares, temperature)) for shares, _ in chosen], 1e-6, 1 - 1e-6)
        return -float(np.mean(np.log(np.where(hits, confidence, 1 - confidence))))

    return float(min(np.round(np.geomspace(0.3, 3.0, 47), 3), key=surprise))


def _most_probable(probabilities: Sequence[float]) -> int:
    return max(range(len(probabilities)), key=probabilities.__getitem__)


def _agrees(moment: Moment, chosen: int) -> bool:
    """Whether an option is as good as the teacher's best, and one that the label allows."""
    return moment.label[chosen] > 0 and moment.values[chosen] >= moment.values[_best(moment)]


def _best(moment: Moment) -> int:
    """The teacher's best option among those that the label allows."""
    return max(range(len(moment.options)), key=lambda index: (moment.label[index] > 0, moment.values[index]))


def by_model(model: LanguageModel, habits: Habits) -> Chooser:
    """What a model chooses on its own, without a prior."""
    rules = Message("system", rules_for(habits), fixed=True)

    def choose(moment: Moment) -> Sequence[float]:
        choice = model.choose([rules, Message("user", moment.text)], list(moment.options))
        return tempered(choice.probabilities, habits.temperature)

    return choose


def by_plan(moment: Moment) -> Sequence[float]:
    """What the planner would do."""
    return [float(option == moment.plan) for option in moment.options]


def first_legal(moment: Moment) -> Sequence[float]:
    """The first option."""
    return [float(index == 0) for index in range(len(moment.options))]
