"""HLA with a part missing, as its authors ablate it: what the part is worth shows in a comparison.

`SlowOnly` (SMOA): a slow model does everything, every macro action included. `FastOnly` (FMOA): a fast model does,
and nothing understands what people say. `MoveMind` (NEA): Slow and Fast Mind without an Executor, so that the fast
model chooses every step. Source: HLA (Liu et al., AAMAS 2024) and its released agents; each class says where ours
differs. Every one of them takes any language model.
"""

from brigade.agents.hierarchy.ablations.fast_only import FastOnly
from brigade.agents.hierarchy.ablations.lone import Said, Situation
from brigade.agents.hierarchy.ablations.moves import Move, MoveMind
from brigade.agents.hierarchy.ablations.slow_only import SlowOnly

__all__ = ["FastOnly", "Move", "MoveMind", "Said", "Situation", "SlowOnly"]
