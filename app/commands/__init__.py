"""What `footnote` can be told on the terminal, one module for what belongs together."""
