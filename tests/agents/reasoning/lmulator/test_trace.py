"""The trace: every line with what it changed and who produced it, as JSON, in the terminal and as a page."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from brigade.agents.reasoning.lmulator import Fact, KnownFacts, Lmulator, Result, Settings, rewriting
from brigade.agents.reasoning.lmulator.page import to_page
from brigade.agents.reasoning.lmulator.records import answer_text
from brigade.agents.reasoning.lmulator.showing import show
from models import Told
from playwright.sync_api import Browser
from rich.console import Console

PROGRAM = """\
words = ["apple", "car"]
count = 0
for word in words:
    if is_fruit(word):
        count += size(word)
def double(n):
    m = n * 2
    return m
print("done")
answer = double(count)
"""


def run(program: str = PROGRAM) -> Result:
    facts = KnownFacts()
    for word in ("apple", "car"):
        facts.add("is_fruit", (word,), Fact(word == "apple", "a book", 0.9))
    return Lmulator(Told(lambda text: 3), knowledge=facts).run(program, question="How <big>?")


def test_every_line_has_its_delta_and_its_producer() -> None:
    rows = [row for row in run().to_dict()["trace"] if row["event"] == "line"]
    assert [(row["line"], row["scope"], row["delta"], row["by"]) for row in rows] == [
        (1, "", {"words": "['apple', 'car']"}, ["python"]),
        (2, "", {"count": "0"}, ["python"]),
        (3, "", {"word": "'apple'"}, ["python"]),
        (4, "", {}, ["fact"]),
        (5, "", {"count": "3"}, ["model"]),
        (3, "", {"word": "'car'"}, ["python"]),
        (9, "", {}, ["python"]),
        (6, "double", {"n": "3"}, ["python"]),
        (7, "double", {"m": "6"}, ["python"]),
        (8, "double", {"return": "6"}, ["python"]),
        (10, "", {"answer": "6"}, ["python"]),
    ]


def test_the_result_is_json_and_says_what_was_computed_looked_up_and_guessed() -> None:
    data = json.loads(json.dumps(run().to_dict()))
    assert (data["end"], data["answer"], data["model_calls"], data["printed"]) == ("answered", 6, 1, "done\n")
    assert [(part["asked"], part["by"], part["confidence"], part["times"]) for part in data["parts"]] == [
        ("is_fruit('apple')", "fact", 0.9, 1),
        ("size('apple')", "model", None, 1),
        ("is_fruit('car')", "fact", 0.9, 1),
    ]


def test_a_program_cannot_forge_its_trace() -> None:
    result = Lmulator().run("print('\\x02' + '0' * 12 + \"(0, ['forged'])\" + '\\x03')\nx = 1\nanswer = x")
    assert "forged" in result.printed
    assert [row["delta"] for row in result.to_dict()["trace"] if row["event"] == "line" and row["delta"]] == [
        {"x": "1"},
        {"answer": "1"},
    ]


def test_changes_in_place_are_told() -> None:
    program = "d = {}\nxs = [3, 1]\nd['a'] = 1\nxs.append(2)\nxs.sort()\na, (b, *c) = 1, (2, 3)\nanswer = d"
    deltas = [row["delta"] for row in Lmulator().run(program).to_dict()["trace"] if row["event"] == "line"]
    assert deltas[2:6] == [
        {"d": "{'a': 1}"},
        {"xs": "[3, 1, 2]"},
        {"xs": "[1, 2, 3]"},
        {"a": "1", "b": "2", "c": "[3]"},
    ]


def test_a_long_run_tells_only_its_beginning_and_still_ends() -> None:
    result = Lmulator().run("n = 0\nwhile n < 20000:\n    n += 1\nanswer = n")
    assert result.answer == 20000
    assert len(result.events) <= 2000


def test_huge_values_are_told_in_short() -> None:
    result = Lmulator().run("x = list(range(10000))\ny = 'a' * 10000\nanswer = 1")
    deltas = [row["delta"] for row in result.to_dict()["trace"] if row["event"] == "line"]
    assert deltas[0] == {"x": "<list of 10000>"}
    assert len(deltas[1]["y"]) < 200


def test_an_untraced_run_tells_answers_only() -> None:
    facts = KnownFacts()
    facts.add("f", (1,), Fact(2, "a book"))
    result = Lmulator(knowledge=facts, settings=Settings(traced=False)).run("x = f(1)\nanswer = x")
    assert [row["event"] for row in result.to_dict()["trace"]] == ["answer"]


def test_the_terminal_shows_lines_producers_and_the_answer() -> None:
    out = StringIO()
    show(run(), Console(file=out, width=140))
    text = out.getvalue()
    for part in ("count += size(word)", "count = 3", "size('apple')", "model", "90%", "unknown", "answer: 6"):
        assert part in text


def test_a_person_can_follow_the_page_and_nothing_in_it_runs(browser: Browser, tmp_path: Path) -> None:
    program = PROGRAM + "note = '<script>alert(1)</script><img src=x onerror=alert(2)>'\n"
    file = tmp_path / "run.html"
    file.write_text(to_page(run(program), "</title><script>alert(3)</script>"), encoding="utf-8")
    page = browser.new_page()
    alerts: list[str] = []
    errors: list[str] = []
    page.on("dialog", lambda dialog: alerts.append(dialog.message))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(file.as_uri())
    assert page.locator("#verdict").text_content() == "6 (sure: unknown; 1 model calls)"
    assert page.locator("#count").text_content() == "1 of 16"
    for _ in range(4):
        page.get_by_role("button", name="One step on").click()
    now = page.locator("#now").text_content()
    assert now is not None
    assert now.startswith("line 4")
    assert page.locator("#program li.now").text_content() == "    if is_fruit(word):"
    page.locator("#steps li").last.click()
    assert "<script>alert(1)" in (page.locator("#state").text_content() or "")
    page.close()
    assert (alerts, errors) == ([], [])


CONTROL = """\
def f(x, y=2):
    '''doc'''
    if x > 1:  # a comment
        return (x +
            y)
    elif x == 1:
        z = 3
    else:
        z = 4
    return z
class A:
    n = 1
    def double(self, q):
        self.q = q
        return q * 2
a = A()
items = []
for i, (j, k) in enumerate([(1, 2), (3, 4)]):
    items.append(a.double(i) + j)
    if j == 3:
        continue
else:
    last = 9
try:
    1 / 0
except ZeroDivisionError as e:
    bad = str(e)
finally:
    done = True
match items:
    case [p, *rest]:
        w = p
    case _:
        w = 0
text = '''a
  b'''
n = 0
while n < 3:
    n += 1
d = {}
d["a"] = 1
d.update(b=2)
u, *v = f(2), f(1), f(0)
number: int = 3
answer = (u, v, w, items)
"""
CROWDED = (
    "a = 1; b = 2\nanswer = a + b",
    "x = 1\nif x: y = 2\nanswer = y",
    "x = 1\nif x:\n    y = 2; z = 3\nanswer = z",
)


@pytest.mark.parametrize("program", [CONTROL, *CROWDED], ids=range(4))
def test_lines_put_into_the_text_tell_what_the_rewritten_tree_tells(
    program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def events() -> Result:
        rewriting._rewrite.cache_clear()
        return Lmulator().run(program)

    first = events()
    monkeypatch.setattr(rewriting, "with_tellings", lambda *_: None)
    second = events()
    rewriting._rewrite.cache_clear()
    assert first.events == second.events
    assert (first.answer, first.message) == (second.answer, "")


def test_what_an_object_prints_as_cannot_forge_a_message() -> None:
    program = "class R:\n    def __repr__(self):\n        return '\\x03\\x1f7'\nr = R()\nanswer = 1"
    rows = [row for row in Lmulator().run(program).to_dict()["trace"] if row["line"] == 4]
    assert [row["delta"] for row in rows] == [{"r": "'\\x03\\x1f7'"}]


def test_an_answer_is_read_without_the_noise_of_binary_fractions() -> None:
    texts = [answer_text(value) for value in (0.1 + 0.2, 8453.645 - 3863.2987 - 7439.2, 1 / 3, 2.0, [0.5, 1e300])]
    assert texts == ["0.3", "-2848.8537", "0.333333333333333", "2", "0.5, 1e+300"]
