"""Training data from many recorded games: which records, whose they are, and in which split they therefore belong.

Whoever plays is in one split alone: participants of a study by their codes; of other games nothing is known about who
played, so they all count as the same people's unless one says otherwise. Scripted cooks are kept apart by kitchen and
order sequence instead.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

import networkx as nx
from brigade.agents.hierarchy.fast_mind import LETTERS
from brigade.agents.sessions.record import RecordError
from brigade.agents.training.fast.data import FORMAT, Moment, data_file
from brigade.agents.training.fast.games import PERSON, Game, game_moments, open_game
from brigade.agents.training.fast.kitchens import SPLITS, TEST, TRAIN, VALIDATION, Split

KINDS = (PERSON, "script", "hla", "commander", "policy", "random")
"""Kinds of cook that can be learned from."""
SHARES = ((TEST, 0.15), (VALIDATION, 0.15), (TRAIN, 0.7))
"""Of all people; which split somebody is in depends on their code alone, so it stays the same as games are added."""
STRANGERS = "people without a code"
SOURCE = "games"
"""Marks files of moments that came from games."""

OnProgress = Callable[[str, int, int], None]
"""Told what is read, how many games are done, and of how many."""


@dataclass(frozen=True)
class Taken:
    """A game's moments, and whose they are."""

    file: Path
    who: frozenset[str]
    moments: tuple[Moment, ...]


@dataclass
class Report:
    """What became of the records."""

    moments: Counter[str] = field(default_factory=Counter)
    games: Counter[str] = field(default_factory=Counter)
    people: dict[str, set[str]] = field(default_factory=dict)
    macros: Counter[str] = field(default_factory=Counter)
    """How often each macro action was the one done."""
    left_out: Counter[str] = field(default_factory=Counter)
    """Stretches that gave no moment, by reason."""
    refused: list[str] = field(default_factory=list)
    """Files that cannot be learned from: a line each."""

    def lines(self, folder: Path) -> Iterator[str]:
        """What there is to say, a line each."""
        for split in SPLITS:
            people = len(self.people.get(split.name, ()))
            yield (
                f"{data_file(folder, split)}: {self.moments[split.name]} moments of {self.games[split.name]} games"
                f" ({people} {'group' if people == 1 else 'groups'} of players)"
            )
        if self.macros:
            yield "done: " + ", ".join(f"{name} {count}" for name, count in self.macros.most_common())
        if self.left_out:
            yield "left out: " + ", ".join(f"{count} because {why}" for why, count in self.left_out.most_common())

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        splits = {
            split.name: {
                "moments": self.moments[split.name],
                "games": self.games[split.name],
                "people": len(self.people.get(split.name, ())),
            }
            for split in SPLITS
        }
        return {
            "splits": splits,
            "macros": dict(self.macros.most_common()),
            "left_out": dict(self.left_out.most_common()),
            "refused": self.refused,
        }


def make_games(
    sources: Sequence[Path],
    folder: Path,
    *,
    kinds: Sequence[str] = (PERSON,),
    each_a_stranger: bool = False,
    on_progress: OnProgress | None = None,
) -> Report:
    """Write the moments of every split into the folder, in place of those of an earlier run.

    Args:
        sources: records, and folders of records.
        folder: where the moments go.
        kinds: kinds of cook that are learned from.
        each_a_stranger: whether games without a participant's code are each by somebody else.
        on_progress: told how far it is.

    Raises:
        ValueError: a source does not exist, a kind is unknown, or the folder holds other moments.
        OSError: the folder cannot be written.
    """
    unknown = set(kinds) - set(KINDS)
    if unknown:
        raise ValueError(f"unknown kind of cook {min(unknown)!r} (known: {', '.join(KINDS)})")
    files = list(_files(sources))
    for split in SPLITS:
        _check_target(data_file(folder, split))
    tell, report = on_progress or (lambda *_: None), Report()
    codes = {parent: _codes(parent) for parent in {file.parent for file in files}}
    taken: list[Taken] = []
    for number, file in enumerate(files):
        tell(file.name, number, len(files))
        try:
            game = open_game(file)
            who = frozenset(_who(game, kinds, codes[file.parent].get(file.stem), each_a_stranger))
            moments = game_moments(game, game.cooks(kinds), number, report.left_out)
            taken.append(Taken(file, who, tuple(moments)))
        except RecordError as error:
            report.refused.append(str(error))
    tell("", len(files), len(files))
    _write(folder, taken, report)
    return report


def _who(game: Game, kinds: Sequence[str], code: str | None, each_a_stranger: bool) -> Iterator[str]:
    """Who or what must not be in two splits because of this game."""
    if not game.cooks(kinds):
        raise RecordError(f"{game.file}: no {' or '.join(kinds)} cooks in it, only {', '.join(game.kinds)}")
    if PERSON in game.kinds:
        yield f"participant {code}" if code else f"whoever played {game.file.stem}" if each_a_stranger else STRANGERS
    else:
        yield f"kitchen {game.map} {game.seed}"


def split_of(people: Iterable[str]) -> Split:
    """The split of people who played together."""
    digest = blake2b(min(people).encode(), digest_size=8).digest()
    place = int.from_bytes(digest) / 2**64
    for split, share in SHARES:
        place -= share
        if place < 0:
            return split
    return TRAIN


def _write(folder: Path, taken: Sequence[Taken], report: Report) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    together = _together(taken)
    for split in SPLITS:
        lines = [json.dumps({"format": FORMAT, "split": {"name": split.name}, "source": SOURCE}) + "\n"]
        for game in taken:
            if not game.moments or split_of(together[min(game.who)]) != split:
                continue
            lines += [moment.to_line() for moment in game.moments]
            report.moments[split.name] += len(game.moments)
            report.games[split.name] += 1
            report.people.setdefault(split.name, set()).update(game.who)
            report.macros.update(_NAMES[moment.options[moment.label.index(1.0)]] for moment in game.moments)
        data_file(folder, split).write_text("".join(lines), encoding="utf-8")


def _together(taken: Iterable[Taken]) -> dict[str, frozenset[str]]:
    """For each of them, everybody who played with them, or with somebody who did, and so on."""
    met: nx.Graph[str] = nx.Graph()
    for game in taken:
        nx.add_path(met, sorted(game.who))
        met.add_nodes_from(game.who)
    return {who: frozenset(group) for group in nx.connected_components(met) for who in group}


_NAMES = {letter: macro.name for macro, letter in LETTERS.items()}


def _files(sources: Sequence[Path]) -> Iterator[Path]:
    """Every record once, in order."""
    seen: set[Path] = set()
    for source in sources:
        if not source.exists():
            raise ValueError(f"{source}: there is no such file or folder")
        inside = sorted(source.rglob("*.jsonl")) if source.is_dir() else [source]
        for file in inside:
            if file.parent.name != "participants" and file.resolve() not in seen:
                seen.add(file.resolve())
                yield file
    if not seen:
        raise ValueError(f"{', '.join(map(str, sources))}: no records (.jsonl) in there")


def _codes(folder: Path) -> dict[str, str]:
    """Which participant of a study played which room, from the files of its front desk."""
    codes: dict[str, str] = {}
    for file in sorted((folder / "participants").glob("*.jsonl")):
        code = file.stem
        for line in file.read_text(encoding="utf-8").split("\n"):
            try:
                entry = json.loads(line)
            except json.JSONDecodeError:
                continue  # the last line, cut off
            if isinstance(entry, dict) and entry.get("type") == "participant":
                code = f"{entry.get('study')} {entry.get('code')}"
            if isinstance(entry, dict) and isinstance(entry.get("room"), str):
                codes[entry["room"]] = code
    return codes


def _check_target(file: Path) -> None:
    """That a file which is there came from games."""
    if file.exists():
        with file.open(encoding="utf-8") as lines:
            header = lines.readline()
        if f'"source": "{SOURCE}"' not in header:
            raise ValueError(f"{file}: holds moments that are not from games; choose another --out")
