"""What the Slow Mind should say: messages, the facts of the answer, and a short warm sentence that states just them.

The facts are those of the real Slow Mind (`facts_for`) about real kitchens that are drawn here; the sentences are
composed from phrases (`spoken/SPLIT/replies.yaml`), which are disjoint between the splits. Every reply passes the
check that the Slow Mind makes of what a model says (`is_faithful`).
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml
from brigade.agents.hierarchy.executor import Verb
from brigade.agents.hierarchy.intent import Agenda, Demand, Intent, Kind
from brigade.agents.hierarchy.slow_mind.facts import facts_for
from brigade.agents.hierarchy.slow_mind.faithful import is_faithful
from brigade.agents.training.messages.compose import compose
from brigade.agents.training.messages.filling import INSIDE, SOUP_NAMES
from brigade.agents.training.messages.vocabulary import Split, folder, vocabulary
from brigade.envs.kitchen import HlaKitchen, HlaView, Stage, Tile
from brigade.envs.kitchen.hla.items import FOODS
from brigade.envs.kitchen.hla.recipes import BY_FOODS
from pydantic import BaseModel, ConfigDict, ValidationError

MOST_LETTERS = 260
"""Characters of a reply: less than the REPLY_TOKENS that the Slow Mind may say."""
_MAPS = ("ring", "bottleneck", "partition", "quick")
_HURRY = 0.3
"""Share of an order's time below which it is said with some hurry."""
_TRIES = 60


@dataclass(frozen=True, slots=True)
class ReplyPair:
    """A message, what is true about the answer, and a reply that says so."""

    message: str
    facts: str
    reply: str


class _Acts(BaseModel):
    model_config = ConfigDict(extra="forbid")

    one: list[str]
    many: list[str]
    habit: list[str]


class _RepliesFile(BaseModel):
    """`replies.yaml`."""

    model_config = ConfigDict(extra="forbid")

    acts: dict[str, _Acts]
    then: list[str]
    once: str
    standing: str
    cancel: str
    stopping: str
    none: str
    order: list[str]
    order_hurry: list[str]
    orders: str
    cooking: list[str]
    cooked: list[str]
    charred: list[str]
    burning: list[str]
    empty: list[str]
    all_empty: list[str]
    kitchen: str

    def lines(self, name: str) -> list[str]:
        """The phrases of a part that is written one a line."""
        return [line.strip() for line in str(getattr(self, name)).splitlines() if line.strip()]


@cache
def reply_phrases(split: Split) -> _RepliesFile:
    """The phrases of a split's replies.

    Raises:
        ValueError: the file is not as it should be; says where.
    """
    path = folder(split) / "replies.yaml"
    try:
        return _RepliesFile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def compose_replies(split: Split, count: int, seed: int = 0) -> list[ReplyPair]:
    """So many different pairs of a split; the same for the same seed.

    Raises:
        ValueError: the phrases do not yield so many, or one of them says what is not among the facts.
    """
    rng = random.Random(f"replies {split} {seed}")
    pairs: dict[tuple[str, str], ReplyPair] = {}
    for row in compose(split, 2 * count, seed):
        intent = Intent.from_dict(row.intent)
        if len(intent.demands) <= 3:
            agenda = Agenda() if row.before is None else Agenda().after(row.before)
            pair = _pair(split, row.message, intent, agenda, rng)
            pairs.setdefault((pair.message, pair.reply), pair)
        if len(pairs) == count:
            return list(pairs.values())
    raise ValueError(f"the {split} phrases yield only {len(pairs)} different replies of {count}: compose fewer")


def _pair(split: Split, message: str, intent: Intent, agenda: Agenda, rng: random.Random) -> ReplyPair:
    words = _Wording(split, rng)
    for _ in range(_TRIES):
        view = _kitchen(rng)
        reply, facts = words.reply(intent, view), facts_for(intent, view, agenda)
        if not is_faithful(reply, facts):
            raise ValueError(f"{split}: {reply!r} does not state the facts {facts!r}")
        if len(reply) <= MOST_LETTERS:
            return ReplyPair(message, facts, reply)
    raise ValueError(f"{split}: no reply of at most {MOST_LETTERS} characters to {message!r} after {_TRIES} tries")


def _kitchen(rng: random.Random) -> HlaView:
    """A kitchen with orders of some age, and something in its pots."""
    kitchen = HlaKitchen(rng.choice(_MAPS))
    kitchen.reset(orders=rng.choices(SOUP_NAMES, k=8))
    data = kitchen.rules.to_dict(kitchen.state)
    for order in data["orders"]:
        order["seconds_left"] = float(rng.randint(3, int(order["seconds_left"])))
    for cell in kitchen.layout.cells(Tile.POT):
        content = _pot(rng)
        if content is not None:
            at = [cell % kitchen.layout.width, cell // kitchen.layout.width]
            data["squares"].append({"position": at, **content})
    kitchen.state = kitchen.rules.from_dict(data)
    return kitchen.view()


def _pot(rng: random.Random) -> dict[str, Any] | None:
    """What a pot holds; None for nothing."""
    stage = rng.choice((None, None, "Cooking", "Cooked", "Charred", "Fire"))
    if stage is None:
        return None
    soup = rng.choice(SOUP_NAMES)
    state = "Charred" if stage == "Fire" else stage
    item = "-".join(f"{state}{food}" for food in INSIDE[soup]) + ("-Fire" if stage == "Fire" else "")
    longest = {"Cooking": 15, "Cooked": 25, "Charred": 0, "Fire": 5}[stage]
    return {"item": item, "seconds_left": rng.randint(1, longest) if longest else 0, "since_spray": [None, None]}


@dataclass(frozen=True)
class _Wording:
    """Draws the words of replies."""

    split: Split
    rng: random.Random

    def reply(self, intent: Intent, view: HlaView) -> str:
        """A reply to what was understood."""
        match intent.kind:
            case Kind.NONE:
                text = self._line("none")
            case Kind.ORDER_QUESTION:
                text = self._line("orders").format(list=self._orders(view))
            case Kind.QUESTION:
                text = self._line("kitchen").format(list=self._orders(view), pots=self._pots(view))
            case _:
                text = self._promise(intent)
        return text[0].upper() + text[1:]

    def _promise(self, intent: Intent) -> str:
        if not intent.demands:
            return self._line("cancel")
        acts = [self._act(demand, standing=intent.standing) for demand in intent.demands]
        act = acts[0]
        for other in acts[1:]:
            act = self.rng.choice(self._phrases.then).format(a=act, b=other)
        name = "stopping" if intent.cancel else "standing" if intent.standing else "once"
        return self._line(name).format(act=act)

    def _act(self, demand: Demand, *, standing: bool) -> str:
        acts = self._phrases.acts[demand.macro.verb]
        choices = acts.habit if standing else acts.one if demand.count in (None, 1) else acts.many
        one, many = self._food(demand)
        soup = BY_FOODS[demand.macro.foods].name if demand.macro.foods in BY_FOODS else ""
        return self.rng.choice(choices).format(food=one, foods=many, soup=soup, n=demand.count)

    def _food(self, demand: Demand) -> tuple[str, str]:
        if demand.macro.verb is not Verb.CHOP:
            return "", ""
        one, many = vocabulary(self.split).core.foods[FOODS[demand.macro.foods]].split("|")
        return one, many

    def _orders(self, view: HlaView) -> str:
        said = []
        for order in view.orders:
            phrases = self._phrases.order_hurry if order.share_left < _HURRY else self._phrases.order
            said.append(self.rng.choice(phrases).format(soup=order.name, s=f"{order.seconds_left:.0f}"))
        return self._listed(said)

    def _pots(self, view: HlaView) -> str:
        pots = set(view.layout.cells(Tile.POT))
        full = [square for square in view.squares if square.cell in pots]
        said = []
        for square in full:
            stages = {Stage.COOKING: "cooking", Stage.COOKED: "cooked"}
            name = stages.get(square.item.stage or Stage.FRESH, "burning" if square.item.burning else "charred")
            foods = " and ".join(food.lower() for food in square.item.food_names)
            phrase = self.rng.choice(getattr(self._phrases, name))
            said.append(phrase.format(soup=BY_FOODS[square.item.foods].name, mix=foods, s=f"{square.left:.0f}"))
        if not said:
            return self.rng.choice(self._phrases.all_empty)
        if len(full) < len(pots) and self.rng.random() < 0.5:
            said.append(self.rng.choice(self._phrases.empty))
        return self._listed(said)

    def _listed(self, parts: Sequence[str]) -> str:
        *others, last = parts
        return f"{', '.join(others)} and {last}" if others else last

    @property
    def _phrases(self) -> _RepliesFile:
        return reply_phrases(self.split)

    def _line(self, name: str) -> str:
        return self.rng.choice(self._phrases.lines(name))
