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
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from brigade.agents import telemetry
from brigade.agents.assistant.prepare import OWN, Prepared, prepare
from brigade.agents.assistant.shapes import (
    ApiError,
    Json,
    last_of_user,
    privacy_error,
    text_of,
    upstream_error,
)
from brigade.agents.assistant.upstream import Upstream, json_of, passed_headers, whole
from brigade.agents.models import LanguageModel
from brigade.agents.privacy.journal import Journal
from brigade.agents.privacy.keys import KeyUnusable, Sealer
from brigade.agents.privacy.private_set import PrivateSet
from brigade.agents.privacy.receipts import AuditFailed, Ledger, Receipt
from brigade.agents.privacy.redact import Redactor
from brigade.agents.privacy.routes import Decision, Facts, Route, RouteError, decide, is_personal
from brigade.agents.privacy.spans import DetectorFailed
from brigade.agents.privacy.vault import Vault

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


@dataclass(frozen=True, slots=True)
class Told:
    """What the upstream answered."""

    body: Json
    text: str
    headers: dict[str, str]


@dataclass(slots=True)
class Case:
    """A request on its way."""

    asked: Asked
    receipt: Receipt
    prepared: Prepared
    decision: Decision
    started: float = field(default_factory=time.perf_counter)
    recalled: tuple[str, ...] = ()
    """What memory holds about it; told to the local model alone."""
    lasting: bool = False
    """Whether its remote calls are journaled, so that they are made once whatever happens to this process."""
    calls: Counter[str] = field(default_factory=Counter)
    """Digests of the bodies that were sent, and how often."""

    def fail(self, error: ApiError) -> None:
        """Note how it failed."""
        self.receipt.status = "refused" if error.kind == "privacy_error" else "failed"
        self.receipt.error = error.code

    def take(self, decision: Decision) -> None:
        """Answer it by this route."""
        self.decision = decision
        self.receipt.route, self.receipt.reason = decision.route, decision.reason

    def key_of(self, body: Json) -> str:
        """What tells a call from the other calls of this request, also in another process."""
        digest = sha256(json.dumps(body, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()
        self.calls[digest] += 1
        return f"{digest}-{self.calls[digest]}"


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
        sketcher: loads the local model of the route `sketch`, if it is another one.
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
        sketcher: Local | None = None,
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
        self._journal = Journal(ledger.engine, sealer)
        self._vaults: OrderedDict[str, tuple[Vault, threading.Lock]] = OrderedDict()
        self._vaults_lock = threading.Lock()
        self._model: LanguageModel | None = None
        self._load_sketcher = sketcher
        self._sketcher: LanguageModel | None = None
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

    def sketcher(self) -> LanguageModel:
        """The local model of the route `sketch`, loaded on first use.

        Raises:
            ModelError: it cannot be had.
        """
        if self._load_sketcher is None:
            return self.model()
        with self._model_lock:
            if self._sketcher is None:
                self._sketcher = self._load_sketcher()
            return self._sketcher

    def finds(self, text: str, prepared: Prepared) -> bool:
        """Whether anything private is in a text, of the profile, of this conversation or by any detector.

        A detector that fails has found something.
        """
        try:
            return bool(self.redactor.private.with_values(prepared.withheld).find(text) or self.redactor.spans(text))
        except DetectorFailed:
            return True

    @asynccontextmanager
    async def case(self, asked: Asked) -> AsyncIterator[Case]:
        """A request, redacted and decided, with its receipt open; the receipt is closed at the end, however it ends.

        Raises:
            ApiError: it cannot be looked at or recorded, no route is possible, or the user said no.
        """
        case = await self.open(asked)
        try:
            yield case
            case.receipt.status = "done"
        except ApiError as error:
            case.fail(error)
            raise
        finally:
            if case.receipt.status == "open":
                case.receipt.status = "cut"
            self.finish(case)
            measure(case.receipt)

    async def open(self, asked: Asked, *, turn: str | None = None) -> Case:
        """A request, redacted and decided, with its receipt open.

        Args:
            asked: the request.
            turn: the id of its receipt; given, its remote calls are journaled, and an open receipt is found again.

        Raises:
            ApiError: see `case`.
        """
        receipt = await self._receipt(asked, turn)
        try:
            prepared = await self._prepare(asked, receipt)
            receipt.withheld = dict(prepared.counts)
            decision = self.decide(asked, prepared)
            receipt.route, receipt.reason = decision.route, decision.reason
        except ApiError as error:
            receipt.status, receipt.error = "refused", error.code
            await asyncio.to_thread(self._write, receipt)
            raise
        if turn is not None or self._confirm is not None or decision.route not in ("cloud", "redact"):
            await asyncio.to_thread(self._write, receipt)  # the others write it with what is about to be sent
        return Case(asked, receipt, prepared, decision, lasting=turn is not None)

    async def _receipt(self, asked: Asked, turn: str | None) -> Receipt:
        receipt = Receipt(self._sealer.name("caller", asked.caller), self._conversation(asked))
        if turn is None:
            return receipt
        try:
            known = await asyncio.to_thread(self.ledger.find, turn)
        except (AuditFailed, KeyUnusable):
            raise privacy_error("the receipt cannot be read, so nothing is sent", "receipt_failed") from None
        receipt.id = turn
        return known or receipt

    def turn_name(self, task: str) -> str:
        """The id of the receipt of a turn that somebody else calls so."""
        return self._sealer.name("turn", task)

    def finish(self, case: Case) -> None:
        """Close the receipt of a request.

        Raises:
            ApiError: it cannot be written.
        """
        receipt = case.receipt
        receipt.seconds += time.perf_counter() - case.started
        if case.decision.route != "local":
            receipt.cost = self.prices.cost(receipt.prompt_tokens, receipt.remote_tokens)
        self._write(receipt)

    def reject(self, caller: str, error: ApiError) -> None:
        """A receipt for a request that could not even be read."""
        receipt = Receipt(self._sealer.name("caller", caller), "", status="refused", error=error.code)
        receipt.reason = "the request could not be read"
        self._write(receipt)

    async def may_send(self, case: Case, body: Json) -> None:
        """Note what is about to be sent, after asking the user if that is wanted.

        Raises:
            ApiError: the user said no, or the receipt cannot be written.
        """
        if self._confirm is not None and not await self._confirm(case.receipt, body):
            raise privacy_error("the user did not let this request be sent", "not_confirmed")
        case.receipt.sent.append(json.dumps(body, ensure_ascii=False))
        await asyncio.to_thread(self._write, case.receipt)

    async def exchange(self, case: Case, path: str, body: Json) -> Told:
        """What the upstream answers to a body; a journaled call is made once.

        Raises:
            ApiError: there is no answer; `answer_lost` if one may have been given to a process that was killed.
        """
        if self.upstream is None:
            raise AssertionError("the router takes no remote route without an upstream")
        key = case.key_of(body) if case.lasting else ""
        known = await self._known(case, key)
        if known is not None:
            return Told(json_of(known), known, {})
        await self.may_send(case, body)
        if case.lasting:
            await asyncio.to_thread(self._journaled, self._journal.begin, case.receipt.id, key)
        try:
            async with self.upstream.post(path, body, case.prepared, again=not case.lasting) as response:
                told, text = await whole(response)
                headers = passed_headers(response)
        except ApiError as error:
            if error.kind == "privacy_error":
                self.withdrawn(case)
            if case.lasting:
                await asyncio.to_thread(self._journaled, self._journal.forget, case.receipt.id, key)
            raise
        if case.lasting:
            await asyncio.to_thread(self._journaled, self._journal.end, case.receipt.id, key, text)
        return Told(told, text, headers)

    async def _known(self, case: Case, key: str) -> str | None:
        """The answer of a call that was made before."""
        if not case.lasting:
            return None
        call = await asyncio.to_thread(self._journaled, self._journal.look, case.receipt.id, key)
        if call is None:
            return None
        if call.answer is None:
            raise upstream_error(409, "the upstream was asked before, and its answer is lost", "answer_lost")
        answer: str = call.answer
        return answer

    async def ask_again(self, turn: str) -> None:
        """Let the calls of a turn whose answers are lost be made again."""
        await asyncio.to_thread(self._journaled, self._journal.forget, turn)

    def _journaled(self, act: Callable[..., Any], *what: str) -> Any:
        try:
            return act(*what)
        except (AuditFailed, KeyUnusable):
            raise privacy_error("the journal cannot be used, so nothing is sent", "receipt_failed") from None

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

    def decide(self, asked: Asked, prepared: Prepared, *, recalled: bool = False) -> Decision:
        """The route of a request; what memory recalls counts as profile.

        Raises:
            ApiError: none is possible.
        """
        instruction = last_of_user(asked.body["messages"])
        facts = Facts(
            words=prepared.words,
            private_words=prepared.private_words,
            withheld=prepared.counts,
            personal=is_personal(instruction),
            tools=bool(asked.body.get("tools")),
            upstream=self.upstream is not None,
            local=self.has_local,
            profile=recalled or not self.profile.empty,
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

    def _write(self, receipt: Receipt) -> None:
        try:
            self.ledger.write(receipt)
        except AuditFailed:
            raise privacy_error("the receipt cannot be written, so nothing is sent", "receipt_failed") from None


def measure(receipt: Receipt) -> None:
    """Tell telemetry of a request that has ended."""
    telemetry.count("brigade.requests", route=receipt.route, status=receipt.status)
    telemetry.took(
        "brigade.request.seconds",
        receipt.seconds,
        route=receipt.route,
        status=receipt.status,
        withheld=sum(receipt.withheld.values()),
        tokens=receipt.prompt_tokens + receipt.completion_tokens,
    )
    for kind, number in receipt.withheld.items():
        telemetry.count("brigade.leaks_prevented", number, kind=kind)
    for direction in ("prompt", "completion", "remote"):
        telemetry.count("brigade.tokens", getattr(receipt, f"{direction}_tokens"), direction=direction)


def usage_into(receipt: Receipt, usage: Any, *, remote: bool) -> None:
    """Note the tokens that an answer says it took."""
    if isinstance(usage, Mapping):
        receipt.prompt_tokens += int(usage.get("prompt_tokens") or 0)
        receipt.completion_tokens += int(usage.get("completion_tokens") or 0)
        if remote:
            receipt.remote_tokens += int(usage.get("completion_tokens") or 0)


__all__ = ["OWN", "Asked", "Case", "Confirm", "Office", "Prices", "Told", "measure", "usage_into"]
