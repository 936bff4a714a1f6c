"""An answer on its way in: whether it may come, what of it may be kept, and counted once."""
