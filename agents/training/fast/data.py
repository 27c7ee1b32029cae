"""Labelled moments for the Fast Mind: what it is shown, and how probable the teacher would make each option.

Each episode is cooked in imagination by a learner and a partner of some kind. Where the learner has to decide, the
teacher values every option, and the moment is written down twice: with nothing wanted, and with a demand. The learner
then does what the teacher prefers, or now and then something else, so that mistakes are seen as well. Everything is
fixed by the number of the episode; what has been written is not made again.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import count
from multiprocessing import get_context
from multiprocessing.pool import Pool
from pathlib import Path

from brigade.agents.hierarchy.executor import MACROS, Executor, Macro, Surroundings, legal_macros
from brigade.agents.hierarchy.fast_mind import LETTERS, FastMind
from brigade.agents.hierarchy.intent import Agenda, Demand, OpenDemand
from brigade.agents.hierarchy.script import ScriptPlanner, wanted_now
from brigade.agents.training.fast.kitchens import SPLITS, Split, kitchen_named
from brigade.agents.training.fast.simulate import Player, Policy, play, turn_ticks
from brigade.agents.training.fast.teacher import Search, Teacher, label
from brigade.envs.kitchen import HlaKitchen, HlaView

FORMAT = 1
"""Raised when what a line holds changes, so that old files are not added to."""
SHARES = {"train": 1.0, "validation": 0.1, "test": 0.15}
"""Size of each split as a share of the examples asked for."""
PARTNERS = ("script", "script", "script", "slow", "commander", "wavering", "random", "idle")
"""Kinds of partner, each as often as it is named."""
RESTS = {"slow": 2.0, "commander": 4.0}
"""Seconds that these partners rest after each macro action."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One decision that is due, and the teacher's opinion of it."""

    episode: int
    map: str
    seed: int
    tick: int
    cook: int
    partner: str
    demand: str
    """`none`, `counted`, `standing`, or `later` for a demand towards which nothing can begin."""
    text: str
    """What the Fast Mind is shown."""
    options: str
    """Letters of the legal macro actions."""
    label: tuple[float, ...]
    """How probable the teacher makes each."""
    values: tuple[float, ...]
    """Points that each is worth to the teacher, up to a constant."""
    script: str
    """The letter of what the script would do; empty if it would wait."""

    def to_line(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self)) + "\n"

    @classmethod
    def from_line(cls, line: str) -> Moment:
        """The moment that `to_line` wrote."""
        data = json.loads(line)
        return cls(**data | {"label": tuple(data["label"]), "values": tuple(data["values"])})


@dataclass
class Wavering:
    """A policy that does any legal macro action now and then."""

    policy: Policy
    cook: int
    generator: random.Random
    share: float
    """How often it wavers."""

    def watch(self, view: HlaView) -> None:
        """See a turn go by."""
        self.policy.watch(view)

    def choose(self, view: HlaView, avoid: Iterable[Macro] = ()) -> Macro | None:
        """What the policy chooses, or any legal macro action."""
        if self.generator.random() >= self.share:
            return self.policy.choose(view, avoid)
        legal = [macro for macro in legal_macros(Surroundings(view, self.cook)) if macro not in set(avoid)]
        return self.generator.choice(legal) if legal else None


@dataclass
class Learner:
    """Decides as the teacher would, mostly, and writes every decision down."""

    cook: int
    teacher: Teacher
    script: ScriptPlanner
    generator: random.Random
    written: list[tuple[HlaView, dict[str, object]]] = field(default_factory=list)

    def watch(self, view: HlaView) -> None:
        """See a turn go by."""
        self.teacher.watch(view)
        self.script.watch(view)

    def choose(self, view: HlaView, avoid: Iterable[Macro] = ()) -> Macro | None:
        """The teacher's choice (60 %), the script's (20 %), or towards the demand or at random (20 %)."""
        legal = tuple(macro for macro in legal_macros(Surroundings(view, self.cook)) if macro not in set(avoid))
        if not legal:
            return None
        values = self.teacher.values(view, legal, avoid)
        usual = self.script.choose(view, avoid)
        agenda = draw_agenda(Surroundings(view, self.cook), self.generator)
        towards = [macro for macro in wanted_now(agenda, Surroundings(view, self.cook)) if macro in legal]
        for each in (Agenda(), agenda):
            self.written.append((view, self._facts(view, legal, values, usual, each, towards if each.open else [])))
        return self._act(values, usual, towards or list(legal))

    def _act(self, values: dict[Macro, float], usual: Macro | None, others: Sequence[Macro]) -> Macro:
        draw = self.generator.random()
        if draw < 0.6:
            return max(values, key=values.__getitem__)
        if draw < 0.8 and usual is not None:
            return usual
        return self.generator.choice(others)

    def _facts(
        self,
        view: HlaView,
        legal: tuple[Macro, ...],
        values: dict[Macro, float],
        usual: Macro | None,
        agenda: Agenda,
        towards: Sequence[Macro],
    ) -> dict[str, object]:
        wished = label({macro: values[macro] for macro in (towards or legal)}, self.teacher.search.temperature)
        doing = self.teacher.partners.macros(view)
        kind = "standing" if agenda.open and agenda.open[0].left is None else "counted"
        return {
            "demand": "none" if not agenda.open else kind if towards else "later",
            "text": FastMind.describe(view, self.cook, legal, agenda, doing=doing),
            "options": "".join(LETTERS[macro] for macro in legal),
            "label": tuple(round(wished.get(macro, 0.0), 4) for macro in legal),
            "values": tuple(round(values[macro], 3) for macro in legal),
            "script": LETTERS[usual] if usual is not None else "",
        }


def draw_agenda(here: Surroundings, generator: random.Random) -> Agenda:
    """One or two demands, half of them for macro actions that can begin; a third of them standing."""
    legal = legal_macros(here)
    opened = []
    for _ in range(generator.choice((1, 1, 1, 2))):
        macro = generator.choice(legal if legal and generator.random() < 0.5 else MACROS)
        count = None if generator.random() < 0.35 else generator.choice((1, 1, 2, 3, 4, 6))
        opened.append(OpenDemand(Demand(macro, count), generator.randrange(count) if count else 0))
    return Agenda(tuple(opened))


def label_episode(split: Split, episode: int, search: Search) -> list[Moment]:
    """Cook one episode and label every decision of its learner."""
    name, seed = split.kitchen(episode)
    layout = kitchen_named(name)
    kitchen = HlaKitchen(layout)
    kitchen.reset(seed)
    generator = random.Random(f"moments {seed}")
    cook, kind = generator.randrange(layout.cooks), generator.choice(PARTNERS)
    learner = Learner(
        cook,
        Teacher(cook, layout.pace, search, seed),
        ScriptPlanner(cook, layout.pace),
        random.Random(f"choices {seed}"),
    )
    players = [
        Player(Executor(index, seed=seed), learner)
        if index == cook
        else Player(Executor(index, seed=seed), _partner(kind, index, layout.pace, seed), rest=RESTS.get(kind, 0.0))
        for index in range(layout.cooks)
    ]
    rules = kitchen.rules
    play(rules, kitchen.state, players, turn_ticks(layout.pace, rules.tick_seconds, rules.horizon))
    return [
        Moment(episode=episode, map=name, seed=seed, tick=view.tick, cook=cook, partner=kind, **facts)  # type: ignore[arg-type]
        for view, facts in learner.written
    ]


def _partner(kind: str, index: int, pace: float, seed: int) -> Policy | None:
    generator = random.Random(f"partner {seed}")
    if kind == "idle":
        return None
    if kind == "random":
        return Wavering(ScriptPlanner(index, pace), index, generator, 1.0)
    return Wavering(ScriptPlanner(index, pace), index, generator, 0.3 if kind == "wavering" else 0.0)


OnProgress = Callable[[str, int, int], None]
"""Told the split, how many of its examples there are, and how many there are to be."""


def make_data(
    folder: Path,
    examples: int,
    *,
    search: Search | None = None,
    workers: int = 2,
    on_progress: OnProgress | None = None,
) -> None:
    """Write every split's file until it holds its share of the examples; what is there already is kept.

    Raises:
        ValueError: a file there holds something else.
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tell = on_progress or (lambda *_: None)
    wanted = {split: max(1, round(examples * SHARES[split.name])) for split in reversed(SPLITS)}
    have = {split: read_moments(folder, split) if data_file(folder, split).exists() else [] for split in wanted}
    short = [split for split in wanted if len(have[split]) < wanted[split]]
    for split in wanted:
        tell(split.name, len(have[split]), wanted[split])
    if short:
        with get_context("spawn").Pool(workers) as pool:
            jobs = _Jobs(pool, search or Search(), workers)
            for split in short:
                _extend(folder, split, have[split], wanted[split], jobs, tell)


def data_file(folder: Path, split: Split) -> Path:
    """Where the moments of a split are: a header line, then one moment a line."""
    return folder / f"{split.name}.jsonl"


def read_moments(folder: Path, split: Split) -> list[Moment]:
    """Every moment of a split.

    Raises:
        ValueError: the file is not one of moments; says what to do.
        OSError: it cannot be read.
    """
    file = data_file(folder, split)
    header, *lines = file.read_text(encoding="utf-8").splitlines(keepends=True) or [""]
    if not header.strip() or json.loads(header).get("format") != FORMAT:
        raise ValueError(f"{file}: not moments in format {FORMAT}; remove it, or choose another folder")
    return [Moment.from_line(line) for line in lines if line.endswith("\n")]


def _extend(folder: Path, split: Split, have: list[Moment], wanted: int, jobs: _Jobs, tell: OnProgress) -> None:
    """Make more moments of a split, after its last complete episode: the last one there may have been cut off."""
    file = data_file(folder, split)
    have = [moment for moment in have if moment.episode < have[-1].episode]
    header = json.dumps({"format": FORMAT, "split": asdict(split), "search": asdict(jobs.search)}) + "\n"
    file.write_text(header + "".join(moment.to_line() for moment in have), encoding="utf-8")
    with file.open("a", encoding="utf-8") as out:
        for moments in jobs.episodes(split, have[-1].episode + 1 if have else 0):
            out.write("".join(moment.to_line() for moment in moments))
            out.flush()
            have += moments
            tell(split.name, len(have), wanted)
            if len(have) >= wanted:
                return


@dataclass(frozen=True)
class _Jobs:
    """Labels episodes in several processes."""

    pool: Pool
    search: Search
    workers: int

    def episodes(self, split: Split, first: int) -> Iterator[list[Moment]]:
        """The moments of each episode from this number on, in order, without end."""
        for start in count(first, 4 * self.workers):
            batch = range(start, start + 4 * self.workers)
            yield from self.pool.imap(_label, [(split, episode, self.search) for episode in batch])


def _label(job: tuple[Split, int, Search]) -> list[Moment]:
    return label_episode(*job)
