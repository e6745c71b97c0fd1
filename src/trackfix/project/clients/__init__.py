"""Where MLflow clients are made, and by which function they should be."""
