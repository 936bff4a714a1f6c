"""The composition root, where the rooms meet; by itself this package loads none of them."""
