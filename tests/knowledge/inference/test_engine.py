"""The engine gives the answers that clingo gives, for whole programs and after every change."""

from __future__ import annotations

import random

import clingo
import pytest
from brigade.knowledge import Entity
from brigade.knowledge.inference.engine import Engine, Ground, InferenceLimit, Limits
from brigade.knowledge.rules import Clause, RuleError, read_rule

PREDICATES = "pqrstu"
NAMES = "abcde"
Triple = tuple[str, object, object]


def random_clauses(draw: random.Random, count: int) -> list[str]:
    """Rules over p to u: recursive, negated, comparing, counting up to a bound."""
    rules = []
    for _ in range(count):
        head = draw.choice(PREDICATES)
        body = [f"{draw.choice(PREDICATES)}(?x, ?y)"]
        last = "?y"
        if draw.random() < 0.6:
            body.append(f"{draw.choice(PREDICATES)}(?y, ?z)")
            last = "?z"
        if draw.random() < 0.4:
            body.append(f"not {draw.choice(PREDICATES)}({draw.choice(['?x', '?y'])}, {draw.choice([last, 'a', '?x'])})")
        if draw.random() < 0.3:
            body.append(f"?x != {draw.choice([last, 'a'])}")
        if draw.random() < 0.2:
            body += [f"n(?x, ?i), ?i < {draw.randrange(6)}, ?j = ?i + 1"]
            rules.append(f"n(?x, ?j) :- {', '.join(body)}.")
            continue
        draw.shuffle(body)
        rules.append(
            f"{head}({draw.choice(['?x', last])}, {draw.choice(['?x', '?y', last, 'b'])}) :- {', '.join(body)}."
        )
    return rules


def stratified(rules: list[str]) -> list[Clause]:
    """As many of the rules as go together."""
    kept: list[Clause] = []
    for number, text in enumerate(rules):
        try:
            candidate = [*kept, read_rule(f"r{number}", text)]
            Engine(candidate)
        except RuleError:
            continue
        kept = candidate
    return kept


def oracle(clauses: list[Clause], told: set[Triple]) -> set[Triple]:
    """What clingo says follows."""
    program = [str(clause).replace("?", "V_") for clause in clauses]
    program += [f"{predicate}({subject},{value})." for predicate, subject, value in told]
    control = clingo.Control(["--warn=none"])
    control.add("base", [], "\n".join(program))
    control.ground([("base", [])])
    found: set[Triple] = set()
    with control.solve(yield_=True) as handle:
        for model in handle:
            for symbol in model.symbols(atoms=True):
                one, other = symbol.arguments
                value = other.number if other.type is clingo.SymbolType.Number else other.name
                found.add((symbol.name, one.name, value))
    return found


def as_ground(engine: Engine, triple: Triple) -> Ground:
    predicate, subject, value = triple
    return engine.ground(str(subject), predicate, Entity(value) if isinstance(value, str) else value)  # type: ignore[arg-type]


def everything(engine: Engine) -> set[Triple]:
    found: set[Triple] = set()
    for predicate, subject, value in [*engine.told, *engine.derived]:
        shown = engine.symbols.value(value)
        found.add((predicate, str(engine.symbols.value(subject)), shown.name if isinstance(shown, Entity) else shown))
    return found


def random_facts(draw: random.Random, count: int) -> set[Triple]:
    facts: set[Triple] = {(draw.choice(PREDICATES), draw.choice(NAMES), draw.choice(NAMES)) for _ in range(count)}
    return facts | {("n", draw.choice(NAMES), draw.randrange(3))}


@pytest.mark.parametrize("seed", range(60))
def test_the_answers_are_those_of_clingo_after_every_change(seed: int) -> None:
    draw = random.Random(seed)
    clauses = stratified(random_clauses(draw, 8))
    engine = Engine(clauses)
    told: set[Triple] = set()
    for _ in range(8):
        come = random_facts(draw, draw.choice([1, 6])) - told
        gone = set(draw.sample(sorted(told, key=str), min(len(told), draw.randrange(4))))
        told = (told | come) - gone
        before = set(engine.derived)
        step = engine.change((as_ground(engine, fact) for fact in come), (as_ground(engine, fact) for fact in gone))
        assert everything(engine) == oracle(clauses, told)
        assert set(engine.derived) == (before | set(step.come)) - set(step.gone)
        assert_well_founded(engine)


def assert_well_founded(engine: Engine) -> None:
    """Every derivation stands on facts that are there, on none that should not be, and goes in no circle."""
    depth: dict[Ground, int] = {}

    def look(fact: Ground, above: tuple[Ground, ...]) -> None:
        assert fact not in above
        if fact in engine.told or fact in depth:
            return
        derivation = engine.derived[fact]
        assert not any(engine.holds(each) for each in derivation.absent)
        for each in derivation.facts:
            look(each, (*above, fact))
        depth[fact] = 1

    for fact in engine.derived:
        look(fact, ())


def test_what_was_told_bars_what_would_be_derived() -> None:
    clause = read_rule("six", "legs(?x, 6) :- insect(?x).")
    engine = Engine([clause], single=["legs"])
    ant, six = engine.ground("ant", "insect", True), engine.ground("ant", "legs", 6)
    five = engine.ground("ant", "legs", 5)
    assert list(engine.change([ant]).come) == [six]
    assert list(engine.change([five]).gone) == [six]
    assert list(engine.change([], [five]).come) == [six]
    assert list(engine.change([six]).gone) == [six]  # told now, and no longer derived
    assert list(engine.change([], [six]).come) == [six]


def test_a_fact_that_another_rule_proves_stays() -> None:
    clauses = [
        read_rule("one", "c(?x) :- a(?x)."),
        read_rule("two", "c(?x) :- b(?x)."),
        read_rule("on", "d(?x) :- c(?x)."),
    ]
    engine = Engine(clauses)
    a, b, c = (engine.ground("k", name, True) for name in "abc")
    engine.change([a, b])
    step = engine.change([], [a])
    assert (list(step.come), list(step.gone), list(step.otherwise)[:1]) == ([], [], [c])
    assert len(engine.change([], [b]).gone) == 2


@pytest.mark.parametrize(
    ("text", "given", "wanted"),
    [
        ("total(?x, ?t) :- price(?x, ?p), ?t = ?p * 3 + 1.", 4, 13),
        ("total(?x, ?t) :- price(?x, ?p), ?t = (?p - 1) * (2 + ?p).", 4, 18),
        ("total(?x, ?t) :- price(?x, ?p), ?t = ?p / 8.", 4, 0.5),
        ("total(?x, ?t) :- price(?x, ?p), ?t = ?p // 3 + ?p % 3.", 4, 2),
        ("total(?x, ?t) :- price(?x, ?p), ?t = ?p / (?p - 4).", 4, None),
        ("total(?x, ?t) :- price(?x, ?p), ?t = ?p + 1.", "four", None),
        ("total(?x, ?t) :- price(?x, ?p), ?t = ?p + 1.", True, None),
        ("total(?x, ?t) :- price(?x, ?p), ?p >= 4, ?t = ?p.", 4, 4),
        ("total(?x, ?t) :- price(?x, ?p), ?p > 4, ?t = ?p.", 4, None),
        ("total(?x, ?t) :- price(?x, ?p), ?p != four, ?t = ok.", "four", None),
        ("total(?x, ok) :- price(?x, \"four\").", Entity("four"), Entity("ok")),
    ],
)  # fmt: skip
def test_sums_and_comparisons(text: str, given: object, wanted: object) -> None:
    engine = Engine([read_rule("r", text)])
    step = engine.change([engine.ground("soup", "price", given)])  # type: ignore[arg-type]
    found = [engine.symbols.value(value) for _, _, value in step.come]
    assert found == ([] if wanted is None else [wanted])


def test_what_has_no_end_is_stopped() -> None:
    engine = Engine([read_rule("count", "n(?x, ?j) :- n(?x, ?i), ?j = ?i + 1.")], limits=Limits(derived=1000))
    with pytest.raises(InferenceLimit, match="rule 'count': more than 1000"):
        engine.change([engine.ground("a", "n", 0)])
    engine = Engine([read_rule("count", "n(?x, ?j) :- n(?x, ?i), ?j = ?i + 1.")], limits=Limits(seconds=0.05))
    with pytest.raises(InferenceLimit, match="not done after"):
        engine.change([engine.ground("a", "n", 0)])


def test_numbers_that_grow_without_end_are_stopped() -> None:
    engine = Engine([read_rule("square", "n(?x, ?j) :- n(?x, ?i), ?j = ?i * ?i.")])
    assert len(engine.change([engine.ground("a", "n", 2)]).come) < 20
