"""How fast kitchens are, beside those of the field: the same layout, the same joint actions, in turns in one process.

A peer takes part if it is installed: `overcooked` (one kitchen, Python) and `jaxmarl` (many kitchens, compiled by
XLA). Every round measures each contestant once, so that what else the machine does meets all of them alike; rates are
medians over rounds, and a ratio is the median of the rounds' ratios to the first contestant of its group.
"""

from __future__ import annotations

import importlib
import importlib.util
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from brigade.envs.kitchen.api import KitchenParallelEnv
from brigade.envs.kitchen.batch import KitchenBatch
from brigade.envs.kitchen.kitchen import Kitchen
from rich.table import Table

LAYOUT = "cramped_room"
"""The layout that every peer has."""
SINGLE_STEPS = 5_000
BATCH_STEPS = 50
JAX_SIZES = (256, 4096)
"""Kitchens a batch: JaxMARL is quoted at whichever it is faster with."""

Work = Callable[[], int]
"""Does some work; returns how many transitions of a kitchen it was."""


@dataclass(frozen=True, slots=True)
class Contestant:
    """Something to be timed."""

    group: str
    name: str
    work: Work


@dataclass(frozen=True, slots=True)
class Rate:
    """How fast a contestant was."""

    group: str
    name: str
    per_second: float
    """Median over rounds of transitions a second; a transition is one joint action of one kitchen."""
    slowest: float
    fastest: float
    ratio: float
    """To the first contestant of the group, median over rounds."""
    bytes_per_kitchen: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


def bench(
    rounds: int = 7, size: int = 4096, show: Callable[[Iterable[int]], Iterable[int]] = lambda numbers: numbers
) -> list[Rate]:
    """Time everything that is installed.

    Args:
        rounds: times that each contestant is measured.
        size: kitchens of a batch.
        show: hands on the numbers of the rounds, showing how far along they are.

    Raises:
        ValueError: no round or no kitchen.
    """
    if rounds < 1:
        raise ValueError(f"at least one round is needed, not {rounds}")
    contestants = [*_single(), *_batched(size)]
    for contestant in contestants:
        contestant.work()  # compiles
    rates: dict[str, list[float]] = {contestant.name: [] for contestant in contestants}
    for _ in show(range(rounds)):
        for contestant in contestants:
            start = time.perf_counter()
            count = contestant.work()
            rates[contestant.name].append(count / (time.perf_counter() - start))
    first = {contestant.group: contestant.name for contestant in reversed(contestants)}
    memory = KitchenBatch(LAYOUT, 1).bytes_per_kitchen
    return [
        Rate(
            group=each.group,
            name=each.name,
            per_second=statistics.median(rates[each.name]),
            slowest=min(rates[each.name]),
            fastest=max(rates[each.name]),
            ratio=statistics.median(
                mine / theirs for mine, theirs in zip(rates[each.name], rates[first[each.group]], strict=True)
            ),
            bytes_per_kitchen=memory if each.name.startswith("brigade") and each.group == "batched" else None,
        )
        for each in contestants
    ]


def table(rates: Sequence[Rate]) -> Table:
    """The rates as a table."""
    shown = Table(title=f"transitions a second on {LAYOUT}: median, slowest and fastest round")
    shown.add_column("group")
    shown.add_column("contestant")
    for name in ("median", "slowest", "fastest", "ratio", "bytes a kitchen"):
        shown.add_column(name, justify="right")
    for before, rate in zip([None, *rates], rates, strict=False):
        if before is not None and before.group != rate.group:
            shown.add_section()
        numbers = (f"{value:,.0f}" for value in (rate.per_second, rate.slowest, rate.fastest))
        memory = "" if rate.bytes_per_kitchen is None else str(rate.bytes_per_kitchen)
        shown.add_row(rate.group, rate.name, *numbers, f"{rate.ratio:.2f}", memory)
    return shown


def _script(actions: int, *shape: int) -> Any:
    return np.random.default_rng(0).integers(actions, size=shape)


def _single() -> Iterator[Contestant]:
    if importlib.util.find_spec("overcooked") is not None:
        yield Contestant("single", "overcooked, get_state_transition", _overcooked())
    kitchen = Kitchen(LAYOUT)
    script = _script(len(kitchen.rules.actions), SINGLE_STEPS, kitchen.layout.cooks).tolist()

    def steps() -> int:
        kitchen.reset()
        for actions in script:
            kitchen.step(actions)
        return SINGLE_STEPS

    yield Contestant("single", "brigade, Kitchen.step", steps)
    env = KitchenParallelEnv(LAYOUT, horizon=SINGLE_STEPS)
    joint = [dict(zip(env.possible_agents, actions, strict=True)) for actions in script]

    def episode() -> int:
        env.reset(seed=0)
        for actions in joint:
            env.step(actions)
        return SINGLE_STEPS

    yield Contestant("single", "brigade, ParallelEnv.step with planes and masks", episode)


def _overcooked() -> Work:
    module = importlib.import_module("overcooked.mdp.overcooked_mdp")
    actions = importlib.import_module("overcooked.mdp.actions").Action
    mdp = module.OvercookedGridworld.from_layout_name(LAYOUT)
    script = [
        tuple(actions.INDEX_TO_ACTION[action] for action in joint)
        for joint in _script(6, SINGLE_STEPS // 5, 2).tolist()
    ]

    def steps() -> int:
        state = mdp.get_standard_start_state()
        for joint in script:
            state, _ = mdp.get_state_transition(state, joint)
        return len(script)

    return steps


def _batched(size: int) -> Iterator[Contestant]:
    if importlib.util.find_spec("jaxmarl") is not None:
        for name in ("overcooked_v2", "overcooked"):
            for kitchens in JAX_SIZES:
                yield Contestant("batched", f"jaxmarl {name}, {kitchens} kitchens", _jaxmarl(name, kitchens))
    for masks in (False, True):
        batch = KitchenBatch(LAYOUT, size, masks=masks)
        script = _script(len(batch.rules.actions), BATCH_STEPS, size, batch.layout.cooks).astype(np.int32)

        def steps(batch: KitchenBatch = batch, script: Any = script) -> int:
            batch.reset()
            for actions in script:
                batch.step(actions, restart=batch.ended)
            return size * BATCH_STEPS

        what = "planes and masks" if masks else "planes"
        yield Contestant("batched", f"brigade KitchenBatch, {size} kitchens, {what}", steps)


def _jaxmarl(name: str, size: int) -> Work:
    """JaxMARL's kitchens, vmapped and scanned; the observations are carried on, so that none can be left out."""
    jax = importlib.import_module("jax")
    jaxmarl = importlib.import_module("jaxmarl")
    layouts = importlib.import_module("jaxmarl.environments.overcooked.layouts").overcooked_layouts
    env = jaxmarl.make(name, layout=LAYOUT if name == "overcooked_v2" else layouts[LAYOUT])
    steps = BATCH_STEPS * max(1, 4096 // size)
    keys = jax.random.split(jax.random.PRNGKey(0), steps * size).reshape(steps, size, -1)
    script = _script(6, len(env.agents), steps, size)
    actions = dict(zip(env.agents, jax.numpy.asarray(script), strict=True))

    def step(carry: Any, given: Any) -> Any:
        seen, state, reward, _, _ = jax.vmap(env.step)(given[0], carry[1], given[1])
        return (seen, state), reward[env.agents[0]].sum()

    start = jax.vmap(env.reset)(jax.random.split(jax.random.PRNGKey(1), size))
    roll = jax.jit(lambda carry, given: jax.lax.scan(step, carry, given))

    def work() -> int:
        jax.block_until_ready(roll(start, (keys, actions)))
        return steps * size

    return work
