"""Reports of weeks and months that have ended: made, kept, and sent."""
