"""Training: the data for every learned part, and how it is fitted."""
