"""The other uses of MLflow: calls, filters, runs, tags, and APIs that it has moved."""
