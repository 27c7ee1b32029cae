"""Two agents beside the same partner, on the same seeds, as a table.

python examples/compare_agents.py
"""

from __future__ import annotations

from brigade.agents.sessions import report
from brigade.agents.sessions.episode import EpisodeSpec, run_episode
from rich.console import Console

SEEDS = range(3)


def main() -> None:
    results = [
        run_episode(EpisodeSpec(map="quick", agent=agent, partner="script", seed=seed))
        for agent in ("script", "random")
        for seed in SEEDS
    ]
    Console(width=120).print(report.table(results))


if __name__ == "__main__":
    main()
