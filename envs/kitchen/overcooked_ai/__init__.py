"""The rule book of overcooked_ai: its layouts, recipes, kernel, view, features and a scripted player."""
