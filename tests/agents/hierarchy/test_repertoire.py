"""What a partner does and what it never does is told from what it is seen to do and to leave undone."""

from __future__ import annotations

import random

import pytest
from brigade.agents.hierarchy.executor import Executor, Verb
from brigade.agents.hierarchy.imagination import Actor, Player, play, turn_ticks
from brigade.agents.hierarchy.partner import Belief, Partners
from brigade.agents.hierarchy.script import ScriptPlanner
from brigade.agents.hierarchy.specialists import SPECIALTIES, Blocker, Specialist
from brigade.envs.kitchen import HlaKitchen, HlaView


class Watcher(ScriptPlanner):
    """Cooks by the script and watches its partners."""

    def __init__(self, pace: float) -> None:
        super().__init__(0, pace)
        self.partners = Partners(0, pace)

    def watch(self, view: HlaView) -> None:
        """See a turn go by."""
        super().watch(view)
        self.partners.watch(view)


def believed(kind: str, map: str, seed: int = 7) -> Belief:
    """What is believed of such a partner at the end of an episode."""
    kitchen = HlaKitchen(map)
    kitchen.reset(seed)
    pace = kitchen.layout.pace
    watcher = Watcher(pace)
    partner: Actor = Blocker(1, random.Random(seed))
    if kind == "script":
        partner = Player(Executor(1), ScriptPlanner(1, pace))
    elif kind in SPECIALTIES:
        partner = Player(Executor(1), Specialist(ScriptPlanner(1, pace), SPECIALTIES[kind]))
    turns = turn_ticks(pace, kitchen.rules.tick_seconds, kitchen.rules.horizon)
    play(kitchen.rules, kitchen.state, [Player(Executor(0), watcher), partner], turns)
    return watcher.partners.beliefs(kitchen.view())[1]


@pytest.mark.parametrize("map", ["ring", "quick", "partition"])
def test_a_cook_that_does_everything_refuses_nothing(map: str) -> None:
    belief = believed("script", map)
    assert belief.refuses == frozenset()
    assert len(belief.proven) > 2


@pytest.mark.parametrize("kind", ["chops", "serves"])
def test_a_specialist_is_known_by_what_it_leaves_undone(kind: str) -> None:
    belief = believed(kind, "quick")
    assert belief.proven <= SPECIALTIES[kind]
    assert belief.refuses
    assert not belief.refuses & SPECIALTIES[kind]


def test_who_stands_in_the_way_is_trusted_with_nothing() -> None:
    belief = believed("blocks", "ring")
    assert belief.proven == frozenset()
    assert Verb.CHOP in belief.refuses


def test_beliefs_survive_as_plain_data() -> None:
    belief = Belief(None, False, {Verb.CHOP: 2}, frozenset({Verb.SERVE}), frozenset({Verb.CHOP}))
    assert Belief.from_dict(belief.to_dict()) == belief
    old = {key: value for key, value in belief.to_dict().items() if key not in ("refuses", "proven")}
    assert Belief.from_dict(old).refuses == frozenset()
