"""The front desk of a study: who takes part, where they are on their way, what they answered.

Each participant is a JSONL file that is only appended to, so nothing is lost when the server stops. It holds a number,
a code, the answers and how the games went; no name, address, browser or time of day.
"""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from brigade.agents.sessions.play.lobby import Lobby, digest
from brigade.agents.sessions.play.study.design import Question, Stage, Study, game_of, way
from brigade.agents.sessions.record import RecordError, read_record
from pydantic import BaseModel, ConfigDict, Field

CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without I, O, 0 and 1, which people confuse."""
CODE_LENGTH = 6
MAX_PARTICIPANTS = 10_000


class Refusal(ValueError):
    """A step that cannot be taken now; says why."""


class Step(BaseModel):
    """What a participant does next."""

    model_config = ConfigDict(extra="forbid", strict=True)

    participant: str | None = Field(default=None, max_length=128)
    """The participant's secret token; None to begin."""
    code: str = Field(default="", max_length=60)
    do: Literal["look", "agree", "next", "answer", "again"] = "look"
    stage: int = Field(default=0, ge=0, lt=10_000)
    """The stage that the page shows: a step that was already taken is not taken twice."""
    answers: dict[str, str | int | float | None] = Field(default_factory=dict, max_length=200)


@dataclass
class Participant:
    """Somebody who takes part."""

    number: int
    code: str
    key: str
    """Hash of the token."""
    file: Path
    stages: tuple[Stage, ...]
    at: int = 0
    """The stage that is next."""
    game: str = ""
    """Name of the room of the stage, once it is open."""
    seat: str | None = None
    """Its token, while the server that opened it runs."""
    since: float = field(default_factory=time.monotonic)

    def note(self, kind: str, **entry: Any) -> None:
        """Append to the participant's file."""
        with self.file.open("a", encoding="utf-8") as out:
            out.write(json.dumps({"type": kind, **entry}, ensure_ascii=False) + "\n")

    def take(self, entry: dict[str, Any]) -> None:
        """Take a noted entry into account."""
        if entry["type"] == "opened":
            self.game = entry["room"]
        elif entry["type"] in ("consent", "read", "game", "answers"):
            self.at, self.game, self.seat = entry["stage"] + 1, "", None


class Desk:
    """Leads participants through a study.

    Args:
        study: what they do.
        lobby: where they play.
        folder: where their files go.
    """

    def __init__(self, study: Study, lobby: Lobby, folder: Path) -> None:
        self.study, self.lobby = study, lobby
        self.folder = folder / "participants"
        self.folder.mkdir(parents=True, exist_ok=True)
        self._by_key: dict[str, Participant] = {}
        for file in sorted(self.folder.glob("*.jsonl")):
            participant = _read(file, study)
            self._by_key[participant.key] = participant

    def front_page(self) -> dict[str, Any]:
        """What a page shows before anybody has agreed to anything."""
        asks = self.study.codes != "generated"
        return {"title": self.study.title, "consent": self.study.consent, "asksCode": asks}

    async def step(self, step: Step) -> dict[str, Any]:
        """Take a step; returns where the participant is then.

        Raises:
            Refusal: it cannot be taken.
        """
        if step.participant is None:
            if step.do != "agree":
                raise Refusal("first the consent")
            return await self._begin(step.code.strip())
        participant = self._by_key.get(digest(step.participant))
        if participant is None:
            raise Refusal("this study does not know you; begin anew")
        if step.do == "again":
            await self._open(participant)
        elif step.do != "look" and step.stage == participant.at:
            self._take(participant, step)
        return await self._now(participant)

    async def _begin(self, code: str) -> dict[str, Any]:
        code = self._code(code)
        number, token = len(self._by_key), secrets.token_urlsafe(32)
        file = self.folder / f"{number + 1:04d}.jsonl"
        participant = Participant(number, code, digest(token), file, way(self.study, number))
        participant.note("participant", number=number, code=code, key=participant.key, study=self.study.title)
        self._by_key[participant.key] = participant
        self._advance(participant, "consent", agreed=True)
        return await self._now(participant) | {"participant": token}

    def _code(self, given: str) -> str:
        codes = self.study.codes
        if len(self._by_key) >= MAX_PARTICIPANTS:
            raise Refusal("this study takes no more participants")
        used = {participant.code for participant in self._by_key.values()}
        if codes == "generated":
            made = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
            return made if made not in used else self._code(given)
        if not given or (codes != "any" and given not in codes):
            raise Refusal("this code is not one of the study's")
        if given in used:
            raise Refusal("this code is already used")
        return given

    def _take(self, participant: Participant, step: Step) -> None:
        stage = participant.stages[participant.at]
        match stage.kind, step.do:
            case "page", "next":
                self._advance(participant, "read")
            case "questions", "answer":
                self._advance(participant, "answers", **self._place(stage), answers=self._answers(stage, step.answers))
            case "game", "next":
                self._advance(participant, "game", **self._place(stage), **self._result(participant, stage))
            case _:
                raise Refusal("that is not what comes next")

    def _advance(self, participant: Participant, kind: str, **entry: Any) -> None:
        seconds = round(time.monotonic() - participant.since, 1)
        noted = {"stage": participant.at, "seconds": seconds, **entry}
        participant.note(kind, **noted)
        participant.take({"type": kind, **noted})
        participant.since = time.monotonic()

    def _place(self, stage: Stage) -> dict[str, Any]:
        if stage.block < 0:
            return {"practice": True} if stage.practice else {}
        condition = self.study.conditions[stage.condition]
        return {"block": stage.block + 1, "condition": condition.name, "partner": condition.partner}

    def _answers(self, stage: Stage, given: dict[str, Any]) -> dict[str, Any]:
        questions = self._questions(stage)
        unknown = set(given) - {question.id for question in questions}
        if unknown:
            raise Refusal(f"no such question: {', '.join(sorted(unknown))[:60]}")
        try:
            return {question.id: question.check(given.get(question.id)) for question in questions}
        except ValueError as error:
            raise Refusal(str(error)) from None

    def _questions(self, stage: Stage) -> tuple[Question, ...]:
        return self.study.after_block if stage.block >= 0 else self.study.after_all

    def _result(self, participant: Participant, stage: Stage) -> dict[str, Any]:
        opened = self.lobby.rooms.get(participant.game)
        if opened is not None:
            over = opened.room.over
            result = None if over is None else {"score": over.score, "served": over.served, "missed": over.missed}
        else:
            result = self._recorded(participant.game)
        if result is None:
            raise Refusal("the game is not over")
        game = self.study.practice if stage.practice else self.study.games[stage.number]
        assert game is not None
        return {"game": stage.number + 1, "map": game.map, "seed": game.seed, "room": participant.game, **result}

    def _recorded(self, room: str) -> dict[str, Any] | None:
        if not room or self.lobby.folder is None:
            return None
        try:
            end = read_record(self.lobby.folder / f"{room}.jsonl").end
        except RecordError:
            return None
        return {key: end[key] for key in ("score", "served", "missed")} if end and end["type"] == "end" else None

    async def _open(self, participant: Participant) -> None:
        stage = participant.stages[participant.at]
        if stage.kind != "game":
            raise Refusal("there is no game now")
        before = self.lobby.rooms.get(participant.game)
        if before is not None and before.room.over is None:
            if participant.seat is not None:
                return
            before.room.finish("begun anew")
        opened, participant.seat = await self.lobby.open(game_of(self.study, stage, self.lobby.shelf))
        participant.game = opened.room.name
        participant.note("opened", stage=participant.at, room=participant.game)

    async def _now(self, participant: Participant) -> dict[str, Any]:
        stage = participant.stages[participant.at]
        if stage.kind == "game" and not participant.game:
            await self._open(participant)
        where: dict[str, Any] = {"stage": participant.at, "of": len(participant.stages) - 1, "kind": stage.kind}
        match stage.kind:
            case "page":
                where |= self.study.tutorial[stage.number].model_dump()
            case "game":
                where |= {"seat": participant.seat, **self._game(stage)}
            case "questions":
                where["questions"] = [question.model_dump(mode="json") for question in self._questions(stage)]
                where["about"] = self.study.conditions[stage.condition].name if stage.block >= 0 else None
            case _:
                where |= {"text": self.study.thanks, "code": participant.code}
        return where

    def _game(self, stage: Stage) -> dict[str, Any]:
        if stage.practice:
            return {"title": "Practice", "text": "This game does not count: try everything out."}
        name, blocks = self.study.conditions[stage.condition].name, len(self.study.conditions)
        title = f"Part {stage.block + 1} of {blocks}: you cook with {name}"
        return {"title": title, "text": f"Game {stage.number + 1} of {len(self.study.games)}."}


def _read(file: Path, study: Study) -> Participant:
    """A participant from their file; a last line that was cut off is left out."""
    lines = file.read_text(encoding="utf-8").split("\n")
    entries = [json.loads(line) for line in lines[:-1] if line]
    first = entries[0]
    participant = Participant(first["number"], first["code"], first["key"], file, way(study, first["number"]))
    for entry in entries[1:]:
        participant.take(entry)
    return participant
