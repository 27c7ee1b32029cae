"""Eight tasks of BIG-Bench Hard with gold answers to what the programs ask: every determined answer is right."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from brigade.agents.reasoning.lmulator import End, Library, Lmulator, Settings
from brigade.agents.reasoning.lmulator.records import answer_text
from brigade.agents.reasoning.lmulator.writing import Collection
from gold import GOLD, WRONG_LABELS
from oracle import Oracle

FOLDER = Path(os.environ.get("BRIGADE_BBH", Path(__file__).parents[5] / "shared" / "data" / "bbh"))


def examples(task: str) -> list[dict[str, str]]:
    file = FOLDER / f"{task}.json"
    if not file.is_file():
        pytest.skip(f"{file} is missing: set BRIGADE_BBH to the folder with the eight BIG-Bench Hard files")
    found: list[dict[str, str]] = json.loads(file.read_text(encoding="utf-8"))["examples"]
    return found


@pytest.mark.parametrize("task", GOLD)
def test_every_answer_that_its_program_determines_is_right(task: str) -> None:
    oracle, collection = Oracle(GOLD[task]), Collection()
    runner = Lmulator(person=oracle, settings=Settings(traced=False))
    wrong = []
    for example in examples(task):
        written = collection.write(example["input"], Library())
        assert written is not None
        assert written.by == f"collection:{task}"
        result = runner.run(written.program, question=example["input"], state=written.state)
        if result.end is not End.ANSWERED or answer_text(result.answer) != example["target"]:
            wrong.append((example["input"], example["target"], result.answer, result.message))
    unexpected = [each for each in wrong if not any(a in each[0] and b in each[0] for a, b in WRONG_LABELS)]
    assert not unexpected
    assert len(wrong) <= len(WRONG_LABELS)
    assert oracle.asked or task == "word_sorting"


def test_traced_or_not_a_program_gives_the_same_answer() -> None:
    for task in GOLD:
        for example in examples(task)[:6]:
            written = Collection().write(example["input"], Library())
            assert written is not None
            answers = {
                Lmulator(person=Oracle(GOLD[task]), settings=Settings(traced=traced))
                .run(written.program, question=example["input"], state=written.state)
                .answer
                for traced in (False, True)
            }
            assert len(answers) == 1
