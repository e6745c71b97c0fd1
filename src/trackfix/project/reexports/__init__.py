"""Which modules hand on names of others, and so may be shims."""
