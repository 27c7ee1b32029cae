"""The LMulator: a program runs for real, and where Python cannot go, something else answers.

Source: Chain of Code (Li et al., ICML 2024). Differences: a program stops at the call, name or line itself and goes on
from there, instead of being run from its start again for every failing line; what is given is one value of the type
that is needed, not a whole state as text; knowledge and earlier answers come before the model; errors of the program
are mended, never simulated; everything is bounded; a run can be forked, paused and kept.
"""

from __future__ import annotations

import keyword
import math
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from brigade.agents.models import LanguageModel
from brigade.agents.reasoning.lmulator.answering import Answering, Person, Voting
from brigade.agents.reasoning.lmulator.asking import Asker, Cost, Style
from brigade.agents.reasoning.lmulator.driving import Driver
from brigade.agents.reasoning.lmulator.facts import Knowledge
from brigade.agents.reasoning.lmulator.limits import Allowance, End, Limits
from brigade.agents.reasoning.lmulator.memo import Memo
from brigade.agents.reasoning.lmulator.pausing import Signature, load_world, save_world
from brigade.agents.reasoning.lmulator.queries import Answer, Source
from brigade.agents.reasoning.lmulator.records import Result
from brigade.agents.reasoning.lmulator.rewriting import Options
from brigade.agents.reasoning.lmulator.sandbox import Sandbox, shared_sandbox
from brigade.agents.reasoning.lmulator.stubs import Library
from brigade.agents.reasoning.lmulator.tallying import tally
from brigade.agents.reasoning.lmulator.values import Plain, is_plain
from brigade.agents.reasoning.lmulator.worlds import World


@dataclass(frozen=True)
class Settings:
    """How programs are run."""

    limits: Limits = field(default_factory=Limits)
    calls: float = 200
    """Model calls of one run."""
    tokens: float = math.inf
    seconds: float = math.inf
    """Of waiting for models, in one run."""
    voting: Voting = field(default_factory=Voting)
    repairs: int = 2
    """Times that a run's program may be mended by the model."""
    worlds: int = 12
    """Courses that one run may take."""
    traced: bool = True
    emulate: bool = True
    """Whether a model may stand in for statements that raise."""
    style: Style = "full"
    """What a model is shown first."""
    pause_when_spent: bool = False
    """Whether a run whose calls are spent is paused instead of ended."""


class Lmulator:
    """Runs programs.

    Args:
        model: fills the gaps; None leaves what is not known unanswered.
        larger: asked where samples disagree and it matters.
        library: functions that programs may use; those with a body are computed.
        knowledge: asked before the memo and the model.
        memo: earlier answers.
        person: may answer before a model is asked, or pause the run.
        settings: limits and habits.
        sandbox: where programs run; the process's own by default.
        signature: seals paused runs.
    """

    def __init__(
        self,
        model: LanguageModel | None = None,
        *,
        larger: LanguageModel | None = None,
        library: Library | None = None,
        knowledge: Knowledge | None = None,
        memo: Memo | None = None,
        person: Person | None = None,
        settings: Settings | None = None,
        sandbox: Sandbox | None = None,
        signature: Signature | None = None,
    ) -> None:
        self.model = model
        self.larger = larger
        self.library = library or Library()
        self.knowledge = knowledge
        self.memo = memo if memo is not None else Memo()
        self.person = person
        self.settings = settings or Settings()
        self._sandbox = sandbox
        self._signature = signature

    def run(self, program: str, *, question: str = "", state: Mapping[str, Plain] | None = None) -> Result:
        """Run a program to its end.

        Args:
            program: Python, or what is nearly Python.
            question: what it is to answer; shown to models.
            state: variables that are set before its first line; their names and values must be plain.

        Raises:
            ModelError: a model that is needed cannot be had.
        """
        mark = secrets.token_hex(6)
        options = Options(traced=self.settings.traced, mark=mark, state=written_state(state or {}))
        world = World(program, options)
        return self._finish(world, question)

    def resume(self, paused: bytes, answer: Plain = None, *, answered: bool = False) -> Result:
        """Go on with a paused run, here or in another process.

        Args:
            paused: `Result.paused` of that run.
            answer: what it was waiting for, if a person or another process has it.
            answered: whether there is such an answer; if not, it asks again.

        Raises:
            ValueError: the bytes were not sealed by this signature, or by another version; or the answer is not plain.
        """
        if not is_plain(answer):
            raise ValueError(f"the answer is not plain: {type(answer).__name__}")
        world, question, key = load_world(paused, self._sealed())
        if answered:
            world.answers[key] = Answer(answer, Source.PERSON, 1.0, "a person")
        return self._finish(world, question)

    def _finish(self, world: World, question: str) -> Result:
        cost = Cost()
        allowance = Allowance(self.settings.calls, self.settings.tokens, self.settings.seconds)
        answering = Answering(
            knowledge=self.knowledge,
            memo=self.memo,
            asker=self._asker(self.model, allowance, cost),
            larger=self._asker(self.larger, allowance, cost),
            person=self.person,
            voting=self.settings.voting,
        )
        sandbox = self._sandbox or shared_sandbox()
        driver = Driver(sandbox, answering, self.library, self.settings, question)
        result = replace(tally(driver, world), question=question, cost=cost.to_dict())
        if result.end is End.PAUSED and driver.paused is not None:
            return replace(result, paused=save_world(*driver.paused, question, self._sealed()))
        return result

    def _asker(self, model: LanguageModel | None, allowance: Allowance, cost: Cost) -> Asker | None:
        return Asker(model, allowance, cost, self.settings.style) if model is not None else None

    def _sealed(self) -> Signature:
        if self._signature is None:
            self._signature = Signature.of_user()
        return self._signature


def written_state(state: Mapping[str, Plain]) -> tuple[tuple[str, str], ...]:
    """Variables and their values as Python writes them.

    Raises:
        ValueError: a name cannot be a variable's, or a value is not plain.
    """
    for name, value in state.items():
        if not name.isidentifier() or keyword.iskeyword(name):
            raise ValueError(f"{name!r} cannot be the name of a variable")
        if not is_plain(value):
            raise ValueError(f"the value of {name!r} is not plain: {type(value).__name__}")
    return tuple((name, repr(value)) for name, value in state.items())
