"""Demands and questions about quantities are counted over the kitchen by the solver; other messages are left alone."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path

import pytest
import yaml
from brigade.agents.graph.kitchen_solving import Background, work_out
from brigade.agents.hierarchy.intent import Intent, Kind
from brigade.agents.hierarchy.slow_mind.counting import is_about_quantities
from brigade.agents.models import LanguageModel, load_model
from brigade.agents.reasoning.lmulator.known_base import BaseKnowledge
from brigade.agents.sessions.understand import read_questions, understand_all
from brigade.agents.training.messages import compose
from brigade.envs.kitchen import HlaView
from brigade.knowledge import KnowledgeBase
from scenes import arrange

ROWS = yaml.safe_load((Path(__file__).parent / "messages.yaml").read_text(encoding="utf-8"))


def kitchen(seconds: float = 0.0, squares: dict[tuple[int, int], str] | None = None) -> HlaView:
    """Orders for Bob, Alice and Bob; one Bob is cooking unless other things lie about."""
    there = {(3, 4): "CookingLettuce-CookingTomato"} if squares is None else squares
    made = arrange("ring", orders=["Bob", "Alice", "Bob"], squares=there)
    data = made.rules.to_dict(made.state)
    for number, order in enumerate(data["orders"]):
        order["seconds_left"] = 60 - seconds - 10 * number
    made.state = made.rules.from_dict(data)
    return made.view()


def demanded(message: str, view: HlaView, model: LanguageModel | None = None) -> Intent | None:
    """What the solver makes of a demand."""
    worked_out = asyncio.run(work_out(message, view, Background(model)))
    return worked_out.intent if worked_out is not None and not worked_out.says else None


def counted(message: str, view: HlaView) -> list[str] | None:
    intent = demanded(message, view)
    return None if intent is None else [f"{demand.macro} x{demand.count}" for demand in intent.demands]


MESSAGES = {
    "enough soups for every order that still has half a minute": ["Cook Bob Soup x1", "Cook Alice Soup x1"],
    "Make enough soups for all orders": ["Cook Bob Soup x1", "Cook Alice Soup x1"],
    "enough soups for every order that has at least 45 seconds left": ["Cook Alice Soup x1"],
    "enough soups for every order with less than 45 seconds left": [],
    "enough soups for every order that has at most 55 seconds left": ["Cook Alice Soup x1"],
    "enough soups for all the Bob orders": ["Cook Bob Soup x1"],
    "please chop enough tomatoes for every open order": ["Chop Tomato x2"],
    "chop as many onions as there are orders": ["Chop Onion x3"],
    "plates for all the Bob orders, please": ["Plate Bob Soup x2"],
    "get enough ingredients for every order": ["Prepare Bob Ingredients x2", "Prepare Alice Ingredients x1"],
    "make sure there are at least three chopped onions": ["Chop Onion x3"],
    "if there are fewer than two chopped onions, chop two onions": ["Chop Onion x2"],
    "if no pot is free, chop a tomato": [],
    "when a pot is free, cook the Alice soup": ["Cook Alice Soup x1"],
    "unless there are more than 2 orders, cook Bob": [],
    "if there are more than 2 orders, chop a tomato and an onion": ["Chop Tomato x1", "Chop Onion x1"],
    "if there is no Alice soup cooking, cook Alice": ["Cook Alice Soup x1"],
    "if there is a Bob soup cooking, chop an onion": ["Chop Onion x1"],
    "if Bob's order has more than 50 seconds left, cook Bob": ["Cook Bob Soup x1"],
}


@pytest.mark.parametrize("message", MESSAGES)
def test_quantities_and_conditions_are_counted(message: str) -> None:
    assert counted(message, kitchen()) == MESSAGES[message]


def test_the_count_follows_the_kitchen() -> None:
    message = "enough soups for every order that still has half a minute"
    assert counted(message, kitchen(seconds=25)) == []
    assert counted(message, kitchen(squares={})) == ["Cook Bob Soup x2", "Cook Alice Soup x1"]
    plated = {(3, 4): "CookedLettuce-CookedTomato", (3, 5): "CookedLettuce-CookedTomato-Plate"}
    assert counted(message, kitchen(squares=plated)) == ["Cook Alice Soup x1"]


def test_a_clause_that_counting_cannot_settle_is_asked_of_the_model(tmp_path: Path) -> None:
    message = "enough soups for every order that looks healthy"
    assert demanded(message, kitchen()) is None
    rules = [{"when": "Alice", "choose": "True"}, {"when": "Bob", "choose": "False"}]
    (tmp_path / "model.yaml").write_text(yaml.safe_dump(rules))
    intent = demanded(message, kitchen(), load_model(f"script:{tmp_path / 'model.yaml'}"))
    assert intent is not None
    assert [str(demand.macro) for demand in intent.demands] == ["Cook Alice Soup"]


def test_other_messages_are_left_alone() -> None:
    plain = [row[0] for row in ROWS] + [row.message for row in compose("validation", 500)]
    assert not [message for message in plain if is_about_quantities(message)]


@pytest.mark.parametrize(
    "message", ["if there are orders, dance a jig", "enough soups for every order " + "x" * 5000, "if,,, orders, a b"]
)
def test_what_cannot_be_counted_is_left_to_others(message: str) -> None:
    assert demanded(message, kitchen()) is None


def test_no_message_makes_a_program_do_anything_but_count() -> None:
    message = "enough soups for every order'; import os; os.system('id') #"
    assert counted(message, kitchen()) in (None, [], ["Cook Bob Soup x1", "Cook Alice Soup x1"])
    assert not re.search("uid=", str(demanded(message, kitchen())))


QUESTIONS = {
    "How many more tomatoes do we still need for the orders?": "The 3 open orders need 1 tomato more, chopped",
    "do we have enough soups for all orders?": "No, for the 3 open orders we lack 1 Bob and 1 Alice (soup)",
    "do we have enough onions for every order?": "No, for the 3 open orders we lack 1 onion (chopped)",
    "how many orders have less than 45 seconds left?": "1 of 3 open orders: Bob (40 seconds left)",
    "how many orders need an onion?": "1 of 3 open orders: Alice (50 seconds left)",
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_questions_that_count_are_answered_by_a_program(question: str) -> None:
    worked_out = asyncio.run(work_out(question, kitchen(), Background()))
    assert worked_out is not None
    assert (worked_out.intent.kind, worked_out.says) == (Kind.QUESTION, QUESTIONS[question])


def test_a_number_is_looked_up_in_the_knowledge_base_and_never_made_up(tmp_path: Path) -> None:
    with KnowledgeBase(tmp_path / "base.db") as base:
        base.add_fact("marta", "portions", 3, source="a note")
        known = Background(load_model(f"script:{_says(tmp_path)}"), BaseKnowledge(base))
        worked_out = asyncio.run(work_out("Chop as many onions as Marta eats, please", kitchen(), known))
        assert worked_out is not None
        assert [(str(each.macro), each.count) for each in worked_out.intent.demands] == [("Chop Onion", 3)]
        assert "a note" in worked_out.how["known"][0]
        assert asyncio.run(work_out("Chop as many onions as Zoe eats, please", kitchen(), known)) is None


def _says(folder: Path) -> Path:
    file = folder / "says.yaml"
    file.write_text("- say: '7'\n")
    return file


def test_brigade_intent_counts_over_a_kitchen_that_has_just_got_the_orders(tmp_path: Path) -> None:
    nothing = {"kind": "none", "demands": [], "standing": False, "cancel": []}
    (tmp_path / "model.yaml").write_text(yaml.safe_dump([{"say": json.dumps(nothing)}]))

    def demands(message: str, orders: str | None) -> list[dict[str, object]]:
        questions = read_questions(message, orders, "ring", None)
        (intent,) = understand_all(questions, lambda: load_model(f"script:{tmp_path / 'model.yaml'}"))
        found: list[dict[str, object]] = intent["demands"]
        return found

    message = "enough soups for every order that still has half a minute"
    cook = [{"macro": "Cook Alice Soup", "count": 2}, {"macro": "Cook Bob Soup", "count": 1}]
    assert demands(message, "alice,bob,alice") == cook
    assert demands(message, "bob") == cook[1:]
    assert demands(message, None) == []
