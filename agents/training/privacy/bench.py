"""The benchmark of protection: what of PUPA's held-out half is still in what would leave, and how much of the rest is.

The rows are those that no list, rule, threshold or training run has seen (`measure.halves`). Each protection redacts
each request by itself; only the text that would leave is measured. What they find is replaced in the same way.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from brigade.agents.privacy.boundary import Boundary
from brigade.agents.privacy.detectors import detectors
from brigade.agents.privacy.measure import Leaks, Row, halves, interval, leaks, read_pupa, share
from brigade.agents.privacy.patterns import PatternDetector
from brigade.agents.privacy.private_set import PrivateSet
from brigade.agents.privacy.redact import Redactor, propagated
from brigade.agents.privacy.spans import Detector, DetectorFailed
from brigade.agents.privacy.vault import Vault
from brigade.agents.training.privacy import presidio

if TYPE_CHECKING:
    from rich.table import Table

PROTECTIONS = (
    "none", "patterns", *presidio.NAMES, "entities", "unfamiliar", "tagger", "entities,unfamiliar",
    "unfamiliar,tagger", "entities,unfamiliar,tagger",
)  # fmt: skip
OnRow = Callable[[str, int, int], None]
Protect = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one protection did."""

    name: str
    rows: int
    units: int
    words: int
    verbatim: float
    verbatim_ci95: tuple[float, float]
    normalised: float
    fuzzy: float
    clean_rows: float
    """Share of the rows of which no unit leaked."""
    kept: float
    kept_ci95: tuple[float, float]
    refused: int
    """Redacted requests that the boundary would still not let pass."""
    ms_p50: float
    """A request, this process's own time."""

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)


def bench(
    file: Path, names: Sequence[str] = PROTECTIONS, *, half: str = "test", on_row: OnRow | None = None
) -> list[Outcome]:
    """Measure protections on one half of PUPA; one whose parts are not installed or trained is left out.

    Raises:
        PupaMissing: the data is not there.
        DetectorUnknown: there is no such protection.
    """
    rows = halves(read_pupa(file))[1 if half == "test" else 0]
    return [outcome for name in names for outcome in _measured(name, rows, on_row)]


def _measured(name: str, rows: Sequence[Row], on_row: OnRow | None) -> Iterator[Outcome]:
    private = PrivateSet()
    try:
        redactor = Redactor(private, protection(name))
        measured: list[Leaks] = []
        times, refused = [], 0
        for at, row in enumerate(rows):
            vault = Vault()
            start = time.process_time()
            left = row.query if name == "none" else redactor.redact([row.query], vault)[0][0]
            times.append(1000 * (time.process_time() - start))
            gate = Boundary(private.with_values(propagated(vault)))
            refused += name != "none" and bool(gate.finds(left))
            measured.append(leaks(row, left))
            if on_row is not None:
                on_row(name, at + 1, len(rows))
    except DetectorFailed:
        return
    yield _outcome(name, measured, refused, times)


def protection(name: str) -> tuple[Detector, ...]:
    """The detectors of a protection; ours all have the patterns, Presidio has its own.

    Raises:
        DetectorFailed: one of them is not installed or trained.
        DetectorUnknown: there is no such protection.
    """
    if name == "none":
        return ()
    if name in presidio.NAMES:
        return (presidio.PresidioDetector(organisations=name == "presidio-all"),)
    return (PatternDetector(), *(() if name == "patterns" else detectors(name)))


def _outcome(name: str, measured: Sequence[Leaks], refused: int, times: Sequence[float]) -> Outcome:
    units, words = [each.units for each in measured], [each.words for each in measured]
    verbatim, kept = [each.verbatim for each in measured], [each.kept for each in measured]
    return Outcome(
        name=name,
        rows=len(measured),
        units=sum(units),
        words=sum(words),
        verbatim=share(verbatim, units),
        verbatim_ci95=interval(verbatim, units),
        normalised=share((each.normalised for each in measured), units),
        fuzzy=share((each.fuzzy for each in measured), units),
        clean_rows=sum(not each.verbatim for each in measured) / len(measured),
        kept=share(kept, words),
        kept_ci95=interval(kept, words),
        refused=refused,
        ms_p50=sorted(times)[len(times) // 2],
    )


def table(outcomes: Sequence[Outcome], half: str = "test") -> Table:
    """The outcomes, for a terminal."""
    from rich.table import Table

    head, which = outcomes[0], "held-out" if half == "test" else "training"
    made = Table(
        title=f"PUPA, {which} half: {head.rows} requests, {head.units} private units, {head.words} other words"
    )
    for column in (
        "protection",
        "leaked verbatim",
        "normalised",
        "fuzzy",
        "clean requests",
        "other words kept",
        "ms p50",
    ):
        made.add_column(column, justify="left" if column == "protection" else "right")
    for each in outcomes:
        made.add_row(
            each.name,
            f"{each.verbatim:.1%} ({each.verbatim_ci95[0]:.1%} to {each.verbatim_ci95[1]:.1%})",
            f"{each.normalised:.1%}",
            f"{each.fuzzy:.1%}",
            f"{each.clean_rows:.0%}",
            f"{each.kept:.1%} ({each.kept_ci95[0]:.1%} to {each.kept_ci95[1]:.1%})",
            f"{each.ms_p50:.0f}",
        )
    return made


def plot(outcomes: Sequence[Outcome], file: Path) -> None:
    """Leaked units against kept words, as a PNG.

    Raises:
        OSError: it cannot be written.
    """
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4.5), layout="constrained")
    for each in outcomes:
        axes.errorbar(
            100 * each.kept,
            100 * each.verbatim,
            xerr=[[100 * (each.kept - each.kept_ci95[0])], [100 * (each.kept_ci95[1] - each.kept)]],
            yerr=[[100 * (each.verbatim - each.verbatim_ci95[0])], [100 * (each.verbatim_ci95[1] - each.verbatim)]],
            fmt="o",
            capsize=3,
            label=each.name,
        )
    axes.axhline(8, color="grey", linewidth=0.8, linestyle="--")
    axes.axvline(85, color="grey", linewidth=0.8, linestyle="--")
    axes.set_xlabel("other words kept, %")
    axes.set_ylabel("private units leaked verbatim, %")
    axes.legend()
    figure.savefig(file, dpi=120)
    pyplot.close(figure)
