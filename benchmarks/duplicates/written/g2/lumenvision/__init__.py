"""Training code of the vision team."""

__version__ = "3.4.0"
