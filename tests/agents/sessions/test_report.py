"""Tables, JSON and plots of episodes."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import numpy as np
from brigade.agents.sessions.episode import EpisodeResult, EpisodeSpec
from brigade.agents.sessions.report import mean_interval, plot, table, to_json
from PIL import Image
from rich.console import Console


def result(score: int, seed: int = 0, map_: str = "ring", latencies: tuple[float, ...] = ()) -> EpisodeResult:
    spec = EpisodeSpec(map_, "hla", "script", seed=seed)
    return EpisodeResult(spec, "hla", score, 4, 1, 1000, 30, latencies, "simulated, latencies measured")


def test_the_interval_of_the_mean_covers_it_95_times_in_100() -> None:
    generator = np.random.RandomState(1)
    covered = 0
    for _ in range(200):
        interval = mean_interval(generator.normal(50, 10, size=30).tolist())
        assert interval is not None
        covered += interval[0] <= 50 <= interval[1]
    assert 178 <= covered <= 199
    assert mean_interval([1.0]) is None


def test_the_json_has_the_form_of_the_contract() -> None:
    data = to_json([result(10, 0, latencies=(0.1, 0.3)), result(30, 1, latencies=(0.2,))])
    first = data["episodes"][0]
    keys = "map rules agent partner seed score orders_served orders_missed ticks decisions macro_latency_ms"
    assert set(first) == set(keys.split())
    assert first["macro_latency_ms"] == 200
    summary = data["summary"]
    assert summary["score_mean"] == 20
    assert summary["score_ci95"] == [10, 30]
    assert summary["macro_latency_ms_p50"] == 200
    assert 200 <= summary["macro_latency_ms_p95"] <= 300


def test_the_table_says_which_clock_whose_latencies_and_which_models() -> None:
    console = Console(width=130, record=True, file=StringIO())
    console.print(table([result(10, 0), result(30, 1)]))
    text = console.export_text()
    for words in ("simulated, latencies measured", "slow mind embedded", "0-1", "20.0", "10.0 to 30.0"):
        assert words in text


def test_the_plot_is_a_picture(tmp_path: Path) -> None:
    plot([result(10), result(30, 1), result(50, map_="quick")], tmp_path / "p.png")
    with Image.open(tmp_path / "p.png") as image:
        assert image.width > 300
