"""What is told is kept with its history, and contradictions end as the predicates declare."""

from __future__ import annotations

import datetime
import random

import pytest
from brigade.knowledge import BadValue, Entity, Fact, KnowledgeBase, KnowledgeError, Lesson, Status, When
from brigade.knowledge.moments import moment_of, now

VALUES = [
    Entity("a web"), "text", "", "quote \" and 'quote'", "'; DROP TABLE facts; --", "naïve 🕷 \u202e", 0, -7, 2**70,
    1.5, float("inf"), True, False, datetime.date(2024, 2, 29),
    datetime.datetime(2024, 2, 29, 12, 30, 1, 5, tzinfo=datetime.UTC), {"a": [1, None, {"b": "c"}]}, [], None,
    "x" * 10_000_000,
]  # fmt: skip


def year(number: int) -> int:
    return moment_of(datetime.date(number, 1, 1))


def test_every_kind_of_value_comes_back_as_it_was(base: KnowledgeBase) -> None:
    for number, value in enumerate(VALUES):
        base.add_fact(f"subject {number}", "is", value)  # type: ignore[arg-type]
    for number, value in enumerate(VALUES):
        (found,) = base.find(f"subject {number}")
        assert (found.object, type(found.object)) == (value, type(value))
        assert base.find(predicate="is", value=value)[0].subject == f"subject {number}"  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["a\0b", "\ud800", object(), {"a": float("nan")}, datetime.datetime(2024, 1, 1)])
def test_what_no_database_can_keep_is_refused(lite: KnowledgeBase, value: object) -> None:
    with pytest.raises(BadValue):
        lite.add_fact("a", "b", value)  # type: ignore[arg-type]
    assert lite.count()["fact"] == 0


@pytest.mark.parametrize("name", ["", " a", "a\n", "x" * 501, "a\0"])
def test_names_that_cannot_be_are_refused(lite: KnowledgeBase, name: str) -> None:
    with pytest.raises(BadValue):
        lite.add_fact(name, "b", 1)
    with pytest.raises(BadValue):
        lite.add_fact("a", name, 1)


def test_a_single_value_is_superseded_and_stays_in_the_history(base: KnowledgeBase) -> None:
    base.declare("lives in", single=True)
    first = base.add_fact("Ann", "lives in", "Leeds")
    second = base.add_fact("Ann", "lives in", "York")
    assert [fact.object for fact in base.find("Ann")] == ["York"]
    assert second.supersedes == first.id
    old, new = base.history("Ann")
    assert (old.object, old.retracted_at, new.retracted_at) == ("Leeds", second.recorded_at, None)
    assert [f.object for f in base.find("Ann", when=When(believed_at=first.recorded_at))] == ["Leeds"]


def test_many_values_live_beside_each_other(base: KnowledgeBase) -> None:
    base.add_fact("Ann", "knows", "Bob")
    base.add_fact("Ann", "knows", "Cy")
    again = base.add_fact("Ann", "knows", "Bob")
    assert [fact.object for fact in base.find("Ann")] == ["Bob", "Cy"]
    assert again.id == base.find("Ann")[0].id


def test_what_holds_later_leaves_what_held_before(base: KnowledgeBase) -> None:
    base.declare("lives in", single=True)
    base.add_fact("Ann", "lives in", "Leeds", valid_from=year(2010))
    base.add_fact("Ann", "lives in", "York", valid_from=year(2020), valid_to=year(2022))
    for at, home in ((2005, []), (2015, ["Leeds"]), (2021, ["York"]), (2023, ["Leeds"])):
        assert [fact.object for fact in base.find("Ann", when=When(valid_at=year(at)))] == home, at


@pytest.mark.parametrize(
    ("resolution", "stands"), [("latest", "model 0.5"), ("first", "person 0.7"), ("confident", "inference 0.9"),
                               ("trusted", "person 0.7")],
)  # fmt: skip
def test_the_declared_resolution_decides(base: KnowledgeBase, resolution: str, stands: str) -> None:
    base.declare("is", single=True, resolution=resolution)
    for author, confidence in (("person", 0.7), ("inference", 0.9), ("model", 0.5)):
        base.add_fact("it", "is", f"{author} {confidence}", author=author, confidence=confidence)
    assert [fact.object for fact in base.find("it")] == [stands]


def test_a_thousand_contradicting_updates_end_as_declared(base: KnowledgeBase) -> None:
    draw = random.Random(7)
    base.declare("latest", single=True)
    base.declare("sure", single=True, resolution="confident")
    told = [
        Fact(subject=f"s{draw.randrange(5)}", predicate=draw.choice(["latest", "sure", "many"]), object=number,
             confidence=draw.randrange(11) / 10)
        for number in range(1000)
    ]  # fmt: skip
    beliefs: list[tuple[int, dict[tuple[str, str], list[object]]]] = []
    for start in range(0, 1000, 100):
        base.add_facts(told[start : start + 100])
        beliefs.append((base.find(limit=None)[-1].recorded_at, _believed(base)))
    assert beliefs[-1][1] == _expected(told)
    for at, then in beliefs:
        assert _believed(base, When(believed_at=at)) == then
    versions = [fact for number in range(5) for fact in base.history(f"s{number}")]
    lost = [fact for fact in told if fact.predicate == "sure"]
    assert len(versions) >= 1000 - len(lost)


def _believed(base: KnowledgeBase, when: When | None = None) -> dict[tuple[str, str], list[object]]:
    found: dict[tuple[str, str], list[object]] = {}
    for fact in base.find(when=when or When()):
        found.setdefault((fact.subject, fact.predicate), []).append(fact.object)
    return found


def _expected(told: list[Fact]) -> dict[tuple[str, str], list[object]]:
    wanted: dict[tuple[str, str], list[Fact]] = {}
    for fact in told:
        key = (fact.subject, fact.predicate)
        if fact.predicate == "many":
            wanted.setdefault(key, []).append(fact)
        elif fact.predicate == "latest" or key not in wanted or fact.confidence >= wanted[key][0].confidence:
            wanted[key] = [fact]
    return {key: [fact.object for fact in facts] for key, facts in wanted.items()}


def test_a_declared_type_is_kept_to(base: KnowledgeBase) -> None:
    base.declare("legs", kind="integer")
    base.declare("eats", kind="entity")
    with pytest.raises(BadValue, match="integer is wanted"):
        base.add_fact("spider", "legs", "eight")
    assert base.add_fact("spider", "eats", "fly").object == Entity("fly")


def test_lessons_are_found_with_their_statistics(base: KnowledgeBase) -> None:
    lesson = base.add_lesson(
        "plate early", task="soup", trigger="The soup is nearly done", summary=["Fetch a plate first."],
        knowledge=["Cooking takes 20 s."], tags=["plating"], author="model:teacher", confidence=0.8,
    )  # fmt: skip
    base.record_use(lesson, wins=1)
    base.record_use(lesson, losses=1)
    found = base.lesson("plate early")
    assert found is not None
    assert (found.summary, found.uses, found.wins, found.losses) == (("Fetch a plate first.",), 2, 1, 1)
    assert base.statistics(found).worth == 0.5
    assert base.lessons(tags=["plating"]) == [found]
    assert base.lessons(task="another") == []
    newer = base.add_lesson("plate early", summary=["Fetch it when 5 s are left."])
    assert (newer.supersedes, base.lessons()) == (lesson.id, [newer])


def test_nothing_relies_on_what_waits_for_review(base: KnowledgeBase) -> None:
    base.declare("legs", single=True)
    base.add_fact("crab", "legs", 10)
    base.add_fact("crab", "legs", 8, author="model:x", status=Status.PROPOSED)
    assert [fact.object for fact in base.find("crab")] == [10]
    (waiting,) = base.waiting()
    accepted = base.accept(waiting, reviewer="person:ann")
    assert [fact.object for fact in base.find("crab")] == [8]
    assert accepted.note == {"reviewed by": "person:ann"}
    assert base.waiting() == []


def test_what_is_rejected_is_kept_and_not_believed(base: KnowledgeBase) -> None:
    base.add_lesson("wrong", summary=["Burn the soup."], status=Status.PROPOSED)
    (waiting,) = base.waiting()
    base.reject(waiting)
    kept = base.get(Lesson, waiting.id)
    assert (base.waiting(), base.lessons()) == ([], [])
    assert kept is not None
    assert kept.status is Status.REJECTED


def test_what_is_retracted_was_believed_until_then(base: KnowledgeBase) -> None:
    fact = base.add_fact("earth", "is", "flat")
    base.retract(fact, why="seen from a ship")
    assert base.find("earth") == []
    assert [f.object for f in base.find("earth", when=When(believed_at=fact.recorded_at))] == ["flat"]


def test_transactions_have_moments_of_their_own(base: KnowledgeBase) -> None:
    moments = [base.add_fact("a", "b", number).recorded_at for number in range(20)]
    assert sorted(set(moments)) == moments
    assert moments[0] <= now()


def test_a_base_that_cannot_be_opened_says_so_in_a_line() -> None:
    with pytest.raises(KnowledgeError, match="its folder does not exist"):
        KnowledgeBase("/nowhere/at/all.db")
    with pytest.raises(KnowledgeError, match="mysql is not supported"):
        KnowledgeBase("mysql://localhost/x")
    with pytest.raises(KnowledgeError, match="cannot be opened"):
        KnowledgeBase("postgresql://127.0.0.1:1/x")


def test_a_file_that_is_no_database_is_left_alone(tmp_path: object) -> None:
    from pathlib import Path

    file = Path(str(tmp_path)) / "notes.txt"
    file.write_text("my notes" * 1000)
    with pytest.raises(KnowledgeError, match="not a database"):
        KnowledgeBase(file)
    assert file.read_text() == "my notes" * 1000
