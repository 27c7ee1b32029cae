"""A request as it may leave: every string of it redacted, and what is needed to undo that in the answer."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from brigade.agents.assistant.shapes import Json, last_of_user
from brigade.agents.privacy.redact import Redactor, propagated, rewritten, strings_of
from brigade.agents.privacy.vault import Vault, placeholders_in

KEEP = frozenset({"role", "type", "model", "tool_call_id", "id", "object", "finish_reason", "encoding_format"})
"""Keys whose strings have a meaning for the protocol: left as they are, and looked at by the boundary."""
OWN = "brigade"
"""The key of a request that is for the gateway itself."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What may leave, and the way back."""

    body: Json
    values: Mapping[str, str]
    """What each placeholder in the body stands for; a reply can call up no others."""
    withheld: tuple[tuple[str, str], ...]
    """Every value of this conversation that tells something by itself, with its kind, for the boundary."""
    names: Mapping[str, str]
    """What the changed names of tools stand for."""
    counts: Counter[str]
    words: int
    private_words: int


def prepare(body: Json, redactor: Redactor, vault: Vault) -> Prepared:
    """Redact a request.

    Raises:
        DetectorFailed: a detector could not look.
    """
    outgoing = {key: value for key, value in body.items() if key != OWN}
    free = set(_free(outgoing))
    strings = list(dict.fromkeys(strings_of(outgoing, KEEP)))
    redacted, counts = redactor.redact(strings, vault, formal=frozenset(strings) - free)
    changed = {before: after for before, after in zip(strings, redacted, strict=True) if before != after}
    names: dict[str, str] = {}
    result = _named(rewritten(outgoing, changed, KEEP), changed, names)
    for name in names:
        redactor.vouch(name)
    known = vault.placeholders()
    values = {each: known[each] for each in placeholders_in([*redacted, *_angled(names)]) if each in known}
    instruction = last_of_user(body["messages"])
    left = changed.get(instruction, instruction)
    words = len(instruction.split())
    return Prepared(result, values, tuple(propagated(vault)), names, counts, words, max(0, words - _plain_words(left)))


_FORMAL = frozenset({"name", "parameters", "schema", "response_format", "tool_choice", "stop", "stream_options"})
"""Keys under which strings are names of the program's own: guesses of detectors would only break them."""


def _free(node: object, *, formal: bool = False) -> Iterator[str]:
    """The strings that are somebody's text: not keys, and under formal keys only descriptions."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key not in KEEP or not isinstance(value, str):
                yield from _free(value, formal=key not in ("description", "title") and (formal or key in _FORMAL))
    elif isinstance(node, list):
        for item in node:
            yield from _free(item, formal=formal)
    elif isinstance(node, str) and not formal:
        yield node


def _plain_words(text: str) -> int:
    return sum(not placeholders_in([word]) for word in text.split())


def _angled(names: Mapping[str, str]) -> list[str]:
    return [json.dumps(name) for name in names]


def _named(node: Any, changed: Mapping[str, str], names: dict[str, str]) -> Any:
    """Names of tools and participants may have letters, digits, `_` and `-` only."""
    before = {after: text for text, after in changed.items()}
    if isinstance(node, dict):
        result = {}
        for key, value in node.items():
            if key == "name" and isinstance(value, str) and value in before:
                plain = value.replace("<", "").replace(">", "")
                names[plain] = before[value]
                result[key] = plain
            else:
                result[key] = _named(value, changed, names)
        return result
    return [_named(item, changed, names) for item in node] if isinstance(node, list) else node
