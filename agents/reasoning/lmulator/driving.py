"""Drives one world of a run to its end: starts it, answers what it asks, and does what is decided about its errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from brigade.agents.reasoning.lmulator.answering import Answering
from brigade.agents.reasoning.lmulator.deciding import Action, Decision, decide
from brigade.agents.reasoning.lmulator.limits import CallsSpent, End
from brigade.agents.reasoning.lmulator.listening import Listener
from brigade.agents.reasoning.lmulator.queries import Answer, AskLater, Query, Source, Unanswerable
from brigade.agents.reasoning.lmulator.querying import query_of
from brigade.agents.reasoning.lmulator.records import Answered, Noted
from brigade.agents.reasoning.lmulator.repairing import repaired
from brigade.agents.reasoning.lmulator.rewriting import ANSWER, Options, Rewritten, rewrite
from brigade.agents.reasoning.lmulator.sandbox import Asked, Broken, Finished, Sandbox, Session, Step
from brigade.agents.reasoning.lmulator.stubs import Library
from brigade.agents.reasoning.lmulator.worlds import World

if TYPE_CHECKING:
    from brigade.agents.reasoning.lmulator.lmulator import Settings

MOST_RESTARTS = 12
"""Times that one world may start over."""
_HOST_ERRORS = (ValueError, TypeError, LookupError, ArithmeticError)
"""What a function of the library may raise: the program gets it where it called."""


@dataclass(frozen=True)
class Ending:
    """The end of a world."""

    world: World
    step: Finished | Broken
    listener: Listener
    program: Rewritten | None


class Driver:
    """Drives the worlds of one run."""

    def __init__(
        self, sandbox: Sandbox, answering: Answering, library: Library, settings: Settings, question: str
    ) -> None:
        self._sandbox = sandbox
        self.answering = answering
        self._library = library
        self._settings = settings
        self._question = question
        self.forks: list[World] = []
        """Worlds that wait to be driven."""
        self.worlds = 1
        self.contested: dict[str, Query] = {}
        """Queries whose samples disagreed."""
        self.may_fork = settings.voting.samples > 1
        self.paused: tuple[World, str] | None = None
        """The world that was paused, and the key of what it waits for."""

    def drive(self, world: World) -> Ending:
        """Run a world until it ends for good."""
        while True:
            try:
                program = self._rewritten(world)
            except SyntaxError as error:
                message = f"{error.msg}"
                return Ending(world, Broken(End.SYNTAX, "SyntaxError", message, error.lineno), Listener(""), None)
            ending = self._once(world, program)
            if isinstance(ending.step, Finished) or not self._carry_on(world, program, ending.step):
                return ending

    def _rewritten(self, world: World) -> Rewritten:
        limit = self._settings.limits.source
        if len(world.program) > limit:
            raise SyntaxError(f"it has {len(world.program)} characters, more than the {limit} allowed")
        return rewrite(world.program, world.options)

    def _once(self, world: World, program: Rewritten) -> Ending:
        """Run a world until it ends or breaks."""
        library = self._library.plus(program.stubs)
        listener = Listener(world.options.mark, program.places, world.events)
        if world.snapshot is None:
            listener.events += [*self._fixes(program), *world.notes]
        with self._sandbox.session(self._settings.limits, listener.hear) as session:
            step = self._start(world, program, session)
            while isinstance(step, Asked):
                step = self._respond(world, program, library, session, step, listener)
        listener.finish()
        return Ending(world, step, listener, program)

    def _start(self, world: World, program: Rewritten, session: Session) -> Step:
        snapshot, world.snapshot = world.snapshot, None
        return session.start(program.text) if snapshot is None else session.load(snapshot, program.text)

    @staticmethod
    def _fixes(program: Rewritten) -> list[Noted]:
        return [Noted("mended", line, text) for line, text in program.fixes]

    def _respond(
        self, world: World, program: Rewritten, library: Library, session: Session, asked: Asked, listener: Listener
    ) -> Step:
        """Answer what the world asks."""
        if asked.kind == "name" and asked.name == ANSWER:
            return Broken(End.NO_ANSWER, "NoAnswer", "it ended without setting `answer`", None)
        try:
            query = query_of(asked, program, library, self._question, self._settings.limits.argument)
        except Unanswerable as error:
            return session.refuse(str(error))
        if query is None:
            return session.refuse(f"{asked.name} is not available in the sandbox")
        return self._answered(world, query, session, listener)

    def _answered(self, world: World, query: Query, session: Session, listener: Listener) -> Step:
        try:
            answer = self._kept(world, query) or self._found(world, query, session, listener)
        except _HOST_ERRORS as error:
            return session.refuse(f"{query.stub.name}: {error}")
        except Unanswerable as error:
            if query.kind == "name":  # the program may know what to do about a name that is not there
                return _unanswered(session.refuse(str(error)), error)
            return Broken(End.UNANSWERED, "Unanswered", str(error), None)
        except (CallsSpent, AskLater) as error:
            return self._paused_or_spent(world, query, session, listener, error)
        world.answers[query.key] = answer
        listener.events.append(Answered(query.line, query.kind, query.written(), answer, query.key))
        return session.answer(answer.value)

    def _kept(self, world: World, query: Query) -> Answer | None:
        """The answer that this world has already; what a person gave for a paused run is checked now."""
        answer = world.answers.get(query.key)
        return self.answering.checked(query, answer) if answer and answer.source is Source.PERSON else answer

    def _found(self, world: World, query: Query, session: Session, listener: Listener) -> Answer:
        """A new answer; where its samples disagree, the other values go into worlds of their own."""
        answer = self.answering.answer(query)
        if not self.answering.is_contested(answer) or answer.source is not Source.MODEL:
            return answer
        self.contested[query.key] = query
        if not self.may_fork:
            return self._settled(query, answer)
        room = self._settings.worlds - self.worlds
        rivals = [(value, share) for value, share in answer.votes[1:] if share >= 0.1][: max(0, room)]
        if rivals:
            self._fork(world, query, answer, rivals, session, listener)
        return answer

    def _settled(self, query: Query, answer: Answer) -> Answer:
        """An unsure answer where nothing is forked: the larger model's, or itself, remembered as it is."""
        larger = self.answering.ask_larger(query)
        if larger is None:
            self.answering.remember(query, answer)
        return larger or answer

    def _fork(
        self,
        world: World,
        query: Query,
        answer: Answer,
        rivals: list[tuple[object, float]],
        session: Session,
        listener: Listener,
    ) -> None:
        snapshot, events = session.dump(), list(listener.events)
        whole = answer.votes[0][1] + sum(share for _, share in rivals)
        for value, share in rivals:
            rival = replace(answer, value=value, confidence=share)
            fork = world.fork(query.key, rival, world.weight * share / whole, snapshot)
            fork.events = [*events, Noted("forked", query.line, f"{query.written()} taken as {value!r}")]
            self.forks.append(fork)
            self.worlds += 1
        world.weight *= answer.votes[0][1] / whole

    def _paused_or_spent(
        self, world: World, query: Query, session: Session, listener: Listener, error: Exception
    ) -> Step:
        if isinstance(error, CallsSpent) and not self._settings.pause_when_spent:
            return Broken(End.CALLS, "CallsSpent", f"line {query.line}: {query.written()}: {error}", None)
        world.snapshot = session.dump()
        world.events = list(listener.events)
        self.paused = (world, query.key)
        return Broken(End.PAUSED, "Paused", f"line {query.line}: waits for {query.written()}", None)

    def _carry_on(self, world: World, program: Rewritten, broken: Broken) -> bool:
        """Do what is decided about an error; whether the world starts over."""
        if broken.end is End.PAUSED or world.restarts >= MOST_RESTARTS:
            return False
        line = program.line(broken.line, broken.outer)
        decision = decide(broken, program)
        doing: Mapping[Action, Callable[[], bool]] = {
            Action.METHOD: lambda: self._ask_for_method(world, line, decision),
            Action.EMULATE: lambda: self._guard(world, line, broken),
            Action.REPAIR: lambda: self._repair(world, line, broken),
        }
        if not any(doing[action]() for action in decision.actions):
            return False
        world.restarts += 1
        world.events = []
        return True

    def _ask_for_method(self, world: World, line: int, decision: Decision) -> bool:
        if not self._settings.emulate or decision.method in world.options.methods:
            return False
        world.options = replace(world.options, methods=world.options.methods | {decision.method})
        world.notes.append(Noted("emulated", line, f"no value has a method {decision.method!r}: asked as a function"))
        return True

    def _guard(self, world: World, line: int, broken: Broken) -> bool:
        if not self._settings.emulate or line in world.options.guarded or not line:
            return False
        world.options = replace(world.options, guarded=world.options.guarded | {line})
        world.notes.append(Noted("emulated", line, f"Python cannot ({broken.text()}): asked for instead"))
        return True

    def _repair(self, world: World, line: int, broken: Broken) -> bool:
        asker = self.answering.larger or self.answering.asker
        if asker is None or world.repairs >= self._settings.repairs or not line:
            return False
        world.repairs += 1
        try:
            new = repaired(asker, world.program, line, broken.text(), self._question)
        except CallsSpent:
            return False
        if new is None:
            return False
        world.program, text = new
        world.options = replace(world.options, guarded=frozenset())
        world.notes.append(Noted("repaired", line, f"{text}   # was: {broken.text()}"))
        return True


def _unanswered(step: Step, error: Unanswerable) -> Step:
    """What comes of a name that nobody knows: if nothing in the program caught it, that is why it ended."""
    is_end = isinstance(step, Broken) and step.error == "NameError"
    return Broken(End.UNANSWERED, "Unanswered", str(error), None) if is_end else step


def fresh(options: Options) -> Options:
    """The options of a program that nothing has been decided about yet."""
    return replace(options, guarded=frozenset(), methods=frozenset())
