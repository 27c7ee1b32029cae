"""An Overcooked-style kitchen: layouts, rule books, states and views."""
