"""A kitchen of one's own: checked, looked at, and played by two agents that have never seen it.

python examples/my_layout.py
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from brigade.agents.sessions.episode import EpisodeSpec, run_episode
from brigade.envs.kitchen import Kitchen, load_layout
from brigade.envs.kitchen.authoring import Effort
from brigade.envs.kitchen.render import as_text

GRID = """\
name: the long table
grid: |
  -LOT---P-
  /   -   *
  / 1   2 f
  U   -   B
  -U-------
"""
"""Squares as in examples/my_kitchen.yaml, which explains every key."""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "mine.yaml"
        file.write_text(GRID, encoding="utf-8")
        layout = load_layout(str(file))
        print(as_text(Kitchen(layout).reset(0)))
        print(f"a dish takes {Effort.of(layout).turns:.0f} turns")
        for agent in ("script", "planner"):
            result = run_episode(EpisodeSpec(map=str(file), agent=agent, partner="script", duration=60))
            print(f"{agent}: {result.score} points, {result.served} served")


if __name__ == "__main__":
    main()
