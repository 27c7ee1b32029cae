"""Intents as JSON, and the agenda's bookkeeping."""

from __future__ import annotations

import json

import pytest
from brigade.agents.hierarchy.executor import MacroReport, Outcome, macro_of
from brigade.agents.hierarchy.intent import Agenda, Intent, Kind


def intent(*demands: tuple[str, int | None], standing: bool = False, cancel: list[str] | None = None) -> Intent:
    kind = "long_term" if standing else "short_term"
    wanted = [{"macro": name, "count": count} for name, count in demands]
    return Intent.from_dict({"kind": kind, "demands": wanted, "standing": standing, "cancel": cancel or []})


def done(name: str, outcome: Outcome = Outcome.DONE) -> MacroReport:
    return MacroReport(macro_of(name), outcome, "", 0, 1)


def test_an_intent_survives_as_json() -> None:
    meant = intent(("Chop Tomato", 2), ("Putout", 1), cancel=["Chop Onion", "*"])
    assert Intent.from_dict(json.loads(json.dumps(meant.to_dict()))) == meant
    assert set(meant.to_dict()) == {"kind", "demands", "standing", "cancel"}


def test_an_intent_is_made_consistent() -> None:
    assert intent(("Chop Tomato", 3), standing=True).demands[0].count is None
    assert intent(("Chop Tomato", None)).demands[0].count == 1
    chatter = Intent.from_dict({"kind": "none", "demands": [{"macro": "Drop", "count": 1}]})
    assert chatter == Intent(Kind.NONE)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"kind": "maybe"}, "kind"),
        ({"kind": "none", "mood": "good"}, "mood"),
        ({"kind": "short_term", "demands": [{"macro": "Fly"}]}, "Fly"),
        ({"kind": "short_term", "demands": [{"macro": "Drop", "count": 0}]}, "count"),
        ([], "dictionary"),
        (None, "dictionary"),
    ],
)
def test_what_is_no_intent_is_refused(data: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Intent.from_dict(data)


def test_counts_are_kept_exactly() -> None:
    agenda = Agenda().after(intent(("Chop Tomato", 2), ("Chop Onion", 1)))
    assert [m.name for m in agenda.wanted] == ["Chop Tomato"]
    agenda = agenda.credit(done("Chop Tomato")).credit(done("Chop Lettuce"))
    agenda = agenda.credit(done("Chop Tomato", Outcome.FAILED)).credit(done("Chop Tomato", Outcome.INTERRUPTED))
    assert str(agenda) == "Chop Tomato x1, Chop Onion x1"
    agenda = agenda.credit(done("Chop Tomato"))
    assert [m.name for m in agenda.wanted] == ["Chop Onion"]
    assert not agenda.credit(done("Chop Onion")).open


def test_standing_demands_last_until_cancelled_and_counted_ones_go_first() -> None:
    agenda = Agenda().after(intent(("Chop Lettuce", None), standing=True))
    assert agenda.credit(done("Chop Lettuce")).wanted == (macro_of("Chop Lettuce"),)
    agenda = agenda.after(intent(("Chop Onion", 1)))
    assert agenda.wanted == (macro_of("Chop Onion"),)
    assert agenda.credit(done("Chop Onion")).wanted == (macro_of("Chop Lettuce"),)
    assert len(agenda.after(intent(("Chop Lettuce", None), standing=True)).open) == 2
    assert not agenda.after(intent(cancel=["Chop Lettuce", "Chop Onion"])).open
    assert not agenda.after(intent(cancel=["*"])).open
    assert agenda.after(intent(("Drop", 1), cancel=["*"])).wanted == (macro_of("Drop"),)


def test_an_agenda_survives_as_plain_data() -> None:
    agenda = Agenda().after(intent(("Chop Tomato", 2))).after(intent(("Drop", None), standing=True))
    agenda = agenda.credit(done("Chop Tomato"))
    assert Agenda.from_list(json.loads(json.dumps(agenda.to_list()))) == agenda
