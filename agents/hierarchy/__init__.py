"""The hierarchy: a Slow Mind that understands, a Fast Mind that chooses, an Executor that moves."""
