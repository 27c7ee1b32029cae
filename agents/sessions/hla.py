"""The HLA agent as a cook: Slow Mind, Fast Mind and Executor on the session's clock.

It hands its thoughts to the clock and never waits for one. What it is asked for is kept in its ledger. Knows no rule
book and no model.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from brigade.agents.graph import Event, GameThread, Minds, Planner, TeamContext, TeamState, kitchen_team, snapshot
from brigade.agents.hierarchy.demands import Verdict
from brigade.agents.hierarchy.executor import (
    BLOCKED,
    Macro,
    MacroReport,
    Surroundings,
    can_begin,
    macro_of,
)
from brigade.agents.hierarchy.intent import Agenda, Demand, Intent
from brigade.agents.hierarchy.partner import Partners
from brigade.agents.hierarchy.planning.revising import Staleness, is_pointless
from brigade.agents.hierarchy.situation import Situation
from brigade.agents.hierarchy.slow_mind.facts import blocked_sentence, done_sentence, gave_up_sentence
from brigade.agents.sessions.clock import Thought
from brigade.agents.sessions.cooks import MacroCook, Table
from brigade.agents.sessions.ledger import Ledger
from brigade.envs.kitchen import HlaView

COMPLAINT_SECONDS = 15.0
"""A cook that cannot get through to do what it was asked to says so at most this often."""


@dataclass(frozen=True)
class Answering:
    """A message that is being answered."""

    message: str
    intent: Intent
    verdicts: tuple[Verdict, ...]
    thought: Thought[TeamState]


class HlaCook(MacroCook):
    """Slow Mind, Fast Mind and Executor: understands what it is told while it acts."""

    def __init__(self, index: int, table: Table, minds: Minds, planner: Planner = "schedule") -> None:
        super().__init__(index, table)
        keeping = table.keeping
        self._context = TeamContext(minds=minds, planner=planner, player=keeping.player)
        self._thread = None if keeping.threads is None else GameThread(keeping.threads, f"{table.game}/{index}")
        self._recalls = keeping.player is not None
        """Whether the wishes of earlier games are still to be recalled."""
        self._inbox: deque[str] = deque()
        self._message = ""
        """The message being understood: until then the Fast Mind decides by its words."""
        self.ledger = Ledger(index, table.pace, table.clock.tick_seconds)
        self._partners = Partners(index, table.pace)
        self._previous: dict[str, Any] | None = None
        self._fast: Thought[TeamState] | None = None
        self._slow: Thought[TeamState] | None = None
        self._answers: deque[Answering] = deque()
        """Messages being answered, in the order in which they were understood."""
        self._next_complaint = 0
        self._staleness = Staleness()

    @property
    def agenda(self) -> Agenda:
        """What it has still been asked for."""
        return self.ledger.agenda

    def recall(self, agenda: Agenda, previous: dict[str, Any] | None, unheard: Iterable[str]) -> None:
        """Go on with what was known when the session broke off."""
        self._recalls = False
        self.ledger.agenda, self._previous = agenda, previous
        self._inbox.extend(unheard)

    async def take_up_thread(self) -> None:
        """Go on with what the thread of a game that broke off says; what was not yet heard is in its record."""
        known = await self._thread.recollect() if self._thread is not None else None
        if known is not None:
            self.recall(known.agenda, known.previous, ())

    def watch(self, view: HlaView) -> None:
        """See what the partners are at."""
        self._partners.watch(view)

    def hear(self, text: str) -> None:
        """Keep the message for the Slow Mind."""
        self._inbox.append(text)

    async def act(self, view: HlaView) -> int:
        """Let landed thoughts take effect, begin new ones, and carry on with the macro action."""
        self._note(self.executor.observe(view))  # what is done is done, whatever is understood now
        while self._answers and self._answers[0].thought.ready(view.tick):
            self._reply(self._answers.popleft(), view)
        if self._slow is not None and self._slow.ready(view.tick):
            await self._understood(self._slow, view)
        if self._slow is None and self._recalls:
            self._recalls = False
            self._slow = await self._think("recall", view)
        elif self._slow is None and self._inbox:
            self._message = self._inbox.popleft()
            self._slow = await self._think("message", view)
            if self._slow.ready(view.tick):
                await self._understood(self._slow, view)
        self._take_up(view)
        return await super().act(view)

    def _take_up(self, view: HlaView) -> None:
        """Leave what nobody asked for once a demand that had to wait can be worked on; looks once a second.

        With schedules as plans, also leave what nothing wants any more once its plan has gone stale.
        """
        doing = self.executor.macro
        if doing is None or view.tick % self.table.ticks(1.0):
            return
        if self._context.planner == "schedule" and self._is_stale(view, doing):
            self._note(self.executor.interrupt(view, "nothing wants it any more"))
            return
        if self.ledger.calls_for_other_work(view, doing, self.avoided(view.tick)):
            self._note(self.executor.interrupt(view, "what the partner wants can be done now"))

    def _is_stale(self, view: HlaView, doing: Macro) -> bool:
        """Whether a plan has gone stale, and nothing wants what is under way."""
        stale = self._staleness.noticed(view, doing, self.agenda) and self.ledger.purpose is None
        return stale and is_pointless(view, self.index, doing, self.agenda)

    async def decide(self, view: HlaView) -> None:
        """Ask the Fast Mind, or start what it has chosen."""
        if self._fast is None:
            self._review(view)
            self._fast = await self._think("decide", view)
        if not self._fast.ready(view.tick):
            return
        thought, self._fast = self._fast, None
        chosen = thought.value
        name = chosen["macro"]
        if name is None:
            self.start(None, view)
            return
        self.table.latencies.append(thought.seconds)
        self.table.record.write(
            "decision",
            tick=thought.asked,
            cook=self.index,
            mind="fast",
            saw=chosen["saw"],
            macro=name,
            probabilities={macro: round(p, 6) for macro, p in chosen["probabilities"].items()},
            overruled=chosen["overruled"],
            latency_ms=round(thought.seconds * 1000, 3),
            lands=view.tick,
        )
        macro = macro_of(name)
        if can_begin(macro, Surroundings(view, self.index)).ok:
            self.start(macro, view)
        # else the partner was faster: decide again at the next tick

    def start(self, macro: Macro | None, view: HlaView) -> None:
        """Start a macro action for whoever wants it, or wait a little."""
        if macro is not None:
            self.ledger.began(macro, view)
        super().start(macro, view)

    def ended(self, report: MacroReport) -> None:
        """Credit the demand that it was for, and say so when that is done."""
        self._ask_for_room(report)
        done = self.ledger.ended(report)
        if done is not None:
            self._note_demand("done", done, report.ended)
            self.table.say(report.ended, self.index, done_sentence(done, (self.table.seed, report.ended)))

    def _ask_for_room(self, report: MacroReport) -> None:
        """Say so, now and then, when somebody is in the way of what they want."""
        if self.ledger.purpose is None or report.reason != BLOCKED or report.ended < self._next_complaint:
            return
        self._next_complaint = report.ended + self.table.ticks(COMPLAINT_SECONDS)
        self.table.say(report.ended, self.index, blocked_sentence(report.macro, (self.table.seed, report.ended)))

    def _review(self, view: HlaView) -> None:
        """Give up demands that can no longer be met, and say so."""
        for verdict in self.ledger.review(view):
            self._note_demand("given up", verdict.demand, view.tick, reason=verdict.outlook.why())
            self.table.say(view.tick, self.index, gave_up_sentence(verdict, (self.table.seed, view.tick)))

    def _note_demand(self, became: str, demand: Demand, tick: int, **facts: str) -> None:
        self.table.record.write(
            "demand", tick=tick, cook=self.index, macro=demand.macro.name, count=demand.count, became=became, **facts
        )

    def close(self) -> None:
        """Drop what is still being thought."""
        for thought in (self._fast, self._slow, *(each.thought for each in self._answers)):
            if thought is not None:
                thought.drop()

    async def _understood(self, thought: Thought[TeamState], view: HlaView) -> None:
        """An intent has landed: take it into the agenda as that now is, act on it, and have it answered."""
        found = thought.value
        self._slow, message, self._message = None, self._message, ""
        intent = Intent.from_dict(found["intent"])
        recalled = found["understood_by"] == "memory"
        if recalled and not intent.demands:
            return
        before = self.ledger.agenda
        verdicts, stops = self.ledger.understood(
            intent,
            view,
            self.executor.macro,
            self.avoided(view.tick),
            past_its_work=self.executor.past_its_work,
        )
        self.table.record.write(
            "intent",
            tick=thought.asked,
            cook=self.index,
            mind="slow",
            message=message,
            intent=found["intent"],
            by=found["understood_by"],
            agenda=self.ledger.agenda.to_list(),
            verdicts=[verdict.to_dict() for verdict in verdicts],
            latency_ms=round(thought.seconds * 1000, 3),
            lands=view.tick,
            **({"worked_out": found["worked_out"]} if found.get("worked_out") else {}),
            **({"remembered": found["remembered"]} if found.get("remembered") else {}),
        )
        for verdict in verdicts:
            if not verdict.kept:
                self._note_demand("refused", verdict.demand, view.tick, reason=verdict.outlook.why())
        if intent.demands:
            self._previous = found["intent"]
        if stops:
            self._note(self.executor.interrupt(view, "the partner wants something else"))
        if stops or self.ledger.agenda != before or intent.cancel:
            self._wait_until = view.tick
            if self._fast is not None:
                self._fast.drop()
                self._fast = None
        answer = await self._think("answer", view, message=message, intent=intent, verdicts=verdicts, found=found)
        self._answers.append(Answering(message, intent, verdicts, answer))

    def _reply(self, answered: Answering, view: HlaView) -> None:
        """Say a reply that has landed; replies are recorded in the order of their intents, without people's words."""
        said, thought = answered.thought.value, answered.thought
        self.table.record.write(
            "reply",
            tick=thought.asked,
            cook=self.index,
            mind="slow",
            text=said["reply"],
            topics=said["topics"],
            by=said["worded_by"],
            latency_ms=round(thought.seconds * 1000, 3),
            lands=view.tick,
        )
        self.table.say(view.tick, self.index, said["reply"])

    def situation(self, view: HlaView) -> Situation:
        """All that this cook knows now."""
        return self.ledger.situation(view, self.executor.macro, self._partners.macros(view), self.table.seed)

    def context(self, event: Event, tick: int) -> TeamContext:
        """The minds for an event."""
        return self._context

    async def _think(
        self,
        event: Event,
        view: HlaView,
        message: str | None = None,
        intent: Intent | None = None,
        verdicts: tuple[Verdict, ...] = (),
        found: TeamState | None = None,
    ) -> Thought[TeamState]:
        now = self.situation(view)
        moment: TeamState = {
            "event": event,
            "kitchen": snapshot(view, self.table.clock.tick_seconds),
            "cook": self.index,
            "message": self._message if message is None else message,
            "previous": self._previous,
            "agenda": now.agenda.to_list(),
            "avoid": [macro.name for macro in self.avoided(view.tick)],
            "partners": {str(other): belief.to_dict() for other, belief in self._partners.beliefs(view).items()},
            "unasked": [macro.name for macro in self.ledger.unasked(view)],
            "game": self.table.game,
        }
        if intent is not None:
            moment |= {
                "intent": intent.to_dict(),
                "verdicts": [verdict.to_dict() for verdict in verdicts],
                "at": now.doing.name if now.doing is not None else None,
                "purpose": Agenda((now.purpose,)).to_list()[0] if now.purpose is not None else None,
                "tally": {macro.name: count for macro, count in now.tally.items()},
                "fulfilled": [{"macro": each.macro.name, "count": each.count} for each in now.fulfilled],
                "seed": now.seed,
                "worked_out": found.get("worked_out") if found is not None else None,
                "understood_by": found["understood_by"] if found is not None else "",
            }
        context = self.context(event, view.tick)

        async def work() -> TeamState:
            if self._thread is not None:
                return await self._thread.run(moment, context)
            return cast(TeamState, await kitchen_team.ainvoke(moment, context=context))

        return await self.table.clock.think("fast" if event == "decide" else "slow", view.tick, work)
