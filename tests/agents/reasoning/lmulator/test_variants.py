"""The paper's variants on the same question; families of questions with common knowledge; second runs; overhead."""

from __future__ import annotations

import pytest
from brigade.agents.reasoning.lmulator import Library, Settings
from brigade.agents.reasoning.lmulator.bench.families import SecondRun, accuracy, items_of, second_runs, wilson
from brigade.agents.reasoning.lmulator.bench.overhead import overhead
from brigade.agents.reasoning.lmulator.knowing import common_knowledge
from brigade.agents.reasoning.lmulator.variants import VARIANTS, Bench
from brigade.agents.reasoning.lmulator.writing import Collection, Written
from models import Told

PROGRAM = Written("def legs(animal: str) -> int: ...\nanswer = legs('hen') + legs('dog')", "a test")
PURE = Written("answer = 2 + 4", "a test")


def said(variant: str, written: Written, say: object) -> tuple[str | None, int]:
    bench = Bench(Told(lambda text: say), Settings(traced=False), common_knowledge())
    told = VARIANTS[variant](bench, "How many legs?", written)
    return told.answer, told.cost.calls


def test_every_variant_does_what_its_name_says() -> None:
    assert said("interweave", PROGRAM, 3) == ("6", 2)
    assert said("code + knowledge", PROGRAM, 3) == ("6", 0)
    assert said("Python only", PROGRAM, 3) == (None, 0)
    assert said("Python only", PURE, 3) == ("6", 0)
    assert said("try Python except LM", PROGRAM, '{"answer": "7"}') == ("7", 1)
    assert said("try Python except LM", PURE, '{"answer": "7"}') == ("6", 0)
    trace = "{}\nline: answer = 6\ndelta state: {'answer': 6}"
    assert said("try Python except LM state", PROGRAM, trace) == ("6", 1)
    assert said("LM state", PURE, trace) == ("6", 1)
    assert said("LM state", PURE, "{} no trace") == (None, 1)
    assert said("LM", PURE, '{"answer": "8"}') == ("8", 1)
    assert said("direct", PURE, '{"answer": "8"}') == ("8", 1)
    assert said("chain of thought", PURE, "{2 and 4 make 6. The answer is 6.") == ("6", 1)


FAMILIES = ("leg_counting", "family_relationships", "letter_counting", "calendar_arithmetic", "aiw", "needle_haystack")


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_has_programs_that_answer_what_needs_no_meaning(family: str) -> None:
    items = items_of(family, 30, 77)
    matched = [item for item in items if Collection().write(item.question, Library())]
    assert len(matched) >= 15
    right = 0
    for item in matched:
        bench = Bench(Told(lambda text: 0.0), Settings(traced=False), common_knowledge())
        told = VARIANTS["code + knowledge"](bench, item.question, Collection().write(item.question, Library()))
        right += item.score(told.answer)
    assert right >= 0.6 * len(matched)


def second_run(size: int) -> SecondRun:
    model = Told(lambda text: 4.0 if "female" not in text else 0.9)
    (run,) = second_runs(
        ["leg_counting"], model,
        writer=Collection(), size=size, seed=3, settings=Settings(), progress=lambda *_: None,
    )  # fmt: skip
    return run


def test_a_second_run_asks_nobody_and_says_the_same() -> None:
    run = second_run(10)
    assert run.first_calls > 10
    assert (run.second_calls, run.same_answers) == (0, True)


def test_other_questions_of_the_same_family_ask_far_less() -> None:
    run = second_run(30)
    assert run.other_calls <= 0.3 * run.other_alone


def test_unknown_variants_and_families_are_told() -> None:
    with pytest.raises(ValueError, match="unknown variant 'guess'"):
        accuracy(
            ["aiw"], ["guess"], Told(lambda text: 1),
            writer=Collection(), size=1, seed=0, settings=Settings(), progress=lambda *_: None,
        )  # fmt: skip
    with pytest.raises(ValueError, match="no family 'chess'"):
        items_of("chess", 1, 0)


def test_wilson_is_the_published_interval() -> None:
    low, high = wilson(8, 10)
    assert (round(low, 3), round(high, 3)) == (0.49, 0.943)
    assert wilson(0, 5)[0] == 0.0


def test_overhead_is_measured_for_programs_suspensions_and_many_at_once() -> None:
    timings = {timing.what: timing for timing in overhead(rounds=3)}
    assert all(timing.p50 > 0 for timing in timings.values() if "suspension" not in timing.what)
    assert any("1,000 programs" in what for what in timings)


@pytest.mark.slow
def test_the_machinery_costs_at_most_2_ms_a_program_and_1_ms_a_suspension() -> None:
    timings = {timing.what: timing for timing in overhead(rounds=200)}
    assert timings["20 lines, new text each time"].p50 <= 2
    assert timings["20 lines, new text each time, traced"].p50 <= 2
    assert timings["a suspension, answered at once"].p50 <= 1
