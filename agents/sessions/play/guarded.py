"""An agent that never lets its partner down: when a mind fails or hangs, the script planner and the lexicon stand in.

The hands go on at once by the script planner, words are understood by the lexicon and answered with plain facts, and
whoever listens is told so. A mind that answers again gets its work back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from brigade.agents.graph import Event, Minds, TeamContext, TeamState
from brigade.agents.hierarchy.script import ScriptPlanner
from brigade.agents.hierarchy.slow_mind import SlowMind, tidy
from brigade.agents.hierarchy.slow_mind.facts import compose_facts
from brigade.agents.sessions.clock import Thought
from brigade.agents.sessions.cooks import Table
from brigade.agents.sessions.hla import HlaCook
from brigade.envs.kitchen import HlaView

Tell = Callable[[str, str], None]
"""Told what to show to people, and the details, which are for the record alone: they may name files and hosts."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds."""

    fast: float = 3.0
    """Without a decision after which the script planner stands in; a call takes 0.1 s on an embedded model."""
    slow: float = 10.0
    """Without an understanding or a reply after which the lexicon stands in."""
    rest: float = 20.0
    """For which a mind that failed is not asked again."""


class GuardedCook(HlaCook):
    """Slow Mind, Fast Mind and Executor, with stand-ins.

    A call that hangs is left alone until it returns, so that at most one thread per mind is ever stuck.
    """

    def __init__(self, index: int, table: Table, minds: Minds, tell: Tell, patience: Patience | None = None) -> None:
        super().__init__(index, table, minds)
        self.patience = patience or Patience()
        self._tell = tell
        self._script = ScriptPlanner(index, table.pace)
        self._by_lexicon = TeamContext(minds=Minds(SlowMind(None), minds.fast))
        self.on_script = False
        """Whether the script planner stands in for the Fast Mind."""
        self._fast_rests_until = 0
        self._slow_rests_until = 0

    def context(self, event: Event, tick: int) -> TeamContext:
        """The minds, or the lexicon while the Slow Mind rests."""
        if event != "decide" and tick < self._slow_rests_until:
            return self._by_lexicon
        return super().context(event, tick)

    async def act(self, view: HlaView) -> int:
        """See that no word waits for ever, then act."""
        if self._slow is not None and (why := self._trouble(self._slow, self.patience.slow, view)):
            self._give_up_slow(why, self._slow, view)
            # What was to be recalled of earlier games is let go; there is no message in it to read again.
            self._slow = await self._think("message", view) if self._message else None
        if self._answers and (why := self._trouble(self._answers[0].thought, self.patience.slow, view)):
            failed = self._answers.popleft()
            self._give_up_slow(why, failed.thought, view)
            facts = compose_facts(tidy(failed.message), failed.intent, self.situation(view), failed.verdicts)
            self.table.say(view.tick, self.index, facts.plain)
        return await super().act(view)

    async def decide(self, view: HlaView) -> None:
        """Ask the Fast Mind; while it fails or hangs, follow the script."""
        if self._fast is not None:
            why = self._trouble(self._fast, self.patience.fast, view)
            landed = self._fast.ready(view.tick)
            if why and landed:
                self._fast = None
                self._fast_rests_until = view.tick + self.table.ticks(self.patience.rest)
            if why and not self.on_script:
                self.on_script = True
                self._tell(
                    f"The model of cook {self.index + 1} {_plainly(landed)}; the script planner takes over.", why
                )
            elif landed and not why and self.on_script:
                self._fast, self.on_script = None, False  # what it chose is too old to follow
                self._tell(f"The model of cook {self.index + 1} is back.", "")
        if self.on_script and (self._fast is not None or view.tick < self._fast_rests_until):
            self._follow_script(view)
        else:
            await super().decide(view)

    def watch(self, view: HlaView) -> None:
        """Let the script planner see the turn too."""
        super().watch(view)
        self._script.watch(view)

    def _follow_script(self, view: HlaView) -> None:
        macro = self._script.choose(view, self.avoided(view.tick), self.ledger.agenda)
        if macro is not None:
            self.table.record.write(
                "decision", tick=view.tick, cook=self.index, mind="script", macro=macro.name, lands=view.tick
            )
        self.start(macro, view)

    def _give_up_slow(self, why: str, thought: Thought[TeamState], view: HlaView) -> None:
        told = view.tick < self._slow_rests_until
        self._slow_rests_until = view.tick + self.table.ticks(self.patience.rest)
        landed = thought.ready(view.tick)
        thought.drop()
        if not told:
            words = f"The model that reads for cook {self.index + 1} {_plainly(landed)}; plain rules read instead."
            self._tell(words, why)

    def _trouble(self, thought: Thought[TeamState], patience: float, view: HlaView) -> str:
        """What is wrong with a thought; empty if nothing."""
        if thought.ready(view.tick):
            error = thought.error
            return f"{type(error).__name__}: {error}" if error is not None else ""
        late = (view.tick - thought.asked) * self.table.clock.tick_seconds
        return f"no answer for {late:.1f} s" if late > patience else ""


def _plainly(landed: bool) -> str:
    return "failed" if landed else "does not answer"
