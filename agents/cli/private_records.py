"""What a knowledge base marks as private, as parts of the private set. Knows no requests and models."""

from __future__ import annotations

from pathlib import Path

from brigade.agents.privacy.profile import LONG_LINE
from brigade.agents.privacy.values import Fact
from brigade.knowledge import Fact as Known
from brigade.knowledge import KnowledgeBase, Lesson
from brigade.knowledge.finding import When
from brigade.knowledge.values import to_text


def private_parts(where: str) -> tuple[list[Fact], list[str]]:
    """Facts and longer texts of the records that are private: those believed now, and those that wait for review.

    Args:
        where: the knowledge base, a file or a URL; a file that is not there has nothing private in it.

    Raises:
        KnowledgeError: it cannot be read; then nothing may be sent.
    """
    if "://" not in where and not Path(where).exists():
        return [], []
    facts: list[Fact] = []
    texts: list[str] = []
    with KnowledgeBase(where) as base:
        for record in base.private(When(status=None)):
            match record:
                case Known(object=bool()):  # `allergic_to_nuts(Ann)`: that it is so is what is private
                    facts.append(Fact("detail", record.predicate.replace("_", " ")))
                case Known():
                    value = to_text(record.object)
                    if len(value.split()) > LONG_LINE:
                        texts.append(value)
                    elif value:
                        facts.append(Fact(record.predicate, value))
                case Lesson():
                    texts += [part for part in (record.trigger, *record.summary, *record.knowledge) if part]
    return facts, texts
