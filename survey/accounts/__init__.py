"""Who may sign in, as what, and who did what."""
