"""A folder of a learning run: lessons, what was believed unjudged, the gate, and how it went; written and read back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from brigade.agents.training.student.base import InMemoryBase, LessonBase
from brigade.agents.training.student.gate import Gate
from brigade.agents.training.student.lessons import read_lessons, write_lessons
from brigade.agents.training.student.loop import Learned
from pydantic import TypeAdapter, ValidationError

LESSONS, UNFILTERED, REPORT = "lessons.jsonl", "unfiltered.jsonl", "learned.json"
_GATE = TypeAdapter(Gate)


@dataclass(frozen=True)
class Run:
    """What a run left."""

    base: LessonBase
    unfiltered: LessonBase
    gate: Gate


def write_run(folder: Path, learned: Learned) -> None:
    """Write a run. Raises OSError if that fails."""
    folder.mkdir(parents=True, exist_ok=True)
    write_lessons(folder / LESSONS, learned.base.kept())
    write_lessons(folder / UNFILTERED, learned.unfiltered.kept())
    (folder / REPORT).write_text(json.dumps(learned.to_dict(), indent=2) + "\n", encoding="utf-8")


def read_run(folder: Path) -> Run:
    """Read a run.

    Raises:
        ValueError: a file is none of a run; says where.
        OSError: a file cannot be read.
    """
    file = folder / REPORT
    try:
        gate = _GATE.validate_python(json.loads(file.read_text(encoding="utf-8"))["gate"])
    except (ValidationError, KeyError, TypeError, json.JSONDecodeError) as error:
        raise ValueError(f"{file}: not the report of a run ({error!r}); run brigade train student anew") from None
    base = InMemoryBase.of(read_lessons(folder / LESSONS))
    return Run(base, InMemoryBase.of(read_lessons(folder / UNFILTERED)), gate)
