"""Who cooks in a session: each one turns views into an atomic action per tick, at its own pace.

A cook that thinks hands its work to the clock and looks at each tick whether a thought has landed; it never waits.
What it decides, says and finishes goes into the record. Knows no rule book.
"""

from __future__ import annotations

import importlib
import random
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import cast

from brigade.agents.hierarchy.executor import (
    Executor,
    Macro,
    MacroReport,
    Outcome,
    Surroundings,
    legal_macros,
)
from brigade.agents.hierarchy.policy import Policy, Revising
from brigade.agents.hierarchy.script import ScriptPlanner
from brigade.agents.hierarchy.specialists import SPECIALTIES, Blocker, Specialist
from brigade.agents.sessions.clock import Clock
from brigade.agents.sessions.commander import Commands
from brigade.agents.sessions.keeping import NOTHING, Keeping
from brigade.agents.sessions.record import RecordWriter
from brigade.envs.kitchen import HlaView
from brigade.envs.kitchen.hla.kernel import STAY

AVOID_SECONDS = 3.0
"""How long a macro action that failed is not tried again."""
WAIT_SECONDS = 0.3
"""How long a cook with nothing to do waits before it looks again."""


@dataclass
class Table:
    """What the cooks of one session share: the clock, the record, and what is said."""

    clock: Clock
    record: RecordWriter
    seed: int
    pace: float
    """Turns a second."""
    keeping: Keeping = NOTHING
    game: str = "a game"
    """Its name, for what outlives it."""
    spoken: list[tuple[int, str]] = field(default_factory=list)
    """Who said what since the last tick."""
    latencies: list[float] = field(default_factory=list)
    """Seconds from asking for each macro action to having it, of cooks that think."""
    decisions: int = 0
    """Macro actions decided on, by all cooks."""
    turns: dict[int, list[float]] = field(default_factory=dict)
    """Seconds that each cook took to come by each atomic action."""

    def say(self, tick: int, cook: int, text: str) -> None:
        """Say something to the others; they hear it at the next tick."""
        text = text.encode("utf-8", "replace").decode("utf-8")  # half of a pair of surrogates cannot be written
        self.spoken.append((cook, text))
        self.record.write("message", tick=tick, cook=cook, text=text)

    def took(self, cook: int, seconds: float) -> None:
        """Note how long a cook took to come by an atomic action."""
        self.turns.setdefault(cook, []).append(seconds)

    def is_turn(self, tick: int) -> bool:
        """Whether cooks act at this tick: as many ticks a second as the pace says, evenly spread."""
        turns = self.pace * self.clock.tick_seconds
        return int((tick + 1) * turns + 1e-9) > int(tick * turns + 1e-9)

    def ticks(self, seconds: float) -> int:
        """How many ticks make this time, at least one."""
        return max(1, round(seconds / self.clock.tick_seconds))


class Cook(ABC):
    """Somebody who cooks."""

    def __init__(self, index: int, table: Table) -> None:
        self.index = index
        self.table = table

    @property
    def doing(self) -> Macro | None:
        """The macro action under way, of cooks that have such."""
        return None

    def hear(self, text: str) -> None:  # noqa: B027  most cooks do not listen
        """Somebody said something."""

    @abstractmethod
    async def act(self, view: HlaView) -> int:
        """The atomic action at this tick."""

    def stop(self, view: HlaView, reason: str) -> None:  # noqa: B027  most cooks are about nothing
        """Stop what is under way."""

    def close(self) -> None:  # noqa: B027  most cooks have nothing to close
        """The session is over."""


class IdleCook(Cook):
    """Stands still."""

    async def act(self, view: HlaView) -> int:
        """Stay."""
        return STAY


class BlockerCook(Cook):
    """Stands in the way."""

    def __init__(self, index: int, table: Table) -> None:
        super().__init__(index, table)
        self._blocker = Blocker(index, random.Random(f"{table.seed} {index}"))

    async def act(self, view: HlaView) -> int:
        """Wander or stand."""
        return self._blocker.turn(view) if self.table.is_turn(view.tick) else STAY


@dataclass
class RandomPolicy:
    """Any legal macro action, each as likely as the other."""

    cook: int
    generator: random.Random

    def watch(self, view: HlaView) -> None:
        """Nothing to see."""

    def choose(self, view: HlaView, avoid: Iterable[Macro] = ()) -> Macro | None:
        """One of the legal macro actions."""
        legal = sorted(set(legal_macros(Surroundings(view, self.cook))) - set(avoid))
        return self.generator.choice(legal) if legal else None


class MacroCook(Cook):
    """A cook with an executor: starts macro actions, notes how they end, and leaves failed ones alone for a while."""

    def __init__(self, index: int, table: Table) -> None:
        super().__init__(index, table)
        self.executor = Executor(index, seed=table.seed)
        self._avoid: dict[Macro, int] = {}
        self._wait_until = 0

    @property
    def doing(self) -> Macro | None:
        """The macro action under way."""
        return self.executor.macro

    async def act(self, view: HlaView) -> int:
        """Look whether the macro action under way has ended, decide on another if so, and act if it is the turn."""
        self._note(self.executor.observe(view))
        if self.executor.macro is None and view.tick >= self._wait_until:
            await self.decide(view)
        if not self.table.is_turn(view.tick):
            return STAY
        self.watch(view)
        start = time.perf_counter()
        action = self.executor.act(view)
        if self.executor.macro is not None:
            self.table.took(self.index, time.perf_counter() - start)
        return action

    @abstractmethod
    async def decide(self, view: HlaView) -> None:
        """Start a macro action, now or when a thought has landed."""

    def watch(self, view: HlaView) -> None:
        """See a turn go by."""

    def ended(self, report: MacroReport) -> None:
        """A macro action ended."""

    def stop(self, view: HlaView, reason: str) -> None:
        """Stop the macro action under way."""
        self._note(self.executor.interrupt(view, reason))

    def start(self, macro: Macro | None, view: HlaView) -> None:
        """Start a macro action, or wait a little."""
        if macro is None:
            self._wait_until = view.tick + self.table.ticks(WAIT_SECONDS)
            return
        self.table.decisions += 1
        self._note(self.executor.start(macro, view))
        self._note(self.executor.observe(view))

    def avoided(self, tick: int) -> list[Macro]:
        """Macro actions that failed a short while ago."""
        return [macro for macro, until in self._avoid.items() if until > tick]

    def _note(self, report: MacroReport | None) -> None:
        if report is None:
            return
        if report.outcome is Outcome.FAILED:
            self._avoid[report.macro] = report.ended + self.table.ticks(AVOID_SECONDS)
        self.table.record.write(
            "macro",
            tick=report.ended,
            cook=self.index,
            macro=report.macro.name,
            outcome=str(report.outcome),
            reason=report.reason,
            begun=report.begun,
        )
        self.ended(report)


class PolicyCook(MacroCook):
    """Follows a policy; decisions take no time."""

    def __init__(self, index: int, table: Table, policy: Policy) -> None:
        super().__init__(index, table)
        self._policy = policy

    async def act(self, view: HlaView) -> int:
        """Think better of what is under way if the policy does, then carry on."""
        self._note(self.executor.observe(view))
        if isinstance(self._policy, Revising) and self.executor.macro is not None and self.table.is_turn(view.tick):
            macro = self._policy.revise(view, self.executor, self.avoided(view.tick))
            if macro is not None:
                self._note(self.executor.interrupt(view, "the plan has gone stale"))
                self._decided(macro, view)
        return await super().act(view)

    async def decide(self, view: HlaView) -> None:
        """Start what the policy chooses."""
        self._decided(self._policy.choose(view, self.avoided(view.tick)), view)

    def _decided(self, macro: Macro | None, view: HlaView) -> None:
        if macro is not None:
            self.table.record.write(
                "decision", tick=view.tick, cook=self.index, mind="policy", macro=macro.name, lands=view.tick
            )
        self.start(macro, view)

    def watch(self, view: HlaView) -> None:
        """Let the policy see the turn."""
        self._policy.watch(view)


class CommanderCook(PolicyCook):
    """Follows the script with pauses, and says what its commands tell it to say, when they tell it to."""

    def __init__(self, index: int, table: Table, policy: Policy, commands: Commands) -> None:
        super().__init__(index, table, policy)
        self._commands = commands
        self._due = deque(sorted(commands.messages, key=lambda message: message.at))

    async def act(self, view: HlaView) -> int:
        """Say what is due, then cook."""
        while self._due and self._due[0].at <= view.seconds:
            self.table.say(view.tick, self.index, self._due.popleft().say)
        return await super().act(view) if self._commands.cooks else STAY

    def ended(self, report: MacroReport) -> None:
        """Rest after each macro action."""
        self._wait_until = report.ended + self.table.ticks(self._commands.rest)


PolicyMaker = Callable[[int, float, int], Policy]
"""Makes a policy for a cook, given its number, its turns a second and the session's seed."""


def policy_maker(name: str) -> PolicyMaker:
    """The maker of a policy of one's own, named `MODULE:NAME`.

    Raises:
        ValueError: there is none of this name.
    """
    module, _, attribute = name.partition(":")
    try:
        maker = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise ValueError(f"no policy can be made by {name!r} (MODULE:NAME of a function): {error}") from None
    if not callable(maker):
        raise ValueError(f"no policy can be made by {name!r}: it is not a function")
    return cast(PolicyMaker, maker)


def script_cook(index: int, table: Table) -> PolicyCook:
    """A cook that follows the script planner."""
    return PolicyCook(index, table, ScriptPlanner(index, table.pace))


def random_cook(index: int, table: Table) -> PolicyCook:
    """A cook that picks legal macro actions at random, the same ones for the same seed."""
    return PolicyCook(index, table, RandomPolicy(index, random.Random(f"{table.seed} {index}")))


def specialist_cook(kind: str, index: int, table: Table) -> PolicyCook:
    """A cook that follows the script in what it is good at only; see SPECIALTIES."""
    return PolicyCook(index, table, Specialist(ScriptPlanner(index, table.pace), SPECIALTIES[kind]))
