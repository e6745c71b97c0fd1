"""Optional parts for other tools."""
