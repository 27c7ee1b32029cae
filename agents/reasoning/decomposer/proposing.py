"""Decomposers: whoever sees a question and the solver's attempt, and writes sub-questions.

`Prompted` is any model with instructions and examples; `Trained` a model that was fine-tuned for it and needs neither.
Both give several plans, best first: the embedded model draws samples, any other is asked in several ways.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Protocol

from brigade.agents.models import LanguageModel, Message, ModelError, SamplingModel
from brigade.agents.models.adapters import adapter_facts
from brigade.agents.models.lazy import LazyModel
from brigade.agents.reasoning.decomposer.prompting import ATTEMPT_CHARACTERS, prompt, trained_turns
from brigade.agents.reasoning.lmulator.asking import Asker, Cost
from brigade.agents.reasoning.lmulator.limits import Allowance, CallsSpent

PLAN_TOKENS = 160
TEMPERATURE = 0.7


class Proposer(Protocol):
    """Writes sub-questions."""

    @property
    def name(self) -> str:
        """Who it is."""

    @property
    def draws(self) -> bool:
        """Whether its plans are drawn at random, so that how often one comes again tells how sure it is of it."""

    def propose(self, question: str, attempt: str | None, cost: Cost, count: int = 1, begin: str = "") -> list[str]:
        """So many plans as text, the likeliest first; fewer if it has no more to say.

        Args:
            question: what to split.
            attempt: the solver's answer.
            cost: what it costs is added here.
            count: how many plans.
            begin: what a plan begins with, for decomposers that can go on from there; others start anew, without the
                attempt.

        Raises:
            ModelError: the model did not answer.
            CallsSpent: it may not be asked.
        """


class ModelProposer:
    """A model that writes plans.

    Args:
        model: the model.
        trained: whether it was fine-tuned to; by default what its adapter says.
        calls: model calls for one question.
    """

    def __init__(self, model: LanguageModel, *, trained: bool | None = None, calls: float = 200) -> None:
        self.name = model.name
        self.trained = _is_trained(model.name) if trained is None else trained
        self._model = model
        self._calls = calls

    @property
    def draws(self) -> bool:
        """See Proposer.draws."""
        return _sampler(self._model) is not None

    def propose(self, question: str, attempt: str | None, cost: Cost, count: int = 1, begin: str = "") -> list[str]:
        """See Proposer.propose."""
        asker = Asker(self._model, Allowance(self._calls - cost.calls), cost)
        turns = self._turns(question, attempt)
        sampler = _sampler(self._model)
        if begin and sampler is not None:
            return self._drawn(sampler, turns, cost, count, begin)
        if begin:
            return [asker.complete(self._turns(question, None), None, PLAN_TOKENS).text]
        texts = [asker.complete(turns, None, PLAN_TOKENS).text]
        if count > 1 and sampler is not None:
            texts += self._drawn(sampler, turns, cost, count - 1, "")
        elif count > 1:
            texts.append(asker.complete(self._turns(question, None), None, PLAN_TOKENS).text)
        return texts

    def _drawn(self, sampler: SamplingModel, turns: Sequence[Message], cost: Cost, count: int, begin: str) -> list[str]:
        """Plans drawn at random; each counts as a call."""
        if self._calls - cost.calls < count:
            raise CallsSpent("the allowance of model calls is spent")
        drawn = sampler.samples([turns], count=count, max_tokens=PLAN_TOKENS, temperature=TEMPERATURE, begin=begin)[0]
        for each in drawn:
            cost.note(self.name, each.prompt_tokens + each.completion_tokens, each.seconds)
        return [each.text for each in drawn]

    def _turns(self, question: str, attempt: str | None) -> Sequence[Message]:
        if self.trained:
            return trained_turns(question, attempt)
        said = " ".join((attempt or "none").split())[:ATTEMPT_CHARACTERS]
        return [*_instructions(), Message("user", f"{question.strip()}\nAttempt: {said}")]


def _sampler(model: LanguageModel) -> SamplingModel | None:
    """The model itself if it draws samples; a lazy one is looked through."""
    behind = model.loaded if isinstance(model, LazyModel) else model
    return behind if isinstance(behind, SamplingModel) else None


@cache
def _instructions() -> tuple[Message, ...]:
    turns = [Message("system", prompt("decompose"), fixed=True)]
    for example in prompt("decompose_examples").split("\n=====\n"):
        asked, answer = example.split("\n-----\n")
        turns += [Message("user", asked, fixed=True), Message("assistant", answer, fixed=True)]
    return tuple(turns)


def _is_trained(name: str) -> bool:
    try:
        return bool(adapter_facts(name).get("decomposer", {}).get("trained", False))
    except ModelError:
        return False
