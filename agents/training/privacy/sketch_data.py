"""What the sketch adapter learns: to say of a private request only what is to be written, and to follow an outline.

Rows are asked exactly as the route `sketch` asks. Requests, profiles and texts are composed from scenarios of our own;
those of the test are other scenarios, and their people are drawn anew.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml
from brigade.agents.assistant.writing import local_messages, sketch_messages
from brigade.agents.models import Message
from brigade.agents.privacy.private_set import PrivateSet
from brigade.agents.privacy.values import Fact
from brigade.agents.training.batches import TextExample
from brigade.agents.training.privacy.tagged import phrases

SLOT = re.compile(r"\{(\w+)\}")
ASIDES = 2
"""Sentences about the person that a request may have besides."""


@dataclass(frozen=True, slots=True)
class Request:
    """A private request, and what should become of it."""

    text: str
    profile: tuple[tuple[str, str], ...]
    """The private facts that the local model knows, each with its key."""
    private: tuple[str, ...]
    """The private values that the request tells."""
    abstract: str
    """What may be told of it."""
    outline: str
    answer: str

    @property
    def used(self) -> tuple[str, ...]:
        """The private values that the answer uses."""
        return tuple(
            value for value in dict.fromkeys((*self.private, *dict(self.profile).values())) if value in self.answer
        )


@cache
def scenarios() -> dict[str, Any]:
    """Scenarios and what fills them, from their file."""
    file = resources.files("brigade.agents.training.privacy").joinpath("sketch.yaml")
    data: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return data


def requests(count: int, seed: int, *, test: bool = False) -> list[Request]:
    """Requests of made-up people; those of the test come from scenarios that are not trained on."""
    chance = random.Random(seed)
    tasks = scenarios()["test_tasks"] if test else [*scenarios()["tasks"], *_only_told()]
    order = [task for _ in range(-(-count // len(tasks))) for task in chance.sample(tasks, len(tasks))]
    return [_request(task, chance) for task in order[:count]]


def _only_told() -> list[dict[str, Any]]:
    return [{"ask": ask, "abstract": told, "outline": [], "text": ""} for ask, told in scenarios()["write_tasks"]]


def examples(some: Sequence[Request]) -> list[TextExample]:
    """Both skills, for every request; those without a text are only to be told."""
    return [each for one in some for each in (writing(one), *([following(one)] if one.answer else []))]


def writing(one: Request) -> TextExample:
    """To say what is to be written."""
    return TextExample(sketch_messages(one.text), one.abstract)


def following(one: Request) -> TextExample:
    """To write it."""
    return TextExample(tuple(follow_messages(one)), one.answer)


def follow_messages(one: Request) -> list[Message]:
    """How the local model is asked to follow an outline."""
    profile = PrivateSet([Fact(key, value) for key, value in one.profile])
    return local_messages([{"role": "user", "content": one.text}], profile, one.outline)


def _request(task: dict[str, Any], chance: random.Random) -> Request:
    data = scenarios()
    values = {name: _value(choices, chance) for name, choices in data["slots"].items()}
    asides = " ".join(chance.sample(data["asides"], chance.randint(0, ASIDES)))
    told = f"{chance.choice(task['ask'])}. {asides}".strip()
    text = chance.choice(data["openings"]) + told.format(**values)
    text = text[0].upper() + text[1:] if chance.random() < 0.5 else text
    in_text = tuple(dict.fromkeys(SLOT.findall(told)))
    known = [name for name in data["keys"] if name not in in_text or chance.random() < 0.5]
    chance.shuffle(known)
    profile = tuple(
        (_key(data["keys"][name], chance), values[name]) for name in _with_name(known[: chance.randint(4, 8)], task)
    )
    return Request(
        text,
        profile,
        tuple(values[name] for name in in_text),
        task["abstract"],
        _outline(task["outline"], chance),
        _answer(task["text"], values, {*in_text, *_names(profile, values)}),
    )


def _with_name(known: Sequence[str], task: dict[str, Any]) -> list[str]:
    """What the text needs is in the profile, wherever else it is told."""
    needed = [name for name in SLOT.findall(task["text"]) if name in scenarios()["keys"]]
    return list(dict.fromkeys([*needed, *known]))


def _names(profile: Sequence[tuple[str, str]], values: dict[str, str]) -> set[str]:
    told = {value for _, value in profile}
    return {name for name, value in values.items() if value in told}


def _answer(text: str, values: dict[str, str], known: set[str]) -> str:
    """The text without the sentences that need what nobody told."""
    sentences = re.split(r"(?<=[.!?]) ", text)
    return " ".join(each for each in sentences if set(SLOT.findall(each)) <= known).format(**values)


def _outline(points: Sequence[str], chance: random.Random) -> str:
    """An outline as cloud models write it: numbered, and not always with every point."""
    kept = [point for point in points if chance.random() < 0.9]
    mark = chance.choice(("{}. ", "{}) ", "- "))
    return "\n".join(f"{mark.format(at)}{point}" for at, point in enumerate(kept, 1))


def _key(keys: str | list[str], chance: random.Random) -> str:
    return keys if isinstance(keys, str) else chance.choice(keys)


def _value(choices: Sequence[str], chance: random.Random) -> str:
    return re.sub(r"\*", lambda _: _name(chance), chance.choice(choices))


def _name(chance: random.Random) -> str:
    syllables: list[str] = phrases()["syllables"]
    return "".join(chance.choice(syllables) for _ in range(chance.choice((2, 2, 3)))).capitalize()
