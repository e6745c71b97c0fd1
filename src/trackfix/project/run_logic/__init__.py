"""What functions do with MLflow's runs, told by their calls and not by their text."""
