"""Public names: what everybody knows, where it is only asked about and nothing ties it to who asks.

Detectors guess by the form of a word, so the capital of Portugal, Einstein and the French Revolution get placeholders,
and the answer is worth nothing. A guess is dropped here if it is made of names of a fixed list and ordinary words, in a
sentence that asks about the world, has nothing else private in it, and none of whose words ties it to a person. What
the private set holds and what patterns find is no guess, and stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources

from brigade.agents.privacy.patterns import PatternDetector
from brigade.agents.privacy.spans import HARD, Detector, Span, found_by, merged
from brigade.agents.privacy.unfamiliar import familiar, names
from brigade.agents.privacy.values import STOP

LONGEST = 5
"""Words of the longest public name."""
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?!\s|$)[^.!?\n]*)*[.!?]*", re.DOTALL)
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*\.?")
_COURTESY = re.compile(
    r"\b(?:please|hi|hello|hey|(?:can|could|would|will) you(?: please)?|tell me|show me|give me|teach me|remind me|help me (?:to )?understand|"
    r"explain to me|i(?: would|'d) (?:like|love) to (?:know|learn|understand)|i want to (?:know|learn|understand)|i wonder|i am wondering|"
    r"i'm wondering|do you know|let me know)\b",
    re.IGNORECASE,
)
"""Says that somebody asks, and nothing of who it is."""
_ASKS = re.compile(
    r"^\W*(?:(?:and|but|so|also|then|now|in \d{4}|in general|briefly|quick question)[,:]?\s+)?(?:what|who|whom|whose|which|when|where|why|how|"
    r"is|are|was|were|do|does|did|has|have|had|can|could|would|will|should|name|list|explain|describe|define|compare|contrast|summari[sz]e|"
    r"discuss|outline|translate|convert|calculate|analy[sz]e|about|more about|whether|if|in which|in what|on what|at what|from which|of what|"
    r"(?:write|give|make|create|compose) (?:an?|the|some|me an?)? ?(?:\w+ ){0,2}(?:essay|poem|haiku|limerick|summary|overview|timeline|quiz|list|"
    r"comparison|biography|explanation|description|paragraph|facts?)\b)",
    re.IGNORECASE,
)
_TIES = re.compile(
    r"\b(?:i|i'm|i've|i'd|i'll|me|my|mine|myself|we|we're|we've|us|our|ours|ourselves|"
    r"(?:his|her|their|your) (?:wife|husband|son|daughter|mother|father|boss|friend|client|employer|patient|family|address|name)|"
    r"live[sd]?|living|moved?|moving|born|relocat\w+|reside\w*|stay(?:s|ed|ing)|travel(?:s|led|ling)|trip|flights?|hotels?|book(?:ing|ed)|visa|"
    r"rent\w*|near(?:by|est)?|weather|tonight|tomorrow|weekend|appl(?:y|ied|ication|icant)\w*|cover letter|resume|cv|curriculum|job|interview|salary|"
    r"invoice|contract|client|customers?|colleague|compan(?:y|ies)|employ\w+|patients?|diagnos\w+|lawyer|attorney|court case|email|e-mail|letter|"
    r"dear|sincerely|regards|candidate|tenant|landlord|neighbou?r|bank account|address|student at|works? (?:at|for|in)|based in|"
    r"our|this person|named|called|husband|wife|brother|sister|daughter)\b",
    re.IGNORECASE,
)
"""Words with which a name may say something of a person who is nobody public."""


@cache
def public_names() -> frozenset[tuple[str, ...]]:
    """Every public name, as its words."""
    text = resources.files("brigade.agents.privacy").joinpath("public.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return frozenset(tuple(_plain(name.strip().split())) for line in lines for name in line.split(","))


class InContext:
    """Detectors that guess, less the guesses that are public names in a question about the world.

    Args:
        detectors: they look at a text at the same time, if it is a longer one.
    """

    name = "guesses"

    def __init__(self, detectors: Sequence[Detector]) -> None:
        self.detectors = tuple(detectors)
        self._patterns = PatternDetector()

    def find(self, text: str) -> list[Span]:
        """See Detector.find."""
        found = found_by(self.detectors, text)
        return kept(text, found, self._patterns.find(text)) if found else found


def kept(text: str, guesses: Sequence[Span], certain: Sequence[Span] = ()) -> list[Span]:
    """The guesses that do not tell public names alone.

    Args:
        text: what was looked at.
        guesses: what detectors guess to be private in it.
        certain: what is private for sure.
    """
    whole = merged(guesses)
    open_places = [
        (start, end)
        for start, end in _questions(text)
        if all(_public(text[max(start, s.start) : min(end, s.end)]) for s in whole if s.start < end and start < s.end)
        and not any(span.kind in HARD and span.start < end and start < span.end for span in certain)
    ]
    return [span for span in guesses if not any(start <= span.start and span.end <= end for start, end in open_places)]


def _questions(text: str) -> Iterator[tuple[int, int]]:
    """The sentences that ask about the world, and that nothing ties to a person."""
    for match in _SENTENCE.finditer(text):
        asked = _COURTESY.sub(" ", match.group())
        courteous = asked != match.group()
        if not _TIES.search(asked) and (_ASKS.match(asked) or courteous):
            yield match.span()


def _public(piece: str) -> bool:
    """Whether a guess is made of public names and ordinary words, with at least one of the former."""
    words = _plain(_WORD.findall(piece))
    at, found = 0, False
    while at < len(words):
        size = next((n for n in range(LONGEST, 0, -1) if tuple(words[at : at + n]) in public_names()), 0)
        found |= size > 0
        if not size and not _ordinary(words[at]):
            return False
        at += max(1, size)
    return found


def _ordinary(word: str) -> bool:
    low = word.lower().rstrip(".")
    return (
        low in STOP
        or (familiar(low) and low not in names() and not any(each.isdigit() for each in low))
        or low.isdigit()
    )


def _plain(words: Sequence[str]) -> list[str]:
    """Words without the genitive and a full stop at the end."""
    plain = [re.sub(r"['’]s$", "", word) for word in words]
    return [
        word if re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]?\.?|Jr\.|St\.", word) else word.rstrip(".") for word in plain
    ]
