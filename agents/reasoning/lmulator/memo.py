"""Earlier answers of models, by what they depended on: the second run over the same need asks nobody.

Kept in memory and, if a file is named, appended to it line by line, so that a run that is cut short loses nothing and
several processes may share it.
"""

from __future__ import annotations

import json
import threading
from pathlib import Path

from brigade.agents.reasoning.lmulator.queries import Answer, Query, Source
from brigade.agents.reasoning.lmulator.values import from_data, is_plain, to_data


class Memo:
    """Answers by the key of their query.

    Args:
        file: where they are kept; made when first needed.

    Raises:
        ValueError: a line of the file is no answer; says which.
        OSError: the file cannot be read.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._answers: dict[str, Answer] = {}
        if file is not None and file.is_file():
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                self._read(line, f"{file}:{number}")

    def __len__(self) -> int:
        return len(self._answers)

    def get(self, query: Query) -> Answer | None:
        """The earlier answer to a query."""
        return self._answers.get(query.key)

    def keep(self, query: Query, answer: Answer) -> None:
        """Remember what a model or a person answered."""
        if not is_plain(answer.value):
            return
        kept = Answer(answer.value, Source.MEMO, answer.confidence, answer.provenance)
        row = {
            "key": query.key,
            "asked": query.written(),
            "value": to_data(answer.value),
            "confidence": answer.confidence,
            "provenance": answer.provenance,
        }
        with self._lock:
            self._answers[query.key] = kept
            if self._file is not None:
                with self._file.open("a", encoding="utf-8") as out:
                    out.write(json.dumps(row) + "\n")

    def _read(self, line: str, where: str) -> None:
        try:
            row = json.loads(line)
            answer = Answer(from_data(row["value"]), Source.MEMO, row["confidence"], row["provenance"])
            self._answers[row["key"]] = answer
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{where}: not an answer of a memo: {error!r}") from None
