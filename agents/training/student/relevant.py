"""Which sentences of lessons a question calls for: short prompts are all that a small model can use."""

from __future__ import annotations

from collections.abc import Sequence

from brigade.agents.training.student.base import words_of
from brigade.agents.training.student.lessons import Lesson

MOST_LINES = 12


def lines_for(question: str, lessons: Sequence[Lesson]) -> list[str]:
    """The summaries, and of the knowledge the sentences that name something in the question, at most 12 in all.

    A sentence of knowledge without a name of its own, such as a formula, is taken too. Plurals count as their
    singulars.
    """
    words = {form for word in words_of(question) for form in (word, word.removesuffix("s"))}
    lines = [line for lesson in lessons for line in lesson.summary]
    for lesson in lessons:
        about = {str(fact): words_of(" ".join(map(str, fact.args))) for fact in lesson.facts}
        lines += [line for line in lesson.knowledge if line not in about or about[line] <= words]
    return list(dict.fromkeys(lines))[:MOST_LINES]
