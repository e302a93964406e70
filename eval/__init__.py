"""Questions with known answers, and what the numbers say."""
