"""Batch scoring with champion and challenger, and its monitoring."""
