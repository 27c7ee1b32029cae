"""Short programs get the imports and stubs that they need; days written in words are counted as Python counts them."""

from __future__ import annotations

import datetime

import pytest
from brigade.agents.reasoning.lmulator import Answer, End, Lmulator, Query, Source
from brigade.agents.reasoning.lmulator.completing import LINES, completed


@pytest.mark.parametrize(
    ("program", "answer"),
    [
        ("answer = gcd(12, 18) + lcm(4, 6) + prod([2, 5])", 28),
        ('answer = "Yes" if isleap(1900) else "No"', "No"),
        ('answer = weekday("December 12, 2022", -40)', "Wednesday"),
        ('answer = weekday("29 February 2000")', "Tuesday"),
        ('answer = weekday("08/25/2022")', "Thursday"),
        ('answer = weekday("2022-08-25", 1)', "Friday"),
        ('answer = count("Wednesday", "January 26, 2022", "March 22, 2022")', 8),
        ('answer = workdays("May 20", "August 10, 2022")', 59),
        ('answer = nth("fourth", "Monday", "December 2022")', 26),
        ('answer = nth("fifth", "Monday", "December 2022")', -1),
        ('answer = nth("last", "Saturday", "December 2022")', 31),
        ('answer = after_new_year("Friday", "March 6")', "Saturday"),
    ],
)
def test_a_short_program_runs_without_imports_of_its_own(program: str, answer: object) -> None:
    result = Lmulator().run(completed(program))
    assert (result.end, result.answer) == (End.ANSWERED, answer), result.message


def test_kin_asks_only_whether_somebody_is_a_woman() -> None:
    asked: list[str] = []

    def person(query: Query) -> Answer:
        asked.append(query.written())
        return Answer(query.args[0] == "Ava", Source.PERSON)

    program = completed('answer = kin("Ava", "James", "Harry + Ava: James, Mia; James + Zoe: Noah")')
    assert Lmulator(person=person).run(program).answer == "mother"
    assert asked == ["is_female('Ava')"]


def test_what_a_program_makes_itself_stays_its_own() -> None:
    own = "def legs(animal):\n    return 3\nanswer = legs('stool')"
    assert completed(own) == own
    assert completed("from math import gcd\nanswer = gcd(4, 6)").count("import") == 1
    assert completed(completed("answer = gcd(4, 6)")) == completed("answer = gcd(4, 6)")


def test_what_does_not_parse_or_needs_nothing_stays_as_it_is() -> None:
    assert completed("answer = gcd(1,") == "answer = gcd(1,"
    assert completed("answer = 1 + 2") == "answer = 1 + 2"
    assert completed("answer = words.count('a')") == "answer = words.count('a')"


@pytest.mark.parametrize("name", LINES)
def test_everything_that_is_put_in_front_runs(name: str) -> None:
    assert Lmulator().run(f"{LINES[name]}\nanswer = 1").answer == 1


def test_weekdays_agree_with_the_calendar_over_centuries() -> None:
    days = [datetime.date(1900, 1, 1) + datetime.timedelta(each) for each in range(0, 70_000, 7_001)]
    for day in days:
        program = f'answer = weekday("{day:%B} {day.day}, {day.year}")'
        assert Lmulator().run(completed(program)).answer == f"{day:%A}"
