"""How the imports of a file are rewritten."""
