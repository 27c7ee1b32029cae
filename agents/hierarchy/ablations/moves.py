"""NEA: no Executor. The fast model chooses every step, told where everything is by its coordinates.

Source: HLA's ablation `Sm`, whose Slow Mind understands as usual and whose fast model picks among left, right, up and
down. Differences: a fifth choice, to stay; steps that the rules would cancel are not offered; each choice says what it
would do, and the last steps are told, so that the model need not guess the geometry.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from brigade.agents.hierarchy.describe import agenda_in_short, item_words, short_name
from brigade.agents.hierarchy.executor import Surroundings
from brigade.agents.hierarchy.intent import Agenda
from brigade.agents.hierarchy.partner import Belief
from brigade.agents.hierarchy.prompting import prompt
from brigade.agents.models import LanguageModel, Message
from brigade.envs.kitchen import HlaView, Tile
from brigade.envs.kitchen.hla.kernel import DOWN, LEFT, RIGHT, STAY, UP
from brigade.envs.kitchen.plan import STATION_NAMES

ACTIONS = {UP: "up", DOWN: "down", LEFT: "left", RIGHT: "right", STAY: "stay"}
"""The word for each atomic action."""
REMEMBERED = 6
"""Steps that the model is reminded of."""
MAX_MESSAGE = 200


@dataclass(frozen=True, slots=True)
class Move:
    """An atomic action, and how probable each one was."""

    action: int
    probabilities: dict[str, float]
    saw: str
    """What the model was shown."""
    seconds: float
    """How long the model took."""


class MoveMind:
    """Chooses atomic actions with a language model.

    Args:
        model: any model; it is asked on every turn.
    """

    def __init__(self, model: LanguageModel) -> None:
        self.model = model
        self._rules = Message("system", prompt("nea"), fixed=True)
        self._latest: deque[str] = deque(maxlen=REMEMBERED)

    async def choose(
        self,
        view: HlaView,
        cook: int,
        *,
        agenda: Agenda | None = None,
        message: str = "",
        partners: Mapping[int, Belief] | None = None,
    ) -> Move:
        """The next atomic action.

        Args:
            view: the kitchen now.
            cook: which cook acts.
            agenda: what the partner wants.
            message: what the partner just said, while it is not yet understood.
            partners: what each partner seems to be like.
        """
        wanted = f'"{message[:MAX_MESSAGE]}"' if message else agenda_in_short(agenda or Agenda())
        saw = f"{in_coordinates(view, cook, partners)}\nYour last moves: {', '.join(self._latest) or 'none'}."
        saw += f"\nYour partner wants: {wanted}.\n{_choices(view, cook)}\nYour move:"
        offered = [action for action in ACTIONS if _possible(view, cook, action)]
        choice = await self.model.achoose([self._rules, Message("user", saw)], [ACTIONS[each] for each in offered])
        action = offered[choice.best]
        self._latest.append(ACTIONS[action])
        named = {ACTIONS[each]: p for each, p in zip(offered, choice.probabilities, strict=True)}
        return Move(action, named, saw, choice.seconds)


def in_coordinates(view: HlaView, cook: int, partners: Mapping[int, Belief] | None = None) -> str:
    """The kitchen with the place of everything that this cook can reach, (column,row) from the top left."""
    here, layout = Surroundings(view, cook), view.layout
    stations = [
        f"{STATION_NAMES[kind]} {_places(view, here.stations(kind))}" for kind in STATION_NAMES if here.stations(kind)
    ]
    things = [
        f"{item_words(square.item)} {_at(view, square.cell)}"
        for square in view.squares
        if square.tile == Tile.COUNTER and square.cell in here.reach
    ]
    orders = ", ".join(f"{order.recipe.name} ({order.seconds_left:.0f} s)" for order in view.orders)
    lines = [
        f"Orders: {orders}.",
        f"Stations: {', '.join(stations)}.",
        f"On counters: {', '.join(things) or 'nothing'}.",
        f"You are at {_at(view, here.position)} with {item_words(here.held)} in hand.",
    ]
    for other in range(layout.cooks):
        if other != cook:
            doing = partners[other].doing if partners and other in partners else None
            busy = f", busy with {short_name(doing)}" if doing else ""
            lines.append(f"Your partner is at {_at(view, view.position(other))}{busy}.")
    return "\n".join(lines)


def _at(view: HlaView, cell: int) -> str:
    x, y = view.layout.xy(cell)
    return f"({x},{y})"


def _places(view: HlaView, cells: Sequence[int]) -> str:
    """Coordinates, each with what is there."""
    return " ".join(
        _at(view, cell) + (f" with {item_words(view.item(cell))}" if view.item(cell).code else "") for cell in cells
    )


def _target(view: HlaView, cook: int, action: int) -> int:
    return view.position(cook) if action == STAY else view.layout.neighbours(view.position(cook))[action - 1]


def _possible(view: HlaView, cook: int, action: int) -> bool:
    others = {view.position(other) for other in range(view.layout.cooks) if other != cook}
    return _target(view, cook, action) not in others


def _choices(view: HlaView, cook: int) -> str:
    """What each possible action would do."""
    words = []
    for action, name in ACTIONS.items():
        cell = _target(view, cook, action)
        tile = Tile(int(view.layout.tiles[cell]))
        if action == STAY or not _possible(view, cook, action):
            continue
        if tile == Tile.FLOOR:
            words.append(f"{name}: walk to {_at(view, cell)}")
        else:
            item = view.item(cell)
            there = f" with {item_words(item)}" if item.code else ""
            words.append(f"{name}: use the {STATION_NAMES.get(tile, 'counter')}{there}")
    return "; ".join(words) + "; stay: do nothing."
