"""Who is compared: agents by name, with the models that they think with.

`script`, `planner`, `random`, `idle` and `teacher` do not think. `hla[:FAST[+SLOW]]`, `hla-script[:FAST[+SLOW]]`,
`nea[:FAST[+SLOW]]`, `smoa[:SLOW]` and `fmoa[:FAST]` do; models that are not named are those of `--fast` and `--slow`.
SLOW may be `lexicon`: the Slow Mind without a model.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from brigade.agents.graph import Minds
from brigade.agents.hierarchy.fast_mind import FastMind, fast_habits
from brigade.agents.hierarchy.slow_mind import SlowMind
from brigade.agents.models import LanguageModel, ModelOptions, load_model
from brigade.agents.models.adapters import find_adapter
from brigade.agents.models.weights import embedded_source
from brigade.agents.privacy import Boundary
from brigade.agents.sessions.episode import THINKERS
from brigade.agents.settings import DEFAULT_FAST, DEFAULT_SLOW

LEXICON = "lexicon"
"""In place of a slow model: the Slow Mind without one."""
PLAIN = {
    "script": "script",
    "planner": "planner",
    "random": "random",
    "idle": "idle",
    "teacher": "policy:brigade.agents.training.fast.teacher:teacher",
}
"""Agents that do not think, and their kinds of cook."""
_EMBEDDED = "embedded"


@dataclass(frozen=True)
class Reach:
    """How models are reached; plain data, for other processes."""

    fast: str = DEFAULT_FAST
    slow: str = DEFAULT_SLOW
    base_url: str | None = None
    api_key: str | None = None
    timeout: float = 60.0
    retries: int = 2

    @property
    def options(self) -> ModelOptions:
        """The same, as models take it."""
        return ModelOptions(self.base_url, self.api_key, self.timeout, self.retries, egress=Boundary())


@dataclass(frozen=True, slots=True)
class Contestant:
    """An agent that is compared."""

    name: str
    """As it was asked for, and as tables call it."""
    kind: str
    """Its kind of cook."""
    fast: str = ""
    """Its models; empty for none."""
    slow: str = ""

    @property
    def thinks(self) -> bool:
        """Whether it has minds."""
        return self.kind in THINKERS

    @property
    def models(self) -> tuple[str, ...]:
        """The models that have to be loaded for it."""
        return tuple(dict.fromkeys(name for name in (self.fast, self.slow) if name and name != LEXICON))


def contestant(name: str, reach: Reach) -> Contestant:
    """The agent of this name.

    Raises:
        ValueError: there is none.
    """
    if name in PLAIN:
        return Contestant(name, PLAIN[name])
    kind, _, models = name.partition(":")
    first, _, second = models.partition("+")
    if kind not in THINKERS or (second and kind in ("smoa", "fmoa")):
        raise ValueError(
            f"unknown agent {name!r} (known: {', '.join(PLAIN)}, hla[-plan][:FAST[+SLOW]], smoa[:SLOW], fmoa[:FAST], "
            "nea[:FAST[+SLOW]])"
        )
    if kind == "smoa":
        return Contestant(name, kind, slow=first or _unspecialised(reach.slow))
    if kind == "fmoa":
        return Contestant(name, kind, fast=first or reach.fast)
    fast = _unspecialised(reach.fast) if kind == "nea" else reach.fast
    return Contestant(name, kind, first or fast, second or reach.slow)


def _unspecialised(name: str) -> str:
    """The embedded model itself in place of an adapter of it: what learned one mind's job cannot do another's."""
    return _EMBEDDED if name.startswith(f"{_EMBEDDED}:") else name


@lru_cache(maxsize=4)
def minds_of(one: Contestant, reach: Reach) -> Minds:
    """Its minds, loaded once in a process; the fast and the slow one never wait for each other.

    Raises:
        ModelError: a model cannot be had.
    """
    slow = None if one.slow in ("", LEXICON) else _model(one.slow, reach, "slow")
    # A cook with one mind never asks the other; what fills its place is not loaded a second time.
    fast = _model(one.fast, reach, "fast") if one.fast else slow
    assert fast is not None
    minds = Minds(SlowMind(slow), FastMind(fast, fast_habits(one.fast) if one.fast else None))
    if one.fast:
        minds.fast.warm()
    return minds


@lru_cache(maxsize=6)
def _model(name: str, reach: Reach, part: str) -> LanguageModel:
    return load_model(name, reach.options)


def mark(name: str) -> str:
    """Changes when the weights behind a model's name do, as far as that can be known; empty for endpoints.

    Raises:
        ModelError: the weights are not there.
    """
    kind, _, adapter = name.partition(":")
    if kind != _EMBEDDED:
        return ""
    source = embedded_source()
    return (source.adapted(find_adapter(adapter)) if adapter else source).fingerprint
