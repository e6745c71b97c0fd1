"""What the names and expressions of a function hold, as far as its file tells."""
