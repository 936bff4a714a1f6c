"""What a service needs over the years: backups, moves, recounts, and forgetting in time."""
