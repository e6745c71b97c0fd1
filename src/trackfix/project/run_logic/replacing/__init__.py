"""Where a call of the source of truth can stand for plain steps."""
