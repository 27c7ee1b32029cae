"""The readable form: out and back in exactly, edited by hand, and wrong in every way."""

from __future__ import annotations

import datetime
import random
from pathlib import Path

import pytest
from brigade.knowledge import Entity, Fact, KnowledgeBase, Status
from brigade.knowledge.records import Record
from brigade.knowledge.syntax import written
from brigade.knowledge.text.exchange import KINDS, export, files_in, import_files
from brigade.knowledge.text.reading import TextError, read_topic
from hypothesis import given, settings
from hypothesis import strategies as st

WORDS = [
    "spider",
    "praying mantis",
    "true",
    "not",
    "o'clock",
    'a "b"',
    "back\\slash",
    "ünïcode",
    "?x",
    "7up",
    "a.b",
    "#",
]
VALUES = [
    Entity("a web"), Entity("null"), "text", "two\nlines\u2028three\x85four", "'; DROP TABLE facts; --", "", 0, -7, 2**80, 1.5,
    -1e-7, 1e22, float("inf"), float("-inf"), True, False, None, [], {"a": [1, {"b": "\u2028"}]},
    datetime.date(2024, 2, 29), datetime.datetime(2024, 2, 29, 12, 30, 1, 5, tzinfo=datetime.UTC),
    datetime.datetime(2024, 2, 29, tzinfo=datetime.UTC),
]  # fmt: skip


def state(base: KnowledgeBase) -> tuple[object, ...]:
    records: list[Record] = [record for kind in KINDS for record in base._all(kind, None)]
    return base.predicates(), [repr(record) for record in records]


def contents(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text() for file in sorted(folder.iterdir())}


def fill(base: KnowledgeBase) -> None:
    """A base with some of everything, and a history."""
    draw = random.Random(3)
    base.declare("legs", single=True, kind="integer", about='How "many"', topic="animals")
    base.declare("is", single=True, resolution="confident")
    episode = base.add_episode("game 12", "Two cooks,\nfour soups.", topic="games")
    for number, value in enumerate(VALUES):
        base.add_fact(
            draw.choice(WORDS), draw.choice(WORDS), value, topic=draw.choice(["general", "Animals", "animals", "a/b"]),  # type: ignore[arg-type]
            confidence=draw.random(), source=draw.choice(["", "a\nsource", "x" * 300]), private=number % 5 == 0,
            valid_from=draw.choice([None, 0, 123456789]), episode=episode.id, note={"k": [number]},
        )  # fmt: skip
    for number in range(40):
        base.add_fact(
            f"it {number % 3}", "is", number, confidence=draw.random(), author=draw.choice(["person", "model:a b"])
        )
        base.add_fact("spider", "legs", number % 7)
    base.add_rule("grand parent", "gp(?x,?z):-parent(?x,?y),parent(?y,?z),?z!='a. b', not dead(?z).")
    base.add_rule("sum", "total(?x, ?t) :- price(?x, ?p), ?t = (?p + 1) * 2.5, ?t >= -3.", confidence=0.5)
    lesson = base.add_lesson(
        "plate early", task="soup", trigger="It's nearly done\n(5 s)", summary=["Fetch a plate.", "Wait.\n"],
        knowledge=["20 s"], tags=["plating", "two words"], check="def check(answer):\n\n    return True  # ok\n",
    )  # fmt: skip
    base.record_use(lesson, wins=1)
    base.add_lesson("odd check", check="a\r\nb\x0cc")
    base.add_lesson("plate early", summary=["Sooner."], author="model:teacher", check="| x\n")
    base.add_fact("crab", "legs", 8, status=Status.PROPOSED, author="model:x")
    base.reject(base.waiting()[0])
    base.add_fact("crab", "legs", 10, status=Status.PROPOSED, author="model:x")


def test_out_and_back_in_is_the_same_base(base: KnowledgeBase, tmp_path: Path) -> None:
    fill(base)
    export(base, tmp_path / "one")
    with KnowledgeBase(tmp_path / "other.db") as other:
        import_files(other, files_in([tmp_path / "one"]))
        assert state(other) == state(base)
        export(other, tmp_path / "two")
        again = import_files(other, files_in([tmp_path / "two"]))
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert (again.added, again.changed, again.stale) == (0, 0, [])


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
names = texts.map(str.strip).filter(lambda name: len(name) > 0 and name.isprintable())
data = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=8,
)
values = (
    names.map(Entity) | texts | st.integers() | st.floats(allow_nan=False) | st.booleans() | st.dates()
    | st.datetimes(timezones=st.just(datetime.UTC)).map(lambda each: each.replace(fold=0)) | data.filter(lambda each: isinstance(each, list | dict) or each is None)
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(subject=names, predicate=names, value=values, source=texts)
def test_any_fact_is_read_as_it_was_written(subject: str, predicate: str, value: object, source: str) -> None:
    from brigade.knowledge.text.writing import write_fact

    fact = Fact(subject=subject, predicate=predicate, object=value, source=source)  # type: ignore[arg-type]
    line = write_fact(fact)
    (said,) = read_topic(line, "f", "person")
    assert "\n" not in line
    assert isinstance(said.what, Fact)
    assert said.what == fact
    assert written(said.what.object) == written(fact.object)  # True is not 1


def test_a_line_that_was_edited_supersedes_what_it_was(lite: KnowledgeBase, tmp_path: Path) -> None:
    lite.declare("legs", single=True)
    lite.add_fact("spider", "legs", 6, author="model:x", source="a guess")
    lite.add_fact("crab", "legs", 10)
    (file,) = export(lite, tmp_path)
    file.write_text(file.read_text().replace("legs(spider, 6)", "legs(spider, 8)") + "legs(ant, 6).\n")
    result = import_files(lite, [file], author="person:ann")
    old, new = lite.history("spider")
    assert (result.changed, result.added, result.known) == (1, 1, 1)
    assert (new.object, new.author, new.source, new.supersedes) == (8, "person:ann", "a guess", old.id)
    assert old.retracted_at == new.recorded_at


def test_a_change_to_what_was_superseded_meanwhile_is_not_made(lite: KnowledgeBase, tmp_path: Path) -> None:
    lite.declare("legs", single=True)
    lite.add_fact("spider", "legs", 6)
    (file,) = export(lite, tmp_path)
    lite.add_fact("spider", "legs", 8)
    file.write_text(file.read_text().replace("legs(spider, 6)", "legs(spider, 7)"))
    result = import_files(lite, [file])
    assert [fact.object for fact in lite.find("spider")] == [8]
    assert "line 4: superseded" in result.stale[0]


def test_lines_that_are_gone_are_retracted_only_if_that_is_wanted(lite: KnowledgeBase, tmp_path: Path) -> None:
    for name in ("ant", "bee", "cow"):
        lite.add_fact(name, "is", "animal")
    lite.add_fact("kept", "is", "elsewhere", topic="other")
    export(lite, tmp_path)
    file = tmp_path / "general.kb"
    file.write_text("\n".join(line for line in file.read_text().split("\n") if "bee" not in line))
    assert import_files(lite, [file]).retracted == 0
    assert import_files(lite, [file], replace_topics=True).retracted == 1
    assert [fact.subject for fact in lite.find(predicate="is")] == ["ant", "cow", "kept"]


def test_a_base_that_is_not_empty_keeps_to_its_declarations(lite: KnowledgeBase, tmp_path: Path) -> None:
    with KnowledgeBase(tmp_path / "other.db") as other:
        other.add_fact("spider", "legs", 6)
        other.add_fact("ant", "is", "small")
        files = export(other, tmp_path / "out")
    lite.declare("legs", single=True, resolution="first")
    lite.add_fact("spider", "legs", 8)
    lite.add_fact("ant", "is", "small")
    result = import_files(lite, files)
    assert [fact.object for fact in lite.find(predicate="legs")] == [8]
    assert len(lite.find("ant")) == 1
    assert result.known == 2


WRONG = [
    ("legs(spider, 8)", "line 3, column 16: '.' is missing"),
    ("legs(spider, 8). {", "line 3, column 19: data that JSON cannot read"),
    ('legs(spider, 8). {"sauce": 1}', "sauce: Extra inputs are not permitted"),
    ('legs(spider, 8). {"confidence": 2}', "confidence: Input should be less than or equal to 1"),
    ('legs(spider, 8). {"confidence": "high"}', "confidence: Input should be a valid number"),
    ('legs(spider, 8). {"from": "yesterday"}', "'yesterday' is no date or time"),
    ('legs(spider, 8). {"id": "zzz"}', "'zzz' is no identity"),
    ('legs(spider, 8). {"status": "maybe"}', "'maybe' is none of accepted, proposed, rejected"),
    ("legs(8, spider).", "the subject must be a name"),
    ("legs(spider, 2024-13-01).", "2024-13-01 is no date"),
    ('legs(spider, "a\tb").', "a text that JSON cannot read"),
    ("legs(spider, 8). more", "line 3"),
    ("lesson", "a lesson's name is missing"),
    ("lesson x\n  sing \"la\"", "line 4, column 3: a lesson's line begins with"),
    ("lesson x\n  when \"a\"\n  when \"b\"", "a lesson with 2 lines 'when'"),
    ("  when \"a\"", "a line that is set in"),
    ("rule r: p(?x) :- q(?y).", "unsafe: nothing gives ?x in its head a value"),
    ("rule r: p(?x) :- q(?x), not s(?x, ?z).", "unsafe: nothing gives ?z"),
    ("rule r: p(?x) :- q(?x)", "a rule ends with a full stop"),
    ("rule r: p(?x) :- q(?x), ?x + 1.", "a comparison such as"),
    ("predicate p one any latest", "one of single, many is needed"),
    ("'" + "x" * 600 + "'(a, 1).", "at most 500 are allowed"),
    ('legs(spider, "a\\u0000").', "a NUL character"),
    ("[" * 100_000, "a fact, or topic"),
    ("legs(spider, " + "[" * 100_000, "data that JSON cannot read"),
    ("rule r: p(?x) :- q(?x), ?x > " + "(" * 1000 + "1" + ")" * 1000 + ".", "nests deeper than 50"),
    ("legs(spider, " + "9" * 5000 + ").", "digits"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "message"), WRONG, ids=range(len(WRONG)))
def test_what_is_wrong_is_told_with_its_line_and_nothing_is_written(
    lite: KnowledgeBase, tmp_path: Path, line: str, message: str
) -> None:
    file = tmp_path / "wrong.kb"
    file.write_text(f"# brigade knowledge 1\nlegs(ant, 6).\n{line}\nlegs(bee, 6).\n")
    with pytest.raises(TextError) as error:
        import_files(lite, [file])
    assert message in str(error.value)
    assert "line 3" in str(error.value) or "line 4" in str(error.value)
    assert len(str(error.value)) < 1000
    assert lite.count()["fact"] == 0


def test_rules_that_do_not_go_together_are_told_and_nothing_is_written(lite: KnowledgeBase, tmp_path: Path) -> None:
    from brigade.knowledge.rules import RuleError

    file = tmp_path / "wrong.kb"
    file.write_text("rule a: p(?x) :- q(?x), not r(?x).\nrule b: r(?x) :- p(?x).\nq(c).\n")
    with pytest.raises(RuleError, match=r"'a' is cyclic through 'not r'.*rules a, b"):
        import_files(lite, [file])
    assert lite.rules() == []


def test_a_file_that_is_not_text_is_told(lite: KnowledgeBase, tmp_path: Path) -> None:
    file = tmp_path / "wrong.kb"
    file.write_bytes(b"legs(ant, 6).\nlegs(b\xff, 6).\n")
    with pytest.raises(TextError, match="line 2: not UTF-8"):
        import_files(lite, [file])


def test_a_value_of_ten_megabytes_goes_out_and_in(lite: KnowledgeBase, tmp_path: Path) -> None:
    lite.add_fact("a", "b", "x" * 10_000_000)
    with KnowledgeBase(tmp_path / "other.db") as other:
        import_files(other, export(lite, tmp_path / "out"))
        assert state(other) == state(lite)
