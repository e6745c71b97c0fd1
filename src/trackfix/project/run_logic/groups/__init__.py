"""Which pieces of run logic do the same, and which function is the one to call."""
