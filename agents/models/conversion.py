"""Converts weights in a process of its own, for `weights.converted`: progress on standard output, a line each.

What goes wrong is the last line of standard error. It gives way to whatever else runs, such as a kitchen's clock.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from brigade.agents.models.protocol import ModelError
from brigade.agents.models.weights import Source, convert

NICENESS = 10


def main(job: str) -> int:
    """Convert; returns the exit status."""
    data = json.loads(job)
    facts = data["source"]
    source = Source(**facts | {"adapter": Path(facts["adapter"]) if facts["adapter"] else None})
    os.nice(NICENESS)
    try:
        convert(source, Path(data["scratch"]), lambda text: print(text, flush=True))
    except (ModelError, OSError, ValueError) as error:
        print(" ".join(str(error).split()), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
