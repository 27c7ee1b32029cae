"""A study that takes half a minute."""

from __future__ import annotations

from pathlib import Path

SHORT = """\
title: Short
consent: "You may stop at any time."
codes: [P1, P2, P3, P4]
tutorial: [{title: Hello, text: Read this.}]
practice: {map: ring, partner: idle, duration: 5}
conditions: [{name: Basil, partner: script}, {name: Thyme, partner: idle}]
games: [{map: quick, duration: 5, seed: 3, pace: 8}]
after_block:
  - {id: fluent, ask: "Fluent?", kind: scale, of: 5, low: little, high: much}
  - {id: why, ask: "Why?", kind: text, optional: true}
after_all:
  - {id: best, ask: "Who?", kind: choice, options: [Basil, Thyme]}
  - {id: hours, ask: "Hours?", kind: number, optional: true}
"""


def study_file(tmp_path: Path, text: str = SHORT) -> Path:
    file = tmp_path / "study.yaml"
    file.write_text(text)
    return file
