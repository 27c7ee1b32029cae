"""The HLA rule book: its layouts, items, recipes, kernel and view."""
