"""A short program for a question of a family, made from the text of the question alone: what the writer learns from.

A program holds what the question says as literals, in its order and words, and leaves to Python whatever can be
computed. What it would begin with (imports, stubs) is put in front of it when it runs: `completed`. The families are
reasoning-gym's. Knows no answer and no model.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping

Maker = Callable[[str], str | None]
"""The program for a question; None where the question is not of the kind that it knows."""

MONTHS = [datetime.date(2000, month, 1).strftime("%B") for month in range(1, 13)]
ORDINALS = ("first", "second", "third", "fourth", "fifth")


def leg_counting(question: str) -> str | None:
    """A product for each animal."""
    listed = re.findall(r"(\d+) ([a-z ]+?)(?=,|\?)", question.split("if you have")[-1])
    return legs_program([(int(count), name if count == "1" else name.removesuffix("s")) for count, name in listed])


def legs_program(animals: list[tuple[int, str]]) -> str | None:
    """How many legs so many of these animals, in the singular, have together."""
    parts = [f'{count} * legs("{animal}")' for count, animal in animals]
    return f"answer = {' + '.join(parts)}" if parts else None


def family_relationships(question: str) -> str | None:
    """The couples with their children, in the order in which they are told of."""
    story, _, asked = question.partition("\n\n")
    told: list[str] = []
    for sentence in re.split(r"\.\s*", story):
        if married := re.match(r"(\w+) is married to (\w+)", sentence):
            told.append(f"{married[1]} + {married[2]}")
        elif (born := re.match(r"They have (?:a child called|children called) (.+)", sentence)) and told:
            told[-1] += f": {born[1].replace(' and ', ', ')}"
    who = re.search(r"(?:How is|relation is|What is) (\w+)(?: related)? to (\w+)\?", asked)
    return f'answer = kin("{who[1]}", "{who[2]}", "{"; ".join(told)}")' if who and told else None


def letter_counting(question: str) -> str | None:
    """A count in the text."""
    found = re.search(r'letter "(\w)" appear in the text: "(.*)"', question, re.DOTALL)
    return letters_program(found[1], found[2]) if found else None


def letters_program(letter: str, text: str) -> str:
    """How often a letter is in a text, whatever its case."""
    return f'answer = "{text}".lower().count("{letter}")'


def aiw(question: str) -> str | None:
    """Siblings, friends and colleagues: she who is told of first counts among the women for everybody else."""
    kind = re.search(r"How many (?:female )?(?:sisters|friends|colleagues) does", question)
    women = re.search(r"(\d+) (?:sisters|female friends|female colleagues)", question)
    return f"answer = {women[1]} + 1" if kind and women else None


def chain_sum(question: str) -> str | None:
    """The sum as it stands."""
    found = re.search(r"problem: ([\d+\- ]+?) =", question)
    return f"answer = {found[1]}" if found else None


def basic_arithmetic(question: str) -> str | None:
    """The expression as it stands."""
    found = re.fullmatch(r"Calculate ([\d+\-*/() ]+)\.\s*", question)
    return f"answer = {found[1]}" if found else None


def gcd(question: str) -> str | None:
    """Python's own."""
    found = re.search(r"of these numbers: ([\d, ]+\d)", question)
    return f"answer = gcd({found[1]})" if found and "Greatest" in question else None


def spell_backward(question: str) -> str | None:
    """A slice."""
    found = re.search(r"backward.*: (\w+)$", question)
    return f'answer = "{found[1]}"[::-1]' if found else None


def word_sorting(question: str) -> str | None:
    """Sorted as characters are numbered."""
    found = re.search(r"in (ascending|descending) order .*list: (.+)\n", question)
    if found is None or '"' in found[2]:
        return None
    back = ", reverse=True" if found[1] == "descending" else ""
    return f'answer = ", ".join(sorted("{found[2]}".split(", "){back}))'


def count_bits(question: str) -> str | None:
    """Ones in the binary form."""
    found = re.search(r"How many 1 bits .* the number (\d+)\?", question)
    return f'answer = bin({found[1]}).count("1")' if found else None


def simple_equations(question: str) -> str | None:
    """What is left over, divided by the factor."""
    found = re.search(r": (\d+)\*\w(?: ([+-]) (\d+))? = (-?\d+)", question)
    if found is None:
        return None
    left = f"({found[4]} {'-' if found[2] == '+' else '+'} {found[3]})" if found[2] else found[4]
    return f"answer = {left} // {found[1]}"


def calendar_arithmetic(question: str) -> str | None:
    """One of seven ways to ask about days."""
    text = " ".join(question.split())
    makers = (_leap, _recurring, _from_new_year, _business, _counted, _moved, _weekday)
    return next((program for maker in makers if (program := maker(text))), None)


def _leap(text: str) -> str | None:
    found = re.search(r"(\d{4}) (?:is )?a leap year", text)
    return leap_program(found[1]) if found else None


def leap_program(year: str) -> str:
    """Whether a year is a leap year."""
    return f'answer = "Yes" if isleap({year}) else "No"'


def _recurring(text: str) -> str | None:
    found = re.search(rf"the ({'|'.join(ORDINALS)}|last) (\w+day)", text)
    when = re.search(rf"({'|'.join(MONTHS)}) (\d{{4}})", text)
    return f'answer = nth("{found[1]}", "{found[2]}", "{when[0]}")' if found and when else None


def _from_new_year(text: str) -> str | None:
    first = re.search(r"(?:year was a|January 1 fell on a|In a year where) (\w+day)", text)
    day = re.findall(rf"((?:{'|'.join(MONTHS)}) \d+)\b(?!st)", text)
    return f'answer = after_new_year("{first[1]}", "{day[-1]}")' if first and day else None


def _business(text: str) -> str | None:
    asked = "business days" in text or "excluding weekends" in text
    return _between(text, "workdays(") if asked else None


def _counted(text: str) -> str | None:
    found = re.search(r"How many (\w+day)s are|occurrences of (\w+day)|many times does (\w+day) occur", text)
    return _between(text, f'count("{found[1] or found[2] or found[3]}", ') if found else None


def _between(text: str, call: str) -> str | None:
    days = _dates(text)
    return f'answer = {call}"{days[0]}", "{days[1]}")' if len(days) == 2 else None


def _moved(text: str) -> str | None:
    found = re.search(r"(\d+)[ -]days?", text)
    days = _dates(text)
    if found is None or len(days) != 1:
        return None
    sign = "-" if re.search(r"ago|before|backward", text) else ""
    return f'answer = weekday("{days[0]}", {sign}{found[1]})'


def _weekday(text: str) -> str | None:
    days = _dates(text)
    return f'answer = weekday("{days[0]}")' if len(days) == 1 else None


def _dates(text: str) -> list[str]:
    """The dates of a text as they stand there, without the day of the week."""
    return re.findall(rf"(?:{'|'.join(MONTHS)}) \d{{1,2}}\b(?:, \d{{4}})?|\d\d/\d\d/\d{{4}}", text)


MAKERS: Mapping[str, Maker] = {
    "leg_counting": leg_counting,
    "family_relationships": family_relationships,
    "letter_counting": letter_counting,
    "calendar_arithmetic": calendar_arithmetic,
    "aiw": aiw,
    "chain_sum": chain_sum,
    "basic_arithmetic": basic_arithmetic,
    "gcd": gcd,
    "spell_backward": spell_backward,
    "word_sorting": word_sorting,
    "count_bits": count_bits,
    "simple_equations": simple_equations,
}
"""The families that the writer learns."""
HELD_OUT = ("decimal_chain_sum", "products", "lcm", "word_sequence_reversal")
"""Families that it never sees, to show how far it goes: what is asked there is near to what it has learned."""
