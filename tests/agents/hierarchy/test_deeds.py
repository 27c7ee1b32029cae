"""Deeds: what a cook completes is seen from the kitchen alone, and agrees with what an Executor reports."""

from __future__ import annotations

from pathlib import Path

import pytest
from brigade.agents.bench.observed import observe
from brigade.agents.hierarchy.deeds import deed
from brigade.agents.hierarchy.executor import Executor, Macro, Verb, macro_of
from brigade.agents.sessions.episode import EpisodeSpec, run_episode
from brigade.envs.kitchen.hla.kernel import DOWN, UP
from scenes import arrange


def completed(name: str, **scene: object) -> list[str]:
    """Deeds of the first cook while it carries out a macro action in this scene."""
    kitchen = arrange("ring", **scene)  # type: ignore[arg-type]
    executor, found = Executor(0), []
    executor.start(macro_of(name), kitchen.view())
    for _ in range(200):
        before = kitchen.view()
        if executor.observe(before) is not None:
            break
        action = executor.act(before)
        kitchen.step([action, 0])
        done = deed(before, kitchen.view(), 0, action) if action else None
        found += [done.name] if done else []
    return found


@pytest.mark.parametrize(
    ("name", "scene"),
    [
        ("Chop Onion", {}),
        ("Prepare Bob Ingredients", {"squares": {(0, 1): "ChoppedLettuce", (0, 2): "ChoppedTomato"}}),
        ("Cook Bob Soup", {"squares": {(0, 1): "ChoppedLettuce-ChoppedTomato"}}),
        ("Plate Bob Soup", {"squares": {(3, 4): "CookedLettuce-CookedTomato"}}),
        ("Serve Bob Soup", {"squares": {(0, 1): "CookedLettuce-CookedTomato-Plate"}}),
        ("Putout", {"squares": {(3, 4): "CharredLettuce-CharredTomato-Fire"}}),
        ("Drop", {"squares": {(3, 4): "CharredLettuce-CharredTomato"}}),
    ],
)
def test_each_macro_action_is_one_deed_when_it_is_carried_out(name: str, scene: dict[str, object]) -> None:
    assert completed(name, **scene) == [name]


def test_chopping_on_without_finishing_and_walking_are_no_deeds() -> None:
    kitchen = arrange("ring", cooks=[((3, 2), None), ((5, 5), None)], squares={(3, 3): "ChoppingOnion"})
    for action in (DOWN, UP):
        before = kitchen.view()
        kitchen.step([action, 0])
        assert deed(before, kitchen.view(), 0, action) is None


def test_what_the_partner_completes_is_not_credited(tmp_path: Path) -> None:
    run_episode(EpisodeSpec("quick", "idle", "script", seed=1), record=tmp_path / "r.jsonl")
    seen = observe(tmp_path / "r.jsonl")
    assert seen.views[-1].served > 0
    assert seen.deeds == ()


def test_in_a_whole_episode_deeds_agree_with_the_reports_of_the_executor(tmp_path: Path) -> None:
    run_episode(EpisodeSpec("quick", "script", "script", seed=1), record=tmp_path / "r.jsonl")
    seen = observe(tmp_path / "r.jsonl")
    deeds = [macro for _, macro in seen.deeds]
    assert {macro.verb for macro in deeds} >= {Verb.CHOP, Verb.PREPARE, Verb.COOK, Verb.PLATE, Verb.SERVE}
    for when, macro in seen.deeds:
        if macro.verb in (Verb.COOK, Verb.PLATE, Verb.SERVE):
            assert any(begin <= when <= end + 0.11 and name == macro.name for begin, end, name in seen.begun), macro
    served = sum(macro.verb is Verb.SERVE for macro in deeds)
    assert 0 < served <= seen.views[-1].served
    assert Macro(Verb.DROP) not in deeds
