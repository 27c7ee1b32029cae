"""A layout and a policy of one's own, beside the greedy partner.

python examples/my_policy.py
"""

from __future__ import annotations

from brigade.envs.kitchen import KitchenView, RuleBook, parse_layout
from brigade.envs.kitchen.api import KitchenParallelEnv, make_policy

LAYOUT = """
# A digit is the start of that cook; X counter, O onions, P pot, D dishes, S serving.
name: my-kitchen
rules: overcooked_ai
horizon: 300
grid: |
  XXOXX
  X 1 X
  X P S
  X 2 X
  XXDXX
"""


class OnionFetcher:
    """Carries onions from the crate to the pot, and does nothing else: sees the view, returns an action index."""

    def __init__(self, rules: RuleBook, cook: int) -> None:
        self.rules, self.cook = rules, cook

    def reset(self, seed: int) -> None:
        """An episode begins."""

    def act(self, view: KitchenView) -> int:
        """One action a tick, from all that can be seen: view.cooks, view.squares, view.orders."""
        me = view.cooks[self.cook]
        direction, facing = ("down", (0, 1)) if me.item.name else ("up", (0, -1))
        wish = "interact" if me.facing == facing else direction
        return self.rules.actions.index(wish)


def main() -> None:
    env = KitchenParallelEnv(parse_layout(LAYOUT))
    env.reset(seed=0)
    players = {
        "cook_1": OnionFetcher(env.rules, 0),
        "cook_2": make_policy("greedy", env.rules, 1),
    }
    total = 0.0
    while env.agents:
        _, rewards, _, _, _ = env.step({agent: player.act(env.view()) for agent, player in players.items()})
        total += rewards["cook_1"]
    print(f"{total:.0f} points")


if __name__ == "__main__":
    main()
