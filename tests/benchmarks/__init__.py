"""What `make bench` measures; every table is in the README's Performance section."""
