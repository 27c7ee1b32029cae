"""The receipts page: for each request the route and why, exactly what left this machine and what came back.

Also where requests that wait for the user's consent are let go or stopped (`--confirm`).
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from html import escape
from typing import Any

from brigade.agents.assistant.shapes import ApiError, Json
from brigade.agents.privacy.keys import KeyUnusable
from brigade.agents.privacy.receipts import AuditFailed, Ledger, Receipt
from brigade.agents.sessions.web import page
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

WAIT = 300.0
"""Seconds that a request waits for consent."""
SHOWN = 100
_WATCH = (
    "setInterval(async()=>{const told=await fetch('/receipts/waiting');if(told.ok&&"
    "(await told.json()).join()!==document.body.dataset.waiting)location.reload()},1000)"
)
"""Shows a request as soon as it waits; the page's only script."""
_HASH = base64.b64encode(hashlib.sha256(_WATCH.encode()).digest()).decode()
_SAFE = {
    "content-security-policy": f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{_HASH}'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # with no-referrer, browsers send forms from nowhere, which the gateway refuses
}
CallerOf = Callable[[Request], str]


class Consent:
    """Requests that wait until the user has seen what would be sent."""

    def __init__(self, wait: float = WAIT) -> None:
        self._wait = wait
        self._waiting: dict[str, tuple[Receipt, Json, asyncio.Future[bool]]] = {}

    async def ask(self, receipt: Receipt, body: Json) -> bool:
        """Wait for the user; silence is a no."""
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting[receipt.id] = receipt, body, future
        try:
            return await asyncio.wait_for(future, self._wait)
        except TimeoutError:
            return False
        finally:
            self._waiting.pop(receipt.id, None)

    def answer(self, identity: str, yes: bool, caller: str) -> bool:
        """Let a request go or stop it; whether it was waiting, and the caller's own."""
        found = self._waiting.get(identity)
        if found is None or found[0].caller != caller or found[2].done():
            return False
        found[2].set_result(yes)
        return True

    def waiting(self, caller: str) -> list[tuple[Receipt, Json]]:
        """What waits."""
        return [(receipt, body) for receipt, body, _ in self._waiting.values() if receipt.caller == caller]


class Pages:
    """Receipts, as pages and as JSON; everybody sees their own only.

    Args:
        ledger: where they are.
        name: the name under which a caller's receipts are kept.
        consent: requests that wait; None if none does.
    """

    def __init__(self, ledger: Ledger, name: Callable[[str], str], consent: Consent | None = None) -> None:
        self._ledger = ledger
        self._name = name
        self._watched = consent is not None
        self.consent = consent or Consent()

    def routes(self, caller_of: CallerOf) -> list[Route]:
        """Where they are served, to whom `caller_of` knows."""

        def own(request: Request) -> str:
            return self._name(caller_of(request))

        async def listed(request: Request) -> Response:
            caller = own(request)
            page = _list_page(self._receipts(caller), self.consent.waiting(caller), watched=self._watched)
            return HTMLResponse(page, headers=_SAFE)

        async def waiting(request: Request) -> Response:
            ids = [receipt.id for receipt, _ in self.consent.waiting(own(request))]
            return JSONResponse(ids, headers={"cache-control": "no-store"})

        async def shown(request: Request) -> Response:
            return HTMLResponse(_receipt_page(self._one(request.path_params["id"], own(request))), headers=_SAFE)

        async def answered(request: Request) -> Response:
            yes = request.path_params["verb"] == "send"
            if not self.consent.answer(request.path_params["id"], yes, own(request)):
                raise ApiError(404, "no request waits under this id", "not_found")
            return RedirectResponse("/receipts", 303)

        async def as_json(request: Request) -> Response:
            receipts = [each.to_dict() for each in self._receipts(own(request))]
            return JSONResponse({"object": "list", "data": receipts}, headers={"cache-control": "no-store"})

        async def one_as_json(request: Request) -> Response:
            receipt = self._one(request.path_params["id"], own(request))
            return JSONResponse(receipt.to_dict(), headers={"cache-control": "no-store"})

        return [
            Route("/", lambda request: RedirectResponse("/receipts"), methods=["GET"]),
            Route("/receipts", listed, methods=["GET"]),
            Route("/receipts/waiting", waiting, methods=["GET"]),
            Route("/receipts/{id:str}", shown, methods=["GET"]),
            Route("/receipts/{id:str}/{verb:str}", answered, methods=["POST"]),
            Route("/v1/receipts", as_json, methods=["GET"]),
            Route("/v1/receipts/{id:str}", one_as_json, methods=["GET"]),
        ]

    def _receipts(self, caller: str) -> list[Receipt]:
        try:
            return self._ledger.latest(SHOWN, caller)
        except (AuditFailed, KeyUnusable) as error:
            raise ApiError(500, str(error), "receipts_unreadable", "server_error") from None

    def _one(self, identity: str, caller: str) -> Receipt:
        try:
            receipt = self._ledger.find(identity)
        except (AuditFailed, KeyUnusable) as error:
            raise ApiError(500, str(error), "receipts_unreadable", "server_error") from None
        if receipt is None or receipt.caller != caller:
            raise ApiError(404, "there is no such receipt", "not_found")
        return receipt


def _list_page(receipts: list[Receipt], waiting: list[tuple[Receipt, Json]], *, watched: bool) -> str:
    rows = "".join(_row(receipt) for receipt in receipts)
    head = "".join(
        f"<th>{each}</th>" for each in ("when", "route", "why", "withheld", "tokens", "cost", "how it ended")
    )
    asks = "".join(_ask(receipt, body) for receipt, body in waiting)
    empty = "" if receipts else "<p>No requests yet.</p>"
    body = f"{asks}<table><tr>{head}</tr>{rows}</table>{empty}"
    if not watched:
        return page("Receipts", body)
    shown = ",".join(receipt.id for receipt, _ in waiting)
    return page("Receipts", body, script=f"<script>{_WATCH}</script>", attributes=f' data-waiting="{escape(shown)}"')


def _ask(receipt: Receipt, body: Json) -> str:
    buttons = "".join(
        f'<form method="post" action="/receipts/{escape(receipt.id)}/{verb}"><button>{label}</button></form>'
        for verb, label in (("send", "Send it"), ("stop", "Do not send it"))
    )
    text = escape(json.dumps(body, indent=2, ensure_ascii=False))
    return f'<div class="wait"><b>This would be sent ({escape(receipt.route)}):</b><pre>{text}</pre>{buttons}</div>'


def _row(receipt: Receipt) -> str:
    when = datetime.fromtimestamp(receipt.opened).strftime("%d %b %H:%M:%S")
    tokens = f"{receipt.prompt_tokens} in, {receipt.completion_tokens} out ({receipt.remote_tokens} remote)"
    cells = [
        f'<a href="/receipts/{escape(receipt.id)}">{escape(when)}</a>',
        f'<span class="{escape(receipt.route)}">{escape(receipt.route)}</span>',
        escape(receipt.reason),
        escape(_counts(receipt.withheld)),
        escape(tokens),
        f"{receipt.cost:.4f}",
        f'<span class="{escape(receipt.status)}">{escape(receipt.status)} {escape(receipt.error)}</span>',
    ]
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _receipt_page(receipt: Receipt) -> str:
    left = (
        "".join(f"<pre>{escape(_pretty(each))}</pre>" for each in receipt.sent) or "<p>Nothing left this machine.</p>"
    )
    came = f"<pre>{escape(_pretty(receipt.received))}</pre>" if receipt.received else "<p>Nothing.</p>"
    facts = "".join(
        f"<tr><th>{name}</th><td>{escape(str(value))}</td></tr>"
        for name, value in (
            ("route", receipt.route),
            ("why", receipt.reason),
            ("how it ended", f"{receipt.status} {receipt.error}"),
            ("withheld", _counts(receipt.withheld)),
            ("tokens", f"{receipt.prompt_tokens} in, {receipt.completion_tokens} out, {receipt.remote_tokens} remote"),
            ("cost", f"{receipt.cost:.6f}"),
            ("seconds", f"{receipt.seconds:.2f}"),
        )
    )
    body = (
        f'<p><a href="/receipts">All receipts</a></p><table>{facts}</table>'
        f"<h2>What left this machine</h2>{left}<h2>What came back</h2>{came}"
    )
    return page(f"Receipt {receipt.id[:8]}", body)


def _counts(withheld: dict[str, int]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in sorted(withheld.items())) or "nothing"


def _pretty(text: str) -> str:
    try:
        document: Any = json.loads(text)
    except ValueError:
        return text
    return json.dumps(document, indent=2, ensure_ascii=False)
