"""Finding what a question needs: by words, by meaning, by tags and by what is near in the graph; and whether to."""
