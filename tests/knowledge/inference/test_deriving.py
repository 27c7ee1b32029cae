"""What follows is kept in the base, follows every change, and explains itself."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from brigade.knowledge import Entity, Fact, KnowledgeBase, When
from brigade.knowledge.inference.deriving import Inference
from brigade.knowledge.inference.engine import InferenceLimit, Limits
from brigade.knowledge.inference.explaining import explain
from brigade.knowledge.moments import now
from brigade.knowledge.rules import RuleError
from sqlalchemy import event


def family(base: KnowledgeBase) -> None:
    base.add_rule("parents", "ancestor(?x, ?y) :- parent(?x, ?y).")
    base.add_rule("further", "ancestor(?x, ?z) :- parent(?x, ?y), ancestor(?y, ?z).", confidence=0.9)
    base.add_rule("childless", "childless(?x) :- person(?x), not has_child(?x).")
    base.add_rule("child", "has_child(?x) :- parent(?x, ?y).")
    base.add_fact("Ann", "parent", "Bob", source="a register")  # a text: names meet whether or not they are entities
    base.add_fact("Bob", "parent", Entity("Cy"), confidence=0.5)
    base.add_fact("Cy", "person", True)


def derived(base: KnowledgeBase) -> set[tuple[str, str, object]]:
    facts = [fact for fact in base.find() if fact.author == "inference"]
    return {(fact.subject, fact.predicate, str(fact.object)) for fact in facts}


def test_what_follows_is_in_the_base_with_its_origin(base: KnowledgeBase) -> None:
    family(base)
    report = Inference(base).infer()
    assert (report.facts, report.rules, report.come) == (3, 4, 6)
    (fact,) = base.find("Ann", "ancestor", Entity("Cy"))
    assert (fact.author, fact.source, fact.confidence) == ("inference", "rule further", 0.45)
    assert base.find("Cy", "childless")


def test_a_change_is_followed_and_nothing_else_is_touched(base: KnowledgeBase) -> None:
    family(base)
    inference = Inference(base)
    inference.infer()
    kept = base.find("Ann", "ancestor", "Bob")
    base.add_fact("Cy", "parent", Entity("Di"))
    report = inference.infer()
    assert (report.come, report.gone) == (4, 1)  # three ancestors and a child; Cy is no more childless
    assert base.find("Ann", "ancestor", "Bob") == kept
    base.retract(base.find("Ann", "parent")[0])
    report = inference.infer()
    assert report.gone == 4
    assert base.find("Ann", "ancestor") == []
    assert inference.infer().come == 0


def test_a_second_process_follows_what_the_first_has_done(base: KnowledgeBase) -> None:
    family(base)
    Inference(base).infer()
    before = base.find()
    again = Inference(base).infer()
    assert (again.come, again.gone, base.find()) == (0, 0, before)
    one, other = Inference(base), Inference(base)
    one.infer()
    other.infer()
    base.add_fact("Cy", "parent", "Di")
    one.infer()
    assert (other.infer().otherwise, one.infer().come) == (0, 0)
    assert len(derived(base)) == len([fact for fact in base.find() if fact.author == "inference"])


def test_a_rule_that_changes_changes_what_follows(base: KnowledgeBase) -> None:
    family(base)
    inference = Inference(base)
    inference.infer()
    base.add_rule("childless", "childless(?x) :- person(?x), not parent(?x, Nobody).")
    base.retract(next(rule for rule in base.rules() if rule.name == "further"))
    inference.infer()
    assert ("Ann", "ancestor", "Cy") not in derived(base)
    assert ("Cy", "childless", "True") in derived(base)


def test_a_surer_fact_makes_what_follows_surer(base: KnowledgeBase) -> None:
    family(base)
    inference = Inference(base)
    inference.infer()
    base.add_fact("Bob", "parent", Entity("Cy"), confidence=1.0)
    inference.infer()
    assert base.find("Ann", "ancestor", Entity("Cy"))[0].confidence == 0.9


def test_what_follows_from_the_private_is_private(base: KnowledgeBase) -> None:
    base.add_rule("ill", "off_work(?x) :- ill(?x).")
    base.add_fact("Ann", "ill", True, private=True)
    base.add_fact("Bob", "ill", True)
    Inference(base).infer()
    assert [(fact.subject, fact.private) for fact in base.find(predicate="off_work")] == [("Ann", True), ("Bob", False)]


def test_what_no_longer_holds_supports_nothing(lite: KnowledgeBase, monkeypatch: pytest.MonkeyPatch) -> None:
    lite.add_rule("open", "sells(?x, bread) :- is_open(?x).")
    lite.add_fact("bakery", "is_open", True, valid_from=now() - 10**9, valid_to=now() + 10**9)
    inference = Inference(lite)
    assert inference.infer().derived == 1
    monkeypatch.setattr("brigade.knowledge.inference.deriving.now", lambda: now() + 2 * 10**9)
    assert inference.infer().derived == 0
    assert lite.find("bakery", "sells") == []


def test_changes_one_by_one_end_where_deriving_everything_does(lite: KnowledgeBase, tmp_path: Path) -> None:
    draw = random.Random(5)
    family(lite)
    lite.declare("lives", single=True)
    lite.add_rule("home", "lives(?y, ?p) :- parent(?x, ?y), lives(?x, ?p).")
    inference = Inference(lite)
    for _ in range(40):
        name = draw.choice("abcde")
        if draw.random() < 0.3 and (facts := [f for f in lite.find(name) if f.author == "person"]):
            lite.retract(draw.choice(facts))
        elif draw.random() < 0.5:
            lite.add_fact(name, "lives", draw.choice(["Leeds", "York"]), confidence=draw.random())
        else:
            lite.add_fact(name, draw.choice(["parent", "person"]), Entity(draw.choice("fghij")))
        inference.infer()
    stepwise = derived(lite)
    with KnowledgeBase(tmp_path / "fresh.db") as fresh:
        for predicate in lite.predicates().values():
            fresh.declare(predicate.name, single=predicate.single)
        for rule in lite.rules():
            fresh.add_rule(rule.name, rule.text)
        fresh.add_facts(
            Fact(subject=f.subject, predicate=f.predicate, object=f.object) for f in lite.find() if f.author == "person"
        )
        Inference(fresh).infer()
        assert derived(fresh) == stepwise


def test_the_explanation_goes_down_to_what_was_told(base: KnowledgeBase) -> None:
    family(base)
    Inference(base).infer()
    (fact,) = base.find("Ann", "ancestor", Entity("Cy"))
    lines = [line.split("  [")[0] for line in explain(base, fact).lines()]
    assert lines[0].startswith("ancestor(Ann, Cy).  by rule further: ancestor(?x, ?z)")
    assert lines[1].startswith('    parent(Ann, "Bob").  told by person, a register')
    assert lines[2].startswith("    ancestor(Bob, Cy).  by rule parents")
    assert lines[3].startswith("        parent(Bob, Cy).  told by person, 0.5")
    (alone,) = base.find("Cy", "childless")
    assert list(explain(base, alone).lines())[2] == "    not has_child(Cy)  (nothing says so)"


def test_what_was_believed_then_is_still_explained(base: KnowledgeBase) -> None:
    family(base)
    inference = Inference(base)
    inference.infer()
    at = now()
    base.retract(base.find("Ann", "parent")[0])
    inference.infer()
    (then,) = base.find("Ann", "ancestor", Entity("Cy"), when=When(believed_at=at))
    assert len(list(explain(base, then).lines())) == 4


def test_what_has_no_end_leaves_the_base_as_it_was(base: KnowledgeBase) -> None:
    base.add_rule("count", "n(?x, ?j) :- n(?x, ?i), ?j = ?i + 1.")
    base.add_fact("a", "n", 0)
    inference = Inference(base, Limits(derived=500))
    with pytest.raises(InferenceLimit, match="'count'"):
        inference.infer()
    assert len(base.find()) == 1


def test_rules_that_do_not_go_together_are_refused(base: KnowledgeBase) -> None:
    base.add_rule("a", "p(?x) :- q(?x), not r(?x).")
    with pytest.raises(RuleError, match="cyclic"):
        base.add_rule("b", "r(?x) :- p(?x).")
    with pytest.raises(RuleError, match="unsafe"):
        base.add_rule("c", "r(?y) :- p(?x).")
    assert [rule.name for rule in base.rules()] == ["a"]


def test_values_that_rules_derive_beside_each_other_are_reported(lite: KnowledgeBase) -> None:
    lite.declare("legs", single=True)
    lite.add_rule("insects", "legs(?x, 6) :- insect(?x).")
    lite.add_rule("pets", "legs(?x, 4) :- pet(?x).")
    lite.add_fact("ant", "insect", True)
    lite.add_fact("ant", "pet", True)
    assert Inference(lite).infer().contradictions


def test_a_long_chain_is_derived_and_explained(lite: KnowledgeBase) -> None:
    lite.add_rule("next", "reached(?y) :- reached(?x), next(?x, ?y).")
    lite.add_facts(Fact(subject=f"n{i}", predicate="next", object=Entity(f"n{i + 1}")) for i in range(3000))
    lite.add_fact("n0", "reached", True)
    assert Inference(lite).infer().come == 3000
    assert sum(1 for _ in explain(lite, lite.find("n3000", "reached")[0]).lines()) > 60


def test_a_step_reads_what_has_changed_and_not_the_whole_table(lite: KnowledgeBase) -> None:
    family(lite)
    inference = Inference(lite)
    inference.infer()
    lite.add_fact("Cy", "parent", Entity("Di"))
    asked: list[tuple[str, object]] = []
    event.listen(lite.database.engine, "before_cursor_execute", lambda *given: asked.append((given[2], given[3])))
    assert inference.infer().come == 4
    with lite.database.reading() as connection:
        plans = [
            str(line)
            for statement, values in asked.copy()
            if statement.startswith("SELECT facts")
            for line in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)  # type: ignore[arg-type]
        ]
    assert plans
    assert not [line for line in plans if "SCAN facts" in line]
