"""Questions: what they are about, and answers that agree with the state, read off its plain data."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from brigade.agents.hierarchy.demands import served_by
from brigade.agents.hierarchy.executor import Surroundings, legal_macros, macro_of
from brigade.agents.hierarchy.intent import Agenda, Demand, Kind, OpenDemand
from brigade.agents.hierarchy.intent import Intent as IntentOf
from brigade.agents.hierarchy.situation import Situation
from brigade.agents.hierarchy.slow_mind import SlowMind
from brigade.agents.hierarchy.slow_mind.answers import answer
from brigade.agents.hierarchy.slow_mind.questions import Topic, read_questions
from brigade.agents.hierarchy.wording import NUMBERS
from brigade.agents.sessions.episode import EpisodeSpec, run_episode
from brigade.agents.sessions.record import read_record, replay
from brigade.envs.kitchen import HlaView, Tile
from scenes import arrange

QUESTIONS: dict[str, list[str]] = yaml.safe_load((Path(__file__).parent / "questions.yaml").read_text(encoding="utf-8"))
ASKED = [(topic, message) for topic, messages in QUESTIONS.items() for message in messages]
FOODS = ("Lettuce", "Onion", "Tomato")


def digits(text: str) -> str:
    """A text with its numbers as digits, in lower case."""
    return re.sub(rf"\b(?:{'|'.join(NUMBERS)})\b", lambda m: str(NUMBERS.index(m[0])), text.lower())


@pytest.fixture(scope="module")
def moments(tmp_path_factory: pytest.TempPathFactory) -> list[HlaView]:
    """Moments of script episodes on the four maps, one every seven seconds."""
    found: list[HlaView] = []
    for seed, name in enumerate(("ring", "bottleneck", "partition", "quick")):
        file = tmp_path_factory.mktemp("moments") / "r.jsonl"
        run_episode(EpisodeSpec(name, "script", "script", seed=seed, pace=5), record=file)
        found += [view for view, _ in replay(read_record(file)) if isinstance(view, HlaView)][::70]
    return found


@pytest.mark.parametrize(("topic", "message"), ASKED)
def test_a_question_is_about_what_it_asks(topic: str, message: str) -> None:
    assert [question.topic for question in read_questions(message)] == [Topic(topic)]


def test_several_questions_in_one_message_are_all_answered() -> None:
    questions = read_questions("what are you doing and what's the score? where is the bin?")
    assert [question.topic for question in questions] == [Topic.DOING, Topic.SCORE, Topic.WHERE]
    said = answer("what's the score? how much time is left?", Situation(arrange("ring").view(), 0))
    assert said == "We have 0 points: no orders served, none missed. There are 100 seconds left."


@pytest.mark.parametrize(("topic", "message"), ASKED)
def test_every_question_gets_a_short_sentence_whatever_the_state(
    topic: str, message: str, moments: list[HlaView]
) -> None:
    rng = random.Random(message)
    for view in rng.sample(moments, 6):
        legal = legal_macros(Surroundings(view, 0))
        agenda = Agenda((OpenDemand(Demand(macro_of("Chop Onion"), 3), 1),)) if rng.random() < 0.5 else Agenda()
        doing = rng.choice([None, *legal])
        purpose = served_by(doing, agenda, Surroundings(view, 0)) if doing else None
        said = answer(message, Situation(view, 0, agenda, doing, purpose, tally={macro_of("Chop Tomato"): 2}))
        assert re.fullmatch(r"[A-Z].*[.!?]", said), said
        assert len(said) < 420, said


def items(view: HlaView) -> list[str]:
    """Names of all things, lying or held."""
    data = view.state_dict()
    return [each["item"] for each in data["squares"]] + [c["holding"] for c in data["cooks"] if c["holding"]]


def test_chopped_pieces_are_counted_rightly(moments: list[HlaView]) -> None:
    for view in moments:
        for food in FOODS:
            said = digits(answer(f"how many {food.lower()}s are chopped?", Situation(view, 0)))
            single = items(view).count(f"Chopped{food}")
            assert re.search(rf"\b{single} chopped {food.lower()}", said), (said, items(view))


def test_pots_are_told_as_they_are(moments: list[HlaView]) -> None:
    for view in moments:
        said = digits(answer("what's in the pots?", Situation(view, 0)))
        pots = set(view.layout.cells(Tile.POT))
        full = [square for square in view.squares if square.cell in pots]
        names = [square.item.name for square in full]
        assert said.count(" is cooking, ready in") == sum("Cooking" in name for name in names)
        assert said.count("is cooked and burns in") == sum("Cooked" in name for name in names)
        for square in full:
            if square.left and "Fire" not in square.item.name:
                assert re.search(rf"\b{max(1, round(square.left))} second", said)
        if 0 < len(full) < len(pots):
            assert f"{len(pots) - len(full)} pot" in said


def test_orders_time_and_score_are_told_as_they_are(moments: list[HlaView]) -> None:
    for view in moments:
        situation = Situation(view, 0)
        orders = answer("what are the orders?", situation)
        assert [*sorted(re.findall(r"(\w+) \((\d+) s", orders))] == sorted(
            (order.name, str(max(1, round(order.seconds_left)))) for order in view.orders
        )
        first = answer("which order is most urgent?", situation)
        assert first.startswith(min(view.orders, key=lambda order: order.seconds_left).name)
        assert f"{view.score} point" in answer("what's the score?", situation)
        left = max(1, round(view.duration - view.seconds))
        assert f"{left} second" in answer("how much time is left?", situation)


def test_hands_are_told_as_they_are(moments: list[HlaView]) -> None:
    for view in moments:
        for cook in (0, 1):
            held = view.state_dict()["cooks"][cook]["holding"]
            said = answer("what are you holding?", Situation(view, cook)).lower()
            theirs = answer("what am I holding?", Situation(view, 1 - cook)).lower()
            for text in (said, theirs):
                if held is None:
                    assert "nothing" in text
                else:
                    assert ("plate" in text) == ("Plate" in held)
                    for food in FOODS:
                        assert (
                            food.lower() in text
                            or food not in held
                            or any(soup in text for soup in ("alice", "bob", "cathy", "david"))
                        )
            assert said.startswith("i'm")
            assert theirs.startswith("you're")


def test_reach_is_told_as_the_layout_has_it() -> None:
    view = arrange("partition").view()
    assert answer("who can reach the pots?", Situation(view, 0)) == "Only I can reach a pot."
    assert answer("who can reach the pots?", Situation(view, 1)) == "Only you can reach a pot, not me."
    assert "both of us" in answer("who can reach the bin?", Situation(view, 0)).lower()
    assert answer("can you serve bob?", Situation(view, 0)).startswith("I can't serve the Bob soup: I can't reach")
    assert answer("what can you reach", Situation(arrange("ring").view(), 0)) == "We can both reach everything."


def test_places_are_told_with_their_side() -> None:
    view = arrange("ring", squares={(0, 2): "ChoppedOnion", (7, 6): "ChoppedOnion"}).view()
    said = answer("where are the chopped onions?", Situation(view, 0))
    assert "top left" in said or "on the left" in said
    assert "right" in said
    assert answer("where is the extinguisher?", Situation(view, 0)) == (
        "The fire extinguisher is on a counter at the bottom left."
    )
    partition = arrange("partition").view()
    assert "on your side" in answer("where can I find onions?", Situation(partition, 0))


def test_the_agenda_and_what_is_done_are_told_from_the_bookkeeping() -> None:
    view = arrange("ring").view()
    onion, two = macro_of("Chop Onion"), OpenDemand(Demand(macro_of("Chop Onion"), 3), 1)
    busy = Situation(view, 0, Agenda((two,)), onion, two, tally={onion: 1})
    assert answer("what is still left to do?", busy) == "I still have to chop two onions (one done)."
    assert answer("did you do it?", busy) == "Not yet: an onion chopped, two to go."
    assert answer("how many onions have you chopped?", busy).startswith("I've chopped an onion so far; two of those")
    assert answer("what are you doing?", busy) == "I'm chopping an onion, as you asked: one done, two to go."
    assert answer("why are you doing that?", busy) == "I'm chopping an onion because you asked me to."
    done = Situation(view, 0, tally={onion: 3}, fulfilled=(Demand(onion, 3),))
    assert answer("did you do it?", done) == "Yes: three onions chopped."
    assert "nothing is left" in answer("what's on your list?", done).lower()
    assert answer("have you served bob yet?", done) == "No, I haven't served the Bob soup yet."


def test_advice_is_something_that_the_partner_can_begin(moments: list[HlaView]) -> None:
    for view in moments:
        said = answer("what should I do?", Situation(view, 0)).lower()
        verbs = {"chop": "Chop", "prepare": "Prepare", "cook": "Cook", "plate": "Plate", "serve": "Serve"}
        match = re.match(r"you could (\w+)", said)
        if match and match[1] in verbs:
            legal = legal_macros(Surroundings(view, 1))
            assert verbs[match[1]] in {str(macro.verb) for macro in legal}


def test_the_reason_names_the_order_that_needs_the_work() -> None:
    squares = {(0, 2): "ChoppedLettuce-ChoppedTomato"}
    view = arrange("ring", squares=squares, orders=["Bob", "Alice", "David"]).view()
    situation = Situation(view, 0, doing=macro_of("Cook Bob Soup"))
    assert answer("why are you doing that?", situation) == (
        "I'm cooking the Bob soup for the Bob order, which has 60 seconds left."
    )
    fire = arrange("ring", squares={(3, 4): "CharredTomato-Fire"}).view()
    assert "on fire" in answer("why?", Situation(fire, 0, doing=macro_of("Putout")))


async def test_an_order_question_is_answered_with_orders_whatever_its_words() -> None:
    view = arrange("ring").view()
    reply = await SlowMind(None).reply("which dishes are on tickts", IntentOf(Kind.ORDER_QUESTION), view, Agenda())
    assert all(order.name in reply.text for order in view.orders)
    assert reply.topics == ("orders",)


def test_the_same_session_says_the_same_and_others_vary() -> None:
    view = arrange("ring").view()
    one = {answer("how are you?", Situation(view, 0, seed=7)) for _ in range(5)}
    assert len(one) == 1
    assert len({answer("how are you?", Situation(view, 0, seed=seed)) for seed in range(30)}) > 1


def test_answers_hold_no_leftovers_of_plain_data(moments: list[HlaView]) -> None:
    facts: list[Any] = [answer(message, Situation(view, 0)) for _, message in ASKED for view in moments[::9]]
    assert not [text for text in facts if re.search(r"[{}\[\]_<>]|None|Macro|Stage", text)]
