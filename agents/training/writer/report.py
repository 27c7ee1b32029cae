"""The writer's tests as a table."""

from __future__ import annotations

from collections.abc import Sequence

from brigade.agents.training.writer.judging import Test
from rich.table import Table


def table(tests: Sequence[Test]) -> Table:
    """A row a family."""
    made = Table(title="Programs that are right, 95 % Wilson intervals", title_justify="left")
    for name in ("part", "family", "n", "right", "seconds each"):
        made.add_column(name, justify="left" if name in ("part", "family") else "right")
    for test in tests:
        made.add_row(test.part, test.family.replace("_", " "), str(test.count), share(test), f"{test.seconds:.1f}")
    return made


def share(test: Test) -> str:
    """The share that is right, with its interval."""
    data = test.to_dict()
    return f"{data['share']:.0%} ({data['low']:.0%} to {data['high']:.0%})"
