"""Who writes the program for a question: a model that is shown examples, or a collection of programs for families.

A collected program takes the question as the variable `question` and declares as stubs what only meaning can tell; it
fits every question that its first line (`# match: REGULAR EXPRESSION`) finds. Source of the idea that one program
serves a whole family: CoGEX. Small models cannot write programs; for them the collection is the writer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Protocol

from brigade.agents.models import Message
from brigade.agents.models.adapters import adapter_facts
from brigade.agents.reasoning.lmulator.asking import Asker, prompt
from brigade.agents.reasoning.lmulator.completing import completed
from brigade.agents.reasoning.lmulator.stubs import Library
from brigade.agents.reasoning.lmulator.values import Plain

_TOKENS = 900
_SHORT_TOKENS = 160


@dataclass(frozen=True)
class Written:
    """A program for a question."""

    program: str
    by: str
    state: Mapping[str, Plain] = field(default_factory=dict)
    """Variables that are set before it runs."""


class Writer(Protocol):
    """Writes programs."""

    def write(self, question: str, library: Library) -> Written | None:
        """A program that answers a question, with these functions at hand; None if it knows none."""


@dataclass(frozen=True, slots=True)
class Family:
    """A program for a family of questions."""

    name: str
    pattern: re.Pattern[str]
    program: str


def family_of(name: str, text: str) -> Family:
    """The family that a text describes.

    Raises:
        ValueError: its first line does not say which questions it fits.
    """
    first, _, program = text.partition("\n")
    match = re.match(r"#\s*match:\s*(\S.*)", first)
    if match is None:
        raise ValueError(f"{name}: the first line must be `# match: REGULAR EXPRESSION`")
    try:
        return Family(name, re.compile(match[1].strip(), re.DOTALL), program)
    except re.error as error:
        raise ValueError(f"{name}: the regular expression of the first line: {error}") from None


@cache
def shipped_families() -> tuple[Family, ...]:
    """The programs that come with this package."""
    folder = resources.files("brigade.agents.reasoning.lmulator") / "programs"
    files = sorted((each for each in folder.iterdir() if each.name.endswith(".txt")), key=lambda each: each.name)
    return tuple(family_of(each.name.removesuffix(".txt"), each.read_text(encoding="utf-8")) for each in files)


def families_in(folder: Path) -> tuple[Family, ...]:
    """The programs in a folder, a `.txt` file each.

    Raises:
        ValueError: a file does not say which questions it fits.
        OSError: it cannot be read.
    """
    return tuple(family_of(each.stem, each.read_text(encoding="utf-8")) for each in sorted(folder.glob("*.txt")))


class Collection:
    """A collection of programs, tried in order."""

    def __init__(self, families: Iterable[Family] | None = None) -> None:
        self.families = shipped_families() if families is None else tuple(families)

    def write(self, question: str, library: Library) -> Written | None:
        """See Writer.write."""
        for family in self.families:
            if family.pattern.search(question):
                return Written(family.program, f"collection:{family.name}", {"question": question})
        return None


class ModelWriter:
    """A model that writes, shown three examples; for models that can program.

    Args:
        asker: the model.
        tokens: the most that a program may have.
    """

    def __init__(self, asker: Asker, tokens: int = _TOKENS) -> None:
        self._asker = asker
        self._tokens = tokens

    def write(self, question: str, library: Library) -> Written | None:
        """See Writer.write."""
        functions = f"These functions are there:\n{library.text()}\n\n" if len(library) else ""
        turns = [Message("system", prompt("write"), fixed=True)]
        for example in prompt("write_examples").split("\n=====\n"):
            asked, answer = example.split("\n-----\n")
            turns += [Message("user", asked, fixed=True), Message("assistant", answer, fixed=True)]
        turns.append(Message("user", f"{functions}Question: {question}"))
        text = self._asker.complete(turns, None, self._tokens).text
        program = program_in(text)
        return Written(program, self._asker.model.name) if program.strip() else None


def trained_turns(question: str) -> tuple[Message, ...]:
    """How a model that was trained to write is asked."""
    return Message("system", prompt("write_short"), fixed=True), Message("user", question.strip())


class TrainedWriter:
    """A model that was trained to write short programs (`brigade train writer`); it is shown no example.

    What every program of a kind begins with it need not write: see `completed`.
    """

    def __init__(self, asker: Asker) -> None:
        self._asker = asker

    def write(self, question: str, library: Library) -> Written | None:
        """See Writer.write."""
        program = self._asker.complete(trained_turns(question), None, _SHORT_TOKENS).text
        return Written(completed(program), self._asker.model.name) if program.strip() else None


def writer_of(asker: Asker) -> Writer:
    """How a model writes: as it was trained to, or after examples.

    Raises:
        ModelError: its adapter cannot be read.
    """
    trained = adapter_facts(asker.model.name).get("writer", {}).get("trained", False)
    return TrainedWriter(asker) if trained else ModelWriter(asker)


def program_in(text: str) -> str:
    """The program in a model's answer: between the marks, in a fence, or all of it."""
    for pattern in (r"# CODE START\s*\n(.*?)(?:# CODE END|\Z)", r"```(?:python)?\s*\n(.*?)(?:```|\Z)"):
        found = re.search(pattern, text, re.DOTALL)
        if found:
            return found[1].rstrip()
    return text


class FirstOf:
    """Several writers, tried in order."""

    def __init__(self, *writers: Writer) -> None:
        self._writers = writers

    def write(self, question: str, library: Library) -> Written | None:
        """See Writer.write."""
        for writer in self._writers:
            written = writer.write(question, library)
            if written is not None:
                return written
        return None
