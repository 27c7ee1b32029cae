"""`python -m brigade.agents.cli`."""

from brigade.agents.cli import main

main()
