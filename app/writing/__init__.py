"""Quotes → prose: what a model is told."""
