"""Passages → the documents' own words that answer, and whether they answer."""
