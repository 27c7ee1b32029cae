"""Recognisers for what shows by its form: addresses, numbers with checksums, keys and tokens.

They read the text with invisible characters removed and look-alikes unified, and again with its encodings undone. Know
nothing of any person.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from brigade.agents.privacy.normal import Reading, readings
from brigade.agents.privacy.spans import Span


@dataclass(frozen=True, slots=True)
class Recogniser:
    """A form, and what must hold besides; the group `v` of the form is the value, where there is one."""

    kind: str
    form: re.Pattern[str]
    holds: Callable[[str], bool] | None = None
    hint: re.Pattern[str] | None = None
    """What the text must have at all; saves time."""
    words: tuple[str, ...] = ()
    """Of which the text must have one, in small letters; saves time too."""


def digits(text: str) -> str:
    """The digits of a text."""
    return "".join(each for each in text if each.isdigit())


def luhn(text: str) -> bool:
    """Whether 13 to 19 digits have the check digit of a payment card (ISO/IEC 7812)."""
    number = digits(text)
    if not 13 <= len(number) <= 19 or len(set(number)) == 1:
        return False
    doubled = [int(each) * (2 if at % 2 else 1) for at, each in enumerate(reversed(number))]
    return sum(each - 9 if each > 9 else each for each in doubled) % 10 == 0


def iban(text: str) -> bool:
    """Whether a text has the length and check digits of an IBAN (ISO 13616)."""
    number = re.sub(r"[^A-Za-z0-9]", "", text).upper()
    if not 15 <= len(number) <= 34:
        return False
    moved = number[4:] + number[:4]
    return int("".join(str(int(each, 36)) for each in moved)) % 97 == 1


def phone(text: str) -> bool:
    """Whether digits with separators can be a telephone number rather than a date, a range of years or a sum."""
    number = digits(text)
    if not 7 <= len(number) <= 15:
        return False
    if re.fullmatch(r"(?:19|20)\d\d\s?[-/.]\s?(?:(?:19|20)\d\d|\d{1,2}[-/.]\d{1,2})", text.strip()):
        return False
    return re.fullmatch(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,3}(?:[ .,]\d{3})+", text.strip()) is None or "+" in text


def address_of_internet(text: str) -> bool:
    """Whether this is an IP address that is not this machine itself."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return not (address.is_loopback or address.is_unspecified)


def entropic(text: str) -> bool:
    """Whether letters and digits are mixed as in a key, not as in a word."""
    return not text.isalpha() and len(set(text)) >= 5


_STREET = (
    r"(?:street|st|road|rd|avenue|ave|boulevard|blvd|lane|ln|drive|dr|court|ct|crescent|terrace|row|way|close|mews|"
    r"square|sq|place|pl|parkway|pkwy|highway|hwy|gardens|grove|hill|quay|circle|cir|trail|alley|walk|rise|view|loop)"
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
DATE = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?(?:\s+of)?[\s.-]+{_MONTH}\.?,?[\s.-]+\d{{2,4}}|{_MONTH}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}|"
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})"
)
_SECRETS = (
    r"sk-(?:ant-|proj-|or-|svcacct-|live-)?[A-Za-z0-9_-]{16,}",
    r"(?:sk|pk|rk)_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/=]{16,}",
    r"gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,}|gl[dr]t-[A-Za-z0-9_-]{16,}",
    r"(?:AKIA|ASIA|AGPA|AROA|AIDA)[A-Z0-9]{12,20}",
    r"AIza[A-Za-z0-9_-]{30,}|ya29\.[A-Za-z0-9_-]{20,}|GOCSPX-[A-Za-z0-9_-]{20,}",
    r"xox[abeoprs]-[A-Za-z0-9-]{10,}|xapp-[A-Za-z0-9-]{10,}",
    r"hf_[A-Za-z0-9]{20,}|gsk_[A-Za-z0-9]{20,}|r8_[A-Za-z0-9]{20,}|xai-[A-Za-z0-9]{20,}|pplx-[A-Za-z0-9]{20,}",
    r"npm_[A-Za-z0-9]{30,}|pypi-[A-Za-z0-9_-]{30,}|dop_v1_[a-f0-9]{40,}|shpat_[a-f0-9]{30,}|lin_api_[A-Za-z0-9]{30,}",
    r"SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}|(?:AC|SK)[a-f0-9]{32}|key-[a-f0-9]{32}|[a-f0-9]{32}-us\d{1,2}",
    r"\d{8,10}:AA[A-Za-z0-9_-]{30,}|[MN][A-Za-z0-9]{23,}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,}",
    r"eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}(?:\.[A-Za-z0-9_-]*)?",
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)",
    r"AccountKey=[A-Za-z0-9+/=]{40,}|SharedAccessSignature=\S{20,}|AGE-SECRET-KEY-1[A-Z0-9]{50,}",
)


def _form(pattern: str, *, case: bool = False) -> re.Pattern[str]:
    return re.compile(pattern, 0 if case else re.IGNORECASE)


_AT_SIGN = _form(r"@|\bat\b")
_DIGIT = re.compile(r"\d")
_THREE, _FOUR = re.compile(r"\d{3}"), re.compile(r"\d{4}")
_SEVEN = re.compile(r"\d(?:[\s().\-/_]{0,3}\d){6}")
"""Digits of the shortest telephone number, with the separators of any recogniser."""
_KEY = re.compile(
    r"(?<![\w+/=.:-])(?![A-Z]?[a-z]+[.:-]?(?![\w+/=.:-]))[\w+/=.:-]{14}|-----BEGIN |://|xox|xapp|sk-|AKIA|ASIA"
)
"""A run as long as the shortest key, other than a plain word."""
_BIRTH = ("born", "dob", "d.o.b", "birth", "nacid", "geboren")
_NUMBERED = (
    "account", "acct", "routing", "sort code", "member", "customer", "policy", "claim", "invoice", "patient", "record",
    "mrn", "nhs", "employee", "student", "case", "booking", "reference",
)  # fmt: skip
_GERMANIC = ("strasse", "str.", "gasse", "weg", "platz", "allee", "laan", "straat", "gatan", "vej", "straße")
_ROMANCE = ("ul.", "ulica", "rue", "via", "calle", "avenida", "avda.", "rua", "al.", "piazza", "plaza")
_FRENCH = ("rue", "avenue", "boulevard", "allée", "allee", "place", "chemin")

RECOGNISERS: tuple[Recogniser, ...] = (
    Recogniser("EMAIL", _form(r"[\w.+%'-]+\s?@\s?(?:[\w-]+\s?\.\s?)+[a-z]{2,24}\b"), words=("@",)),
    Recogniser(
        "EMAIL",
        _form(
            r"\b[\w.+-]+\s?[(\[{]?\s?(?:@|\bat\b)\s?[)\]}]?\s?(?!the\b|an?\b|my\b|our\b|your\b|this\b|that\b)[\w-]+(?:\s?[(\[{]?\s?(?:\.|\bdot\b)\s?[)\]}]?\s?[\w-]+)*?"
            r"\s?(?:[(\[{]\s?\.|[(\[{]?\s?\bdot\b)\s?[)\]}]?\s?(?:com|org|net|edu|gov|io|co|de|uk|fr|pl|eu|ai|us|ca|info|me)\b"
        ),
        hint=_AT_SIGN,
    ),
    Recogniser("CARD", _form(r"(?<![\d.])\d(?:[ .\-_/]{0,3}\d){12,18}(?!\d)"), luhn, _SEVEN),
    Recogniser("IBAN", _form(r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?\b", case=True), iban, _DIGIT),
    Recogniser("IBAN", _form(r"\b[a-z]{2}\d{2}[a-z0-9]{11,30}\b"), iban, _DIGIT),
    Recogniser("SSN", _form(r"(?<!\d)(?!000|666|9\d\d)\d{3}[ .\-_/](?!00)\d{2}[ .\-_/](?!0000)\d{4}(?!\d)"), hint=_SEVEN),
    Recogniser(
        "SSN", _form(r"(?:\bssn\b|social security)[^\d\n]{0,30}(?P<v>\d{3}[ .-]?\d{2}[ .-]?\d{4})(?!\d)"),
        hint=_SEVEN, words=("ssn", "social security"),
    ),
    Recogniser("PHONE", _form(r"(?<![\w.])\+\s?\d(?:[\s().\-/]{0,3}\d){6,14}(?!\d)"), phone, _SEVEN),
    Recogniser("PHONE", _form(r"(?<![\w.$€£-])\(?\d{3}\)?[\s.\-/]{1,2}\d{3}[\s.\-/]\d{4}(?!\d)"), phone, _SEVEN),
    Recogniser("PHONE", _form(r"(?<![\w.$€£-])\(?0\d{1,4}\)?(?:[\s.\-/]?\d{2,5}){2,4}(?!\d)"), phone, _SEVEN),
    Recogniser("PHONE", _form(r"(?<![\w.$€£-])\d{2,4}(?:[ -]\d{2,4}){2,4}(?![\d-])"), phone, _SEVEN),
    Recogniser(
        "PHONE",
        _form(
            r"(?<=\b)(?:phone|tel|telephone|mobile|cell|whatsapp|call|text|fax|sms|ring)\b[^\d\n+]{0,20}(?P<v>\+?\d(?:[\s().\-/]{0,3}\d){6,14})(?!\d)"
        ),
        phone,
        _SEVEN,
    ),
    Recogniser("PHONE", _form(r"(?<!\w)\d{3}[.-]\d{4}(?![\d-])"), phone, _SEVEN),
    Recogniser(
        "ADDRESS",
        _form(
            rf"(?<![\w.])\d{{1,5}}[a-z]?(?:[-/]\d{{1,4}})?,?\s+(?:[A-Z0-9][\w.'’-]*\s+){{1,4}}?(?i:{_STREET})\b\.?"
            r"(?:,?\s+(?i:apt|apartment|flat|suite|unit|no|#)\.?\s?#?\w{1,6})?(?:,\s?[A-Z][\w'’-]+(?:\s[A-Z][\w'’-]+){0,2})?"
            r"(?:,?\s+[A-Z]{2})?(?:,?\s+\d{5}(?:-\d{4})?|,?\s+[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2})?\b",
            case=True,
        ),
        hint=_DIGIT,
    ),
    Recogniser(
        "ADDRESS", _form(rf"(?<![\w.])\d{{1,5}}[a-z]?\s+(?:[a-z][\w'-]+\s+){{1,2}}{_STREET}\b(?=\W|$)"),
        lambda text: re.search(r"\b(?:street|road|avenue|boulevard|lane|crescent|terrace|highway|parkway)\b", text, re.I) is not None,
        _DIGIT,
    ),
    Recogniser(
        "ADDRESS",
        _form(
            r"\b[A-ZÄÖÜ][a-zäöüß]+(?:straße|strasse|str\.|gasse|weg|platz|allee|laan|straat|gatan|vej)\s?\d{1,4}[a-z]?\b",
            case=True,
        ),
        hint=_DIGIT, words=_GERMANIC,
    ),
    Recogniser(
        "ADDRESS",
        _form(
            r"\b(?:ul\.|ulica|rue|via|calle|avenida|avda\.|rua|al\.|piazza|plaza)\s(?:[\w.'’-]+\s){0,3}?[\w.'’-]+,?\s\d{1,4}[a-zA-Z]?\b",
            case=True,
        ),
        hint=_DIGIT, words=_ROMANCE,
    ),
    Recogniser(
        "ADDRESS",
        _form(
            r"(?<![\w.])\d{1,4}(?:\s?bis)?,?\s(?:rue|avenue|boulevard|allée|place|chemin)\s[\w'’-]+(?:\s[\w'’-]+){0,4}",
            case=True,
        ),
        hint=_DIGIT, words=_FRENCH,
    ),
    Recogniser("ADDRESS", _form(r"\bp\.?\s?o\.?\s?box\s+\d{1,6}\b"), hint=_DIGIT, words=("box",)),
    Recogniser("ADDRESS", _form(r"\b[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b", case=True), hint=_DIGIT),
    Recogniser("ADDRESS", _form(r"\b(?:[A-Z][a-z]+,?\s)?[A-Z]{2},?\s\d{5}(?:-\d{4})?\b", case=True), hint=_DIGIT),
    Recogniser(
        "DATE_OF_BIRTH",
        _form(
            rf"(?:\bborn\b|\bdob\b|\bd\.o\.b\b|birth\s?-?_?(?:day|date)?|\bnacid[oa]\b|\bgeboren\b)[^\n]{{0,25}}?(?P<v>{DATE})"
        ),
        hint=_DIGIT, words=_BIRTH,
    ),
    Recogniser("DATE_OF_BIRTH", _form(rf"(?P<v>{DATE})[^\n.;]{{0,20}}?(?:\bdob\b|\bbirth(?:day|date)?\b)"), hint=_DIGIT, words=("dob", "birth")),
    Recogniser("SECRET", _form(rf"(?<![A-Za-z0-9])(?:{'|'.join(_SECRETS)})", case=True), hint=_KEY),
    Recogniser("SECRET", _form(r"(?<=://)[^\s/:@]+:[^\s/@]+(?=@)", case=True), words=("://",)),
    Recogniser(
        "SECRET",
        _form(
            r"\b(?:password|passwd|passcode|passphrase|pwd|secret|api[ _-]?key|access[ _-]?key|token|bearer|pin)\b"
            r"\"?\s*(?:is|was|=|:|=>)\s*\"?'?(?P<v>[^\s\"',;<]{4,})"
        ),
        lambda value: re.search(r"\d|[^\w'.!?]", value) is not None,
        words=("pass", "pwd", "secret", "key", "token", "bearer", "pin"),
    ),
    Recogniser("SECRET", _form(r"\bbearer\s+(?P<v>[A-Za-z0-9._~+/=-]{12,})"), entropic, words=("bearer",)),
    Recogniser("IP", _form(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]*\d)"), address_of_internet, _DIGIT),
    Recogniser("IP", _form(r"(?<![\w:])[0-9a-f]{0,4}:[0-9a-f:]{3,36}(?![\w:])"), address_of_internet, words=(":",)),
    Recogniser("IP", _form(r"(?<![\w:])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![\w:])"), hint=_DIGIT),
    Recogniser("ACCOUNT", _form(r"\b(?:bc1[a-z0-9]{25,60}|0x[0-9a-fA-F]{40}|[13][1-9A-HJ-NP-Za-km-z]{26,34})\b", case=True), entropic, _DIGIT),
    Recogniser(
        "ACCOUNT",
        _form(
            r"\b(?:account|acct|routing|sort code|member(?:ship)?|customer|policy|claim|invoice|patient|record|mrn|nhs|employee|student|case|booking|reference)"
            r"\s?(?:number|num|no|nr|id|#|code)?\.?\s?(?:is|:|=|#)?\s?#?(?P<v>(?=[A-Z0-9-]*\d{4})[A-Z0-9][A-Z0-9-]{4,24})\b"
        ),
        hint=_FOUR, words=_NUMBERED,
    ),
    Recogniser(
        "ID",
        _form(
            r"\b(?:passport|licen[cs]e|driver'?s? licen[cs]e|national id|id card|identity card|tax id|tin|ein|nino|pesel|vat|aadhaar|pan|visa|plate)"
            r"\s?(?:number|num|no|nr|id|#)?\.?\s?(?:is|:|=|#)?\s?#?(?P<v>(?=[A-Z0-9-]*\d{3})[A-Z0-9][A-Z0-9-]{5,19})\b"
        ),
        hint=_THREE,
    ),
    Recogniser("ID", _form(r"\b(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z]{2}\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D]\b", case=True), hint=_DIGIT),
    Recogniser("URL", _form(r"\b(?:https?://|www\.)(?:[\w-]+\.)*(?:linkedin|facebook|twitter|x|instagram|github|t)\.(?:com|me)/[\w./@%-]{2,}"), words=("http", "www.")),
)  # fmt: skip


_HINTS = tuple({each.hint for each in RECOGNISERS if each.hint is not None})


class PatternDetector:
    """Every recogniser, on every reading of a text."""

    name = "patterns"

    def find(self, text: str) -> list[Span]:
        """See Detector.find."""
        return list(_found(text))


@lru_cache(maxsize=4096)
def _found(text: str) -> tuple[Span, ...]:
    return tuple(span for reading in readings(text) for span in _matches(reading))


def _matches(reading: Reading) -> Iterator[Span]:
    text, low = reading.text, reading.text.lower()
    hinted = {hint for hint in _HINTS if hint.search(text)}
    for recogniser in RECOGNISERS:
        if recogniser.hint is not None and recogniser.hint not in hinted:
            continue
        if recogniser.words and not any(word in low for word in recogniser.words):
            continue
        for match in recogniser.form.finditer(text):
            value = "v" if "v" in recogniser.form.groupindex else 0
            if recogniser.holds is None or recogniser.holds(match.group(value)):
                yield Span(*reading.span(*match.span(value)), recogniser.kind, "pattern")
