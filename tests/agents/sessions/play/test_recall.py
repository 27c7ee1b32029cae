"""What an agent still knows after a break, counted again from the record."""

from __future__ import annotations

from typing import Any

from brigade.agents.graph import Recollection
from brigade.agents.sessions.play.recall import recollect
from brigade.agents.sessions.record import Record


def said(cook: int, text: str) -> dict[str, Any]:
    return {"type": "message", "cook": cook, "text": text}


def understood(message: str, *demands: tuple[str, int], cancel: tuple[str, ...] = (), cook: int = 1) -> dict[str, Any]:
    wanted = [{"macro": macro, "count": count} for macro, count in demands]
    intent = {"kind": "short_term", "demands": wanted, "standing": False, "cancel": list(cancel)}
    return {"type": "intent", "cook": cook, "message": message, "intent": intent}


def ended(macro: str, outcome: str = "done", cook: int = 1) -> dict[str, Any]:
    return {"type": "macro", "cook": cook, "macro": macro, "outcome": outcome}


def after(*entries: dict[str, Any]) -> Recollection:
    return recollect(Record("test", {}, entries), 1)


def test_what_was_done_since_no_longer_counts() -> None:
    known = after(
        said(0, "two onions"), understood("two onions", ("Chop Onion", 2)), ended("Chop Tomato"), ended("Chop Onion"),
        ended("Chop Onion", "failed"), ended("Chop Onion", cook=0),
    )  # fmt: skip
    assert str(known.agenda) == "Chop Onion x1"
    assert known.unheard == ()
    assert known.previous == understood("", ("Chop Onion", 2))["intent"]


def test_what_was_cancelled_is_gone_and_what_was_said_last_is_what_it_refers_to() -> None:
    known = after(
        understood("a", ("Chop Onion", 2)), understood("b", ("Plate Bob Soup", 1)), understood("c", cancel=("*",))
    )
    assert str(known.agenda) == ""
    assert known.previous is not None
    assert known.previous["demands"][0]["macro"] == "Plate Bob Soup"


def test_what_was_said_and_not_yet_understood_is_heard_again_but_not_what_it_said_itself() -> None:
    known = after(said(0, "first"), said(1, "On it"), understood("first"), said(0, "second"), said(2, "third"))
    assert known.unheard == ("second", "third")


def test_words_that_were_not_recorded_are_not_heard_again() -> None:
    known = after(said(0, ""), understood("", ("Chop Onion", 1)))
    assert known.unheard == ()
    assert str(known.agenda) == "Chop Onion x1"


def test_demands_of_another_agent_are_not_ones_own() -> None:
    assert after(understood("x", ("Chop Onion", 1), cook=0)) == Recollection()
