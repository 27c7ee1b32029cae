"""The paper's ways to answer with code, beside plain prompting, so that they can be compared on the same questions.

Source: Chain of Code (Li et al., ICML 2024), section 2.3 and table 2. `interweave` here stops inside expressions,
asks for typed values and goes on, where the paper's runs again and asks for states; `lm state` is one generation of
the whole trace, as there.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from brigade.agents.models import LanguageModel, Message, ModelError
from brigade.agents.reasoning.lmulator.asking import Asker, Cost, json_in, prompt
from brigade.agents.reasoning.lmulator.facts import Knowledge
from brigade.agents.reasoning.lmulator.limits import Allowance, CallsSpent, End
from brigade.agents.reasoning.lmulator.lmulator import Lmulator, Settings
from brigade.agents.reasoning.lmulator.memo import Memo
from brigade.agents.reasoning.lmulator.records import answer_text
from brigade.agents.reasoning.lmulator.writing import Written

STATE_TOKENS = 320
TEXT_TOKENS = 160


@dataclass(frozen=True)
class Said:
    """A variant's answer."""

    answer: str | None
    """None where it came to none."""
    cost: Cost
    ended: str = ""


@dataclass
class Bench:
    """What variants work with; one model for all of them."""

    model: LanguageModel
    settings: Settings
    knowledge: Knowledge | None = None
    memo: Memo | None = None

    def asker(self, cost: Cost) -> Asker:
        """The model, counted into this cost."""
        return Asker(self.model, Allowance(self.settings.calls), cost, self.settings.style)


Variant = Callable[[Bench, str, Written | None], Said]
"""Answers a question, given the program that was written for it."""


def interweave(bench: Bench, question: str, written: Written | None) -> Said:
    """The LMulator, without a knowledge base."""
    return _run(Lmulator(bench.model, memo=bench.memo, settings=bench.settings), question, written)


def with_knowledge(bench: Bench, question: str, written: Written | None) -> Said:
    """The LMulator with the knowledge base."""
    runner = Lmulator(bench.model, knowledge=bench.knowledge, memo=bench.memo, settings=bench.settings)
    return _run(runner, question, written)


def python_only(bench: Bench, question: str, written: Written | None) -> Said:
    """The program alone: what it does not define is an error."""
    return _run(Lmulator(settings=replace(bench.settings, emulate=False)), question, written)


def python_else_state(bench: Bench, question: str, written: Written | None) -> Said:
    """The program alone; where it fails, the model simulates all of it, state by state."""
    said = python_only(bench, question, written)
    return said if said.answer is not None else lm_state(bench, question, written)


def python_else_lm(bench: Bench, question: str, written: Written | None) -> Said:
    """The program alone; where it fails, the model says what it would answer."""
    said = python_only(bench, question, written)
    return said if said.answer is not None else lm(bench, question, written)


def lm_state(bench: Bench, question: str, written: Written | None) -> Said:
    """The model writes the trace of the program, and its last state holds the answer."""
    text, cost = _told(bench, "state", _shown(question, written), STATE_TOKENS)
    states = re.findall(r"delta state:\s*(\{.*\})", text)
    for state in reversed(states):
        value = _literal(state)
        if isinstance(value, dict) and "answer" in value:
            return Said(answer_text(value["answer"]), cost)
    return Said(None, cost, "no state holds an answer")


def lm(bench: Bench, question: str, written: Written | None) -> Said:
    """The model sees the program and says what it answers."""
    return _final(bench, "simulate", _shown(question, written))


def direct(bench: Bench, question: str, written: Written | None) -> Said:
    """The model sees the question alone."""
    return _final(bench, "direct", f"Question: {question}")


def chain_of_thought(bench: Bench, question: str, written: Written | None) -> Said:
    """The model thinks step by step, then says `The answer is`."""
    text, cost = _told(bench, "think", f"Question: {question}", TEXT_TOKENS)
    found = re.findall(r"answer is:?\s*(.+?)\.?\s*(?:$|\n)", text, re.IGNORECASE)
    return Said(found[-1] if found else None, cost)


VARIANTS: Mapping[str, Variant] = {
    "code + knowledge": with_knowledge,
    "interweave": interweave,
    "try Python except LM state": python_else_state,
    "try Python except LM": python_else_lm,
    "Python only": python_only,
    "LM state": lm_state,
    "LM": lm,
    "chain of thought": chain_of_thought,
    "direct": direct,
}


def _run(runner: Lmulator, question: str, written: Written | None) -> Said:
    if written is None:
        return Said(None, Cost(), "no program")
    result = runner.run(written.program, question=question, state=written.state)
    cost = Cost()
    cost.add(result.cost)
    return Said(answer_text(result.answer) if result.end is End.ANSWERED else None, cost, result.message)


def _shown(question: str, written: Written | None) -> str:
    return f"Question: {question}\nProgram:\n{written.program if written else ''}"


def _told(bench: Bench, name: str, text: str, tokens: int) -> tuple[str, Cost]:
    cost = Cost()
    turns = [Message("system", prompt(name), fixed=True), Message("user", text)]
    try:
        return bench.asker(cost).complete(turns, None, tokens).text, cost
    except (ModelError, CallsSpent):
        return "", cost


def _final(bench: Bench, name: str, text: str) -> Said:
    cost = Cost()
    turns = [Message("system", prompt(name), fixed=True), Message("user", text)]
    schema = {"type": "object", "properties": {"answer": {"type": "string", "maxLength": 60}}, "required": ["answer"]}
    try:
        data = json_in(bench.asker(cost).complete(turns, schema | {"additionalProperties": False}, 64).text)
    except (ModelError, CallsSpent) as error:
        return Said(None, cost, str(error))
    return Said(str(data["answer"]) if isinstance(data, dict) and "answer" in data else None, cost)


def _literal(text: str) -> object:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return None
