"""Sessions that agents take part in: scripted episodes and their records."""
