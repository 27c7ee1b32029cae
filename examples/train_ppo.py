"""Stable-Baselines3's PPO learns to help in a kitchen, with nothing between it and the environment.

pip install stable-baselines3
python examples/train_ppo.py 300000
"""

from __future__ import annotations

import sys
from typing import Any

import brigade.envs  # registers brigade/Kitchen-v0
import gymnasium
import numpy as np
import torch
from stable_baselines3 import PPO
from stable_baselines3.common.env_util import make_vec_env
from stable_baselines3.common.evaluation import evaluate_policy

STEPS = int(sys.argv[1]) if len(sys.argv) > 1 else 2_048
KITCHEN: dict[str, Any] = {"layout": "cramped_room", "partner": "greedy", "shaping": 1.0, "horizon": 200}
assert brigade.envs.__doc__


def main() -> None:
    torch.set_num_threads(1)  # the network is too small for more
    env = make_vec_env("brigade/Kitchen-v0", n_envs=4, seed=0, env_kwargs=KITCHEN)
    policy = {"normalize_images": False}  # the planes hold small whole numbers, not colours
    model = PPO("MlpPolicy", env, n_steps=128, ent_coef=0.02, seed=0, device="cpu", policy_kwargs=policy)
    test = make_vec_env("brigade/Kitchen-v0", n_envs=1, seed=1_000, env_kwargs=KITCHEN)
    before, _ = evaluate_policy(model, test, n_eval_episodes=3, deterministic=False)
    model.learn(STEPS)
    after, _ = evaluate_policy(model, test, n_eval_episodes=3, deterministic=False)
    print(f"mean return of 3 episodes: {before:.1f} before, {after:.1f} after {STEPS} steps")

    single = gymnasium.make("brigade/Kitchen-v0", **KITCHEN)
    seen, info = single.reset(seed=7)
    action, _ = model.predict(np.asarray(seen))
    print("first action:", int(action), "of", info["action_mask"])


if __name__ == "__main__":
    main()
