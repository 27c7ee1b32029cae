"""The facts and rules of lessons as programs see them, and which lessons an answer rested on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from brigade.agents.reasoning.lmulator import KnownFacts, Result
from brigade.agents.reasoning.lmulator.facts import Fact
from brigade.agents.reasoning.lmulator.queries import Query, Source
from brigade.agents.training.student.lessons import LearnedRule, Lesson

_MARK = "lesson "


def knowledge_of(lessons: Sequence[Lesson]) -> KnownFacts:
    """What lessons know; where they contradict each other, the later one holds."""
    rules = [partial(_by_rule, lesson.id, rule) for lesson in reversed(lessons) for rule in lesson.rules]
    known = KnownFacts(rules)
    for lesson in lessons:
        for fact in lesson.facts:
            known.add(fact.name, fact.args, Fact(fact.value, f"{_MARK}{lesson.id}: {fact}", fact.confidence))
    return known


def facts_used(result: Result) -> tuple[tuple[str, str], ...]:
    """Which lessons' facts and rules a run rested on: the lesson's id, and the fact as it was written."""
    used = []
    for part in result.parts:
        if part.answer.source is Source.FACT and part.answer.provenance.startswith(_MARK):
            name, _, fact = part.answer.provenance.removeprefix(_MARK).partition(": ")
            used.append((name, fact))
    return tuple(used)


def _by_rule(lesson: str, rule: LearnedRule, query: Query) -> Fact | None:
    if query.stub.name != rule.name or len(query.args) != 1 or query.kwargs:
        return None
    argument = query.args[0]
    if isinstance(argument, bool) or not isinstance(argument, int | float):
        return None
    return Fact(rule.value(argument), f"{_MARK}{lesson}: {rule}", rule.confidence)
