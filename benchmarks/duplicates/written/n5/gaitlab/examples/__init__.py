"""Examples that can be read alone."""
