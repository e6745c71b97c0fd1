"""What ``trackfix lint`` found, one file for each output format.

Each has a function ``render``. Paths are relative to the project's root, with forward slashes.
"""
