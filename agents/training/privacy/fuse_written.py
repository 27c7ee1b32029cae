"""Does fusion help where it is used, in generated text? Held-out tasks, written greedily under each way to fuse.

The local model is told the private profile, the other one is not. What is written is scored by the facts of the
reference text that it mentions, by the reference's other telling words that it has, and by its likelihood under a
judge: the better writer of the two, told the profile. The other model is asked where the route `fuse` asks it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from brigade.agents.models import Message, OpenModel
from brigade.agents.privacy.decoding import Fused, Logs, Teller, decode, entropic
from brigade.agents.privacy.gate import FuseGate, fixed
from brigade.agents.privacy.measure import interval, share
from brigade.agents.privacy.private_set import PrivateSet
from brigade.agents.privacy.values import STOP, Fact
from brigade.agents.training.privacy.fuse_bench import ENTROPY, SHARE, WEIGHTS
from brigade.agents.training.privacy.fuse_data import Task, along, tasks

if TYPE_CHECKING:
    from rich.table import Table

TOKENS = 40
"""Of a text; the references have some thirty."""
OnText = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Written:
    """How one way to write did."""

    name: str
    texts: int
    remote_share: float
    """Of the tokens about which the other model was asked."""
    changed: float
    """Share of the tokens that are not what the local model would have chosen."""
    facts_used: float
    facts_used_ci95: tuple[float, float]
    words: float
    """Share of the reference's other telling words that the text has."""
    words_ci95: tuple[float, float]
    likelihood: float
    """Log-probability under the judge, nats a token."""
    likelihood_gain: float
    """More than the local model alone, mean over texts."""

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)


def write(
    local: OpenModel, other: OpenModel, learned: FuseGate, count: int, *, seed: int = 1, on_text: OnText
) -> list[Written]:
    """Write the same held-out tasks in every way.

    Raises:
        ModelError: a model fails.
    """
    some = tasks(count, seed, test=True)
    ways = {"local alone": None, **{f"weight {weight}": fixed(weight) for weight in WEIGHTS}, "learned gate": learned}
    found: dict[str, list[tuple[Task, Fused, float]]] = {name: [] for name in ways}
    for at, task in enumerate(some):
        for name, gate in ways.items():
            fused = _fused(local, other, task, gate)
            found[name].append((task, fused, _likelihood(other, task, fused.text)))
        on_text(local.name, at + 1, count)
    alone = [likelihood for _, _, likelihood in found["local alone"]]
    return [_written(name, each, alone) for name, each in found.items()]


def _fused(local: OpenModel, other: OpenModel, task: Task, gate: FuseGate | None) -> Fused:
    private = PrivateSet([Fact(key, value) for key, value in task.profile])
    return decode(
        _teller(local, task.private),
        _teller(other, task.public),
        (gate or fixed(0.5)).fuse,
        local.spell,
        local.end,
        gate=entropic(ENTROPY),
        clean=lambda prefix: not private.find(prefix),
        budget=SHARE if gate is not None else 0.0,
        max_tokens=TOKENS,
    )


def _teller(model: OpenModel, messages: Sequence[Message]) -> Teller:
    told_once = [replace(message, fixed=True) for message in messages]

    @lru_cache(maxsize=1)
    def tell(prefix: str) -> Logs:
        return model.next_token_logprobs(told_once, prefix)

    return tell


def _likelihood(judge: OpenModel, task: Task, text: str) -> float:
    """Nats a token under the judge, told the profile."""
    ids = judge.token_ids(text)
    if not ids:
        return 0.0
    logs = along(judge, task.private, ids)
    return float(sum(logs[at, token] for at, token in enumerate(ids))) / len(ids)


def _telling(text: str) -> set[str]:
    return {word for word in re.findall(r"[^\W\d_]+", text.lower()) if word not in STOP and len(word) > 2}


def _written(name: str, done: Sequence[tuple[Task, Fused, float]], alone: Sequence[float]) -> Written:
    facts = [len(task.used) for task, _, _ in done]
    used = [sum(fact.lower() in fused.text.lower() for fact in task.used) for task, fused, _ in done]
    wanted = [_telling(task.text) - {w for fact in task.used for w in _telling(fact)} for task, _, _ in done]
    had = [len(words & _telling(fused.text)) for words, (_, fused, _) in zip(wanted, done, strict=True)]
    tokens = sum(fused.tokens for _, fused, _ in done) or 1
    likelihoods = [likelihood for _, _, likelihood in done]
    return Written(
        name=name,
        texts=len(done),
        remote_share=sum(fused.asked for _, fused, _ in done) / tokens,
        changed=sum(fused.changed for _, fused, _ in done) / tokens,
        facts_used=share(used, facts),
        facts_used_ci95=interval(used, facts),
        words=share(had, map(len, wanted)),
        words_ci95=interval(had, [len(words) for words in wanted]),
        likelihood=sum(likelihoods) / len(done),
        likelihood_gain=sum(a - b for a, b in zip(likelihoods, alone, strict=True)) / len(done),
    )


def table(written: Sequence[Written], local: str, other: str) -> Table:
    """The outcomes, for a terminal."""
    from rich.table import Table

    made = Table(title=f"Fusion, generated: local {local} with the profile, other {other}; {written[0].texts} texts")
    for column in ("way", "asked", "changed", "facts used", "reference's words", "likelihood", "gain"):
        made.add_column(column, justify="left" if column == "way" else "right")
    for each in written:
        (low, high), (least, most) = each.facts_used_ci95, each.words_ci95
        made.add_row(
            each.name,
            f"{each.remote_share:.0%}",
            f"{each.changed:.0%}",
            f"{each.facts_used:.0%} ({low:.0%} to {high:.0%})",
            f"{each.words:.0%} ({least:.0%} to {most:.0%})",
            f"{each.likelihood:.2f}",
            f"{each.likelihood_gain:+.2f}",
        )
    return made
