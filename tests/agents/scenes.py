"""Kitchens arranged for a test: who stands where with what, and what lies on which square."""

from __future__ import annotations

from typing import Any

from brigade.agents.hierarchy.executor import Executor, Macro, MacroReport
from brigade.envs.kitchen import HlaKitchen, HlaView

Square = tuple[int, int]


def arrange(
    name: str,
    *,
    cooks: list[tuple[Square, str | None]] | None = None,
    squares: dict[Square, str] | None = None,
    timers: dict[Square, float] | None = None,
    orders: list[str] | None = None,
) -> HlaKitchen:
    """A kitchen in this state; pots without a timer have just been filled, or just finished cooking."""
    kitchen = HlaKitchen(name)
    kitchen.reset(orders=orders or ["Bob", "Alice", "David"])
    data = kitchen.rules.to_dict(kitchen.state)
    if cooks is not None:
        data["cooks"] = [{"position": list(at), "holding": holding} for at, holding in cooks]
    for at, item in (squares or {}).items():
        entry: dict[str, Any] = {"position": list(at), "item": item}
        if item.startswith("Chopping"):
            entry["chops_left"] = 8
        if "Cooking" in item or (item.startswith(("Cooked", "Charred")) and "Plate" not in item):
            default = 15 if "Cooking" in item else 25 if "Cooked" in item else 5 if "Fire" in item else 0
            entry |= {"seconds_left": (timers or {}).get(at, default), "since_spray": [None] * len(data["cooks"])}
        data["squares"].append(entry)
    kitchen.state = kitchen.rules.from_dict(data)
    return kitchen


def carry_out(kitchen: HlaKitchen, cook: int, macro: Macro, ticks: int = 600) -> MacroReport:
    """Let one cook carry out a macro action, a turn each tick, while the others stand still."""
    executor = Executor(cook)
    executor.start(macro, kitchen.view())
    for _ in range(ticks):
        report = executor.observe(kitchen.view())
        if report is not None:
            return report
        actions = [0] * kitchen.layout.cooks
        actions[cook] = executor.act(kitchen.view())
        kitchen.step(actions)
    raise AssertionError(f"{macro} did not end within {ticks} ticks")


def lying(view: HlaView) -> list[str]:
    """Names of everything that lies somewhere, sorted."""
    return sorted(square.item.name for square in view.squares)
