"""What one file says, read from its text alone."""
