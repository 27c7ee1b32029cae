"""Common knowledge that comes with this package: facts for the families of questions that it has programs for.

Written by hand from what everybody knows, with that as their origin; no benchmark was looked into for them.
"""

from __future__ import annotations

from collections.abc import Mapping

from brigade.agents.reasoning.lmulator.facts import Fact, KnownFacts
from brigade.agents.reasoning.lmulator.queries import Query

ORIGIN = "common knowledge"

_LEGS: Mapping[int, str] = {
    0: "snake worm earthworm fish shark eel snail slug whale dolphin jellyfish leech clam oyster mussel flatworm",
    2: "bird hen chicken duck goose turkey parrot owl eagle robin sparrow pigeon ostrich penguin human person kangaroo",
    4: "dog cat cow horse pig sheep goat lion tiger bear elephant giraffe deer mouse rat rabbit hamster fox wolf zebra "
    "camel donkey frog toad lizard turtle tortoise crocodile hippopotamus rhinoceros monkey squirrel moose",
    5: "starfish",
    6: "insect ant bee wasp beetle butterfly moth fly mosquito grasshopper cricket cockroach ladybug dragonfly firefly "
    "termite flea",
    8: "spider scorpion tick mite octopus tarantula",
    10: "crab lobster shrimp prawn crayfish",
    14: "woodlouse",
}
_PHRASES: Mapping[str, int] = {"praying mantis": 6, "sea slug": 0, "sea star": 5, "guinea pig": 4}
_WOMEN = """
    Abigail Alice Amanda Amelia Amy Andrea Angela Anna Anne Aria Ava Barbara Betty Carol Caroline Catherine
    Charlotte Chloe Clara Diana Donna Dorothy Eleanor Elena Elizabeth Ella Ellie Emily Emma Eva Evelyn Fiona
    Florence Grace Hannah Harper Hazel Heather Helen Irene Isabella Ivy Jane Janet Jennifer Jessica Joan Julia
    Karen Kate Katherine Laura Layla Leah Lily Linda Lisa Lucy Luna Madison Margaret Maria Mary Maya Megan
    Melissa Mia Michelle Mila Molly Nancy Naomi Natalie Nicole Nora Olivia Patricia Penelope Rachel Rebecca
    Riley Rose Ruby Ruth Sandra Sarah Scarlett Sharon Sofia Sophia Sophie Stella Susan Victoria Violet Zoe Zoey
"""
_MEN = """
    Aaron Adam Adrian Aiden Alan Albert Alexander Andrew Anthony Arthur Asher Austin Benjamin Bill Bob Brandon
    Brian Caleb Carl Carter Charles Christian Christopher Connor Daniel David Dennis Dominic Donald Dylan Edward
    Eli Elijah Eric Ethan Evan Finn Frank Gabriel Gary George Grant Gregory Harold Harry Henry Hudson Hunter Ian
    Isaac Jack Jackson Jacob James Jason Jeffrey Jeremy John Jonathan Joseph Joshua Julian Justin Kenneth Kevin
    Kyle Larry Leo Levi Liam Logan Louis Lucas Luke Mark Martin Mason Matthew Max Michael Nathan Nicholas Noah
    Oliver Oscar Owen Patrick Paul Peter Philip Ralph Raymond Richard Robert Roger Ronald Ryan Samuel Scott Sean
    Sebastian Simon Stephen Steven Theodore Thomas Timothy Tom Tyler Victor Vincent Walter Wayne William Wyatt
    Zachary Zion
"""


def common_knowledge() -> KnownFacts:
    """How many legs animals have, whose first names are whose, and a rule about what ends in `fish` or `worm`."""
    known = KnownFacts([_legless])
    for count, animals in _LEGS.items():
        for animal in animals.split():
            known.add("legs", (animal,), Fact(count, ORIGIN))
    for animal, count in _PHRASES.items():
        known.add("legs", (animal,), Fact(count, ORIGIN))
    for female, names in ((True, _WOMEN), (False, _MEN)):
        for name in names.split():
            known.add("is_female", (name,), Fact(female, ORIGIN, 0.98))
    return known


def _legless(query: Query) -> Fact | None:
    """Fish and worms have no legs; the few that are called so and are none are facts."""
    name = query.args[0] if query.stub.name == "legs" and query.args else None
    if isinstance(name, str) and name.endswith(("fish", "worm")):
        return Fact(0, "rule: fish and worms have no legs", 0.95)
    return None
