"""What can lie on a square or be held here: an ingredient, a dish, or a soup that knows what was put into it, in order.

An item is one small integer (its *code*), so that states are plain integer arrays. Bits 0-2 say what it is; of a soup,
bits 3-6 count its onions, bits 7-10 its tomatoes, and bit 11 + i is set if ingredient i, counted from 0, is a tomato.
How far a soup has cooked is not part of the code: it is kept beside it, as ticks (`IDLE` before cooking starts).

Knows nothing of squares, cooks or rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

NOTHING, ONION, TOMATO, DISH, SOUP = 0, 1, 2, 3, 4
KIND_BITS = 7
"""An item's kind: `code & KIND_BITS`."""
KEY_SHIFT = 3
ONE_ONION, ONE_TOMATO = 1 << 3, 1 << 7
"""What one more ingredient adds to a soup's code."""
ORDER_SHIFT = 11
MAX_INGREDIENTS = 15
"""Of the largest soup: what four bits can count."""
KEYS = 256
"""One more than the largest recipe key."""
IDLE = -1
"""Cooking tick of a soup that is not being cooked yet."""

Ingredient = Literal["onion", "tomato"]
NAMES = {ONION: "onion", TOMATO: "tomato", DISH: "dish", SOUP: "soup"}
"""Kind -> the published name."""
KINDS = {name: kind for kind, name in NAMES.items()}


def recipe_key(onions: int, tomatoes: int) -> int:
    """The number under which kernels look up what a soup of so many onions and tomatoes is worth: `key_of` its code."""
    return onions | tomatoes << 4


def key_of(code: int) -> int:
    """The recipe key of a soup."""
    return code >> KEY_SHIFT & (KEYS - 1)


def soup(ingredients: Sequence[Ingredient]) -> int:
    """The code of a soup with these ingredients, in the order in which they were added."""
    code = SOUP
    for i, ingredient in enumerate(ingredients):
        code += ONE_ONION if ingredient == "onion" else ONE_TOMATO | 1 << (ORDER_SHIFT + i)
    return code


def ingredients_of(code: int) -> tuple[Ingredient, ...]:
    """What a soup is made of, in the order in which it was added; nothing for other items."""
    if code & KIND_BITS != SOUP:
        return ()
    key = key_of(code)
    return tuple("tomato" if code >> (ORDER_SHIFT + i) & 1 else "onion" for i in range((key & 15) + (key >> 4)))
