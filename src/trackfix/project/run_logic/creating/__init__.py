"""How a function gets its experiment, and creates or goes on with a run."""
