"""Does what was read support what was written? `support` answers; the rest is how it knows."""
