"""What happened in a recorded session: replay it, and list who did what when.

python examples/read_a_record.py records/ring-hla-commander-0.jsonl
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from brigade.agents.sessions.episode import EpisodeSpec, run_episode
from brigade.agents.sessions.record import read_record, replay


def report(file: Path) -> None:
    record = read_record(file)
    macros = Counter[tuple[int, str, str]]()
    for entry in record.entries:
        if entry["type"] == "macro":
            macros[entry["cook"] + 1, entry["macro"], entry["outcome"]] += 1
    for (cook, macro, outcome), count in sorted(macros.items()):
        print(f"cook {cook}: {macro} {outcome} x{count}")
    *_, (view, _) = replay(record)
    print(f"{record.ticks} ticks, score {view.score}, served {view.served}, missed {view.missed}")


def main() -> None:
    if len(sys.argv) > 1:
        report(Path(sys.argv[1]))
        return
    with TemporaryDirectory() as folder:
        file = Path(folder) / "episode.jsonl"
        run_episode(EpisodeSpec(map="ring", agent="script", partner="script", duration=60), record=file)
        report(file)


if __name__ == "__main__":
    main()
