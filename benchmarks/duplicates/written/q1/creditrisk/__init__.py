"""Credit-risk scoring and monitoring."""

__version__ = "3.4.1"
