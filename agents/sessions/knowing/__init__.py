"""The page on which people browse, search and correct a knowledge base."""
