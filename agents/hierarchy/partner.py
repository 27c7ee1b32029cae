"""What the other cooks seem to be doing, guessed from what can be seen of them.

For each partner a shadow executor carries out the macro action that the partner is believed to be at, turn by turn on
the real kitchen. When the partner does something else, the belief becomes the first macro action, in the order in
which the script would have chosen, that explains what was seen; when its macro action ends, the one that the script
would choose next. A partner that does nothing for a while is taken for idle. It sees no more than any cook does:
nobody's mind, no record.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from brigade.agents.hierarchy.executor import Executor, Macro, Outcome, Surroundings, Verb, legal_macros, macro_of
from brigade.agents.hierarchy.repertoire import COMMON, Repertoire
from brigade.agents.hierarchy.script import ScriptPlanner
from brigade.envs.kitchen import HlaView
from brigade.envs.kitchen.hla.kernel import STAY

PATIENCE = 3
"""Turns without any effect, as when the way is blocked, before a belief is given up."""


@dataclass(frozen=True, slots=True)
class Belief:
    """What one partner seems to be like."""

    doing: Macro | None
    """What it seems to be at; None if nothing can be made out."""
    idle: bool
    """Whether it has not moved or worked for a while."""
    done: Mapping[Verb, int]
    """How often it seems to have finished macro actions of each kind: who never serves will not serve."""
    refuses: frozenset[Verb] = frozenset()
    """Kinds of macro action that it has left undone so often that it will not do them."""
    proven: frozenset[Verb] = frozenset()
    """Kinds of macro action that it was seen to complete."""

    def to_dict(self) -> dict[str, Any]:
        """Plain data, for graph states."""
        doing = None if self.doing is None else self.doing.name
        done = {str(verb): count for verb, count in self.done.items()}
        return {
            "doing": doing,
            "idle": self.idle,
            "done": done,
        } | {name: sorted(map(str, verbs)) for name, verbs in (("refuses", self.refuses), ("proven", self.proven))}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Belief:
        """The belief that `to_dict` described."""
        doing = None if data["doing"] is None else macro_of(data["doing"])
        done = {Verb(verb): count for verb, count in data["done"].items()}
        refuses, proven = (frozenset(map(Verb, data.get(name, ()))) for name in ("refuses", "proven"))
        return cls(doing, data["idle"], done, refuses, proven)


def expected(belief: Belief, *, trusting: bool) -> frozenset[Verb]:
    """The kinds of macro action that a partner is expected to do.

    One that was seen to do several kinds does them all; one that refuses some does those that it was seen to do. As
    long as little is known, half of all futures trust a partner with everything, the others with chopping.
    """
    if belief.refuses:
        return belief.proven
    if len(belief.proven) > 1 or trusting:
        return frozenset(COMMON)
    return belief.proven | {Verb.CHOP}


@dataclass
class Partners:
    """Beliefs about every other cook; call `watch` on each of the own turns."""

    cook: int
    pace: float = 2.5
    _shadows: dict[int, _Shadow] = field(default_factory=dict)

    def watch(self, view: HlaView) -> None:
        """See a turn go by."""
        for other in range(view.layout.cooks):
            if other != self.cook:
                self._shadow(other).watch(view)

    def doing(self, other: int, view: HlaView) -> Executor | None:
        """A copy of the executor that does what this cook is believed to be doing; None if that is nothing."""
        return self._shadow(other).doing(view)

    def beliefs(self, view: HlaView) -> dict[int, Belief]:
        """What is believed of every partner."""
        return {other: self._shadow(other).belief(view) for other in range(view.layout.cooks) if other != self.cook}

    def macros(self, view: HlaView) -> dict[int, Macro]:
        """What each partner that is at work is believed to be at."""
        return {other: it.doing for other, it in self.beliefs(view).items() if it.doing is not None}

    def still(self, view: HlaView) -> frozenset[int]:
        """Partners that have not moved or worked for a while."""
        others = (other for other in range(view.layout.cooks) if other != self.cook)
        return frozenset(other for other in others if self._shadow(other).is_still(view))

    def _shadow(self, other: int) -> _Shadow:
        return self._shadows.setdefault(other, _Shadow(other, self.cook, self.pace))


@dataclass
class _Shadow:
    """The belief about one cook."""

    who: int
    watcher: int
    pace: float
    executor: Executor = field(init=False)
    script: ScriptPlanner = field(init=False)
    eyes: ScriptPlanner = field(init=False)
    _before: HlaView | None = None
    _expected: tuple[int, int] | None = None
    _idle_turns: int = 0
    done: Counter[Verb] = field(default_factory=Counter)
    repertoire: Repertoire = field(init=False)

    def __post_init__(self) -> None:
        self.executor = Executor(self.who)
        self.script = ScriptPlanner(self.who, self.pace)
        self.eyes = ScriptPlanner(self.watcher, self.pace)
        self.repertoire = Repertoire(self.who)

    def watch(self, view: HlaView) -> None:
        self.script.watch(view)
        self.eyes.watch(view)
        self.repertoire.watch(view, self.script)
        self._compare(view)
        self._keep_going(view)
        action = self.executor.act(view) if self.executor.macro is not None else STAY
        self._before, self._expected = view, self._after(view, action)

    def doing(self, view: HlaView) -> Executor | None:
        if self.is_still(view):
            return None
        self._keep_going(view)
        return copy.copy(self.executor) if self.executor.macro is not None else None

    def belief(self, view: HlaView) -> Belief:
        executor = self.doing(view)
        doing, seen = None if executor is None else executor.macro, self.repertoire
        return Belief(doing, self.is_still(view), dict(self.done), seen.refuses, frozenset(seen.did))

    def is_still(self, view: HlaView) -> bool:
        return self.who in self.eyes.still(view)

    def _compare(self, view: HlaView) -> None:
        """Give the belief up if the last turn contradicts it, or if it has explained nothing for too long."""
        if self._before is None:
            return
        before, now = _seen(self._before, self.who), _seen(view, self.who)
        if now == self._expected:
            self._idle_turns = 0
        elif now == before:
            self._idle_turns += 1
            if self._idle_turns > PATIENCE:
                self.executor.interrupt(view, "nothing came of it")
                self._idle_turns = 0
        else:
            self._explain(self._before, now, view)

    def _explain(self, before: HlaView, now: tuple[int, int], view: HlaView) -> None:
        """Believe in the first macro action whose first step leads from what was before to what is now."""
        self.executor.interrupt(view, "it does something else")
        scores = self.script.scores(before)
        legal = legal_macros(Surroundings(before, self.who))
        for macro in sorted(legal, key=lambda macro: -scores.get(macro, 0.0)):
            trial = Executor(self.who)
            trial.start(macro, before)
            trial.observe(before)
            if trial.macro is not None and self._after(before, trial.act(before)) == now:
                self.executor = trial
                return

    def _keep_going(self, view: HlaView) -> None:
        """Let the shadow see the kitchen as it is; if its macro action has ended, it goes on as the script would."""
        ended = self.executor.observe(view)
        if ended is not None and ended.outcome is Outcome.DONE:
            self.done[ended.macro.verb] += 1
        if self.executor.macro is None and (macro := self.script.choose(view)) is not None:
            self.executor.start(macro, view)
            self.executor.observe(view)

    def _after(self, view: HlaView, action: int) -> tuple[int, int]:
        """Where it would stand with what in hand after this action, if everybody else stood still."""
        state = view.copy_state()
        actions = [STAY] * view.layout.cooks
        actions[self.who] = action
        view.rules.step(state, actions)
        return _seen(view.rules.view(state), self.who)


def _seen(view: HlaView, cook: int) -> tuple[int, int]:
    return view.position(cook), view.held(cook).code
