"""The command line plays a file of actions by these rules, as the published environment does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import peer
import pytest
from brigade.agents.cli import app
from brigade.envs.kitchen.overcooked_ai.policy import GreedyPlayer
from brigade.envs.kitchen.overcooked_ai.rules import OvercookedRules
from typer.testing import CliRunner


def roll_out(tmp_path: Path, script: list[list[int]], *options: str) -> Any:
    actions = tmp_path / "actions.jsonl"
    actions.write_text("\n".join(map(json.dumps, script)))
    return CliRunner().invoke(app, ["kitchen", "rollout", "--actions", str(actions), *options])


def script_for(name: str, ticks: int) -> list[list[int]]:
    rules = OvercookedRules(peer.load(name))
    state, player, script = rules.initial(), GreedyPlayer(rules), []
    for _ in range(ticks):
        script.append([player.act(state, cook) for cook in range(rules.layout.cooks)])
        rules.step(state, script[-1])
    return script


@pytest.mark.parametrize("layout", ["cramped_room", "overcooked:counter_circuit"])
def test_a_file_of_actions_goes_as_published(layout: str, tmp_path: Path) -> None:
    name, out = layout.removeprefix("overcooked:"), tmp_path / "out.jsonl"
    script = script_for(name, 150)
    result = roll_out(tmp_path, script, "--layout", layout, "--rules", "overcooked_ai", "--json", str(out))
    assert result.exit_code == 0, result.output
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    mdp = peer.peer_of(peer.load(name))
    state = mdp.get_standard_start_state()
    assert rows[0] == {"state": peer.plain(state), "rewards": [0, 0], "shaped": [0, 0]}
    for row, joint in zip(rows[1:], script, strict=True):
        state, infos = mdp.get_state_transition(state, peer.actions_of(joint))
        rewards = {"rewards": infos["sparse_reward_by_agent"], "shaped": infos["shaped_reward_by_agent"]}
        assert row == {"state": peer.plain(state), **rewards}
    assert sum(sum(row["rewards"]) for row in rows) > 0


@pytest.mark.parametrize(
    ("script", "options", "words"),
    [
        ([[0, 0]], ["--layout", "cramped_room", "--orders", "bob"], "fixed by its layout"),
        ([[0, 0, 0]], ["--layout", "cramped_room"], "joint action 1: a joint action is 2 indices from 0 to 5"),
        ([[0, 0], [0, 6]], ["--layout", "cramped_room"], "joint action 2: "),
        ([[0, 0]], ["--layout", "cramped_room", "--rules", "hla"], "is drawn for the rule book 'overcooked_ai'"),
        ([[0, 0]], ["--layout", "ring", "--rules", "overcooked_ai"], "is drawn for the rule book 'hla'"),
        ([[0, 0]], ["--layout", "cramped_room", "--tick-seconds", "0"], "a tick lasts"),
        ([[0, 0]], ["--layout", "overcooked:nowhere"], "has no layout 'nowhere'"),
    ],
)
def test_bad_input_is_one_clear_line(script: list[list[int]], options: list[str], words: str, tmp_path: Path) -> None:
    result = roll_out(tmp_path, script, *options)
    assert result.exit_code == 2
    assert words in result.stderr
    assert result.stderr.count("\n") == 1


def test_layouts_of_the_published_kind_are_checked(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["kitchen", "check", "overcooked:you_shall_not_pass"])
    assert result.exit_code == 0
    assert "you_shall_not_pass: 13x4, 2 cooks, rules overcooked_ai: fine" in result.stdout
    broken = tmp_path / "broken.layout"
    broken.write_text('{"grid": "XXX"}')
    result = CliRunner().invoke(app, ["kitchen", "check", str(broken)])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "broken.layout:1: a grid has 3 to 32 rows" in result.stderr
