"""One turn of a conversation in steps that can each be taken again, whatever happened to the process in between.

A turn's state between steps is its receipt's id and plain data. A step finds the receipt again, redacts anew (which
gives the same, since the vault is kept), and makes no remote call that the journal knows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from brigade.agents.assistant import remote
from brigade.agents.assistant.asking import UpstreamModel
from brigade.agents.assistant.fallback import fall_back
from brigade.agents.assistant.office import Asked, Case, Office, measure
from brigade.agents.assistant.shapes import ApiError, Json, last_of_user, text_of, upstream_error
from brigade.agents.assistant.writing import load, write
from brigade.agents.models import LanguageModel
from brigade.agents.privacy.restore import restore
from brigade.agents.privacy.routes import Decision, Route


@dataclass(frozen=True, slots=True)
class Turn:
    """What a step needs to go on: plain data."""

    receipt: str
    messages: tuple[Json, ...]
    """The conversation up to the question, which is the last of them."""
    conversation: str
    asked_route: Route | None = None
    recalled: tuple[str, ...] = ()

    @property
    def asked(self) -> Asked:
        """The request."""
        return Asked(
            {"model": "brigade", "messages": list(self.messages)}, "thread", self.conversation, self.asked_route
        )


class Turns:
    """The steps.

    Args:
        office: does the work.
    """

    def __init__(self, office: Office) -> None:
        self.office = office

    async def open(self, turn: Turn) -> Case:
        """The request, redacted and decided, its receipt open (or found again).

        Raises:
            ApiError: it cannot be looked at or recorded, or no route is possible.
        """
        case = await self.office.open(turn.asked, turn=turn.receipt)
        case.recalled = turn.recalled
        if turn.recalled:
            case.take(self.office.decide(turn.asked, case.prepared, recalled=True))
        return case

    async def resume(self, turn: Turn, decision: Decision) -> Case:
        """The request with the route that was decided."""
        case = await self.open(turn)
        case.take(decision)
        return case

    async def answer(self, case: Case) -> str:
        """The answer by its route.

        Raises:
            ApiError: there is none; `answer_lost` where only asking the cloud a second time could give one.
        """
        try:
            return await self._by_route(case)
        except ApiError as error:
            if error.code != "answer_lost" or not self.office.has_local or case.asked.route is not None:
                raise
            case.take(Decision("local", "the cloud was asked before a break, and its answer is lost"))
            return _text(await write(self.office, case))

    async def _by_route(self, case: Case) -> str:
        if case.decision.route in ("cloud", "redact"):
            try:
                return _text((await remote.answer(self.office, case)).body)
            except ApiError as error:
                fall_back(self.office, case, error)
        return _text(await write(self.office, case))

    async def model_for(self, case: Case) -> tuple[LanguageModel, str]:
        """The model that a program or a decomposition may ask, and the question as it may be told."""
        if case.decision.route in ("cloud", "redact"):
            question = last_of_user(case.prepared.body["messages"])
            return UpstreamModel(self.office, case, asyncio.get_running_loop()), question
        return await asyncio.to_thread(load, self.office), last_of_user(case.asked.body["messages"])

    async def keep(self, case: Case) -> None:
        """Write the receipt as it is now: the turn goes on in another step."""
        await asyncio.to_thread(self.office.finish, case)

    async def close(self, receipt: str, status: str, error: str = "") -> dict[str, Any]:
        """Close a receipt; gives it as JSON has it."""
        ledger = self.office.ledger
        found = await asyncio.to_thread(ledger.find, receipt)
        if found is None:
            return {"id": receipt, "status": status, "error": error}
        found.status, found.error = status, error or found.error
        await asyncio.to_thread(ledger.write, found)
        measure(found)
        return found.to_dict()


def restored(case: Case, text: str) -> str:
    """A text of the cloud's with its placeholders replaced by what they stand for."""
    return restore(text, case.prepared.values)


def would_send(case: Case) -> Sequence[Json]:
    """The messages as they would leave."""
    messages: Sequence[Json] = case.prepared.body["messages"]
    return messages


def _text(whole: Json) -> str:
    choices = whole.get("choices")
    message = choices[0].get("message") if isinstance(choices, list) and choices else None
    if not isinstance(message, dict):
        raise upstream_error(502, "the upstream's answer has no text", "upstream_invalid")
    return text_of(message)
