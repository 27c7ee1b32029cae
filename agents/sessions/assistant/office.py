"""The office: what becomes of one request, from the moment it is understood to its closed receipt.

Redact, decide, open the receipt, perhaps ask the user, answer by the chosen route, put values back, close the receipt.
The gateway and the terminal chat are its two doors. Whatever goes wrong, the receipt is closed and nothing is sent that
the boundary has not let pass.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from brigade.agents.models import LanguageModel
from brigade.agents.privacy.keys import KeyUnusable, Sealer
from brigade.agents.privacy.private_set import PrivateSet
from brigade.agents.privacy.receipts import AuditFailed, Ledger, Receipt
from brigade.agents.privacy.redact import Redactor
from brigade.agents.privacy.routes import Decision, Facts, Route, RouteError, decide, is_personal
from brigade.agents.privacy.spans import DetectorFailed
from brigade.agents.privacy.vault import Vault
from brigade.agents.sessions.assistant.prepare import OWN, Prepared, prepare
from brigade.agents.sessions.assistant.shapes import ApiError, Json, last_of_user, privacy_error, text_of
from brigade.agents.sessions.assistant.upstream import Upstream

VAULTS = 2000
"""Conversations whose vaults are kept in memory too."""
Confirm = Callable[[Receipt, Json], Awaitable[bool]]
"""Shows what would be sent, and says whether it may be."""
Local = Callable[[], LanguageModel]


@dataclass(frozen=True, slots=True)
class Prices:
    """Of a million tokens upstream, in whatever currency."""

    prompt: float = 0.0
    completion: float = 0.0

    def cost(self, prompt_tokens: int, completion_tokens: int) -> float:
        """Of one request."""
        return (self.prompt * prompt_tokens + self.completion * completion_tokens) / 1e6


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as its door understood it."""

    body: Json
    caller: str = "local"
    conversation: str | None = None
    """The client's own name for it; without one, its beginning tells conversations apart."""
    route: Route | None = None


@dataclass(slots=True)
class Case:
    """A request on its way."""

    asked: Asked
    receipt: Receipt
    prepared: Prepared
    decision: Decision
    started: float = field(default_factory=time.perf_counter)


class Office:
    """Handles requests.

    Args:
        redactor: finds and replaces what is private.
        ledger: keeps receipts and vaults.
        sealer: gives callers and conversations names that tell nothing.
        upstream: the cloud model, if there is one.
        local: loads the local model on first use, if there is one.
        profile: the user's facts, for the local model alone.
        confirm: asked before anything is sent.
        prices: of the upstream's tokens.
    """

    def __init__(
        self,
        redactor: Redactor,
        ledger: Ledger,
        sealer: Sealer,
        *,
        upstream: Upstream | None = None,
        local: Local | None = None,
        profile: PrivateSet | None = None,
        confirm: Confirm | None = None,
        prices: Prices | None = None,
        fusible: bool = False,
    ) -> None:
        self.redactor = redactor
        self.ledger = ledger
        self.upstream = upstream
        self.profile = profile or PrivateSet()
        self.prices = prices or Prices()
        self._sealer = sealer
        self._local = local
        self._confirm = confirm
        self._fusible = fusible
        self._vaults: OrderedDict[str, tuple[Vault, threading.Lock]] = OrderedDict()
        self._vaults_lock = threading.Lock()
        self._model: LanguageModel | None = None
        self._model_lock = threading.Lock()

    @property
    def has_local(self) -> bool:
        """Whether there is a local model."""
        return self._local is not None

    def model(self) -> LanguageModel:
        """The local model, loaded on first use.

        Raises:
            ModelError: it cannot be had.
        """
        with self._model_lock:
            if self._model is None:
                if self._local is None:
                    raise AssertionError("the router takes no local route without a local model")
                self._model = self._local()
            return self._model

    @asynccontextmanager
    async def case(self, asked: Asked) -> AsyncIterator[Case]:
        """A request, redacted and decided, with its receipt open; the receipt is closed at the end, however it ends.

        Raises:
            ApiError: it cannot be looked at or recorded, no route is possible, or the user said no.
        """
        caller = self._sealer.name("caller", asked.caller)
        receipt = Receipt(caller, self._conversation(asked))
        try:
            prepared = await self._prepare(asked, receipt)
            receipt.withheld = dict(prepared.counts)
            decision = self._decide(asked, prepared)
            receipt.route, receipt.reason = decision.route, decision.reason
        except ApiError as error:
            receipt.status, receipt.error = "refused", error.code
            self._write(self.ledger.open, receipt)
            raise
        self._write(self.ledger.open, receipt)
        case = Case(asked, receipt, prepared, decision)
        try:
            yield case
            receipt.status = "done"
        except ApiError as error:
            receipt.status = "refused" if error.kind == "privacy_error" else "failed"
            receipt.error = error.code
            raise
        finally:
            if receipt.status == "open":
                receipt.status = "cut"
            receipt.seconds = time.perf_counter() - case.started
            if decision.route != "local":
                receipt.cost = self.prices.cost(receipt.prompt_tokens, receipt.remote_tokens)
            self._write(self.ledger.close, receipt)

    def reject(self, caller: str, error: ApiError) -> None:
        """A receipt for a request that could not even be read."""
        receipt = Receipt(self._sealer.name("caller", caller), "", status="refused", error=error.code)
        receipt.reason = "the request could not be read"
        self._write(self.ledger.open, receipt)

    async def may_send(self, case: Case, body: Json) -> None:
        """Note what is about to be sent, after asking the user if that is wanted.

        Raises:
            ApiError: the user said no, or the receipt cannot be written.
        """
        if self._confirm is not None and not await self._confirm(case.receipt, body):
            raise privacy_error("the user did not let this request be sent", "not_confirmed")
        case.receipt.sent.append(json.dumps(body, ensure_ascii=False))
        self._write(self.ledger.close, case.receipt)

    def withdrawn(self, case: Case) -> None:
        """What was about to be sent was not: the boundary refused it."""
        case.receipt.sent.pop()

    async def close(self) -> None:
        """Close what is open."""
        if self.upstream is not None:
            await self.upstream.close()
        self.ledger.close_database()

    async def _prepare(self, asked: Asked, receipt: Receipt) -> Prepared:
        try:
            return await asyncio.to_thread(self._prepare_now, asked, receipt.conversation)
        except DetectorFailed:
            raise privacy_error("a privacy detector failed, so nothing was sent", "detector_failed") from None
        except (AuditFailed, KeyUnusable):
            raise privacy_error("the vault cannot be read or written, so nothing was sent", "vault_failed") from None
        except RecursionError:
            raise ApiError(400, "the request is nested too deeply", "invalid_json") from None
        except Exception as error:  # noqa: BLE001  whatever a detector does, nothing is sent and no text is told
            raise privacy_error(
                f"the privacy check failed ({type(error).__name__}), so nothing was sent", "detector_failed"
            ) from None

    def _prepare_now(self, asked: Asked, conversation: str) -> Prepared:
        vault, lock = self._vault(conversation)
        with lock:
            before = len(vault.placeholders())
            prepared = prepare(asked.body, self.redactor, vault)
            if len(vault.placeholders()) > before:
                self.ledger.keep_vault(conversation, vault)
        return prepared

    def _decide(self, asked: Asked, prepared: Prepared) -> Decision:
        instruction = last_of_user(asked.body["messages"])
        facts = Facts(
            words=prepared.words,
            private_words=prepared.private_words,
            withheld=prepared.counts,
            personal=is_personal(instruction),
            tools=bool(asked.body.get("tools")),
            upstream=self.upstream is not None,
            local=self.has_local,
            profile=not self.profile.empty,
            fusible=self._fusible,
        )
        try:
            return decide(facts, asked.route)
        except RouteError as error:
            raise ApiError(400, str(error), "route_impossible") from None

    def _conversation(self, asked: Asked) -> str:
        """Who talks, and how it began; nobody shares another's vault."""
        messages = asked.body["messages"]
        first = next((each for each in messages if each.get("role") == "user"), messages[0])
        own = [asked.conversation] if asked.conversation else ["begins", text_of(messages[0]), text_of(first)]
        return self._sealer.name(asked.caller, str(asked.body.get("user", "")), *own)

    def _vault(self, conversation: str) -> tuple[Vault, threading.Lock]:
        with self._vaults_lock:
            known = self._vaults.get(conversation)
            if known is None:
                known = self.ledger.vault(conversation), threading.Lock()
                self._vaults[conversation] = known
                if len(self._vaults) > VAULTS:
                    self._vaults.popitem(last=False)
            self._vaults.move_to_end(conversation)
            return known

    def _write(self, write: Callable[[Receipt], None], receipt: Receipt) -> None:
        try:
            write(receipt)
        except AuditFailed:
            raise privacy_error("the receipt cannot be written, so nothing is sent", "receipt_failed") from None


def usage_into(receipt: Receipt, usage: Any, *, remote: bool) -> None:
    """Note the tokens that an answer says it took."""
    if isinstance(usage, Mapping):
        receipt.prompt_tokens += int(usage.get("prompt_tokens") or 0)
        receipt.completion_tokens += int(usage.get("completion_tokens") or 0)
        if remote:
            receipt.remote_tokens += int(usage.get("completion_tokens") or 0)


__all__ = ["OWN", "Asked", "Case", "Confirm", "Office", "Prices", "usage_into"]
