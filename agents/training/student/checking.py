"""Runs the executable check of a lesson, in the sandbox of the LMulator, without any model."""

from __future__ import annotations

from brigade.agents.reasoning.lmulator import End, Lmulator
from brigade.agents.reasoning.lmulator import Settings as RunSettings

_RUN = RunSettings(traced=False, repairs=0, emulate=False)


def passes(check: str, question: str, said: str) -> bool | None:
    """Whether an answer passes a check; None if the check itself fails."""
    result = Lmulator(settings=_RUN).run(check, question=question, state={"question": question, "said": said})
    if result.end is not End.ANSWERED or not isinstance(result.answer, bool):
        return None
    return result.answer
