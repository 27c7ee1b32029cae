"""Environments. Nothing in here knows of language models."""
