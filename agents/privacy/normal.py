"""Readings of a text: what it says to somebody who looks past case, look-alike letters, separators and encodings.

Every reading keeps, for each of its characters, the place in the text that it comes from, so that what is found in a
reading can be cut out of the text. Knows nothing of what is private.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

ROUNDS = 3
"""Encodings within encodings that are undone."""
LARGE = 200_000
"""Characters from which a run without a space is no text but data, such as a picture."""

LONGEST_KEPT, KEPT = 8192, 256
"""Characters of the longest text whose readings are kept, and of how many texts they are: several detectors ask for
the same ones, and so does the boundary."""

Origin = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Reading:
    """A text derived from another."""

    text: str
    origin: Origin | None = None
    """For each character, start and end of where it comes from; None for the text itself."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a piece of this reading comes from."""
        if self.origin is None or start >= end:
            return start, end
        return self.origin[start][0], max(self.origin[start][1], self.origin[end - 1][1])


def readings(text: str) -> tuple[Reading, ...]:
    """The text, without what cannot be seen and with look-alikes unified, and the same with its encodings undone."""
    return _kept(text) if len(text) <= LONGEST_KEPT else _read(text)


@lru_cache(maxsize=KEPT)
def _kept(text: str) -> tuple[Reading, ...]:
    return _read(text)


def _read(text: str) -> tuple[Reading, ...]:
    found = [visible(Reading(text))]
    if _TAGS.search(text):
        found.insert(0, visible(_substituted(Reading(text), _TAGS, _tags)))
    for _ in range(ROUNDS):
        before = found[-1]
        for decoders in (_MARKED, _UNMARKED):
            decoded = found[-1]
            for decode in decoders:
                decoded = decode(decoded)
            if decoded is not found[-1]:
                found.append(visible(decoded))
        if found[-1] is before:
            break
    return tuple(found)


def unleeted(reading: Reading) -> Reading | None:
    """The reading with letters for the digits that stand in their place; None if there are none."""
    changed = _substituted(reading, _LEET, _leet)
    return None if changed is reading else changed


# --- case, look-alikes, invisible characters --------------------------------------------------------------------


@lru_cache(maxsize=65536)
def fold_character(character: str) -> str:
    """What a character looks like, in plain letters and digits where there are any; "" for one that is not seen."""
    if character.isascii():
        return character
    if "\U0001f1e6" <= character <= "\U0001f1ff":  # the letters that flags are made of
        return chr(ord(character) - 0x1F1E6 + ord("a"))
    category = unicodedata.category(character)
    if category in ("Cf", "Mn", "Me", "Cc") or character in _UNSEEN:
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Zs":
        return " "
    alike = _ALIKE.get(character)
    if alike is not None:
        return alike
    plain = unicodedata.normalize("NFKD", character)
    if plain != character and len(plain) <= 18:
        return "".join(fold_character(each) for each in plain)
    return character


def visible(reading: Reading) -> Reading:
    """The reading with every character folded; case is kept."""
    text = reading.text
    if text.isascii():
        return reading
    pieces: list[str] = []
    origin: list[tuple[int, int]] = []
    for at, character in enumerate(text):
        folded = fold_character(character)
        if folded:
            pieces.append(folded)
            origin.extend([reading.span(at, at + 1)] * len(folded))
    return Reading("".join(pieces), origin)


_UNSEEN = frozenset("\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800")
_ALIKE: dict[str, str] = dict(
    zip(
        "АВСЕНІЈКМОРЅТХУԚԜҮ" "асеіјорѕхуһԁԛԝӏгптккмвн" "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ" "αινορτυχκ" "ıȷɡɑƖǀℓ" "ßøØđĐłŁæÆœŒþÞðÐħŧ" "օսոցհ" "‐‑‒–—―−﹣－⁻₋" "‘’‚‛′“”„‟″`´" "․。．｡" "⁄∕⧸" "∶：" "＠﹫" "＿" "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ",
        [
            *"ABCEHIJKMOPSTXYQWY", *"aceijopsxyhdqwlrntkkmbh"[:23], *"ABEZHIKMNOPTYX", *"aivoptuxk", *"ijgallℓ"[:6], "l",
            "ss", "o", "O", "d", "D", "l", "L", "ae", "AE", "oe", "OE", "th", "TH", "d", "D", "h", "t",
            *"ounqh", *("-" * 11), *("'" * 5), *('"' * 5), "'", "'", *("." * 4), *("/" * 3), *("::"), *("@@"), "_",
            *"abcdefghijklmnopqrstuvwyz",
        ],
        strict=True,
    )
)  # fmt: skip
"""Letters of other scripts that look like Latin ones, and variants of signs; NFKD knows full-width and mathematical."""


# --- encodings ---------------------------------------------------------------------------------------------------


def _substituted(reading: Reading, pattern: re.Pattern[str], decode: Callable[[str], str | None]) -> Reading:
    """The reading with every match replaced by what it decodes to; the reading itself if nothing changes."""
    pieces: list[str] = []
    origin: list[tuple[int, int]] = []
    done = 0
    for match in pattern.finditer(reading.text):
        decoded = decode(match.group())
        if decoded is None or decoded == match.group():
            continue
        start, end = match.span()
        pieces += reading.text[done:start], decoded
        origin += [reading.span(at, at + 1) for at in range(done, start)]
        origin += [reading.span(start, end)] * len(decoded)
        done = end
    if not pieces:
        return reading
    pieces.append(reading.text[done:])
    origin += [reading.span(at, at + 1) for at in range(done, len(reading.text))]
    return Reading("".join(pieces), origin)


_PERCENT = re.compile(r"(?:[%=][0-9A-Fa-f]{2})+")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});?")
_ESCAPED = re.compile(
    r"\\+u\{([0-9A-Fa-f]{1,6})\}|\\+u([0-9A-Fa-f]{4})|\\+x([0-9A-Fa-f]{2})|\bU\+([0-9A-Fa-f]{4,6})\b(?:\s(?=U\+))?"
)
_ESCAPE = re.compile(f"(?:{_ESCAPED.pattern.replace('([', '(?:[')})+")
_BASE64 = re.compile(
    r"(?![A-Z]?[a-z]{1,10}(?![A-Za-z0-9+/_=\r\n-]))[A-Za-z0-9+/_-]{4,}(?:\r?\n[A-Za-z0-9+/_-]{4,})*={0,2}"
)
_SPACED64 = re.compile(r"(?<![A-Za-z0-9+/])(?:[A-Za-z0-9+/]{4}[ \n]){2,}[A-Za-z0-9+/]{2,4}={0,2}(?![A-Za-z0-9+/])")
_BASE32 = re.compile(r"(?<![A-Za-z0-9])(?:[A-Z2-7]{8,}|[a-z2-7]{16,})={0,6}(?![A-Za-z0-9])")
_CODES = re.compile(r"(?<![\d.])(?:\d{2,3}[,;]?\s?[,;]?(?<=[,;\s])){3,}\d{2,3}(?!\d|\.\d)")
"""Characters by their numbers: `77, 97, 114, 116, 97`."""
_OCTAL = re.compile(r"(?:\\+[0-7]{3})+")
_MARKUP = re.compile(r"</?[a-z][a-z0-9]{0,9}(?:\s[^<>]{0,200})?/?>|<!--.{0,200}?-->", re.DOTALL)
"""Tags of HTML; placeholders have capitals."""
_TAGS = re.compile("[\U000e0020-\U000e007e]+")
"""Characters that nobody sees and models read."""
_LEET = re.compile(
    r"(?<![A-Za-z0-9])(?=[A-Za-z0-9@$]*[A-Za-z][A-Za-z0-9@$]*[A-Za-z])(?=[A-Za-z@$]*[013457@$])[A-Za-z013457@$]{4,}(?![A-Za-z0-9@])"
)
_HEX = re.compile(r"(?<![0-9A-Za-z])(?:0x)?(?:[0-9A-Fa-f]{2}[ :,.-]?(?:0x)?){3,}[0-9A-Fa-f]{2}(?![0-9A-Za-z])")


def _percent(run: str) -> str | None:
    try:
        return bytes.fromhex(run.replace("%", "").replace("=", "")).decode("utf-8")
    except ValueError:
        return bytes.fromhex(run.replace("%", "").replace("=", "")).decode("latin-1") if "%" in run else None


def _escape(run: str) -> str | None:
    codes = [int("".join(groups), 16) for groups in _ESCAPED.findall(run)]
    if any(code > 0x10FFFF for code in codes):
        return None
    text = "".join(map(chr, codes))
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _hex(run: str) -> str | None:
    digits = re.sub(r"0x|[ :,.-]", "", run)
    return _printable(bytes.fromhex(digits)) if len(digits) % 2 == 0 else None


def _base64(run: str) -> str | None:
    """What a run decodes to from one of its first four characters on, together with what comes before it."""
    joined = re.sub(r"[\r\n=]", "", run).replace("-", "+").replace("_", "/")
    if len(joined) > LARGE or (len(joined) < 12 and not re.search("[a-z0-9+/][A-Z]|[A-Za-z][0-9]", joined)):
        return None  # a plain word: text in base64 almost always mixes cases
    for skip in range(4 if len(joined) >= 12 else 1):
        body = joined[skip:]
        body = body[: len(body) - 1] if len(body) % 4 == 1 else body
        try:
            raw = base64.b64decode(body + "=" * (-len(body) % 4), validate=True)
        except binascii.Error:
            return None
        text = _printable(raw)
        if text is not None:
            return run[:skip] + text
    return None


def _spaced64(run: str) -> str | None:
    joined = re.sub(r"\s", "", run)
    return _base64(joined) if re.search("[a-z0-9+/][A-Z]", joined) else None


def _codes(run: str) -> str | None:
    codes = [int(each) for each in re.findall(r"\d+", run)]
    return "".join(map(chr, codes)) if all(32 <= code < 127 for code in codes) else None


def _octal(run: str) -> str | None:
    try:
        return bytes(int(each, 8) for each in re.findall("[0-7]{3}", run)).decode("utf-8")
    except ValueError:
        return None


def _tags(run: str) -> str:
    return "".join(chr(ord(each) - 0xE0000) for each in run)


def _leet(run: str) -> str:
    """Letters for the digits that are written in their place."""
    return run.translate(str.maketrans("013457@$", "oieastas"))


def _base32(run: str) -> str | None:
    body = run.rstrip("=").upper()
    try:
        return _printable(base64.b32decode(body + "=" * (-len(body) % 8)))
    except binascii.Error:
        return None


def _printable(raw: bytes) -> str | None:
    """The text in these bytes, if they are text; UTF-8 or, every second byte being zero, UTF-16."""
    for encoding in ("utf-16-le", "utf-8") if raw[1::2].count(0) * 3 > len(raw) else ("utf-8",):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if len(text) >= 3 and all(each.isprintable() or each in "\r\n\t" or not fold_character(each) for each in text):
            return text
        return None
    if len(raw) >= 4 and sum(0x20 <= each < 0x7F for each in raw) >= 0.8 * len(raw):
        return raw.decode("latin-1")
    return None


_Decoder = Callable[[Reading], Reading]
_MARKED: tuple[_Decoder, ...] = (
    lambda reading: _substituted(reading, _PERCENT, _percent) if re.search("[%=]", reading.text) else reading,
    lambda reading: _substituted(reading, _ENTITY, html.unescape) if "&" in reading.text else reading,
    lambda reading: _substituted(reading, _ESCAPE, _escape) if re.search(r"\\|U\+", reading.text) else reading,
    lambda reading: _substituted(reading, _OCTAL, _octal) if "\\" in reading.text else reading,
    lambda reading: _substituted(reading, _MARKUP, lambda run: "") if "<" in reading.text else reading,
)
"""Encodings that show: what they are undone to is certain."""
_UNMARKED: tuple[_Decoder, ...] = (
    lambda reading: _substituted(reading, _CODES, _codes),
    lambda reading: _substituted(reading, _HEX, _hex),
    lambda reading: _substituted(reading, _BASE32, _base32),
    lambda reading: _substituted(reading, _SPACED64, _spaced64),
    lambda reading: _substituted(reading, _BASE64, _base64),
)
"""Encodings that a plain word may look like; a reading without them is kept."""
