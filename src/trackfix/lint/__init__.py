"""The rule interface, the runner, suppressions and the baseline."""
