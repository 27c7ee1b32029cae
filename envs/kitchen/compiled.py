"""How kernels are compiled: by numba, cached on disk, without reference counting.

Knows nothing of kitchens.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

from numba import njit

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a kernel that allocates nothing: it works in the arrays that it is given.

    Numba counts references to arrays wherever one function passes them to another, with atomic instructions: that was
    three quarters of the time of a step of the overcooked_ai rules (122 ns with it, 32 ns without). Kernels that
    allocate nothing need none of it, and functions that are compiled as usual can call them.
    """
    options: dict[str, Any] = {"cache": True, "_nrt": False}  # numba's switch for it has a name with an underscore
    return cast("Callable[P, R]", njit(**options)(function))
