"""How a message is typed: greetings around it, capitals, punctuation, texting and spelling mistakes.

Mistakes are those that people make: a neighbouring key, a letter dropped, doubled or swapped with the next, a word
spelt by ear. Numbers, negations and short words stay as they are, because a mistake there changes what is meant.
"""

from __future__ import annotations

import random
import re

from brigade.agents.training.messages.filling import Filling
from brigade.agents.training.messages.vocabulary import Split, vocabulary

_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOURS = {
    letter: [row[i] for i in (at - 1, at + 1) if 0 <= i < len(row)] for row in _KEYS for at, letter in enumerate(row)
}
_DRESS_SHARE = 0.28
"""Of messages with something before, and of those with something after."""
_TYPO_SHARE, _TEXTING_SHARE, _PHONETIC_SHARE = 0.18, 0.12, 0.06
_SPELT_RIGHT = frozenset(
    [
        *("three", "four", "five", "six", "seven", "eight", "nine", "eleven", "twelve", "twice", "thrice", "once"),
        *("dozen", "couple", "pair", "don't", "dont", "never", "stop", "cook", "plate", "serve", "drop", "actually"),
        *("instead", "none", "nope", "wait"),
    ]
)
"""Words of four letters and more that keep their spelling."""


_PARTICLE = re.compile(r"\b(\w+) (up|out|away|off) (it|them|me)\b(?! \w+ (?:soup|one))")
"""`dish up it` is said `dish it up`."""


def dress(message: str, split: Split, manner: str, filling: Filling) -> str:
    """The message with something before or after it, as it is said in this manner."""
    words, rng = vocabulary(split).file.dress[manner], filling.rng
    if rng.random() < _DRESS_SHARE:
        message = f"{filling.text(rng.choice(words.open))} {message}"
    if rng.random() < _DRESS_SHARE:
        message = _closed(message, filling.text(rng.choice(words.close)))
    return message


def _closed(message: str, close: str) -> str:
    """With a closing word before the final mark, or a closing sentence after it."""
    if close[0] in ".!":
        return message + (close[1:] if message[-1] in ".!?" else close)
    body = message.rstrip(".!?")
    if not close.strip(".!?"):
        return body + close
    end = message[len(body) :] if close[-1] not in ".!?" else ""
    return f"{body}{'' if close[0] == ',' else ' '}{close}{end}"


def type_out(message: str, split: Split, rng: random.Random) -> tuple[str, set[str]]:
    """The message as somebody types it, and what is unusual about that: `texting`, `typo`."""
    tags = set()
    message = _articles(_PARTICLE.sub(r"\1 \3 \2", message))
    if rng.random() < _TEXTING_SHARE:
        typed = _replaced(message, vocabulary(split).file.texting, rng, 0.8)
        tags |= {"texting"} if typed != message else set()
        message = typed
    spelt = _replaced(message, vocabulary(split).file.phonetic, rng, 0.6) if rng.random() < _PHONETIC_SHARE else message
    if rng.random() < _TYPO_SHARE:
        spelt = _mistyped(spelt, rng)
    tags |= {"typo"} if spelt != message else set()
    return _marks(_capitals(spelt, rng), rng), tags


def _articles(message: str) -> str:
    message = re.sub(r"\b([Aa]) (?=[aeiouAEIOU])", r"\1n ", message)
    return re.sub(r"\b([Aa])n (?=[^aeiouAEIOU\W])", r"\1 ", message)


def _replaced(message: str, spellings: dict[str, list[str]], rng: random.Random, share: float) -> str:
    def replace(match: re.Match[str]) -> str:
        choices = spellings.get(match[0].lower())
        return rng.choice(choices) if choices and rng.random() < share else match[0]

    return re.sub(r"[\w']+", replace, message)


def _mistyped(message: str, rng: random.Random) -> str:
    words = message.split(" ")
    places = [
        i
        for i, word in enumerate(words)
        if len(word) > 4 and word.isalpha() and word.isascii() and word.lower() not in _SPELT_RIGHT
    ]
    for place in rng.sample(places, min(len(places), rng.choice((1, 1, 1, 2)))):
        words[place] = _slip(words[place], rng)
    return " ".join(words)


def _slip(word: str, rng: random.Random) -> str:
    """A word with one slip of the finger, its first letter right."""
    at = rng.randrange(1, len(word))
    match rng.randrange(4):
        case 0:
            return word[:at] + word[at + 1 :]
        case 1:
            return word[:at] + word[at] + word[at:]
        case 2 if at + 1 < len(word):
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        case _:
            return word[:at] + rng.choice(_NEIGHBOURS[word[at].lower()]) + word[at + 1 :]


def _capitals(message: str, rng: random.Random) -> str:
    share = rng.random()
    if share < 0.45:
        return message.lower()
    if share < 0.85:
        return message[0].upper() + message[1:]
    return message.upper() if share > 0.97 else message


def _marks(message: str, rng: random.Random) -> str:
    """Punctuation left out or laid on thick."""
    if rng.random() < 0.15:
        message = message.replace("'", "")
    if rng.random() < 0.15 and not message.lower().startswith("no,"):  # "no, onions" corrects, "no onions" cancels
        message = re.sub(r",(?= )", "", message)
    if message[-1] in ".!?" and message[-2:-1] not in ".!?" and rng.random() < 0.4:
        message = message[:-1]
    elif message[-1].isalnum():
        message += rng.choices(["", ".", "!", "!!"], [70, 15, 12, 3])[0]
    return message


def signature(message: str) -> str:
    """What is left of a message without capitals, spaces and punctuation, if it has letters."""
    letters = re.sub(r"[\W_]+", " ", message.lower()).strip()
    return letters if re.search("[^0-9 ]", letters) else message.strip()
