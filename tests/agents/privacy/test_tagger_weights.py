"""The tagger's weights on a machine that has never used them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
from brigade.agents.privacy.tagger_weights import adapter_folder, served
print(sorted(path.name for path in served(adapter_folder()).iterdir()))
"""


def test_the_first_use_converts_and_prints_nothing_of_its_own(tmp_path: Path) -> None:
    environment = {**os.environ, "BRIGADE_CACHE_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, timeout=300, check=True
    )
    assert "head.npz" in done.stdout
    assert "model.bin" in done.stdout
    assert done.stderr == ""
