"""Kitchens behind the field's interfaces: Gymnasium, PettingZoo, and vectorised Gymnasium.

import brigade.envs             # registers brigade/Kitchen-v0
env = gymnasium.make("brigade/Kitchen-v0", layout="cramped_room", partner="greedy")
envs = gymnasium.make_vec("brigade/Kitchen-v0", num_envs=1024, layout="cramped_room")
team = parallel_env("ring")     # PettingZoo
"""

from brigade.envs.kitchen.api.observations import OBSERVATIONS, Observer, make_observer
from brigade.envs.kitchen.api.parallel import KitchenParallelEnv, aec_env, parallel_env
from brigade.envs.kitchen.api.policies import Policy, make_policy
from brigade.envs.kitchen.api.single import KitchenEnv
from brigade.envs.kitchen.api.vector import KitchenVectorEnv

__all__ = [
    "OBSERVATIONS",
    "KitchenEnv",
    "KitchenParallelEnv",
    "KitchenVectorEnv",
    "Observer",
    "Policy",
    "aec_env",
    "make_observer",
    "make_policy",
    "parallel_env",
]
