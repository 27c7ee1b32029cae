"""No program gets out, reads or writes what is not its own, or uses more than it may."""

from __future__ import annotations

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from brigade.agents.reasoning.lmulator import Answer, End, Limits, Lmulator, Query, Sandbox, Settings, Source
from hostile import CANARY, PROGRAMS

SECRET = "canary-5f1e90"
LIMITS = Limits(seconds=0.25, memory=24 * 2**20)
HANGS = 60.0
"""Seconds after which a program counts as one that does not end, on however busy a machine."""


def parrot(query: Query) -> Answer | None:
    """Somebody who answers with code that would do harm if anybody ran it outside."""
    return Answer("open('/etc/passwd').read()", Source.PERSON) if not query.returns.options() else None


def files_of(folder: Path) -> dict[str, str]:
    return {str(path): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_there_are_at_least_200_different_hostile_programs() -> None:
    assert len(set(PROGRAMS)) >= 200


@pytest.mark.parametrize("traced", [False, True])
def test_hostile_programs_end_within_their_limits_with_one_clear_line_and_touch_nothing(
    traced: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    canary = tmp_path / "canary.txt"
    canary.write_text(SECRET)
    monkeypatch.setenv(CANARY, SECRET)
    monkeypatch.chdir(tmp_path)
    before = workers()
    with Sandbox(2) as sandbox:
        runner = Lmulator(person=parrot, sandbox=sandbox, settings=Settings(limits=LIMITS, traced=traced))
        for program in PROGRAMS:
            start = time.perf_counter()
            result = runner.run(program.replace("CANARY_FILE", str(canary)))
            seconds = time.perf_counter() - start
            written = json.dumps(result.to_dict())
            assert seconds < HANGS, program[:200]
            assert SECRET not in written, program[:200]
            assert "root:x:0" not in written, program[:200]
            assert "\n" not in result.message, program[:200]
            assert len(result.message) < 500, program[:200]
            assert bool(result.message) == (result.end is not End.ANSWERED), program[:200]
        assert Lmulator(sandbox=sandbox).run("answer = sum(range(5))").answer == 10
        assert len(workers() - before) <= 2
    assert files_of(tmp_path) == {str(canary): SECRET}
    assert not Path("/tmp/brigade-escaped").exists()


def workers() -> set[psutil.Process]:
    return {each for each in psutil.Process().children(recursive=True) if "monty" in " ".join(each.cmdline())}


def test_a_worker_has_no_environment_and_cannot_write_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CANARY, SECRET)
    before = workers()
    with Sandbox(1) as sandbox:
        Lmulator(sandbox=sandbox).run("answer = 1")
        (worker,) = workers() - before
        assert CANARY not in worker.environ()
        assert worker.rlimit(psutil.RLIMIT_FSIZE) == (0, 0)
        assert worker.rlimit(psutil.RLIMIT_CORE) == (0, 0)


def test_a_worker_that_dies_is_replaced() -> None:
    crash = "class P: pass\np = P()\nask({'a': P, 'b': p})"
    with Sandbox(1) as sandbox:
        runner = Lmulator(person=parrot, sandbox=sandbox)
        for _ in range(5):
            runner.run(crash)
            assert runner.run("answer = 2 + 2").answer == 4


def test_the_host_parser_is_never_given_what_could_exhaust_its_stack() -> None:
    for nested in ("(" * 3000 + ")" * 3000, "-" * 30_000 + "1", "a" + ".b" * 15_000, "lambda: " * 4000 + "0"):
        result = Lmulator().run(f"answer = {nested}")
        assert result.end is End.SYNTAX, nested[:10]


def test_a_thousand_programs_leave_no_process_and_no_file_behind() -> None:
    process, before = psutil.Process(), workers()
    with Sandbox(2) as sandbox:
        runner = Lmulator(sandbox=sandbox, settings=Settings(traced=False))
        for number in range(50):
            runner.run(f"answer = {number}")
        files = process.num_fds()
        for number in range(1000):
            assert runner.run(f"answer = {number} + 1").answer == number + 1
        assert process.num_fds() <= files + 4
        assert len(workers() - before) <= 2
    psutil.wait_procs(workers() - before, timeout=10)  # on a busy machine they take a moment to end
    assert workers() <= before


def test_a_thousand_programs_at_once_leave_no_process_no_file_and_no_memory_behind() -> None:
    process, before = psutil.Process(), workers()
    with Sandbox(2) as sandbox, ThreadPoolExecutor(4) as threads:
        one = Answer(1, Source.PERSON)
        runner = Lmulator(person=lambda query: one, sandbox=sandbox, settings=Settings(traced=False))

        def run(number: int) -> bool:
            rows = f"rows = [[{number}, i] for i in range(2000)]"
            return runner.run(f"{rows}\nanswer = len(rows) + ask({number})").answer == 2001

        assert all(threads.map(run, range(200)))
        files, used = process.num_fds(), memory(process)
        assert all(threads.map(run, range(200, 1200)))
        assert process.num_fds() <= files + 4
        assert len(workers() - before) <= 2
        assert memory(process) - used < 24 * 2**20  # 1,000 programs that leave 2,000 rows each would leave 500 MB
    psutil.wait_procs(workers() - before, timeout=10)  # on a busy machine they take a moment to end
    assert workers() <= before


def memory(process: psutil.Process) -> int:
    """Bytes that the process and its workers hold."""
    return sum(each.memory_info().rss for each in (process, *process.children()))


def test_what_a_model_says_is_never_run() -> None:
    said = Answer("__import__('os').system('touch escaped')", Source.PERSON)
    result = Lmulator(person=lambda query: said).run("x = eval(ask('code'))\nanswer = x")
    assert result.end is not End.ANSWERED
    assert not os.path.exists("escaped")


@pytest.mark.slow
def test_on_an_idle_machine_a_program_ends_within_a_second_of_its_limit() -> None:
    with Sandbox(2) as sandbox:
        runner = Lmulator(person=parrot, sandbox=sandbox, settings=Settings(limits=LIMITS))
        for program in PROGRAMS:
            start = time.perf_counter()
            runner.run(program)
            assert time.perf_counter() - start < LIMITS.seconds * 2 + 1, program[:200]
