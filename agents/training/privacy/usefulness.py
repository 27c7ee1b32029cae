"""The benchmark of routes: what each way to answer leaks, and how useful its answers are.

A user with a made-up profile tells a request in which the profile is mentioned. The cloud is a model of this machine,
played on loopback, so that all that reached it can be read. An answer is compared with two references: what a good
writer says who knows the profile, and what one says who does not (ROUGE-L: F1 of the longest common subsequence of
words); and it is counted how many of the facts that the first reference uses it mentions. No model judges.
"""

from __future__ import annotations

import asyncio
import json
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from brigade.agents.assistant.office import Office
from brigade.agents.assistant.opening import OfficeSpec, open_office
from brigade.agents.assistant.shapes import ApiError
from brigade.agents.assistant.upstream import UpstreamSpec
from brigade.agents.models import Message, OpenModel
from brigade.agents.privacy.detectors import detectors
from brigade.agents.privacy.measure import Row, interval, leaks, share
from brigade.agents.privacy.private_set import PrivateSet
from brigade.agents.privacy.redact import Redactor
from brigade.agents.privacy.restore import restore
from brigade.agents.privacy.routes import ROUTES, Route
from brigade.agents.privacy.spans import DetectorFailed
from brigade.agents.privacy.vault import Vault
from brigade.agents.sessions.assistant.chat import turn
from brigade.agents.sessions.assistant.loopback import Cloud, played_by, running
from brigade.agents.training.privacy.bench import protection
from brigade.agents.training.privacy.fuse_data import Task, tasks
from rapidfuzz.distance import LCSseq

if TYPE_CHECKING:
    from rich.table import Table

TOKENS = 48
"""Of an answer; the references have some thirty."""
BASELINES = ("no protection", "patterns", "presidio-all", "profile unknown")
"""Without routes: the cloud is sent what is left of the request. The last has our detectors, and no profile."""
DETECTORS = "entities,unfamiliar,tagger"
OnTask = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer, and what it took."""

    text: str
    sent: str
    """All that reached the cloud."""
    remote_share: float
    seconds: float
    taken: str
    """The route that was taken in the end, or `refused`."""


@dataclass(frozen=True, slots=True)
class RouteOutcome:
    """How one way did."""

    name: str
    tasks: int
    facts: int
    leaked: float
    """Share of the facts that reached the cloud verbatim."""
    leaked_ci95: tuple[float, float]
    fuzzy: float
    facts_used: float
    """Share of the facts that the reference uses which the answer mentions."""
    like_private: float
    """ROUGE-L with what a writer says who knows the profile, 0 to 1."""
    like_plain: float
    """ROUGE-L with what a writer says who does not."""
    remote_share: float
    """Share of the answer's tokens that the cloud chose, or was asked about."""
    refused: int
    seconds: float
    """An answer, mean."""

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)


def bench(
    local: OpenModel, cloud_model: OpenModel, count: int, *, seed: int = 0, on_task: OnTask
) -> list[RouteOutcome]:
    """Answer the same tasks in every way; one whose parts are not installed is left out.

    Raises:
        OSError: a server on loopback does not start.
        ModelError: a model fails.
    """
    some = tasks(count, seed, test=True)
    cloud = played_by(cloud_model, most=TOKENS)
    found: dict[str, list[Answered]] = {}
    with running(cloud.app()) as url:
        for at, task in enumerate(some):
            for name, answered in _every_way(task, local, cloud, cloud_model, url):
                found.setdefault(name, []).append(answered)
                on_task(name, at + 1, count)
    return [_outcome(name, some, answers) for name, answers in found.items()]


def request_of(task: Task) -> str:
    """A request that mentions the profile, as people write it."""
    about = "; ".join(f"my {key} is {value}" for key, value in task.profile)
    return f"{task.instruction} About me: {about}."


def _every_way(
    task: Task, local: OpenModel, cloud: Cloud, cloud_model: OpenModel, url: str
) -> Iterator[tuple[str, Answered]]:
    for name in BASELINES:
        try:
            yield name, _baseline(name, task, cloud_model)
        except DetectorFailed:
            continue
    with _office(task, local, url) as office:
        yield from asyncio.run(_all_routes(office, task, cloud))


def _baseline(name: str, task: Task, model: OpenModel) -> Answered:
    text, start, vault = request_of(task), time.perf_counter(), Vault()
    own = {"no protection": "none", "profile unknown": DETECTORS}
    (left,), _ = Redactor(PrivateSet(), protection(own.get(name, name))).redact([text], vault)
    answer = model.generate([Message("user", left)], max_tokens=TOKENS).text
    return Answered(restore(answer, vault.placeholders()), left, 1.0, time.perf_counter() - start, name)


@contextmanager
def _office(task: Task, local: OpenModel, url: str) -> Iterator[Office]:
    with tempfile.TemporaryDirectory() as folder:
        profile = Path(folder) / "profile.json"
        profile.write_text(json.dumps(dict(task.profile)), encoding="utf-8")
        spec = OfficeSpec(
            upstream=UpstreamSpec(url, "cloud"),
            profile=profile,
            local=lambda: local,
            detectors=detectors(DETECTORS),
            data=Path(folder),
            fusible=True,
        )
        yield open_office(spec)


async def _all_routes(office: Office, task: Task, cloud: Cloud) -> list[tuple[Route, Answered]]:
    try:
        return [(route, await _routed(office, route, task, cloud)) for route in ROUTES]
    finally:
        await office.close()


async def _routed(office: Office, route: Route, task: Task, cloud: Cloud) -> Answered:
    """The answer by one route; `cloud` is for requests without anything private, so it is told the task alone."""
    text = task.instruction if route == "cloud" else request_of(task)
    cloud.told.clear()
    start = time.perf_counter()
    try:
        answer, receipt = await turn(office, [{"role": "user", "content": text}], route, TOKENS)
    except ApiError as error:
        return Answered("", _told(cloud), 0.0, time.perf_counter() - start, f"refused ({error.code})")
    whole = {"local": 0.0, "sketch": 0.0}.get(route, receipt.remote_tokens / max(1, receipt.completion_tokens))
    return Answered(answer, _told(cloud), whole, time.perf_counter() - start, receipt.route)


def _told(cloud: Cloud) -> str:
    return "\n".join(each.decode("utf-8", "replace") for each in cloud.told)


def rouge(text: str, reference: str) -> float:
    """ROUGE-L: F1 of the longest common subsequence of words (Lin, 2004), without stemming."""
    words, wanted = (re.findall(r"\w+", each.lower()) for each in (text, reference))
    common = LCSseq.similarity(words, wanted)
    return 2 * common / (len(words) + len(wanted)) if words and wanted else 0.0


def _outcome(name: str, some: Sequence[Task], answers: Sequence[Answered]) -> RouteOutcome:
    rows = [Row(request_of(task), tuple(value.lower() for _, value in task.profile), "") for task in some]
    measured = [leaks(row, answer.sent) for row, answer in zip(rows, answers, strict=True)]
    units, verbatim = [each.units for each in measured], [each.verbatim for each in measured]
    pairs = list(zip(some, answers, strict=True))
    used = [sum(value.lower() in answer.text.lower() for value in task.used) for task, answer in pairs]

    def mean(values: Sequence[float]) -> float:
        return sum(values) / len(values)

    return RouteOutcome(
        name=name,
        tasks=len(some),
        facts=sum(units),
        leaked=share(verbatim, units),
        leaked_ci95=interval(verbatim, units),
        fuzzy=share((each.fuzzy for each in measured), units),
        facts_used=share(used, (len(task.used) for task in some)),
        like_private=mean([rouge(answer.text, task.text) for task, answer in pairs]),
        like_plain=mean([rouge(answer.text, task.plain) for task, answer in pairs]),
        remote_share=mean([answer.remote_share for answer in answers]),
        refused=sum(answer.taken.startswith("refused") for answer in answers),
        seconds=mean([answer.seconds for answer in answers]),
    )


def table(outcomes: Sequence[RouteOutcome], local: str, cloud: str) -> Table:
    """The outcomes, for a terminal."""
    from rich.table import Table

    head = outcomes[0]
    made = Table(
        title=f"Routes: {head.tasks} tasks, {head.facts} private facts; local {local}, cloud played by {cloud}"
    )
    for column in (
        "way", "facts leaked", "fuzzy", "facts used", "like reference with profile", "without", "remote tokens",
        "refused", "s",
    ):  # fmt: skip
        made.add_column(column, justify="left" if column == "way" else "right")
    for each in outcomes:
        made.add_row(
            each.name,
            f"{each.leaked:.0%} ({each.leaked_ci95[0]:.0%} to {each.leaked_ci95[1]:.0%})",
            f"{each.fuzzy:.0%}",
            f"{each.facts_used:.0%}",
            f"{each.like_private:.2f}",
            f"{each.like_plain:.2f}",
            f"{each.remote_share:.0%}",
            str(each.refused),
            f"{each.seconds:.1f}",
        )
    return made


def plot(outcomes: Sequence[RouteOutcome], file: Path) -> None:
    """Leaked facts against likeness to the reference with the profile, as a PNG.

    Raises:
        OSError: it cannot be written.
    """
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4.5), layout="constrained")
    for at, each in enumerate(sorted(outcomes, key=lambda outcome: (outcome.leaked, outcome.like_private))):
        axes.scatter(each.like_private, 100 * each.leaked)
        offset = (4, 6 if at % 2 else -12)
        axes.annotate(each.name, (each.like_private, 100 * each.leaked), xytext=offset, textcoords="offset points")
    axes.margins(x=0.15, y=0.1)
    axes.set_xlabel("likeness of the answer to one by somebody who knows the profile (ROUGE-L)")
    axes.set_ylabel("private facts that reached the cloud, %")
    figure.savefig(file, dpi=120)
    pyplot.close(figure)
