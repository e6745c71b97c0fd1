"""Helpers of the notebooks."""
