"""One board between two cooks: who works there is left alone, but nobody waits for somebody who does not."""

from __future__ import annotations

from brigade.agents.hierarchy.executor import Executor, Macro, Outcome, Verb
from brigade.envs.kitchen import HlaKitchen, HlaView, parse_layout
from brigade.envs.kitchen.hla.items import ONION
from brigade.envs.kitchen.hla.kernel import LEFT, STAY

ONE_BOARD = """\
recipes: [Alice]
grid: |
  -LO--P--
  -1 - 2 U
  -  /   *
  --------
"""
BOARD = (3, 2)
CHOP = Macro(Verb.CHOP, ONION)


def half_chopped() -> HlaKitchen:
    """A board in the wall between two rooms, an onion on it that is half chopped, and a cook on each side."""
    kitchen = HlaKitchen(parse_layout(ONE_BOARD))
    kitchen.reset(orders=["Alice"] * 3)
    data = kitchen.rules.to_dict(kitchen.state)
    data["cooks"] = [{"position": at, "holding": None} for at in ([2, 2], [4, 2])]
    data["squares"].append({"position": list(BOARD), "item": "ChoppingOnion", "chops_left": 6})
    kitchen.state = kitchen.rules.from_dict(data)
    return kitchen


def turn(executor: Executor, view: HlaView) -> int:
    """Begin to chop if nothing is under way, and act."""
    if executor.macro is None:
        executor.start(CHOP, view)
    executor.observe(view)
    return executor.act(view)


def is_chopped(view: HlaView) -> bool:
    """Whether the onion is chopped, wherever it is."""
    items = [square.item for square in view.squares] + [view.held(cook) for cook in (0, 1)]
    return any(item.name == "ChoppedOnion" for item in items)


def chopped_within(kitchen: HlaKitchen, seconds: int, executors: list[Executor]) -> bool:
    """Whether these cooks chop it in this time, at 2.5 turns a second; cooks without an executor stand still."""
    for _ in range(10 * seconds):
        view = kitchen.view()
        if is_chopped(view):
            return True
        acting = view.tick % 4 == 0
        actions = [turn(each, view) if acting else STAY for each in executors]
        kitchen.step(actions + [STAY] * (2 - len(actions)))
    return False


def test_two_cooks_beside_the_only_board_do_not_wait_for_each_other_for_ever() -> None:
    assert chopped_within(half_chopped(), 12, [Executor(0), Executor(1)])


def test_food_is_chopped_beside_a_cook_who_stands_there_and_does_nothing() -> None:
    assert chopped_within(half_chopped(), 12, [Executor(0)])


def test_a_board_at_which_somebody_does_work_is_left_to_them() -> None:
    kitchen, executor = half_chopped(), Executor(0)
    for tick in range(16):
        view = kitchen.view()
        if tick % 4 == 0:
            executor.start(CHOP, view)
            report = executor.observe(view)
            assert report is not None
            assert report.outcome is Outcome.FAILED
        kitchen.step([STAY, LEFT if tick % 4 == 0 else STAY])
    assert kitchen.view().squares[0].left < 6
