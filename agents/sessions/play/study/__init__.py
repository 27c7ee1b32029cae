"""Experiments with people: one YAML file says what they read, play and are asked; the rest follows from it."""
