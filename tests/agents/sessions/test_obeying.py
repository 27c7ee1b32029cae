"""Demands change behaviour: counts, habits, corrections, cancellations, in real episodes and seen in the kitchen."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Sequence

import pytest
from brigade.agents.hierarchy.executor import Macro, Verb, macro_of
from brigade.agents.hierarchy.intent import Intent
from brigade.agents.hierarchy.slow_mind import SlowMind, Understanding
from brigade.agents.sessions.record import Record
from talks import GivenIntents, Said, entries, heard, made, meaning, talk

CHOPPABLE = {
    "ring": ("Tomato", "Lettuce", "Onion"),
    "quick": ("Tomato", "Lettuce", "Onion"),
    "bottleneck": ("Tomato", "Onion"),  # the partner stands before the lettuces
    "partition": ("Tomato",),
}
COOKABLE = {"ring": ("Alice", "Bob", "Cathy", "David"), "quick": ("Alice", "Bob"), "bottleneck": ("Cathy",)}


def requests(kitchen: str, seed: int) -> list[Said]:
    """One to four messages, some at the same moment, with one or two counted demands each."""
    rng = random.Random(f"{kitchen} {seed}")
    said: list[Said] = []
    at = 1.0
    for _ in range(rng.randint(1, 4)):
        if kitchen in COOKABLE and rng.random() < 0.3:
            demands = [(f"Cook {rng.choice(COOKABLE[kitchen])} Soup", 1)]
        else:
            foods = rng.sample(CHOPPABLE[kitchen], min(rng.randint(1, 2), len(CHOPPABLE[kitchen])))
            demands = [(f"Chop {food}", rng.randint(1, 3)) for food in foods]
        said.append((at, meaning(*demands)))
        at += rng.choice([0, 0.1, 0.3, 1, 3, 9.7])
    return said


def spans(record: Record, macro: Macro) -> list[tuple[int, int]]:
    """From when to when demands for this macro action were open, apart from each other."""
    lands = [e["lands"] for e in entries(record, "intent") for d in e["intent"]["demands"] if d["macro"] == macro.name]
    done = [e["tick"] for e in entries(record, "demand", macro=macro.name, became="done")]
    found: list[tuple[int, int]] = []
    for start, end in zip(lands, done, strict=True):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], end
        else:
            found.append((start, end))
    return found


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kitchen", CHOPPABLE)
def test_whatever_is_asked_for_is_made_exactly_as_often(kitchen: str, seed: int) -> None:
    """What the kitchen shows is compared with what was asked: between landing and done, not one piece too many."""
    said = requests(kitchen, seed)
    record = talk(kitchen, *said, slow=GivenIntents(), which=3 * seed, seed=seed, duration=180, pace=8)
    wanted = Counter[Macro]()
    for _, message in said:
        for demand in json.loads(message)["demands"]:
            wanted[macro_of(demand["macro"])] += demand["count"]
    shown = made(record)
    for macro, count in wanted.items():
        seen = sum(m == macro and a <= tick <= b for a, b in spans(record, macro) for tick, m in shown)
        soups = sum(wanted[soup] for soup in wanted if soup.verb is Verb.COOK and soup.foods & macro.foods)
        most = count + (soups if macro.verb is Verb.CHOP else 0)  # a soup may need pieces of its own
        assert count <= seen <= most, (macro, count, seen)


def test_several_demands_are_done_in_the_order_in_which_they_were_said() -> None:
    record = talk("ring", (0.2, "chop an onion, then two lettuces and then a tomato"), duration=60, pace=5)
    done = [(e["macro"], e["count"]) for e in entries(record, "demand")]
    assert done == [("Chop Onion", 1), ("Chop Lettuce", 2), ("Chop Tomato", 1)]


def test_pieces_for_a_soup_are_not_the_pieces_that_were_asked_for() -> None:
    record = talk("ring", (1, meaning(("Cook Cathy Soup", 1), ("Chop Onion", 2))), slow=GivenIntents(), pace=6)
    onions = [tick for tick, macro in made(record) if macro.name == "Chop Onion"]
    done = next(e["tick"] for e in entries(record, "demand", macro="Chop Onion"))
    assert sum(tick <= done for tick in onions) == 3


@pytest.mark.parametrize(
    ("first", "second", "tomatoes", "onions"),
    [
        ("chop three tomatoes", "no wait, onions", 0, 3),
        ("chop two tomatoes", "another one", 3, 0),
        ("chop two tomatoes", "same again", 4, 0),
        ("chop a tomato", "chop two onions", 1, 2),
        ("chop five tomatoes", "forget that", 0, 0),
        ("chop five tomatoes", "forget that, chop an onion", 0, 1),
    ],
)
def test_a_later_message_corrects_adds_or_takes_back(first: str, second: str, tomatoes: int, onions: int) -> None:
    record = talk("ring", (1, first), (1.7, second), duration=60, pace=5)
    met = Counter[str]()
    for entry in entries(record, "demand", became="done"):
        met[entry["macro"]] += entry["count"]
    assert met == Counter({"Chop Tomato": tomatoes, "Chop Onion": onions}) + Counter()


def test_a_corrected_count_includes_what_is_done_already() -> None:
    fewer = meaning(("Chop Tomato", 2), cancel=["Chop Tomato"])
    record = talk("ring", (1, meaning(("Chop Tomato", 4))), (5, fewer), slow=GivenIntents(), duration=40, pace=5)
    landed = entries(record, "intent")
    assert landed[1]["agenda"] == [{"macro": "Chop Tomato", "count": 2, "done": 1}]
    done = entries(record, "demand", became="done")
    assert [(e["macro"], e["count"]) for e in done] == [("Chop Tomato", 2)]
    chopped = [t for t, m in made(record) if m.name == "Chop Tomato" and landed[0]["lands"] <= t <= done[0]["tick"]]
    assert len(chopped) == 2


def test_what_is_done_while_a_message_is_being_understood_counts() -> None:
    """The first tomato is finished between the second message and its understanding, two seconds later."""
    record = talk(
        "ring",
        (1, meaning(("Chop Tomato", 2))),
        (4.5, meaning(("Chop Onion", 1))),
        slow=GivenIntents(),
        duration=40,
        pace=5,
    )
    done = entries(record, "demand", macro="Chop Tomato", became="done")[0]["tick"]
    first = entries(record, "intent")[0]["lands"]
    assert sum(m.name == "Chop Tomato" and first <= t <= done for t, m in made(record)) == 2


def test_habits_take_turns_and_counted_demands_go_first() -> None:
    record = talk(
        "ring",
        (1, meaning(("Chop Lettuce", None), ("Chop Tomato", None))),
        (20, "chop an onion"),
        slow=_LexiconToo(),
        duration=60,
        pace=5,
    )
    macros = [e["macro"] for e in entries(record, "macro", cook=0, outcome="done") if e["tick"] > 20]
    counts = Counter(macros)
    assert set(counts) == {"Chop Lettuce", "Chop Tomato", "Chop Onion"}
    assert abs(counts["Chop Lettuce"] - counts["Chop Tomato"]) <= 1
    assert counts["Chop Onion"] == 1
    onion = next(e["tick"] for e in entries(record, "demand", macro="Chop Onion"))
    assert onion <= 205 + 70


class _LexiconToo(GivenIntents):
    """Intents as JSON, everything else by the lexicon."""

    async def interpret(
        self, message: str, *, orders: Sequence[str] = (), previous: Intent | None = None
    ) -> Understanding:
        if message.startswith("{"):
            return await super().interpret(message, orders=orders, previous=previous)
        return await SlowMind.interpret(self, message, orders=orders, previous=previous)


def test_a_habit_leaves_what_only_this_cook_can_do_for_the_orders() -> None:
    """In `partition` only cook 0 reaches the pots: soups go on, though it was told to keep chopping."""
    record = talk("partition", (0.5, "keep chopping tomatoes"), partner="cooks", duration=100, pace=6, seed=3)
    macros = Counter(e["macro"].split()[0] for e in entries(record, "macro", cook=0, outcome="done"))
    assert macros["Cook"] >= 1
    assert macros["Chop"] >= 3


def test_a_demand_that_has_to_wait_is_taken_up_when_the_partner_makes_it_possible() -> None:
    record = talk("partition", (1, "cook bob"), partner="cooks", duration=100, pace=6, seed=1)
    assert any("lettuces are on your side" in text for text in heard(record))
    assert [e["macro"] for e in entries(record, "demand", became="done")] == ["Cook Bob Soup"]


def test_a_cook_with_a_waiting_demand_goes_on_with_useful_work() -> None:
    record = talk("partition", (1, "chop two lettuces"), duration=40, pace=5)
    given_up = entries(record, "demand")
    assert all(e["became"] == "given up" and e["tick"] > 350 for e in given_up), "only for want of time"
    assert Counter(e["macro"] for e in entries(record, "macro", cook=0, outcome="done"))["Chop Tomato"] >= 2


@pytest.mark.parametrize("at", [2.0, 2.6, 3.4, 4.1, 5.0, 6.3])
def test_a_cancelled_macro_action_lets_go_at_any_moment(at: float) -> None:
    record = talk("ring", (1, "chop four onions"), (at, "stop!"), duration=40, pace=5)
    lands = entries(record, "intent")[1]["lands"]
    assert entries(record, "intent")[1]["agenda"] == []
    ended = [e for e in entries(record, "macro", cook=0) if e["tick"] >= lands]
    assert ended[0]["macro"] != "Chop Onion" or ended[0]["outcome"] == "interrupted" or ended[0]["tick"] == lands
    soon = [e for e in entries(record, "decision", cook=0) if lands <= e["tick"] < lands + 50]
    assert "Chop Onion" not in {e["macro"] for e in soon}
    assert len(ended) > 3, "it works on afterwards"


def test_what_was_told_to_stop_is_left_alone_for_a_while_even_if_orders_need_it() -> None:
    record = talk("ring", (1, "stop chopping tomatoes"), duration=30, pace=5)
    decided = [e["macro"] for e in entries(record, "decision", cook=0) if 16 < e["tick"] < 200]
    assert decided
    assert "Chop Tomato" not in decided


def test_after_a_counted_demand_no_more_is_chopped_unless_an_order_needs_it() -> None:
    record = talk("ring", (1, "chop four lettuces"), duration=50, pace=6, which=1)
    done = entries(record, "demand", became="done")[0]["tick"]
    later = [e["macro"] for e in entries(record, "decision", cook=0) if done <= e["tick"] < done + 150]
    assert "Chop Lettuce" not in later


def test_who_stands_in_the_way_is_asked_for_room() -> None:
    record = talk("bottleneck", (1, "chop a lettuce"), duration=30)
    assert any("blocked" in text or "get through" in text for text in heard(record))


def test_the_mind_is_overruled_where_it_would_not_obey_and_the_record_says_so() -> None:
    record = talk("ring", (1, "chop three onions"), duration=40, pace=5, which=0)
    lands = entries(record, "intent")[0]["lands"]
    done = entries(record, "demand")[0]["tick"]
    during = [e for e in entries(record, "decision", cook=0) if lands <= e["tick"] < done]
    assert {e["macro"] for e in during} == {"Chop Onion"}
    assert all(abs(sum(e["probabilities"].values()) - 1) < 1e-3 for e in during)


def test_the_same_talk_twice_gives_the_same_record() -> None:
    one, two = (talk("quick", (1, "chop two onions"), (3, "what are you doing?"), duration=20) for _ in range(2))
    same = [(e["type"], e.get("text")) for e in one.entries] == [(e["type"], e.get("text")) for e in two.entries]
    assert same
