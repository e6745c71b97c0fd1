"""The parts of `use-client-factory`."""
