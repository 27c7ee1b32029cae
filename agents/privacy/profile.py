"""Profiles: files in which the user says what is private. JSON, YAML, TOML, or plain text.

name: Marta Kowalczyk          # facts: the key tells the kind
family:
  daughter: Zofia
history: ["Dear team, ..."]    # also texts, memory, documents: longer private texts
allow: [Leeds]                 # terms that may be sent all the same

Plain text holds facts too, one a line, with or without a `key:`; a line of more than 30 words is a longer text.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import yaml
from brigade.agents.privacy.private_set import PrivateSet
from brigade.agents.privacy.values import Fact

MAX_BYTES = 4 * 1024 * 1024
LONG_LINE = 30
"""Words from which on a line is a text and not a fact."""
_TEXTS = frozenset(
    {"history", "texts", "text", "memory", "memories", "documents", "writing_history", "content", "emails"}
)
_ALLOW = frozenset({"allow", "allowed", "public"})


class ProfileError(ValueError):
    """A profile that cannot be used: says which file and why, and nothing of what is in it."""


def read_profile(file: Path) -> PrivateSet:
    """The private set that a file describes.

    Raises:
        ProfileError: it cannot be read.
    """
    facts, texts, allow = read_parts(file)
    return PrivateSet(facts, texts, allow)


def read_parts(file: Path) -> tuple[list[Fact], list[str], list[str]]:
    """Facts, longer texts and allowed terms of a profile.

    Raises:
        ProfileError: it cannot be read, or has nothing in it.
    """
    try:
        raw = file.read_bytes()
        if len(raw) > MAX_BYTES:
            raise ProfileError(f"profile {file}: {len(raw)} bytes are too many ({MAX_BYTES})")
        text = raw.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise ProfileError(f"profile {file}: {reason or 'cannot be read'}") from None
    parts: tuple[list[Fact], list[str], list[str]] = ([], [], [])
    _sort("", _parse(file, text), parts)
    if not any(parts):
        raise ProfileError(f"profile {file}: nothing in it")
    return parts


def _parse(file: Path, text: str) -> object:
    kind = file.suffix.lower()
    try:
        if kind == ".json":
            return json.loads(text)
        if kind in (".yaml", ".yml"):
            return yaml.load(text, yaml.BaseLoader)
        if kind == ".toml":
            return tomllib.loads(text)
        if text.lstrip()[:1] in "{[":
            return json.loads(text)
    except json.JSONDecodeError as error:
        raise ProfileError(f"profile {file}, line {error.lineno}: not JSON") from None
    except (yaml.YAMLError, tomllib.TOMLDecodeError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark is not None else ""
        raise ProfileError(f"profile {file}{where}: not {kind.removeprefix('.').upper()}") from None
    return list(_lines(text))


def _lines(text: str) -> Iterator[dict[str, str]]:
    for line in text.splitlines():
        line = re.sub(r"^\s*(?:[#>*•-]+|\d+[.)])\s*", "", line).strip()
        if not line:
            continue
        match = re.match(r"([A-Za-z][\w '/()-]{0,40})\s*:\s+(\S.*)", line)
        key, value = match.groups() if match else ("", line)
        yield {"text" if len(value.split()) > LONG_LINE else key: value}


def _sort(key: str, node: object, parts: tuple[list[Fact], list[str], list[str]]) -> None:
    """Put every value where it belongs."""
    facts, texts, allow = parts
    if isinstance(node, dict):
        for name, value in node.items():
            short = str(name).strip().lower()
            inherited = key if key in _TEXTS | _ALLOW else ""
            _sort(inherited or short, value, parts)
    elif isinstance(node, list):
        for item in node:
            _sort(key, item, parts)
    elif node is not None and not isinstance(node, bool) and str(node).strip():
        value = str(node).strip()
        if key in _ALLOW:
            allow.append(value)
        elif key in _TEXTS and len(value.split()) > 6:
            texts.append(value)
        elif "\n" in value:
            for each in _lines(value):
                _sort(key, each, parts)
        elif len(value.split()) > LONG_LINE:
            texts.append(value)
        else:
            facts.append(Fact(key, value))
