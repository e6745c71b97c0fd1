"""Find the re-export layers of a repository and move every reference to the real module."""

__version__ = "0.1.0"
