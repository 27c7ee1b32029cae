"""Episodes in which somebody is talked to: scripted messages, a lexicon that listens, a mind that likes one option."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from brigade.agents.graph import Minds
from brigade.agents.hierarchy.executor import Macro, Verb
from brigade.agents.hierarchy.fast_mind import FastMind
from brigade.agents.hierarchy.intent import Intent
from brigade.agents.hierarchy.slow_mind import SlowMind, Understanding
from brigade.agents.models import Choice, Completion, Message
from brigade.agents.models.protocol import Engine
from brigade.agents.sessions.episode import EpisodeSpec, run_episode
from brigade.agents.sessions.record import Record, read_record, replay
from brigade.envs.kitchen import HlaView, Stage, Tile

LATENCY = "fast=0.1,slow=0.5"
Said = tuple[float, str]
"""When, in seconds, and what."""


class TakesOption(Engine):
    """Likes one option best, counted from the first, whatever it is shown; says what it is told to say."""

    def __init__(self, which: int = 0, words: str = "") -> None:
        super().__init__("takes-option", remote=False)
        self.which, self.words = which, words

    def generate(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        schema: Mapping[str, Any] | None = None,
    ) -> Completion:
        return Completion(self.words, 0, 1, 0.0)

    def choose(self, messages: Sequence[Message], options: Sequence[str]) -> Choice:
        liked = self.which % len(options)
        return Choice(tuple(float(i == liked) for i in range(len(options))), 0, 0.0)


class GivenIntents(SlowMind):
    """Takes the JSON of an intent for a message that means it."""

    def __init__(self) -> None:
        super().__init__(None)

    async def interpret(
        self, message: str, *, orders: Sequence[str] = (), previous: Intent | None = None
    ) -> Understanding:
        return Understanding(Intent.from_dict(json.loads(message)), "given", 0.0)


def talk(
    kitchen: str,
    *said: Said,
    slow: SlowMind | None = None,
    which: int = 0,
    partner: str = "",
    **spec: Any,
) -> Record:
    """The record of an episode in which cook 1 says this and otherwise stands still, or cooks as `partner` says."""
    with tempfile.TemporaryDirectory() as folder:
        file, record = Path(folder) / "commands.yaml", Path(folder) / "record.jsonl"
        messages = [{"at": at, "say": text} for at, text in said]
        file.write_text(
            json.dumps({"cooks": partner == "cooks", "messages": messages}, ensure_ascii=False), encoding="utf-8"
        )
        minds = Minds(slow or SlowMind(None), FastMind(TakesOption(which)))
        run_episode(EpisodeSpec(kitchen, "hla", f"commander:{file}", latency=LATENCY, **spec), minds, record)
        return read_record(record)


def entries(record: Record, kind: str, **facts: Any) -> list[dict[str, Any]]:
    """Entries of this kind with these facts."""
    return [e for e in record.entries if e["type"] == kind and all(e.get(key) == facts[key] for key in facts)]


def heard(record: Record) -> list[str]:
    """What cook 0 said."""
    return [entry["text"] for entry in entries(record, "message", cook=0)]


def views(record: Record) -> list[HlaView]:
    """The kitchen at the start and after every tick."""
    return [view for view, _ in replay(record) if isinstance(view, HlaView)]


def made(record: Record) -> list[tuple[int, Macro]]:
    """What came into being and at which tick, seen in the kitchen alone: pieces chopped, pots filled, soups plated."""
    found: list[tuple[int, Macro]] = []
    for before, after in pairwise(views(record)):
        for cell in after.layout.cells(Tile.BOARD, Tile.POT):
            old, new = before.item(cell), after.item(cell)
            if old.stage is Stage.CHOPPING and new.stage is Stage.CHOPPED:
                found.append((after.tick, Macro(Verb.CHOP, new.foods)))
            elif not old.code and new.stage is Stage.COOKING:
                found.append((after.tick, Macro(Verb.COOK, new.foods)))
            elif old.stage is Stage.COOKED and not new.code:
                found.append((after.tick, Macro(Verb.PLATE, old.foods)))
    return found


def meaning(*demands: tuple[str, int | None], cancel: Sequence[str] = ()) -> str:
    """The JSON of an intent with these demands, for `GivenIntents`."""
    standing = any(count is None for _, count in demands)
    wanted = [{"macro": name, "count": count} for name, count in demands]
    kind = "long_term" if standing else "short_term"
    return json.dumps({"kind": kind, "demands": wanted, "standing": standing, "cancel": list(cancel)})
