"""What a partner seems to be doing is guessed from what can be seen of it, and from nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from brigade.agents.hierarchy.executor import Executor, Macro, Outcome, macro_of
from brigade.agents.hierarchy.imagination import Player, play, turn_ticks
from brigade.agents.hierarchy.partner import Belief, Partners
from brigade.agents.hierarchy.script import ScriptPlanner
from brigade.envs.kitchen import HlaKitchen, HlaView


@dataclass
class Watching:
    """Follows the script, and compares what it believes of its partner with the truth at each decision."""

    script: ScriptPlanner
    partners: Partners
    partner: Player
    right: list[bool] = field(default_factory=list)

    def watch(self, view: HlaView) -> None:
        self.script.watch(view)
        self.partners.watch(view)

    def choose(self, view: HlaView, avoid: Iterable[Macro] = ()) -> Macro | None:
        self.right.append(self.partners.beliefs(view)[1].doing == self.partner.executor.macro)
        return self.script.choose(view, avoid)


def test_a_partner_that_follows_the_script_is_mostly_read_right() -> None:
    right: list[bool] = []
    believed, true = 0, 0
    for seed in range(3):
        kitchen = HlaKitchen("quick")
        kitchen.reset(seed)
        pace = kitchen.layout.pace
        partner = Player(Executor(1, seed=seed), ScriptPlanner(1, pace))
        watching = Watching(ScriptPlanner(0, pace), Partners(0, pace), partner)
        turns = turn_ticks(pace, 0.1, 600)
        play(kitchen.rules, kitchen.state, [Player(Executor(0, seed=seed), watching), partner], turns)
        right += watching.right
        believed += sum(watching.partners.beliefs(kitchen.view())[1].done.values())
        true += sum(report.outcome is Outcome.DONE for report in partner.ended)
    assert sum(right) / len(right) >= 0.75
    assert 0.7 * true <= believed <= 1.3 * true


def test_a_partner_that_does_not_move_is_taken_for_idle() -> None:
    kitchen, partners = HlaKitchen("ring"), Partners(0)
    for _ in range(60):
        partners.watch(kitchen.view())
        kitchen.step((0, 0))
    assert partners.still(kitchen.view()) == {1}
    belief = partners.beliefs(kitchen.view())[1]
    assert belief.idle
    assert belief.doing is None
    assert Belief.from_dict(belief.to_dict()) == belief


def test_a_partner_that_does_something_unexpected_is_understood_by_what_it_does() -> None:
    """The script would chop; this partner fetches a plate for a soup that nobody ordered."""
    kitchen = HlaKitchen("ring")
    kitchen.reset(orders=["Bob", "Bob", "Bob"])
    data = kitchen.rules.to_dict(kitchen.state)
    data["squares"].append(
        {"position": [3, 4], "item": "CookedLettuce-CookedOnion", "seconds_left": 25, "since_spray": [None, None]}
    )
    kitchen.state = kitchen.rules.from_dict(data)
    odd, partners = Executor(1), Partners(0)
    odd.start(macro_of("Plate Alice Soup"), kitchen.view())
    believed = []
    for _ in range(10):
        view = kitchen.view()
        odd.observe(view)
        partners.watch(view)
        believed.append(partners.beliefs(view)[1].doing)
        kitchen.step((0, odd.act(view)))
    assert macro_of("Plate Alice Soup") in believed[3:]
