"""Journeys through the real service in a real browser."""
