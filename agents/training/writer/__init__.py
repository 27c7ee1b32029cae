"""Training of the writer: the embedded model that writes short programs for families of questions."""
