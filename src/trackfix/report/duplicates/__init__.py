"""The run logic that is written more than once, one format a file."""
