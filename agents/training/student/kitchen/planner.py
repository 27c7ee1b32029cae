"""The script planner with lessons on top: where one applies, its advice goes before the plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from brigade.agents.hierarchy.executor import Macro, Surroundings, Verb, legal_macros
from brigade.agents.hierarchy.intent import Agenda
from brigade.agents.hierarchy.script import ScriptPlanner
from brigade.agents.training.student.kitchen.features import Features, Watcher, moment_features
from brigade.agents.training.student.lessons import Lesson
from brigade.envs.kitchen import HlaView

SURE = 10.0
"""A margin that no score has: with it, the gate lets every lesson through."""


@dataclass(frozen=True, slots=True)
class Option:
    """What could be done instead of the plan, and how much less the plan's scores give it."""

    macro: Macro
    margin: float


@dataclass
class LessonedPlanner:
    """Chooses macro actions for one cook.

    Args:
        cook: which one.
        pace: turns a second.
        lessons: the earlier ones go first.
        margin: the gate: lessons are heard where the planner prefers its plan to the advice by less than this.
    """

    cook: int
    pace: float = 2.5
    lessons: Sequence[Lesson] = ()
    margin: float = SURE
    script: ScriptPlanner = field(init=False)
    seen: Watcher = field(init=False)
    used: dict[str, int] = field(default_factory=dict)
    """How often each lesson changed the plan."""

    def __post_init__(self) -> None:
        self.script = ScriptPlanner(self.cook, self.pace)
        self.seen = Watcher(self.cook)

    def watch(self, view: HlaView) -> None:
        """See a turn go by."""
        self.script.watch(view)
        self.seen.watch(view)

    def choose(self, view: HlaView, avoid: Iterable[Macro] = (), agenda: Agenda | None = None) -> Macro | None:
        """The macro action to start now; what the partner wants goes before any lesson."""
        avoided = list(avoid)
        usual = self.script.choose(view, avoided, agenda)
        if usual is None or not self.lessons or (agenda is not None and agenda.open):
            return usual
        here = Surroundings(view, self.cook)
        features = moment_features(here, self.script.still(view), self.seen)
        options: dict[Verb, Option] | None = None
        for lesson in self.lessons:
            if not applies(lesson, usual, features):
                continue
            options = options if options is not None else self.options(here, usual, avoided)
            option = options.get(Verb(lesson.advice[0].do))
            if option is not None and option.margin < self.margin:
                self.used[lesson.id] = self.used.get(lesson.id, 0) + 1
                return option.macro
        return usual

    def options(self, here: Surroundings, usual: Macro, avoid: Sequence[Macro]) -> dict[Verb, Option]:
        """For each other kind of macro action the legal one that the planner scores highest."""
        scores = {task.macro: task.score for task in reversed(self.script.tasks(here))}
        found: dict[Verb, Option] = {}
        legal = [macro for macro in legal_macros(here) if macro not in avoid and macro.verb is not usual.verb]
        for macro in sorted(legal, key=lambda macro: -scores.get(macro, 0.0)):
            found.setdefault(macro.verb, Option(macro, scores.get(usual, 0.0) - scores.get(macro, 0.0)))
        return found


def applies(lesson: Lesson, usual: Macro, features: Features) -> bool:
    """Whether a lesson is about doing something else than this, in a moment like this."""
    if not lesson.advice or lesson.advice[0].rather_than != usual.verb:
        return False
    return all(each.holds(features.get(each.feature, 0.0)) for each in lesson.trigger.conditions)
