"""A folder of a learning run: lessons, what was believed unjudged, the gate, and how it went; written and read back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brigade.agents.training.student.base import InMemoryBase, LessonBase
from brigade.agents.training.student.gate import Gate, Seen
from brigade.agents.training.student.kept import SqlLessons
from brigade.agents.training.student.lessons import read_lessons, write_lessons
from brigade.agents.training.student.loop import Learned, Round
from pydantic import TypeAdapter, ValidationError

MEMO = "memo.jsonl"
"""What the student's model said; the same questions are not asked again."""
KNOWLEDGE = "knowledge.db"
"""The knowledge base of a run whose lessons are in no other."""
LESSONS, UNFILTERED, REPORT = "lessons.jsonl", "unfiltered.jsonl", "learned.json"
_GATE = TypeAdapter(Gate)
_MARGIN = TypeAdapter(float)
_ROUNDS, _SEEN = TypeAdapter(list[Round]), TypeAdapter(list[Seen])


@dataclass(frozen=True)
class Run:
    """What a run left."""

    base: LessonBase
    unfiltered: LessonBase
    report: Mapping[str, Any]
    file: Path
    """Where the report is, for messages."""

    @property
    def gate(self) -> Mapping[str, Any]:
        """As the report says it."""
        gate = self.report.get("gate")
        return gate if isinstance(gate, dict) else {}

    def learned(self) -> Learned:
        """What was learned from questions, to go on from. Raises ValueError if the run was about something else."""
        try:
            rounds, seen = (_ROUNDS.validate_python(self.report["rounds"]), _SEEN.validate_python(self.report["seen"]))
        except (KeyError, ValidationError):
            raise ValueError(f"{self.file}: no run about questions; choose another folder, or --no-resume") from None
        return Learned(self.base, self.unfiltered, rounds, self.question_gate(), seen=seen)

    def question_gate(self) -> Gate:
        """The gate for questions. Raises ValueError if the run was about something else."""
        try:
            return _GATE.validate_python(self.gate)
        except ValidationError:
            raise ValueError(f"{self.file}: no gate for questions; was this run about the kitchen?") from None

    def margin(self) -> float:
        """The gate of the kitchen. Raises ValueError if the run was about something else."""
        try:
            return _MARGIN.validate_python(self.gate.get("margin"))
        except ValidationError:
            raise ValueError(f"{self.file}: no gate for the kitchen; was this run about questions?") from None


def write_run(folder: Path, base: LessonBase, unfiltered: LessonBase, report: Mapping[str, Any]) -> None:
    """Write a run; its report says `gate`, and where the knowledge base is. Raises OSError if that fails.

    The file of lessons is what the knowledge base holds, to be read; where there is none, it is what is read back.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_lessons(folder / LESSONS, base.kept())
    write_lessons(folder / UNFILTERED, unfiltered.kept())
    where = {"knowledge": base.where} if isinstance(base, SqlLessons) else {}
    (folder / REPORT).write_text(json.dumps({**report, **where}, indent=2) + "\n", encoding="utf-8")


def read_run(folder: Path) -> Run:
    """Read a run.

    Raises:
        ValueError: a file is none of a run; says where.
        OSError: a file cannot be read.
    """
    file = folder / REPORT
    try:
        report = json.loads(file.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise ValueError(f"{file}: not the report of a run ({error}); run brigade train student anew") from None
    unfiltered = InMemoryBase.of(read_lessons(folder / UNFILTERED))
    report = report if isinstance(report, dict) else {}
    where = report.get("knowledge")
    base: LessonBase = (
        lessons_of(where, folder) if isinstance(where, str) else InMemoryBase.of(read_lessons(folder / LESSONS))
    )
    return Run(base, unfiltered, report, file)


def lessons_of(where: str, folder: Path) -> SqlLessons:
    """The lessons in a knowledge base, new ones from the run of this folder. Raises OSError if it cannot be opened."""
    from brigade.knowledge import KnowledgeBase

    return SqlLessons(KnowledgeBase(where), f"brigade train student {folder.name}")
