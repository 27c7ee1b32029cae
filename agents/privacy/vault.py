"""The vault of one conversation: which placeholder stands for which private value.

The same value has the same placeholder for as long as the conversation lasts, and its kind shows (`<PERSON_1>`), so
that a model can still tell people from places. A text that already looks like a placeholder gets one of its own, so
that nobody can have another's value put in its place by writing `<PERSON_1>`. Knows nothing of requests.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from brigade.agents.privacy.spans import KINDS

LITERAL = "LITERAL"
"""The kind of what looks like a placeholder but is the user's own text."""
LABELS = (*KINDS, LITERAL)
_FORM = re.compile(rf"<({'|'.join(LABELS)})_(\d{{1,4}})>")
LOOKS_LIKE_ONE = re.compile(
    rf"<?\b(?:{'|'.join(label.replace('_', '[ _-]?') for label in LABELS)})[ _-]{{0,2}}\d{{1,4}}\b>?", re.IGNORECASE
)


@dataclass(slots=True)
class Vault:
    """Placeholders and what they stand for."""

    _by_value: dict[str, str] = field(default_factory=dict)
    _by_placeholder: dict[str, str] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict)

    def placeholder(self, value: str, kind: str) -> str:
        """The placeholder of a value, made when it is first asked for.

        The letters count exactly, so that what is restored is what was written. Of a value that turns up with several
        kinds, the first kind stays.
        """
        known = self._by_value.get(value)
        if known is not None:
            return known
        self._counts[kind] = self._counts.get(kind, 0) + 1
        made = f"<{kind}_{self._counts[kind]}>"
        self._by_value[value] = made
        self._by_placeholder[made] = value
        return made

    def value(self, kind: str, number: int) -> str | None:
        """What a placeholder stands for."""
        return self._by_placeholder.get(f"<{kind}_{number}>")

    def plain(self, text: str) -> str:
        """A text with this vault's placeholders, in their exact form, replaced by what they stand for."""
        return _FORM.sub(lambda match: self._by_placeholder.get(match.group(), match.group()), text)

    def values(self) -> list[tuple[str, str]]:
        """Every private value with its kind."""
        return [(v, kind_of(p)) for p, v in self._by_placeholder.items() if kind_of(p) != LITERAL]

    def placeholders(self) -> dict[str, str]:
        """What every placeholder stands for."""
        return dict(self._by_placeholder)

    def to_json(self) -> str:
        """Everything, in the order in which it was put in. Private: encrypt it before it is stored."""
        return json.dumps(self._by_placeholder, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Vault:
        """The vault that `to_json` wrote.

        Raises:
            ValueError: it is no vault.
        """
        data = json.loads(text)
        if not isinstance(data, dict):
            raise ValueError("a vault is a JSON object")
        vault = cls()
        for placeholder, value in data.items():
            match = _FORM.fullmatch(placeholder)
            if match is None or not isinstance(value, str):
                raise ValueError("a vault holds placeholders and strings")
            kind, number = match.group(1), int(match.group(2))
            vault._by_placeholder[placeholder] = value
            vault._by_value[value] = placeholder
            vault._counts[kind] = max(vault._counts.get(kind, 0), number)
        return vault


def kind_of(placeholder: str) -> str:
    """The kind that a placeholder shows."""
    return placeholder.strip("<>").rpartition("_")[0]


def placeholders_in(texts: Iterable[str]) -> set[str]:
    """The placeholders, in their exact form, that occur in these texts."""
    return {match.group() for text in texts for match in _FORM.finditer(text)}
