"""Recorded games as training data: whose moments they are, in which split they belong, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from brigade.agents.cli import app
from brigade.agents.hierarchy.fast_mind import LETTERS
from brigade.agents.sessions.episode import EpisodeSpec, run_episode
from brigade.agents.training.fast.data import Moment, data_file, read_moments
from brigade.agents.training.fast.fit import as_examples
from brigade.agents.training.fast.gathering import STRANGERS, make_games, split_of
from brigade.agents.training.fast.kitchens import SPLITS, TEST, TRAIN, VALIDATION
from typer.testing import CliRunner

REFUSED = {
    "agents": "no person",
    "changed": "differs",
    "headless": "header",
    "nobody": "cooks",
    "other": "rule book",
    "torn": "cannot be read",
}
NAMES = {letter: macro.name for macro, letter in LETTERS.items()}


@pytest.fixture(scope="module")
def game(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The lines of a record; the moves of a script, taken for a person's."""
    file = tmp_path_factory.mktemp("game") / "r.jsonl"
    run_episode(EpisodeSpec("quick", "script", "script", seed=3, duration=40), record=file)
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    lines[0]["cooks"][0] = {"kind": "person"}
    return lines


def keep(folder: Path, name: str, lines: list[dict[str, Any]]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return file


def everything(folder: Path) -> Iterator[Moment]:
    for split in SPLITS:
        yield from read_moments(folder, split)


def test_moments_say_what_a_person_did_where_it_was_possible(tmp_path: Path, game: list[dict[str, Any]]) -> None:
    report = make_games([keep(tmp_path / "in", "one", game)], tmp_path / "out")
    moments = list(everything(tmp_path / "out"))
    done = [e for e in game if e["type"] == "macro" and e["cook"] == 0 and e["outcome"] == "done"]
    assert [NAMES[moment.options[moment.label.index(1.0)]] for moment in moments] == [e["macro"] for e in done]
    assert [moment.tick <= e["begun"] + 1 for moment, e in zip(moments, done, strict=True)] == [True] * len(done)
    assert {moment.cook for moment in moments} == {0}
    assert {moment.partner for moment in moments} == {"script"}
    assert all("Wanted: nothing." in moment.text for moment in moments)
    assert any("Partner" in moment.text and ", Chop" in moment.text.split("Partner")[1] for moment in moments)
    assert all(sum(moment.label) == 1.0 and len(moment.label) == len(moment.options) for moment in moments)
    assert len(as_examples(moments)) == len(done)
    assert report.moments.total() == len(done) == sum(report.macros.values())


def test_scripted_cooks_are_learned_from_when_asked_for(tmp_path: Path, game: list[dict[str, Any]]) -> None:
    file = keep(tmp_path / "in", "one", game)
    make_games([file], tmp_path / "out", kinds=("person", "script"))
    assert {moment.cook for moment in everything(tmp_path / "out")} == {0, 1}


def test_nobody_is_in_two_splits(tmp_path: Path, game: list[dict[str, Any]]) -> None:
    """Twelve participants with two games each; a game without a code is whoever's."""
    records = tmp_path / "in"
    for number in range(12):
        notes: list[dict[str, Any]] = [{"type": "participant", "number": number, "code": f"P{number}", "study": "s"}]
        for part in range(2):
            keep(records, f"room{number}-{part}", game)
            notes.append({"type": "opened", "stage": part, "room": f"room{number}-{part}"})
        keep(records / "participants", f"{number:04d}", notes)
    keep(records, "lobby-1", game)
    keep(records, "lobby-2", game)
    report = make_games([records], tmp_path / "out")
    assert report.refused == []
    assert report.games.total() == 26
    people = list(report.people.values())
    assert sum(map(len, people)) == len(set.union(*people)) == 13
    assert all(len(report.people[split.name]) >= 1 for split in SPLITS)
    assert sum(STRANGERS in each for each in people) == 1
    seen: dict[int, set[str]] = {}
    for split in SPLITS:
        for moment in read_moments(tmp_path / "out", split):
            seen.setdefault(moment.episode, set()).add(split.name)
    assert all(len(splits) == 1 for splits in seen.values())
    alone = make_games([records], tmp_path / "out", each_a_stranger=True)
    assert sum(len(each) for each in alone.people.values()) == 14


def test_a_person_stays_in_their_split_as_games_are_added() -> None:
    people = [f"participant study {number}" for number in range(400)]
    assert split_of(people[:1]) == split_of(people[:1])
    shares = [sum(split_of([who]) == split for who in people) / 400 for split in (TRAIN, VALIDATION, TEST)]
    assert shares == pytest.approx([0.7, 0.15, 0.15], abs=0.06)


def test_what_happened_while_somebody_stood_in_is_not_the_persons(tmp_path: Path, game: list[dict[str, Any]]) -> None:
    away = {"type": "seat", "tick": 0, "cook": 0, "present": False}
    back = {"type": "seat", "tick": 200, "cook": 0, "present": True}
    half = next(index for index, line in enumerate(game) if line["type"] == "tick" and line["tick"] == 200)
    lines = [game[0], away, *game[1 : half + 1], back, *game[half + 1 :]]
    report = make_games([keep(tmp_path / "in", "one", lines)], tmp_path / "out")
    assert all(moment.tick >= 200 for moment in everything(tmp_path / "out"))
    assert report.left_out["somebody stood in"] > 0
    assert report.moments.total() > 0


def test_bad_files_get_a_line_each_and_the_rest_is_used(tmp_path: Path, game: list[dict[str, Any]]) -> None:
    records = tmp_path / "in"
    keep(records, "good", game)
    keep(records, "agents", [game[0] | {"cooks": [{"kind": "hla"}, {"kind": "script"}]}, *game[1:]])
    keep(records, "headless", game[1:])
    keep(records, "nobody", [{key: value for key, value in game[0].items() if key != "cooks"}, *game[1:]])
    keep(records, "other", [game[0] | {"rules": "overcooked_ai"}, *game[1:]])
    broken = [line | {"actions": [0, 0]} if line["type"] == "tick" else line for line in game]
    keep(records, "changed", broken)
    (records / "torn.jsonl").write_bytes(b"\xff\xfe{")
    told = str(tmp_path / "r.json")
    result = CliRunner().invoke(app, ["train", "games", str(records), "--out", str(tmp_path / "out"), "--json", told])
    assert result.exit_code == 0
    lines = result.stderr.splitlines()
    assert len(lines) == len(REFUSED)
    for name, words in REFUSED.items():
        assert any(f"{name}.jsonl" in line and words in line for line in lines), name
    assert "moments of 1 games" in result.stdout
    counted = json.loads((tmp_path / "r.json").read_text())
    assert sum(split["moments"] for split in counted["splits"].values()) > 0
    assert len(counted["refused"]) == 6


def test_nothing_to_learn_from_is_failed_work_and_bad_wishes_are_bad_input(
    tmp_path: Path, game: list[dict[str, Any]]
) -> None:
    data_file(tmp_path, TRAIN).write_text('{"format": 1, "search": {}}\n')
    one = keep(tmp_path / "in", "one", game[:1])
    for arguments, status, words in (
        ([str(one), "--out", str(tmp_path / "a")], 1, "no moments"),
        ([str(tmp_path / "none")], 2, "no such file"),
        ([str(one), "--cooks", "cat"], 2, "unknown kind of cook 'cat'"),
        ([str(one), "--out", str(tmp_path)], 2, "not from games"),
    ):
        result = CliRunner().invoke(app, ["train", "games", *arguments])
        assert result.exit_code == status
        assert words in result.stderr
