"""A program that waits for a person outlives its process in a checkpoint, and no line of it runs twice."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from brigade.agents.graph.running import build_program
from brigade.agents.graph.threads import open_threads
from brigade.agents.privacy.keys import load_sealer
from brigade.agents.reasoning.lmulator import Lmulator, Query, Signature
from brigade.agents.reasoning.lmulator.queries import AskLater
from langgraph.types import Command

PROGRAM = """\
print("shopping")
total = 0
for fruit in ["apple", "pear"]:
    total += price(fruit)
answer = total"""
THREAD: Any = {"configurable": {"thread_id": "shopping"}}


def later(query: Query) -> None:
    raise AskLater


async def step(folder: Path, given: Any, key: bytes = b"k" * 32) -> dict[str, Any]:
    """One step of the thread; the state that it is left in."""
    async with open_threads(folder / "threads.db", load_sealer(folder)) as saver:
        graph = build_program(Lmulator(person=later, signature=Signature(key))).compile(checkpointer=saver)
        return dict(await graph.ainvoke(given, THREAD))


IN_ANOTHER = """\
import asyncio, sys
from pathlib import Path
from langgraph.types import Command
from test_program_threads import PROGRAM, step
folder, value = Path(sys.argv[1]), sys.argv[2]
state = asyncio.run(step(folder, Command(resume=int(value)) if value else {"program": PROGRAM}))
print(state["message"] or state["answer"])"""


def test_a_checkpoint_holds_a_paused_program_and_other_processes_go_on_with_it(tmp_path: Path) -> None:
    def in_another(value: str) -> str:
        command = [sys.executable, "-c", IN_ANOTHER, str(tmp_path), value]
        run = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parent)
        return run.stdout.strip()

    assert "waits for price('apple')" in in_another("")
    assert "waits for price('pear')" in in_another("3")
    assert in_another("4") == "7"


async def test_a_paused_program_that_another_key_sealed_is_refused(tmp_path: Path) -> None:
    state = await step(tmp_path, {"program": PROGRAM})
    assert state["paused"] is not None
    with pytest.raises(ValueError, match="sealed with another key"):
        await step(tmp_path, Command(resume=1), key=b"x" * 32)
