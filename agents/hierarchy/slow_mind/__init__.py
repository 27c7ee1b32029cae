"""The Slow Mind and its lexicon."""

from brigade.agents.hierarchy.slow_mind.slow_mind import Reply, SlowMind, Understanding, tidy

__all__ = ["Reply", "SlowMind", "Understanding", "tidy"]
