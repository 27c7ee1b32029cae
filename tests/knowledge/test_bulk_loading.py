"""Many records, processes that are killed while they load, and processes that write at once."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from brigade.knowledge import Fact, KnowledgeBase, Lesson
from brigade.knowledge.loading import LoadError, load, loaded_rows, read_lines

LOADER = textwrap.dedent(
    """
    import sys
    from brigade.knowledge import Fact, KnowledgeBase, Lesson
    from brigade.knowledge.loading import load

    def records():
        for number in range(int(sys.argv[2])):
            yield Fact(subject=f"s{number // 3}", predicate="is", object=number, source="load")
            if number % 10 == 0:
                yield Lesson(name=f"l{number}", trigger=f"question {number}", tags=("t",))

    with KnowledgeBase(sys.argv[1]) as base:
        print("open", flush=True)
        load(base, "the load", records(), portion=40)
    """
)
WRITER = textwrap.dedent(
    """
    import sys
    from brigade.knowledge import KnowledgeBase

    who = sys.argv[2]
    with KnowledgeBase(sys.argv[1]) as base:
        for number in range(int(sys.argv[3])):
            base.add_fact(f"{who} {number}", "is", number)
            base.add_fact("contested", "is", f"{who} {number}")
            base.record_use(base.lesson("shared"), wins=1)
    """
)


def run(program: str, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", program, *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def check_whole(base: KnowledgeBase) -> int:
    """That what is marked as loaded is what is there, with its indexes; how much it is."""
    rows = loaded_rows(base, "the load")
    counts = base.count()
    assert counts["fact"] + counts["lesson"] == rows
    assert rows % 40 == 0 or rows == 660
    with base.database.reading() as connection:
        for table, index in (("facts", "fact_index"), ("lessons", "lesson_index")):
            found = connection.exec_driver_sql(f"SELECT count(*) FROM {index}").scalar_one()
            assert found == connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()
        if base.database.sqlite:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
    return rows


def kill_and_resume(where: str, kills: int) -> None:
    """Kill a load again and again, then let it go on to its end."""
    for number in range(kills):
        with run(LOADER, where, "600") as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(0.02 * (number % 12))
            process.send_signal(signal.SIGKILL)
        with KnowledgeBase(where) as base:
            check_whole(base)
    last = run(LOADER, where, "600")
    assert last.communicate()[1] == ""
    with KnowledgeBase(where) as base:
        assert check_whole(base) == 660
        assert sorted(fact.object for fact in base.find()) == list(range(600))  # type: ignore[type-var]


def test_a_load_that_is_killed_leaves_nothing_half_written_and_goes_on(where: str) -> None:
    kill_and_resume(where, 4)


@pytest.mark.slow
def test_a_hundred_loads_that_are_killed(tmp_path: Path) -> None:
    for round_ in range(10):
        kill_and_resume(str(tmp_path / f"{round_}.db"), 10)


def test_two_processes_that_write_at_once_lose_nothing(where: str) -> None:
    with KnowledgeBase(where) as base:
        base.declare("is", single=True)
        base.add_lesson("shared")
        processes = [run(WRITER, where, who, "30") for who in ("ann", "bob")]
        for process in processes:
            assert process.communicate(timeout=120)[1] == ""
        for who in ("ann", "bob"):
            assert [base.find(f"{who} {number}")[0].object for number in range(30)] == list(range(30))
        versions = base.history("contested")
        assert len(versions) == 60
        assert [each.retracted_at for each in versions[:-1]] == [each.recorded_at for each in versions[1:]]
        lesson = base.lesson("shared")
        assert lesson is not None
        assert (lesson.uses, lesson.wins) == (60, 60)


def test_two_processes_that_open_a_new_base_at_once_both_do(where: str) -> None:
    if not where.startswith("postgresql"):
        code = (
            "import sys; from brigade.knowledge import KnowledgeBase; KnowledgeBase(sys.argv[1]).add_fact('a', 'b', 1)"
        )
        processes = [run(code, where) for _ in range(3)]
        assert [process.communicate()[1] for process in processes] == ["", "", ""]


def test_a_load_that_is_done_is_not_done_again(lite: KnowledgeBase) -> None:
    facts = [Fact(subject="a", predicate="b", object=number) for number in range(25)]
    lessons = [Lesson(name="same", trigger=str(number)) for number in range(5)]
    assert load(lite, "x", [*facts, *lessons], portion=7) == 30
    assert load(lite, "x", [*facts, *lessons], portion=7) == 0
    assert [lesson.trigger for lesson in lite.lessons()] == ["4"]
    assert len(lite._all(Lesson, None)) == 5


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 2: no fact: Expecting"),
        ('{"subject": "a"}', "line 2: predicate: Field required"),
        ('{"subject": "a", "predicate": "b", "objekt": 1}', "line 2: objekt: Extra inputs"),
        ('{"subject": " ", "predicate": "b"}', "line 2: no fact: a subject that is empty"),
        ('{"subject": "a", "predicate": "b", "confidence": 7}', "line 2: confidence"),
        ("[1]", "line 2: no fact"),
        ("[" * 100_000, "line 2: no fact"),
    ],
)
def test_a_wrong_line_is_told(tmp_path: Path, line: str, message: str) -> None:
    file = tmp_path / "facts.jsonl"
    file.write_text(f"{json.dumps({'subject': 'a', 'predicate': 'b'})}\n{line}\n")
    with pytest.raises(LoadError, match=message.replace("(", r"\(")):
        list(read_lines(file, "person"))
