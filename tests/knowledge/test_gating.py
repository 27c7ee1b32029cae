"""The gate is fitted on labelled questions and judged on topics that it has not seen; recall by words and meaning."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from brigade.agents.cli import app as cli
from brigade.knowledge.bench.gating import DRAWS, fit, recall
from brigade.knowledge.bench.labelled import halves, questions
from brigade.knowledge.retrieval.gate import Gate
from numpy.typing import NDArray
from typer.testing import CliRunner


class Oracle:
    """An encoder that knows what a text is about: the lesson's and its questions' vectors are the same."""

    name = "oracle"

    def __init__(self) -> None:
        named = [topic for half in halves() for topic in half if topic.lesson is not None]
        self._about = {asked.text: asked.topic for asked in questions(named)}

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = []
        for text in texts:
            name = self._about.get(text) or text.split("\n")[0]
            seed = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big")
            row = np.random.default_rng(seed).normal(size=64).astype(np.float32)
            rows.append(row / np.linalg.norm(row))
        return np.stack(rows)


def test_the_halves_share_no_topic_and_no_question() -> None:
    one, other = halves(3)
    assert len(one) == len(other) == 13
    names = [{topic.name for topic in half if topic.lesson} for half in (one, other)]
    assert not names[0] & names[1]
    texts = [{template for topic in half for template in topic.templates} for half in (one, other)]
    assert not texts[0] & texts[1]
    assert questions(one, 1) == questions(one, 1) != questions(one, 2)


@pytest.fixture(scope="module")
def fitted_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gate")
    done = CliRunner().invoke(
        cli, ["train", "gate", "--out", str(folder / "gate.json"), "--json", str(folder / "report.json")]
    )
    assert done.exit_code == 0, done.output
    return folder / "gate.json"


def test_the_command_reports_every_way_on_held_out_topics(fitted_file: Path) -> None:
    report = json.loads((fitted_file.parent / "report.json").read_text())
    ways = {share["way"]: share for share in report["held_out"]}
    assert set(ways) == {"fitted", "set by hand", "always", "never"}
    assert {share["count"] for share in ways.values()} == {DRAWS * (2 * 48 + 12)}
    assert ways["fitted"]["right"] > ways["always"]["right"]
    assert ways["always"]["right"] + ways["never"]["right"] == ways["always"]["count"]
    assert ways["set by hand"]["gain"] == 0
    gate = Gate.load(fitted_file)
    assert gate.weights == tuple(report["gate"]["weights"])
    assert gate.weights[3] > 0, "lessons that have lost are used less"


def test_what_is_close_in_meaning_is_found_where_words_fail() -> None:
    by = {(each.way, each.at): each.found / each.count for each in recall(Oracle(), 50)}
    assert by["words, tags and meaning", 5] > by["words and tags", 5]
    assert by["words, tags and meaning", 5] > 0.9
    assert by["words and tags", 1] > 0.2


def test_a_gate_that_sees_meaning_learns_to_go_by_it() -> None:
    words = fit(0)
    rows = [((0.1, 0.5, 0.5, 0.5, close / 10), close > 5) for close in range(10)] * 5
    gate = Gate.fit(rows)
    assert gate.weights[4] > max(gate.weights[:4])
    assert words.gate.weights[4] == 0
