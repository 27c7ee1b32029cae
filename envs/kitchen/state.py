"""The state of one kitchen: a small integer vector that copies and hashes in about a microsecond.

What its numbers mean is the rule book's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray


@dataclass(eq=False, slots=True)
class KitchenState:
    """Everything that the future of a kitchen depends on, besides its layout and rules."""

    vector: NDArray[np.int32]
    """All that changes."""
    sequence: NDArray[np.int32]
    """The episode's orders, read-only and shared between copies."""

    def copy(self) -> KitchenState:
        """An independent copy."""
        return KitchenState(self.vector.copy(), self.sequence)

    def digest(self) -> str:
        """Eight hex digits that differ when anything that changes differs (CRC-32)."""
        return f"{crc32(self.vector.data):08x}"

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, KitchenState)
            and np.array_equal(self.vector, other.vector)
            and np.array_equal(self.sequence, other.sequence)
        )

    def __hash__(self) -> int:
        return hash(self.vector.tobytes())
