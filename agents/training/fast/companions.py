"""Partners to learn beside: scripts, slow ones, wavering ones, specialists, those who idle or stand in the way.

Each kind is fixed by a seed, and can be imagined to go on from any moment as it would. Knows no teacher.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Iterable
from dataclasses import dataclass, replace

from brigade.agents.hierarchy.executor import Executor, Macro, Surroundings, Verb, legal_macros
from brigade.agents.hierarchy.imagination import Actor, Player
from brigade.agents.hierarchy.policy import Policy
from brigade.agents.hierarchy.script import ScriptPlanner
from brigade.agents.hierarchy.specialists import Blocker, Specialist
from brigade.envs.kitchen import HlaView

KINDS = (
    *("script", "script", "script", "slow", "commander", "wavering", "random", "idle"),
    *("specialist", "specialist", "specialist", "blocks"),
)
"""Kinds of partner, each as often as it is named."""
RESTS = {"slow": 2.0, "commander": 4.0}
"""Seconds that these partners rest after each macro action."""
WAVERING = {"wavering": 0.3, "random": 1.0}
"""How often these do something else than the script."""
SPECIALTIES = (Verb.CHOP, Verb.PREPARE, Verb.COOK, Verb.PLATE, Verb.SERVE)


@dataclass
class Wavering:
    """A policy that does any legal macro action now and then."""

    policy: Policy
    cook: int
    generator: random.Random
    share: float
    """How often it wavers."""

    def watch(self, view: HlaView) -> None:
        """See a turn go by."""
        self.policy.watch(view)

    def choose(self, view: HlaView, avoid: Iterable[Macro] = ()) -> Macro | None:
        """What the policy chooses, or any legal macro action."""
        if self.generator.random() >= self.share:
            return self.policy.choose(view, avoid)
        legal = [macro for macro in legal_macros(Surroundings(view, self.cook)) if macro not in set(avoid)]
        return self.generator.choice(legal) if legal else None


def companion(kind: str, cook: int, pace: float, seed: int) -> Player | Blocker:
    """A partner of this kind in its place."""
    if kind == "blocks":
        return Blocker(cook, random.Random(f"partner {seed}"))
    policy = _policy(kind, ScriptPlanner(cook, pace), cook, seed, random.Random(f"partner {seed}"))
    return Player(Executor(cook, seed=seed), policy, rest=RESTS.get(kind, 0.0))


def imagined(kind: str, true: Player | Blocker, pace: float, seed: int, chance: int) -> Actor:
    """A copy of a partner that goes on from where it is; what it leaves to chance comes out as `chance` says."""
    generator = random.Random(f"imagined {seed} {chance}")
    if isinstance(true, Blocker):
        return replace(true, generator=generator)
    planner = ScriptPlanner(true.executor.cook, pace)
    planner.assume(())
    policy = _policy(kind, planner, true.executor.cook, seed, generator)
    return true.copied(copy.copy(true.executor), policy)


def _policy(kind: str, planner: ScriptPlanner, cook: int, seed: int, generator: random.Random) -> Policy | None:
    if kind == "idle":
        return None
    if kind == "specialist":
        drawn = random.Random(f"specialist {seed}")
        return Specialist(planner, frozenset(drawn.sample(SPECIALTIES, drawn.choice((1, 1, 2, 2, 3, 4)))))
    return Wavering(planner, cook, generator, WAVERING[kind]) if kind in WAVERING else planner
