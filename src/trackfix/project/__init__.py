"""What a repository says, read without running it."""
