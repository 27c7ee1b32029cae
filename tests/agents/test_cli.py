"""The command line: what it prints, and one clear line and the right exit status when something is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image
from server import Behaviour, serving

BRIGADE = [sys.executable, "-m", "brigade.agents.cli"]


def brigade(*arguments: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    plain = {
        key: value for key, value in os.environ.items() if not key.startswith("BRIGADE_") or key == "BRIGADE_CACHE_DIR"
    }
    return subprocess.run(
        [*BRIGADE, *arguments], capture_output=True, text=True, cwd=cwd, env=plain | environment, timeout=300
    )


def failed(result: subprocess.CompletedProcess[str], status: int, words: str) -> None:
    assert result.returncode == status, result.stderr
    assert words in result.stderr
    assert "Traceback" not in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1, result.stderr
    assert result.stderr.startswith("brigade: ")


def test_run_compares_agents_in_a_table_a_plot_and_json(tmp_path: Path) -> None:
    result = brigade(
        "run", "--map", "ring,quick", "--agent", "script,idle", "--partner", "script", "--episodes", "2",
        "--json", str(tmp_path / "o.json"), "--plot", str(tmp_path / "p.png"), "--record", str(tmp_path / "records"),
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    data = json.loads((tmp_path / "o.json").read_text())
    assert len(data["episodes"]) == 8
    assert len(data["summary"]["groups"]) == 4
    assert "quick" in result.stdout
    assert len(list((tmp_path / "records").iterdir())) == 8
    assert (tmp_path / "p.png").stat().st_size > 1000


def test_json_on_standard_output_is_json_alone() -> None:
    result = brigade("run", "--agent", "script", "--partner", "idle", "--duration", "5", "--json", "-")
    assert json.loads(result.stdout)["episodes"][0]["ticks"] == 50


def test_replay_tells_the_story_and_writes_a_gif(tmp_path: Path) -> None:
    options = ["--agent", "script", "--partner", "commander", "--duration", "20", "--record", str(tmp_path)]
    assert brigade("run", *options).returncode == 0
    record = tmp_path / "ring-script-commander-0.jsonl"
    result = brigade("replay", str(record))
    assert result.returncode == 0
    assert "Chop two onions please" in result.stdout
    assert "200 ticks replay to the recorded state at every tick" in result.stdout
    gif = tmp_path / "x.gif"
    assert brigade("replay", str(record), "--gif", str(gif)).returncode == 0
    with Image.open(gif) as image:
        assert getattr(image, "n_frames", 1) == 51
    png, mp4 = tmp_path / "x.png", tmp_path / "x.mp4"
    pictures = ["--png", str(png), "--at", "10", "--mp4", str(mp4), "--square", "16", "--speed", "8"]
    result = brigade("replay", str(record), *pictures)
    assert result.returncode == 0, result.stderr
    with Image.open(png) as image:
        assert image.width > 100
    assert mp4.stat().st_size > 10_000
    failed(brigade("replay", str(record), "--png", str(png), "--at", "21"), 2, "lasted 20 s")
    window = brigade("replay", str(record), "--window", "--speed", "100", SDL_VIDEODRIVER="dummy")
    assert window.returncode == 0, window.stderr
    watched = brigade("replay", str(record), "--watch", "--speed", "1000")
    assert "points" not in watched.stderr
    assert "score" in watched.stdout


@pytest.mark.parametrize(
    ("message", "macro", "count"),
    [("Chop two tomatoes", "Chop Tomato", 2), ("serve the Bob soup", "Serve Bob Soup", 1)],
)
def test_intent_prints_what_was_understood(message: str, macro: str, count: int) -> None:
    result = brigade("intent", message, "--map", "ring", "--orders", "alice,bob", "--json", "-")
    assert json.loads(result.stdout) == {
        "kind": "short_term",
        "demands": [{"macro": macro, "count": count}],
        "standing": False,
        "cancel": [],
    }


def test_intent_reads_a_file_one_message_a_line(tmp_path: Path) -> None:
    file = tmp_path / "m.jsonl"
    previous = {"kind": "short_term", "demands": [{"macro": "Chop Onion", "count": 2}], "standing": False, "cancel": []}
    lines = [
        {"message": "stop"},
        {"message": "another one", "previous": previous, "orders": ["bob"]},
        {"message": "hello"},
    ]
    file.write_text("\n".join(map(json.dumps, lines)))
    result = brigade("intent", "--file", str(file), "--json", "-")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["kind"] for row in rows] == ["short_term", "short_term", "none"]
    assert rows[0]["cancel"] == ["*"]
    assert rows[1]["demands"] == [{"macro": "Chop Onion", "count": 1}]


def test_intent_asks_the_model_when_words_are_not_enough() -> None:
    result = brigade("intent", "would be lovely if somebody looked after those green leaves", "--json", "-")
    assert result.returncode == 0, result.stderr
    assert set(json.loads(result.stdout)) == {"kind", "demands", "standing", "cancel"}


def test_rollout_writes_a_row_for_the_start_and_each_action(tmp_path: Path) -> None:
    actions = tmp_path / "a.jsonl"
    actions.write_text("[3, 0]\n[0, 2]\n")
    result = brigade("kitchen", "rollout", "--layout", "ring", "--actions", str(actions), "--orders", "bob,alice,david")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(rows) == 3
    assert set(rows[0]) == {"state", "rewards", "shaped", "summary"}
    assert [row["summary"]["agents"][0]["pos"] for row in rows] == [[1, 1], [2, 1], [2, 1]]
    assert rows[2]["state"]["tick"] == 2
    assert [order["recipe"] for order in rows[0]["state"]["orders"]] == ["Bob", "Alice", "David"]


def test_check_tells_who_reaches_what_and_what_can_be_served(tmp_path: Path) -> None:
    result = brigade("kitchen", "check", "partition", "--json", str(tmp_path / "a.json"))
    assert result.returncode == 0, result.stderr
    for words in ("hand-over counter", "all together", "partition.yaml:9: column 4: note: nobody can serve", ": fine"):
        assert words in result.stdout
    data = json.loads((tmp_path / "a.json").read_text())
    assert [dish["served"] for dish in data["dishes"]] == [True] * 4
    assert len(data["hand_overs"]) == 7
    alone = brigade("kitchen", "check", "bottleneck", "--json", "-")
    assert json.loads(alone.stdout)["findings"][0]["kind"] == "chokepoint"


def test_a_menu_that_nobody_can_serve_is_exit_2_with_its_line(tmp_path: Path) -> None:
    rows = ("-LO---T-", "/1 --2 -", "U  --  *", "P  --  -", "--------")
    (tmp_path / "apart.yaml").write_text("recipes: [Alice]\ngrid: |\n" + "".join(f"  {row}\n" for row in rows))
    result = brigade("kitchen", "check", "apart.yaml", cwd=tmp_path)
    assert result.returncode == 2
    last = result.stderr.strip().splitlines()[-1]
    assert last == (
        "brigade: apart.yaml:5: column 1: no dish can be served: the soup of cook 1 never gets to a delivery"
    )
    assert "Traceback" not in result.stderr


def test_generate_makes_a_layout_that_can_be_checked_and_played(tmp_path: Path) -> None:
    made = brigade("kitchen", "generate", "--seed", "3", "--difficulty", "0.25", "--cooks", "3")
    assert made.returncode == 0, made.stderr
    assert made.stdout.startswith("# Seed 3, difficulty 0.25, 3 cooks, rules hla; version 1 of the generator.\n")
    options = ["--seed", "3", "--difficulty", "0.25", "--cooks", "3", "--out", "k.yaml"]
    assert brigade("kitchen", "generate", *options, cwd=tmp_path).stdout == ""
    assert (tmp_path / "k.yaml").read_text() == made.stdout
    assert brigade("kitchen", "check", "k.yaml", cwd=tmp_path).returncode == 0
    played = ["run", "--map", "generated:3:0.25:3,k.yaml", "--agent", "script", "--partner", "script", "--record", "r"]
    result = brigade(*played, "--json", "-", cwd=tmp_path)
    one, other = json.loads(result.stdout)["episodes"]
    assert one["score"] == other["score"] > 0
    names = sorted(file.name for file in (tmp_path / "r").iterdir())
    assert names == ["generated-3-0.25-3-script-script-0.jsonl", "k-script-script-0.jsonl"]


BAD_INPUT = [
    (["run", "--map", "nowhere"], "no map or layout file called 'nowhere'"),
    (["run", "--agent", "robot"], "unknown agent 'robot'"),
    (["run", "--agent", "script", "--latency", "soon"], "latency 'soon'"),
    (["run", "--agent", "script", "--pace", "0"], "pace must be"),
    (["run", "--agent", "script", "--rules", "chess"], "unknown rule book"),
    (["run", "--agent", "script", "--tick-seconds", "7"], "a tick lasts"),
    (["run", "--agent", "script", "--timeout", "-1"], "timeout"),
    (["replay", "nothing.jsonl"], "nothing.jsonl"),
    (["intent"], "give a message"),
    (["intent", "hi", "--orders", "zoe"], "unknown recipe 'zoe'"),
    (["kitchen", "check", "nowhere"], "no map"),
    (["kitchen", "check", "generated:1"], "such as generated:7:0.5"),
    (["kitchen", "generate", "--difficulty", "1.5"], "a difficulty is from 0 to 1"),
    (["kitchen", "generate", "--cooks", "9"], "1 to 4 cooks, not 9"),
    (["kitchen", "generate", "--rules", "chess"], "unknown rule book 'chess'"),
    (["kitchen", "generate", "--out", "no/where.yaml"], "where.yaml"),
    (["kitchen", "rollout", "--layout", "ring", "--actions", "none.jsonl"], "none.jsonl"),
]


@pytest.mark.parametrize(
    ("arguments", "words"), BAD_INPUT, ids=lambda value: " ".join(value) if isinstance(value, list) else ""
)
def test_bad_input_is_one_clear_line_and_exit_2(arguments: list[str], words: str, tmp_path: Path) -> None:
    failed(brigade(*arguments, cwd=tmp_path), 2, words)


def test_broken_files_are_one_clear_line_and_exit_2(tmp_path: Path) -> None:
    (tmp_path / "ragged.yaml").write_text("grid: |\n  ----\n  -1 -\n  ---\n")
    failed(brigade("run", "--agent", "script", "--map", "ragged.yaml", cwd=tmp_path), 2, "ragged.yaml:4: ragged grid")
    (tmp_path / "broken.yaml").write_text("grid: [\n")
    failed(brigade("kitchen", "check", "broken.yaml", cwd=tmp_path), 2, "broken.yaml:2: not YAML")
    (tmp_path / "talk.yaml").write_text("messages: 5\n")
    failed(brigade("run", "--partner", "commander:talk.yaml", cwd=tmp_path), 2, "talk.yaml: messages")
    (tmp_path / "a.jsonl").write_text("[0, 0]\n[0, 9]\n")
    failed(brigade("kitchen", "rollout", "--layout", "ring", "--actions", "a.jsonl", cwd=tmp_path), 2, "joint action 2")
    (tmp_path / "brigade.toml").write_text("pace = 'fast'\n")
    failed(brigade("run", "--agent", "script", cwd=tmp_path), 2, "setting 'pace'")


def test_unknown_options_are_exit_2() -> None:
    assert brigade("run", "--nonsense").returncode == 2


def test_models_that_cannot_be_had_or_fail_are_one_clear_line_and_exit_1(tmp_path: Path) -> None:
    failed(brigade("run", "--fast", "nobody:m"), 1, "nobody:m")
    failed(brigade("run", "--fast", "script:none.yaml", cwd=tmp_path), 1, "none.yaml")
    unreachable = ["--fast", "openai:m", "--slow", "embedded", "--base-url", "http://127.0.0.1:9/v1", "--retries", "0"]
    failed(brigade("run", *unreachable), 1, "did not answer")


def test_a_spent_budget_ends_the_run_and_leaves_the_record(tmp_path: Path) -> None:
    with serving(Behaviour(text="A")) as url:
        endpoint = ["--fast", "openai:m", "--slow", "openai:m", "--base-url", url, "--max-calls", "3"]
        result = brigade("run", *endpoint, "--partner", "script", "--latency", "0.1", "--record", str(tmp_path))
    failed(result, 1, "budget of model calls is spent")
    told = brigade("replay", str(tmp_path / "ring-hla-script-0.jsonl"))
    assert told.returncode == 0
    assert "broke off: the budget of model calls is spent" in told.stdout


def test_settings_come_from_the_environment_and_a_file_and_flags_win(tmp_path: Path) -> None:
    (tmp_path / "brigade.toml").write_text("duration = 3\npace = 2\n")
    options = ["run", "--agent", "script", "--partner", "script", "--json", "-"]

    def ticks(*flags: str, **environment: str) -> int:
        out = brigade(*options, *flags, cwd=tmp_path, **environment).stdout
        return int(json.loads(out)["episodes"][0]["ticks"])

    assert ticks() == 30
    assert ticks(BRIGADE_DURATION="4") == 40
    assert ticks("--duration", "5", BRIGADE_DURATION="4") == 50


def test_help_is_quick() -> None:
    start = time.perf_counter()
    assert brigade("--help").returncode == 0
    assert time.perf_counter() - start < 2
