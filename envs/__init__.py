"""Environments to act in. Knows nothing of language models."""

from gymnasium.envs.registration import register

register(
    id="brigade/Kitchen-v0",
    entry_point="brigade.envs.kitchen.api.single:KitchenEnv",
    vector_entry_point="brigade.envs.kitchen.api.vector:KitchenVectorEnv",
)
