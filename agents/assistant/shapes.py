"""OpenAI's shapes: requests that come in, completions and chunks that go out, errors. Knows nothing of privacy."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MAX_BODY = 8 * 1024 * 1024
"""Bytes of a request."""

Json = dict[str, Any]


@dataclass
class ApiError(Exception):
    """An error as OpenAI tells it; its message never has anything private."""

    status: int
    message: str
    code: str
    kind: str = "invalid_request_error"
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> Json:
        """The answer's body."""
        return {"error": {"message": self.message, "type": self.kind, "param": None, "code": self.code}}


def privacy_error(message: str, code: str = "boundary_refused") -> ApiError:
    """The boundary did not let it pass: trying again does not help."""
    return ApiError(403, message, code, "privacy_error", {"x-should-retry": "false"})


def upstream_error(status: int, message: str, code: str) -> ApiError:
    """The upstream failed."""
    return ApiError(status, message, code, "upstream_error")


def parse_request(raw: bytes) -> Json:
    """A request for a chat completion.

    Raises:
        ApiError: it is none; says why, not what was in it.
    """
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        raise ApiError(400, "the body is not JSON", "invalid_json") from None
    if not isinstance(body, dict):
        raise ApiError(400, "the body is not a JSON object", "invalid_json")
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        raise ApiError(400, "'messages' is not a list with at least one message", "invalid_messages")
    for at, message in enumerate(messages):
        if not isinstance(message, dict) or not isinstance(message.get("role"), str):
            raise ApiError(400, f"messages[{at}] is not an object with a role", "invalid_messages")
    if not isinstance(body.get("model", ""), str):
        raise ApiError(400, "'model' is not a string", "invalid_model")
    if not isinstance(body.get("stream", False), bool | None):
        raise ApiError(400, "'stream' is neither true nor false", "invalid_stream")
    return body


def text_of(message: Mapping[str, Any]) -> str:
    """The text of a message, whose content is a string or a list of parts."""
    content = message.get("content")
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "\n".join(
            part["text"] for part in content if isinstance(part, dict) and isinstance(part.get("text"), str)
        )
    return ""


def last_of_user(messages: Sequence[Mapping[str, Any]]) -> str:
    """The text of the user's last message."""
    return next((text_of(each) for each in reversed(messages) if each.get("role") == "user"), "")


def completion(model: str, text: str, prompt_tokens: int, completion_tokens: int) -> Json:
    """A whole answer of our own."""
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": text, "refusal": None},
        "logprobs": None,
        "finish_reason": "stop",
    }
    return _head("chat.completion", model) | {
        "choices": [choice],
        "usage": {
            "prompt_tokens": prompt_tokens,
            "completion_tokens": completion_tokens,
            "total_tokens": prompt_tokens + completion_tokens,
        },
    }


def chunks(whole: Json, *, usage: bool) -> list[Json]:
    """A whole answer of our own as the chunks of a stream."""
    head = {key: whole[key] for key in ("id", "created", "model")} | {"object": "chat.completion.chunk"}
    text: str = whole["choices"][0]["message"]["content"]
    deltas: list[Json] = [{"role": "assistant", "content": ""}, *({"content": piece} for piece in _words(text)), {}]
    result = [
        head | {"choices": [{"index": 0, "delta": d, "logprobs": None, "finish_reason": None if d else "stop"}]}
        for d in deltas
    ]
    return [*result, head | {"choices": [], "usage": whole["usage"]}] if usage else result


def _words(text: str) -> list[str]:
    pieces = text.split(" ")
    return [piece if at == 0 else f" {piece}" for at, piece in enumerate(pieces)] if text else []


def _head(kind: str, model: str) -> Json:
    return {"id": f"chatcmpl-{uuid.uuid4().hex[:24]}", "object": kind, "created": int(time.time()), "model": model}


def event(data: object) -> bytes:
    """A server-sent event."""
    return b"data: " + json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8") + b"\n\n"


DONE = b"data: [DONE]\n\n"
