"""Labelled moments for the Fast Mind: what it is shown, and how probable the teacher would make each option.

Each episode is cooked in imagination by a learner and a partner of some kind. Where the learner has to decide, the
teacher, who knows what the partner is really like, values every option, and the moment is written down several times:
with nothing wanted, and with demands. The learner
then does what the teacher prefers, or now and then something else, so that mistakes are seen as well. Everything is
fixed by the number of the episode; what has been written is not made again.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import count
from pathlib import Path

from brigade.agents.engines import Engine, engine_named
from brigade.agents.hierarchy.executor import MACROS, Executor, Macro, Surroundings, legal_macros
from brigade.agents.hierarchy.fast_mind import LETTERS, FastMind
from brigade.agents.hierarchy.imagination import Player, play, turn_ticks
from brigade.agents.hierarchy.intent import Agenda, Demand, OpenDemand
from brigade.agents.hierarchy.script import ScriptPlanner, wanted_now
from brigade.agents.training.fast.companions import KINDS, companion, imagined
from brigade.agents.training.fast.kitchens import SPLITS, Split, kitchen_named
from brigade.agents.training.fast.teacher import Search, Teacher, label
from brigade.envs.kitchen import HlaKitchen, HlaView

FORMAT = 2
"""Raised when what a line holds changes, so that old files are not added to."""
SHARES = {"train": 1.0, "validation": 0.1, "test": 0.15}
"""Size of each split as a share of the examples asked for."""
AGENDAS = 2
"""Demands that each decision is written down with, besides none."""


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
    plan: str
    """The letter of what the planner would do."""

    def to_line(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self)) + "\n"

    @classmethod
    def from_line(cls, line: str) -> Moment:
        """The moment that `to_line` wrote."""
        data = json.loads(line)
        return cls(**data | {"label": tuple(data["label"]), "values": tuple(data["values"])})


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
        """The teacher's choice (60 %), the script's (20 %), or towards a demand or at random (20 %)."""
        here = Surroundings(view, self.cook)
        legal = tuple(macro for macro in legal_macros(here) if macro not in set(avoid))
        usual = self.script.choose(view, avoid)
        if usual is None:
            return None
        values = self.teacher.values(view, legal, avoid)
        agendas = [Agenda(), *(draw_agenda(here, self.generator) for _ in range(AGENDAS))]
        for agenda in agendas:
            self.written.append((view, self._facts(view, legal, values, agenda, avoid)))
        draw = self.generator.random()
        if draw < 0.6:
            return max(values, key=values.__getitem__)
        return usual if draw < 0.8 else self.generator.choice(_towards(agendas[-1], here, legal) or legal)

    def _facts(
        self,
        view: HlaView,
        legal: tuple[Macro, ...],
        values: dict[Macro, float],
        agenda: Agenda,
        avoid: Iterable[Macro],
    ) -> dict[str, object]:
        towards = _towards(agenda, Surroundings(view, self.cook), legal)
        plan = self.script.choose(view, avoid, agenda)
        assert plan is not None  # with nothing wanted there is a plan, and a demand only adds to it
        wished = label({macro: values[macro] for macro in (towards or legal)}, self.teacher.search.temperature)
        partners = self.teacher.partners.beliefs(view)
        kind = "standing" if agenda.open and agenda.open[0].left is None else "counted"
        return {
            "demand": "none" if not agenda.open else kind if towards else "later",
            "text": FastMind.describe(view, self.cook, legal, agenda, partners=partners, plan=plan),
            "options": "".join(LETTERS[macro] for macro in legal),
            "label": tuple(round(wished.get(macro, 0.0), 4) for macro in legal),
            "values": tuple(round(values[macro], 3) for macro in legal),
            "plan": LETTERS[plan],
        }


def _towards(agenda: Agenda, here: Surroundings, legal: Sequence[Macro]) -> list[Macro]:
    """What can begin now towards the demands; nothing if none is open."""
    return [macro for macro in wanted_now(agenda, here) if macro in legal]


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
    cook, kind = generator.randrange(layout.cooks), generator.choice(KINDS)
    others = {other: companion(kind, other, layout.pace, seed) for other in range(layout.cooks) if other != cook}
    imaginable = {other: partial(imagined, kind, it, layout.pace, seed) for other, it in others.items()}
    learner = Learner(
        cook,
        Teacher(cook, layout.pace, search, seed, imaginable),
        ScriptPlanner(cook, layout.pace),
        random.Random(f"choices {seed}"),
    )
    own = Player(Executor(cook, seed=seed), learner)
    players = [own if index == cook else others[index] for index in range(layout.cooks)]
    rules = kitchen.rules
    play(rules, kitchen.state, players, turn_ticks(layout.pace, rules.tick_seconds, rules.horizon))
    return [
        Moment(episode=episode, map=name, seed=seed, tick=view.tick, cook=cook, partner=kind, **facts)  # type: ignore[arg-type]
        for view, facts in learner.written
    ]


OnProgress = Callable[[str, int, int], None]
"""Told the split, how many of its examples there are, and how many there are to be."""


def make_data(
    folder: Path,
    examples: int,
    *,
    search: Search | None = None,
    workers: int = 2,
    on_progress: OnProgress | None = None,
    engine: Engine | None = None,
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
    jobs = _Jobs(engine or engine_named("local"), search or Search(), workers)
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

    engine: Engine
    search: Search
    workers: int

    def episodes(self, split: Split, first: int) -> Iterator[list[Moment]]:
        """The moments of each episode from this number on, in order, without end."""
        jobs = ((split, episode, self.search) for episode in count(first))
        early: dict[int, list[Moment]] = {}
        wanted = count()
        following = next(wanted)
        for number, moments in self.engine.map(_label, jobs, self.workers):
            early[number] = moments
            while following in early:
                yield early.pop(following)
                following = next(wanted)


def _label(job: tuple[Split, int, Search]) -> list[Moment]:
    return label_episode(*job)
