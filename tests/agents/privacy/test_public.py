"""Public names: in a question about the world they are left alone; tied to somebody, or beside something private, not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from brigade.agents.privacy import Fact, PrivateSet
from brigade.agents.privacy.boundary import Boundary
from brigade.agents.privacy.detectors import detectors
from brigade.agents.privacy.patterns import PatternDetector
from brigade.agents.privacy.public import InContext
from brigade.agents.privacy.redact import Redactor
from brigade.agents.privacy.spans import Detector
from brigade.agents.privacy.vault import Vault

ASKED = [
    "What is the capital of Portugal?",
    "Who was Albert Einstein and what did he discover?",
    "Please compare the economies of France and Germany since 1990.",
    "Explain the causes of the French Revolution.",
    "Write an essay about Shakespeare's Hamlet.",
    "Tell me about the history of Japan.",
    "Translate 'good morning' into Spanish.",
    "Is the Nile longer than the Amazon River?",
]
TIED = [
    ("I live in Portugal with my wife.", "Portugal"),
    ("My brother in Lisbon sells cars. What do they cost?", "Lisbon"),
    ("Is Budapest where I was born?", "Budapest"),
    ("What should our office in Berlin pay?", "Berlin"),
    ("Write a cover letter for a nurse from Nepal.", "Nepal"),
    ("Where does Albert Einstein, my neighbour, put the bins?", "Einstein"),
    ("What does Nessa Brumewick do in Kenya?", "Kenya"),
    ("What did bob@brume.example write about Kenya?", "Kenya"),
    ("The flat in Lisbon costs 900.", "Lisbon"),
]


def redactor(facts: Sequence[Fact] = (), names: str = "entities,unfamiliar") -> Redactor:
    found: tuple[Detector, ...] = detectors(names)
    return Redactor(PrivateSet(facts), (PatternDetector(), *found))


def left(text: str, by: Redactor, vault: Vault | None = None) -> str:
    return by.redact([text], vault or Vault())[0][0]


@pytest.mark.parametrize("text", ASKED)
def test_a_question_about_the_world_stays_as_it_is(text: str) -> None:
    assert left(text, redactor()) == text
    assert not Boundary(entities=detectors("entities,unfamiliar")).finds(text)


@pytest.mark.parametrize(("text", "name"), TIED)
def test_a_name_that_is_tied_to_somebody_or_beside_something_private_does_not_leave(text: str, name: str) -> None:
    assert name in text
    assert name not in left(text, redactor())


def test_what_is_private_is_so_in_every_question() -> None:
    said = "What is the capital of Portugal?"
    assert "Portugal" not in left(said, redactor([Fact("country", "Portugal")]))
    vault, by = Vault(), redactor()
    assert "Portugal" not in left("I live in Portugal.", by, vault)
    assert "Portugal" not in left(said, by, vault), "it was tied to the user earlier in this conversation"


def test_strict_leaves_nothing_to_context() -> None:
    assert "Portugal" not in left("What is the capital of Portugal?", redactor(names="entities,unfamiliar,strict"))
    assert not any(isinstance(each, InContext) for each in detectors("unfamiliar,strict"))
    assert detectors("none") == detectors("strict") == ()
