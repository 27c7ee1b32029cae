"""Ray, on a cluster of two nodes on this machine: the same results as here, whatever becomes of a node."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from brigade.agents.engines import Engine, engine_named
from brigade.agents.sessions.episode import EpisodeSpec
from brigade.agents.sessions.farming import EpisodeTask, play, play_all
from pieces import Piece, square

ray = pytest.importorskip("ray")

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    from ray.cluster_utils import Cluster

    os.environ["RAY_worker_niceness"] = "0"  # noqa: SIM112  as the processes of the pool that it is compared with
    made: Any = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    made.add_node(num_cpus=1)
    here = os.pathsep.join([str(Path(__file__).parent), *filter(None, [os.environ.get("PYTHONPATH")])])
    ray.init(address=made.address, log_to_driver=False, runtime_env={"env_vars": {"PYTHONPATH": here}})
    yield made
    ray.shutdown()
    made.shutdown()


@pytest.fixture
def engine(cluster: Any) -> Engine:
    return engine_named("ray")


def test_two_hundred_episodes_are_those_that_are_played_here(engine: Engine) -> None:
    specs = [EpisodeSpec("quick", "script", "script", seed=seed, duration=5.0) for seed in range(200)]
    tasks = [EpisodeTask(spec) for spec in specs]
    here = [play(task).to_dict() for task in tasks]
    there = {number: result.to_dict() for number, result in play_all(tasks, engine, 2)}
    assert [there[number] for number in range(200)] == here


def test_what_a_piece_raises_is_raised(engine: Engine) -> None:
    with pytest.raises(ValueError, match="no square of -1"):
        list(engine.map(square, [Piece(3), Piece(-1)], 2))


def test_a_node_that_dies_loses_no_piece(cluster: Any, engine: Engine, tmp_path: Path) -> None:
    doomed = cluster.add_node(num_cpus=2)
    pieces = [Piece(number, tmp_path, 0.3) for number in range(40)]
    done = {}
    for number, (result, _) in engine.map(square, pieces, 4):
        done[number] = result
        if len(done) == 10:
            cluster.remove_node(doomed, allow_graceful=False)
    assert done == {number: number**2 for number in range(40)}


def test_a_node_that_dies_loses_no_episode(cluster: Any, engine: Engine) -> None:
    specs = [EpisodeSpec("quick", "script", "script", seed=seed, duration=10.0) for seed in range(80)]
    tasks = [EpisodeTask(spec) for spec in specs]
    here = [play(task).to_dict() for task in tasks]
    doomed = cluster.add_node(num_cpus=2)
    there: dict[int, dict[str, Any]] = {}
    for number, result in play_all(tasks, engine, 4):
        assert number not in there
        there[number] = result.to_dict()
        if len(there) == 40:
            cluster.remove_node(doomed, allow_graceful=False)
    assert [there[number] for number in range(80)] == here


def test_an_episode_costs_little_more_than_in_a_pool_here(engine: Engine) -> None:
    """At most 5 ms: of pieces that do nothing, so that only the engine's own time is seen, once its processes run."""
    seconds = {}
    for name, one in (("local", engine_named("local")), ("ray", engine)):
        ends = [time.perf_counter() for _ in one.map(square, [Piece(number) for number in range(1000)], 2)]
        seconds[name] = (ends[-1] - ends[100]) / (len(ends) - 101)
    above = seconds["ray"] - seconds["local"]
    print(f"\na piece: local {1000 * seconds['local']:.2f} ms, ray {1000 * seconds['ray']:.2f} ms")
    assert above <= 0.005
