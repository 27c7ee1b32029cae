"""Training data of the tagger: requests with their private pieces marked; written by templates, and PUPA's first half.

Half of the made-up names are spelled in small letters, and half of the templates name something public that looks
private, so that the tagger does not learn "every capital letter". Nothing of PUPA's second half is read.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml
from brigade.agents.privacy.measure import halves, read_pupa

SLOT = re.compile(r"\{(\w+)\}")
PIECE = 700
"""Characters of a piece of a long request: fewer tokens than the tagger sees at a time."""
_KINDS = {
    "person": "PERSON", "first": "PERSON", "company": "ORG", "school": "ORG", "clinic": "ORG", "product": "DETAIL",
    "project": "DETAIL", "town": "PLACE", "street": "PLACE", "country": "PLACE", "code": "ID", "handle": "ID",
    "site": "ID", "illness": "DETAIL", "nation": "DETAIL",
}  # fmt: skip
"""Slots that are private, and their labels; other slots are public."""


@dataclass(frozen=True, slots=True)
class Tagged:
    """A text and its private pieces."""

    text: str
    spans: tuple[tuple[int, int, str], ...]


@cache
def phrases() -> dict[str, Any]:
    """Templates and what fills them, from their file."""
    file = resources.files("brigade.agents.training.privacy").joinpath("phrases.yaml")
    data: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return data


def written(count: int, seed: int = 0) -> list[Tagged]:
    """Texts filled from templates."""
    chance = random.Random(seed)
    return [_filled(chance) for _ in range(count)]


def _filled(chance: random.Random) -> Tagged:
    data = phrases()
    template = " ".join(chance.sample(data["sentences"], chance.choice((1, 1, 2, 3))))
    small = chance.random() < 0.25
    values: dict[str, str] = {}
    text, spans = "", []
    done = 0
    for match in SLOT.finditer(template):
        text += template[done : match.start()]
        name = match.group(1)
        value = values.setdefault(name, _value(name, chance))
        kind = _KINDS.get(name)
        if kind is not None:
            spans.append((len(text), len(text) + len(value), kind))
        text += value
        done = match.end()
    text += template[done:]
    return Tagged(text.lower() if small else text, tuple(spans))


def _value(name: str, chance: random.Random) -> str:
    data = phrases()["slots"]
    if name == "person":
        return f"{_value('first', chance)} {_name(chance)}"
    if name == "first" and chance.random() < 0.5:
        return _name(chance)
    if name == "code":
        letters = "".join(chance.choice("ABCDEFGHKLMNPRSTXZ") for _ in range(chance.randint(1, 3)))
        return f"{letters}{chance.choice(('', '-'))}{chance.randint(100, 99999)}"
    if name == "handle":
        return f"@{_name(chance).lower()}{chance.choice(('', '_', str(chance.randint(1, 99))))}"
    if name == "site":
        return f"{_name(chance).lower()}.{chance.choice(('com', 'io', 'org', 'co.uk'))}"
    choice: str = chance.choice(data[name])
    return choice.replace("*", _name(chance))


def _name(chance: random.Random) -> str:
    """A name that nobody has, of syllables of several languages."""
    syllables: list[str] = phrases()["syllables"]
    return "".join(chance.choice(syllables) for _ in range(chance.choice((2, 2, 3)))).capitalize()


def from_pupa(file: Path) -> list[Tagged]:
    """The first half of PUPA in pieces that the tagger sees whole, every occurrence of a unit marked.

    Raises:
        PupaMissing: the file is not there.
    """
    result: list[Tagged] = []
    for row in halves(read_pupa(file))[0]:
        text = row.query[:4000]
        places = [(m.start(), m.end()) for unit in row.units for m in re.finditer(re.escape(unit), text.lower())]
        if len(text.lower()) == len(text):
            marked = tuple((start, end, "DETAIL") for start, end in _joined(places))
            result += _pieces(Tagged(text, marked))
    return result


def _pieces(whole: Tagged) -> Iterator[Tagged]:
    """A long text cut between words, and never inside a private piece."""
    start, size = 0, len(whole.text)
    while start < size:
        end = min(size, start + PIECE)
        while end < size and (whole.text[end].isalnum() or any(a < end < b for a, b, _ in whole.spans)):
            end += 1
        spans = tuple((a - start, b - start, kind) for a, b, kind in whole.spans if start <= a and b <= end)
        yield Tagged(whole.text[start:end], spans)
        start = end


def _joined(places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined
