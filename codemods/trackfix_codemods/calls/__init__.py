"""What the codemods share that change single calls of MLflow."""
