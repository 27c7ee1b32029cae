"""Which kinds of macro action a partner does, learned from what it is seen to do and to leave undone.

Whenever a partner is about to choose, the script says what would be worth doing in its place. When the partner then
completes something of less worth, or nothing for a while, the kinds before it were passed up: in full what the script
would have chosen, by half what it might have left to somebody nearer. What it completes (`deeds`) it evidently does. A
kind that was passed up often enough and never done is refused. Sees what any cook sees; knows no mind and no plan.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from brigade.agents.hierarchy.deeds import deed
from brigade.agents.hierarchy.executor import Macro, Surroundings, Verb, can_begin, legal_macros
from brigade.agents.hierarchy.script import ScriptPlanner
from brigade.envs.kitchen import HlaView, Tile
from brigade.envs.kitchen.hla.kernel import DOWN, LEFT, RIGHT, UP
from brigade.envs.kitchen.view import Stage

PASSED = 2.0
"""How often a kind is passed up, never having been done, before it counts as refused."""
PASSED_AGAIN = 1.0
"""The same for a partner that refuses another kind already."""
PASSED_BY_NOBODY = 0.5
"""The same for a partner that has not done anything yet."""
PATIENCE_SECONDS = 8.0
"""Without any deed for so long, and no food under its knife, what it could have done is passed up."""
COMMON = (Verb.CHOP, Verb.PREPARE, Verb.COOK, Verb.PLATE, Verb.SERVE)
"""The kinds that are judged; fires and charred food are too rare."""


@dataclass
class Repertoire:
    """What one partner does; call `watch` on each of the own turns."""

    who: int
    did: Counter[Verb] = field(default_factory=Counter)
    passed: dict[Verb, float] = field(default_factory=lambda: dict.fromkeys(COMMON, 0.0))
    _before: HlaView | None = None
    _offered: tuple[Macro, ...] = ()
    """What was worth doing in its place when it last chose: the script's choice first, then the rest, best first."""
    _since: float = 0.0
    """When that was, in seconds."""

    @property
    def refuses(self) -> frozenset[Verb]:
        """The kinds of macro action that it will not do, as far as can be seen."""
        never = [verb for verb in COMMON if not self.did[verb]]
        if not any(self.passed[verb] >= PASSED for verb in never):
            return frozenset()
        enough = PASSED_AGAIN if self.did else PASSED_BY_NOBODY
        return frozenset(verb for verb in never if self.passed[verb] >= enough)

    def watch(self, view: HlaView, script: ScriptPlanner) -> None:
        """See a turn go by.

        Args:
            view: the moment.
            script: in the partner's place.
        """
        before, self._before = self._before, view
        if before is None:
            self._offer(view, script)
            return
        done = seen_deed(before, view, self.who)
        if done is not None:
            self.did[done.verb] += 1
            self._pass_up(view, done)
            self._offer(view, script)
        elif view.seconds - self._since >= PATIENCE_SECONDS and not _at_board(view, self.who):
            self._pass_up(view, None)
            self._offer(view, script)

    def _offer(self, view: HlaView, script: ScriptPlanner) -> None:
        here = Surroundings(view, self.who)
        legal = set(legal_macros(here))
        first = script.choose(view)
        rest = (task.macro for task in script.tasks(here) if task.macro in legal)
        self._offered = tuple(dict.fromkeys((*([first] if first else []), *rest)))
        self._since = view.seconds

    def _pass_up(self, view: HlaView, done: Macro | None) -> None:
        """It left undone what was worth more, unless somebody else did that or it became impossible."""
        here, verbs = Surroundings(view, self.who), set[Verb]()
        for number, macro in enumerate(self._offered):
            if done is not None and macro.verb is done.verb:
                return
            if macro.verb in self.passed and macro.verb not in verbs and can_begin(macro, here).ok:
                verbs.add(macro.verb)
                self.passed[macro.verb] += 1.0 if number == 0 else 0.5


def seen_deed(before: HlaView, after: HlaView, cook: int) -> Macro | None:
    """What a cook completed between two of its turns, told without knowing its action."""
    if before.position(cook) != after.position(cook):
        return None
    around = before.layout.neighbours(before.position(cook))
    if before.held(cook) == after.held(cook) and all(before.item(cell) == after.item(cell) for cell in around):
        return None
    return next((done for action in (UP, DOWN, RIGHT, LEFT) if (done := deed(before, after, cook, action))), None)


def _at_board(view: HlaView, cook: int) -> bool:
    """Whether it stands with empty hands beside food that is being chopped."""
    around = view.layout.neighbours(view.position(cook))
    at = (cell for cell in around if view.layout.tiles[cell] == Tile.BOARD)
    return not view.held(cook).code and any(view.item(cell).stage is Stage.CHOPPING for cell in at)
