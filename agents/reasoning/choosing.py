"""Which way a question is likely to be answered best, told by its words alone. Asks no model."""

from __future__ import annotations

import re
from collections.abc import Collection as Names

from brigade.agents.reasoning.lmulator import Library
from brigade.agents.reasoning.lmulator.writing import Collection

_COUNTS = re.compile(
    r"\bhow (?:many|much|often|long|old|far)\b|\b(?:sum|total|average|mean|median|product|difference|percent\w*|"
    r"fraction|ratio)\b|\bcount(?:s|ed|ing)?\b|\b(?:calculate|compute|sort|alphabetical\w*)\b|"
    r"\bhow (?:many )?days\b|\d\s*[-+*/×÷%]\s*\d",
    re.IGNORECASE,
)
_STEPS = re.compile(
    r"\bfirst\b.{3,200}\b(?:then|next|after that|finally)\b|\bstep by step\b|\bplan\b.{3,200}\bso that\b|;\s*then\b",
    re.IGNORECASE | re.DOTALL,
)
MANY_NUMBERS, MANY_SENTENCES = 3, 4
"""A question with so many of both is a word problem."""


def choose_strategy(question: str, known: Names[str], programs: Collection) -> tuple[str, str]:
    """The name of a strategy and why it was chosen.

    Args:
        question: its text.
        known: the strategies that there are, `direct` among them.
        programs: a question that one of them fits is answered by it.
    """
    if "code" in known and programs.write(question, Library()) is not None:
        return "code", "there is a program for such questions"
    if "decompose" in known and (_STEPS.search(question) or _is_word_problem(question)):
        return "decompose", "it has several steps"
    if "code" in known and (_COUNTS.search(question) or _is_word_problem(question)):
        return "code", "it counts or compares"
    return "direct", "it needs neither a program nor steps"


def _is_word_problem(question: str) -> bool:
    numbers = len(re.findall(r"\d+(?:[.,]\d+)?", question))
    sentences = len(re.findall(r"[.!?](?:\s|$)", question))
    return numbers >= MANY_NUMBERS and sentences >= MANY_SENTENCES
