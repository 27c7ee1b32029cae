"""The Fast Mind's decisions are legal, calibrated over the legal macro actions, and fast."""

from __future__ import annotations

import statistics
import time

import pytest
from brigade.agents.hierarchy.executor import MACROS, Surroundings, Verb, legal_macros, macro_of
from brigade.agents.hierarchy.fast_mind import LETTERS, FastMind, Habits, fast_habits, rules_for
from brigade.agents.hierarchy.intent import Agenda
from brigade.agents.hierarchy.partner import Belief
from brigade.agents.models import LanguageModel
from scenes import arrange

BUSY = {(0, 2): "ChoppedTomato", (0, 3): "ChoppedLettuce", (3, 4): "CookedLettuce-CookedOnion", (7, 3): "ChoppedOnion"}


def test_every_macro_action_has_a_letter_of_its_own() -> None:
    assert len(set(LETTERS.values())) == len(MACROS) == 21


async def test_a_decision_is_one_of_the_legal_macro_actions(embedded: LanguageModel) -> None:
    view = arrange("ring", squares=BUSY).view()
    legal = legal_macros(Surroundings(view, 0))
    decision = await FastMind(embedded).choose(view, 0, legal)
    assert decision.macro in legal
    assert set(decision.probabilities) == set(legal)
    assert sum(decision.probabilities.values()) == pytest.approx(1)
    assert decision.probabilities[decision.macro] == max(decision.probabilities.values())


async def test_the_prior_weighs_as_much_as_it_is_told(embedded: LanguageModel) -> None:
    view = arrange("ring", squares=BUSY).view()
    legal = legal_macros(Surroundings(view, 0))
    for macro in legal:
        decision = await FastMind(embedded, Habits(prior_weight=40)).choose(view, 0, legal, prior={macro: 1.0})
        assert decision.macro == macro
    alone = await FastMind(embedded, Habits(prior_weight=0)).choose(view, 0, legal, prior={legal[-1]: 1.0})
    plain = await FastMind(embedded, Habits(prior_weight=0)).choose(view, 0, legal)
    assert alone.probabilities == plain.probabilities


def test_the_description_is_short_and_shows_what_matters() -> None:
    view = arrange("ring", squares=BUSY, cooks=[((1, 1), "Plate"), ((5, 1), "FreshOnion")]).view()
    legal = (macro_of("Chop Tomato"), macro_of("Chop Onion"))
    partner = Belief(macro_of("Chop Onion"), idle=False, done={Verb.SERVE: 1, Verb.CHOP: 3})
    text = FastMind.describe(view, 0, legal, Agenda(), partners={1: partner}, plan=legal[1])
    for words in (
        "Bob 60 chopped",
        "Alice 60 cooked",
        "David 70 needs lettuce",
        "cooked Alice 25",
        "chopped tomato",
        "Hand plate",
        "Partner fresh onion, Chop Onion, did 3 Chop 1 Serve.",
        "Can A Chop Tomato 2<, C Chop Onion 4<.",
        "Wanted: nothing. Plan C.",
    ):
        assert words in text
    assert '"two onions"' in FastMind.describe(view, 0, legal, Agenda(), message="two onions")
    assert "Partner fresh onion, idle." in FastMind.describe(view, 0, legal, Agenda())
    assert len(FastMind.describe(view, 0, legal, Agenda(), message="x" * 10_000)) < 450


def test_what_is_out_of_reach_is_not_shown() -> None:
    view = arrange("partition", squares={(0, 5): "CookedLettuce-CookedTomato"}).view()
    assert "cooked Bob" in FastMind.describe(view, 0, (), Agenda())
    assert "cooked Bob" not in FastMind.describe(view, 1, (), Agenda())


def test_each_option_shows_how_far_it_is_and_whether_the_partner_is_nearer() -> None:
    legal = (macro_of("Plate Alice Soup"),)
    near = arrange("ring", squares=BUSY, cooks=[((3, 5), None), ((6, 6), None)]).view()
    far = arrange("ring", squares=BUSY, cooks=[((1, 1), None), ((3, 5), None)]).view()
    assert "Can M Plate Alice 0." in FastMind.describe(near, 0, legal, Agenda())
    assert "Can M Plate Alice 6<." in FastMind.describe(far, 0, legal, Agenda())


def test_an_order_is_shown_with_what_it_lacks_and_nothing_counts_twice() -> None:
    squares = {(0, 2): "ChoppedLettuce-ChoppedTomato", (0, 3): "ChoppedOnion"}
    view = arrange("ring", squares=squares, orders=["Bob", "Bob", "Alice"]).view()
    text = FastMind.describe(view, 0, (), Agenda())
    assert "Orders Bob 60 mixed, Bob 60 needs lettuce tomato, Alice 60 needs lettuce." in text


def test_the_end_is_only_mentioned_when_it_is_near() -> None:
    kitchen = arrange("ring")
    assert "Ends" not in FastMind.describe(kitchen.view(), 0, (), Agenda())
    for _ in range(700):
        kitchen.step((0, 0))
    assert "Ends 30." in FastMind.describe(kitchen.view(), 0, (), Agenda())


async def test_a_model_that_reads_no_messages_is_not_shown_any(embedded: LanguageModel) -> None:
    view, legal = arrange("ring").view(), (macro_of("Chop Tomato"), macro_of("Chop Onion"))
    shown = await FastMind(embedded).choose(view, 0, legal, message="two onions")
    hidden = await FastMind(embedded, Habits(reads_messages=False)).choose(view, 0, legal, message="two onions")
    assert "two onions" in shown.saw
    assert "two onions" not in hidden.saw


def test_only_a_model_that_has_learned_the_rules_goes_without_them() -> None:
    assert "Chop Tomato" in rules_for(Habits())
    assert "Chop Tomato" not in rules_for(Habits(shows_rules=False))
    assert fast_habits("embedded") == Habits()


async def test_a_decision_takes_150_milliseconds_of_one_core_at_the_median(embedded: LanguageModel) -> None:
    """Time of the processor, not of the clock on the wall: test machines are shared."""
    view = arrange("ring", squares=BUSY).view()
    mind, legal = FastMind(embedded), (macro_of("Chop Tomato"), macro_of("Plate Alice Soup"))
    mind.warm()
    seconds = []
    for _ in range(15):
        start = time.process_time()
        await mind.choose(view, 0, legal)
        seconds.append(time.process_time() - start)
    assert statistics.median(seconds) <= 0.15
