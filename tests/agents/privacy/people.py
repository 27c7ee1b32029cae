"""A person who does not exist, for tests: forty private facts, and ways in which they may turn up in a request."""

from __future__ import annotations

import base64
import html
from collections.abc import Callable
from functools import cache
from urllib.parse import quote

from brigade.agents.privacy import Fact, PrivateSet

FACTS = {
    "name": "Marta Kowalczyk",
    "email": "marta.k@northwind.example",
    "phone": "+48 601 234 567",
    "date_of_birth": "1984-03-12",
    "address": "14 Linden Row, Leeds LS2 9JT",
    "employer": "Northwind Traders",
    "manager": "Piotr Zielinski",
    "daughter": "Zofia",
    "husband": "Hannes Brandt",
    "pet": "a cat called Pixel",
    "diagnosis": "type 2 diabetes",
    "medication": "metformin 500 mg",
    "allergies": "penicillin, peanuts",
    "therapist": "Dr. Imogen Achebe",
    "salary": "$84,300",
    "iban": "DE89370400440532013000",
    "card": "4111 1111 1111 1111",
    "ssn": "219-09-9999",
    "passport": "XK4827193",
    "licence plate": "YD19 KLM",
    "password": "tulip-Harbor-77",
    "wifi": "BrandtNet_5G",
    "school": "Thornhill Primary",
    "landlord": "Everard Quill",
    "bank": "Pennine Savings",
    "mortgage": "212,450 pounds",
    "gym": "Ironbridge Fitness",
    "hobby": "restoring Zundapp motorcycles",
    "car": "Skoda Octavia",
    "faith": "Quaker meetings on Thursdays",
    "party": "member of the Greenleaf party",
    "secret": "applying for a job at Osprey Analytics",
    "debt": "owes 6,200 to Kasimir",
    "surgery": "appendectomy in Katowice",
    "holiday": "sailing near Hvar in July",
    "insurance": "policy PN-7730021",
    "union": "branch secretary of Unison 48",
    "birthplace": "Szczecin",
    "nickname": "Martusia",
    "lawyer": "Ottoline Farrow-Pike",
}


@cache
def private_set() -> PrivateSet:
    return PrivateSet([Fact(key, value) for key, value in FACTS.items()])


def _fours(text: str) -> list[str]:
    return [text[at : at + 4] for at in range(0, len(text), 4)]


def _flag(letter: str) -> str:
    return chr(0x1F1E6 + ord(letter.lower()) - ord("a")) if letter.isascii() and letter.isalpha() else letter


def _homoglyphs(text: str) -> str:
    return text.translate(str.maketrans("aeopcxyAEOPCXKMTH", "аеорсхуАЕОРСХКМТН"))


DISGUISES: dict[str, Callable[[str], str]] = {
    "plain": str,
    "lower": str.lower,
    "upper": str.upper,
    "percent": lambda text: quote(text, safe=""),
    "every character percent": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "percent twice": lambda text: quote(quote(text, safe=""), safe=""),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 url": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "base64 in a sentence": lambda text: base64.b64encode(f"Please note: {text}, thanks".encode()).decode(),
    "base64 of percent": lambda text: base64.b64encode(quote(text, safe="").encode()).decode(),
    "hex": lambda text: text.encode().hex(),
    "entities": lambda text: "".join(f"&#{ord(each)};" for each in text),
    "hex entities": lambda text: "".join(f"&#x{ord(each):x};" for each in text),
    "named entities": lambda text: html.escape(text.replace("@", "&commat;"), quote=True).replace("&amp;", "&"),
    "escapes": lambda text: "".join(f"\\u{ord(each):04x}" for each in text),
    "zero width": lambda text: "\u200b".join(text),
    "soft hyphens": lambda text: "\u00ad".join(text),
    "homoglyphs": _homoglyphs,
    "full width": lambda text: "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in text),
    "dots": lambda text: ".".join(text),
    "spaces": lambda text: " ".join(text),
    "dashes": lambda text: text.replace(" ", "-"),
    "underscores": lambda text: text.replace(" ", "_"),
    "no spaces": lambda text: text.replace(" ", ""),
    "lines": lambda text: text.replace(" ", "\n"),
    "backwards": lambda text: text[::-1],
    "base64 twice": lambda text: base64.b64encode(base64.b64encode(text.encode())).decode(),
    "base64 of latin-1": lambda text: base64.b64encode(f"café, {text}".encode("latin-1")).decode(),
    "base64 in fours": lambda text: " ".join(_fours(base64.b64encode(f"it is {text}".encode()).decode())),
    "base32": lambda text: base64.b32encode(text.encode()).decode(),
    "numbers of characters": lambda text: ", ".join(str(ord(each)) for each in text),
    "octal": lambda text: "".join(f"\\{ord(each):03o}" for each in text),
    "markup": lambda text: "".join(f"<b>{each}</b>" for each in text),
    "tag characters": lambda text: "".join(chr(0xE0000 + ord(each)) for each in text),
    "letters of flags": lambda text: " ".join(_flag(each) for each in text),
}
