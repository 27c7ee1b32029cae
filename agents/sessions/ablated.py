"""Cooks with a part of HLA missing: `smoa`, `fmoa` and `nea`; on the same clock, so that their thinking takes its time.

What the parts are stands in `hierarchy/ablations`. Knows no prompt.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

from brigade.agents.graph import Minds
from brigade.agents.hierarchy.ablations import Move, MoveMind, Said, Situation
from brigade.agents.hierarchy.ablations.lone import MAX_JUDGED, MAX_OPEN, LoneMind
from brigade.agents.hierarchy.deeds import deed
from brigade.agents.hierarchy.executor import MacroReport, Outcome, Surroundings, can_begin, legal_macros
from brigade.agents.hierarchy.fast_mind import Decision
from brigade.agents.hierarchy.partner import Partners
from brigade.agents.sessions.clock import Kind, Thought
from brigade.agents.sessions.cooks import MacroCook, Table
from brigade.agents.sessions.hla import HlaCook
from brigade.envs.kitchen import HlaView
from brigade.envs.kitchen.hla.kernel import STAY


@dataclass(frozen=True, slots=True)
class _Judged:
    """What a lone mind makes of a moment."""

    decision: Decision | None
    said: tuple[Said, ...]
    """The messages that are still open after it has judged them."""


class LoneCook(MacroCook):
    """One mind does everything: it decides again when a macro action ends or somebody says something, then talks.

    Args:
        index: which cook.
        table: what the cooks share.
        mind: the mind.
        kind: as whose its thoughts count on the clock.
    """

    def __init__(self, index: int, table: Table, mind: LoneMind, kind: Kind) -> None:
        super().__init__(index, table)
        self._mind, self._kind = mind, kind
        self._partners = Partners(index, table.pace)
        self._said: tuple[Said, ...] = ()
        self._unread: deque[str] = deque()
        """Heard, and not yet taken into a decision."""
        self._unanswered: deque[str] = deque()
        self._thought: Thought[_Judged] | None = None
        self._reply: Thought[str] | None = None

    def hear(self, text: str) -> None:
        """Keep the message, word for word."""
        self._unread.append(text)
        self._unanswered.append(text)

    def watch(self, view: HlaView) -> None:
        """See what the partners are at."""
        self._partners.watch(view)

    async def act(self, view: HlaView) -> int:
        """Say what has been thought of, think again about what was heard, and carry on."""
        await self._talk(view)
        if self._unread:
            self._said = (*self._said, *map(Said, self._unread))[-MAX_OPEN:]
            self._unread.clear()
            if self._thought is not None:
                self._thought.drop()
            self._thought = await self._think(view)
        if self._thought is not None and self.executor.macro is not None and self._thought.ready(view.tick):
            self._redirect(self._thought, view)
        return await super().act(view)

    async def decide(self, view: HlaView) -> None:
        """Ask the mind, or start what it has chosen."""
        if self._thought is None:
            self._thought = await self._think(view)
        if self._thought.ready(view.tick):
            thought, self._thought = self._thought, None
            self._begin(thought, view)

    def ended(self, report: MacroReport) -> None:
        """Remember what was done since each open message."""
        if report.outcome is Outcome.DONE:
            self._said = tuple(each.after(report.macro) for each in self._said)

    def close(self) -> None:
        """Drop what is still being thought."""
        for thought in (self._thought, self._reply):
            if thought is not None:
                thought.drop()

    def _redirect(self, thought: Thought[_Judged], view: HlaView) -> None:
        """Change over to what was decided on because of a message; the same macro action goes on."""
        self._thought, decision = None, thought.value.decision
        if decision is not None and decision.macro != self.executor.macro:
            self.stop(view, "somebody said something")
            self._begin(thought, view)
        else:
            self._keep(thought.value)

    def _begin(self, thought: Thought[_Judged], view: HlaView) -> None:
        self._keep(thought.value)
        decision = thought.value.decision
        if decision is None:
            self.start(None, view)
            return
        self.table.latencies.append(thought.seconds)
        self.table.record.write(
            "decision",
            tick=thought.asked,
            cook=self.index,
            mind=self._kind,
            saw=decision.saw,
            macro=decision.macro.name,
            probabilities={macro.name: round(p, 6) for macro, p in decision.probabilities.items()},
            latency_ms=round(thought.seconds * 1000, 3),
            lands=view.tick,
        )
        if can_begin(decision.macro, Surroundings(view, self.index)).ok:
            self.start(decision.macro, view)

    def _keep(self, judged: _Judged) -> None:
        """Close the messages that the mind believes satisfied; note how often the others were judged."""
        judgements = {each.text: each.judged for each in judged.said}
        self._said = tuple(
            replace(each, judged=judgements[each.text])
            for each in self._said
            if judgements.get(each.text, MAX_JUDGED) < MAX_JUDGED
        )

    async def _talk(self, view: HlaView) -> None:
        if self._reply is not None and self._reply.ready(view.tick):
            text, self._reply = self._reply.value, None
            if text:
                self.table.say(view.tick, self.index, text)
        if self._reply is None and self._unanswered and not self._unread and self._thought is None:
            text, situation = self._unanswered.popleft(), self._situation(view)

            async def work() -> str:
                return await self._mind.reply(text, situation)

            self._reply = await self.table.clock.think(self._kind, view.tick, work)

    async def _think(self, view: HlaView) -> Thought[_Judged]:
        situation = self._situation(view)

        async def work() -> _Judged:
            return await _judge_and_choose(self._mind, situation)

        return await self.table.clock.think(self._kind, view.tick, work)

    def _situation(self, view: HlaView) -> Situation:
        avoid = self.avoided(view.tick)
        legal = tuple(macro for macro in legal_macros(Surroundings(view, self.index)) if macro not in avoid)
        return Situation(view, self.index, legal, self._said, self._partners.beliefs(view))


async def _judge_and_choose(mind: LoneMind, situation: Situation) -> _Judged:
    """First whether what was said is done, where something was done since; then what to do."""
    still = []
    for each in situation.said:
        if not each.done:
            still.append(each)
        elif not await mind.satisfied(each):
            still.append(replace(each, judged=each.judged + 1))
    kept = tuple(still)
    return _Judged(await mind.choose(replace(situation, said=kept)), kept)


class StepCook(HlaCook):
    """Slow and Fast Mind without an Executor: the fast model chooses every atomic action.

    What it has been asked for is credited by what it completes in the kitchen, for there are no reports.
    """

    def __init__(self, index: int, table: Table, minds: Minds) -> None:
        super().__init__(index, table, minds)
        self._mind = MoveMind(minds.fast.model)
        self._move: Thought[Move] | None = None
        self._before: tuple[HlaView, int] | None = None
        """The moment before, and what was done at it."""

    async def act(self, view: HlaView) -> int:
        """Listen as HLA does, credit what was completed, and take the step that was thought of."""
        self._credit(view)
        await super().act(view)  # no macro action is ever under way: this listens, thinks and talks
        action = STAY
        if self.table.is_turn(view.tick) and self._move is not None and self._move.ready(view.tick):
            move, self._move = self._move, None
            action = move.value.action
            self.table.took(self.index, move.seconds)
            self._note_step(move, view)
        self._before = view, action
        return action

    async def decide(self, view: HlaView) -> None:
        """Think of the next step."""
        if self._move is not None:
            return
        agenda, message, partners = self.ledger.agenda, self._message, self._partners.beliefs(view)

        async def work() -> Move:
            return await self._mind.choose(view, self.index, agenda=agenda, message=message, partners=partners)

        self._move = await self.table.clock.think("fast", view.tick, work)

    def close(self) -> None:
        """Drop what is still being thought."""
        super().close()
        if self._move is not None:
            self._move.drop()

    def _note_step(self, move: Thought[Move], view: HlaView) -> None:
        self.table.record.write(
            "step",
            tick=move.asked,
            cook=self.index,
            mind="fast",
            saw=move.value.saw,
            action=move.value.action,
            probabilities={name: round(p, 6) for name, p in move.value.probabilities.items()},
            latency_ms=round(move.seconds * 1000, 3),
            lands=view.tick,
        )

    def _credit(self, view: HlaView) -> None:
        if self._before is None:
            return
        before, action = self._before
        macro = deed(before, view, self.index, action) if action != STAY else None
        if macro is not None:
            self.ledger.began(macro, before)
            self.ended(MacroReport(macro, Outcome.DONE, "done", before.tick, view.tick))
