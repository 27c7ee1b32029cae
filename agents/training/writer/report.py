"""The writer's tests as a table."""

from __future__ import annotations

from collections.abc import Sequence

from brigade.agents.training.writer.judging import Test, together
from rich.table import Table


def table(tests: Sequence[Test], untrained: Sequence[Test]) -> Table:
    """A row a family, and one a part, beside the model without the adapter."""
    made = Table(title="Programs that are right, 95 % Wilson intervals", title_justify="left")
    for name in ("part", "family", "n", "right", "seconds each", "n untrained", "right untrained"):
        made.add_column(name, justify="left" if name in ("part", "family") else "right")
    rows = zip([*tests, *together(tests)], [*untrained, *together(untrained)], strict=True)
    for test, bare in rows:
        cells = (test.part, test.family.replace("_", " "), str(test.count), share(test), f"{test.seconds:.1f}")
        made.add_row(*cells, str(bare.count), share(bare))
    return made


def share(test: Test) -> str:
    """The share that is right, with its interval."""
    data = test.to_dict()
    return f"{data['share']:.0%} ({data['low']:.0%} to {data['high']:.0%})"
