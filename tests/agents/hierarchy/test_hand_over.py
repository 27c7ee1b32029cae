"""What goes to another room is put where somebody can fetch it who needs it there, not just where anybody can."""

from __future__ import annotations

from brigade.agents.hierarchy.executor import Macro, Outcome, Surroundings, Verb
from brigade.envs.kitchen import HlaKitchen, Tile, parse_layout
from brigade.envs.kitchen.hla.items import LETTUCE
from scenes import carry_out

TWO_CHOP_ONE_COOKS = """\
recipes: [Alice]
grid: |
  -LO--P--
  -12 - 3U
  /   -  *
  -   -  -
  --------
"""


def test_chopped_food_goes_to_the_cook_with_the_pot_not_to_a_roommate() -> None:
    kitchen = HlaKitchen(parse_layout(TWO_CHOP_ONE_COOKS))
    kitchen.reset()
    layout, here = kitchen.layout, Surroundings(kitchen.view(), 0)
    wall = {layout.cell(4, y) for y in (1, 2, 3)}
    assert set(here.counters_towards(layout.cells(Tile.POT))) == wall < set(here.shared_counters)
    assert carry_out(kitchen, 0, Macro(Verb.CHOP, LETTUCE)).outcome is Outcome.DONE
    assert [square.cell in wall for square in kitchen.view().squares] == [True]
