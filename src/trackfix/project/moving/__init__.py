"""Which references to moved modules can move, and what stands in the way."""
