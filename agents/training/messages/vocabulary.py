"""The words of one split: synonyms, idioms, politeness and spelling mistakes, read from `spoken/SPLIT/words.yaml`.

Only the names of foods, soups and the seven actions, and the plain numbers, are shared between splits (`core.yaml`).
Knows nothing of sentences or intents.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Literal, get_args

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

Split = Literal["train", "validation", "test"]
SPLITS: tuple[Split, ...] = get_args(Split)
Form = Literal["base", "ing", "ed"]
_SPOKEN = resources.files("brigade.agents.training.messages") / "spoken"


class VocabularyFile(BaseModel):
    """`words.yaml`."""

    model_config = ConfigDict(extra="forbid")

    verbs: dict[str, list[str]]
    """Action -> synonyms as `cut/cutting/cut`: base, -ing and past form."""
    one: list[str]
    """A single thing: `{one}` stands for its singular, `{many}` for its plural."""
    many: list[str]
    """Several: `{word}` and `{digit}` stand for the number."""
    special: dict[int, list[str]]
    """Idioms of certain numbers."""
    times: list[str]
    """How often: `{word}` and `{digit}`, at least two."""
    named: list[str]
    """A soup by its name, `singular|plural`."""
    pair: list[str]
    """A soup by its two foods `{a}` and `{b}`."""
    triple: list[str]
    """The soup of all three foods, `{a}`, `{b}` and `{c}`."""
    mixture: list[str]
    """How foods are listed: `{a}` and `{b}`."""
    nicknames: dict[str, list[str]]
    """Food -> what it is also called, `singular|plural`."""
    texting: dict[str, list[str]]
    """Word -> how it is typed in a hurry."""
    phonetic: dict[str, list[str]]
    """Word -> how it is misspelt by ear."""
    words: dict[str, list[str]]
    """Everything else that a phrase may ask for by name."""
    dress: dict[str, Dress]
    """What goes before and after a message, by manner: request, situation, question, chatter."""


class Dress(BaseModel):
    """What may go before and after a message."""

    model_config = ConfigDict(extra="forbid")

    open: list[str]
    close: list[str]


class CoreFile(BaseModel):
    """`core.yaml`: plain names, and the plain ways to count and to name a soup."""

    model_config = ConfigDict(extra="forbid")

    verbs: dict[str, str]
    foods: dict[str, str]
    numbers: list[str]
    one: list[str]
    many: list[str]
    named: list[str]
    pair: list[str]


@dataclass(frozen=True)
class Vocabulary:
    """The words that phrases of a split are filled with."""

    file: VocabularyFile
    core: CoreFile
    """What all splits share."""


def folder(split: Split) -> Traversable:
    """Where the phrases of a split are kept."""
    return _SPOKEN / split


@cache
def vocabulary(split: Split) -> Vocabulary:
    """The words of a split.

    Raises:
        ValueError: its file is not as it should be; says where.
    """
    path = folder(split) / "words.yaml"
    core = CoreFile.model_validate(yaml.safe_load((_SPOKEN / "core.yaml").read_text(encoding="utf-8")))
    try:
        file = VocabularyFile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    return Vocabulary(file, core)
