"""The learned gate of logit fusion: how much the local model's logits weigh at each token.

CoGenesis learns the weight from both models' whole logits (2V numbers, 156 million weights for a large vocabulary).
Ours reads fourteen numbers that say the same for any vocabulary: how sure each model is, how far apart they are, and
what each thinks of the other's favourite. Trained with the cross entropy of the next token of texts that a good answer
has.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np
from brigade.agents.privacy.decoding import Logs, kl, weighted
from numpy.typing import NDArray

FEATURES = 14
Matrix = NDArray[np.float64]


def features(local: Logs, remote: Logs) -> NDArray[np.float64]:
    """What the gate reads, shape (14,)."""
    ranked_local, ranked_remote = np.argsort(local)[::-1][:5], np.argsort(remote)[::-1][:5]
    best_local, best_remote = int(ranked_local[0]), int(ranked_remote[0])
    p, q = np.exp(local.astype(np.float64)), np.exp(remote.astype(np.float64))
    shared = len(set(ranked_local.tolist()) & set(ranked_remote.tolist())) / 5
    values = [
        p[best_local], p[ranked_local[1]], -float((p * local).sum()) / 5,
        q[best_remote], q[ranked_remote[1]], -float((q * remote).sum()) / 5,
        float(best_local == best_remote), shared,
        max(-20.0, float(local[best_remote])) / 20, max(-20.0, float(remote[best_local])) / 20,
        min(20.0, kl(local, remote)) / 20, min(20.0, kl(remote, local)) / 20,
        p[ranked_local].sum(), q[ranked_remote].sum(),
    ]  # fmt: skip
    return np.array(values, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class FuseGate:
    """A network of one hidden layer: w = sigmoid(W2 relu(W1 x + b1) + b2)."""

    w1: Matrix
    b1: Matrix
    w2: Matrix
    b2: float

    def weight(self, local: Logs, remote: Logs) -> float:
        """The local model's weight, 0 to 1."""
        hidden = np.maximum(0.0, self.w1 @ features(local, remote) + self.b1)
        return float(1 / (1 + np.exp(-(self.w2 @ hidden + self.b2))))

    def fuse(self, local: Logs, remote: Logs) -> Logs:
        """One distribution of both."""
        return weighted(local, remote, self.weight(local, remote))

    def save(self, file: Path) -> None:
        """Write it as JSON."""
        data = {"w1": self.w1.tolist(), "b1": self.b1.tolist(), "w2": self.w2.tolist(), "b2": self.b2}
        file.write_text(json.dumps(data) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, text: str) -> FuseGate:
        """The gate that `save` wrote.

        Raises:
            ValueError: it is none.
        """
        data = json.loads(text)
        try:
            w1, b1, w2 = (np.array(data[key], dtype=np.float64) for key in ("w1", "b1", "w2"))
            gate = cls(w1, b1, w2, float(data["b2"]))
        except (KeyError, TypeError) as error:
            raise ValueError(f"not a gate: {error}") from None
        if gate.w1.ndim != 2 or gate.w1.shape[1] != FEATURES or gate.b1.shape != gate.w2.shape:
            raise ValueError(f"not a gate of {FEATURES} features")
        return gate


def fixed(weight: float) -> FuseGate:
    """A gate that always gives the same weight."""
    bias = float(np.log(weight / (1 - weight)))
    return FuseGate(np.zeros((1, FEATURES)), np.zeros(1), np.zeros(1), bias)


@cache
def load_gate() -> FuseGate:
    """The gate that ships with Brigade; equal weights if none does."""
    file = resources.files("brigade.agents.privacy").joinpath("gate.json")
    return FuseGate.load(file.read_text(encoding="utf-8")) if file.is_file() else fixed(0.5)
