"""Offline translation of texts and articles with Argos packages; knows nothing of its siblings."""
