"""What a question needs is found by words, tags, names and meaning; and the gate tells whether it is needed."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from brigade.knowledge import Entity, Fact, KnowledgeBase, Lesson
from brigade.knowledge.retrieval import dense, lexical
from brigade.knowledge.retrieval.gate import Gate
from brigade.knowledge.retrieval.search import Search
from numpy.typing import NDArray


def kitchen(base: KnowledgeBase) -> None:
    base.add_lesson("plating", trigger="The soup is nearly done", summary=["Fetch a plate early."], tags=["plate"])
    base.add_lesson("fire", trigger="A pot burns over", summary=["Take the extinguisher."], tags=["fire"])
    base.add_lesson("percent", trigger="A price rises by a percentage", summary=["Multiply by one plus the rate."])
    base.add_fact("Bob", "likes", Entity("tomato soup"))
    base.add_fact("tomato soup", "needs", Entity("tomato"))
    base.add_fact("Ann", "likes", Entity("salad"))


def test_rare_words_decide_and_common_ones_do_not_drown_them(base: KnowledgeBase) -> None:
    base.add_facts(Fact(subject=f"thing {n}", predicate="is", object=f"common words {n % 7}") for n in range(300))
    base.add_fact("it", "is", "a zeppelin of common words")
    with base.database.reading() as connection:
        hits = lexical.search(connection, Fact, "which common words describe zeppelins?", 5)
    assert hits[0].id == base.find("it")[0].id


def test_common_words_alone_still_find_something(base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexical, "SCORED", 20)
    base.add_facts(Fact(subject=f"thing {n}", predicate="is", object="common words") for n in range(60))
    with base.database.reading() as connection:
        assert len(lexical.search(connection, Fact, "common words", 5)) == 5
        assert lexical.search(connection, Fact, "!?", 5) == []
        assert lexical.search(connection, Fact, 'never " OR * NEAR(', 5) == []


def test_names_lead_to_what_is_near_them(base: KnowledgeBase) -> None:
    kitchen(base)
    hits = Search(base).search("What does Bob want?", kind="facts")
    assert [hit.record.subject for hit in hits if isinstance(hit.record, Fact)][:2] == ["Bob", "tomato soup"]
    assert "graph" in hits[1].by


def test_what_is_retracted_or_superseded_is_not_found(base: KnowledgeBase) -> None:
    kitchen(base)
    lesson = base.lesson("fire")
    assert lesson is not None
    base.add_lesson("plating", trigger="Dishes are dirty", summary=["Wash them."])
    base.retract(lesson)
    assert Search(base).lessons("a pot burns") == []
    assert Search(base).lessons("the soup is nearly done") == []


def test_lessons_that_lose_sink_and_those_that_win_rise(base: KnowledgeBase) -> None:
    for name in ("one", "two"):
        base.add_lesson(name, trigger="a question about dates", summary=["Count the days."])
    one, two = base.lessons()
    base.record_use(one, uses=9, losses=9)
    base.record_use(two, uses=9, wins=9)
    assert [lesson.name for lesson in Search(base).lessons("a question about dates")] == ["two", "one"]


class Letters:
    """An encoder that counts pairs of letters."""

    name = "letters"

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), 128), np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for one, other in itertools.pairwise(text):
                row[(ord(one) * 31 + ord(other)) % 128] += 1
        vectors -= vectors.mean(axis=1, keepdims=True)
        unit: NDArray[np.float32] = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        return unit


def test_meaning_finds_what_no_word_does(base: KnowledgeBase) -> None:
    kitchen(base)
    search = Search(base, Letters())
    assert dense.index(base, Letters()) == 3
    assert dense.index(base, Letters()) == 0
    hit = search.search("percentages-of-prices", kind="lessons")[0]
    assert isinstance(hit.record, Lesson)
    assert (hit.record.name, "meaning" in hit.by) == ("percent", True)
    base.add_lesson("late", trigger="qqqq zzzz qqqq")
    dense.index(base, Letters())
    assert search.lessons("qqqqzzzz")[0].name == "late"


def test_two_steps_find_nearly_what_a_full_search_does() -> None:
    draw = np.random.default_rng(0)
    middles = draw.normal(size=(50, 384))
    full = (middles[draw.integers(50, size=5000)] + 0.8 * draw.normal(size=(5000, 384))).astype(np.float32)
    full /= np.linalg.norm(full, axis=1, keepdims=True)
    vectors = dense.Vectors(np.arange(5000), full, dense.signs_of(full))
    found = 0
    for number in range(40):
        query = full[number] + 0.03 * draw.normal(size=384).astype(np.float32)
        wanted = set(np.argsort(-(full @ query))[:10].tolist())
        found += len(wanted & {hit.id for hit in vectors.nearest(query.astype(np.float32), 10)})
    assert found >= 0.95 * 400


def test_the_gate_looks_at_the_question_and_not_at_the_task_alone(base: KnowledgeBase) -> None:
    kitchen(base)
    gate, search = Gate(), Search(base)
    yes = gate.decide(base, search, "The soup is nearly done and nobody has a plate: what now?")
    no = gate.decide(base, search, "Who wrote the letter that was found done up in the attic of Harrow House in 1911?")
    assert (yes.retrieve, [lesson.name for lesson in yes.lessons]) == (True, ["plating"])
    assert (no.retrieve, no.lessons) == (False, ())
    assert not gate.decide(base, search, "zzz").retrieve


def test_a_gate_learns_from_what_helped(tmp_path: Path) -> None:
    draw = random.Random(0)
    rows = []
    for _ in range(400):
        features = (draw.random(), draw.random(), draw.random(), draw.random(), draw.random())
        rows.append((features, draw.random() < 1 / (1 + np.exp(-(8 * features[0] - 4)))))
    gate = Gate.fit(rows[:300])
    right = sum((gate.probability(features) >= 0.5) == helped for features, helped in rows[300:])
    assert right >= 75
    assert gate.weights[0] > 3 * max(map(abs, gate.weights[1:]))
    gate.save(tmp_path / "gate.json")
    assert Gate.load(tmp_path / "gate.json") == gate
    (tmp_path / "gate.json").write_text("[]")
    with pytest.raises(ValueError, match="no gate"):
        Gate.load(tmp_path / "gate.json")
