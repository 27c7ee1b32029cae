"""A language model of one's own as the Fast Mind: anything that can answer and choose.

python examples/my_model.py
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from brigade.agents.graph import Minds
from brigade.agents.hierarchy.fast_mind import FastMind
from brigade.agents.hierarchy.slow_mind import SlowMind
from brigade.agents.models import Choice, Completion, Message
from brigade.agents.models.protocol import Engine
from brigade.agents.sessions.episode import EpisodeSpec, run_episode


class FirstLetter(Engine):
    """Likes what comes first in the alphabet; a base class gives it the asynchronous half of the protocol."""

    def __init__(self) -> None:
        super().__init__("first-letter", remote=False)

    def generate(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        schema: Mapping[str, Any] | None = None,
    ) -> Completion:
        """Text; with a schema, JSON that it admits."""
        return Completion("Yes, chef!", prompt_tokens=0, completion_tokens=3, seconds=0.0)

    def choose(self, messages: Sequence[Message], options: Sequence[str]) -> Choice:
        """A probability for each option."""
        weights = [2.0 ** -sorted(options).index(option) for option in options]
        return Choice(tuple(weight / sum(weights) for weight in weights), prompt_tokens=0, seconds=0.0)


def main() -> None:
    minds = Minds(SlowMind(None), FastMind(FirstLetter()))  # no model for the Slow Mind: its lexicon understands
    spec = EpisodeSpec(map="quick", agent="hla", partner="script", duration=20, latency="fast=0.1,slow=1.5")
    result = run_episode(spec, minds)
    print(f"{result.decisions} decisions, {result.served} orders served, score {result.score}")


if __name__ == "__main__":
    main()
