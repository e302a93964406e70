"""A document's way: file → text → passages → vectors → catalogue and index."""
