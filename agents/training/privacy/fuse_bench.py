"""Does the gate help? Cross entropy of held-out texts under the local model, fixed weights, and the learned gate."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from brigade.agents.models import OpenModel
from brigade.agents.privacy.gate import FuseGate, fixed
from brigade.agents.training.privacy.fit_fuse import fit, loss
from brigade.agents.training.privacy.fuse_data import steps, tasks

WEIGHTS = (0.25, 0.5, 0.75)


def train(
    local: OpenModel, other: OpenModel, out: Path, *, texts: int, seed: int = 0, tell: Callable[[str], None] = print
) -> dict[str, float]:
    """Train the gate, write it to `out/gate.json`, and give the losses on held-out texts, nats a token."""
    out.mkdir(parents=True, exist_ok=True)
    learned = fit(steps(local, other, tasks(texts, seed)))
    tell(f"trained on {texts} texts")
    held = steps(local, other, tasks(max(4, texts // 3), seed + 1))
    gates: dict[str, FuseGate] = {"local alone": fixed(1 - 1e-9), **{f"weight {w}": fixed(w) for w in WEIGHTS}}
    losses = {name: loss(gate, held) for name, gate in gates.items()} | {"learned gate": loss(learned, held)}
    learned.save(out / "gate.json")
    (out / "losses.json").write_text(json.dumps(losses, indent=2) + "\n", encoding="utf-8")
    return losses
