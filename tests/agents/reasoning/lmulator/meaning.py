"""Programs that ask in every place where Python lets them; the same functions answer them here and under Python itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping

_LEGS = {"dog": 4, "hen": 2, "spider": 8, "snake": 0, "ant": 6}
FUNCTIONS: Mapping[str, Callable[..., object]] = {
    "legs": lambda animal: _LEGS[animal],
    "is_fruit": lambda thing: thing in ("apple", "pear", "fig"),
    "weight": lambda thing, unit="kg": len(thing) * (1000 if unit == "g" else 1),
    "sound": lambda animal: {"dog": "woof", "hen": "cluck"}.get(animal, "none"),
    "parts": lambda thing: list(thing),
    "pair": lambda thing: (thing, len(thing)),
    "info": lambda thing: {"n": len(thing), "up": thing.upper()},
    "better": lambda thing, other: thing > other,
}
STUBS = """\
def legs(animal: str) -> int: ...
def is_fruit(thing: str) -> bool: ...
def weight(thing: str, unit: str = "kg") -> int: ...
def sound(animal: str) -> str: ...
def parts(thing: str) -> list[str]: ...
def pair(thing: str) -> tuple[str, int]: ...
def info(thing: str) -> dict[str, Any]: ...
def better(thing: str, other: str) -> bool: ...
"""
_TEXT = """
animals = ["dog", "hen", "spider"]
answer = sorted(animals, key=legs)
#####
animals = ["dog", "hen", "spider"]
answer = sorted(animals, key=lambda a: (-legs(a), a))
#####
animals = ["dog", "hen", "spider"]
animals.sort(key=lambda a: legs(a), reverse=True)
answer = animals
#####
answer = max(["dog", "hen", "spider"], key=legs)
#####
answer = min(("dog", "hen", "spider"), key=lambda a: legs(a) * -1, default=None)
#####
answer = list(map(legs, ["dog", "hen"]))
#####
answer = list(filter(is_fruit, ["dog", "apple", "fig"]))
#####
answer = [a for a in ["dog", "apple", "fig"] if not is_fruit(a)]
#####
answer = {a: legs(a) for a in ["dog", "hen"] if legs(a) > 2}
#####
answer = {legs(a) for a in ["dog", "hen", "dog"]}
#####
answer = any(is_fruit(x) for x in ["dog", "apple", "fig"])
#####
answer = all(is_fruit(x) for x in ["apple", "dog", "fig"])
#####
answer = is_fruit("dog") or is_fruit("apple") or is_fruit("fig")
#####
answer = is_fruit("dog") and is_fruit("apple")
#####
answer = legs("dog") if is_fruit("apple") else legs("hen")
#####
total = 0
i = 0
names = ["dog", "hen", "spider", "snake"]
while i < len(names) and legs(names[i]) > 0:
    total += legs(names[i])
    i += 1
answer = total
#####
def rec(names):
    if not names:
        return 0
    return legs(names[0]) + rec(names[1:])
answer = rec(["dog", "hen", "ant"])
#####
def gen(names):
    for n in names:
        yield legs(n)
answer = sum(gen(["dog", "hen"]))
#####
answer = next(n for n in ["dog", "apple", "fig"] if is_fruit(n))
#####
answer = next((n for n in ["dog", "hen"] if is_fruit(n)), "none")
#####
g = (legs(n) for n in ["dog", "hen"])
first = next(g)
answer = (first, list(g))
#####
answer = f"{legs('dog')} legs, {sound('dog')!r:>10} {legs('hen'):03d}"
#####
f = lambda x: legs(x) + 1
answer = f("dog") + (lambda y: legs(y))("hen")
#####
try:
    n = legs("dog") / 0
except ZeroDivisionError:
    n = legs("hen")
finally:
    m = legs("ant")
answer = (n, m)
#####
try:
    x = legs("dog")
    raise ValueError(sound("dog"))
except ValueError as e:
    answer = str(e) + str(x)
#####
a, b = pair("dog")
(c, d), e = pair("hen"), legs("hen")
answer = [a, b, c, d, e]
#####
answer = info("dog")["n"] + info("dog")["up"].count("D")
#####
answer = parts("dog")[::-1][0]
#####
for ch in parts("hen"):
    last = ch
answer = last
#####
answer = [x for name in ["dog", "hen"] for x in parts(name)]
#####
answer = {name: [c for c in parts(name) if c != "o"] for name in ["dog", "hen"]}
#####
answer = weight("dog", unit="g") + weight(thing="dog")
#####
def outer():
    count = 0
    def inner(n):
        nonlocal count
        count += legs(n)
        return count
    inner("dog")
    inner("hen")
    return count
answer = outer()
#####
class Pet:
    def __init__(self, name):
        self.name = name
        self.legs = legs(name)
    def total(self, other):
        return self.legs + legs(other)
p = Pet("dog")
answer = p.total("hen")
#####
answer = sum(map(lambda a: legs(a) * 2, ["dog", "hen"]))
#####
answer = sorted([("dog", 1), ("hen", 2)], key=lambda t: legs(t[0]))[0][1]
#####
names = ["dog", "hen", "spider"]
best = names[0]
for n in names[1:]:
    if legs(n) > legs(best):
        best = n
answer = best
#####
import functools
answer = functools.reduce(lambda s, a: s + legs(a), ["dog", "hen"], 0)
#####
import itertools
answer = list(itertools.takewhile(lambda a: legs(a) > 2, ["dog", "spider", "hen", "ant"]))
#####
import itertools
answer = [(k, list(v)) for k, v in itertools.groupby(["dog", "ant", "hen"], key=lambda a: legs(a) > 2)]
#####
if (n := legs("dog")) > 3:
    answer = n
else:
    answer = 0
#####
answer = [y for x in ["dog", "hen"] if (y := legs(x)) > 3]
#####
answer = -legs("dog") ** 2 + ~legs("hen")
#####
answer = legs("dog") < legs("spider") <= 8
#####
x = [0, 0, 0, 0, 0]
x[legs("dog")] = legs("hen")
x[legs("hen")] += 5
answer = x
#####
answer = "abcdefghij"[legs("hen"):legs("spider")]
#####
def f(a, *args, **kw):
    return a + sum(args) + sum(kw.values())
answer = f(legs("dog"), *[legs("hen"), legs("ant")], **{"k": legs("spider")})
#####
match legs("dog"):
    case 4:
        answer = sound("dog")
    case _:
        answer = "no"
#####
with_fruit = [x for x in ["apple", "dog"] if is_fruit(x) and legs("dog") == 4]
answer = with_fruit
#####
answer = list(zip(["dog", "hen"], [legs(a) for a in ["dog", "hen"]]))
#####
answer = dict(sorted({"dog": 1, "hen": 2}.items(), key=lambda kv: legs(kv[0])))
#####
def decide(n):
    return "many" if legs(n) > 4 else "few"
answer = [decide(n) for n in ["spider", "hen"]]
#####
print(legs("dog"), end="!")
answer = 1
#####
lst = []
for i, n in enumerate(["dog", "hen"]):
    for j in range(legs(n)):
        if j == 1:
            break
        lst.append((i, j))
    else:
        lst.append("no")
answer = lst
#####
answer = sum(legs(a) for a in ["dog", "hen"] for _ in range(2))
#####
def memo(n, seen={}):
    if n not in seen:
        seen[n] = legs(n)
    return seen[n]
answer = memo("dog") + memo("dog")
#####
answer = str(legs("dog")) * legs("hen")
#####
assert legs("dog") == 4, "dogs"
answer = legs("dog")
#####
assert legs("dog") == 5, "dogs"
answer = legs("dog")
#####
answer = [1, 2, 3][legs("spider")]
#####
d = {}
d.setdefault(sound("dog"), []).append(legs("dog"))
answer = d
#####
answer = max(legs(a) for a in ["dog", "hen"])
#####
answer = sorted(["apple", "dog", "fig"], key=is_fruit)
#####
from collections import Counter, defaultdict
c = Counter(sound(a) for a in ["dog", "hen", "dog"])
answer = c.most_common(1)[0]
#####
from collections import defaultdict
d = defaultdict(list)
for a in ["dog", "hen", "ant"]:
    d[legs(a) > 3].append(a)
answer = dict(d)
#####
import functools
@functools.lru_cache
def cached(a):
    return legs(a)
answer = cached("dog") + cached("dog")
#####
def deco(f):
    def g(x):
        return f(x) * 2
    return g
@deco
def h(x):
    return legs(x)
answer = h("dog")
#####
answer = sorted(["dog", "hen", "spider"], key=lambda a: legs(a) if not is_fruit(a) else 0, reverse=True)[:1]
#####
table = {"x": lambda: legs("dog"), "y": lambda: legs("hen")}
answer = table["y"]() + table["x"]()
#####
fs = [legs, is_fruit]
answer = [f("dog") for f in fs]
#####
def apply(f, x):
    return f(x)
answer = apply(legs, "dog")
#####
answer = list(map(better, ["a", "c"], ["b", "b"]))
#####
answer = [*map(legs, ["dog"]), *filter(is_fruit, ["fig"])]
#####
x = 5
def f():
    global x
    x = legs("dog")
f()
answer = x
#####
answer = ", ".join(sound(a) for a in ["dog", "hen"])
#####
answer = "%d and %s" % (legs("dog"), sound("hen"))
#####
answer = "{} {x}".format(legs("dog"), x=sound("hen"))
#####
answer = sum(1 for a in ["apple", "fig", "dog"] if is_fruit(a))
#####
def f(n):
    try:
        return legs(n)
    finally:
        log.append(n)
log = []
answer = (f("dog"), log)
#####
answer = []
for a in ["dog", "hen"]:
    try:
        if legs(a) == 2:
            raise KeyError(a)
        answer.append(legs(a))
    except KeyError as e:
        answer.append(e.args[0])
        continue
#####
answer = not is_fruit("dog")
#####
n = legs("dog"); m = legs("hen")
answer = n if n > m else m
#####
answer = [legs(a) for a in ["dog", "hen"]] == [4, 2]
#####
answer = isinstance(legs("dog"), int)
#####
del_me = [legs("dog"), legs("hen")]
del del_me[0]
answer = del_me
#####
answer = (lambda *a: sum(map(legs, a)))("dog", "hen")
#####
answer = any(10 / x > 1 for x in [1, 0])
#####
answer = all(legs(a) > n for a, n in [("dog", 5), ("hen", 1)])
#####
answer = any(is_fruit(x + y) for x in ["a", "f"] if x != "a" for y in ["pple", "ig"])
#####
xs = (x * 2 for x in range(3))
answer = sum(xs) + sum(xs)
#####
def first_big(names):
    return next((a for a in names if legs(a) > 4), None)
answer = first_big(["dog", "spider", "ant"])
#####
try:
    x = next(a for a in ["dog"] if legs(a) > 4)
except StopIteration:
    x = "nothing"
answer = x
#####
answer = [any(is_fruit(p) for p in row) for row in [["dog", "fig"], ["hen"]]]
#####
k = 3
answer = any(legs(a) > k for a in ["dog", "hen"] if len(a) == k)
#####
answer = "yes" if all(legs(a) for a in ["dog", "snake", "hen"]) else "no"
#####
dispatch = {"legs": legs, "fruit": is_fruit}
answer = dispatch["legs"]("dog")
#####
import functools
two = functools.partial(weight, unit="g")
answer = two("dog")
#####
f = legs
answer = f("dog") + legs("hen")
"""
PROGRAMS = tuple(part.strip("\n") for part in _TEXT.split("\n#####\n"))
