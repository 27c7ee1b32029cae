"""The routes on which the local model writes: alone, along an outline from the cloud, or token by token with it.

Only the local model is told the profile. For an outline the cloud sees the task alone, with every private piece
replaced by a word as general as "someone".
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any

from brigade.agents.assistant.fusing import fuse
from brigade.agents.assistant.office import OWN, Case, Office, usage_into
from brigade.agents.assistant.shapes import ApiError, Json, completion, last_of_user, text_of, upstream_error
from brigade.agents.models import LanguageModel, Message, ModelError, OpenModel
from brigade.agents.models.adapters import adapter_facts
from brigade.agents.models.protocol import Completion, Role
from brigade.agents.privacy.private_set import PrivateSet
from brigade.agents.privacy.routes import Decision

MAX_TOKENS = 256
"""Of an answer whose length the client leaves open."""
MOST_TOKENS = 768
FACTS, FACT_CHARACTERS, TEXT_CHARACTERS = 30, 1500, 800
"""How much of the profile the local model is told: it reads 2,048 tokens."""
OUTLINE_TOKENS = 200
TASK_TOKENS, SHORTEST_TASK, LONGEST_REQUEST = 48, 4, 3000
"""Tokens and words of what a trained model tells of a task, and the characters of a request that it reads."""
TURNS = 6
"""Messages of the conversation that the local model is told."""


async def write(office: Office, case: Case) -> Json:
    """The answer of the local model, by the route that was decided.

    Raises:
        ApiError: there is none.
    """
    if case.decision.route == "fuse":
        return await _fused(office, case)
    sketching = case.decision.route == "sketch"
    model = await asyncio.to_thread(load_sketcher if sketching else load, office)
    outline = await _outline(office, case, model) if sketching else None
    messages = local_messages(case.asked.body["messages"], office.profile, outline, case.recalled)
    answer = await _generate(model, messages, token_limit(case.asked.body))
    case.receipt.prompt_tokens += answer.prompt_tokens
    case.receipt.completion_tokens += answer.completion_tokens
    return completion(f"{OWN}:{case.decision.route}", answer.text, answer.prompt_tokens, answer.completion_tokens)


def load(office: Office) -> LanguageModel:
    """The local model.

    Raises:
        ApiError: it cannot be had.
    """
    try:
        return office.model()
    except ModelError:
        raise ApiError(503, "the local model cannot be loaded", "local_failed", "server_error") from None


def load_sketcher(office: Office) -> LanguageModel:
    """The local model of the route `sketch`: one that was trained for it, where there is one.

    Raises:
        ApiError: it cannot be had.
    """
    try:
        return office.sketcher()
    except ModelError:
        raise ApiError(503, "the local model cannot be loaded", "local_failed", "server_error") from None


def token_limit(body: Json) -> int:
    """How long the answer may be."""
    wish: Any = body.get("max_completion_tokens") or body.get("max_tokens")
    return min(MOST_TOKENS, wish) if isinstance(wish, int) and wish > 0 else MAX_TOKENS


def local_messages(
    turns: Sequence[Json], profile: PrivateSet, outline: str | None = None, recalled: Sequence[str] = ()
) -> list[Message]:
    """What the local model is told: profile, memory, the end of the conversation, an outline if there is one."""
    instruction = last_of_user(turns)
    facts = "\n".join([*(f"- {each}" for each in recalled), facts_for(instruction, profile)]).strip()
    told = [Message("system", prompt("local").format(facts=facts or "(nothing)"))]
    for turn in list(turns)[-TURNS:]:
        role = turn.get("role")
        text = text_of(turn)
        if role in ("user", "assistant", "system", "developer") and text:
            known: Role = "user" if role == "user" else "assistant" if role == "assistant" else "system"
            told.append(Message(known, text))
    if outline:
        task = prompt("follow").format(task=instruction, outline=outline)
        last = max((at for at, each in enumerate(told) if each.role == "user"), default=0)
        told[last] = Message("user", task)
    return told


def facts_for(instruction: str, profile: PrivateSet) -> str:
    """The part of a profile that fits an instruction best."""
    wanted = set(re.findall(r"\w{3,}", instruction.lower()))
    facts = sorted(profile.facts, key=lambda f: -len(wanted & set(re.findall(r"\w{3,}", f"{f.key} {f.value}".lower()))))
    lines = [f"- {fact.key}: {fact.value}" if fact.key else f"- {fact.value}" for fact in facts[:FACTS]]
    text = "\n".join(lines)[:FACT_CHARACTERS]
    wrote = "\n".join(profile.texts)[:TEXT_CHARACTERS]
    return f"{text}\nWhat the user wrote before:\n{wrote}" if wrote else text


_BLANKS = re.compile(r"\s?\[[^\[\]\n]{1,40}\]")
"""`[Your Name]` in an outline: a small model copies such blanks instead of filling them in."""
_GENERAL = {"PERSON": "someone", "PLACE": "a place", "ORG": "an organisation", "ADDRESS": "a place", "GROUP": "a group"}


def abstract(instruction: str) -> str:
    """A redacted instruction with its placeholders replaced by general words."""
    return re.sub(r"<([A-Z_]+)_\d+>", lambda match: _GENERAL.get(match.group(1), "something"), instruction)


async def _fused(office: Office, case: Case) -> Json:
    model = await asyncio.to_thread(load, office)
    if not isinstance(model, OpenModel):
        raise ApiError(400, "the local model does not tell its probabilities", "route_impossible")
    messages = local_messages(case.asked.body["messages"], office.profile, recalled=case.recalled)
    fused = await fuse(office, case, model, messages, token_limit(case.asked.body))
    case.receipt.completion_tokens += fused.tokens
    case.receipt.remote_tokens += fused.asked
    prompt_tokens = len(model.token_ids("\n".join(each.content for each in messages)))
    return completion(f"{OWN}:fuse", fused.text.strip(), prompt_tokens, fused.tokens)


def sketch_messages(request: str) -> tuple[Message, ...]:
    """How a trained local model is asked for what may be told of a request."""
    return (Message("user", prompt("sketch").format(request=request)),)


async def _task(office: Office, case: Case, model: LanguageModel) -> str:
    """What the cloud is told of the task: by a trained model in its own words, if nothing private is found in them."""
    general = abstract(last_of_user(case.prepared.body["messages"]))
    if not adapter_facts(model.name).get("sketch", {}).get("trained"):
        return general
    request = last_of_user(case.asked.body["messages"])[:LONGEST_REQUEST]
    told = (await _generate(model, list(sketch_messages(request)), TASK_TOKENS)).text.strip()
    private = await asyncio.to_thread(office.finds, told, case.prepared)
    return general if private or len(told.split()) < SHORTEST_TASK else told


async def _outline(office: Office, case: Case, model: LanguageModel) -> str | None:
    """The cloud's outline of the abstracted task; None, and the route is local, if it cannot be had."""
    task = await _task(office, case, model)
    try:
        return await _ask(office, case, prompt("outline").format(task=task))
    except ApiError as error:
        if case.asked.route is not None:
            raise
        case.take(Decision("local", f"no outline could be had ({error.code})"))
        return None


async def _ask(office: Office, case: Case, text: str) -> str:
    if office.upstream is None:
        raise AssertionError("the router takes no remote route without an upstream")
    asked_model = str(case.asked.body.get("model", "")).removeprefix(f"{OWN}:")
    body: Json = {
        "model": office.upstream.spec.model or asked_model or "default",
        "messages": [{"role": "user", "content": text}],
        "max_tokens": OUTLINE_TOKENS,
    }
    exchanged = await office.exchange(case, "/chat/completions", body)
    told, case.receipt.received = exchanged.body, exchanged.text
    usage_into(case.receipt, told.get("usage"), remote=True)
    try:
        outline = told["choices"][0]["message"]["content"]
    except (KeyError, IndexError, TypeError):
        outline = None
    if not isinstance(outline, str):
        raise upstream_error(502, "the upstream's answer has no text", "upstream_invalid")
    return _BLANKS.sub("", outline)


async def _generate(model: LanguageModel, messages: list[Message], limit: int) -> Completion:
    """The local model's answer; the oldest messages go first if it cannot read all of them."""
    while True:
        try:
            return await model.agenerate(messages, max_tokens=limit)
        except ModelError as error:
            if "tokens, more than" not in str(error) or len(messages) <= 2:
                raise ApiError(503, "the local model cannot answer this", "local_failed", "server_error") from None
            messages = [messages[0], *messages[2:]]


@cache
def prompt(name: str) -> str:
    """A prompt from its file."""
    folder = resources.files("brigade.agents.assistant").joinpath("prompts")
    return folder.joinpath(f"{name}.txt").read_text(encoding="utf-8").strip()
