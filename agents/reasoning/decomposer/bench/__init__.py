"""The measurements of `brigade bench decompose`: solvers alone and with decomposers, on held-out questions."""
