"""A request → passages and sentences, best first."""
