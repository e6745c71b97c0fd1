"""How much two pieces of run logic of one kind do the same: one file a kind."""
