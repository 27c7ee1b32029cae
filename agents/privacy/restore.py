"""Putting values back where a model wrote their placeholders, in whole texts and in streams cut anywhere.

Models mangle placeholders: they lose brackets, change case, escape the underscore or the brackets (Markdown, HTML,
JSON). Such forms are restored too where they cannot be ordinary text: `person 1` stays, `<person 1>` and `PERSON_1` do
not.
Only placeholders of the given vault are replaced, and what was put back is not looked at again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import regex
from brigade.agents.privacy.vault import LABELS

Escape = Callable[[str], str]
MAX_HELD = 64
"""Characters that a stream may hold back: more than the longest form of a placeholder has."""
_BEHIND = 8
"""Characters of what was given out that decide whether a word begins."""

_GAP = r"(?:\\{0,2}[ _-]){0,2}"
_LABEL = "|".join(label.replace("_", _GAP) for label in sorted(LABELS, key=len, reverse=True))
_UPPER = "|".join(label.replace("_", r"(?:\\{0,2}[ _-])") for label in sorted(LABELS, key=len, reverse=True))
_OPEN = r"(?:<|&lt;|\\{1,2}u003[cC]|\\<|‹|⟨|＜)"
_CLOSE = r"(?:>|&gt;|\\{1,2}u003[eE]|\\>|›|⟩|＞)"
FORM = regex.compile(
    rf"{_OPEN} ?(?i:(?P<kind>{_LABEL})){_GAP}(?P<number>\d{{1,4}}) ?{_CLOSE}"
    rf"|{_OPEN}(?i:(?P<kind>{_LABEL}))\\{{0,2}}_(?P<number>\d{{1,4}})(?![\w>&\\])"
    rf"|(?<![\w<])(?i:(?P<kind>{_LABEL}))\\{{0,2}}_(?P<number>\d{{1,4}})(?:{_CLOSE}|(?!\w))"
    rf"|(?<![\w<])(?P<kind>{_UPPER})[ -](?P<number>\d{{1,4}})(?:{_CLOSE}|(?!\w))"
)
_START = regex.compile(r"[<&\\‹⟨＜]|(?<![\w<])[A-Za-z]")


class Restorer:
    """Restores one text that comes in pieces.

    Args:
        values: what each placeholder stands for.
        escape: how a value is written where it goes, such as inside a JSON string.
    """

    def __init__(self, values: Mapping[str, str], escape: Escape = str) -> None:
        self._values = values
        self._escape = escape
        self._behind = ""
        self._held = ""

    def feed(self, piece: str) -> str:
        """What can be given out once this piece has come."""
        return self._go(self._held + piece, final=False)

    def flush(self) -> str:
        """What was held back, when nothing more comes."""
        return self._go(self._held, final=True)

    def _go(self, text: str, *, final: bool) -> str:
        if not self._values:
            return text
        whole = self._behind + text
        at = done = len(self._behind)
        out: list[str] = []
        while (start := _START.search(whole, at)) is not None:
            at = start.start()
            match = FORM.match(whole, at, partial=not final)
            if match is None:
                at += 1
            elif not final and (match.partial or match.end() == len(whole)) and len(whole) - at < MAX_HELD:
                break
            elif match.partial or (value := self._value(match)) is None:
                at += 1
            else:
                out += whole[done:at], self._escape(value)
                at = done = match.end()
        else:
            at = len(whole)
        out.append(whole[done:at])
        self._behind, self._held = whole[:at][-_BEHIND:], whole[at:]
        return "".join(out)

    def _value(self, match: regex.Match[str]) -> str | None:
        kind = regex.sub(r"[\\ _-]+", "_", match.group("kind")).upper()
        number = int(match.group("number"))
        return self._values.get(f"<{_canonical(kind)}_{number}>")


_BY_LETTERS = {label.replace("_", ""): label for label in LABELS}


def _canonical(kind: str) -> str:
    return _BY_LETTERS.get(kind.replace("_", ""), kind)


def restore(text: str, values: Mapping[str, str], escape: Escape = str) -> str:
    """A text with every placeholder replaced by what it stands for."""
    restorer = Restorer(values, escape)
    return restorer.feed(text) + restorer.flush()


def in_json_string(value: str) -> str:
    """A value as it is written inside a JSON string."""
    return json.dumps(value, ensure_ascii=False)[1:-1]
