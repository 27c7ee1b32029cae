"""Composing rows: a phrase of the right kind, filled, dressed, typed out, and put into a situation."""

from __future__ import annotations

import json
import random

from brigade.agents.hierarchy.intent import Demand, Intent, Kind
from brigade.agents.training.messages.filling import SOUP_NAMES, Filling, pick
from brigade.agents.training.messages.phrases import Group, messages
from brigade.agents.training.messages.rows import Row
from brigade.agents.training.messages.surface import dress, signature, type_out
from brigade.agents.training.messages.vocabulary import Split

SHARES = {
    Kind.SHORT_TERM: 0.46,
    Kind.NONE: 0.20,
    Kind.IMPLICIT: 0.12,
    Kind.LONG_TERM: 0.10,
    Kind.QUESTION: 0.06,
    Kind.ORDER_QUESTION: 0.06,
}
"""How many of the rows of a split that judges are of each kind."""
TRAIN_SHARES = SHARES | {Kind.SHORT_TERM: 0.43, Kind.NONE: 0.18, Kind.IMPLICIT: 0.15, Kind.LONG_TERM: 0.12}
"""The same for rows to learn from: more of the two kinds that were understood least so far."""
_BEFORE_SHARE = 0.25
"""Of rows that refer to no message before and have one all the same."""
_ORDERS_SHARE = 0.6
"""Of rows that do not speak of certain orders and have some all the same."""
MOST_DEMANDS, MOST_CANCELS = 4, 3
"""What a model can answer with: the limits of `intent_schema`."""
_TRIES = 400


def compose(split: Split, count: int, seed: int = 0) -> list[Row]:
    """So many different rows of a split, the kinds in fixed shares, in random order; the same for the same seed.

    Raises:
        ValueError: the phrases do not yield so many different rows.
    """
    rng = random.Random(f"{split} {seed}")
    shares = TRAIN_SHARES if split == "train" else SHARES
    kinds = [kind for kind, share in shares.items() for _ in range(round(share * count))]
    kinds += [Kind.SHORT_TERM] * (count - len(kinds))
    rng.shuffle(kinds)
    seen: set[tuple[str, str]] = set()
    return [_new_row(split, kind, rng, seen) for kind in kinds[:count]]


def _new_row(split: Split, kind: Kind, rng: random.Random, seen: set[tuple[str, str]]) -> Row:
    groups = [group for group in messages(split).groups if group.kind is kind]
    for _ in range(_TRIES):
        row = _row(split, pick(rng, groups), rng)
        key = (signature(row.message), json.dumps(row.previous))
        sayable = len(row.intent["demands"]) <= MOST_DEMANDS and len(row.intent["cancel"]) <= MOST_CANCELS
        if sayable and key not in seen:
            seen.add(key)
            return row
    raise ValueError(f"the {split} phrases yield no further {kind} message after {_TRIES} tries: compose fewer")


def _row(split: Split, group: Group, rng: random.Random) -> Row:
    filling = Filling(split, rng)
    phrase = rng.choice(group.say)
    message = filling.text(phrase)
    intent = _intent(group, filling)
    previous = _previous(group, filling)
    orders = tuple(filling.thing(slot) for slot in group.orders)
    if not orders and rng.random() < _ORDERS_SHARE:
        orders = tuple(rng.choices(SOUP_NAMES, k=rng.choice((1, 2, 3, 3))))
    if group.manner:
        message = dress(message, split, group.manner, filling)
    message, typing = type_out(message, split, rng)
    tags = filling.tags | typing | set(group.tags) | _tags(intent)
    if previous is not None and not group.previous:
        tags.add("distractor")
    before = None if previous is None else previous.to_dict()
    return Row(message, orders, before, intent.to_dict(), tuple(sorted(tags)), phrase)


def _intent(group: Group, filling: Filling) -> Intent:
    demands = filling.demands(group.demands)
    standing = group.kind is Kind.LONG_TERM
    if standing:
        demands = tuple(Demand(demand.macro, None) for demand in demands)
    cancel: list[str] = []
    for spec in group.cancel:
        if isinstance(spec, str):
            cancel.append(spec)
        else:
            cancel += [demand.macro.name for demand in filling.demands([spec])]
    return Intent(group.kind, demands, standing, tuple(dict.fromkeys(cancel)))


def _previous(group: Group, filling: Filling) -> Intent | None:
    """What was meant before: what the group says, or now and then something that does not matter."""
    if group.previous:
        demands = filling.demands(group.previous)
        if group.previous_standing:
            return Intent(Kind.LONG_TERM, tuple(Demand(demand.macro, None) for demand in demands), standing=True)
        return Intent(Kind.SHORT_TERM, demands)
    if group.alone or group.orders or filling.rng.random() >= _BEFORE_SHARE:
        return None
    groups = [each for each in messages(filling.split).groups if not each.previous]
    other = pick(filling.rng, groups)
    elsewhere = Filling(filling.split, filling.rng)
    elsewhere.text(filling.rng.choice(other.say))
    return _intent(other, elsewhere)


def _tags(intent: Intent) -> set[str]:
    """What an intent itself shows to be hard."""
    tags = {
        "count": any((demand.count or 1) > 1 for demand in intent.demands),
        "several": len(intent.demands) > 1,
        "cancel": bool(intent.cancel),
        "standing": intent.standing,
    }
    return {tag for tag, holds in tags.items() if holds}
