"""SDK of the Skyforge platform."""

__version__ = "2.11.0"
