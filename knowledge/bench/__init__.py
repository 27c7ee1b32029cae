"""How fast the knowledge base is, and how its cost grows with what it holds."""
