"""Jobs of the scheduler."""
