"""Training of the gate of logit fusion: cross entropy of the next token of good texts, teacher-forced.

For each token of a text that fits its private context, both models tell their distributions (the local one with the
context, the other without), and the gate learns the weight whose mixture of logits makes that token most probable.

Source: CoGenesis (Zhang et al., ACL 2024), section 3.2; our gate reads 14 numbers instead of both logits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from brigade.agents.privacy.decoding import Logs
from brigade.agents.privacy.gate import FEATURES, FuseGate, features

TOP = 64
"""Tokens of each model that the mixture is computed over; the rest have no probability to speak of."""


@dataclass(frozen=True, slots=True)
class Step:
    """One token of a text and what both models made of it."""

    features: np.ndarray[tuple[int], np.dtype[np.float64]]
    local: np.ndarray[tuple[int], np.dtype[np.float32]]
    remote: np.ndarray[tuple[int], np.dtype[np.float32]]
    gold: int
    """Index of the token in the two arrays."""


def step_of(local: Logs, remote: Logs, token: int) -> Step:
    """What the gate learns from one token."""
    chosen = {token, *np.argsort(local)[::-1][:TOP].tolist(), *np.argsort(remote)[::-1][:TOP].tolist()}
    order = sorted(chosen)
    return Step(features(local, remote), local[order], remote[order], order.index(token))


def fit(steps: Sequence[Step], *, hidden: int = 16, epochs: int = 60, seed: int = 0) -> FuseGate:
    """The gate that fits these tokens best.

    Raises:
        ValueError: there are none.
    """
    if not steps:
        raise ValueError("the gate needs tokens to learn from")
    torch.manual_seed(seed)
    width = max(len(step.local) for step in steps)

    def padded(name: str) -> torch.Tensor:
        rows = [np.pad(getattr(step, name), (0, width - len(step.local)), constant_values=-1e4) for step in steps]
        return torch.tensor(np.stack(rows), dtype=torch.float32)

    local, remote = padded("local"), padded("remote")
    read = torch.tensor(np.stack([step.features for step in steps]), dtype=torch.float32)
    gold = torch.tensor([step.gold for step in steps])
    first, last = torch.nn.Linear(FEATURES, hidden), torch.nn.Linear(hidden, 1)
    network = torch.nn.Sequential(first, torch.nn.ReLU(), last)
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-2, weight_decay=1e-3)
    for _ in range(epochs):
        for rows in torch.split(torch.randperm(len(steps)), 256):
            weight = torch.sigmoid(network(read[rows]))
            mixed = weight * local[rows] + (1 - weight) * remote[rows]
            loss = torch.nn.functional.cross_entropy(mixed, gold[rows])
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
    return FuseGate(
        first.weight.detach().double().numpy(),
        first.bias.detach().double().numpy(),
        last.weight.detach().double().numpy()[0],
        float(last.bias.detach()[0]),
    )


def loss(gate: FuseGate, steps: Sequence[Step]) -> float:
    """Mean cross entropy of the tokens under the mixture, nats."""
    total = 0.0
    for step in steps:
        hidden = np.maximum(0.0, gate.w1 @ step.features + gate.b1)
        weight = 1 / (1 + np.exp(-(gate.w2 @ hidden + gate.b2)))
        mixed = weight * step.local.astype(np.float64) + (1 - weight) * step.remote
        total += float(np.log(np.exp(mixed - mixed.max()).sum()) + mixed.max() - mixed[step.gold])
    return total / len(steps)
