"""What of a private fact must not leave: its value, the parts of it that tell, and the other ways to write it.

`Marta Kowalczyk` is private as a whole, and so are `Marta` and `Kowalczyk`; `1984-03-12` also as `12 March 1984`; of
`allergic to penicillin` the word that few texts contain. Which words are ordinary is told by a list of 16,000, the
commonest first (`brigade train words` makes it).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise

from brigade.agents.privacy.normal import Reading
from brigade.agents.privacy.patterns import DATE, PatternDetector, digits
from brigade.agents.privacy.squeezed import Squeezed, squeeze

COMMON = 4000
"""Words of the list that tell nothing by themselves; `diabetes`, the 8,543rd, does."""
SHORT_FACT = 6
"""Words up to which a value is a name or a term; longer ones are sentences."""
FREE_LETTERS, FREE_DIGITS = 8, 6
"""From these lengths on a value counts even in the middle of a word or number."""

DISGUISED_FROM = 5
"""Letters or digits from which on a value is recognised backwards."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that the user says of themselves."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Needle:
    """Letters and digits that must not leave."""

    squeezed: str
    kind: str
    free: bool
    """Whether it counts anywhere; else only from the start of a word to the end of one."""


def word_set(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


@cache
def ordinary() -> dict[str, int]:
    """Ordinary English words and their rank, the commonest first."""
    text = resources.files("brigade.agents.privacy").joinpath("ordinary.txt").read_text(encoding="utf-8")
    return {word: rank for rank, word in enumerate(text.split())}


STOP = word_set(
    """a about above after again all also am an and any are as at be because been before being below between both but
    by can could did do does doing down during each few for from further get go had has have having he her here hers
    him his how i if in into is it its just like make me more most my need no nor not now of off on once only or other
    our out over own please same she should so some such than that the their them then there these they this those
    through to too under until up very want was we were what when where which while who whom why will with would write
    you your s t re ve ll d m us help using use new one two"""
)


def kind_of(key: str, value: str) -> str:
    """The kind of a fact: by its key, else by the form of its value."""
    for kind, pattern in _KEYS:
        if pattern.search(key):
            return kind
    found = PatternDetector().find(value)
    return found[0].kind if found and found[0].end - found[0].start >= 0.8 * len(value.strip()) else "DETAIL"


_KEYS = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("EMAIL", r"e-?mail"),
        ("PHONE", r"phone|mobile|\btel\b|fax|whatsapp"),
        ("DATE_OF_BIRTH", r"birth|\bdob\b"),
        ("IBAN", r"iban"),
        ("CARD", r"card"),
        ("SSN", r"ssn|social.?security"),
        ("SECRET", r"password|token|secret|api.?key|\bpin\b|passphrase"),
        ("ADDRESS", r"address|street|residence"),
        ("PLACE", r"\bcity\b|town|country|location|region|village|birthplace|hometown"),
        ("ORG", r"company|employer|organi[sz]ation|school|university|workplace|\bbank\b|clinic|hospital"),
        ("PERSON", r"(?:^|[^a-z])(?:full|first|last|middle|maiden|sur|family|given|nick)?[_ ]?names?\b|spouse|wife|husband|partner|child|daughter|\bson\b|mother|father|sister|brother|manager|boss|doctor|friend|colleague|therapist|neighbou?r|landlord"),
        ("ID", r"passport|licen[cs]e|\bid\b|plate|\bvin\b|tax|insurance|policy"),
        ("ACCOUNT", r"account|customer|member|patient"),
    )
)  # fmt: skip


def needles_of(fact: Fact) -> Iterator[Needle]:
    """What of a fact must not leave."""
    kind = kind_of(fact.key, fact.value)
    for form in (fact.value, *_other_forms(kind, fact.value)):
        yield from _needle(form, kind)
        yield from _disguised(form, kind)
    yield from _items(fact.value, kind)
    for sum_ in re.findall(r"\d{1,3}(?:[.,'’]\d{3})+", fact.value):
        yield from _needle(sum_, kind)
    for span in PatternDetector().find(fact.value):
        yield from _needle(fact.value[span.start : span.end], span.kind)
    words = re.findall(r"[^\W_]+(?:['’.-][^\W_]+)*", fact.value)
    for word in words:
        if _tells(word, kind, sentence=len(words) > SHORT_FACT):
            yield from _needle(word, kind)
            yield from _disguised(word, kind)


def needles_of_text(text: str) -> Iterator[Needle]:
    """What of a longer private text must not leave besides its wording: what has a telling form, and names."""
    for span in PatternDetector().find(text):
        yield from _needle(text[span.start : span.end], span.kind)
    for match in re.finditer(r"(?<![.!?\n]\s)(?<!^)\b[A-Z][^\W\d_]{2,}(?:\s+[A-Z][^\W\d_]{2,})*", text):
        words = match.group().split()
        if len(words) > 1 and not all(word.lower() in ordinary() for word in words):
            yield from _needle(match.group(), "DETAIL")
        yield from (each for word in words if word.lower() not in ordinary() for each in _needle(word, "DETAIL"))


def _needle(text: str, kind: str) -> Iterator[Needle]:
    squeezed = squeeze(text)
    if len(squeezed) < 2 or (squeezed.isalpha() and squeezed in STOP) or (len(squeezed) == 2 and squeezed.isalpha()):
        return
    long = len(squeezed) >= (FREE_DIGITS if squeezed.isdigit() else FREE_LETTERS)
    yield Needle(squeezed, kind, long or (not squeezed.isascii() and len(squeezed) > 2))


def _disguised(text: str, kind: str) -> Iterator[Needle]:
    """Backwards, and by thirteen letters on."""
    squeezed = squeeze(text)
    if squeezed in ordinary():
        return
    free = len(squeezed) >= FREE_LETTERS
    if len(squeezed) >= DISGUISED_FROM and squeezed[::-1] not in ordinary():
        yield Needle(squeezed[::-1], kind, free)
    turned = codecs.encode(squeezed, "rot13")
    if len(squeezed) >= DISGUISED_FROM and not squeezed.isdigit() and turned not in ordinary():
        yield Needle(turned, kind, free)


def _items(value: str, kind: str) -> Iterator[Needle]:
    """The items of a list, and pairs of neighbouring words of which one is rare."""
    items = [item for item in re.split(r"[,;|\n]|\s+(?:and|or|&)\s+|\s[-–]\s|/", value) if item.strip()]
    if len(items) > 1:
        for item in items:
            if 1 <= len(item.split()) <= SHORT_FACT and (len(squeeze(item)) >= 4 or item.strip().isupper()):
                yield from _needle(item, kind)
    for item in items:
        words = item.split()
        for pair in pairwise(words):
            rare = sum(word.lower().strip(".,'") not in STOP for word in pair) == 2
            if rare and any(_tells(word.strip(".,'"), kind, sentence=True) for word in pair):
                yield from _needle(" ".join(pair), kind)


def _tells(word: str, kind: str, *, sentence: bool) -> bool:
    """Whether a single word of a fact gives it away."""
    low = word.lower()
    if low in STOP or len(low) < 2:
        return False
    if any(each.isdigit() for each in low):
        return len(squeeze(word)) >= 4 or (len(word) >= 3 and not word.isdigit())
    if kind == "PERSON":
        return len(low) >= 3 and low not in _TITLES and (word[0].isupper() or low not in ordinary())
    if len(low) < 4:
        return word.isupper() and len(low) == 3 and low not in ordinary()
    rank = ordinary().get(low)
    return rank is None or (rank > COMMON and not sentence)


_TITLES = word_set("mr mrs ms miss dr prof sir madam jr sr")


def _other_forms(kind: str, value: str) -> Iterator[str]:
    if kind == "EMAIL" or "@" in value:
        yield re.sub(r"@", " at ", re.sub(r"\.", " dot ", value))
        local = value.split("@", maxsplit=1)[0]
        if len(local) >= 4:
            yield local
    number = digits(value)
    if kind in ("PHONE", "SSN") and len(number) >= 9:
        yield from (number[-length:] for length in (10, 9, 7) if length < len(number))
    if kind == "CARD" and len(number) >= 13:
        yield number[-8:]
    match = re.search(DATE, value, re.IGNORECASE)
    if match:
        yield from _dates(match.group())


_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")  # fmt: skip


def _dates(text: str) -> Iterator[str]:
    """Every usual way to write a date; day and month both ways where either could be meant."""
    for year, month, day in _parsed(text):
        name = _MONTHS[month - 1]
        for y in (f"{year:04}", f"{year % 100:02}"):
            for d, m in ((f"{day}", f"{month}"), (f"{day:02}", f"{month:02}")):
                yield from (f"{d}.{m}.{y}", f"{m}/{d}/{y}")
        year_text = f"{year:04}"
        yield from (f"{year_text}{month:02}{day:02}", f"{year_text}{month}{day}")
        ordinal = f"{day}{'th' if 10 <= day % 100 <= 20 else {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th')}"
        for spoken in (name, name[:3]):
            for d in (f"{day}", f"{day:02}", ordinal):
                yield from (f"{d} {spoken} {year_text}", f"{spoken} {d} {year_text}", f"{d} of {spoken} {year_text}")
                yield from (f"{d} {spoken}", f"{spoken} {d}")


def _parsed(text: str) -> set[tuple[int, int, int]]:
    words = Squeezed(Reading(text)).words
    numbers = [int(word) for word in words if word.isdigit()]
    named = next((at for at, month in enumerate(_MONTHS, 1) for word in words if word[:3] == month[:3]), None)
    if named is not None and len(numbers) >= 2:
        candidates = {(numbers[-1], named, numbers[0])}
    elif len(numbers) == 3 and numbers[0] > 31:
        candidates = {(numbers[0], numbers[1], numbers[2])}
    elif len(numbers) == 3:
        year = numbers[2] if numbers[2] > 99 else (1900 if numbers[2] > 30 else 2000) + numbers[2]
        candidates = {(year, numbers[0], numbers[1]), (year, numbers[1], numbers[0])}
    else:
        candidates = set()
    return {(y, m, d) for y, m, d in candidates if 1 <= m <= 12 and 1 <= d <= 31}
