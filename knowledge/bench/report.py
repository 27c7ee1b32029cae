"""The table and the plot of the benchmark."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from brigade.knowledge.bench.measuring import Figures, Spread

if TYPE_CHECKING:
    from rich.table import Table

_COLUMNS = (
    "base",
    "facts",
    "lessons",
    "load",
    "size",
    "point",
    "search",
    "lessons",
    "add",
    "infer all",
    "step",
    "vectors",
    "by meaning",
)


def table(figures: Sequence[Figures]) -> Table:
    """A row for each base. In PostgreSQL most of the work is another process's, which only the clock sees."""
    from rich.table import Table

    made = Table(title="Knowledge base: ms, p50 / p95 (p50 on the processor); load and infer all in s; size in MB")
    for column in _COLUMNS:
        made.add_column(column, justify="left" if column == "base" else "right")
    for each in figures:
        load = f"{each.load_s:.1f} ({each.load_cpu_s:.1f})"
        times = (each.point_ms, each.search_ms, each.lessons_ms, each.add_ms)
        row = (each.engine, f"{each.facts:,}", f"{each.lessons:,}", load, _number(each.megabytes), *map(str, times))
        vectors = f"{each.vectors}, {each.index_s:.1f} s" if each.vectors else "-"
        made.add_row(*row, _number(each.infer_all_s), str(each.step_ms or "-"), vectors, str(each.meaning_ms or "-"))
    return made


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"


def plot(figures: Sequence[Figures], file: Path) -> None:
    """How each cost grows with the number of facts, on logarithmic axes.

    Raises:
        OSError: the file cannot be written.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 5), layout="constrained")
    axes = figure.add_subplot()
    for engine, style in (("SQLite", "-o"), ("PostgreSQL", "--s")):
        some = sorted((each for each in figures if each.engine == engine), key=lambda each: each.facts)
        for number, (name, times) in enumerate(_series(some).items()):
            points = [(each.facts, time.p50) for each, time in zip(some, times, strict=True) if time is not None]
            if points:
                axes.plot(*zip(*points, strict=True), style, color=f"C{number}", label=f"{name}, {engine}")
    axes.set(xscale="log", yscale="log", xlabel="facts", ylabel="ms (p50, by the clock)", title="How cost grows")
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8, loc="upper left", bbox_to_anchor=(1.01, 1.0))
    figure.savefig(file, dpi=120)


def _series(figures: Sequence[Figures]) -> dict[str, list[Spread | None]]:
    return {
        "point query": [each.point_ms for each in figures],
        "fused search": [each.search_ms for each in figures],
        "lessons alone": [each.lessons_ms for each in figures],
        "telling a fact": [each.add_ms for each in figures],
        "a step of inference": [each.step_ms for each in figures],
    }
