"""Statistical disclosure control: which cells of the tables stay hidden, and that none follows."""
