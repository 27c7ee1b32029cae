"""Minds with a part missing: legal by construction, told what they need, and no more than their part can know."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from brigade.agents.hierarchy.ablations import FastOnly, MoveMind, Said, Situation, SlowOnly
from brigade.agents.hierarchy.ablations.fast_only import WHILE_TOLD
from brigade.agents.hierarchy.ablations.moves import in_coordinates
from brigade.agents.hierarchy.ablations.slow_only import in_words
from brigade.agents.hierarchy.executor import Surroundings, legal_macros, macro_of
from brigade.agents.hierarchy.fast_mind import Habits
from brigade.agents.hierarchy.partner import Belief
from brigade.agents.models import Choice, Completion, LanguageModel, Message
from brigade.agents.models.protocol import Engine
from brigade.envs.kitchen.hla.kernel import RIGHT
from scenes import arrange

BUSY = {(0, 2): "ChoppedTomato", (0, 3): "ChoppedLettuce", (3, 4): "CookedLettuce-CookedOnion", (7, 3): "ChoppedOnion"}


class Chooser(Engine):
    """Chooses by a rule, and remembers what it was shown."""

    def __init__(self, rule: Callable[[Sequence[str]], str], says: str = "") -> None:
        super().__init__("chooser", remote=False)
        self.rule, self.says = rule, says
        self.shown: list[str] = []

    def generate(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        schema: Mapping[str, Any] | None = None,
    ) -> Completion:
        self.shown.append(messages[-1].content)
        return Completion(self.says, 0, 0, 0.0)

    def choose(self, messages: Sequence[Message], options: Sequence[str]) -> Choice:
        self.shown.append(messages[-1].content)
        best = self.rule(options)
        return Choice(tuple(0.8 if option == best else 0.2 / len(options) for option in options), 0, 0.0)


def last(options: Sequence[str]) -> str:
    return options[-1]


def situation(*said: Said, squares: dict[tuple[int, int], str] | None = None) -> Situation:
    view = arrange("ring", squares=BUSY if squares is None else squares).view()
    return Situation(view, 0, legal_macros(Surroundings(view, 0)), said, {1: Belief(macro_of("Chop Onion"), False, {})})


async def test_the_slow_mind_alone_picks_what_the_model_picks_and_reads_the_message_and_the_kitchen() -> None:
    model = Chooser(last)
    moment = situation(Said("two onions please", ("Chop Onion",)))
    decision = await SlowOnly(model).choose(moment)
    assert decision is not None
    assert decision.macro == moment.legal[-1]
    (shown,) = model.shown
    for words in (
        "two onions please",
        "done: Chop Onion",
        "cooked lettuce+onion (Alice)",
        "Bob (",
        "busy with Chop Onion",
    ):
        assert words in shown
    assert all(f"{macro.name} (" in shown for macro in moment.legal)


async def test_minds_alone_wait_where_nothing_can_begin() -> None:
    view = situation().view
    nothing = Situation(view, 0, ())
    model = Chooser(last)
    assert await SlowOnly(model).choose(nothing) is None
    assert await FastOnly(model).choose(nothing) is None
    assert model.shown == []


async def test_the_fast_mind_alone_follows_the_script_untold_and_the_model_when_told() -> None:
    """The published weights: the script's scores decide without a message, the model with one."""
    model = Chooser(lambda options: options[0])
    free, told = situation(), situation(Said("do whatever you like"))
    untold = await FastOnly(model, Habits(prior_weight=40)).choose(free)
    listening = await FastOnly(model, Habits(prior_weight=40)).choose(told)
    assert untold is not None
    assert listening is not None
    assert untold.macro == macro_of("Plate Alice Soup") != free.legal[0]
    assert listening.macro == told.legal[0]
    assert "do whatever you like" in model.shown[1]
    assert pytest.approx(0.002) == WHILE_TOLD


async def test_a_model_alone_judges_by_its_own_word_whether_a_message_is_satisfied() -> None:
    said = Said("two onions").after(macro_of("Chop Onion")).after(macro_of("Chop Onion"))
    for mind in (SlowOnly, FastOnly):
        model = Chooser(lambda options: "Yes")
        assert await mind(model).satisfied(said)
        assert "Chop Onion 2 times" in model.shown[0]
        assert not await mind(Chooser(lambda options: "No")).satisfied(said)


async def test_a_reply_is_one_line() -> None:
    model = Chooser(last, says='"On it!"\nAnd then some.')
    assert await SlowOnly(model).reply("hello", situation()) == "On it!"
    assert await FastOnly(Chooser(last, says="")).reply("hello", situation()) == ""


async def test_without_an_executor_the_model_chooses_a_step_and_is_told_what_each_would_do() -> None:
    view = arrange("ring", cooks=[((1, 1), None), ((1, 2), None)]).view()
    model = Chooser(lambda options: "right")
    move = await MoveMind(model).choose(view, 0)
    assert move.action == RIGHT
    assert set(move.probabilities) == {"up", "left", "right", "stay"}, "down is taken by the partner"
    assert "up: use the crate of lettuces" in model.shown[0] or "up: use the" in model.shown[0]
    assert "right: walk to (2,1)" in model.shown[0]


def test_coordinates_tell_every_station_within_reach_and_what_lies_about() -> None:
    view = arrange("ring", squares=BUSY).view()
    words = in_coordinates(view, 0)
    assert "crate of tomatoes (3,0) (4,0)" in words
    assert "chopped tomato (0,2)" in words
    assert "cooked lettuce+onion (Alice)" in words


def test_the_situation_in_words_says_what_is_out_of_reach() -> None:
    view = arrange("partition", squares={(6, 1): "ChoppedOnion"}).view()
    here = Surroundings(view, 0)
    words = in_words(Situation(view, 0, legal_macros(here)))
    assert ("only your partner can reach it" in words) == (view.layout.cell(6, 1) not in here.reach)


async def test_the_embedded_model_fills_every_part(embedded: LanguageModel) -> None:
    moment = situation(Said("chop two onions"))
    slow, fast = await SlowOnly(embedded).choose(moment), await FastOnly(embedded).choose(moment)
    assert slow is not None
    assert fast is not None
    assert {slow.macro, fast.macro} <= set(moment.legal)
    move = await MoveMind(embedded).choose(moment.view, 0)
    assert sum(move.probabilities.values()) == pytest.approx(1)
