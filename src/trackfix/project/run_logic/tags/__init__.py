"""The tags that a function builds, looks up and reads."""
