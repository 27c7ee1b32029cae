"""Generated kitchens with the scripted planner in them: it gets less done the harder they are, and always something."""

from __future__ import annotations

from itertools import pairwise
from statistics import mean

from brigade.agents.sessions.episode import EpisodeResult, EpisodeSpec, run_episode

SEEDS = range(15)
LEVELS = (0.0, 0.5, 1.0)


def played(seed: int, difficulty: float) -> EpisodeResult:
    name = f"generated:{seed}:{difficulty}"
    return run_episode(EpisodeSpec(map=name, agent="script", partner="script", seed=seed))


def test_the_script_gets_less_done_the_harder_a_kitchen_is() -> None:
    results = {difficulty: [played(seed, difficulty) for seed in SEEDS] for difficulty in LEVELS}
    scores = [mean(result.score for result in level) for level in results.values()]
    assert all(easier > harder + 5 for easier, harder in pairwise(scores)), scores
    for difficulty, level in results.items():
        idle = [result.spec.map for result in level if result.served == 0]
        assert len(idle) <= 1, (difficulty, idle)
