"""Kitchens of any difficulty, made from a seed: the same ones for the same seed, wherever they are made.

    layout = generate(7, 0.5)                       # or load_layout("generated:7:0.5")

Every dish of the menu can be served (`analyse`). See `brief` for what the difficulty changes, `floors` for the styles.
"""

from __future__ import annotations

import json
from functools import lru_cache
from random import Random

from brigade.envs.kitchen.authoring.brief import Brief, between, brief_for, source_of
from brigade.envs.kitchen.authoring.floors import STYLES, Floor, Style, turned_about
from brigade.envs.kitchen.authoring.placing import CLOSE, Placing, Sketch, empty_kitchen
from brigade.envs.kitchen.authoring.reach import Reach
from brigade.envs.kitchen.layout import GENERATED, LAYOUT_FILES, parse_layout
from brigade.envs.kitchen.plan import MAX_SIDE, Layout, LayoutError

VERSION = 1
"""Of the generator: the same seed makes the same kitchen only within a version."""
PLANS = 12
"""Floors tried until the walk is right; the nearest one is taken if none is."""
ROOMIER = 0.05
"""How much larger each further floor is, as a share: a floor that is too small for what must be on it is left."""


def from_name(name: str) -> Layout:
    """The kitchen called `generated:SEED:DIFFICULTY`, or `generated:SEED:DIFFICULTY:COOKS[:RULES]`.

    Raises:
        LayoutError: the name is not of this form, or there is no such kitchen.
    """
    parts = name.removeprefix(GENERATED).split(":")
    try:
        seed, difficulty = int(parts[0]), float(parts[1])
        cooks = int(parts[2]) if len(parts) > 2 else 2
        if len(parts) > 4:
            raise ValueError
    except (ValueError, IndexError):
        raise LayoutError(
            f"{name!r} is not generated:SEED:DIFFICULTY[:COOKS[:RULES]], such as generated:7:0.5"
        ) from None
    return generate(seed, difficulty, cooks=cooks, rules=parts[3] if len(parts) > 3 else "hla")


def generate(seed: int, difficulty: float, *, cooks: int = 2, rules: str = "hla") -> Layout:
    """A kitchen in which every dish of the menu can be served.

    Args:
        seed: any whole number from 0; another one, another kitchen.
        difficulty: from 0 to 1.
        cooks: how many cook in it.
        rules: for which rule book.

    Raises:
        LayoutError: there is no such rule book, or it does not allow so many cooks, or the difficulty is not in [0, 1].
    """
    kind = _kind(rules)
    difficulty = float(difficulty) + 0.0  # 0, 0.0 and -0.0 are the same difficulty
    if not 0 <= difficulty <= 1:
        raise LayoutError(f"a difficulty is from 0 to 1, not {difficulty:g}")
    if not 1 <= cooks <= kind.max_cooks:
        raise LayoutError(f"kitchens for the rule book {rules!r} have 1 to {kind.max_cooks} cooks, not {cooks}")
    if seed < 0:
        raise LayoutError(f"a seed is a whole number from 0, not {seed}")
    return _generated(seed, difficulty, cooks, kind)


@lru_cache(maxsize=64)
def _generated(seed: int, difficulty: float, cooks: int, kind: type[Layout]) -> Layout:
    rng = Random(f"brigade {VERSION} {kind.rules} {cooks} {seed} {difficulty!r}")
    brief = brief_for(rng, difficulty, cooks, kind)
    name = f"generated-{seed}-{difficulty:g}"
    return _translated(_best(rng, brief, difficulty, cooks), brief, kind, name)


def head(seed: int, difficulty: float, cooks: int, rules: str) -> tuple[str, ...]:
    """What to write above a generated layout: how to make it again."""
    return (
        f"Seed {seed}, difficulty {difficulty:g}, {cooks} cooks, rules {rules}; version {VERSION} of the generator.",
        f"brigade kitchen generate --seed {seed} --difficulty {difficulty:g} --cooks {cooks} --rules {rules}",
    )


def _kind(rules: str) -> type[Layout]:
    """The layouts of a rule book."""
    kinds = {kind.rules: kind for kind in Layout.__subclasses__() if kind.rules in LAYOUT_FILES}
    if rules not in kinds:
        raise LayoutError(f"unknown rule book {rules!r} (known: {', '.join(kinds)})")
    return kinds[rules]


def _best(rng: Random, brief: Brief, difficulty: float, cooks: int) -> Sketch:
    """A plan in some style: the one whose walk comes nearest to what is wanted."""
    fitting = [style for style in STYLES if style.parts <= cooks]
    more = 1.0
    while True:
        style = rng.choices(fitting, [between(style.likely, difficulty) for style in fitting])[0]
        best: tuple[float, Sketch] | None = None
        for _ in range(PLANS):
            placed = _plan(rng, brief, style, difficulty, cooks, more)
            more += ROOMIER
            if placed is not None and (best is None or placed[0] < best[0]):
                best = placed
            if best is not None and best[0] <= CLOSE:
                break
        if best is not None:
            return best[1]


def _plan(
    rng: Random, brief: Brief, style: Style, difficulty: float, cooks: int, more: float
) -> tuple[float, Sketch] | None:
    """One try: how far its walk is from what is wanted, and the plan; None if the stations do not fit into it."""
    floor, columns, rows = _floor(rng, style, brief.floor / style.share * more, difficulty)
    empty = empty_kitchen(floor, columns, rows, rng.sample(sorted(floor), cooks))
    reach = Reach(empty)
    if len(set(reach.walks)) != style.parts or len(reach.floor) != len(floor):
        return None
    return Placing(empty, brief, rng).place()


def _floor(rng: Random, style: Style, squares: float, difficulty: float) -> tuple[Floor, int, int]:
    """A floor of about as many squares, with its columns and rows."""
    shape = rng.uniform(1.0, 1.8)
    columns = min(max(round((squares * shape) ** 0.5), style.least[0]), MAX_SIDE - 2)
    rows = min(max(round(squares / columns), style.least[1]), MAX_SIDE - 2)
    return turned_about(rng, style.draw(rng, columns, rows, difficulty), columns, rows)


def _translated(sketch: Sketch, brief: Brief, kind: type[Layout], name: str) -> Layout:
    """The kitchen in a rule book's own alphabet."""
    signs = {tile: sign for sign, tile in reversed(list(kind.characters.items()))}
    grid = "".join(sign if sign in "\nf123456789" else signs[Sketch.characters[sign]] for sign in sketch.grid)
    return parse_layout(json.dumps(source_of(brief, kind, name, grid)), source=name)
