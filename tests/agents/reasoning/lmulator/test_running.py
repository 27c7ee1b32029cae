"""Programs run for real and stop exactly where they do not define what they use."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from brigade.agents.reasoning.lmulator import End, Limits, Lmulator, Result, Settings
from oracle import Oracle

RANKS = {"a": 2, "b": 1, "c": 0}
FUNCTIONS: dict[str, Callable[..., object]] = {
    "rank": lambda word: RANKS[word],
    "is_fruit": lambda word: word != "b",
    "plural": lambda word: f"{word}s",
    "country": lambda place: "Spain",
    "legs": lambda animal: 4,
    "kb.size": lambda name: 9,
    "colour": lambda: "red",
}


def run(program: str, traced: bool = True, **settings: object) -> Result:
    return Lmulator(person=Oracle(FUNCTIONS), settings=Settings(traced=traced, **settings)).run(program)  # type: ignore[arg-type]


ANSWERS = {
    "answer = rank('a') + 1": 3,
    "answer = [rank(w) for w in 'abc' if is_fruit(w)]": [2, 0],
    "answer = {w: rank(w) for w in 'ab'}": {"a": 2, "b": 1},
    "answer = sum(rank(w) for w in 'abc')": 3,
    "answer = any(not is_fruit(w) for w in 'abc')": True,
    "answer = rank('a') if is_fruit('b') else rank('b')": 1,
    "answer = f\"{plural('x')} {rank('a')!r:>3}\"": "xs   2",
    "answer = plural(plural('x'))": "xss",
    "n = 0\nwhile n < 3 and is_fruit('a'):\n    n += 1\nelse:\n    n += 10\nanswer = n": 13,
    "n = 0\nfor w in 'abc':\n    if not is_fruit(w):\n        continue\n    n += rank(w)\nanswer = n": 2,
    "def f(w):\n    return rank(w) * 2\nanswer = [f(w) for w in 'ab']": [4, 2],
    "def f(n):\n    return rank('a') if n == 0 else f(n - 1)\nanswer = f(5)": 2,
    "def f():\n    n = 0\n    def g():\n        nonlocal n\n        n += rank('a')\n        return n\n    return [g(), g()]\nanswer = f()": [2, 4],
    "class P:\n    def __init__(self, w):\n        self.w = w\n    def both(self):\n        return rank(self.w) + 1\nanswer = P('a').both()": 3,
    "try:\n    x = rank('a') / 0\nexcept ZeroDivisionError:\n    x = rank('b')\nanswer = x": 1,
    "match rank('a'):\n    case 2:\n        answer = 'two'\n    case _:\n        answer = 'other'": "two",
    "if (y := rank('a')) > 1:\n    answer = y": 2,
    "answer = colour": "red",
    "answer = kb.size('x')": 9,
    "answer = sorted('abc', key=rank)": ["c", "b", "a"],
    "answer = sorted('abc', key=lambda w: -rank(w), reverse=True)": ["c", "b", "a"],
    "xs = list('abc')\nxs.sort(key=rank)\nanswer = xs": ["c", "b", "a"],
    "answer = max('abc', key=rank), min('a', 'b', key=rank), max([], default=3, key=rank)": ("a", "b", 3),
    "answer = list(map(rank, 'abc')), list(map(lambda x, y: rank(x) + rank(y), 'ab', 'bc'))": ([2, 1, 0], [3, 1]),
    "answer = list(filter(is_fruit, 'abc')), list(filter(None, [0, 1]))": (["a", "c"], [1]),
    "from functools import reduce\nanswer = reduce(lambda n, w: n + rank(w), 'abc', 0)": 3,
    "import itertools\nanswer = [(k, list(g)) for k, g in itertools.groupby('abca', key=is_fruit)]": [(True, ["a"]), (False, ["b"]), (True, ["c", "a"])],
    "from itertools import takewhile, dropwhile\nanswer = list(takewhile(is_fruit, 'abc')), list(dropwhile(is_fruit, 'abc'))": (["a"], ["b", "c"]),
    "def key(w):\n    return rank(w)\nanswer = sorted('abc', key=key)": ["c", "b", "a"],
    "d = {'x': 1, 'y': 5}\nanswer = max(d, key=d.get)": "y",
    "answer = list(map(str.upper, 'ab')), sorted(['B', 'a'], key=str.lower), list(map(','.join, ['ab']))": (["A", "B"], ["a", "B"], ["a,b"]),
    "xs = []\nadd = xs.append\nadd(1)\nanswer = xs": [1],
    "def g(n):\n    for i in range(n):\n        if i == 2:\n            return\n        yield rank('a')\nanswer = list(g(5)), sum(g(1)), next(g(1))": ([2, 2], 2, 2),
    "def g():\n    yield from [1, 2]\n    yield 3\nanswer = [x * 2 for x in g()]": [2, 4, 6],
    "d = {'x': 1, 'y': 2}\ndel d['x']\nxs = [1, 2, 3]\ndel xs[0], xs[1:]\nanswer = d, xs": ({"y": 2}, [2]),
    "import statistics\nfrom string import ascii_lowercase as low\nanswer = statistics.mean([1, 2]), low[:3]": (1.5, "abc"),
    "import heapq as h\nq = []\nfor x in [5, 1, 3]:\n    h.heappush(q, x)\nanswer = [h.heappop(q) for _ in range(3)]": [1, 3, 5],
    "from operator import itemgetter\nanswer = sorted([(1, 'b'), (2, 'a')], key=itemgetter(1))": [(2, "a"), (1, "b")],
    "import calendar\nanswer = calendar.monthrange(2024, 2), calendar.isleap(1900), calendar.day_name[0]": ((3, 29), False, "Monday"),
    "def is_fruit(thing: str) -> bool:\n    \"\"\"Whether it is a fruit.\"\"\"\nanswer = is_fruit('b')": False,
    "def solution():\n    return rank('a')": 2,
    "x = 3\nx + rank('a')": 5,
    "print(rank('a'))": "2",
    "answer = rank('a')  # ünïcödé ‘quotes’ ✓\nif is_fruit('é'): answer += rank('b')": 3,
}  # fmt: skip


@pytest.mark.parametrize("traced", [False, True])
@pytest.mark.parametrize("program", ANSWERS, ids=range(len(ANSWERS)))
def test_a_program_with_gaps_gives_what_it_means(program: str, traced: bool) -> None:
    result = run(program, traced)
    assert (result.end, result.answer, result.message) == (End.ANSWERED, ANSWERS[program], "")


def test_an_undefined_call_is_asked_with_its_evaluated_arguments_and_its_place() -> None:
    oracle = Oracle(FUNCTIONS)
    program = "words = ['a', 'b']\n\nanswer = [\n    rank(word)\n    for word in words\n]"
    result = Lmulator(person=oracle).run(program)
    assert oracle.asked == ["rank('a')", "rank('b')"]
    assert [part.lines for part in result.parts] == [(3,), (3,)]


def test_the_same_call_is_asked_once_in_a_run() -> None:
    oracle = Oracle(FUNCTIONS)
    assert Lmulator(person=oracle).run("answer = [rank('a') for _ in range(5)]").answer == [2] * 5
    assert oracle.asked == ["rank('a')"]


ENDS = {
    "x = 1": (End.NO_ANSWER, "it ended without"),
    "answer = 1 / 0": (End.ERROR, "line 1: ZeroDivisionError: division by zero"),
    "xs = []\n\nanswer = xs[3]": (End.ERROR, "line 3: IndexError"),
    "answer = sorted([1, 'a'])": (End.ERROR, "line 1: TypeError"),
    "answer = unknown(3)": (End.UNANSWERED, "line 1: nobody can answer unknown(3)"),
    "import pandas\nanswer = 1": (End.UNSUPPORTED, "line 1: ModuleNotFoundError: the sandbox has no module 'pandas'"),
    "class A(int): pass\nanswer = 1": (End.UNSUPPORTED, "line 1: NotImplementedError"),
    "import re\nanswer = re.sub('a', lambda m: rank(m.group()), 'a')": (End.UNSUPPORTED, "line 2: TypeError"),
    "class A:\n    def __str__(self):\n        return rank('a')\nanswer = str(A())": (
        End.UNSUPPORTED,
        "cannot suspend",
    ),
    "answer = open('x').read()": (End.REFUSED, "line 1: PermissionError"),
    "answer = globals()": (End.REFUSED, "line 1: NotImplementedError: globals() is not available in the sandbox"),
    "while True: pass": (End.TIME, "time limit"),
    "answer = 'a' * 10**10": (End.MEMORY, "line 1: MemoryError"),
    "def f(): return f()\nanswer = f()": (End.DEPTH, "RecursionError"),
    "while True: rank('a')": (End.CALLS, "suspension limit"),
    "print('a' * 200000)": (End.OUTPUT, "prints more than it may"),
    "answer = (" + "(" * 200: (End.SYNTAX, "nested too deeply"),
    "def f() -> socket: ...\nanswer = f()": (End.SYNTAX, "line 1: f: the type 'socket' cannot be asked of a model"),
}


@pytest.mark.parametrize("program", ENDS, ids=range(len(ENDS)))
def test_every_other_end_has_one_clear_line(program: str) -> None:
    end, part = ENDS[program]
    result = run(program, limits=Limits(seconds=2.0))
    assert result.end is end
    assert part in result.message
    assert "\n" not in result.message


def test_time_that_a_model_takes_is_not_the_programs() -> None:
    import time

    def slow(word: str) -> int:
        time.sleep(0.6)
        return 1

    runner = Lmulator(person=Oracle({"slow": slow}), settings=Settings(limits=Limits(seconds=1.0)))
    assert runner.run("answer = slow('a') + slow('b')").answer == 2


def test_time_stands_still_and_chance_is_seeded_so_that_a_run_can_be_repeated() -> None:
    program = "import random, datetime\nanswer = random.random(), str(datetime.datetime.now())"
    assert run(program).answer == run(program).answer


def test_variables_can_be_given_and_only_by_plain_names() -> None:
    assert Lmulator().run("answer = n * 2", state={"n": 4}).answer == 8
    with pytest.raises(ValueError, match="cannot be the name"):
        Lmulator().run("answer = 1", state={"n; import os": 4})


def test_limits_must_be_above_zero() -> None:
    with pytest.raises(ValueError, match="memory"):
        Limits(memory=0)


SHADOWED = (
    "print = 3\nlist = [1, 2]\nmax = 0\nstr = 'a'\nlen = 5\ntype = 4\nrepr = 2\nisinstance = 1\nzip = 0\nsorted = 1\n"
)


@pytest.mark.parametrize("traced", [False, True])
def test_a_program_may_call_its_variables_like_builtins(traced: bool) -> None:
    assert run(f"{SHADOWED}x = rank('a')\nlist.append(x)\nanswer = [list, max, [*map(rank, 'ab')]]", traced).answer == [
        [1, 2, 2],
        0,
        [2, 1],
    ]
    prose = Lmulator(person=Oracle(prose={"first": lambda query: 1}), settings=Settings(traced=traced))
    assert prose.run(f"{SHADOWED}x = the first of the list\nanswer = x").answer == 1


def test_a_name_that_nobody_knows_can_be_caught_like_any_other() -> None:
    assert run("try:\n    x = shape\nexcept NameError:\n    x = 0\nanswer = x").answer == 0
    result = run("x = 1\nanswer = shape")
    assert (result.end, result.message) == (
        End.UNANSWERED,
        "line 2: nobody can answer shape: give a model or a fact",
    )


def test_what_awaits_an_undefined_function_gets_its_value() -> None:
    program = "import asyncio\nasync def main():\n    return await rank('a') + 1\nanswer = asyncio.run(main())"
    assert run(program).answer == 3


def test_line_numbers_are_the_programs_own_whatever_is_set_before_it() -> None:
    result = Lmulator(settings=Settings(traced=True)).run("x = n\nanswer = x / 0", state={"n": 1, "m": [2]})
    assert result.message == "line 2: ZeroDivisionError: division by zero"
    assert result.program == "x = n\nanswer = x / 0"
    with pytest.raises(ValueError, match="not plain"):
        Lmulator().run("answer = 1", state={"n": object()})
