"""Intents in few words: what a trained Slow Mind answers with, and the schema that its answer is held to.

    do: Chop Onion x3, Cook Bob          always: Chop Lettuce, stop Chop Onion
    situation: Putout                    do: stop all
    question                             orders                             nothing

A request takes about 10 tokens so, and 45 as JSON, which a small model has to read once for each token it decides on.
Orders keep their numbers out of it: every intent of `intent_schema` can be written, and reads back as it was.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from brigade.agents.hierarchy.describe import short_name
from brigade.agents.hierarchy.executor import MACROS, macro_of
from brigade.agents.hierarchy.intent import EVERYTHING, Demand, Intent, Kind

_WORDS = {
    Kind.NONE: "nothing",
    Kind.SHORT_TERM: "do",
    Kind.IMPLICIT: "situation",
    Kind.LONG_TERM: "always",
    Kind.QUESTION: "question",
    Kind.ORDER_QUESTION: "orders",
}
_KINDS = {word: kind for kind, word in _WORDS.items()}
_MACROS = {short_name(macro): macro for macro in MACROS}
_STOP, _ALL = "stop ", "all"
MOST_ITEMS, MOST_COUNT = 7, 12


def in_compact(intent: Intent) -> str:
    """An intent in few words."""
    items = [_demand(demand) for demand in intent.demands]
    items += [_STOP + (_ALL if name == EVERYTHING else short_name(macro_of(name))) for name in intent.cancel]
    return _WORDS[intent.kind] + (f": {', '.join(items)}" if items else "")


def from_compact(text: str) -> Intent:
    """The intent that `in_compact` wrote.

    Raises:
        ValueError: it is not one.
    """
    word, _, rest = text.partition(":")
    if word not in _KINDS:
        raise ValueError(f"{text!r} is no intent: it begins with none of {', '.join(_KINDS)}")
    kind = _KINDS[word]
    items = [item.strip() for item in rest.split(",") if item.strip()]
    cancel = [item.removeprefix(_STOP) for item in items if item.startswith(_STOP)]
    demands = [_parsed(item) for item in items if not item.startswith(_STOP)]
    return Intent.from_dict({
        "kind": str(kind),
        "demands": [{"macro": demand.macro.name, "count": demand.count} for demand in demands],
        "standing": kind is Kind.LONG_TERM,
        "cancel": [EVERYTHING if name == _ALL else _named(name).name for name in cancel],
    })  # fmt: skip


def compact_schema() -> Mapping[str, Any]:
    """A JSON string that holds an intent in few words."""
    macro = f"({'|'.join(_MACROS)})"
    count = f"( x({'|'.join(str(number) for number in range(2, MOST_COUNT + 1))}))?"
    item = f"({macro}{count}|{_STOP}({_ALL}|{macro}))"
    items = f"{item}(, {item}){{0,{MOST_ITEMS - 1}}}"
    acting = "|".join(_WORDS[kind] for kind in (Kind.SHORT_TERM, Kind.IMPLICIT, Kind.LONG_TERM))
    talking = "|".join(_WORDS[kind] for kind in (Kind.NONE, Kind.QUESTION, Kind.ORDER_QUESTION))
    return {"type": "string", "pattern": f"^(({acting}): {items}|({talking})(: {_STOP}({_ALL}|{macro}))?)$"}


def read_answer(text: str) -> Intent:
    """The intent in an answer that followed the schema; nothing to do if it is cut off or no intent."""
    try:
        return from_compact(json.loads(text))
    except (ValueError, AttributeError):
        return Intent(Kind.NONE)


def _demand(demand: Demand) -> str:
    return short_name(demand.macro) + (f" x{demand.count}" if demand.count not in (None, 1) else "")


def _parsed(item: str) -> Demand:
    name, _, count = item.partition(" x")
    if count and not count.isdigit():
        raise ValueError(f"{item!r} is no demand")
    return Demand(_named(name), int(count) if count else 1)


def _named(name: str) -> Any:
    if name not in _MACROS:
        raise ValueError(f"{name!r} is no macro action")
    return _MACROS[name]
