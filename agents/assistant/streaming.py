"""Streams of chat chunks: events out of bytes cut anywhere, and values back in the place of placeholders.

What comes from upstream is read event by event, restored field by field (each choice and each tool call is a text of
its own), and given on in the same shape. Text is held back only while it may be the beginning of a placeholder.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from brigade.agents.assistant.shapes import Json
from brigade.agents.privacy.restore import Escape, Restorer, in_json_string
from brigade.agents.privacy.scrub import ScrubbedRestorer, Scrubber

MAX_EVENT = 4 * 1024 * 1024
"""Bytes of one event."""


class StreamBroken(ValueError):
    """A stream that does not keep the form."""


class Events:
    """Data of server-sent events out of bytes, however these are cut."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, piece: bytes) -> Iterator[str]:
        """The data of every event that is complete.

        Raises:
            StreamBroken: an event is too long or no text.
        """
        self._rest += piece
        if len(self._rest) > MAX_EVENT:
            raise StreamBroken("an event is too long")
        *lines, self._rest = self._rest.replace(b"\r\n", b"\n").split(b"\n")
        for line in lines:
            if line.startswith(b"data:"):
                try:
                    yield line[5:].strip().decode("utf-8")
                except UnicodeDecodeError:
                    raise StreamBroken("an event is not text") from None

    def flush(self) -> Iterator[str]:
        """The last event, if its end was left out."""
        yield from self.feed(b"\n")


@dataclass(slots=True)
class ChunkRestorer:
    """Restores the chunks of one stream.

    Args:
        values: what each placeholder that was sent stands for.
        names: what each changed name of a tool stands for.
        json_answer: whether the answer itself is JSON.
        supplied: what the user sent, if private-looking values that are not in it are to be taken out.
    """

    values: Mapping[str, str]
    names: Mapping[str, str] = field(default_factory=dict)
    json_answer: bool = False
    supplied: str | None = None
    _texts: dict[tuple[int, str, int], Restorer | ScrubbedRestorer] = field(default_factory=dict, init=False)

    def feed(self, chunk: Json) -> Iterator[Json]:
        """The chunks to give out for one that came."""
        choices = chunk.get("choices")
        if not isinstance(choices, list) or not choices:
            yield chunk
            return
        kept: list[Json] = []
        for choice in choices:
            index = choice.get("index", 0)
            delta = choice.get("delta")
            if not isinstance(delta, dict):
                kept.append(choice)
                continue
            said = bool(delta)
            restored = self._delta(index, delta)
            if choice.get("finish_reason"):
                for held in self._rest(index):
                    kept_first = {key: value for key, value in choice.items() if key not in ("finish_reason", "usage")}
                    yield chunk | {"choices": [kept_first | {"delta": held, "finish_reason": None}]}
            if restored or not said or choice.get("finish_reason"):
                kept.append(choice | {"delta": restored})
        if kept or chunk.get("usage"):
            yield chunk | {"choices": kept}

    def flush(self, last: Json | None) -> Iterator[Json]:
        """What was held back, if the stream ended without saying so."""
        for index in sorted({index for index, _, _ in self._texts}):
            for held in self._rest(index):
                head = {key: value for key, value in (last or {}).items() if key not in ("choices", "usage")}
                yield head | {"choices": [{"index": index, "delta": held, "finish_reason": None}]}

    def _delta(self, index: int, delta: Json) -> Json:
        result: Json = {}
        for key, value in delta.items():
            if isinstance(value, str) and key != "role":
                text = self._text(index, key, 0).feed(value)
                if text or not value:
                    result[key] = text
            elif key == "tool_calls" and isinstance(value, list):
                calls = [self._call(index, at, call) for at, call in enumerate(value)]
                result[key] = [call for call in calls if call]
                if not result[key]:
                    del result[key]
            else:
                result[key] = value
        return result

    def _call(self, index: int, at: int, call: Any) -> Json:
        if not isinstance(call, dict) or not isinstance(call.get("function"), dict):
            return call if isinstance(call, dict) else {}
        function = dict(call["function"])
        if isinstance(function.get("name"), str):
            function["name"] = self.names.get(function["name"], function["name"])
        if isinstance(function.get("arguments"), str):
            came = function["arguments"]
            function["arguments"] = self._text(index, "arguments", call.get("index", at), in_json_string).feed(came)
            if came and not function["arguments"] and not (function.get("name") or call.get("id")):
                return {}
        return call | {"function": function}

    @property
    def idle(self) -> bool:
        """Whether it changes nothing."""
        return not self.values and not self.names and self.supplied is None

    def text(self, key: str, escape: Escape | None = None) -> Restorer | ScrubbedRestorer:
        """What restores one field."""
        json_text = self.json_answer and key == "content"
        restorer = Restorer(self.values, escape or (in_json_string if json_text else str))
        return restorer if self.supplied is None else ScrubbedRestorer(restorer, Scrubber(self.supplied))

    def _text(self, index: int, key: str, call: int, escape: Escape | None = None) -> Restorer | ScrubbedRestorer:
        place = (index, key, call)
        if place not in self._texts:
            self._texts[place] = self.text(key, escape)
        return self._texts[place]

    def _rest(self, index: int) -> Iterator[Json]:
        for (choice, key, call), text in self._texts.items():
            held = text.flush() if choice == index else ""
            if held and key == "arguments":
                yield {"tool_calls": [{"index": call, "function": {"arguments": held}}]}
            elif held:
                yield {key: held}


def restored_answer(answer: Json, restorer: ChunkRestorer) -> Json:
    """A whole answer with its values back."""
    choices = answer.get("choices")
    if not isinstance(choices, list):
        return answer
    result = []
    for choice in choices:
        message = choice.get("message") if isinstance(choice, dict) else None
        result.append(choice | {"message": _message(message, restorer)} if isinstance(message, dict) else choice)
    return answer | {"choices": result}


def _message(message: Json, restorer: ChunkRestorer) -> Json:
    result = dict(message)
    for key, value in message.items():
        if isinstance(value, str) and key != "role":
            text = restorer.text(key)
            result[key] = text.feed(value) + text.flush()
    calls = message.get("tool_calls")
    if isinstance(calls, list):
        result["tool_calls"] = [_whole_call(call, restorer) for call in calls]
    return result


def _whole_call(call: Any, restorer: ChunkRestorer) -> Any:
    function = call.get("function") if isinstance(call, dict) else None
    if not isinstance(function, dict):
        return call
    changed = dict(function)
    if isinstance(function.get("name"), str):
        changed["name"] = restorer.names.get(function["name"], function["name"])
    if isinstance(function.get("arguments"), str):
        text = restorer.text("arguments", in_json_string)
        changed["arguments"] = text.feed(function["arguments"]) + text.flush()
    return call | {"function": changed}


def parse_chunk(data: str) -> Json:
    """The chunk in an event.

    Raises:
        StreamBroken: it is none.
    """
    try:
        chunk = json.loads(data)
    except (ValueError, RecursionError):
        raise StreamBroken("an event is not JSON") from None
    if not isinstance(chunk, dict):
        raise StreamBroken("an event is not a JSON object")
    return chunk
