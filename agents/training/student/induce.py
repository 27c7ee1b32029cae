"""The symbolic teacher: finds out, from solved examples and without any model, what a student's program has to know.

A program is a function of what it asks for. Where the answer is linear in it (legs by animal), solved examples are
linear equations; where what is asked for is one of few values (a name is a woman's or not), all but some values would
lead to a wrong answer. Facts that many examples agree on become a lesson; each names the questions that it rests on.
Where a function of one number lies on a line exactly, the line becomes a rule. What the examples do not determine is,
if the teacher may guess, guessed, and said to be: whether it helps is for the acceptance to find out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from brigade.agents.reasoning.lmulator.returns import Returns
from brigade.agents.reasoning.lmulator.writing import Written
from brigade.agents.reasoning.questions import is_correct
from brigade.agents.training.student.equations import Equation, guess, line_through, solve
from brigade.agents.training.student.lessons import Atom, LearnedFact, LearnedRule, Lesson, Trigger
from brigade.agents.training.student.teaching import Answered, numeric_check, telling_words
from brigade.agents.training.student.trials import Key, Trial, run_trial, zero

AUTHOR = "symbolic teacher"
GUESSER = "symbolic teacher, guessing"
SMALL_NUMBERS = range(2, 41)
"""Whole numbers that are tried for one unknown on which the answer does not depend linearly."""
MOST_RUNS = 48
"""Runs of the program for one example of the elimination; beyond, it waits until more is known."""
MOST_ROUNDS = 4
"""Times that the examples are gone through, as every fact makes others decidable."""
AGREEMENT = 0.8
"""Share of the examples that speak about a fact which must agree on its value."""
GUESSED = 0.3
"""Confidence of a guess."""
_NUMBERS = ("int", "float")
_DIGIT = 1000


@dataclass(frozen=True)
class Example:
    """A solved question with the program that could answer it."""

    id: str
    text: str
    gold: str
    written: Written


@dataclass
class Evidence:
    """Which values examples speak for, by what is asked."""

    votes: dict[Key, dict[Atom, list[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))

    def facts(self, author: str) -> list[LearnedFact]:
        """The values that enough of the examples agree on."""
        found = []
        for (name, args), values in self.votes.items():
            value, sources = max(values.items(), key=lambda item: len(item[1]))
            share = len(sources) / sum(map(len, values.values()))
            if share >= AGREEMENT:
                trust = (len(sources) + 1) / (sum(map(len, values.values())) + 2)  # Laplace's rule
                found.append(LearnedFact(name, args, value, round(trust, 3), tuple(sorted(set(sources))), author))
        return found

    def known(self) -> dict[Key, Atom]:
        """The same, by what is asked."""
        return {fact.key: fact.value for fact in self.facts(AUTHOR)}


@dataclass
class SymbolicTeacher:
    """Teaches what it can induce.

    Args:
        guesses: whether it also says what it can only guess, as a lesson of its own.
    """

    guesses: bool = True
    name: str = AUTHOR

    def teach(self, family: str, answered: Sequence[Answered]) -> list[Lesson]:
        """Lessons about a family: one that is induced, and perhaps one that is guessed."""
        examples = [
            Example(each.exercise.question.id, each.exercise.question.text, each.exercise.gold, each.written)
            for each in answered
            if each.written is not None
        ]
        by_program: dict[str, list[Example]] = defaultdict(list)
        for example in {each.id: each for each in examples}.values():
            by_program[example.written.program].append(example)
        lessons = []
        for same in by_program.values():
            induced, guessed = induce(same, self.guesses)
            trigger = Trigger(_pattern(answered, same[0]), telling_words(each.text for each in same))
            sources = tuple(each.id for each in same)
            golds = [each.gold for each in same]
            lessons += [_lesson(family, trigger, induced, sources, AUTHOR, golds)] if induced else []
            lessons += [_lesson(family, trigger, guessed, sources, GUESSER, golds)] if guessed else []
        return lessons


def induce(examples: Sequence[Example], guesses: bool = False) -> tuple[list[LearnedFact], list[LearnedFact]]:
    """Facts that the examples determine, and guesses about what they leave open."""
    trials = {example.id: run_trial(example.written, example.text, {}, zero) for example in examples}
    linear = [each for each in examples if _all_numbers(trials[each.id])]
    equations = [it for each in linear if (it := _equation(each, trials[each.id])) is not None]
    numeric = {each.source for each in equations}
    facts, guessed = _from_equations(equations, guesses, trials)
    evidence = Evidence()
    for fact in facts:
        evidence.votes[fact.key][fact.value] += fact.sources
    rest = [each for each in examples if each.id not in numeric and trials[each.id].asked]
    _eliminate(rest, evidence, {fact.key: fact.value for fact in facts})
    settled = {fact.key for fact in facts}
    return [*facts, *(fact for fact in evidence.facts(AUTHOR) if fact.key not in settled)], guessed


def rules_from(facts: Iterable[LearnedFact]) -> list[LearnedRule]:
    """The functions of one number that are a line, as far as these facts tell."""
    points: dict[str, dict[Fraction, LearnedFact]] = defaultdict(dict)
    for fact in facts:
        if len(fact.args) == 1 and all(_is_number(each) for each in (fact.args[0], fact.value)):
            points[fact.name][Fraction(str(fact.args[0]))] = fact
    rules = []
    for name, there in points.items():
        line = line_through({x: Fraction(str(fact.value)) for x, fact in there.items()})
        if line is not None:
            sources = tuple(sorted({source for fact in there.values() for source in fact.sources}))
            trust = round((len(there) - 1) / len(there), 3)
            rules.append(LearnedRule(name, float(line[0]), float(line[1]), trust, sources, AUTHOR))
    return rules


def _lesson(
    family: str,
    trigger: Trigger,
    facts: Sequence[LearnedFact],
    sources: tuple[str, ...],
    author: str,
    golds: Sequence[str],
) -> Lesson:
    rules = rules_from(facts) if author == AUTHOR else []
    names = ", ".join(dict.fromkeys(fact.name for fact in facts))
    how = "solved examples determine" if author == AUTHOR else "solved examples admit, but do not determine,"
    ordered = tuple(sorted(facts, key=lambda fact: (fact.name, tuple(map(str, fact.args)))))
    return Lesson(
        topic=family,
        trigger=trigger,
        summary=(f"Look {names} up before you compute; {how} these values.",),
        knowledge=(*map(str, rules), *map(str, ordered)),
        author=author,
        sources=sources,
        facts=ordered,
        rules=tuple(rules),
        check=numeric_check(golds),
    )


def _pattern(answered: Sequence[Answered], example: Example) -> str:
    patterns = {each.exercise.question.id: each.pattern for each in answered}
    return patterns.get(example.id, "")


def _all_numbers(trial: Trial) -> bool:
    return bool(trial.asked) and all(str(returns) in _NUMBERS for returns in trial.asked.values())


def _is_number(value: Atom) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(text: str | None) -> Fraction | None:
    try:
        return Fraction(text.strip().replace(",", "")) if text is not None else None
    except (ValueError, ZeroDivisionError):
        return None


def _equation(example: Example, at_zero: Trial) -> Equation[Key] | None:
    """The example as an equation; None if its answer does not depend linearly on what is asked.

    It is linear if a run with other values comes out as the coefficients say.
    """
    start, gold = _number(at_zero.text), _number(example.gold)
    if start is None or gold is None:
        return None
    found = _coefficients_at_once(example, at_zero, start) or _coefficients_one_by_one(example, at_zero, start)
    return None if found is None else Equation(example.id, found, gold - start)


def _coefficients_at_once(example: Example, at_zero: Trial, start: Fraction) -> dict[Key, Fraction] | None:
    """Whole coefficients below `_DIGIT / 2`, read off one run as the digits of its answer: 2 runs for 10 unknowns."""
    values: dict[Key, Atom] = {key: _DIGIT**place for place, key in enumerate(at_zero.asked)}
    raised = run_trial(example.written, example.text, values, zero)
    total = _number(raised.text)
    if total is None or raised.asked.keys() != at_zero.asked.keys() or (total - start).denominator != 1:
        return None
    rest, found = int(total - start), dict[Key, Fraction]()
    for key in at_zero.asked:
        digit = (rest + _DIGIT // 2) % _DIGIT - _DIGIT // 2
        found[key], rest = Fraction(digit), (rest - digit) // _DIGIT
    return found if rest == 0 and _is_linear(example, at_zero, start, found) else None


def _coefficients_one_by_one(example: Example, at_zero: Trial, start: Fraction) -> dict[Key, Fraction] | None:
    found: dict[Key, Fraction] = {}
    for key in at_zero.asked:
        raised = run_trial(example.written, example.text, {key: 1}, zero)
        value = _number(raised.text)
        if value is None or raised.asked.keys() != at_zero.asked.keys():
            return None
        found[key] = value - start
    return found if _is_linear(example, at_zero, start, found) else None


def _is_linear(example: Example, at_zero: Trial, start: Fraction, found: Mapping[Key, Fraction]) -> bool:
    values: dict[Key, Atom] = {key: number for number, key in enumerate(at_zero.asked, 3)}
    together = _number(run_trial(example.written, example.text, values, zero).text)
    return together == start + sum(found[key] * Fraction(values[key]) for key in found)


def _from_equations(
    equations: Sequence[Equation[Key]], guesses: bool, trials: Mapping[str, Trial]
) -> tuple[list[LearnedFact], list[LearnedFact]]:
    types = {key: str(returns) for trial in trials.values() for key, returns in trial.asked.items()}
    solution = solve(equations)
    facts = []
    for key, value in solution.values.items():
        if types[key] == "float" or value.denominator == 1:
            whole: Atom = int(value) if value.denominator == 1 else float(value)
            facts.append(LearnedFact(*key, whole, 0.99, solution.sources[key], AUTHOR))
    if not guesses:
        return facts, []
    kept = [each for each in equations if each.source not in solution.contradicting]
    guessed = []
    for key, likely in guess(kept, solution.values).items():
        sources = tuple(each.source for each in kept if key in each.coefficients)
        rounded: Atom = max(0, round(likely)) if types[key] == "int" else round(likely, 3)
        guessed.append(LearnedFact(*key, rounded, GUESSED, sources, GUESSER))
    return facts, guessed


def _eliminate(examples: Sequence[Example], evidence: Evidence, known: Mapping[Key, Atom]) -> None:
    """Gather what each example says about the facts that it asks for, until nothing more comes of it."""
    waiting = list(examples)
    for _ in range(MOST_ROUNDS):
        later = []
        for example in waiting:
            leads = _leads(example, {**evidence.known(), **known})
            if leads is None:
                later.append(example)
                continue
            for key in set.intersection(*(set(each) for each in leads)) if leads else set():
                values = {each[key] for each in leads}
                if len(values) == 1 and key not in known:
                    evidence.votes[key][values.pop()].append(example.id)
        if len(later) == len(waiting):
            return
        waiting = later


def _leads(example: Example, facts: Mapping[Key, Atom]) -> list[dict[Key, Atom]] | None:
    """The assumptions under which the program gives the right answer; None if they are too many to try.

    What is known is assumed first; an example that then cannot come out right tells what is wrong with itself or with
    what is known, so it is tried once more without.
    """
    found = _right_ways(example, facts)
    return found if found is None or found else _right_ways(example, {})


def _right_ways(example: Example, facts: Mapping[Key, Atom]) -> list[dict[Key, Atom]] | None:
    runs, right = 0, list[dict[Key, Atom]]()
    open_ways: list[dict[Key, Atom]] = [{}]
    while open_ways:
        way = open_ways.pop()
        runs += 1
        if runs > MOST_RUNS:
            return None
        trial = run_trial(example.written, example.text, {**facts, **way})
        if trial.opened is not None:
            open_ways += [{**way, trial.opened: value} for value in _domain(trial.asked[trial.opened])]
        elif is_correct(trial.text, example.gold):
            right.append({**{key: facts[key] for key in trial.asked if key in facts}, **way})
    return right


def _domain(returns: Returns) -> Iterator[Atom]:
    options = returns.options()
    if options:
        yield from (option for option in options if isinstance(option, bool | int | float | str))
    elif str(returns) == "int":
        yield from SMALL_NUMBERS
