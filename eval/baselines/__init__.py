"""What others would use instead, run on the same questions."""
