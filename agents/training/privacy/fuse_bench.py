"""Does fusion help, and does the learned gate? Cross entropy of held-out texts, teacher-forced, under each way to fuse.

The texts are those of a writer who knows the private profile; the local model is told it, the other is not. With a
budget the other model is asked only at the tokens at which the local one has the most entropy, as in the route `fuse`.
Intervals are bootstrapped over texts.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from brigade.agents.models import OpenModel
from brigade.agents.privacy.gate import FuseGate, fixed
from brigade.agents.training.privacy.fit_fuse import Step, fit, loss
from brigade.agents.training.privacy.fuse_data import steps, tasks

if TYPE_CHECKING:
    from rich.table import Table

WEIGHTS = (0.25, 0.5, 0.75)
"""Fixed weights of the local model."""
ENTROPY = 1.5
"""Nats from which on the local model is uncertain: the gate of the route."""
SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Way:
    """One way to choose tokens, on the held-out texts."""

    name: str
    remote_share: float
    """Of the tokens about which the other model is asked."""
    loss: float
    """Nats a token."""
    gain: float
    """Nats a token less than the local model alone."""
    gain_ci95: tuple[float, float]


@dataclass(frozen=True, slots=True)
class FuseResult:
    """The comparison."""

    local: str
    other: str
    texts: int
    tokens: int
    ways: tuple[Way, ...]

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)


def train(
    pairs: Sequence[tuple[OpenModel, OpenModel]],
    out: Path,
    *,
    texts: int,
    seed: int = 0,
    tell: Callable[[str], None] = print,
) -> list[FuseResult]:
    """Train one gate for all pairs of a local and another model, write it, and compare it with fixed weights.

    Args:
        pairs: models with the same vocabulary.
        out: where `gate.json` and `fuse.json` go.
        texts: to learn from, for each pair; half as many are held out.
        seed: of the texts.
        tell: told how far it is.
    """
    out.mkdir(parents=True, exist_ok=True)
    learned_from = []
    for local, other in pairs:
        read = [step for text in steps(local, other, tasks(texts, seed)) for step in text]
        learned_from += [step for step in read if _entropy(step) > ENTROPY]  # the gate is asked nowhere else
        tell(f"{local.name} with {other.name}: {texts} texts read")
    learned = fit(learned_from, seed=seed)
    learned.save(out / "gate.json")
    results = []
    for local, other in pairs:
        held = steps(local, other, tasks(max(5, texts // 2), seed + 1, test=True))
        results.append(FuseResult(local.name, other.name, len(held), sum(map(len, held)), compare(held, learned)))
    text = json.dumps([each.to_dict() for each in results], indent=2)
    (out / "fuse.json").write_text(text + "\n", encoding="utf-8")
    return results


def compare(held: Sequence[Sequence[Step]], learned: FuseGate) -> tuple[Way, ...]:
    """Every way on the same texts."""
    alone = [_losses(text, fixed(1 - 1e-9), 0.0) for text in held]
    ways = [_way("local alone", 0.0, alone, alone)]
    gates = [*((f"weight {weight}", fixed(weight)) for weight in WEIGHTS), ("learned gate", learned)]
    for budget, told in ((SHARE, f"asked for at most {SHARE:.0%}"), (1.0, "asked for every token")):
        for name, gate in gates:
            asked = [_asked(text, budget) for text in held]
            share = sum(map(sum, asked)) / sum(map(len, asked))
            ways.append(_way(f"{name}, {told}", share, [_losses(text, gate, budget) for text in held], alone))
    ways.append(_way("other alone", 1.0, [_losses(text, fixed(1e-9), 1.0) for text in held], alone))
    return tuple(ways)


def _asked(text: Sequence[Step], budget: float) -> list[bool]:
    """At which tokens the other model is asked: in order, while the budget lasts, where the local one is uncertain."""
    asked: list[bool] = []
    for at, step in enumerate(text):
        affordable = sum(asked) + 1 <= budget * (at + 1)
        asked.append(budget >= 1 or (affordable and _entropy(step) > ENTROPY))
    return asked


def _entropy(step: Step) -> float:
    """Of the local model, which its third feature tells in fifths."""
    return 5 * float(step.features[2])


def _losses(text: Sequence[Step], gate: FuseGate, budget: float) -> list[float]:
    alone = fixed(1 - 1e-9)
    return [loss(gate if asked else alone, [step]) for step, asked in zip(text, _asked(text, budget), strict=True)]


def _way(name: str, share: float, losses: Sequence[Sequence[float]], alone: Sequence[Sequence[float]]) -> Way:
    tokens = sum(map(len, losses))
    gains = [sum(a) - sum(b) for a, b in zip(alone, losses, strict=True)]
    counts = [len(each) for each in losses]
    return Way(name, share, sum(map(sum, losses)) / tokens, sum(gains) / tokens, _interval(gains, counts))


def _interval(gains: Sequence[float], counts: Sequence[int], draws: int = 1000) -> tuple[float, float]:
    chance = random.Random(0)
    means = []
    for _ in range(draws):
        drawn = [chance.randrange(len(gains)) for _ in gains]
        means.append(sum(gains[at] for at in drawn) / sum(counts[at] for at in drawn))
    low, high = np.quantile(means, (0.025, 0.975))
    return float(low), float(high)


def table(result: FuseResult) -> Table:
    """The comparison, for a terminal."""
    from rich.table import Table

    made = Table(
        title=f"Fusion: local {result.local} with the profile, other {result.other} without; "
        f"{result.texts} held-out texts, {result.tokens} tokens"
    )
    for column in ("way", "asked", "nats a token", "less than local alone (95 %)"):
        made.add_column(column, justify="left" if column == "way" else "right")
    for way in result.ways:
        low, high = way.gain_ci95
        made.add_row(
            way.name, f"{way.remote_share:.0%}", f"{way.loss:.3f}", f"{way.gain:+.3f} ({low:+.3f} to {high:+.3f})"
        )
    return made
