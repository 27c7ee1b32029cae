"""Imagination goes by the same rules and turns as a session."""

from __future__ import annotations

import statistics

from brigade.agents.hierarchy.executor import Executor, macro_of
from brigade.agents.hierarchy.imagination import Player, play, turn_ticks
from brigade.agents.hierarchy.script import ScriptPlanner
from brigade.agents.sessions.clock import SimulatedClock, latency_of
from brigade.agents.sessions.cooks import Table
from brigade.agents.sessions.episode import EpisodeSpec, run_episode
from brigade.agents.sessions.record import RecordWriter
from brigade.envs.kitchen import HlaKitchen
from brigade.envs.kitchen.hla import kernel


def imagined_score(name: str, seed: int) -> int:
    kitchen = HlaKitchen(name)
    kitchen.reset(seed)
    pace = kitchen.layout.pace
    players = [Player(Executor(cook, seed=seed), ScriptPlanner(cook, pace)) for cook in range(2)]
    play(kitchen.rules, kitchen.state, players, turn_ticks(pace, 0.1, kitchen.rules.horizon))
    assert kitchen.view().tick == kitchen.rules.horizon
    return int(kitchen.state.vector[kernel.SCORE])


def test_turns_are_those_of_a_session() -> None:
    for pace in (2.5, 3.5, 10.0):
        table = Table(SimulatedClock(0.1, latency_of("0")), RecordWriter(None), 0, pace)
        assert turn_ticks(pace, 0.1, 200) == (*(t for t in range(200) if table.is_turn(t)), 200)


def test_two_scripts_score_in_imagination_what_they_score_in_sessions() -> None:
    imagined = [imagined_score("quick", seed) for seed in range(8)]
    played = [run_episode(EpisodeSpec("quick", "script", "script", seed=seed)).score for seed in range(8)]
    assert abs(statistics.mean(imagined) - statistics.mean(played)) < 12
    assert imagined == [imagined_score("quick", seed) for seed in range(8)]


def test_play_goes_on_from_the_middle_and_leaves_out_turns_that_have_passed() -> None:
    kitchen = HlaKitchen("ring")
    kitchen.reset(0)
    for _ in range(37):
        kitchen.step((0, 0))
    chopper = Player(Executor(0))
    chopper.start(macro_of("Chop Onion"), kitchen.view())
    play(kitchen.rules, kitchen.state, [chopper, Player(Executor(1))], turn_ticks(2.5, 0.1, 200))
    assert kitchen.view().tick == 200
    assert [report.macro.name for report in chopper.ended] == ["Chop Onion"]
