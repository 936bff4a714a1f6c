"""Single answers in a moderator's hands."""
