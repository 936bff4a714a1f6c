"""Answers as files, out and in, and in bulk."""
