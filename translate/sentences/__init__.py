"""One sentence on its way through a model, with its names, tags and what is checked of it."""
