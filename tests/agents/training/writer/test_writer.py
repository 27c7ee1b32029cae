"""The writer learns from programs that were run and are right, never from what tests ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from brigade.agents.cli import app
from brigade.agents.models import Choice, Completion, Message
from brigade.agents.models.protocol import Engine
from brigade.agents.reasoning.lmulator import End, Lmulator
from brigade.agents.reasoning.lmulator.asking import Asker, Cost
from brigade.agents.reasoning.lmulator.bench.accuracy import Kept
from brigade.agents.reasoning.lmulator.completing import completed
from brigade.agents.reasoning.lmulator.limits import Allowance
from brigade.agents.reasoning.lmulator.stubs import Library
from brigade.agents.reasoning.lmulator.writing import ModelWriter, TrainedWriter, trained_turns, writer_of
from brigade.agents.training.writer.asked import WAYS, asked
from brigade.agents.training.writer.data import Rows, is_right, kept_for_tests, of_family, pairs, reasoning_gym
from brigade.agents.training.writer.fit import as_examples
from brigade.agents.training.writer.judging import Candidate, judged, together
from brigade.agents.training.writer.programs import HELD_OUT, MAKERS
from typer.testing import CliRunner


class Maker(Engine):
    """Writes what the makers write, for questions that they know."""

    def __init__(self) -> None:
        super().__init__("maker", remote=False)
        self.asked: list[list[Message]] = []

    def generate(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        schema: Mapping[str, Any] | None = None,
    ) -> Completion:
        self.asked.append(list(messages))
        made = (make(messages[-1].content) for make in MAKERS.values())
        return Completion(next((program for program in made if program), "answer = ("), 1, 1, 0.0)

    def choose(self, messages: Sequence[Message], options: Sequence[str]) -> Choice:
        raise NotImplementedError


@pytest.mark.parametrize("family", MAKERS)
def test_the_programs_of_every_family_are_right_or_left_out(family: str) -> None:
    made = reasoning_gym().create_dataset(family, size=12, seed=900_000)
    programs = [(MAKERS[family](entry["question"]), entry) for entry in made]
    right = [bool(program) and is_right(program or "", made, entry) for program, entry in programs]
    assert sum(right) >= 6
    assert len(of_family(family, 2, 900_000)) == 2


def test_a_wrong_program_is_not_right() -> None:
    made = reasoning_gym().create_dataset("chain_sum", size=1, seed=1)
    assert not is_right("answer = 123456789", made, made[0])
    assert not is_right("answer = unknown(1)", made, made[0])


def test_nothing_that_tests_ask_is_learned_from() -> None:
    learned = pairs(Rows(120))
    assert len(learned) > 100
    for pair in learned:
        assert pair.family in WAYS or pair.question not in kept_for_tests(pair.family)
    assert not {pair.family for pair in learned} & set(HELD_OUT)


@pytest.mark.parametrize("family", WAYS)
def test_other_words_have_patterns_of_their_own_for_tests_and_programs_that_run(family: str) -> None:
    assert not set(WAYS[family].train) & set(WAYS[family].test)
    for pair in asked(family, test=True, size=5, seed=1):
        result = Lmulator().run(completed(pair.program))
        assert result.end is End.ANSWERED or "legs" in result.message


def test_the_writer_is_asked_as_it_was_trained() -> None:
    model = Maker()
    written = TrainedWriter(Asker(model, Allowance(), Cost())).write(" Calculate 1 + 2. ", Library())
    assert written is not None
    assert (written.program, written.by) == ("answer = 1 + 2", "maker")
    assert tuple(model.asked[0]) == trained_turns("Calculate 1 + 2.")
    (example,) = as_examples(asked("sum", test=False, size=1, seed=0))
    assert example.messages[0] == model.asked[0][0]


def test_only_a_model_that_was_trained_to_write_goes_without_examples() -> None:
    assert isinstance(writer_of(Asker(Maker(), Allowance(), Cost())), ModelWriter)


def test_the_test_counts_right_programs_by_family_and_part() -> None:
    done = judged(Candidate("maker", Maker(), True), 2, 100, lambda *_: None)
    by_part = {part: [test for test in done if test.part == part] for part in ("learned", "other words", "held out")}
    assert [len(each) for each in by_part.values()] == [len(MAKERS), len(WAYS), len(HELD_OUT)]
    assert sum(test.right for test in by_part["learned"]) >= 0.8 * sum(test.count for test in by_part["learned"])
    assert sum(test.right for test in by_part["other words"]) == 0
    assert [(test.part, test.count) for test in together(done)] == [
        ("learned", 2 * len(MAKERS)), ("other words", 2 * len(WAYS)), ("held out", 2 * len(HELD_OUT)),
    ]  # fmt: skip


def test_a_test_that_is_cut_short_asks_nothing_twice(tmp_path: Path) -> None:
    first = judged(Candidate("maker", Maker(), True), 1, 100, lambda *_: None, Kept(tmp_path / "tested.jsonl"))
    model = Maker()
    again = judged(Candidate("maker", model, True), 1, 100, lambda *_: None, Kept(tmp_path / "tested.jsonl"))
    assert (again, model.asked) == (first, [])


def test_a_model_that_was_not_trained_is_shown_examples() -> None:
    model = Maker()
    Candidate("maker", model, False).write("Calculate 1 + 2.")
    assert len(model.asked[0]) > 4


def test_an_unknown_stage_is_bad_usage() -> None:
    result = CliRunner().invoke(app, ["train", "writer", "--stage", "dream"])
    assert result.exit_code == 2


KIN = {
    ("Ann", "Ben"): ("wife", "husband"),
    ("Ann", "Cid"): ("mother", "father"),
    ("Cid", "Ben"): ("daughter", "son"),
    ("Cid", "Dora"): ("sister", "brother"),
    ("Ann", "Finn"): ("grandmother", "grandfather"),
    ("Finn", "Ben"): ("granddaughter", "grandson"),
    ("Ann", "Eve"): ("mother-in-law", "father-in-law"),
    ("Eve", "Ann"): ("daughter-in-law", "son-in-law"),
    ("Eve", "Dora"): ("sister-in-law", "brother-in-law"),
    ("Dora", "Finn"): ("aunt", "uncle"),
    ("Finn", "Dora"): ("niece", "nephew"),
    ("Ann", "Zed"): ("unknown", "unknown"),
}


@pytest.mark.parametrize(("who", "whom"), KIN, ids=" ".join)
def test_kinship_names_what_one_is_to_another(who: str, whom: str) -> None:
    program = (
        "from kinship import relation\n"
        f'answer = relation("{who}", "{whom}", [("Ann", "Ben"), ("Cid", "Eve")], {{"Cid": 0, "Dora": 0, "Finn": 1}})'
    )
    assert Lmulator().run(program).answer == KIN[who, whom]
