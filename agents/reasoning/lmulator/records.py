"""What happened in a run, as records: lines with what they changed, answers with who gave them, and the result.

Everything here becomes JSON and comes back from it, so that a paused run can be kept. Knows no model and no sandbox.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from brigade.agents.reasoning.lmulator.limits import End
from brigade.agents.reasoning.lmulator.queries import Answer, Source
from brigade.agents.reasoning.lmulator.values import Plain, from_data, short, to_data


@dataclass(frozen=True, slots=True)
class LineRan:
    """A line ran and set variables."""

    line: int
    scope: str
    """The function it is in; empty outside."""
    delta: tuple[tuple[str, str], ...]
    """Variables that now have another value, and the value as Python writes it."""

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {"event": "line", "line": self.line, "scope": self.scope, "delta": dict(self.delta)}


@dataclass(frozen=True, slots=True)
class Answered:
    """A gap was answered."""

    line: int
    kind: str
    asked: str
    answer: Answer
    key: str = ""

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "event": "answer",
            "line": self.line,
            "kind": self.kind,
            "asked": self.asked,
            "key": self.key,
            **answer_to_dict(self.answer),
        }


@dataclass(frozen=True, slots=True)
class Printed:
    """The program printed."""

    text: str

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {"event": "print", "text": self.text}


@dataclass(frozen=True, slots=True)
class Noted:
    """The machinery did something: mended a slip, repaired a line, made a line ask, forked, escalated."""

    what: str
    line: int
    text: str

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {"event": self.what, "line": self.line, "text": self.text}


Event = LineRan | Answered | Printed | Noted


def answer_to_dict(answer: Answer) -> dict[str, Any]:
    """An answer as JSON."""
    return {
        "value": to_data(answer.value),
        "by": str(answer.source),
        "confidence": answer.confidence,
        "provenance": answer.provenance,
        "votes": [[to_data(value), share] for value, share in answer.votes],
    }


def answer_from_dict(data: Mapping[str, Any]) -> Answer:
    """The answer that this JSON describes."""
    votes = tuple((from_data(value), float(share)) for value, share in data["votes"])
    return Answer(from_data(data["value"]), Source(data["by"]), data["confidence"], data["provenance"], votes)


def event_from_dict(data: Mapping[str, Any]) -> Event:
    """The event that this JSON describes."""
    match data["event"]:
        case "line":
            return LineRan(data["line"], data["scope"], tuple(data["delta"].items()))
        case "answer":
            return Answered(data["line"], data["kind"], data["asked"], answer_from_dict(data), data["key"])
        case "print":
            return Printed(data["text"])
    return Noted(data["event"], data["line"], data["text"])


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a result that was not computed by the program itself."""

    asked: str
    answer: Answer
    times: int
    lines: tuple[int, ...]

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {"asked": self.asked, "times": self.times, "lines": list(self.lines), **answer_to_dict(self.answer)}


@dataclass(frozen=True)
class Result:
    """How a run ended, and on what it rests."""

    end: End
    answer: Plain
    """What the program set `answer` to; None if it did not come to that."""
    message: str
    """One line: why there is no answer; empty if there is one."""
    program: str
    """As it ended: repaired, if it had to be."""
    question: str = ""
    events: tuple[Event, ...] = ()
    votes: tuple[tuple[Plain, float], ...] = ()
    """Where the run was forked: each answer and its share, most first."""
    cost: Mapping[str, Any] = field(default_factory=dict)
    printed: str = ""
    paused: bytes | None = None
    """Where it was paused: what `Lmulator.resume` goes on from."""

    @property
    def parts(self) -> tuple[Part, ...]:
        """What was looked up, remembered, guessed, or computed by the library, each once, in order."""
        kept: dict[str, list[Answered]] = {}
        for event in self.events:
            if isinstance(event, Answered):
                kept.setdefault(event.key or event.asked, []).append(event)
        return tuple(
            Part(same[0].asked, same[0].answer, len(same), tuple(sorted({each.line for each in same})))
            for same in kept.values()
        )

    @property
    def confidence(self) -> float | None:
        """Probability that every part is right if they are independent; None where a part cannot say.

        Where the run was forked, the share of the forks that end in this answer.
        """
        if self.end is not End.ANSWERED:
            return 0.0
        if self.votes:
            return self.votes[0][1]
        product = 1.0
        for part in self.parts:
            if part.answer.confidence is None:
                return None
            product *= part.answer.confidence
        return product

    def producers(self) -> dict[str, int]:
        """How many parts come from whom."""
        counts: dict[str, int] = {}
        for part in self.parts:
            counts[str(part.answer.source)] = counts.get(str(part.answer.source), 0) + 1
        return counts

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "end": str(self.end),
            "answer": to_data(self.answer),
            "text": answer_text(self.answer) if self.end is End.ANSWERED else None,
            "message": self.message,
            "confidence": self.confidence,
            "question": self.question,
            "program": self.program,
            "parts": [part.to_dict() for part in self.parts],
            "producers": self.producers(),
            "votes": [[to_data(value), share] for value, share in self.votes],
            "trace": trace_rows(self),
            "printed": self.printed,
            **self.cost,
        }


def answer_text(value: Plain) -> str:
    """An answer as a person reads it."""
    match value:
        case str():
            return value
        case list() | tuple():
            return ", ".join(answer_text(each) for each in value)
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case float():
            return f"{value:.15g}"  # what lies beyond is noise of binary fractions: 0.1 + 0.2 is 0.3
        case None:
            return "None"
    return str(value) if not isinstance(value, set | dict) else short(value, 500)


def trace_rows(result: Result) -> list[dict[str, Any]]:
    """The events in order; a line that ran carries its text, and who produced what it set."""
    lines = result.program.splitlines()
    rows, pending = [], dict[int, list[str]]()
    for event in result.events:
        row = event.to_dict()
        if isinstance(event, Answered):
            pending.setdefault(event.line, []).append(str(event.answer.source))
        if isinstance(event, LineRan):
            row["by"] = list(dict.fromkeys(pending.pop(event.line, []))) or ["python"]
        if "line" in row and 0 < row["line"] <= len(lines):
            row["source"] = lines[row["line"] - 1]
        rows.append(row)
    return rows
