"""A plan: typed sub-questions, a line each, that may use the answers of earlier ones as `#1`, `#2`.

    calc 205 - 838          # arithmetic
    fact legs of a tiger    # something to look up
    date weekday of May 4, 2022
    ask Who wrote Hamlet?   # anything else
    calc #1 + #2

The answer to the last line is the answer to the question. What a model wrote is bounded before it is read, and
whatever is wrong with it is a named fault. A line may be labelled with its number, `#2 calc 48 + #1`. Knows no
model and no solver.

Source: DaSLaM (Juneja et al., EMNLP 2023). Its sub-questions are prose that is answered one by one, blind to each
other's answers; ours are typed and form a graph, so that a later one uses an earlier answer.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import networkx as nx

MOST_STEPS = 16
"""Steps of a plan; a longer one is cut nowhere, it is refused."""
MOST_CHARACTERS = 2000
"""Of a plan's text; the rest is not read."""
STEP_CHARACTERS = 200
_REFERENCE = re.compile(r"#(\d{1,3})\b")
_NUMBERED = re.compile(r"^(?:[-*]\s+|(?:step\s*)?#?\d{1,3}[.):]\s+|#\d{1,3}\s+(?:=\s+)?)", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


class Kind(StrEnum):
    """What a sub-question asks for."""

    CALC = "calc"
    DATE = "date"
    FACT = "fact"
    ASK = "ask"


class Fault(StrEnum):
    """What can be wrong with a plan."""

    EMPTY = "no sub-question"
    LONG = "too many sub-questions"
    UNREADABLE = "a line that is no sub-question"
    REPEATED = "the same sub-question twice"
    SAME = "the question itself as a sub-question"
    CYCLE = "a sub-question that uses its own or a later answer"
    UNUSED = "a sub-question whose answer nothing uses"
    ELSEWHERE = "something to look up that the question does not name"
    MISREAD = "an operation that the sum does not have"
    COMPUTED = "a number that is neither in the question nor a common constant"


FATAL = frozenset({Fault.EMPTY, Fault.LONG, Fault.UNREADABLE, Fault.REPEATED, Fault.SAME, Fault.CYCLE})
"""Faults with which a plan is not carried out; with the others it is, and is worth less."""


@dataclass(frozen=True, slots=True)
class Step:
    """A sub-question."""

    number: int
    """Counted from 1; what `#1` means."""
    kind: Kind
    text: str

    @property
    def uses(self) -> tuple[int, ...]:
        """Numbers of the sub-questions whose answers it uses."""
        return tuple(dict.fromkeys(int(found) for found in _REFERENCE.findall(self.text)))

    def filled(self, answers: Mapping[int, str]) -> str:
        """The text with earlier answers put in; negative numbers in brackets where something is computed."""

        def put(found: re.Match[str]) -> str:
            answer = answers[int(found[1])]
            return f"({answer})" if self.kind is Kind.CALC and answer.startswith("-") else answer

        return _REFERENCE.sub(put, self.text)

    def __str__(self) -> str:
        return f"{self.kind} {self.text}"


@dataclass(frozen=True)
class Plan:
    """Sub-questions in order."""

    steps: tuple[Step, ...]
    faults: tuple[tuple[Fault, str], ...] = ()
    """What is wrong, each with where."""
    share: float | None = None
    """Of the plans that were drawn for the question, how many are this one; None if none were drawn."""

    @property
    def sound(self) -> bool:
        """Whether it can be carried out."""
        return not any(fault in FATAL for fault, _ in self.faults)

    @cached_property
    def graph(self) -> nx.DiGraph[int]:
        """An edge from each sub-question to those that use its answer; acyclic if the plan is sound."""
        graph: nx.DiGraph[int] = nx.DiGraph()
        graph.add_nodes_from(step.number for step in self.steps)
        graph.add_edges_from((used, step.number) for step in self.steps for used in step.uses)
        return graph

    def waves(self) -> list[tuple[Step, ...]]:
        """Sub-questions that can be answered at the same time, wave after wave."""
        by_number = {step.number: step for step in self.steps}
        return [tuple(by_number[number] for number in sorted(wave)) for wave in nx.topological_generations(self.graph)]

    @property
    def meaning(self) -> str:
        """What its last sub-question comes to, whatever the order of lines, and of summands and factors."""
        told: dict[int, str] = {}
        for step in self.steps:
            text = step.text
            for number in step.uses:
                text = re.sub(rf"#{number}\b", f"({told.get(number, '')})", text)
            told[step.number] = f"{step.kind} {_ordered(text) if step.kind is Kind.CALC else text}"
        return next(reversed(told.values()), "")

    def __str__(self) -> str:
        return "\n".join(map(str, self.steps))


def _ordered(text: str) -> str:
    """A sum or a product with its parts in a fixed order; anything else as it is."""
    parts, depth = [""], 0
    for char in text:
        depth += (char == "(") - (char == ")")
        if char == " " and not depth:
            parts.append("")
        else:
            parts[-1] += char
    signs = set(parts[1::2])
    return f" {parts[1]} ".join(sorted(parts[::2])) if signs in ({"+"}, {"*"}) else text


def labelled(text: str) -> str:
    """A plan with each line's number before it, as the trained decomposer writes it: `#2 calc 48 + #1`.

    A small model counts lines badly: without labels every fifth plan referred to a line that was not there yet.
    """
    lines = [_NUMBERED.sub("", line.strip()) for line in text.splitlines() if line.strip()]
    return "\n".join(f"#{number} {line}" for number, line in enumerate(lines, 1))


def read_plan(text: str, question: str = "") -> Plan:
    """The plan in what a model wrote, with its faults; never raises.

    Args:
        text: what it wrote.
        question: what it was asked; a plan may not just repeat it.
    """
    lines = [line.strip() for line in text[:MOST_CHARACTERS].splitlines() if line.strip()]
    if not lines:
        return Plan((), ((Fault.EMPTY, ""),))
    if len(lines) > MOST_STEPS or len(text) > MOST_CHARACTERS:
        return Plan((), ((Fault.LONG, f"{len(lines)} lines"),))
    steps: list[Step] = []
    faults: list[tuple[Fault, str]] = []
    for line in lines:
        step = _step(len(steps) + 1, line)
        if step is None:
            faults.append((Fault.UNREADABLE, line[:80]))
        else:
            steps.append(step)
    plan = Plan(tuple(steps))
    return Plan(plan.steps, (*faults, *_faults(plan, question)))


def _step(number: int, line: str) -> Step | None:
    kind, _, text = _NUMBERED.sub("", line).partition(" ")
    known = next((each for each in Kind if each.value == kind.lower().rstrip(":")), None)
    text = " ".join(text.split())
    readable = known is not None and 0 < len(text) <= STEP_CHARACTERS and text.isascii()
    return Step(number, known, text) if readable and known is not None else None


def _faults(plan: Plan, question: str) -> list[tuple[Fault, str]]:
    found: list[tuple[Fault, str]] = []
    if not plan.steps:
        found.append((Fault.EMPTY, ""))
    seen: set[str] = set()
    for step in plan.steps:
        if str(step).lower() in seen:
            found.append((Fault.REPEATED, str(step)))
        seen.add(str(step).lower())
        if _bare(step.text) == _bare(question):
            found.append((Fault.SAME, str(step)))
        if any(not 1 <= used < step.number for used in step.uses):
            found.append((Fault.CYCLE, str(step)))
    used = {number for step in plan.steps for number in step.uses}
    found += [(Fault.UNUSED, str(step)) for step in plan.steps[:-1] if step.number not in used]
    if question:
        found += [(Fault.COMPUTED, number) for number in strangers(plan, question)]
        found += [(Fault.MISREAD, str(step)) for step in plan.steps if _is_misread(step, question)]
        found += [(Fault.ELSEWHERE, str(step)) for step in plan.steps if _is_elsewhere(step, question)]
    return found


def _is_misread(step: Step, question: str) -> bool:
    """Whether it does to a number of a sum what the sum does not: `- 430` where it has `+ 430`."""
    found = re.fullmatch(r"\S+ ([-+*/]) (-?\d+(?:\.\d+)?)", step.text)
    if step.kind is not Kind.CALC or found is None or not is_expression(question):
        return False
    return f" {found[1]} {found[2]}" not in question


def _is_elsewhere(step: Step, question: str) -> bool:
    """Whether it looks a thing up, `legs of a dog`, that the question does not speak of."""
    thing = re.fullmatch(r".+? of (?:an? |the )?([a-z ]+?)s?", step.text.lower())
    return step.kind is Kind.FACT and thing is not None and thing[1] not in question.lower()


def trimmed(text: str, question: str) -> Plan | None:
    """The shortest beginning of a plan that has no fault and uses all that the question gives; None if there is none.

    Small models often write the right plan and do not stop: of legs of the animals that are asked for, on to others.
    """
    lines = [line for line in text[:MOST_CHARACTERS].splitlines() if line.strip()][:MOST_STEPS]
    for end in range(1, len(lines)):
        plan = read_plan("\n".join(lines[:end]), question)
        used, given = used_of(plan, question)
        if not plan.faults and used == given > 0:
            return plan
    return None


def _bare(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().lower()


CONSTANTS = frozenset(map(str, (0, 1, 2, 3, 4, 5, 7, 10, 12, 24, 30, 60, 100, 180, 360, 365, 1000)))
"""Numbers that a plan may bring in: parts, multiples, units of time, angles, percentages."""


def numbers_in(text: str) -> list[str]:
    """The numbers of a text, thousands' separators and needless zeros left out."""
    found = _NUMBER.findall(_REFERENCE.sub(" ", re.sub(r"(?<=\d),(?=\d{3})", "", text)))
    return [plain_number(each) for each in found]


def plain_number(text: str) -> str:
    """`0.50` as `0.5`, `007` as `7`."""
    whole, _, part = text.partition(".")
    part = part.rstrip("0")
    return (whole.lstrip("0") or "0") + (f".{part}" if part else "")


def strangers(plan: Plan, question: str) -> list[str]:
    """Numbers in a plan that it can only have by computing."""
    known = CONSTANTS | set(numbers_in(question))
    found = [number for step in plan.steps for number in numbers_in(step.text)]
    return list(dict.fromkeys(number for number in found if number not in known and not _shared(number, known)))


def _shared(number: str, known: frozenset[str] | set[str]) -> bool:
    """Whether it is a percentage of the question's as a fraction: 0.35 for 35 %."""
    return "." in number and plain_number(f"{float(number) * 100:.6f}") in known


_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_NOT_GIVEN = re.compile(rf"(?:{_MONTH}) \d+(?:, \d+)?|\d+/\d+/\d+|-1 if")
"""Dates, which plans write in their own way, and what to answer if there is nothing to tell."""
_EXPRESSION = re.compile(r"[\d)] [-+*/] [-\d(]")


def is_expression(question: str) -> bool:
    """Whether it is a sum to calculate, in which every number counts as often as it is written."""
    return _EXPRESSION.search(question) is not None


def is_story(question: str) -> bool:
    """Whether it tells of several numbers in words: a plan for that can be sound, use everything, and be wrong."""
    return not is_expression(question) and used_of(Plan(()), question)[1] > 1


def used_of(plan: Plan, question: str) -> tuple[int, int]:
    """How many of the numbers that the question gives a plan uses, and how many there are; dates are left out.

    In a story a number may be told twice and used once; a percentage may be used as a fraction.
    """
    given = Counter(numbers_in(_NOT_GIVEN.sub(" ", question.partition("Options:")[0])))
    taken = Counter(numbers_in(str(plan)))
    if is_expression(question):
        return (given & taken).total(), given.total()
    shares = {number for number in given if plain_number(f"{float(number) / 100:.6f}") in taken}
    return len(given.keys() & (taken.keys() | shares)), len(given)
