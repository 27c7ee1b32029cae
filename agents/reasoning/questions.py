"""Questions with or without a known answer: read from a file, and compared with what somebody answered."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError


@dataclass(frozen=True, slots=True)
class Question:
    """A question; `answer` is None where it is not known."""

    id: str
    text: str
    answer: str | None = None

    @property
    def options(self) -> dict[str, str]:
        """The answers that the question offers, by what to answer: `(A)` -> `red`, or `Yes` -> `Yes`."""
        _, mark, listed = self.text.partition("Options:")
        if not mark:
            return {}
        letters = re.findall(r"(\([A-Z]\))\s*([^\n(]+)", listed)
        if letters:
            return {letter: text.strip() for letter, text in letters}
        return {text.strip(): text.strip() for text in re.findall(r"^\s*-\s*(.+)$", listed, re.MULTILINE)}


class _Line(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: str | int | None = None
    question: str
    answer: str | int | float | bool | None = None


def read_questions(file: Path) -> list[Question]:
    """The questions of a file, a JSON object a line: `{"id"?, "question", "answer"?}`.

    Raises:
        ValueError: a line is no question, or there is none; says which.
        OSError: the file cannot be read.
    """
    questions = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = _Line.model_validate(json.loads(line))
        except ValidationError as error:
            first = error.errors()[0]
            raise ValueError(f"{file}:{number}: {'.'.join(map(str, first['loc'])) or 'line'}: {first['msg']}") from None
        except ValueError as error:
            raise ValueError(f"{file}:{number}: not JSON: {error}") from None
        name = str(number) if row.id is None else str(row.id)
        questions.append(Question(name, row.question, None if row.answer is None else str(row.answer)))
    if not questions:
        raise ValueError(f"{file}: there is no question in it")
    return questions


def is_correct(said: str | None, gold: str) -> bool:
    """Whether an answer is the known one: alike but for case, blanks, a final point, `(A)` or `A`, 3 or 3.0."""
    if said is None:
        return False
    a, b = _bare(said), _bare(gold)
    if a == b:
        return True
    try:
        return float(a) == float(b)
    except ValueError:
        return False


def _bare(text: str) -> str:
    bare = " ".join(text.casefold().split()).strip(" .\"'`")
    letter = re.fullmatch(r"\(?([a-z])\)", bare)
    truth = {"true": "yes", "false": "no"}
    bare = letter[1] if letter else truth.get(bare, bare)
    return re.sub(r"(?<=\d),(?=\d{3}\b)|^\$", "", bare)
