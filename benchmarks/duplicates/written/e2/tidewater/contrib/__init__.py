"""Things that were given by users."""
