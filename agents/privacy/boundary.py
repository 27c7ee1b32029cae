"""The boundary: the gate through which every request to a remote model passes.

It looks at everything that would leave (address, headers, every key, string and long number of the body, and the
strings put together, since a value may be spread over fields) for what the private set holds and for what is private by
its form, and refuses. It fails closed: a detector that crashes, a body that cannot be read, content that cannot be
looked into, all mean that nothing is sent. Its messages say what kind of thing was found where, never the thing.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote

from brigade.agents.models.egress import EgressRefused, Outgoing
from brigade.agents.privacy.patterns import PatternDetector
from brigade.agents.privacy.private_set import PrivateSet
from brigade.agents.privacy.spans import HARD, Detector, Span
from brigade.agents.privacy.values import word_set

Recorder = Callable[[Outgoing], None]
"""Told of everything that leaves, before it does."""

LONG_NUMBER = 5
"""Digits from which on a JSON number may be private."""
_OPAQUE = frozenset({"image_url", "input_audio", "file", "input_image", "input_file"})
"""Kinds of content that cannot be looked into."""
_NAMES = frozenset({"model", "role", "type", "id", "tool_call_id", "path", "query", "header", "header-name"})
"""Keys whose strings are names of the protocol's own, in which detectors of names of people see ghosts."""
_WORDS_OF_THE_PROTOCOL = word_set(
    """system user assistant tool developer function text content role type messages model stream tools name parameters
    object string number integer boolean array null properties required description arguments tool_calls tool_call_id id
    json_object json_schema schema strict auto none stop length max_tokens max_completion_tokens temperature top_p seed
    n response_format tool_choice parallel_tool_calls stream_options include_usage frequency_penalty presence_penalty
    logit_bias logprobs top_logprobs user metadata store additionalProperties enum items index application/json prompt
    continue_final_message add_generation_prompt chat_template_kwargs"""
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something private in a request."""

    where: str
    """Such as `body.messages[2].content`; keys that are not the protocol's own are written `*`."""
    kind: str
    source: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A string that would leave, and where it stands."""

    where: str
    key: str
    """The last key on the way to it."""
    text: str
    role: str = ""
    """Of the message that it is in."""


@dataclass(frozen=True, slots=True)
class Boundary:
    """A gate that knows the private set.

    Args:
        private: what must not leave.
        detectors: what is private by its form or by what it names; every kind of thing that they find is refused.
        entities: detectors of names and places, for text that `cleared` does not vouch for.
        cleared: whether the entity detectors have seen this very text already.
        record: told of what leaves, before it does; if it raises, nothing is sent.
    """

    private: PrivateSet = field(default_factory=PrivateSet)
    detectors: Sequence[Detector] = (PatternDetector(),)
    entities: Sequence[Detector] = ()
    cleared: Callable[[str], bool] | None = None
    record: Recorder | None = None

    def check(self, outgoing: Outgoing) -> None:
        """See Gate.check."""
        try:
            finding = next(iter(self.findings(outgoing)), None)
        except EgressRefused:
            raise
        except Exception as error:  # noqa: BLE001  whatever fails in here, nothing may leave, and no text may be told
            raise EgressRefused(
                f"a request to {outgoing.host} was not sent: the privacy check failed ({type(error).__name__})"
            ) from None
        if finding is not None:
            raise EgressRefused(
                f"a request to {outgoing.host} was not sent: {finding.where} has something private "
                f"({finding.kind}, found by {finding.source})"
            )
        if self.record is not None:
            self.record(outgoing)

    def findings(self, outgoing: Outgoing) -> Iterator[Finding]:
        """Everything private in a request, lazily.

        Raises:
            EgressRefused: the body cannot be looked into.
        """
        private = self.private.with_values(outgoing.withheld) if outgoing.withheld else self.private
        pieces = list(pieces_of(outgoing))
        for piece in pieces:
            for span in self._spans(piece.text, private, named=piece.key in _NAMES):
                yield Finding(piece.where, span.kind, span.source)
        yield from _spread(pieces, private, outgoing.host)

    def finds(self, text: str) -> list[Span]:
        """What is private in one text."""
        return self._spans(text, self.private)

    def _spans(self, text: str, private: PrivateSet, *, named: bool = False) -> list[Span]:
        if text in _WORDS_OF_THE_PROTOCOL or len(text) < 2:
            return []
        found = private.find(text)
        for detector in self.detectors:
            found += [span for span in detector.find(text) if span.kind in HARD]
        if self.entities and not named and not (self.cleared and self.cleared(text)):
            found += [span for detector in self.entities for span in detector.find(text)]
        return found


def _spread(pieces: Sequence[Piece], private: PrivateSet, host: str) -> Iterator[Finding]:
    """Values of which no single string has the whole: put together in the ways in which somebody may read them."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for piece in pieces:
        groups["all", ""].append(piece.text)
        if piece.text not in _WORDS_OF_THE_PROTOCOL:
            groups["told", ""].append(piece.text)
        groups["key", piece.key].append(piece.text)
        if piece.key != "keys":
            groups["container", piece.where.rpartition(".")[0]].append(piece.text)
            if piece.role:
                groups["role", piece.role].append(piece.text)
    for texts in {tuple(texts) for texts in groups.values() if len(texts) > 1}:
        if private.in_pieces(texts):
            yield Finding(f"several fields for {host}, put together,", "DETAIL", "private")
            return


def pieces_of(outgoing: Outgoing) -> Iterator[Piece]:
    """Every string that would leave.

    Raises:
        EgressRefused: part of the request cannot be looked into.
    """
    path, _, query = outgoing.target.partition("?")
    yield Piece("path", "path", unquote(path))
    for name, value in parse_qsl(query, keep_blank_values=True):
        yield Piece("query", "query", name)
        yield Piece("query", "query", value)
    for name, value in outgoing.headers:
        yield Piece(f"headers.{_shown(name)}", "header-name", name)
        yield Piece(f"headers.{_shown(name)}", "header", value)
    if outgoing.body:
        yield from _body(outgoing)


def _body(outgoing: Outgoing) -> Iterator[Piece]:
    try:
        text = outgoing.body.decode("utf-8")
    except UnicodeDecodeError:
        raise EgressRefused(f"a request to {outgoing.host} was not sent: its body is not text") from None
    try:
        document = json.loads(text, object_pairs_hook=_Pairs, parse_float=str, parse_constant=str)
    except ValueError:
        yield Piece("body", "body", text)
        return
    except RecursionError:
        raise EgressRefused(f"a request to {outgoing.host} was not sent: its body is nested too deeply") from None
    try:
        yield from _leaves(document, "body", "body")
    except RecursionError:
        raise EgressRefused(f"a request to {outgoing.host} was not sent: its body is nested too deeply") from None


class _Pairs(list[tuple[str, object]]):
    """A JSON object with all its keys, also those that occur twice."""


def _leaves(node: object, where: str, key: str, role: str = "") -> Iterator[Piece]:
    if isinstance(node, _Pairs):
        role = next((value for name, value in node if name == "role" and isinstance(value, str)), role)
        for name, value in node:
            if name == "type" and isinstance(value, str) and value in _OPAQUE:
                raise EgressRefused(f"a request was not sent: {where} is {value}, which cannot be checked")
            place = f"{where}.{_shown(name)}"
            if name not in _WORDS_OF_THE_PROTOCOL:
                yield Piece(place, "keys", name)
            yield from _leaves(value, place, name, "" if name == "role" else role)
    elif isinstance(node, list):
        for at, item in enumerate(node):
            yield from _leaves(item, f"{where}[{at}]", key, role)
    elif isinstance(node, str):
        yield from _text(node, where, key, role)
    elif isinstance(node, int) and not isinstance(node, bool) and abs(node) >= 10 ** (LONG_NUMBER - 1):
        yield Piece(where, key, str(node), role)


def _text(text: str, where: str, key: str, role: str) -> Iterator[Piece]:
    """A string; and if it is JSON itself, such as a tool call's arguments, also what is in it, which may be spread."""
    if re.match(r"\s*data:[\w/+.-]*;base64,", text):
        raise EgressRefused(f"a request was not sent: {where} holds data that cannot be checked")
    yield Piece(where, key, text, role)
    if text.lstrip()[:1] in ("{", "["):
        try:
            inner = json.loads(text, object_pairs_hook=_Pairs)
        except ValueError:
            return
        yield from _leaves(inner, where, key, role)


def _shown(name: str) -> str:
    known = name in _WORDS_OF_THE_PROTOCOL or name in _HEADERS
    return name if known else "*"


_HEADERS = frozenset({"user-agent", "authorization", "accept", "content-type", "openai-organization", "cookie"})


def refusal(findings: Iterable[Finding]) -> str:
    """Findings in words: kinds and places."""
    return ", ".join(sorted({f"{finding.kind} in {finding.where}" for finding in findings}))
