"""Many overcooked_ai kitchens at once."""

from __future__ import annotations

import numpy as np
from brigade.envs.kitchen.overcooked_ai.features import Planes, lossless
from brigade.envs.kitchen.overcooked_ai.kernel import N_COOKS, TICK, Ints, Tiles, mask, reset, step
from numba import njit
from numpy.typing import NDArray


@njit(cache=True, nogil=True)
def advance(
    states: Ints,
    sequences: Ints,
    seeds: NDArray[np.uint64],
    restart: NDArray[np.bool_],
    actions: Ints,
    rewards: Ints,
    ended: NDArray[np.bool_],
    planes: Planes,
    masks: NDArray[np.bool_],
    horizon: int,
    c: Ints,
    tiles: Tiles,
    pots: Ints,
    recipes: Ints,
    start: Ints,
) -> None:
    """One tick of many kitchens; see Batch for the arrays (nothing is drawn, so seeds do not matter) and `step`."""
    cooks = c[N_COOKS]
    for i in range(states.shape[0]):
        s = states[i]
        if restart[i]:
            reset(s, c, tiles, pots, recipes, start)
            rewards[i] = 0
        else:
            step(s, actions[i], rewards[i, 1:], c, tiles, pots, recipes, start)
            rewards[i, 0] = rewards[i, 1 : 1 + cooks].sum()
        ended[i] = s[TICK] >= horizon
        if planes.shape[0]:
            lossless(s, c, tiles, pots, recipes, start, planes[i])
        if masks.shape[0]:
            mask(s, c, tiles, pots, recipes, start, masks[i])
