"""Questions about the documents themselves: which they are, and what the catalogue answers."""
