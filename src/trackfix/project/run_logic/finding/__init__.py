"""How a function searches for runs, and what it takes of the answer."""
