"""Redaction: private pieces of the strings of a request replaced by placeholders.

All strings of a request are looked at together: a name found in one of them is replaced in all. What is found inside a
word takes the whole word, so that no remnant tells. The result is looked at again until nothing more is found.
"""

from __future__ import annotations

import re
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from brigade.agents.privacy.private_set import PrivateSet
from brigade.agents.privacy.spans import HARD, Detector, Span, found_by, merged
from brigade.agents.privacy.unfamiliar import familiar
from brigade.agents.privacy.values import STOP
from brigade.agents.privacy.vault import LITERAL, LOOKS_LIKE_ONE, Vault

ROUNDS = 4
"""Looks at a text; what is still found after the last one is for the boundary to refuse."""
REMEMBERED = 20_000
"""Texts that need not be looked at again."""
_EDGE = " \t\r\n•·–—.,;:!?\"'()[]{}<>*`“”‘’"


@dataclass(slots=True)
class Redactor:
    """Replaces what is private.

    Args:
        private: the private set.
        detectors: what else finds private pieces; those of form first.
    """

    private: PrivateSet
    detectors: Sequence[Detector] = ()
    _seen: OrderedDict[bytes, tuple[Span, ...]] = field(default_factory=OrderedDict, init=False)
    _cleared: OrderedDict[bytes, None] = field(default_factory=OrderedDict, init=False)

    def spans(self, text: str) -> tuple[Span, ...]:
        """What is private in a text by itself; remembered, since a conversation is sent again with every turn.

        Raises:
            DetectorFailed: a detector could not look.
        """
        key = _digest(text)
        known = self._seen.get(key)
        if known is not None:
            self._seen.move_to_end(key)
            return known
        spans = (*self.private.find(text), *found_by(self.detectors, text))
        self._seen[key] = spans
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return spans

    def cleared(self, text: str) -> bool:
        """Whether a text is one that `redact` gave back: its detectors have seen what it was made from."""
        return _digest(text) in self._cleared

    def redact(
        self, texts: Sequence[str], vault: Vault, formal: frozenset[str] = frozenset()
    ) -> tuple[list[str], Counter[str]]:
        """The texts with placeholders for what is private in them, and how many pieces of each kind were replaced.

        In formal texts, names that a program gave, only the private set and patterns are looked for, no guesses.

        Raises:
            DetectorFailed: a detector could not look.
        """
        first = [[*(self._sure(text) if text in formal else self.spans(text)), *_literals(text)] for text in texts]
        for text, spans in zip(texts, first, strict=True):
            for span in _whole(text, spans):
                vault.placeholder(text[span.start : span.end], span.kind)
        known = self.private.with_values(propagated(vault))
        counts: Counter[str] = Counter()
        result = []
        for text, spans in zip(texts, first, strict=True):
            redacted = _replace(text, [*spans, *known.find(text)], vault, counts, again=False)
            for _ in range(ROUNDS - 1):
                rest = self._left(redacted, known)
                if not rest:
                    break
                redacted = _replace(redacted, rest, vault, counts, again=True)
            result.append(redacted)
            self.vouch(redacted)
        return result, counts

    def _sure(self, text: str) -> list[Span]:
        return self._left(text, self.private)

    def _left(self, text: str, known: PrivateSet) -> list[Span]:
        """What the boundary would find in a redacted text."""
        found = known.find(text)
        for detector in self.detectors:
            if detector.name == "patterns":
                found += [span for span in detector.find(text) if span.kind in HARD]
        return found

    def vouch(self, text: str) -> None:
        """Note that a text was made of one that the detectors have seen."""
        self._cleared[_digest(text)] = None
        if len(self._cleared) > REMEMBERED:
            self._cleared.popitem(last=False)


def propagated(vault: Vault) -> list[tuple[str, str]]:
    """The values of a vault and the parts of names, which are looked for in every string."""
    result = []
    for value, kind in vault.values():
        words = re.findall(r"[^\W\d_]+", value.lower())
        guess = kind in ("ORG", "PLACE", "GROUP", "PERSON", "DETAIL", "URL")
        if not (guess and len(words) < 2 and all(word in STOP or familiar(word) for word in words)):
            result.append((value, kind))
        if kind == "PERSON":
            parts = re.findall(r"[^\W\d_]{3,}", value)
            result += [(part, kind) for part in parts if len(parts) > 1 and not familiar(part.lower())]
    return result


def _digest(text: str) -> bytes:
    return sha256(text.encode("utf-8", "surrogatepass")).digest()


def _literals(text: str) -> Iterator[Span]:
    for match in LOOKS_LIKE_ONE.finditer(text):
        if match.group().startswith("<") or "_" in match.group():
            yield Span(match.start(), match.end(), LITERAL, "private")


def _whole(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans, not overlapping, each grown to whole words and without the signs at its edges."""
    grown = []
    for span in merged(_trimmed(text, span) for span in spans):
        start, end = span.start, span.end
        while start > 0 and text[start].isalnum() and text[start - 1].isalnum():
            start -= 1
        while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
            end += 1
        grown.append(Span(start, end, span.kind, span.source))
    return merged(grown)


def _trimmed(text: str, span: Span) -> Span:
    """The span without signs at its edges; patterns know their own."""
    start, end = span.start, span.end
    if span.source == "pattern" or span.kind == LITERAL:
        return span
    while start < end and text[start] in _EDGE:
        start += 1
    while end > start and text[end - 1] in _EDGE:
        end -= 1
    return Span(start, end, span.kind, span.source)


def _replace(text: str, spans: Sequence[Span], vault: Vault, counts: Counter[str], *, again: bool) -> str:
    """The text with placeholders; `again` says that it has some already, which no value may hold."""
    pieces: list[str] = []
    done = 0
    for span in _whole(text, spans):
        value = text[span.start : span.end]
        value = vault.plain(value) if again else value
        pieces += text[done : span.start], vault.placeholder(value, span.kind)
        if span.kind != LITERAL:
            counts[span.kind] += 1
        done = span.end
    return "".join(pieces) + text[done:]


Rewrite = Callable[[str], str]


def rewritten(node: object, strings: Mapping[str, str], keep: frozenset[str], key: str = "") -> object:
    """A JSON document with its strings, and the keys of its objects, replaced; under the keys of `keep` none are."""
    if isinstance(node, dict):
        return {
            strings.get(name, name): value if name in keep else rewritten(value, strings, keep, name)
            for name, value in node.items()
        }
    if isinstance(node, list):
        return [rewritten(item, strings, keep, key) for item in node]
    return strings.get(node, node) if isinstance(node, str) else node


def strings_of(node: object, keep: frozenset[str]) -> Iterator[str]:
    """Every string of a JSON document, and every key, except under the keys of `keep`."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield name
            if name not in keep:
                yield from strings_of(value, keep)
    elif isinstance(node, list):
        for item in node:
            yield from strings_of(item, keep)
    elif isinstance(node, str):
        yield node
