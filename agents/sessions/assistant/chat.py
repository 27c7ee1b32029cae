"""The terminal chat: one question, or a conversation, each answer with a receipt of what left this machine."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from brigade.agents.assistant import remote
from brigade.agents.assistant.fallback import fall_back
from brigade.agents.assistant.office import Asked, Office
from brigade.agents.assistant.shapes import ApiError, Json, text_of
from brigade.agents.assistant.writing import write
from brigade.agents.privacy.receipts import Receipt
from brigade.agents.privacy.routes import Route


async def confirm(receipt: Receipt, body: Json) -> bool:
    """Show what would be sent, and ask; only a clear yes is one."""
    return await _asked(f"{receipt.route}: {receipt.reason}", body)


async def approve(shown: dict[str, Any]) -> bool:
    """The same for what the assistant's graph stops with."""
    return await _asked(
        f"{shown['route']}: {shown['reason']}" if "route" in shown else shown["reason"], shown["would_send"]
    )


async def _asked(why: str, what: object) -> bool:
    print(f"This would be sent ({why}):", file=sys.stderr)
    print(json.dumps(what, indent=2, ensure_ascii=False), file=sys.stderr)
    print("Send it? [y/N] ", end="", file=sys.stderr, flush=True)
    answer = await asyncio.to_thread(sys.stdin.readline)
    return answer.strip().lower() in ("y", "yes")


async def turn(
    office: Office, messages: list[Json], route: Route | None, limit: int | None = None
) -> tuple[str, Receipt]:
    """One answer, of at most `limit` tokens, and its receipt.

    Raises:
        ApiError: there is none.
    """
    body: Json = {"model": "brigade", "messages": messages} | ({"max_tokens": limit} if limit else {})
    asked = Asked(body, conversation="terminal", route=route)
    async with office.case(asked) as case:
        if case.decision.route in ("cloud", "redact"):
            try:
                whole: Json = (await remote.answer(office, case)).body
            except ApiError as error:
                fall_back(office, case, error)
                whole = await write(office, case)
        else:
            whole = await write(office, case)
    return _text(whole), case.receipt


async def talk(office: Office, question: str | None, route: Route | None, *, quiet: bool = False) -> dict[str, Any]:
    """Answer one question, or go on until the user ends it; gives the last answer and its receipt.

    Raises:
        ApiError: the one question has no answer.
    """
    messages: list[Json] = []
    told: dict[str, Any] = {}
    try:
        while True:
            text = question if question is not None else await _read()
            if text is None:
                return told
            messages.append({"role": "user", "content": text})
            try:
                answer, receipt = await turn(office, messages, route)
            except ApiError as error:
                if question is not None:
                    raise
                messages.pop()
                print(f"brigade: {error.message}", file=sys.stderr)
                continue
            messages.append({"role": "assistant", "content": answer})
            told = {"answer": answer, "receipt": receipt.to_dict()}
            if not quiet:
                print(answer)
                print(summary(receipt), file=sys.stderr)
            if question is not None:
                return told
    finally:
        await office.close()


def summary(receipt: Receipt) -> str:
    """A receipt in a line."""
    withheld = ", ".join(f"{count} {kind}" for kind, count in sorted(receipt.withheld.items())) or "nothing"
    left = sum(len(each.encode()) for each in receipt.sent)
    what = f"{left} bytes left this machine" if left else "nothing left this machine"
    return f"[{receipt.route}: {receipt.reason}; {what}; withheld: {withheld}; receipt {receipt.id[:8]}]"


async def _read() -> str | None:
    print("> ", end="", file=sys.stderr, flush=True)
    line = await asyncio.to_thread(sys.stdin.readline)
    return line.strip() or None


def _text(whole: Json) -> str:
    choices = whole.get("choices")
    message = choices[0].get("message") if isinstance(choices, list) and choices else None
    if not isinstance(message, dict):
        raise ApiError(502, "the upstream's answer has no text", "upstream_invalid", "upstream_error")
    return text_of(message)
