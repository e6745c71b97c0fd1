"""Whether the entry points of a project set MLflow up before they create runs."""
