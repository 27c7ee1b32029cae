"""A run can be paused as sealed bytes, and goes on after a restart, in a file or in a LangGraph checkpoint."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any, TypedDict

import pytest
from brigade.agents.reasoning.lmulator import AskLater, End, Limits, Lmulator, Query, Sandbox, Settings, Signature
from models import Told

KEY = Signature(b"k" * 32)
PROGRAM = """
def price(item: str) -> int: ...
print("shopping")
total = 0
for item in ["apple", "pear", "plum"]:
    total += price(item)
answer = total
"""


def later(query: Query) -> None:
    raise AskLater


def test_a_run_waits_for_a_person_and_goes_on_with_the_answer() -> None:
    runner = Lmulator(person=later, signature=KEY)
    result = runner.run(PROGRAM, question="How much?")
    for number, price in enumerate((1, 2, 3)):
        assert result.end is End.PAUSED
        assert f"waits for price({['apple', 'pear', 'plum'][number]!r})" in result.message
        assert result.paused is not None
        result = runner.resume(result.paused, price, answered=True)
    assert (result.end, result.answer, result.question) == (End.ANSWERED, 6, "How much?")
    assert result.printed == "shopping\n"
    assert [part.answer.value for part in result.parts] == [1, 2, 3]
    totals = [row["delta"]["total"] for row in result.to_dict()["trace"] if "total" in row.get("delta", {})]
    assert totals == ["0", "1", "3", "6"]


def test_a_run_whose_calls_are_spent_goes_on_in_another_process(tmp_path: Path) -> None:
    model = Told(lambda text: 5)
    runner = Lmulator(model, signature=KEY, settings=Settings(calls=2, pause_when_spent=True))
    result = runner.run(PROGRAM)
    assert (result.end, len(model.asked)) == (End.PAUSED, 2)
    assert result.paused is not None
    file = tmp_path / "paused"
    file.write_bytes(result.paused)
    code = (
        "import sys; from pathlib import Path\n"
        "from brigade.agents.reasoning.lmulator import Lmulator, Signature\n"
        "result = Lmulator(signature=Signature(b'k' * 32)).resume(Path(sys.argv[1]).read_bytes(), 7, answered=True)\n"
        "print(result.answer)"
    )
    run = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "17"


def test_bytes_that_the_key_did_not_seal_are_refused() -> None:
    result = Lmulator(person=later, signature=KEY).run(PROGRAM)
    assert result.paused is not None
    changed = bytearray(result.paused)
    changed[-20] ^= 1
    for paused, key in ((bytes(changed), KEY), (result.paused, Signature(b"x" * 32))):
        with pytest.raises(ValueError, match="was changed, or sealed with another key"):
            Lmulator(signature=key).resume(paused)
    with pytest.raises(ValueError, match="no paused run"):
        Lmulator(signature=KEY).resume(b"\x80\x04pickle")


def test_no_changed_byte_and_no_cut_is_taken() -> None:
    paused = Lmulator(person=later, signature=KEY).run(PROGRAM).paused
    assert paused is not None
    for at in range(0, len(paused), 97):
        with pytest.raises(ValueError, match="paused run"):
            Lmulator(signature=KEY).resume(paused[:at] + bytes([paused[at] ^ 0x40]) + paused[at + 1 :])
        with pytest.raises(ValueError, match="paused run"):
            Lmulator(signature=KEY).resume(paused[:at])


def test_what_a_paused_run_is_given_must_fit_the_type_and_be_plain() -> None:
    paused = Lmulator(person=later, signature=KEY).run(PROGRAM).paused
    assert paused is not None
    result = Lmulator(signature=KEY).resume(paused, "many", answered=True)
    assert (result.end, result.message) == (End.UNANSWERED, "line 6: price('apple'): 'many' is not int")
    with pytest.raises(ValueError, match="not plain: object"):
        Lmulator(signature=KEY).resume(paused, object(), answered=True)


def test_the_same_bytes_can_be_taken_up_more_than_once() -> None:
    paused = Lmulator(person=later, signature=KEY).run("answer = [f(1), f(1)]").paused
    assert paused is not None
    for value in (1, "two"):
        assert Lmulator(signature=KEY).resume(paused, value, answered=True).answer == [value, value]


def test_a_run_paused_inside_a_callback_a_handler_and_a_recursion_goes_on_there() -> None:
    program = """
def price(item: str) -> int: ...
def most(items):
    try:
        return max(items, key=lambda item: price(item))
    finally:
        done.append(len(items))
def deep(n):
    return most(["apple", "fig"]) if n == 0 else deep(n - 1)
done = []
answer = deep(5), any(price(item) > 8 for item in ["fig", "plum"]), done
"""
    runner = Lmulator(person=later, signature=KEY)
    result = runner.run(program)
    for price in (3, 7, 9):
        assert result.paused is not None
        result = runner.resume(result.paused, price, answered=True)
    assert (result.answer, result.message) == (("fig", True, [2]), "")


def test_the_users_key_is_made_once_and_only_the_user_reads_it(tmp_path: Path) -> None:
    assert Signature.of_user(tmp_path / "data") == Signature.of_user(tmp_path / "data")
    assert (tmp_path / "data" / "paused.key").stat().st_mode & 0o077 == 0
    with pytest.raises(ValueError, match="16 bytes"):
        Signature(b"short")


def test_limits_outlive_a_pause() -> None:
    with Sandbox(1) as sandbox:
        runner = Lmulator(
            person=later, signature=KEY, sandbox=sandbox, settings=Settings(limits=Limits(seconds=1.0), traced=False)
        )
        paused = runner.run("x = f(1)\nwhile True: pass").paused
        assert paused is not None
        assert runner.resume(paused, 1, answered=True).end is End.TIME


class State(TypedDict, total=False):
    paused: bytes
    answer: object


async def test_a_langgraph_checkpoint_holds_a_paused_run() -> None:
    from langgraph.checkpoint.memory import InMemorySaver
    from langgraph.graph import END, START, StateGraph
    from langgraph.types import Command, interrupt

    runner = Lmulator(person=later, signature=KEY)

    def step(state: State) -> Command[Any]:
        paused = state.get("paused")
        if paused is None:
            result = runner.run("answer = price('apple') + price('pear')")
        else:
            result = runner.resume(paused, interrupt("price?"), answered=True)
        if result.paused is not None:
            return Command(update={"paused": result.paused}, goto="step")
        return Command(update={"answer": result.answer}, goto=END)

    graph = StateGraph(State)
    graph.add_node("step", step, destinations=("step", END))
    graph.add_edge(START, "step")
    app = graph.compile(checkpointer=InMemorySaver())
    config: Any = {"configurable": {"thread_id": "1"}}
    await app.ainvoke({}, config)
    await app.ainvoke(Command(resume=3), config)
    assert (await app.ainvoke(Command(resume=4), config))["answer"] == 7
