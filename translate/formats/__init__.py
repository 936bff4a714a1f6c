"""Documents of each format: their text out, its translation in, all else as it was."""
