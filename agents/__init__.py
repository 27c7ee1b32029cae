"""Agents: language models, the Slow Mind, Fast Mind and Executor, and the sessions they take part in."""
