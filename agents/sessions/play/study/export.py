"""A study's results as files for statistics: everything as JSONL, games with their block's answers as CSV."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from brigade.agents.sessions.play.study.design import StudyError

SECRET = ("key",)
"""Entries that are for the server alone."""
PLACES = ("participant", "code", "block", "condition", "partner", "game", "map", "seed")
RESULTS = ("score", "served", "missed", "room")


def rows(folder: Path) -> Iterator[dict[str, Any]]:
    """Every entry of every participant, with their number and code.

    Raises:
        StudyError: there is no study in the folder, or a file is broken.
    """
    files = sorted((folder / "participants").glob("*.jsonl"))
    if not files:
        raise StudyError(f"{folder}: holds no participants")
    for file in files:
        who: dict[str, Any] = {}
        for number, line in enumerate(file.read_text(encoding="utf-8").split("\n")[:-1], 1):
            try:
                entry = json.loads(line)
            except json.JSONDecodeError as error:
                raise StudyError(f"{file}:{number}: not JSON: {error.msg}") from None
            if entry["type"] == "participant":
                who = {"participant": entry["number"] + 1, "code": entry["code"]}
            yield who | {key: value for key, value in entry.items() if key not in (*SECRET, "number")}


def to_jsonl(folder: Path, out: TextIO) -> int:
    """Write every entry as a line; returns how many."""
    count = 0
    for row in rows(folder):
        out.write(json.dumps(row, ensure_ascii=False) + "\n")
        count += 1
    return count


def to_csv(folder: Path, out: TextIO) -> int:
    """Write a line per game that counts, with the answers about its block and those at the end; returns how many."""
    entries = list(rows(folder))
    answers = [entry for entry in entries if entry["type"] == "answers"]
    of_block = {(entry["participant"], entry["block"]): entry["answers"] for entry in answers if "block" in entry}
    at_end = {entry["participant"]: entry["answers"] for entry in answers if "block" not in entry}
    block_ids = list(dict.fromkeys(key for given in of_block.values() for key in given))
    end_ids = list(dict.fromkeys(key for given in at_end.values() for key in given))
    columns = [*PLACES, *RESULTS, *block_ids, *(f"end_{key}" for key in end_ids)]
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    games = [entry for entry in entries if entry["type"] == "game" and not entry.get("practice")]
    for entry in games:
        row = {key: entry.get(key) for key in (*PLACES, *RESULTS)}
        row |= of_block.get((entry["participant"], entry["block"]), {})
        row |= {f"end_{key}": value for key, value in at_end.get(entry["participant"], {}).items()}
        writer.writerow({key: _safe(value) for key, value in row.items()})
    return len(games)


def _safe(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula is marked as text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
