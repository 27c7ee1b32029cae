"""A program with gaps: functions of one's own are computed, facts are looked up, the rest would be asked of a model.

python examples/my_functions.py
"""

from __future__ import annotations

from brigade.agents.reasoning.lmulator import Fact, KnownFacts, Library, Lmulator, computed

STOCK = {"onion": 4, "tomato": 1, "lettuce": 0}

PROGRAM = """
short = [name for name in vegetables() if in_stock(name) < 2]
answer = [name for name in short if grows_in_winter(name)]
"""


def vegetables() -> list[str]:
    """What the kitchen cooks with."""
    return sorted(STOCK)


def in_stock(name: str) -> int:
    """How many there are."""
    return STOCK[name]


def main() -> None:
    known = KnownFacts()
    known.add("grows_in_winter", ("lettuce",), Fact(True, "the gardener's calendar"))
    known.add("grows_in_winter", ("tomato",), Fact(False, "the gardener's calendar"))
    runner = Lmulator(library=Library([computed(vegetables), computed(in_stock)]), knowledge=known)
    result = runner.run(PROGRAM, question="What do we have to buy that grows in winter?")
    print("answer:", result.answer)
    for key, value in result.cost.items():
        print(f"{key}: {value}")


if __name__ == "__main__":
    main()
