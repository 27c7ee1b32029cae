"""Questions in other words than reasoning-gym's, with their programs, so that the writer learns more than its wording.

A pattern has slots; some patterns are only for tests. The animals, words and numbers are drawn anew for every question.
"""

from __future__ import annotations

import datetime
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from brigade.agents.training.writer.programs import MONTHS, legs_program, letters_program

ANIMALS = re.findall(
    r"\w+",
    """
    ant bat beaver bee bull camel cat centaur chicken cow crane cricket deer donkey dove duck eagle elephant
    ferret finch goat goose hare hedgehog hen heron horse kangaroo lizard llama moth newt otter owl panda parrot
    peacock pony puma raven rooster seal sparrow squid squirrel stork swan toad turkey vulture walrus wasp
    weasel yak zebra
    """,
)
WORDS = re.findall(
    r"\w+",
    """
    apple balloon bottle candle carpet castle circle cotton dinner dragon engine feather finger forest garden
    guitar hammer harbor helmet island jacket kettle ladder lantern letter magnet market mirror monkey needle
    orange palace pencil pepper picnic pillow planet pocket puzzle ribbon rocket saddle school shadow silver
    summer tunnel velvet violin window winter yellow zipper
    """,
)
NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


@dataclass(frozen=True, slots=True)
class Pair:
    """A question, and the program that answers it."""

    family: str
    question: str
    program: str


@dataclass(frozen=True, slots=True)
class Way:
    """Ways to ask for the same: patterns to learn from, patterns to test with, and what fills them."""

    train: Sequence[str]
    test: Sequence[str]
    fill: Callable[[random.Random], tuple[Mapping[str, object], str]]
    """Draws what fills a pattern, and the program."""


def _legs(rng: random.Random) -> tuple[Mapping[str, object], str]:
    counts = [(rng.randint(1, 20), animal) for animal in rng.sample(ANIMALS, rng.randint(1, 5))]
    written = [_many(count, animal, rng) for count, animal in counts]
    joined = ", ".join(written[:-1]) + " and " + written[-1] if len(written) > 1 else written[0]
    program = legs_program(counts)
    assert program is not None
    return {"animals": joined}, program


def _many(count: int, animal: str, rng: random.Random) -> str:
    if count == 1:
        return f"{'an' if animal[0] in 'aeiou' else 'a'} {animal}" if rng.random() < 0.5 else f"1 {animal}"
    plural = animal if animal in ("deer", "squid") else animal + ("es" if animal.endswith("ch") else "s")
    plural = {"gooses": "geese", "ponys": "ponies"}.get(plural, plural)
    word = NUMBERS[count - 1] if count <= 10 and rng.random() < 0.4 else str(count)
    return f"{word} {plural}"


def _letters(rng: random.Random) -> tuple[Mapping[str, object], str]:
    text = " ".join(rng.sample(WORDS, rng.randint(1, 6)))
    letter = rng.choice("abcdefghiklmnoprstuw")
    return {"letter": letter, "text": text}, letters_program(letter, text)


def _backward(rng: random.Random) -> tuple[Mapping[str, object], str]:
    word = rng.choice(WORDS)
    return {"word": word}, f'answer = "{word}"[::-1]'


def _sum(rng: random.Random) -> tuple[Mapping[str, object], str]:
    parts = [str(rng.randint(1, 10 ** rng.randint(1, 4)))]
    for _ in range(rng.randint(1, 5)):
        parts += [rng.choice("+-"), str(rng.randint(1, 10 ** rng.randint(1, 4)))]
    return {"sum": " ".join(parts)}, f"answer = {' '.join(parts)}"


def _divisor(rng: random.Random) -> tuple[Mapping[str, object], str]:
    first, second = rng.randint(2, 999), rng.randint(2, 999)
    return {"a": first, "b": second}, f"answer = gcd({first}, {second})"


def _weekday(rng: random.Random) -> tuple[Mapping[str, object], str]:
    day = datetime.date(1900, 1, 1) + datetime.timedelta(rng.randint(0, 60_000))
    month = MONTHS[day.month - 1]
    written = (f"{month} {day.day}, {day.year}", f"{day.day} {month} {day.year}", f"{day:%m/%d/%Y}", f"{day}")
    when = rng.choice(written)
    return {"when": when}, f'answer = weekday("{when}")'


WAYS: Mapping[str, Way] = {
    "legs": Way(
        (
            "How many legs do {animals} have together?",
            "Count the legs: {animals}.",
            "There are {animals} on the farm. How many legs is that?",
            "I can see {animals}. What is the total number of their legs?",
        ),
        ("A barn holds {animals}. How many legs are in the barn?", "What do the legs of {animals} add up to?"),
        _legs,
    ),
    "letters": Way(
        (
            'How often does the letter {letter} occur in "{text}"?',
            "Count the {letter}'s in: {text}",
            'Number of times "{letter}" is in "{text}"?',
        ),
        ("In the words {text}, how many letters {letter} are there?",),
        _letters,
    ),
    "backward": Way(
        ("Write {word} backwards.", "What is {word} spelled in reverse?", 'Reverse the letters of "{word}".'),
        ("Turn the word {word} around, last letter first.",),
        _backward,
    ),
    "sum": Way(
        ("What is {sum}?", "Compute {sum}.", "{sum} = ?", "Work out {sum}"),
        ("Please tell me the result of {sum}.",),
        _sum,
    ),
    "divisor": Way(
        (
            "What is the greatest common divisor of {a} and {b}?",
            "gcd of {a} and {b}?",
            "Which is the largest number that divides both {a} and {b}?",
        ),
        ("Find the biggest integer by which {a} and {b} can both be divided.",),
        _divisor,
    ),
    "weekday": Way(
        (
            "Which day of the week is {when}?",
            "On what weekday did {when} fall?",
            "What weekday was {when}?",
        ),
        ("Tell me what day {when} was (Monday to Sunday).",),
        _weekday,
    ),
}


def asked(family: str, *, test: bool, size: int, seed: int) -> list[Pair]:
    """Questions of a family of ours, each with its program; test and training never share a pattern."""
    way = WAYS[family]
    rng = random.Random(f"{family} {test} {seed}")
    pairs = []
    for _ in range(size):
        filled, program = way.fill(rng)
        pattern = rng.choice(way.test if test else way.train)
        pairs.append(Pair(family, pattern.format(**filled), program))
    return pairs
