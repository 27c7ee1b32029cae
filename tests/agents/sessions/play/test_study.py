"""Studies: their file, balanced orders, codes, answers, restarts."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from brigade.agents.graph import Minds
from brigade.agents.sessions.play.lobby import Lobby
from brigade.agents.sessions.play.shelf import MindShelf
from brigade.agents.sessions.play.study.design import StudyError, balanced, follow_ons, load_study, way
from brigade.agents.sessions.play.study.desk import Desk, Refusal, Step
from short_study import SHORT, study_file

REPOSITORY = Path(__file__).parents[4]


def no_minds(slow: str, fast: str) -> Minds:
    raise AssertionError("no agent thinks in this test")


def desk(tmp_path: Path, text: str = SHORT) -> Desk:
    folder = tmp_path / "records"
    lobby = Lobby(MindShelf(no_minds), folder, countdown=0)
    return Desk(load_study(study_file(tmp_path, text)), lobby, folder)


@pytest.mark.parametrize("count", range(1, 9))
def test_every_condition_comes_equally_often_in_every_place_and_after_every_other(count: int) -> None:
    orders = balanced(count)
    for place in range(count):
        assert len(set(Counter(order[place] for order in orders).values())) == 1
    after = follow_ons(orders)
    assert len(after) == count * (count - 1)
    assert len(set(after.values())) <= 1


def test_the_example_runs_and_its_check_tells_the_orders() -> None:
    command = [sys.executable, "-m", "brigade.agents.cli", "study", "check", str(REPOSITORY / "examples/study.yaml")]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("Basil then Thyme\nThyme then Basil\n")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("title: Short", "titel: Short", "title: Field required"),
        ("partner: script}", "partner: robot}", "unknown kind of cook 'robot'"),
        ("map: quick", "map: nowhere", "no map or layout file"),
        ("of: 5", "of: 50", "after_block.0.of"),
        ("options: [Basil, Thyme]", "options: []", "a choice has options"),
        ("name: Thyme", "name: Basil", "two conditions have the same name"),
        ("id: why", "id: fluent", "two questions have the same id"),
        ("low: little", "low: no", "put it in quotes"),
        ("consent:", "consent: [", "not YAML"),
    ],
)
def test_a_study_that_cannot_be_run_is_refused_with_one_line(old: str, new: str, words: str, tmp_path: Path) -> None:
    file = study_file(tmp_path, SHORT.replace(old, new, 1))
    command = [sys.executable, "-m", "brigade.agents.cli", "study", "check", str(file)]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 2
    assert words in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_broken_file_names_its_line(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"study\.yaml:\d+: not YAML"):
        load_study(study_file(tmp_path, "title: a\nconsent: [\n"))


def test_the_way_leads_through_all_blocks_in_the_order_of_the_participant(tmp_path: Path) -> None:
    study = load_study(study_file(tmp_path))
    first, second = way(study, 0), way(study, 1)
    assert [stage.kind for stage in first] == [
        "consent", "page", "game", "game", "questions", "game", "questions", "questions", "thanks",
    ]  # fmt: skip
    assert [stage.condition for stage in first if stage.kind == "game"] == [-1, 0, 1]
    assert [stage.condition for stage in second if stage.kind == "game"] == [-1, 1, 0]


async def test_codes_are_the_studys_own_and_count_once(tmp_path: Path) -> None:
    front = desk(tmp_path)
    with pytest.raises(Refusal, match="not one of the study's"):
        await front.step(Step(do="agree", code="P9"))
    assert not list(front.folder.iterdir()), "nothing is kept of somebody who has not agreed"
    await front.step(Step(do="agree", code="P1"))
    with pytest.raises(Refusal, match="already used"):
        await front.step(Step(do="agree", code="P1"))


async def test_a_step_is_not_taken_twice_and_not_out_of_turn(tmp_path: Path) -> None:
    front = desk(tmp_path)
    token = (await front.step(Step(do="agree", code="P1")))["participant"]
    assert (await front.step(Step(participant=token, do="look")))["kind"] == "page"
    with pytest.raises(Refusal, match="not what comes next"):
        await front.step(Step(participant=token, do="answer", stage=1))
    for _ in range(2):  # a click that was sent twice
        at = await front.step(Step(participant=token, do="next", stage=1))
    assert (at["kind"], at["stage"], at["title"]) == ("game", 2, "Practice")
    with pytest.raises(Refusal, match="the game is not over"):
        await front.step(Step(participant=token, do="next", stage=2))
    await front.lobby.close()


async def test_a_participant_is_where_they_were_after_a_restart(tmp_path: Path) -> None:
    front = desk(tmp_path)
    token = (await front.step(Step(do="agree", code="P1")))["participant"]
    await front.step(Step(participant=token, do="next", stage=1))
    await front.lobby.close()
    again = desk(tmp_path)
    at = await again.step(Step(participant=token))
    assert (at["kind"], at["stage"], at["seat"]) == ("game", 2, None)
    assert (await again.step(Step(participant=token, do="again")))["seat"], "the game is begun anew"
    with pytest.raises(Refusal, match="does not know you"):
        await again.step(Step(participant="x" * 43))
    await again.lobby.close()


@pytest.mark.parametrize(
    ("answers", "words"),
    [({}, "needs an answer"), ({"fluent": 6}, "not an answer"),
     ({"fluent": "5"}, "not an answer"), ({"fluent": 3, "more": 1}, "no such question"),
     ({"fluent": 3, "why": "x" * 3000}, "not an answer")],
)  # fmt: skip
async def test_answers_are_checked(answers: dict[str, str | int | float | None], words: str, tmp_path: Path) -> None:
    text = SHORT.replace("tutorial: [{title: Hello, text: Read this.}]\n", "").replace(
        "practice: {map: ring, partner: idle, duration: 5}\n", ""
    )
    front = desk(tmp_path, text)
    token = (await front.step(Step(do="agree", code="P1")))["participant"]
    front.lobby.rooms[next(iter(front.lobby.rooms))].room.finish()
    await front.step(Step(participant=token, do="next", stage=1))
    with pytest.raises(Refusal, match=words):
        await front.step(Step(participant=token, do="answer", stage=2, answers=answers))
    await front.lobby.close()
