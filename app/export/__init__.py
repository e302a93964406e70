"""An answer to take away."""
