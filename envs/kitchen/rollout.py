"""Playing a file of joint actions: what happens when nobody decides anything."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from brigade.envs.kitchen.kitchen import Kitchen
from brigade.envs.kitchen.rules import Rewards


def read_actions(file: Path) -> list[list[int]]:
    """The joint actions in a file, a JSON list of action indices a line.

    Raises:
        ValueError: a line that is no such list; says which.
        OSError: the file cannot be read.
    """
    script = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            joint = json.loads(line)
        except json.JSONDecodeError as error:
            raise ValueError(f"{file}:{number}: not JSON: {error.msg}") from None
        if not isinstance(joint, list) or not all(type(action) is int for action in joint):
            raise ValueError(f"{file}:{number}: a joint action is a list of action indices, such as [0, 3]")
        script.append(joint)
    return script


def roll_out(
    layout: str,
    script: Sequence[Sequence[int]],
    *,
    rules: str | None = None,
    orders: str | None = None,
    seed: int = 0,
    tick_seconds: float = 0.1,
) -> list[dict[str, Any]]:
    """The start and what each joint action leads to.

    Each row has the `state`, the sparse `rewards` and the `shaped` rewards of the step (see Rewards), and, where the
    rule book has one, the `summary` in the form of the published environment.

    Raises:
        ValueError: a layout, rule book, order or action that cannot be; says which.
    """
    kitchen = Kitchen(layout, rules=rules, tick_seconds=tick_seconds)
    kitchen.reset(seed, orders.split(",") if orders else None)
    nothing = (0,) * kitchen.layout.cooks
    rows = [_row(kitchen, Rewards(0, nothing, nothing))]
    for number, joint in enumerate(script, 1):
        try:
            rows.append(_row(kitchen, kitchen.step(joint)))
        except ValueError as error:
            raise ValueError(f"joint action {number}: {error}") from None
    return rows


def _row(kitchen: Kitchen, rewards: Rewards) -> dict[str, Any]:
    row = {
        "state": kitchen.rules.to_dict(kitchen.state),
        "rewards": list(rewards.cooks),
        "shaped": list(rewards.shaped),
    }
    summary = kitchen.rules.summary(kitchen.state)
    return row if summary is None else row | {"summary": summary}
