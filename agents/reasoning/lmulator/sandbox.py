"""Runs Python in worker processes of pydantic-monty, and stops at everything that the program does not define.

A worker has no files, no network, no environment and no clock of its own: time stands still and chance is seeded, so
that a program that is run again with the same answers does the same. The worker is a process with further limits of the
operating system on top (no file may be written, few may be open, no core dump); one that dies is replaced.

Knows no model: it hands out what was asked (`Asked`) and takes the answer.
"""

from __future__ import annotations

import builtins
import contextlib
import datetime
import importlib.util
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal, TypeAlias

import pydantic_monty as monty
from brigade.agents.reasoning.lmulator.limits import ENDED_BY, End, Limits
from brigade.agents.reasoning.lmulator.values import Plain
from pydantic_monty._binary import find_monty_binary

Kind = Literal["call", "name"]
NOON = datetime.datetime(2024, 1, 1, 12, tzinfo=datetime.UTC)
"""The time in every program."""
_POLICY: monty.OSPolicy = {"datetime": NOON, "sleep": "zero", "random_start": {"seed": 0}, "process_time": "zero"}

_LAUNCHER = """#!/bin/sh
ulimit -c 0 2>/dev/null
ulimit -f 0 2>/dev/null
ulimit -n 32 2>/dev/null
ulimit -v {kilobytes} 2>/dev/null
exec env -i "{binary}" "$@" 2>/dev/null
"""
_TELEMETRY = "opentelemetry"
_WORKER_KILOBYTES = 4 * 2**20
"""Address space of a worker; its own limit on values is far below."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The program stands still at a call of a function, or at a name, that it does not define."""

    kind: Kind
    name: str
    args: tuple[Plain, ...]
    kwargs: Mapping[str, Plain]
    line: int
    """Of the text that was run, from 1."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The program ended by itself; the value of its last expression."""

    value: Plain


@dataclass(frozen=True, slots=True)
class Broken:
    """The program was ended."""

    end: End
    error: str
    """The exception's type."""
    message: str
    line: int | None
    """Where it was raised, in the text that was run, from 1."""
    outer: tuple[int, ...] = ()
    """Lines of the calls that led there, outermost first."""

    def text(self) -> str:
        """One line."""
        if self.error in _OURS:
            return self.message
        return f"{self.error}: {self.message}" if self.message else self.error


_OURS = frozenset({"NoAnswer", "Unanswered", "CallsSpent", "Paused", "OutputLimit", "WorkerDied"})
"""Ends that no exception of the program stands for."""

Step: TypeAlias = Asked | Finished | Broken
Hear = Callable[[str], None]


class _TooMuchPrinted(Exception):
    pass


class Session:
    """One run in one worker. Made by `Sandbox.session`."""

    def __init__(self, session: monty.MontySession, limits: Limits, hear: Hear) -> None:
        self._session = session
        self._limits = limits
        self._hear = hear
        self._printed = 0
        self._paused: monty.FunctionSnapshot | monty.NameLookupSnapshot | None = None
        self._starts: tuple[int, ...] = ()

    def start(self, source: str) -> Step:
        """Run a program until it ends or asks."""
        self._starts = _line_starts(source)
        return self._after(lambda: self._session.feed_start(source, print_callback=self._print))

    def load(self, snapshot: bytes, source: str) -> Step:
        """Go on where a snapshot of this source was taken: it asks again. Only for bytes that this program wrote."""
        self._starts = _line_starts(source)
        return self._after(lambda: self._session.load_snapshot(snapshot, print_callback=self._print))

    def answer(self, value: Plain) -> Step:
        """Give what was asked for, and run on."""
        paused = self._take()
        if isinstance(paused, monty.NameLookupSnapshot):
            return self._after(lambda: paused.resume(value=value))
        return self._after(lambda: paused.resume({"return_value": value}))

    def refuse(self, message: str) -> Step:
        """Raise NotImplementedError in the program where it asked, and run on."""
        paused = self._take()
        if isinstance(paused, monty.NameLookupSnapshot):
            return self._after(lambda: paused.resume())
        return self._after(lambda: paused.resume({"exc_type": "NotImplementedError", "message": message}))

    def dump(self) -> bytes:
        """The paused program as bytes."""
        if self._paused is None:
            raise ValueError("only a program that stands still at a question can be saved")
        return self._paused.dump()

    def _take(self) -> monty.FunctionSnapshot | monty.NameLookupSnapshot:
        paused, self._paused = self._paused, None
        if paused is None:
            raise ValueError("the program does not stand still at a question")
        return paused

    def _print(self, stream: str, text: str) -> None:
        self._printed += len(text)
        if self._printed > self._limits.output:
            raise _TooMuchPrinted
        self._hear(text)

    def _after(self, go: Callable[[], monty.SyncSnapshot]) -> Step:
        """The next step; what the sandbox refuses by itself never reaches the caller."""
        try:
            snapshot = go()
            while True:
                match snapshot:
                    case monty.MontyComplete():
                        return Finished(snapshot.output)
                    case monty.FunctionSnapshot(is_os_function=True):
                        snapshot = _refuse_system(snapshot)
                    case monty.FunctionSnapshot() | monty.NameLookupSnapshot():
                        refused = _refuse_builtin(snapshot)
                        if refused is None:
                            return self._ask(snapshot)
                        snapshot = refused
                    case monty.FutureSnapshot():
                        return Broken(End.UNSUPPORTED, "NotImplementedError", "it awaits what nobody runs", None)
        except monty.MontyError as error:
            return _broken(error, self._printed > self._limits.output)

    def _ask(self, snapshot: monty.FunctionSnapshot | monty.NameLookupSnapshot) -> Step:
        self._paused = snapshot
        line = _line_at(self._starts, snapshot.position.start) if snapshot.position.filename != "<string>" else 0
        if isinstance(snapshot, monty.NameLookupSnapshot):
            return Asked("name", snapshot.variable_name, (), {}, line)
        return Asked("call", str(snapshot.function_name), snapshot.args, snapshot.kwargs, line)


def _refuse_system(snapshot: monty.FunctionSnapshot) -> monty.SyncSnapshot:
    """Files, environment and processes are refused as Monty does; a module that is missing, with what to do."""
    if str(snapshot.function_name) in ("import", "__import__"):
        name = next((each for each in snapshot.args if isinstance(each, str)), "?")
        return snapshot.resume({"exc_type": "ModuleNotFoundError", "message": f"the sandbox has no module {name!r}"})
    return snapshot.resume_not_handled()


def _refuse_builtin(snapshot: monty.FunctionSnapshot | monty.NameLookupSnapshot) -> monty.SyncSnapshot | None:
    """Builtins that the sandbox lacks look undefined to it; a model must never be asked to play them."""
    if isinstance(snapshot, monty.NameLookupSnapshot):
        is_builtin = hasattr(builtins, snapshot.variable_name) or _is_dunder(snapshot.variable_name)
        return snapshot.resume() if is_builtin else None
    name = str(snapshot.function_name)
    if not hasattr(builtins, name) and not _is_dunder(name):
        return None
    return snapshot.resume({"exc_type": "NotImplementedError", "message": f"{name}() is not available in the sandbox"})


def _is_dunder(name: str) -> bool:
    return name.startswith("__") and name.endswith("__") and not name.startswith("__brigade_")


def _broken(error: monty.MontyError, too_much_printed: bool) -> Broken:
    """What an error of the sandbox means."""
    inner = error.exception()
    kind, message = type(inner).__name__, _one_line(str(inner))
    if isinstance(error, monty.MontyCrashedError):
        return Broken(End.TIME if error.timed_out else End.CRASHED, "WorkerDied", "the program's worker died", None)
    if too_much_printed:
        return Broken(End.OUTPUT, "OutputLimit", "it prints more than it may", None)
    frames = error.traceback() if isinstance(error, monty.MontyRuntimeError | monty.MontySyntaxError) else []
    lines = [frame.line for frame in frames if frame.filename != "<string>"]
    end = ENDED_BY.get(kind, End.ERROR)
    if kind == "RuntimeError" and message.startswith("suspension limit"):
        end = End.CALLS
    elif kind == "RuntimeError" and message.endswith("not supported in this environment"):
        end = End.REFUSED
    elif "not yet supported" in message:
        end = End.UNSUPPORTED
    elif kind == "NotImplementedError" and message.endswith("not available in the sandbox"):
        end = End.REFUSED
    return Broken(end, kind, message, lines[-1] if lines else None, tuple(lines[:-1]))


def _one_line(text: str, longest: int = 300) -> str:
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def _line_starts(source: str) -> tuple[int, ...]:
    """The byte at which each line starts."""
    starts, at = [0], 0
    for line in source.encode("utf-8", "surrogatepass").splitlines(keepends=True):
        at += len(line)
        starts.append(at)
    return tuple(starts)


def _line_at(starts: tuple[int, ...], byte: int) -> int:
    low, high = 0, len(starts)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if starts[middle] <= byte else (low, middle)
    return low + 1


class Sandbox:
    """A pool of workers, started when first needed.

    Args:
        workers: processes at most.
        wait: seconds to wait for a free one.
    """

    def __init__(self, workers: int | None = None, wait: float = 60.0) -> None:
        self.workers = workers or max(2, os.cpu_count() or 1)
        self._wait = wait
        self._lock = threading.Lock()
        self._pool: monty.Monty | None = None
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the workers; the next run starts new ones."""
        with self._lock:
            self._pool = None
            self._stack.close()

    @contextlib.contextmanager
    def session(self, limits: Limits, hear: Hear) -> Iterator[Session]:
        """A worker for one run.

        Args:
            limits: what the run may use.
            hear: told what the program prints.
        """
        with self._started().checkout(
            script_name="program.py", limits=_resources(limits), os_policy=_POLICY
        ) as session:
            yield Session(session, limits, hear)

    def _started(self) -> monty.Monty:
        with self._lock:
            if self._pool is None:
                _settle_telemetry()
                pool = monty.Monty(
                    binary_path=self._launcher(),
                    min_processes=1,
                    max_processes=self.workers,
                    checkout_timeout=self._wait,
                    max_checkouts_per_worker=500,  # whatever a worker may leak goes with it
                    feed_duration_limit_grace=5.0,  # on a busy machine a worker is late to notice its own limit
                )
                self._pool = self._stack.enter_context(pool)
            return self._pool

    def _launcher(self) -> str | None:
        """A script that starts a worker without environment and error output, under the system's own limits."""
        if not shutil.which("sh") or not shutil.which("env"):
            return None
        folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="brigade-sandbox-")))
        script = folder / "monty"
        binary = find_monty_binary()
        script.write_text(_LAUNCHER.format(binary=binary, kilobytes=_WORKER_KILOBYTES), encoding="utf-8")
        script.chmod(0o700)
        return str(script)


def _settle_telemetry() -> None:
    """Say once that there is no opentelemetry, if there is none.

    The sandbox tries to import it at every step, and a module that is not there is looked for in the whole path each
    time: three times a program, 0.2 to 0.6 ms each.
    """
    if importlib.util.find_spec(_TELEMETRY) is None:
        sys.modules.setdefault(_TELEMETRY, None)  # type: ignore[arg-type]  # Python's own way to say so


def _resources(limits: Limits) -> monty.ResourceLimits:
    return {
        "max_feed_duration_secs": limits.seconds,
        "max_memory": limits.memory,
        "max_recursion_depth": limits.depth,
        "max_suspensions": limits.suspensions,
        "max_total_sleep_secs": 0.0,
    }


_shared: Sandbox | None = None
_shared_lock = threading.Lock()


def shared_sandbox() -> Sandbox:
    """The sandbox of this process; its workers end with it."""
    global _shared
    with _shared_lock:
        if _shared is None:
            _shared = Sandbox()
        return _shared
