"""The kernel is fast, and a state is cheap to copy; generous bounds, for busy machines."""

from __future__ import annotations

import time

import numpy as np
from brigade.envs.kitchen import HlaKitchen


def best_of(times: int, work: object) -> float:
    assert callable(work)
    durations = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        durations.append(time.perf_counter() - start)
    return min(durations)


def test_a_single_kitchen_makes_200_000_steps_a_second_in_the_kernel() -> None:
    kitchen = HlaKitchen("ring")
    kitchen.reset(0)
    script = np.random.RandomState(0).randint(5, size=(50_000, 2)).astype(np.int32)
    kitchen.rules.rollout(kitchen.state, script[:10])
    assert 50_000 / best_of(5, lambda: kitchen.rules.rollout(kitchen.state, script)) >= 200_000


def test_a_state_is_small_and_copies_in_microseconds() -> None:
    kitchen = HlaKitchen("ring")
    kitchen.reset(0)
    assert kitchen.state.vector.nbytes < 1024

    def copies() -> None:
        for _ in range(1000):
            kitchen.state.copy()

    assert best_of(5, copies) / 1000 < 10e-6
