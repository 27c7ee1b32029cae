"""Episodes as pieces of work: a specification in, a result out, the minds loaded once in each worker."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from brigade.agents.engines import Engine
from brigade.agents.graph import Minds
from brigade.agents.hierarchy.fast_mind import FastMind, fast_habits
from brigade.agents.hierarchy.slow_mind import SlowMind
from brigade.agents.models import ModelOptions, load_model
from brigade.agents.privacy.boundary import Boundary
from brigade.agents.privacy.profile import read_profile
from brigade.agents.sessions.episode import EpisodeResult, EpisodeSpec, run_episode
from brigade.agents.settings import Settings


@dataclass(frozen=True)
class Reach:
    """How a worker reaches models: plain data."""

    base_url: str | None = None
    api_key: str | None = None
    timeout: float = 60.0
    retries: int = 2
    profile: str | None = None

    @classmethod
    def of(cls, settings: Settings) -> Reach:
        """The part of the settings that a worker needs.

        Raises:
            ValueError: a budget is set, which holds in one process only.
        """
        if settings.max_calls < math.inf or settings.max_tokens < math.inf:
            raise ValueError("--max-calls and --max-tokens hold in one process: not with --workers or --engine ray")
        return cls(settings.base_url, settings.api_key, settings.timeout, settings.retries, settings.profile)


@dataclass(frozen=True)
class EpisodeTask:
    """One episode and all that it takes."""

    spec: EpisodeSpec
    reach: Reach = Reach()
    record: Path | None = None
    """Where the worker keeps its record: on other machines, a folder that they share."""


def play(task: EpisodeTask) -> EpisodeResult:
    """Play it."""
    spec = task.spec
    minds = _minds(spec.slow, spec.fast, task.reach) if spec.thinks else None
    return run_episode(spec, minds, task.record)


@lru_cache(maxsize=2)
def _minds(slow: str, fast: str, reach: Reach) -> Minds:
    gate = Boundary(read_profile(Path(reach.profile))) if reach.profile else Boundary()
    options = ModelOptions(
        base_url=reach.base_url, api_key=reach.api_key, timeout=reach.timeout, retries=reach.retries, egress=gate
    )
    minds = Minds(SlowMind(load_model(slow, options)), FastMind(load_model(fast, options), fast_habits(fast)))
    minds.fast.warm()
    return minds


def play_all(tasks: Sequence[EpisodeTask], engine: Engine, workers: int) -> Iterator[tuple[int, EpisodeResult]]:
    """Every episode's number and result, as it ends.

    Raises:
        ModelError: a model failed.
        ValueError: an episode cannot be played.
    """
    return engine.map(play, tasks, workers)
