"""The symbolic knowledge base: not built yet."""
