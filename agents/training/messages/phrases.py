"""Phrases written by hand, with what they mean, as groups in YAML files. Knows not how they are filled.

A group is a list of phrases, one a line, that mean the same:

    - kind: short_term
      demands: Cook soup; Plate soup
      say: |
        {cook} the {soup} and {plate} it

Demands are `VERB [THING] [COUNT]`, or the name of an action slot (`do`, `habit`) that the phrase embeds, or `prior`:
any demands, unsaid. `always` before a demand of `previous` makes that intent a standing one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources.abc import Traversable

import yaml
from brigade.agents.hierarchy.executor import Macro, Verb, macro_of
from brigade.agents.hierarchy.intent import Kind
from brigade.agents.training.messages.vocabulary import Split, folder
from pydantic import BaseModel, ConfigDict, Field, ValidationError

ACTION_SLOTS = ("do", "habit", "prior")
MESSAGE_FILES = ("requests", "changes", "standing", "situations", "questions", "chatter")
_COUNTED = re.compile(r"\{([nmk])[ }:]")


@dataclass(frozen=True, slots=True)
class Spec:
    """A demand as a group writes it: an action with slots or names, or a reference to an action slot."""

    verb: Verb | None
    thing: str = ""
    """A slot such as `food2`, or a name such as `Onion`."""
    count: str = ""
    """A slot such as `n`, or a number."""
    slot: str = ""
    """The action slot, where there is no verb."""

    @classmethod
    def parse(cls, text: str) -> Spec:
        """The spec that is written so.

        Raises:
            ValueError: it is not one.
        """
        verb, *rest = text.split()
        if verb.rstrip("23") in ACTION_SLOTS and not rest:
            return cls(None, slot=verb)
        count = rest.pop() if rest and re.fullmatch(r"[nmk]|\d+", rest[-1]) else ""
        if len(rest) > 1 or (bool(rest) == (verb in ("Putout", "Drop"))):
            raise ValueError(f"{text!r} is no demand")
        return cls(Verb(verb), rest[0] if rest else "", count)


def macro_for(verb: Verb, thing: str) -> Macro:
    """The macro action that does this to a food or soup of this name."""
    endings = {Verb.CHOP: "", Verb.PREPARE: " Ingredients", Verb.PUTOUT: "", Verb.DROP: ""}
    return macro_of(f"{verb} {thing}{endings.get(verb, ' Soup')}".strip())


@dataclass(frozen=True, slots=True)
class Group:
    """Phrases that mean the same."""

    kind: Kind
    demands: tuple[Spec, ...]
    cancel: tuple[Spec | str, ...]
    """Specs, or EVERYTHING."""
    previous: tuple[Spec, ...]
    """What the message before wanted; empty if that does not matter."""
    previous_standing: bool
    orders: tuple[str, ...]
    """Soup slots of the open orders; empty if they do not matter."""
    alone: bool
    """Whether there must be no message before."""
    tags: tuple[str, ...]
    manner: str
    """How it is dressed: request, situation, question, chatter, or nothing for not at all."""
    weight: float
    say: tuple[str, ...]


class _GroupFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: Kind = Kind.SHORT_TERM
    demands: str = ""
    cancel: str = ""
    previous: str = ""
    orders: str = ""
    alone: bool = False
    tags: list[str] = Field(default_factory=list)
    dress: bool = True
    weight: float = Field(1.0, gt=0)
    say: str

    def group(self) -> Group:
        """The same, ready for use."""
        before = _parts(self.previous)
        standing = any(part.startswith("always ") for part in before)
        group = Group(
            kind=self.kind,
            demands=_specs(self.demands),
            cancel=tuple(part if part == "*" else Spec.parse(part) for part in _parts(self.cancel)),
            previous=tuple(Spec.parse(part.removeprefix("always ")) for part in before),
            previous_standing=standing,
            orders=tuple(_parts(self.orders)),
            alone=self.alone,
            tags=tuple(self.tags),
            manner=_MANNERS[self.kind] if self.dress else "",
            weight=self.weight,
            say=tuple(line.strip() for line in self.say.splitlines() if line.strip()),
        )
        _check_counts(group)
        return group


_MANNERS = {
    Kind.SHORT_TERM: "request",
    Kind.LONG_TERM: "request",
    Kind.IMPLICIT: "situation",
    Kind.QUESTION: "question",
    Kind.ORDER_QUESTION: "question",
    Kind.NONE: "chatter",
}


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _specs(text: str) -> tuple[Spec, ...]:
    return tuple(Spec.parse(part) for part in _parts(text))


def _check_counts(group: Group) -> None:
    """A number that a phrase says must mean something, unless nothing is asked for.

    Raises:
        ValueError: one does not, or one that is meant is not said (and the phrase refers to no message before).
    """
    if group.kind in (Kind.NONE, Kind.QUESTION, Kind.ORDER_QUESTION, Kind.LONG_TERM):
        return
    meant = {spec.count for spec in group.demands if spec.count.isalpha()}
    for phrase in group.say:
        said = set(_COUNTED.findall(phrase))
        if not meant <= said and not group.previous:
            raise ValueError(f"{phrase!r} does not say {', '.join(sorted(meant - said))}")
        if not meant & said and said and "correction" not in group.tags:
            raise ValueError(f"{phrase!r} says a number that is not meant")


@dataclass(frozen=True)
class Phrases:
    """All groups of one sort, such as the messages of a split."""

    groups: Sequence[Group]

    def __len__(self) -> int:
        """How many phrases there are."""
        return sum(len(group.say) for group in self.groups)


@cache
def messages(split: Split) -> Phrases:
    """Whole messages.

    Raises:
        ValueError: a file is not as it should be; says where.
    """
    return Phrases([group for name in MESSAGE_FILES for group in _read(split, name)])


@cache
def actions(split: Split, slot: str) -> Phrases:
    """Phrases for one action or a few: `do` with counts, `habit` without."""
    return Phrases(_read(split, {"do": "actions", "habit": "habits"}[slot]))


def _read(split: Split, name: str) -> list[Group]:
    """The groups of `NAME.yaml` and of every `NAME_SORT.yaml` beside it, in the order of their names."""
    paths = sorted(folder(split).iterdir(), key=lambda path: path.name)
    return [group for path in paths if re.fullmatch(rf"{name}(_\w+)?\.yaml", path.name) for group in _groups(path)]


def _groups(path: Traversable) -> list[Group]:
    groups = []
    for number, entry in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")), 1):
        try:
            groups.append(_GroupFile.model_validate(entry).group())
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise ValueError(f"{path}: group {number}: {where}: {first['msg']}") from None
        except ValueError as error:
            raise ValueError(f"{path}: group {number}: {error}") from None
    return groups
