"""The paper's variants on the same question; families of questions with common knowledge; second runs; overhead."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from brigade.agents.reasoning.lmulator import Library, Settings
from brigade.agents.reasoning.lmulator.bench.accuracy import Contest, Kept, Score, accuracy
from brigade.agents.reasoning.lmulator.bench.families import SecondRun, items_of, second_runs, wilson
from brigade.agents.reasoning.lmulator.bench.overhead import overhead
from brigade.agents.reasoning.lmulator.knowing import common_knowledge
from brigade.agents.reasoning.lmulator.variants import VARIANTS, Bench
from brigade.agents.reasoning.lmulator.writing import Collection, Writer, Written
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


class Same:
    """Writes one program, whatever is asked."""

    def __init__(self, program: str) -> None:
        self.program = program
        self.asked = 0

    def write(self, question: str, library: Library) -> Written:
        self.asked += 1
        return Written(self.program, "a test")


def scores(model: Told, variants: Sequence[str], keep: Path | None = None, **writers: Writer) -> list[Score]:
    contest = Contest(model, writers or {"shipped": Collection()}, Settings(), Kept(keep))
    return accuracy(contest, ["leg_counting"], variants, size=3, seed=3, progress=lambda *_: None)


def test_a_measurement_that_is_cut_short_goes_on_with_what_it_kept(tmp_path: Path) -> None:
    kept = tmp_path / "kept.jsonl"
    first = scores(Told(lambda text: 4.0), ["interweave", "Python only"], kept, shipped=Collection())
    kept.write_text("\n".join(kept.read_text().splitlines()[:-1]) + "\n")  # the last answer is lost
    model, writer = Told(lambda text: 5.0), Same("answer = 1")
    assert scores(model, ["interweave", "Python only"], kept, shipped=writer) == first
    assert (len(model.asked), writer.asked) == (0, 0)
    kept.write_text("no result")
    with pytest.raises(ValueError, match=r"kept.jsonl:1: not a kept result"):
        scores(model, ["interweave"], kept)


def test_programs_of_a_second_writer_are_a_line_of_their_own_where_they_run() -> None:
    model = Told(lambda text: '{"answer": "7"}')
    done = scores(model, ["interweave", "LM", "direct"], first=Same("answer = 1"), second=Same("answer = unknown("))
    assert [(score.variant, score.writer) for score in done] == [
        ("interweave", "first"), ("LM", "first"), ("direct", "first"), ("interweave", "second"),
    ]  # fmt: skip


def test_what_falls_back_on_the_model_takes_what_the_model_alone_said() -> None:
    model = Told(lambda text: '{"answer": "7"}')
    alone, fallen = scores(model, ["LM", "try Python except LM"], one=Same("answer = unknown(1)"))
    assert (alone.calls, fallen.calls, len(model.asked)) == (3, 3, 3)
    (python,) = scores(model, ["try Python except LM"], one=Same("answer = 7"))
    assert python.calls == 0


def test_unknown_variants_and_families_are_told() -> None:
    with pytest.raises(ValueError, match="unknown variant 'guess'"):
        scores(Told(lambda text: 1), ["guess"])
    with pytest.raises(ValueError, match="no family 'chess'"):
        items_of("chess", 1, 0)


def test_a_file_of_questions_is_a_family_too(tmp_path: Path) -> None:
    file = tmp_path / "object_counting.json"
    rows = [{"input": f"What is {number} + 1?", "target": f"({number + 1})"} for number in range(9)]
    file.write_text(json.dumps({"examples": rows}))
    items = items_of(str(file), 4, 2)
    assert [item.question for item in items] == [item.question for item in items_of(str(file), 4, 2)]
    assert len(items) == 4
    assert {item.family for item in items} == {"object_counting"}
    number = int(items[0].question.split()[2])
    assert [items[0].score(said) for said in (f"{number + 1}", f"({number + 1}).", "12", None)] == [
        True,
        True,
        False,
        False,
    ]
    file.write_text('{"rows": []}')
    with pytest.raises(ValueError, match=r"object_counting.json: not"):
        items_of(str(file), 4, 2)


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
