"""Pieces of work for the engines' tests."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Piece:
    number: int
    folder: Path | None = None
    seconds: float = 0.0


def square(piece: Piece) -> tuple[int, int]:
    """Its number's square, and the process that made it."""
    time.sleep(piece.seconds)
    if piece.folder is not None:
        (piece.folder / f"{piece.number}-{os.getpid()}-{time.monotonic_ns()}").touch()
    if piece.number < 0:
        raise ValueError(f"no square of {piece.number}")
    return piece.number**2, os.getpid()
