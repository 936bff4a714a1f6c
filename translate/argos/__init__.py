"""Packages in Argos' format: found, checked, installed, and what they can do together."""
