"""Aggregate satisfaction: counts in, an honest report out."""
