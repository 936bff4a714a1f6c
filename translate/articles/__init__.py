"""Articles: brought in, read, translated, corrected, published."""
