"""Which language model speaks, and how it is run and stopped."""
